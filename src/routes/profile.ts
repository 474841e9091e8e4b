import type { Collection, Values } from "../collections/collection.ts";
import { type Payload, typedIn } from "../fields/payload.ts";
import type { Viewer } from "../filter/scope.ts";
import type { AddressOf } from "../http/address.ts";
import { askOf } from "../http/ask.ts";
import { endedCookie } from "../http/cookies.ts";
import { door, showsAgain } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { takesPayload } from "../http/front.ts";
import { isSecure } from "../http/guard.ts";
import type { Incoming } from "../http/incoming.ts";
import { loose } from "../http/loose.ts";
import { json, page, problemsJson, refusalStatus, seeOther, wantsPage } from "../http/reply.ts";
import { isTurnedAway } from "../http/visits.ts";
import { renderHtml } from "../html/index.ts";
import { type Problems, Refusal } from "../lib/errors.ts";
import { sameJson } from "../lib/json.ts";
import { ownFields } from "../pages/site/account-fields.tsx";
import { ProfilePage } from "../pages/site/profile-page.tsx";
import { languageOf } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { meanwhile, untouched } from "../records/drawn.ts";
import { findRow } from "../records/read.ts";
import { closedTo } from "../records/rules.ts";
import { type RecordJson, shapeRecord } from "../records/shape.ts";
import { updateRecord } from "../records/write.ts";
import {
  accountNotice,
  siteFrame,
  accountSentences,
  isPerson,
  keepSession,
  optionalText,
  peopleOf,
  type Reply,
  sessionOf,
} from "./account.ts";
import { dropDraft, joinDraft, keepAll, keepFiles, stillKept } from "./drafting.ts";
import { limitsAgain, limitsOf } from "./place.ts";
import { AnswerQuery } from "./schemas.ts";

const ProfileQuery = loose({ fields: AnswerQuery.properties.fields, done: optionalText });

const described = (summary: string) => door("people", { summary, tags: ["account"] });
const takesChanges = { ...takesPayload, ...showsAgain(described("Changes who is signed in")), query: AnswerQuery };

/** `/profile`: somebody's own account, as a page and as JSON at the same address (FORMS.md 2). */
export function profileRoutes(app: Entrance, project: Project) {
  return app
    .get(
      "/profile",
      ({ request, set, query, viewer, visit }) => {
        const collection = peopleOf(project.collections.current);
        const pageWanted = wantsPage(request, visit.path);
        if (!isPerson(collection, viewer)) {
          if (pageWanted) return seeOther(set, "/login?next=/profile");
          throw signedOut();
        }
        const record = shapeRecord(collection, viewer.record, viewer);
        if (!pageWanted) return json(set, record, query.fields);
        const language = languageOf(request.headers.get("accept-language"));
        const fixed = closedTo(collection, "update", { viewer });
        const facts = { ...siteFrame(project, language, viewer), collection, record, fixed };
        return page(set, renderHtml(ProfilePage({ ...facts, done: query.done })));
      },
      { ...described("Who is signed in"), query: ProfileQuery },
    )
    .post(
      "/profile",
      ({ request, set, query, body, viewer, visit, address }) =>
        change(project, { request, set, query, body, viewer, visit, address }),
      takesChanges,
    )
    .patch(
      "/profile",
      ({ request, set, query, body, viewer, visit, address }) =>
        change(project, { request, set, query, body, viewer, visit, address }),
      takesChanges,
    )
    .put(
      "/profile",
      ({ request, set, query, body, viewer, visit, address }) =>
        change(project, { request, set, query, body, viewer, visit, address }),
      takesChanges,
    );
}

/** Why nothing was changed. */
interface Failure {
  readonly problems?: Problems;
  readonly refusal?: Refusal;
}

/** A request for a change. */
interface Asked extends Reply {
  readonly query: { readonly fields?: string };
  readonly body: Incoming;
  readonly viewer: Viewer;
  readonly address: AddressOf;
}

async function change(project: Project, asked: Asked): Promise<string> {
  const { request, set, query, body, viewer, visit } = asked;
  const language = languageOf(request.headers.get("accept-language"));
  const pageWanted = wantsPage(request, visit.path);
  const again = async (payload: Payload, { problems, refusal }: Failure) => {
    const collection = peopleOf(project.collections.current);
    const stored = !visit.refused && isPerson(collection, viewer);
    const record = stored ? await newest(project, collection, viewer) : {};
    const joined = await joinDraft(project, payload, "/profile");
    const failed = {
      ...joined,
      target: "/profile",
      address: asked.address(request),
      ...(problems ? { problems } : {}),
    };
    const keep = isPerson(collection, viewer) ? keepFiles : keepAll;
    const draft = await (isTurnedAway(visit, viewer)
      ? stillKept(project, joined, "/profile")
      : keep(project, failed, collection, asked));
    const typed = typedIn(joined.payload);
    const facts = { ...siteFrame(project, language, viewer), collection, record, typed, draft, onlySent: !stored };
    const why = {
      problems: accountSentences(language, problems),
      notice: refusal && accountNotice(language, refusal),
      ...(refusal?.code === "record_changed" ? { meanwhile: meanwhile(collection, payload, record) } : {}),
    };
    return page(set, renderHtml(ProfilePage({ ...facts, ...why })), refusal ? refusalStatus(set, refusal) : 422);
  };
  try {
    if (visit.refused) throw visit.refused;
    const { collection, before, payload, token, outcome } = await update(project, asked, pageWanted);
    if (!outcome.ok) {
      if (pageWanted) return await again(payload, { problems: outcome.problems });
      return problemsJson(set, language, "failed_to_update_record", outcome.problems);
    }
    await dropDraft(project, { payload, token });
    const goesOn = await renewSession(project, asked, collection, before);
    if (!pageWanted) return json(set, outcome.value, query.fields);
    return seeOther(set, goesOn ? `/profile?done=${doneBy(payload, before, outcome.value)}` : "/login?made");
  } catch (error) {
    if (!pageWanted || !(error instanceof Refusal)) throw error;
    const payload = await body.read(limitsAgain(visit, viewer, peopleOf(project.collections.current).fields));
    return again(payload, { refusal: error });
  }
}

/** Who is signed in as they are stored now: somebody else may have changed them since the request was let in. */
async function newest(
  { store }: Project,
  collection: Collection,
  viewer: Exclude<Viewer, { kind: "guest" }>,
): Promise<RecordJson> {
  const stored = await findRow(store, collection, String(viewer.record["id"]));
  return shapeRecord(collection, stored ?? viewer.record, viewer);
}

/** Reads what was sent and changes the record by it. Refusal "signed out" for who is none of our people. */
function update(project: Project, { request, query, body, viewer, address }: Asked, pageWanted: boolean) {
  return project.collections.write(async (collections) => {
    const collection = peopleOf(collections);
    if (!isPerson(collection, viewer)) throw signedOut();
    const place = { collection, set: collections, ask: askOf(request, viewer, query) };
    if (closedTo(collection, "update", place.ask)) throw new Refusal("forbidden", "superusers_only");
    const { payload, token } = await joinDraft(project, await body.read(limitsOf(collection.fields)), "/profile");
    project.collections.mustHold(collections);

    const before = viewer.record;
    const changes = pageWanted ? onlyChanges(collection, payload, before) : payload;
    const own = { ownEmail: true, address: address(request) };
    const outcome = await updateRecord(project, place, String(before["id"]), changes, own);
    return { collection, before, payload, token, outcome };
  });
}

/** A form sends all its fields; what is in it as it was has not been sent, as rules see it. */
function onlyChanges(collection: Collection, payload: Payload, before: Values): Payload {
  const asDrawn = untouched(collection, payload);
  const same = [...ownFields(collection), collection.field("email")].filter((field) => {
    const reading = field?.read(payload);
    if (!field || !reading || reading.problem) return false;
    return asDrawn.includes(field) || sameJson(reading.value, before[field.name]);
  });
  const names = same.map((field) => field?.name);
  const form = [...payload.form].filter(([key]) => !names.includes(key.split(".")[0]));
  return { ...payload, form: new Map(form) };
}

/**
 * A new password or address has ended all sessions: this one goes on with a new token. False where the collection's auth rule
 * does not want that, as for an address that nobody has verified yet.
 */
async function renewSession(project: Project, asked: Asked, collection: Collection, before: Values): Promise<boolean> {
  const session = await sessionOf(project, collection, String(before["id"]));
  if (session?.record["tokenKey"] === before["tokenKey"]) return true;
  if (session) keepSession(asked, collection, session);
  else if (asked.visit.standing !== "by token") {
    asked.set.headers["set-cookie"] = endedCookie("person", isSecure(asked.request));
  }
  return session !== undefined;
}

/** What to say was done. */
function doneBy({ form, json }: Payload, before: Values, after: RecordJson): string {
  if (json["password"] ?? form.get("password")?.at(-1)) return "password";
  return after["email"] === before["email"] ? "details" : "email";
}

function signedOut(): Refusal {
  return new Refusal("signed out", "superuser_token_required");
}
