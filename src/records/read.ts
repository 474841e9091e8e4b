import type { Collection, Collections, Values } from "../collections/collection.ts";
import { compileFilter, compileSort } from "../filter/filter.ts";
import type { Ask, Scope } from "../filter/scope.ts";
import { Refusal } from "../lib/errors.ts";
import type { Reading, Store } from "../store/engine.ts";
import { chain, name, raw, type Sql, sql, type Value } from "../store/sql.ts";
import { type Row, statementsOf, toValues } from "./row.ts";
import { closedTo, demand } from "./rules.ts";
import { type RecordJson, shapeRow } from "./shape.ts";

export interface ReadParts {
  readonly store: Store;
}

/** Where a collection is read: among which others, and for whom. */
export interface Place {
  readonly collection: Collection;
  readonly set: Collections;
  readonly ask: Ask;
}

export interface ListQuery {
  readonly page: number;
  readonly perPage: number;
  readonly sort: string;
  readonly filter: string;
  readonly skipTotal: boolean;
  readonly gone?: AbortSignal;
}

export interface RecordList {
  readonly items: RecordJson[];
  readonly page: number;
  readonly perPage: number;
  readonly totalItems: number;
  readonly totalPages: number;
}

export const mostPerPage = 1000;

const where = raw(" WHERE ");
const orderBy = raw(" ORDER BY ");
const and = raw(" AND (");
const end = raw(")");

/** One record as the viewer may see it; refused as not found where the view rule does not hold. */
export async function viewRecord({ store }: ReadParts, { collection, ask }: Place, id: string): Promise<RecordJson> {
  const row = await fetchRow(store, collection, id, demand(collection, "view", ask));
  if (!row) throw new Refusal("not found", "not_found");
  const managed = collection.type === "auth" && (await manages(store, collection, id, ask));
  return shapeRow(collection, row, ask.viewer, managed);
}

/** Where one row is looked for. Who asks a view may look at many for it, so that it is left to `scan`, where there is one. */
type Searching = Reading & Partial<Pick<Store, "scan">>;

/** The stored values of a record, under a condition. */
export async function findRow(
  reading: Searching,
  collection: Collection,
  id: string,
  condition: Sql | boolean = true,
): Promise<Values | undefined> {
  const row = await fetchRow(reading, collection, id, condition);
  return row && toValues(collection, row);
}

async function fetchRow(
  reading: Searching,
  collection: Collection,
  id: string,
  condition: Sql | boolean,
): Promise<Row | undefined> {
  if (condition === false) return undefined;
  const byId = statementsOf(collection).byId.with([id]);
  const query = condition === true ? byId : chain([byId, and, condition, end]);
  const slow = collection.readsViews && (condition !== true || collection.type === "view");
  if (!slow || !reading.scan) return reading.first<Row>(query);
  const [row] = await reading.scan<Row>(query, undefined, true);
  return row;
}

/** Of these records those that the view rule lets through, as the viewer may see them; none where it is closed to them. */
export async function viewAmong(
  { store }: ReadParts,
  { collection, ask }: Place,
  ids: readonly string[],
): Promise<RecordJson[]> {
  if (ids.length === 0 || closedTo(collection, "view", ask)) return [];
  const rule = demand(collection, "view", ask);
  if (rule === false) return [];
  const { select } = statementsOf(collection);
  const known = sql` WHERE "id" IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  const query = chain([select, known, ...(rule === true ? [] : [and, rule, end])]);
  const isView = collection.type === "view";
  const rows = isView ? await store.scan<Row>(query, undefined, true) : await store.all<Row>(query);
  return shapeRows(store, { collection, ask }, rows);
}

/** Stored rows as the viewer may see them. */
export async function shapeRows(
  reading: Reading,
  { collection, ask }: Pick<Place, "collection" | "ask">,
  rows: readonly Row[],
): Promise<RecordJson[]> {
  const ours = await managedAmong(reading, collection, rows, ask);
  return rows.map((row) => shapeRow(collection, row, ask.viewer, ours === true || ours.has(row["id"])));
}

/** Whether the viewer satisfies the manage rule for this record. */
export async function manages(reading: Reading, collection: Collection, id: string, ask: Ask): Promise<boolean> {
  if (collection.type !== "auth" || ask.viewer.kind === "superuser") return ask.viewer.kind === "superuser";
  const condition = collection.rule("manage")?.(ask) ?? false;
  return condition !== false && (await findRow(reading, collection, id, condition)) !== undefined;
}

/** The ids of those records for which the viewer satisfies the manage rule; `true` for all of them. */
async function managedAmong(
  reading: Reading,
  collection: Collection,
  rows: readonly Row[],
  ask: Ask,
): Promise<ReadonlySet<Value | undefined> | true> {
  if (collection.type !== "auth" || ask.viewer.kind === "superuser") return true;
  const condition = collection.rule("manage")?.(ask) ?? false;
  if (typeof condition === "boolean") return condition || new Set();
  const ids = JSON.stringify(rows.map((row) => row["id"]));
  const found = await reading.all<{ id: string }>(
    sql`SELECT id FROM ${name(collection.name)} WHERE id IN (SELECT value FROM json_each(${ids})) AND (${condition})`,
  );
  return new Set(found.map(({ id }) => id));
}

/** A page of the records that the list rule and the filter let through. */
export async function listRecords({ store }: ReadParts, place: Place, query: ListQuery): Promise<RecordList> {
  const { collection, set, ask } = place;
  const { select, count } = statementsOf(collection);
  const scope: Scope = {
    collection,
    from: name(collection.name),
    lookup: set.find,
    trusted: ask.viewer.kind === "superuser",
  };
  const rule = demand(collection, "list", ask);
  const filter = query.filter.trim() === "" ? true : compileFilter(query.filter, scope)(ask);
  const order = query.sort.trim() === "" ? undefined : compileSort(query.sort, scope, ask);
  const { page, perPage } = query;
  if (rule === false || filter === false) return listOf([], page, perPage, query.skipTotal ? -1 : 0);

  const conditions = [rule, filter].filter((condition) => condition !== true);
  const matching = [where, store.dialect.tick, ...conditions.flatMap((condition) => [and, condition, end])];
  const tail = [...(order ? [orderBy, order] : []), sql` LIMIT ${perPage} OFFSET ${(page - 1) * perPage}`];
  // Nothing counts what a view looks at before its first row.
  const aside = collection.type === "view";
  const rows = await store.scan<Row>(chain([select, ...matching, ...tail]), query.gone, aside);
  const items = await shapeRows(store, place, rows);
  if (query.skipTotal) return listOf(items, page, perPage, -1);
  if (rows.length < perPage && (rows.length > 0 || page === 1)) {
    return listOf(items, page, perPage, (page - 1) * perPage + rows.length);
  }
  // SQLite counts a whole table without looking at its rows, which a tick would make it do.
  const counting = conditions.length ? chain([count, ...matching]) : count;
  const [counted] = await store.scan<{ total: number }>(counting, query.gone, aside);
  return listOf(items, page, perPage, counted?.total ?? 0);
}

function listOf(items: RecordJson[], page: number, perPage: number, totalItems: number): RecordList {
  return { items, page, perPage, totalItems, totalPages: totalItems < 0 ? -1 : Math.ceil(totalItems / perPage) };
}

/** How many records a collection has. */
export async function countRecords(store: Store, { name: table, type }: Collection): Promise<number> {
  const counting = sql`SELECT COUNT(*) AS total FROM ${name(table)}`;
  const [row] = await store.scan<{ total: number }>(counting, undefined, type === "view");
  return row?.total ?? 0;
}
