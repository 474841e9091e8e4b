import { raw, type Sql, sql, type Value } from "./sql.ts";

/** The few things in which engines differ. */
export interface Dialect {
  readonly engine: "sqlite";
  /** The n-th placeholder, counted from 0. */
  hole(n: number): string;
  /**
   * True for every row; where a query may look at many, it also stops the query when its time is over. It comes first in a
   * WHERE clause: after another condition it is asked only for rows that meet that one.
   */
  readonly tick: Sql;
  /**
   * The same for a joined row, of which `row` is the number (`alias._rowid_`): what names no column is asked once for the whole
   * join. It comes first in the ON clause, for rows that do not fit, and first in the WHERE clause, since SQLite asks that one
   * first where it makes a LEFT JOIN a plain one.
   */
  visit(row: Sql): Sql;
  /** True; said before a condition that takes time for `bytes`, each worth a nanosecond at worst. */
  weigh(bytes: Sql): Sql;
  /** One row of nothing, to join others to. */
  readonly oneRow: Sql;
  /** The elements of a JSON array as a table with the column `value`. */
  elements(list: Sql): Sql;
  /** The value at a path inside JSON; `path` as SQLite writes it (`$.a.b[0]`). */
  at(json: Sql, path: Value): Sql;
}

/** They cost nothing where they stand; `countTicks` makes calls of them. */
const marks = { tick: "/*tick*/1", visit: "/*visit*/(1 OR ", weigh: "/*weigh*/(1 OR " };

/** The same query, calling `tick()` and `visit(row)` for each row that it looks at, and `weigh(bytes)`. */
export function countTicks(text: string): string {
  return text.replaceAll(marks.tick, "tick()").replaceAll(marks.visit, "visit(").replaceAll(marks.weigh, "weigh(");
}

/** What the plan of a query calls that row. */
export const rowOfNothing = "~one";

export const sqlite: Dialect = {
  engine: "sqlite",
  hole: () => "?",
  tick: raw(marks.tick),
  visit: (row) => sql`${raw(marks.visit)}${row})`,
  weigh: (bytes) => sql`${raw(marks.weigh)}${bytes})`,
  oneRow: raw(`(SELECT 1) AS "${rowOfNothing}"`),
  elements: (list) => sql`json_each(CASE WHEN json_valid(${list}) THEN ${list} ELSE json_array(${list}) END)`,
  at: (json, path) => sql`json_extract(${json}, ${path})`,
};
