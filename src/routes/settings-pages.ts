import { Type } from "@sinclair/typebox";
import { door } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { takesPayload } from "../http/front.ts";
import { loose } from "../http/loose.ts";
import { seeOther } from "../http/reply.ts";
import { isProblem, type Problems } from "../lib/errors.ts";
import { composeMail } from "../mail/compose.ts";
import { checkSender } from "../mail/senders.ts";
import { SettingsPage } from "../pages/dashboard/settings-page.tsx";
import { settingItems } from "../pages/dashboard/settings-questions.tsx";
import type { Typed } from "../pages/parts/form-field.tsx";
import { type Language, sentence, sentences } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import type { Settings } from "../settings/settings.ts";
import { frame, show, toSignIn, typedIn } from "./owner.ts";
import { NoQuery, takesNothing } from "./schemas.ts";

const word = Type.Optional(Type.String({ maxLength: 20 }));
const SettingsQuery = loose({ done: word, check: word });
const described = (summary: string) => door("owners", { summary, tags: ["dashboard"] });
const here = "/_/settings";

/** The owner's page for what holds for all forms, and a mail to try it. */
export function settingsPageRoutes(app: Entrance, { settings, post, store }: Project) {
  const facts = () => ({
    sheet: sheetOf(settings.current),
    secrets: settings.current.smtp.password === "" ? [] : ["smtp.password"],
  });

  return app
    .get(
      here,
      async ({ request, set, query, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const its = frame(request, viewer);
        const findings = query.check === "domain" ? await checkSender(settings.current.meta.senderAddress) : undefined;
        return show(
          set,
          SettingsPage({ ...its, ...facts(), done: doneOf(its.language, query.done, its.owner), findings }),
        );
      },
      { ...described("The settings"), query: SettingsQuery },
    )
    .post(
      here,
      async ({ request, set, body, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const sheet = await typedIn(body);
        const outcome = await settings.change(patchOf(sheet));
        if (outcome.ok) return seeOther(set, `${here}?done=saved`);
        const its = frame(request, viewer);
        const problems = sentencesOf(its.language, outcome.problems);
        return show(set, SettingsPage({ ...its, ...facts(), sheet, problems }), 422);
      },
      { ...described("Changes the settings"), ...takesPayload, query: NoQuery },
    )
    .post(
      `${here}/mail`,
      async ({ request, set, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request, here));
        const its = frame(request, viewer);
        const { appName, appURL } = settings.current.meta;
        const text = sentence(its.language, "page_settings_try_text", { name: appName, address: appURL });
        const subject = sentence(its.language, "page_settings_try_subject", { name: appName });
        const mail = composeMail({
          language: its.language,
          to: [its.owner],
          subject,
          blocks: [{ kind: "text", text }],
        });
        if (!settings.current.smtp.enabled) {
          await store.write((tx) => post.send(tx, mail));
          return seeOther(set, `${here}?done=kept`);
        }
        try {
          await post.deliver(mail);
          return seeOther(set, `${here}?done=sent`);
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          const notice = sentence(its.language, "page_settings_try_failed", { reason });
          return show(set, SettingsPage({ ...its, ...facts(), notice }), 422);
        }
      },
      { ...described("Sends a mail to who asks for it"), ...takesNothing, query: NoQuery },
    );
}

function doneOf(language: Language, done: string | undefined, email: string): string | undefined {
  const codes: Readonly<Record<string, string>> = {
    saved: "page_settings_saved",
    sent: "page_settings_try_sent",
    kept: "page_settings_try_kept",
  };
  const code = done !== undefined && Object.hasOwn(codes, done) ? codes[done] : undefined;
  return code === undefined ? undefined : sentence(language, code, { email });
}

function sheetOf({ meta, smtp }: Settings): Typed {
  const groups = { meta, smtp: { ...smtp, password: "" } };
  return new Map(
    Object.entries(groups).flatMap(([group, parts]) =>
      Object.entries(parts).map(([name, value]): [string, string[]] => [`${group}.${name}`, [String(value)]]),
    ),
  );
}

/** What was typed as the API takes it. A password that is left empty stays; without a user there is none. */
function patchOf(sheet: Typed): Record<string, Record<string, unknown>> {
  const patch: Record<string, Record<string, unknown>> = { meta: {}, smtp: {} };
  for (const { name, type } of Object.values(settingItems).flat()) {
    const sent = sheet.get(name)?.at(-1);
    const [group = "", key = ""] = name.split(".");
    const part = patch[group];
    if (!part || sent === undefined) continue;
    const text = type === "password" ? sent : sent.trim();
    if (type === "box") part[key] = text === "true";
    else if (type === "number") part[key] = /^\d{1,6}$/.test(text) ? Number(text) : text;
    else if (type !== "password" || text !== "") part[key] = text;
  }
  if (sheet.get("smtp.username")?.at(-1)?.trim() === "") patch["smtp"] = { ...patch["smtp"], password: "" };
  return patch;
}

/** One sentence per question, by its name. */
function sentencesOf(language: Language, problems: Problems): Record<string, string> {
  const told: Record<string, string> = {};
  for (const [group, parts] of Object.entries(problems)) {
    const inGroup = isProblem(parts) ? { "": parts } : parts;
    for (const [name, says] of Object.entries(sentences(language, inGroup)))
      told[name ? `${group}.${name}` : group] = says;
  }
  return told;
}
