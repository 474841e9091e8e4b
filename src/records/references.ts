import type { Collection, Collections, CompiledField, Values } from "../collections/collection.ts";
import type { Json } from "../fields/field.ts";
import { problem, type Problems } from "../lib/errors.ts";
import type { Dialect } from "../store/dialect.ts";
import type { Reading } from "../store/engine.ts";
import { name, type Sql, sql } from "../store/sql.ts";
import { type Row, statementsOf, toValues } from "./row.ts";

/** Relations of these values that point at records which do not exist. */
export async function missingRelations(
  reading: Reading,
  set: Collections,
  collection: Collection,
  values: Values,
): Promise<Problems> {
  const problems: Problems = {};
  for (const field of collection.fields) {
    const ids = field.target === undefined ? [] : idsOf(values[field.name]);
    if (!ids.length) continue;
    const target = set.find(field.target ?? "");
    const known = target ? await countOf(reading, target, ids) : 0;
    if (known !== ids.length) problems[field.name] = problem("validation_missing_rel_records");
  }
  return problems;
}

async function countOf(reading: Reading, target: Collection, ids: readonly string[]): Promise<number> {
  const [id = "", ...others] = ids;
  if (!others.length) return (await reading.first(statementsOf(target).known.with([id]))) === undefined ? 0 : 1;
  const list = JSON.stringify(ids);
  const row = await reading.first<{ total: number }>(
    sql`SELECT COUNT(*) AS total FROM ${name(target.name)} WHERE "id" IN (SELECT value FROM json_each(${list}))`,
  );
  return row?.total ?? 0;
}

/** The ids that a relation's value holds, each once. */
export function idsOf(value: Json | undefined): string[] {
  const list = Array.isArray(value) ? value : [value];
  return [...new Set(list.filter((id): id is string => typeof id === "string" && id !== ""))];
}

/** A relation field, and the collection that has it. */
export interface Referrer {
  readonly collection: Collection;
  readonly field: CompiledField;
}

export function referrersOf(set: Collections, target: Collection): Referrer[] {
  return set.all.flatMap((collection) => {
    const fields = collection.type === "view" ? [] : collection.fields.filter((field) => field.target === target.id);
    return fields.map((field) => ({ collection, field }));
  });
}

/** As many records as one statement reads or writes, so that none holds up everyone else for long. */
export const atOnce = 500;

/**
 * Records that mention any of these ids in this field, some at a time, now and then none. What is found must have gone or
 * mention none of them any more before more is asked for.
 */
export async function* mentions(
  reading: Reading,
  dialect: Dialect,
  referrer: Referrer,
  ids: readonly string[],
): AsyncGenerator<Values[]> {
  const known = JSON.stringify(ids);
  const found =
    referrer.field.shape === "list" ? stretches(reading, dialect, referrer, known) : pointing(reading, referrer, known);
  for await (const rows of found) yield rows.map((row) => toValues(referrer.collection, row));
}

const pointers = new WeakMap<CompiledField, Sql>();

/** A relation to one record has an index. */
async function* pointing(reading: Reading, { collection, field }: Referrer, ids: string): AsyncGenerator<Row[]> {
  let query = pointers.get(field);
  if (!query) {
    const { select } = statementsOf(collection);
    query = sql`${select} WHERE ${name(field.name)} IN (SELECT value FROM json_each(${""})) LIMIT ${atOnce}`;
    pointers.set(field, query);
  }
  for (;;) {
    const rows = await reading.all<Row>(query.with([ids, atOnce]));
    yield rows;
    if (rows.length < atOnce) return;
  }
}

/** Lists of ids have none, so the whole table is looked through, one stretch after the other. */
async function* stretches(
  reading: Reading,
  dialect: Dialect,
  { collection, field }: Referrer,
  ids: string,
): AsyncGenerator<Row[]> {
  const { select } = statementsOf(collection);
  const table = name(collection.name);
  // The elements have columns of their own, such as `parent` and `type`.
  const column = sql`${table}.${name(field.name)}`;
  const last = sql`SELECT "id" FROM ${table} WHERE "id" > ${""} ORDER BY "id" LIMIT 1 OFFSET ${atOnce - 1}`;
  const elements = sql`SELECT 1 FROM ${dialect.elements(column)} WHERE value IN (SELECT value FROM json_each(${ids}))`;
  const stretch = sql`${select} WHERE "id" > ${""} AND "id" <= ${""} AND EXISTS (${elements})`;
  const rest = sql`${select} WHERE "id" > ${""} AND EXISTS (${elements})`;
  for (let from = ""; ;) {
    const to: { id: string } | undefined = await reading.first(last.with([from, atOnce - 1]));
    yield await reading.all<Row>(to ? stretch.with([from, to.id, ids]) : rest.with([from, ids]));
    if (!to) return;
    from = to.id;
  }
}

/** What is left of a relation's value without these ids, and whether nothing is. */
export function without(
  field: CompiledField,
  value: Json | undefined,
  gone: ReadonlySet<string>,
): { left: Json; empty: boolean } {
  const ids = idsOf(value).filter((id) => !gone.has(id));
  return { left: field.shape === "list" ? ids : (ids[0] ?? ""), empty: ids.length === 0 };
}
