import type { Collection, CompiledField } from "../collections/collection.ts";
import type { Dialect } from "../store/dialect.ts";
import { chain, join, name, raw, type Sql, sql } from "../store/sql.ts";
import type { Place } from "./read.ts";
import { statementsOf } from "./row.ts";

/** The column that says of a row which record it refers to. */
export const among = "~among";

/** Records that refer to one record, as many of them as are answered. */
const mostReferring = 1000;

/** What a name in `expand` leads to. */
export interface Relation {
  readonly collection: Collection;
  /** The field of the record that holds the ids; without it, others refer to the record, and their rows say `among`. */
  readonly column?: string;
  /** Answered as a list. */
  readonly many: boolean;
  /** The rows that belong to any of these ids (a JSON array) and meet the rule, in the order in which they are answered. */
  query(dialect: Dialect, ids: string, rule: Sql | true): Sql;
}

const referring = /^(\w+)_via_(\w+)$/;

/** `author`, or `comments_via_post`, as far as this viewer may know of it. */
export function relationOf({ collection, set, ask }: Place, wanted: string): Relation | undefined {
  const hiddenToo = ask.viewer.kind === "superuser";
  const field = collection.field(wanted);
  if (field) {
    const target = field.hidden && !hiddenToo ? undefined : set.find(field.target ?? "");
    return target && pointing(field, target);
  }
  const [, from = "", by = ""] = referring.exec(wanted) ?? [];
  const source = from === "" ? undefined : set.find(from);
  const back = source?.field(by);
  if (!source || back?.target !== collection.id || (back.hidden && !hiddenToo)) return undefined;
  return referringBy(source, back);
}

function pointing(field: CompiledField, collection: Collection): Relation {
  return {
    collection,
    column: field.name,
    many: field.shape === "list",
    query: ({ tick }, ids, rule) => {
      const { select } = statementsOf(collection);
      const known = sql` AND "id" IN (SELECT value FROM json_each(${ids}))`;
      return chain([select, where, tick, known, ...under(rule)]);
    },
  };
}

function referringBy(collection: Collection, field: CompiledField): Relation {
  const { shape, unique } = field;
  const indexed = collection.type !== "view" && shape === "scalar";
  return {
    collection,
    many: shape !== "scalar" || unique !== true,
    query: indexed
      ? (dialect, ids, rule) => oneByOne(dialect, collection, field, ids, rule)
      : (dialect, ids, rule) => inOneGo(dialect, collection, field, ids, rule),
  };
}

/*
 * Neither of these orders whole rows at its end: SQLite would read all of them, however large, before it answers the first. It
 * goes through a CROSS JOIN from left to right, through the numbers of an IN upwards, and through a window in its own order.
 */

/** For each id the first rows that the index finds: of a million that refer to it, the others are not looked at. */
function oneByOne(dialect: Dialect, collection: Collection, field: CompiledField, ids: string, rule: Sql | true): Sql {
  const table = name(collection.name);
  const number = sql`${table}._rowid_`;
  const own = sql`SELECT ${number} FROM ${table}
    WHERE ${dialect.visit(number)} AND ${table}.${name(field.name)} = "~ids".value`;
  const first = chain([own, ...under(rule), sql` ORDER BY ${number} LIMIT ${mostReferring}`]);
  return sql`SELECT ${columnsOf(collection)}, "~ids".value AS ${name(among)}
    FROM json_each(${ids}) AS "~ids" CROSS JOIN ${table} AS "~row" ON "~row"._rowid_ IN (${first})`;
}

/** Lists have no index, and views may be worked out anew each time they are asked: they are looked through once for all ids. */
function inOneGo(dialect: Dialect, collection: Collection, field: CompiledField, ids: string, rule: Sql | true): Sql {
  const table = name(collection.name);
  const key = raw(collection.type === "view" ? '"id"' : "_rowid_");
  const number = sql`${table}.${key}`;
  const column = sql`${table}.${name(field.name)}`;
  const isList = field.shape !== "scalar";
  const from = isList ? sql`${table} CROSS JOIN ${dialect.elements(column)} AS "~each"` : table;
  const id = isList ? raw(`"~each".value`) : column;
  const pairs = sql`SELECT ${number} AS number, ${id} AS id,
      row_number() OVER (PARTITION BY ${id} ORDER BY ${number}) AS place
    FROM ${from} WHERE ${dialect.visit(number)} AND ${id} IN (SELECT value FROM json_each(${ids}))`;
  return sql`SELECT ${columnsOf(collection)}, "~pairs".id AS ${name(among)}
    FROM (${chain([pairs, ...under(rule)])}) AS "~pairs" CROSS JOIN ${table} AS "~row" ON "~row".${key} = "~pairs".number
    WHERE "~pairs".place <= ${mostReferring}`;
}

function columnsOf({ fields }: Collection): Sql {
  return join(
    fields.map((field) => sql`"~row".${name(field.name)}`),
    ", ",
  );
}

const where = raw(" WHERE ");
const and = raw(" AND (");
const end = raw(")");

function under(rule: Sql | true): readonly Sql[] {
  return rule === true ? [] : [and, rule, end];
}
