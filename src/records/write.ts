import type { Collection, Collections, CompiledField, Values } from "../collections/collection.ts";
import type { Registry } from "../collections/registry.ts";
import type { Outbox } from "../events/outbox.ts";
import type { Json } from "../fields/field.ts";
import type { Payload } from "../fields/payload.ts";
import type { Ask } from "../filter/scope.ts";
import { any, bad, good, type Outcome, type Problem, problem, type Problems, Refusal } from "../lib/errors.ts";
import { ConstraintError, type Reading, type Store, type Unit } from "../store/engine.ts";
import { chain, name, raw, type Sql, sql } from "../store/sql.ts";
import { type Around, type Hooks, reconsider, Undone, withoutSecrets } from "./around.ts";
import { type Guard, identifiedByNow, identifyChanged, identifyNew, sharedId } from "./identity.ts";
import { findRow, manages, type Place } from "./read.ts";
import { missingRelations } from "./references.ts";
import { assignments, newRowOf, statementsOf, toColumns } from "./row.ts";
import { demand } from "./rules.ts";
import { readChanged, readNew, type Sent, settled, withSent } from "./sent.ts";
import { type RecordJson, shapeRecord } from "./shape.ts";

export interface WriteParts {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly collections: Pick<Registry, "mustHold">;
  /** What else must hold for the records of a collection, by its name; asked once the fields themselves are fine. */
  readonly checks: Readonly<Record<string, (values: Values, set: Collections) => Problems>>;
  /** Counts who guesses a password, at whatever door. */
  readonly guard?: Guard;
  /** People's own code around records. */
  readonly hooks?: Hooks;
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
  const sent = readNew(place, payload);
  const ask = withSent(place, payload, sent);
  const condition = demand(collection, "create", ask);
  // Where the request alone decides that the rule refuses, people's code has nothing to do.
  const around = condition === false || pretend ? undefined : parts.hooks?.around(collection);
  const draft = around ? await seen(around, place, payload, sent) : sent;
  await demandNew(parts.store, collection, condition, draft.values);

  const managed = await managesNew(parts.store, collection, ask, draft.values);
  identifyNew(draft, collection, payload, managed);
  const problems = await allProblems(parts, place, draft, {});
  if (any(problems)) return bad(problems);

  const values = await seal(collection, draft.values);
  if (pretend) return good(shapeRecord(collection, values, ask.viewer, managed));
  const written = await write(parts, place, async (tx) => {
    if (readsMore(condition)) await demandNew(tx, collection, condition, values);
    if (managed && !(await managesNew(tx, collection, ask, values))) {
      throw new Refusal("bad request", "failed_to_create_record");
    }
    const missing = await missingRelations(tx, place.set, collection, values);
    if (any(missing)) return bad(missing);
    const shared = await sharedId(tx, place.set, collection, String(values["id"]));
    if (any(shared)) return bad(shared);
    await tx.run(statementsOf(collection).insert.with(toColumns(collection, values)));
    await parts.outbox.append(tx, { collection: collection.id, record: String(values["id"]), action: "create" });
    if (around) {
      await around.within(tx, { action: "create", viewer: ask.viewer, record: withoutSecrets(collection, values) });
    }
    return good(values);
  });
  return written.ok ? good(shapeRecord(collection, values, ask.viewer, managed)) : written;
}

/**
 * Changes what was sent of a record; not found where the update rule does not hold for the stored row. Answers the whole record
 * as the viewer may see it, once the change is on disk. `ownEmail`: people who send their password as `oldPassword` may change
 * their own address, too. `address`: where on the network the request came from.
 */
export async function updateRecord(
  parts: WriteParts,
  place: Place,
  id: string,
  payload: Payload,
  { ownEmail = false, address }: { readonly ownEmail?: boolean; readonly address?: string } = {},
): Promise<Outcome<RecordJson>> {
  const { collection } = place;
  const sent = readChanged(place, payload);
  if (sent.modified.size > 0) {
    Object.assign(sent.values, settled(sent, (await findRow(parts.store, collection, id)) ?? {}));
  }
  const ask = withSent(place, payload, sent);
  const condition = demand(collection, "update", ask);
  const stored = await findRow(parts.store, collection, id, condition);
  if (!stored) throw new Refusal("not found", "not_found");

  const managed = await manages(parts.store, collection, id, ask);
  const around = parts.hooks?.around(collection);
  const draft = around ? await seen(around, place, payload, sent, stored) : sent;
  await identifyChanged(draft, collection, stored, payload, managed, { guard: parts.guard, address, ownEmail });
  const problems = await allProblems(parts, place, draft, stored);
  if (any(problems)) return bad(problems);

  const sealed = await seal(collection, draft.values);
  const written = await write(parts, place, async (tx) => {
    let [changes, demanded] = [sealed, condition];
    if (sent.modified.size > 0) {
      const current = (await findRow(tx, collection, id)) ?? {};
      changes = { ...sealed, ...settled(draft, current) };
      demanded = demand(collection, "update", withSent(place, payload, sent, settled(sent, current)));
    }
    const newest = await findRow(tx, collection, id, demanded);
    if (!newest || (managed && !(await manages(tx, collection, id, ask)))) throw new Refusal("not found", "not_found");
    const problems = {
      ...problemsByNow(draft, changes, newest),
      ...(managed ? {} : identifiedByNow(draft, collection, stored, newest)),
      ...(await missingRelations(tx, place.set, collection, changes)),
    };
    if (any(problems)) return bad(problems);
    if (Object.keys(changes).length > 0) {
      const set = assignments(collection, changes);
      await tx.run(sql`UPDATE ${name(collection.name)} SET ${set} WHERE "id" = ${id}`);
    }
    await parts.outbox.append(tx, { collection: collection.id, record: id, action: "update" });
    const record = { ...newest, ...changes };
    if (around) {
      await around.within(tx, {
        action: "update",
        viewer: ask.viewer,
        record: withoutSecrets(collection, record),
        before: withoutSecrets(collection, newest),
      });
    }
    return good(record);
  });
  return written.ok ? good(shapeRecord(collection, written.value, ask.viewer, managed)) : written;
}

/** What is wrong with values in view of the stored row, now that nobody else can change it. */
function problemsByNow({ unchecked, modified }: Sent, changes: Values, newest: Values): Problems {
  const problems: Problems = {};
  for (const field of unchecked) {
    const value = changes[field.name];
    if (value === undefined) continue;
    const found = (modified.has(field) ? field.check(value) : undefined) ?? changeProblem(field, value, newest);
    if (found) problems[field.name] = found;
  }
  return problems;
}

/** The draft as people's own code leaves it; what that has set is checked like what was sent. */
async function seen(
  around: Around,
  { collection, ask }: Place,
  payload: Payload,
  sent: Sent,
  stored?: Values,
): Promise<Sent> {
  const draft = await reconsider(around, collection, ask.viewer, payload, sent, stored);
  const more = collection.fields.filter((field) => draft.set.has(field.name) && !sent.unchecked.includes(field));
  const modified = new Map([...sent.modified].filter(([field]) => !draft.set.has(field.name)));
  return { ...draft, unchecked: [...sent.unchecked, ...more], modified };
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
    const found = field.check(value) ?? changeProblem(field, value, stored);
    if (found) problems[field.name] = found;
  }
  if (any(problems)) return { ...(await missingRelations(store, set, collection, values)), ...problems };
  return Object.hasOwn(checks, collection.name) ? (checks[collection.name]?.({ ...stored, ...values }, set) ?? {}) : {};
}

function changeProblem(
  { name, kind, definition, zero }: CompiledField,
  value: Json,
  stored: Values,
): Problem | undefined {
  return kind.change?.(value, stored[name] ?? zero, definition);
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
    if (error instanceof Undone) return bad(error.problems);
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
