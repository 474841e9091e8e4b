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
  const list = JSON.stringify(ids);
  const row = await reading.first<{ total: number }>(
    sql`SELECT COUNT(*) AS total FROM ${name(target.name)} WHERE "id" IN (SELECT value FROM json_each(${list}))`,
  );
  return row?.total ?? 0;
}

function idsOf(value: Json | undefined): string[] {
  const list = Array.isArray(value) ? value : [value];
  return [...new Set(list.filter((id): id is string => typeof id === "string" && id !== ""))];
}

/** A relation field, and the collection that has it. */
interface Referrer {
  readonly collection: Collection;
  readonly field: CompiledField;
}

export function referrersOf(set: Collections, target: Collection): Referrer[] {
  return set.all.flatMap((collection) => {
    const fields = collection.type === "view" ? [] : collection.fields.filter((field) => field.target === target.id);
    return fields.map((field) => ({ collection, field }));
  });
}

/** Records that mention the id in this field. */
export async function mentions(reading: Reading, dialect: Dialect, referrer: Referrer, id: string): Promise<Values[]> {
  const { collection, field } = referrer;
  const rows = await reading.all<Row>(sql`${statementsOf(collection).select} WHERE ${mentioning(dialect, field, id)}`);
  return rows.map((row) => toValues(collection, row));
}

function mentioning(dialect: Dialect, field: CompiledField, id: string): Sql {
  const column = name(field.name);
  if (field.shape !== "list") return sql`${column} = ${id}`;
  return sql`EXISTS (SELECT 1 FROM ${dialect.elements(column)} WHERE value = ${id})`;
}

/** What is left of a relation's value without this id, and whether nothing is. */
export function without(field: CompiledField, value: Json | undefined, id: string): { left: Json; empty: boolean } {
  const ids = idsOf(value).filter((other) => other !== id);
  return { left: field.shape === "list" ? ids : (ids[0] ?? ""), empty: ids.length === 0 };
}
