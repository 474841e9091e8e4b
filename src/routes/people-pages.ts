import { Type } from "@sinclair/typebox";
import type { Collections } from "../collections/collection.ts";
import { isAddress } from "../fields/email.tsx";
import { lineOf } from "../forms/sheet.ts";
import { door } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { takesPayload } from "../http/front.ts";
import { loose } from "../http/loose.ts";
import { seeOther } from "../http/reply.ts";
import { now, spoken } from "../lib/dates.ts";
import { Refusal } from "../lib/errors.ts";
import { keptHere } from "../mail/post.ts";
import { PeopleErasedPage } from "../pages/dashboard/people-erased-page.tsx";
import { PeopleErasePage } from "../pages/dashboard/people-erase-page.tsx";
import { PeoplePage, type PersonEntry } from "../pages/dashboard/people-page.tsx";
import { addressWith } from "../pages/parts/record-list.tsx";
import { type Language, sentence } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { erasePerson } from "../transfer/erasure.ts";
import { bytesOf } from "../transfer/export.ts";
import { addressOf, findPerson, type PersonGroup, type PersonItem, personItems } from "../transfer/person.ts";
import { personExport } from "../transfer/person-export.ts";
import { download } from "./exports.ts";
import { frame, show, toSignIn, typedIn } from "./owner.ts";
import { NoQuery } from "./schemas.ts";

const PersonQuery = loose({ email: Type.Optional(Type.String({ maxLength: 255 })) });

/** As many things of a group as a page lists, at a glance and before they go. */
const atGlance = 20;
const inFull = 2000;

const described = (summary: string) => door("owners", { summary, tags: ["dashboard"] });

/** Everything about one email address: shown, handed over, erased. */
export function peopleRoutes(app: Entrance, project: Project) {
  const entriesOf = (language: Language, email: string, most: number) =>
    project.collections.read(async (set) => {
      const groups = await findPerson(project, set, email);
      return Promise.all(groups.map((group) => entryOf(project, set, language, group, most)));
    });

  return app
    .get(
      "/_/people",
      async ({ request, set, query, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const its = frame(request, viewer);
        const email = addressOf(query.email ?? "");
        if (email === "") return show(set, PeoplePage({ ...its, email }));
        if (!isAddress(email)) {
          return show(set, PeoplePage({ ...its, email, problem: sentence(its.language, "person_no_address") }), 422);
        }
        return show(set, PeoplePage({ ...its, email, entries: await entriesOf(its.language, email, atGlance) }));
      },
      { ...described("What is stored about an email address"), query: PersonQuery },
    )
    .get(
      "/_/people/export",
      ({ request, set, query, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request, "/_/people"));
        const email = demandAddress(query.email);
        const name = `${email.replace("@", "-at-")}-${now().slice(0, 10)}.json`;
        return download(set, bytesOf(personExport(project, email)), name, "application/json");
      },
      { ...described("What is stored about an email address, as JSON"), query: PersonQuery },
    )
    .get(
      "/_/people/erase",
      async ({ request, set, query, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request, "/_/people"));
        const email = demandAddress(query.email);
        const its = frame(request, viewer);
        const entries = (await entriesOf(its.language, email, inFull)).filter(({ erasable }) => erasable);
        if (entries.length === 0) return seeOther(set, addressWith("/_/people", { email }));
        return show(set, PeopleErasePage({ ...its, email, entries }));
      },
      { ...described("Asks before what is stored about an email address is erased"), query: PersonQuery },
    )
    .post(
      "/_/people/erase",
      async ({ request, set, body, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request, "/_/people"));
        const sheet = await typedIn(body);
        const its = frame(request, viewer);
        const email = demandAddress(lineOf(sheet, "email"));
        const keys = sheet.get("group") ?? [];
        if (keys.length === 0) {
          const entries = (await entriesOf(its.language, email, inFull)).filter(({ erasable }) => erasable);
          const problem = sentence(its.language, "person_unconfirmed");
          return show(set, PeopleErasePage({ ...its, email, entries, problem }), 422);
        }
        const erased = await erasePerson(project, email, keys);
        const entries = erased.map(({ group, gone, kept }) => ({
          kind: group.kind,
          collection: group.collection?.name,
          gone,
          kept: kept.map(({ id, why }) => ({ label: id, why: sentence(its.language, why.code, why.params) })),
        }));
        return show(set, PeopleErasedPage({ ...its, email, entries }));
      },
      { ...described("Erases what is stored about an email address"), ...takesPayload, query: NoQuery },
    );
}

function demandAddress(sent = ""): string {
  const email = addressOf(sent);
  if (!isAddress(email)) throw new Refusal("bad request", "person_no_address");
  return email;
}

async function entryOf(
  project: Project,
  set: Collections,
  language: Language,
  group: PersonGroup,
  most: number,
): Promise<PersonEntry> {
  const { key, kind, collection, ids, erasable } = group;
  const items = await personItems(project, set, group, ids.slice(0, most));
  const shown = items.map((item) => ({ label: labelOf(language, group, item), href: linkTo(group, item) }));
  return { key, kind, collection: collection?.name, total: ids.length, items: shown, erasable };
}

/** What it is, when it was, and what became of it. */
function labelOf(language: Language, { kind }: PersonGroup, { label, moment, value }: PersonItem): string {
  const when = moment === undefined ? "" : spoken(moment, language);
  if (kind !== "jobs") return [label, when].filter(Boolean).join(" · ");
  const isWebhook = typeof value === "object" && value !== null && "kind" in value && value.kind === "webhook";
  const what = sentence(language, isWebhook ? "inbox_job_webhook" : "inbox_job_mail");
  const outcome = label === keptHere ? sentence(language, "page_mailbox_kept") : label;
  return [what, when, outcome].filter(Boolean).join(" · ");
}

function linkTo({ kind, collection }: PersonGroup, { id, value }: PersonItem): string | undefined {
  if (kind === "answers") return `/_/submissions/${id}`;
  if (collection) return `/_/collections/${encodeURIComponent(collection.name)}/${encodeURIComponent(id)}`;
  if (kind === "settings" && typeof value === "object" && value !== null && "form" in value)
    return `/_/forms/${String(value.form)}`;
  return undefined;
}
