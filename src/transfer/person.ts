import type { Collection, Collections, Values } from "../collections/collection.ts";
import { isSecret } from "../collections/compile.ts";
import type { Json } from "../fields/field.ts";
import { byOwner } from "../filter/scope.ts";
import { type Submission, submissionOf, submissionsIn } from "../forms/answer.ts";
import { clock, stamp } from "../lib/dates.ts";
import { labelRecord } from "../records/label.ts";
import { type Referrer, referrersOf } from "../records/references.ts";
import { type Row, statementsOf, toValues } from "../records/row.ts";
import { shapeRecord } from "../records/shape.ts";
import type { Store } from "../store/engine.ts";
import { join, name, type Sql, sql } from "../store/sql.ts";

/**
 * What is known of one person is found in these kinds of places: records that hold the address, records that point at the person's
 * account, answers to forms, mails and webhooks, what failed sends keep, and what an owner has set, which is not theirs to be erased.
 */
export type PersonKind = "records" | "related" | "answers" | "jobs" | "drafts" | "settings";

/** Things of one kind in one place. */
export interface PersonGroup {
  /** `records:ID` or `related:ID` with the id of a collection, otherwise the kind. */
  readonly key: string;
  readonly kind: PersonKind;
  /** Where the records are. */
  readonly collection?: Collection;
  /** At most `mostFound`. */
  readonly ids: readonly string[];
  /** They go when everything about the person goes. */
  readonly erasable: boolean;
}

export interface PersonParts {
  readonly store: Pick<Store, "scan" | "all" | "dialect">;
}

/** As many things of a kind as one search finds; after those are erased another search finds the next. */
export const mostFound = 10_000;

/** What there is about an address in all collections and beside them; groups without anything are left out. */
export async function findPerson({ store }: PersonParts, set: Collections, email: string): Promise<PersonGroup[]> {
  const address = addressOf(email);
  const scanned = async (query: Sql) =>
    (await store.scan<{ id: string }>(sql`${query} LIMIT ${mostFound}`)).map(({ id }) => String(id));
  const plain = set.all.filter(({ type, name }) => type !== "view" && name !== "_submissions" && name !== "_forms");

  const holding = new Map<Collection, readonly string[]>();
  for (const collection of plain) holding.set(collection, await scanned(holds(store, collection, address)));

  const related = new Map<Collection, Set<string>>();
  for (const [account, ids] of holding) {
    if (account.type !== "auth" || ids.length === 0) continue;
    for (const referrer of referrersOf(set, account).filter(({ collection }) => plain.includes(collection))) {
      const its = related.get(referrer.collection) ?? new Set();
      const own = new Set(holding.get(referrer.collection));
      for (const id of await scanned(pointsAt(store, referrer, ids))) if (!own.has(id)) its.add(id);
      related.set(referrer.collection, its);
    }
  }

  const records = [...holding.values()].flat();
  const answers = await scanned(answersOf(store, address, records));
  const theirs = new Set(await recordsOf(store, answers));
  const others = (ids: Iterable<string>) => [...ids].filter((id) => !theirs.has(id));
  const about = [...answers, ...records, ...[...related.values()].flatMap((ids) => [...ids])];
  const groups: PersonGroup[] = [
    ...[...holding].map(([collection, ids]): PersonGroup => {
      // Whoever may sign in here as an owner is removed as such, and not by the way.
      const erasable = collection.name !== "_superusers";
      return { key: `records:${collection.id}`, kind: "records", collection, ids: others(ids), erasable };
    }),
    ...[...related].map(([collection, ids]): PersonGroup => {
      return { key: `related:${collection.id}`, kind: "related", collection, ids: others(ids), erasable: true };
    }),
    { key: "answers", kind: "answers", ids: answers, erasable: true },
    { key: "jobs", kind: "jobs", ids: await jobsOf(store, address, about), erasable: true },
    { key: "drafts", kind: "drafts", ids: await scanned(draftsOf(store, address)), erasable: true },
    { key: "settings", kind: "settings", ids: await scanned(formsThatMail(store, address)), erasable: false },
  ];
  return groups.filter(({ ids }) => ids.length > 0);
}

/** An address as it is looked for: whoever types it may have capitals in it. */
export function addressOf(email: string): string {
  return email.trim().toLowerCase();
}

/** Some of what is in a group, as JSON, each with what people call it. */
export async function personItems(
  { store }: PersonParts,
  set: Collections,
  group: PersonGroup,
  ids: readonly string[],
): Promise<PersonItem[]> {
  const among = JSON.stringify(ids);
  if (group.kind === "answers") return answerItems(store, set, among);
  if (group.kind === "jobs") {
    const rows = await store.all<JobRow>(
      sql`SELECT id, kind, payload, state, outcome, created FROM _jobs WHERE id IN (SELECT value FROM json_each(${among})) ORDER BY id`,
    );
    return rows.map(({ payload, created, ...job }) => {
      const value = { ...job, payload: JSON.parse(payload), created: stamp(created) };
      return { id: String(job.id), label: job.outcome, moment: value.created, value };
    });
  }
  if (group.kind === "drafts") {
    const rows = await store.all<{ token: string; target: string; payload: string; ends: number }>(
      sql`SELECT token, target, payload, ends FROM _drafts WHERE token IN (SELECT value FROM json_each(${among}))`,
    );
    return rows.map(({ token, target, payload, ends }) => {
      return {
        id: token,
        label: "",
        moment: stamp(ends),
        value: { target, sent: JSON.parse(payload), ends: stamp(ends) },
      };
    });
  }
  if (group.kind === "settings") {
    const rows = await store.all<{ id: string; title: string; slug: string }>(
      sql`SELECT id, title, slug FROM _forms WHERE id IN (SELECT value FROM json_each(${among}))`,
    );
    return rows.map(({ id, title, slug }) => ({ id, label: title, value: { form: slug } }));
  }
  const { collection } = group;
  return collection ? recordItems(store, collection, among) : [];
}

export interface PersonItem {
  readonly id: string;
  readonly label: string;
  /** When it came or ends, as stored; absent where it says so itself. */
  readonly moment?: string;
  readonly value: Json;
}

interface JobRow {
  readonly id: number;
  readonly kind: string;
  readonly payload: string;
  readonly state: string;
  readonly outcome: string;
  readonly created: number;
}

async function recordItems(store: PersonParts["store"], collection: Collection, among: string): Promise<PersonItem[]> {
  const { select } = statementsOf(collection);
  const rows = await store.all<Row>(
    sql`${select} WHERE "id" IN (SELECT value FROM json_each(${among})) ORDER BY _rowid_`,
  );
  return rows.map((row) => {
    const record = shapeRecord(collection, toValues(collection, row), byOwner.viewer);
    return { id: String(row["id"]), label: labelRecord(collection, record), value: record };
  });
}

async function answerItems(store: PersonParts["store"], set: Collections, among: string): Promise<PersonItem[]> {
  const submissions = submissionsIn(set);
  const { select } = statementsOf(submissions);
  const rows = await store.all<Row>(
    sql`${select} WHERE "id" IN (SELECT value FROM json_each(${among})) ORDER BY _rowid_`,
  );
  return Promise.all(
    rows.map(async (row) => {
      const submission = submissionOf(submissions, row);
      const values = submission.parked ?? (await recordValues(store, set, submission));
      const { parked: _, ...known } = submission;
      const value: Json = JSON.parse(JSON.stringify({ ...known, values }));
      return { id: submission.id, label: submission.email || submission.id, moment: submission.created, value };
    }),
  );
}

async function recordValues(
  store: PersonParts["store"],
  set: Collections,
  { collection: id, record }: Submission,
): Promise<Values | null> {
  const collection = set.find(id);
  if (!collection) return null;
  const [row] = await store.all<Row>(statementsOf(collection).byId.with([record]));
  return row ? shapeRecord(collection, toValues(collection, row), byOwner.viewer) : null;
}

/** Records of which some text is the address, whatever its field is called. */
function holds({ dialect }: PersonParts["store"], collection: Collection, address: string): Sql {
  const texts = collection.fields.filter((field) => {
    const { kind, definition, shape, target } = field;
    return (
      shape === "scalar" &&
      target === undefined &&
      kind.column(definition).type === "TEXT" &&
      !isSecret(collection, field)
    );
  });
  const same = texts.map((field) => sql`lower(${name(field.name)}) = ${address}`);
  return sql`SELECT "id" AS id FROM ${name(collection.name)} WHERE ${dialect.tick} AND (${join(same, " OR ")})`;
}

function pointsAt(
  { dialect }: PersonParts["store"],
  { collection, field }: Referrer,
  accounts: readonly string[],
): Sql {
  const column = name(field.name);
  const known = sql`(SELECT value FROM json_each(${JSON.stringify(accounts)}))`;
  const points =
    field.shape === "list"
      ? sql`EXISTS (SELECT 1 FROM ${dialect.elements(column)} AS "~of" WHERE "~of".value IN ${known})`
      : sql`${column} IN ${known}`;
  return sql`SELECT "id" AS id FROM ${name(collection.name)} WHERE ${dialect.tick} AND ${points}`;
}

/** By the sender, by the record, and by what is kept of it elsewhere. */
function answersOf({ dialect }: PersonParts["store"], address: string, records: readonly string[]): Sql {
  const value = JSON.stringify(address);
  const kept = ["parked", "extra", "wishes"].map(
    (column) => sql`instr(lower(coalesce(${name(column)}, '')), ${value})`,
  );
  return sql`SELECT id FROM _submissions WHERE ${dialect.tick} AND (email = ${address}
    OR record IN (SELECT value FROM json_each(${JSON.stringify(records)})) OR ${join(kept, " OR ")})`;
}

async function recordsOf(store: PersonParts["store"], answers: readonly string[]): Promise<string[]> {
  const rows = await store.all<{ record: string }>(
    sql`SELECT record FROM _submissions WHERE parked IS NULL AND id IN (SELECT value FROM json_each(${JSON.stringify(answers)}))`,
  );
  return rows.map(({ record }) => record);
}

/** Of those that only mention the address, those that mean it and not `joann@…`. */
async function jobsOf(store: PersonParts["store"], address: string, about: readonly string[]): Promise<string[]> {
  const known = new Set(about);
  const rows = await store.scan<{ id: number; about: string; text: string }>(
    sql`SELECT id, about, lower(payload || ' ' || outcome) AS text FROM _jobs
        WHERE ${store.dialect.tick} AND (about IN (SELECT value FROM json_each(${JSON.stringify(about)}))
          OR instr(lower(payload || ' ' || outcome), ${address})) LIMIT ${mostFound}`,
  );
  return rows.filter((row) => known.has(row.about) || names(row.text, address)).map(({ id }) => String(id));
}

/** Whether a text names an address, and not one that ends or begins like it. */
export function names(text: string, address: string): boolean {
  for (let at = text.indexOf(address); at >= 0; at = text.indexOf(address, at + 1)) {
    const [before, after] = [text[at - 1] ?? "", text.slice(at + address.length, at + address.length + 2)];
    if (!/[\p{L}\p{N}._%+-]/u.test(before) && !/^(?:[\p{L}\p{N}-]|\.[\p{L}\p{N}])/u.test(after)) return true;
  }
  return false;
}

function draftsOf({ dialect }: PersonParts["store"], address: string): Sql {
  return sql`SELECT token AS id FROM _drafts WHERE ${dialect.tick} AND ends > ${clock()}
    AND instr(lower(payload), ${JSON.stringify(address)})`;
}

function formsThatMail({ dialect }: PersonParts["store"], address: string): Sql {
  return sql`SELECT id FROM _forms WHERE ${dialect.tick}
    AND instr(lower(coalesce(notify, '') || coalesce(cc, '')), ${JSON.stringify(address)})`;
}
