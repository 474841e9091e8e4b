import type { VNode } from "preact";
import { type Payload, typedIn } from "../fields/payload.ts";
import type { Viewer } from "../filter/scope.ts";
import { statuses } from "../http/reply.ts";
import { type Problems, Refusal } from "../lib/errors.ts";
import { DeletePage } from "../pages/resources/delete-page.tsx";
import { EditPage } from "../pages/resources/edit-page.tsx";
import { ListPage } from "../pages/resources/list-page.tsx";
import type { KeptDraft } from "../pages/parts/form-field.tsx";
import type { ResourceProps } from "../pages/resources/resource-layout.tsx";
import { ShowPage } from "../pages/resources/show-page.tsx";
import { type Language, sentence, sentences } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { allows, mayOpen, sendable, sendableNew } from "../records/allowed.ts";
import { meanwhile, namesSent } from "../records/drawn.ts";
import { labelRecord } from "../records/label.ts";
import { listRecords, manages, type Place, viewAmong, viewRecord } from "../records/read.ts";
import { type Choices, findChoices, findRelated } from "../records/related.ts";
import { closedTo } from "../records/rules.ts";
import { searchFilter } from "../records/search.ts";
import type { RecordJson } from "../records/shape.ts";
import { siteFrame } from "./account.ts";

/** What all pages about records say, whatever they are about. */
export type Frame = Omit<ResourceProps, "collection">;

/** Who looks at which records, and from where. */
export interface Look {
  readonly project: Project;
  readonly place: Place;
  readonly frame: Frame;
}

/** What somebody wants to see of a list. */
export interface ListWish {
  readonly page: number;
  readonly search: string;
  readonly sort: string;
  readonly gone: AbortSignal;
}

const perPage = 30;

/** A page of the list, newest first unless a field is named that the viewer may sort by. */
export async function drawList(
  { project, place, frame }: Look,
  { page, search, sort, gone }: ListWish,
): Promise<VNode> {
  const { collection } = place;
  mustOpen(place, "list");
  const wished = collection.field(sort.replace(/^-/, ""));
  const known = wished && !wished.hidden ? sort : "";
  const newest = collection.field("created") ? "-created" : "-@rowid";
  const query = {
    page,
    perPage,
    sort: known || newest,
    filter: searchFilter(collection, search),
    skipTotal: false,
    gone,
  };
  const list = await listRecords(project, place, query);
  const relations = await findRelated(project, place, list.items);
  const mayCreate = mayOpen(asMethod(place, "POST"), "create");
  return ListPage({ ...frame, collection, list, relations, search, sort: known, mayCreate });
}

/** One record, with what the viewer may do to it. */
export async function drawRecord({ project, place, frame }: Look, id: string): Promise<VNode> {
  mustOpen(place, "view");
  const record = await viewRecord(project, place, id);
  const [relations, mayUpdate, mayDelete] = await Promise.all([
    findRelated(project, place, [record]),
    allows(project, asMethod(place, "PATCH"), "update", id, record),
    allows(project, asMethod(place, "DELETE"), "delete", id),
  ]);
  return ShowPage({ ...frame, collection: place.collection, record, relations, mayUpdate, mayDelete });
}

/** The form for a new record. */
export async function drawNew(look: Look): Promise<VNode> {
  const { place, frame } = look;
  mustOpen(asMethod(place, "POST"), "create");
  const questions = await asked(look, undefined, {});
  const record = suggested(place, questions.choices);
  return EditPage({ ...frame, collection: place.collection, record, ...questions });
}

/** The form for a record as it is stored. */
export async function drawEdit(look: Look, id: string): Promise<VNode> {
  const { project, place, frame } = look;
  const [record] = await viewAmong(project, place, [id]);
  await mustAllow(look, "update", id, record);
  if (!record) throw new Refusal("not found", "not_found");
  return EditPage({ ...frame, collection: place.collection, id, record, ...(await asked(look, id, record)) });
}

/** The question before a record is deleted. */
export async function drawDelete(look: Look, id: string): Promise<VNode> {
  const { project, place, frame } = look;
  await mustAllow(look, "delete", id);
  const [record] = await viewAmong(project, place, [id]);
  const { collection } = place;
  return DeletePage({
    ...frame,
    collection: collection.name,
    id,
    ...(record ? { label: labelRecord(collection, record) } : {}),
  });
}

/** What became of something that was sent: problems, or a refusal. */
export type Failure = { readonly problems: Problems } | { readonly refusal: Refusal };

/** A page in answer to something that was sent, and its status. */
export interface Answered {
  readonly html: VNode;
  readonly status: number;
}

/** The form once more, with everything that was typed and what to do; `id` of the record that was to be changed. */
export async function drawAgain(
  look: Look,
  id: string | undefined,
  payload: Payload,
  failure: Failure,
  draft: KeptDraft | undefined,
): Promise<Answered> {
  const { project, place, frame } = look;
  const { collection, ask } = place;
  const record = id === undefined ? {} : ((await viewAmong(project, place, [id]))[0] ?? {});
  const form = { ...frame, collection, record, ...(await asked(look, id, record)), typed: typedIn(payload) };
  const facts = { ...form, ...(id === undefined ? {} : { id }), ...(draft ? { draft } : {}) };
  if ("problems" in failure) {
    return { html: EditPage({ ...facts, problems: sentences(frame.language, failure.problems) }), status: 422 };
  }
  const { refusal } = failure;
  if (refusal.code === "record_changed") {
    const changes = {
      meanwhile: meanwhile(collection, payload, record),
      notice: sentence(frame.language, refusal.code),
    };
    const relations = await findRelated(project, asMethod(place, "GET"), [record]);
    return { html: EditPage({ ...facts, ...changes, relations }), status: statuses.conflict };
  }
  if (signInHelps(id, ask.viewer, failure)) {
    const notice = sentence(frame.language, "page_resource_sign_in");
    return { html: EditPage({ ...facts, notice, signedOut: true }), status: statuses["signed out"] };
  }
  const byRule = isByRule(id, refusal);
  const byRuleNotice = id === undefined ? "page_resource_not_new" : "page_resource_not_changed";
  const notice = sentence(frame.language, byRule ? byRuleNotice : refusal.code, refusal.params);
  const status = byRule && id === undefined ? statuses.forbidden : statuses[refusal.kind];
  return { html: EditPage({ ...facts, notice }), status };
}

/**
 * The form of a request too many: drawn from what was sent alone, so that nobody learns by it what is stored, or whether it is. Of a
 * record that was to be changed only what was sent is asked again: what is blank for another reason would overwrite what is stored.
 */
export function drawSent(
  { place, frame }: Look,
  id: string | undefined,
  payload: Payload,
  refusal: Refusal,
  draft: KeptDraft | undefined,
): Answered {
  const { collection, ask } = place;
  const facts = {
    names: id === undefined ? sendableNew(asMethod(place, "POST")) : namesSent(payload),
    manages: id !== undefined || ask.viewer.kind === "superuser",
    notice: sentence(frame.language, refusal.code, refusal.params),
    ...(id === undefined ? {} : { id }),
    ...(draft ? { draft } : {}),
  };
  const html = EditPage({ ...frame, collection, record: {}, choices: new Map(), typed: typedIn(payload), ...facts });
  return { html, status: statuses[refusal.kind] };
}

/** Whether it was the rule that did not let a guest save this. */
export function signInHelps(id: string | undefined, viewer: Viewer, failure: Failure): boolean {
  return viewer.kind === "guest" && "refusal" in failure && isByRule(id, failure.refusal);
}

function isByRule(id: string | undefined, { code }: Refusal): boolean {
  return code === (id === undefined ? "failed_to_create_record" : "not_found");
}

/** Why a record was not deleted, and the question once more; where that says nothing, the refusal itself is thrown. */
export async function drawKept(look: Look, id: string, refusal: Refusal): Promise<Answered> {
  const { project, place, frame } = look;
  const guest = place.ask.viewer.kind === "guest";
  if (refusal.code === "not_found" && !guest) await mustAllow(look, "delete", id);
  if (refusal.kind === "forbidden" || (refusal.kind === "not found" && !guest)) throw refusal;
  const code = refusal.kind === "not found" ? "page_resource_delete_sign_in" : refusal.code;
  const [record] = await viewAmong(project, place, [id]);
  const { collection } = place;
  const facts = {
    ...frame,
    collection: collection.name,
    id,
    ...(record ? { label: labelRecord(collection, record) } : {}),
    notice: sentence(frame.language, code, refusal.params),
  };
  const signedOut = refusal.kind === "not found";
  return { html: DeletePage({ ...facts, signedOut }), status: statuses[signedOut ? "signed out" : refusal.kind] };
}

/** Where to look at what was saved: the record, else the list, else the empty form. */
export async function pageAfter({ project, place }: Omit<Look, "frame">, id: string, done: string): Promise<string> {
  const reading = asMethod(place, "GET");
  const list = `/${place.collection.name}`;
  if (await allows(project, reading, "view", id)) return `${list}/${encodeURIComponent(id)}?done=${done}`;
  return mayOpen(reading, "list") ? `${list}?done=${done}` : `${list}/new?done=${done}`;
}

/** A rule may ask for the method, and means that of the API. */
export function asMethod(place: Place, method: "GET" | "POST" | "PATCH" | "DELETE"): Place {
  return { ...place, ask: { ...place.ask, method } };
}

/** Whom the request alone keeps out is refused: "signed out" where signing in could change it. */
function mustOpen(place: Place, rule: "list" | "view" | "create"): void {
  const { collection, ask } = place;
  if (closedTo(collection, rule, ask)) throw new Refusal("forbidden", "resource_for_superusers");
  if (mayOpen(place, rule)) return;
  if (ask.viewer.kind === "guest") throw new Refusal("signed out", "signed_out");
  if (rule === "create") throw new Refusal("forbidden", "resource_not_yours_to_add");
}

/** The same for one record, which is not found by who may not see it; of it a guest does not learn whether it exists. */
async function mustAllow(
  { project, place }: Look,
  rule: "update" | "delete",
  id: string,
  record?: RecordJson,
): Promise<void> {
  const { collection, ask } = place;
  if (await allows(project, asMethod(place, rule === "update" ? "PATCH" : "DELETE"), rule, id, record)) return;
  if (closedTo(collection, rule, ask)) throw new Refusal("forbidden", "resource_for_superusers");
  if (ask.viewer.kind === "guest") throw new Refusal("signed out", "signed_out");
  if (!(await allows(project, place, "view", id))) throw new Refusal("not found", "not_found");
  throw new Refusal("forbidden", rule === "update" ? "resource_not_yours_to_change" : "resource_not_yours_to_delete");
}

/** What the form of a record asks, as far as the viewer may see it, and what can be chosen in it. */
async function asked({ project, place }: Look, id: string | undefined, record: RecordJson) {
  const { collection, ask } = place;
  const choices = await findChoices(project, asMethod(place, "GET"), record);
  if (id === undefined) {
    const names = sendableNew(asMethod(place, "POST"));
    return { choices, names, manages: ask.viewer.kind === "superuser" };
  }
  const known = Object.hasOwn(record, "id");
  return {
    choices,
    ...(known ? { names: await sendable(project, asMethod(place, "PATCH"), id, record) } : {}),
    manages: await manages(project.store, collection, id, ask),
  };
}

/** What a new record most likely points at: whoever writes it, or the only thing there is to choose. */
function suggested({ collection, ask: { viewer } }: Place, choices: Choices): RecordJson {
  const record: RecordJson = {};
  for (const { name, required, target, shape } of collection.fields) {
    const ids = (required ? (choices.get(name) ?? []) : []).map(([id]) => id);
    const self = viewer.kind !== "guest" && viewer.collectionId === target ? String(viewer.record["id"]) : "";
    const id = ids.includes(self) ? self : ids.length === 1 ? ids[0] : undefined;
    if (id !== undefined) record[name] = shape === "list" ? [id] : id;
  }
  return record;
}

/** What all pages say to this viewer. A person is called what they call themselves. */
export function frameOf(project: Project, language: Language, viewer: Viewer, here: string, done?: string): Frame {
  const frame = { ...siteFrame(project, language, viewer), here, ...(done === undefined ? {} : { done }) };
  if (viewer.kind === "guest") return frame;
  const { name, email, id } = viewer.record;
  return { ...frame, person: String(name || email || id) };
}
