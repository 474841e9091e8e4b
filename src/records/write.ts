import type { Collection, Collections, CompiledField, Values } from "../collections/collection.ts";
import type { Registry } from "../collections/registry.ts";
import type { Outbox } from "../events/outbox.ts";
import type { Json } from "../fields/field.ts";
import { inferred, keysOf, type Payload } from "../fields/payload.ts";
import { type Ask, withBody } from "../filter/scope.ts";
import { now } from "../lib/dates.ts";
import { any, bad, good, type Outcome, problem, type Problems, Refusal } from "../lib/errors.ts";
import { ConstraintError, type Reading, type Store, type Unit } from "../store/engine.ts";
import { chain, name, raw, type Sql, sql } from "../store/sql.ts";
import { type Draft, identifyChanged, identifyNew } from "./identity.ts";
import { findRow, manages, type Place } from "./read.ts";
import { missingRelations } from "./references.ts";
import { assignments, newRowOf, statementsOf, toColumns } from "./row.ts";
import { demand } from "./rules.ts";
import { type RecordJson, shapeRecord } from "./shape.ts";

export interface WriteParts {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly collections: Pick<Registry, "mustHold">;
  /** What else must hold for the records of a collection, by its name; asked once the fields themselves are fine. */
  readonly checks: Readonly<Record<string, (values: Values, set: Collections) => Problems>>;
}

const and = raw(" WHERE (");
const end = raw(")");

/**
 * Makes a record. Nobody whom the create rule refuses learns what else is wrong: Refusal `failed_to_create_record` without
 * problems. Answers the record as the viewer may see it, once it is on disk. `pretend`: answers all the same and stores nothing.
 * Throws Outdated, like all that write records, where the place's set of collections has been replaced.
 */
export async function createRecord(
  parts: WriteParts,
  place: Place,
  payload: Payload,
  { pretend = false }: { readonly pretend?: boolean } = {},
): Promise<Outcome<RecordJson>> {
  const { collection } = place;
  const draft = readNew(place, payload);
  const ask = withBody(place.ask, () => bodyOf(payload, draft.values));
  const condition = demand(collection, "create", ask);
  await demandNew(parts.store, collection, condition, draft.values);

  const managed = await managesNew(parts.store, collection, ask, draft.values);
  identifyNew(draft, collection, payload, managed);
  const problems = await allProblems(parts, place, draft, {});
  if (any(problems)) return bad(problems);

  const values = await seal(collection, draft.values);
  if (pretend) return good(shapeRecord(collection, values, ask.viewer, managed));
  const written = await write(parts, place, async (tx) => {
    if (readsMore(condition)) await demandNew(tx, collection, condition, values);
    const missing = await missingRelations(tx, place.set, collection, values);
    if (any(missing)) return bad(missing);
    await tx.run(statementsOf(collection).insert.with(toColumns(collection, values)));
    await parts.outbox.append(tx, { collection: collection.id, record: String(values["id"]), action: "create" });
    return good(values);
  });
  return written.ok ? good(shapeRecord(collection, values, ask.viewer, managed)) : written;
}

/**
 * Changes what was sent of a record; not found where the update rule does not hold for the stored row. Answers the whole record
 * as the viewer may see it, once the change is on disk.
 */
export async function updateRecord(
  parts: WriteParts,
  place: Place,
  id: string,
  payload: Payload,
): Promise<Outcome<RecordJson>> {
  const { collection } = place;
  const draft = readChanged(place, payload);
  const ask = withBody(place.ask, () => bodyOf(payload, draft.values));
  const condition = demand(collection, "update", ask);
  const stored = await findRow(parts.store, collection, id, condition);
  if (!stored) throw new Refusal("not found", "not_found");

  const managed = await manages(parts.store, collection, id, ask);
  await identifyChanged(draft, collection, stored, payload, managed);
  const problems = await allProblems(parts, place, draft, stored);
  if (any(problems)) return bad(problems);

  const changes = await seal(collection, draft.values);
  const written = await write(parts, place, async (tx) => {
    const newest = await findRow(tx, collection, id, condition);
    if (!newest) throw new Refusal("not found", "not_found");
    const missing = await missingRelations(tx, place.set, collection, changes);
    if (any(missing)) return bad(missing);
    if (any(changes as Problems)) {
      const set = assignments(collection, changes);
      await tx.run(sql`UPDATE ${name(collection.name)} SET ${set} WHERE "id" = ${id}`);
    }
    await parts.outbox.append(tx, { collection: collection.id, record: id, action: "update" });
    return good({ ...newest, ...changes });
  });
  return written.ok ? good(shapeRecord(collection, written.value, ask.viewer, managed)) : written;
}

/** A draft, and the fields whose values did not come from ourselves. */
interface Sent extends Draft {
  readonly unchecked: CompiledField[];
}

/** Every field's value: what was sent, what the server gives, or zero. */
function readNew({ collection, ask }: Place, payload: Payload): Sent {
  const draft: Sent = { values: {}, problems: {}, unchecked: [] };
  const moment = now();
  for (const field of collection.fields) {
    const reading = mayWrite(field, ask) ? field.read(payload) : undefined;
    if (reading?.problem) draft.problems[field.name] = reading.problem;
    const value = reading?.value ?? field.zero;
    const given = value === field.zero ? field.kind.fill?.("create", field.definition, moment) : undefined;
    draft.values[field.name] = given ?? value;
    if (given === undefined && (reading || field.required)) draft.unchecked.push(field);
  }
  return draft;
}

/** Only what was sent, and what the server renews with each change. */
function readChanged({ collection, ask }: Place, payload: Payload): Sent {
  const draft: Sent = { values: {}, problems: {}, unchecked: [] };
  const moment = now();
  for (const field of collection.fields) {
    const reading = mayWrite(field, ask) ? field.read(payload) : undefined;
    if (reading?.problem) draft.problems[field.name] = reading.problem;
    const given = field.kind.fill?.("update", field.definition, moment);
    const value = given ?? reading?.value;
    if (value !== undefined) draft.values[field.name] = value;
    if (given === undefined && reading) draft.unchecked.push(field);
  }
  return draft;
}

/** Hidden fields are dropped when others than superusers send them; a password is hidden, and everyone sends theirs. */
function mayWrite({ kind, hidden }: CompiledField, { viewer }: Ask): boolean {
  return !kind.given && (!hidden || kind.type === "password" || viewer.kind === "superuser");
}

/** What was sent, as rules see it: fields as they were read, other keys by their look. */
function bodyOf(payload: Payload, values: Values): Ask["body"] {
  const body: Record<string, Json> = {};
  for (const key of keysOf(payload)) {
    const value = Object.hasOwn(values, key) ? values[key] : inferred(payload, key);
    if (value !== undefined) body[key] = value;
  }
  return body;
}

/** Asks a create rule of the row as it would be written. */
async function demandNew(
  reading: Reading,
  collection: Collection,
  condition: Sql | boolean,
  values: Values,
): Promise<void> {
  if (!(await holdsForNew(reading, collection, condition, values))) {
    throw new Refusal("bad request", "failed_to_create_record");
  }
}

/** Whether a rule's answer can change between asking and writing: it reads more than the request and the values themselves. */
function readsMore(condition: Sql | boolean): boolean {
  return typeof condition !== "boolean" && condition.shape.parts.some((part) => /\bSELECT\b/i.test(part));
}

async function holdsForNew(
  reading: Reading,
  collection: Collection,
  condition: Sql | boolean,
  values: Values,
): Promise<boolean> {
  if (typeof condition === "boolean") return condition;
  const row = newRowOf(collection).with(toColumns(collection, values));
  return (await reading.first(chain([row, and, condition, end]))) !== undefined;
}

/** Whether the viewer may manage the account that would be made. */
async function managesNew(reading: Reading, collection: Collection, ask: Ask, values: Values): Promise<boolean> {
  if (collection.type !== "auth" || ask.viewer.kind === "superuser") return ask.viewer.kind === "superuser";
  return holdsForNew(reading, collection, collection.newRule("manage")?.(ask) ?? false, values);
}

/** Everything that is wrong, in one answer: what could not be read, what the fields refuse, what others demand. */
async function allProblems(
  { store, checks }: WriteParts,
  { collection, set }: Place,
  { values, problems, unchecked }: Sent,
  stored: Values,
): Promise<Problems> {
  for (const field of unchecked) {
    const value = values[field.name];
    if (value === undefined || Object.hasOwn(problems, field.name)) continue;
    const found = field.check(value) ?? field.kind.change?.(value, stored[field.name] ?? field.zero, field.definition);
    if (found) problems[field.name] = found;
  }
  if (any(problems)) return { ...(await missingRelations(store, set, collection, values)), ...problems };
  return Object.hasOwn(checks, collection.name) ? (checks[collection.name]?.({ ...stored, ...values }, set) ?? {}) : {};
}

/** What takes time and must not hold up other writers: done before the unit. */
async function seal(collection: Collection, values: Values): Promise<Values> {
  let sealed: Record<string, Json> | undefined;
  for (const field of collection.fields) {
    const value = Object.hasOwn(values, field.name) ? values[field.name] : undefined;
    if (value === undefined || !field.kind.seal) continue;
    sealed ??= { ...values };
    sealed[field.name] = await field.kind.seal(value, field.definition);
  }
  return sealed ?? values;
}

/** One unit; what the indexes do not allow becomes a problem of the field, and nothing is changed. */
async function write(
  { store, collections }: WriteParts,
  { collection, set }: Place,
  work: (tx: Unit) => Promise<Outcome<Values>>,
): Promise<Outcome<Values>> {
  try {
    return await store.write((tx) => {
      collections.mustHold(set);
      return work(tx);
    });
  } catch (error) {
    if (!(error instanceof ConstraintError) || error.kind !== "unique") throw error;
    return bad(notUnique(collection, error.columns));
  }
}

function notUnique(collection: Collection, columns: readonly string[]): Problems {
  const fields = columns.filter((column) => collection.field(column));
  const problems: Problems = {};
  for (const field of fields.length ? fields : ["id"]) {
    problems[field] = problem(field === "id" ? "validation_invalid_or_existing_id" : "validation_not_unique");
  }
  return problems;
}
