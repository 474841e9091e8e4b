import { compileFilter, compileSort } from "../filter/filter.ts";
import type { Ask, Scope, ScopeCollection, ScopeField } from "../filter/scope.ts";
import type { Json } from "../fields/field.ts";
import type { Reading } from "../store/engine.ts";
import { chain, name, raw, type Sql, sql } from "../store/sql.ts";
import type { Collections } from "./collection.ts";
import { shown } from "./definition.ts";
import { oursAlone } from "./system.ts";

export interface CollectionsQuery {
  readonly page: number;
  readonly perPage: number;
  readonly sort: string;
  readonly filter: string;
  readonly skipTotal: boolean;
  /** Those too that only Formstead has. */
  readonly ours: boolean;
}

/** What collections can be filtered and sorted by. */
const fields = new Map(
  ["id", "name", "type", "system", "created", "updated"].map((name): [string, ScopeField] => [
    name,
    { name, type: name === "system" ? "bool" : "text", shape: "scalar", hidden: false },
  ]),
);

const table: ScopeCollection = {
  id: "_collections",
  name: "_collections",
  type: "base",
  field: (name) => fields.get(name),
};

const where = raw(" WHERE ");
const and = raw(" AND (");
const end = raw(")");
const orderBy = raw(" ORDER BY ");

/** What PocketBase does not have would stand in the way of its tools, which take over all that they find. */
const known = sql`name NOT IN (SELECT value FROM json_each(${JSON.stringify(oursAlone)}))`;

/** A page of the collections' definitions, as superusers see them. */
export async function listCollections(reading: Reading, set: Collections, ask: Ask, query: CollectionsQuery) {
  const scope: Scope = {
    collection: table,
    from: name("_collections"),
    lookup: set.find,
    trusted: true,
  };
  const { page, perPage } = query;
  const condition = query.filter.trim() === "" ? true : compileFilter(query.filter, scope)(ask);
  const matching: Sql[] = [where, query.ours ? raw("1") : known];
  if (condition !== true) matching.push(and, condition === false ? raw("0") : condition, end);
  const order = [orderBy, query.sort.trim() === "" ? raw("rowid") : compileSort(query.sort, scope)];
  const tail = sql` LIMIT ${perPage} OFFSET ${(page - 1) * perPage}`;

  const rows = await reading.all<{ id: string }>(
    chain([sql`SELECT id FROM _collections`, ...matching, ...order, tail]),
  );
  const items = rows.flatMap(({ id }): { [key: string]: Json }[] => {
    const collection = set.find(id);
    return collection ? [shown(collection.definition)] : [];
  });
  if (query.skipTotal) return { items, page, perPage, totalItems: -1, totalPages: -1 };
  const count = await reading.first<{ total: number }>(
    chain([sql`SELECT COUNT(*) AS total FROM _collections`, ...matching]),
  );
  const totalItems = count?.total ?? 0;
  return { items, page, perPage, totalItems, totalPages: Math.ceil(totalItems / perPage) };
}
