import type { Collection, Values } from "../collections/collection.ts";
import { newRow } from "../collections/compile.ts";
import type { Json } from "../fields/field.ts";
import { join, name, raw, type Sql, sql, type Value } from "../store/sql.ts";

export type Row = Record<string, Value>;

/** The statements about a collection's table, written once. */
export interface Statements {
  /** `SELECT "a", "b", … FROM "table"`. */
  readonly select: Sql;
  readonly count: Sql;
  /** Its hole is the id. */
  readonly byId: Sql;
  /** Whether there is a record; its hole is the id. */
  readonly known: Sql;
  /** Its holes are the columns in order. */
  readonly insert: Sql;
  /** Its hole is the ids, as JSON. */
  readonly remove: Sql;
}

const newRows = new WeakMap<Collection, Sql>();

/**
 * A row as it would be written, to ask a create rule of: `WITH "new" AS (…) SELECT 1 FROM "new"`; its holes are the columns in
 * order. Each is cast to its column's type, so that it compares as the stored row will. JSON columns are not: a cast would read
 * their text as a number.
 */
export function newRowOf(collection: Collection): Sql {
  let known = newRows.get(collection);
  if (!known) {
    const columns = collection.fields.map((field) => {
      const type = field.kind.column(field.definition).type;
      const affinity = type === "TEXT" ? "TEXT" : type === "JSON" ? undefined : "NUMERIC";
      return affinity
        ? sql`CAST(${null} AS ${raw(affinity)}) AS ${name(field.name)}`
        : sql`${null} AS ${name(field.name)}`;
    });
    known = sql`WITH ${name(newRow)} AS (SELECT ${join(columns, ", ")}) SELECT 1 AS held FROM ${name(newRow)}`;
    newRows.set(collection, known);
  }
  return known;
}

const statements = new WeakMap<Collection, Statements>();

export function statementsOf(collection: Collection): Statements {
  let known = statements.get(collection);
  if (!known) statements.set(collection, (known = write(collection)));
  return known;
}

function write(collection: Collection): Statements {
  const table = name(collection.name);
  const columns = join(
    collection.fields.map((field) => name(field.name)),
    ", ",
  );
  const holes = join(
    collection.fields.map(() => sql`${null}`),
    ", ",
  );
  return {
    select: sql`SELECT ${columns} FROM ${table}`,
    count: sql`SELECT COUNT(*) AS total FROM ${table}`,
    byId: sql`SELECT ${columns} FROM ${table} WHERE "id" = ${""}`,
    known: sql`SELECT 1 AS one FROM ${table} WHERE "id" = ${""}`,
    insert: sql`INSERT INTO ${table} (${columns}) VALUES (${holes})`,
    remove: sql`DELETE FROM ${table} WHERE "id" IN (SELECT value FROM json_each(${""}))`,
  };
}

export function toValues(collection: Collection, row: Row): Values {
  const values: Record<string, Json> = {};
  for (const field of collection.fields) values[field.name] = field.fromColumn(row[field.name] ?? null);
  return values;
}

/** The row for the table, in the order of the fields. */
export function toColumns(collection: Collection, values: Values): Value[] {
  return collection.fields.map((field) => field.toColumn(values[field.name] ?? field.zero));
}

/** `SET` for the fields that have a new value. */
export function assignments(collection: Collection, values: Values): Sql {
  const changed = collection.fields.filter((field) => Object.hasOwn(values, field.name));
  return join(
    changed.map((field) => sql`${name(field.name)} = ${field.toColumn(values[field.name] ?? field.zero)}`),
    ", ",
  );
}
