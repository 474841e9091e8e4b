import { raw, type Sql, sql, type Value } from "./sql.ts";

/** The few things in which engines differ. */
export interface Dialect {
  readonly engine: "sqlite";
  /** The n-th placeholder, counted from 0. */
  hole(n: number): string;
  /** True for every row; where a query runs beside the main thread, it also stops the query when its time is over. */
  readonly tick: Sql;
  /** The elements of a JSON array as a table with the column `value`. */
  elements(list: Sql): Sql;
  /** The value at a path inside JSON; `path` as SQLite writes it (`$.a.b[0]`). */
  at(json: Sql, path: Value): Sql;
}

export const sqlite: Dialect = {
  engine: "sqlite",
  hole: () => "?",
  tick: raw("/*tick*/1"),
  elements: (list) => sql`json_each(CASE WHEN json_valid(${list}) THEN ${list} ELSE json_array(${list}) END)`,
  at: (json, path) => sql`json_extract(${json}, ${path})`,
};
