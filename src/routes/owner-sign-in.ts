import { Type } from "@sinclair/typebox";
import { type Session, signInWithPassword } from "../auth/sessions.ts";
import type { Collection } from "../collections/collection.ts";
import { endedCookie, sessionCookie } from "../http/cookies.ts";
import { door, showsAgain } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { isSecure, ownAddress } from "../http/guard.ts";
import { loose } from "../http/loose.ts";
import { type Answer, page, refusalStatus, seeOther } from "../http/reply.ts";
import { renderHtml } from "../html/index.ts";
import { type Problems, Refusal } from "../lib/errors.ts";
import { OwnerResendPage } from "../pages/dashboard/owner-resend-page.tsx";
import { SetupPage } from "../pages/dashboard/setup-page.tsx";
import { SignInPage } from "../pages/dashboard/sign-in-page.tsx";
import { sentence, sentences } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { standardSettings } from "../settings/settings.ts";
import { findToResend } from "./drafting.ts";
import { frame, languageFrom, nextOf, show, toSignIn } from "./owner.ts";
import { NoQuery, takesNothing } from "./schemas.ts";

const text = Type.String({ maxLength: 2000 });
const optional = Type.Optional(text);

const SetupQuery = loose({ token: optional });
const SetupBody = loose({ token: text, email: text, password: text, passwordConfirm: text });
const SignInQuery = loose({ next: optional });
const SignInBody = loose({ email: text, password: text, next: optional });

const DraftParams = loose({ token: Type.String({ maxLength: 100, description: "Names what was kept." }) });

const described = (summary: string) => ({ summary, tags: ["dashboard"] });

/** How superusers come into the dashboard, and out of it. */
export function ownerSignInRoutes(app: Entrance, project: Project) {
  const owners = (): Collection => {
    const collection = project.collections.find("_superusers");
    if (!collection) throw new Refusal("not found", "not_found");
    return collection;
  };
  const signedIn = (request: Request, set: Answer, { token }: Session, next: string) => {
    const seconds = owners().definition.authToken?.duration ?? 0;
    return seeOther(set, next, sessionCookie("owner", token, seconds, isSecure(request)));
  };

  return app
    .get(
      "/_/setup",
      async ({ request, set, query, viewer }) => {
        if (viewer.kind === "superuser") return seeOther(set, "/_/");
        await mustOpenSetup(project, query.token);
        return page(
          set,
          renderHtml(SetupPage({ language: languageFrom(request), hidden: { token: query.token ?? "" } })),
        );
      },
      { ...door("anyone", described("Where the setup link leads")), query: SetupQuery },
    )
    .post(
      "/_/setup",
      async ({ request, set, body, visit, address }) => {
        const { email, password, passwordConfirm } = body;
        const language = languageFrom(request);
        const facts = { language, hidden: { token: body.token }, email };
        if (visit.refused) {
          const notice = sentence(language, visit.refused.code, visit.refused.params);
          return page(set, renderHtml(SetupPage({ ...facts, notice })), refusalStatus(set, visit.refused));
        }
        await mustOpenSetup(project, body.token);
        const made =
          password === passwordConfirm
            ? await project.superusers.create(email, password)
            : ({ ok: false, problems: { passwordConfirm: { code: "validation_values_mismatch" } } } as const);
        if (made.ok) {
          await adoptAddress(project, ownAddress(request));
          const credentials = { identity: email, password, address: address(request) };
          const session = await signInWithPassword(project, owners(), credentials);
          if (session.ok) return signedIn(request, set, session.value, "/_/");
        }
        const problems = made.ok ? {} : sentences(language, made.problems);
        return page(set, renderHtml(SetupPage({ ...facts, problems })), 422);
      },
      {
        ...showsAgain(door("anyone", described("Makes the first superuser"))),
        parse: "typed",
        query: NoQuery,
        body: SetupBody,
      },
    )
    .get(
      "/_/login",
      async ({ request, set, query, viewer }) => {
        if (viewer.kind === "superuser") return seeOther(set, nextOf(query.next));
        const facts = { language: languageFrom(request), unowned: await isUnowned(project) };
        return page(set, renderHtml(SignInPage({ ...facts, hidden: { next: nextOf(query.next) } })));
      },
      { ...door("anyone", described("The sign-in of the dashboard")), query: SignInQuery },
    )
    .post(
      "/_/login",
      async ({ request, set, body, visit, address }) => {
        const language = languageFrom(request);
        const { email, password } = body;
        const next = nextOf(body.next);
        const unowned = !visit.refused && (await isUnowned(project));
        const again = (facts: { problem?: string; problems?: Readonly<Record<string, string>> }, status = 422) =>
          page(set, renderHtml(SignInPage({ language, unowned, email, hidden: { next }, ...facts })), status);
        try {
          if (visit.refused) throw visit.refused;
          const credentials = { identity: email, password, address: address(request) };
          const session = await signInWithPassword(project, owners(), credentials);
          if (session.ok) return signedIn(request, set, session.value, next);
          return again({ problems: sentences(language, renamed(session.problems)) });
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          if (error.code === "failed_to_authenticate") {
            return again({ problem: sentence(language, "page_sign_in_failed") });
          }
          if (error.kind !== "too many") throw error;
          return again({ problem: sentence(language, error.code, error.params) }, refusalStatus(set, error));
        }
      },
      {
        ...showsAgain(door("anyone", described("Signs a superuser in"))),
        parse: "typed",
        query: NoQuery,
        body: SignInBody,
      },
    )
    .post("/_/logout", ({ request, set }) => seeOther(set, "/_/login", endedCookie("owner", isSecure(request))), {
      ...door("anyone", described("Signs out")),
      ...takesNothing,
      query: NoQuery,
    })
    .get(
      "/_/resend/:token",
      async ({ request, set, params, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const draft = await findToResend(project, request, params.token);
        if (!draft.target.startsWith("/_/")) throw new Refusal("not found", "draft_gone");
        const facts = { action: draft.target, typed: draft.form };
        return show(set, OwnerResendPage({ ...frame(request, viewer), ...facts }));
      },
      {
        ...door("owners", described("What an owner has sent while signed out, to be sent again")),
        params: DraftParams,
        query: NoQuery,
      },
    );
}

async function mustOpenSetup({ setup }: Project, token = ""): Promise<void> {
  if (await setup.opens(token)) return;
  throw new Refusal("forbidden", (await isUnowned({ setup })) ? "setup_link_old" : "setup_owned");
}

async function isUnowned({ setup }: Pick<Project, "setup">): Promise<boolean> {
  return (await setup.token()) !== undefined;
}

/** The address that the owner has come by is where links in mails lead, unless the settings already say another. */
async function adoptAddress({ settings }: Project, appURL: string): Promise<void> {
  if (settings.current.meta.appURL === standardSettings.meta.appURL) await settings.change({ meta: { appURL } });
}

/** The API says `identity` where the page says `email`. */
function renamed({ identity, ...others }: Problems): Problems {
  return identity ? { email: identity, ...others } : others;
}
