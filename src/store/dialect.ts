import { raw, type Sql, sql, type Value } from "./sql.ts";

/** The few things in which engines differ. */
export interface Dialect {
  readonly engine: "sqlite";
  /** The n-th placeholder, counted from 0. */
  hole(n: number): string;
  /**
   * True for every row; where a query may look at many, it also stops the query when its time is over. It comes first in a
   * WHERE clause, also in that of a subquery: after another condition it is asked only for rows that meet that one.
   */
  readonly tick: Sql;
  /** The elements of a JSON array as a table with the column `value`. */
  elements(list: Sql): Sql;
  /** The value at a path inside JSON; `path` as SQLite writes it (`$.a.b[0]`). */
  at(json: Sql, path: Value): Sql;
}

/** Costs nothing where it stands; `countTicks` makes a call of it. */
const mark = "/*tick*/1";

/** The same query, calling `tick()` for each row that it looks at. */
export function countTicks(text: string): string {
  return text.replaceAll(mark, "tick()");
}

export const sqlite: Dialect = {
  engine: "sqlite",
  hole: () => "?",
  tick: raw(mark),
  elements: (list) => sql`json_each(CASE WHEN json_valid(${list}) THEN ${list} ELSE json_array(${list}) END)`,
  at: (json, path) => sql`json_extract(${json}, ${path})`,
};
