import { problem, type Problem, Refusal } from "../lib/errors.ts";
import { sentence } from "../phrases/index.ts";
import type { Reading, Store, Unit } from "../store/engine.ts";
import { join, name, raw, type Sql, sql, type Value } from "../store/sql.ts";
import type { Collections } from "./collection.ts";
import { compileSet } from "./compile.ts";
import type { Definition } from "./definition.ts";
import { sqliteTables } from "./sqlite-tables.ts";
import { namesIn, originOf } from "./view-fields.ts";
import type { Query, Read } from "./view-query.ts";
import { inOrder, readView, ViewError } from "./views.ts";

/** Views as the database has them. */

/** Takes all views out of the database, so that what they read can be changed. */
export async function takeDown(tx: Unit, definitions: readonly Definition[]): Promise<void> {
  for (const view of inOrder(definitions).reverse()) await tx.run(sql`DROP VIEW IF EXISTS ${name(view.name)}`);
}

/**
 * Makes the views, and answers all definitions as they stand then: one that was broken and is not any more says so no longer.
 * Throws ViewError for one that cannot be made, unless it is known to be broken.
 */
export async function putUp(tx: Unit, definitions: readonly Definition[]): Promise<Definition[]> {
  const changed = new Map<string, Definition>();
  const set = compileSet(definitions);
  for (const view of inOrder(definitions)) {
    const wrong = await make(tx, view, set);
    if (wrong && view.broken === undefined) throw new ViewError(view, wrong);
    if (!wrong && view.broken !== undefined) {
      const { broken: _, ...whole } = view;
      changed.set(view.id, whole);
    }
  }
  return definitions.map((it) => changed.get(it.id) ?? it);
}

async function make(tx: Unit, view: Definition, set: Collections): Promise<Problem | undefined> {
  const read = readView(view, set);
  if (!read.ok) return read.problem;
  const { query } = read.value;
  const foreign = await foreignName(tx, query, set);
  if (foreign) return problem("view_no_collection", { name: foreign });
  try {
    // The query may end in a comment.
    await remake(tx, between, sql`${raw(query.text)}\n`);
    const misread = await misreadColumn(tx, query);
    if (misread === undefined) await remake(tx, view.name, inner(query, set));
    await tx.run(sql`DROP VIEW ${name(between)}`);
    return misread === undefined ? undefined : problem("view_misread", { name: misread });
  } catch (error) {
    const reason = sqlReason(error);
    if (reason === undefined) throw error;
    for (const it of [between, view.name]) await tx.run(sql`DROP VIEW IF EXISTS ${name(it)}`);
    return problem("view_refused", { reason });
  }
}

/** A name that no collection can have, for the query as it is. */
const between = "~query";

/** SQLite takes any text for a view; whether it makes sense is seen when it is read. */
async function remake(tx: Unit, view: string, query: Sql): Promise<void> {
  await tx.run(sql`DROP VIEW IF EXISTS ${name(view)}`);
  await tx.run(sql`CREATE VIEW ${name(view)} AS ${query}`);
  await tx.all(sql`SELECT * FROM ${name(view)} LIMIT 0`);
}

/**
 * The query as the view has it: ids are texts, to whoever asks for one of them. Those of a collection are so anyway, and found by
 * its index. In back quotes, since SQLite takes a name in double quotes that it does not know for a text.
 */
function inner(query: Query, set: Collections): Sql {
  const columns = query.columns.map((column) => {
    const quoted = `\`${column.name}\``;
    const cast = column.name === "id" && !originOf(column, query, set);
    return raw(`${cast ? `CAST(${quoted} AS TEXT)` : quoted} AS ${quoted}`);
  });
  return sql`SELECT ${join(columns, ", ")} FROM (${raw(query.text)}\n)`;
}

/** A table that is no collection: one of our own, or one of those that SQLite has beside them. */
async function foreignName(reading: Reading, query: Query, set: Collections): Promise<string | undefined> {
  const tables = await reading.all<{ name: string }>(
    sql`SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')`,
  );
  const known = new Set(set.all.map((it) => it.name.toLowerCase()));
  const foreign = new Set(tables.map((it) => it.name.toLowerCase()).filter((it) => !known.has(it)));
  return [...namesIn(query.tokens)].find((it) => foreign.has(it) || sqliteTables.test(it));
}

/** A column that SQLite calls otherwise than we do: then we have not understood the query. */
async function misreadColumn(reading: Reading, { columns }: Query): Promise<string | undefined> {
  const seen = await reading.all<{ name: string }>(sql`SELECT name FROM pragma_table_info(${between})`);
  const wrong = columns.find((it, at) => seen[at]?.name.toLowerCase() !== it.name.toLowerCase());
  return wrong?.name ?? seen[columns.length]?.name;
}

/** The same definitions, with what is broken about a view that stands, and no word of it where it can be read. */
export async function findBroken(reading: Reading, definitions: readonly Definition[]): Promise<Definition[]> {
  const checked: Definition[] = [];
  for (const definition of definitions) {
    const { broken: _, ...whole } = definition;
    const reason = definition.type === "view" ? await troubleOf(reading, definition) : undefined;
    checked.push(reason === undefined ? whole : { ...whole, broken: reason });
  }
  return checked;
}

async function troubleOf(reading: Reading, view: Definition): Promise<string | undefined> {
  try {
    const columns = view.fields.map((field) => name(field.name));
    await reading.all(sql`SELECT ${join(columns, ", ")} FROM ${name(view.name)} LIMIT 0`);
    return undefined;
  } catch (error) {
    const reason = sqlReason(error);
    if (reason === undefined) throw error;
    return sentence("en", "view_refused", { reason });
  }
}

/** Rows of a sample. */
const sampleSize = 100;

/** Bytes that they may have. */
const sampleBytes = 50_000_000;

/**
 * The first rows that a query finds, read as those of a view. Wrong where two of them have one id, or none: then no record could
 * be told from another.
 */
export async function sampleOf(store: Store, query: Query, set: Collections): Promise<Read<Row[]>> {
  const foreign = await foreignName(store, query, set);
  if (foreign) return { ok: false, problem: problem("view_no_collection", { name: foreign }) };
  try {
    const rows = await store.scan<Row>(
      sql`SELECT * FROM (${inner(query, set)}) WHERE ${store.dialect.tick} LIMIT ${sampleSize}`,
      undefined,
      true,
      sampleBytes,
    );
    const ids = new Set(rows.map((row) => row["id"]));
    if (ids.size < rows.length || ids.has(null) || ids.has("")) return { ok: false, problem: problem("view_ids") };
    return { ok: true, value: rows };
  } catch (error) {
    if (error instanceof Refusal && error.code === "query_timeout") return { ok: false, problem: problem("view_slow") };
    if (error instanceof Refusal && error.code === "answer_too_large") {
      return { ok: false, problem: problem("view_large") };
    }
    const reason = sqlReason(error);
    if (reason === undefined) throw error;
    return { ok: false, problem: problem("view_refused", { reason }) };
  }
}

type Row = Record<string, Value>;

/** What SQLite says of a query; `undefined` where it is no fault of the query. */
export function sqlReason(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && error.code === "SQLITE_ERROR" ? error.message : undefined;
}
