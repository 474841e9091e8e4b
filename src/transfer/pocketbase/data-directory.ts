import { existsSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { problem, type Problem, Refusal } from "../../lib/errors.ts";
import { tokenKinds } from "../../collections/definition.ts";
import { isObject, parseJson } from "../../lib/json.ts";
import { sha256 } from "../../lib/secrets.ts";
import { type Foreign, openForeign } from "../../store/foreign.ts";
import { join as list, name, sql, type Value } from "../../store/sql.ts";

export type Input = Readonly<Record<string, unknown>>;
export type SourceRow = Readonly<Record<string, Value>>;

/** A collection as PocketBase keeps it, put together as its API would show it to itself: with its secrets. */
export interface SourceCollection {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly input: Input;
  /** Why it cannot be taken over: what was written of it is damaged, or its records are in no table. */
  readonly damage: Problem | undefined;
}

/** A data directory of PocketBase, opened for reading. */
export interface Source {
  readonly collections: readonly SourceCollection[];
  /** The settings; `encrypted` where only PocketBase can read them, nothing where there are none. */
  readonly settings: { readonly groups: Input } | "encrypted" | undefined;
  /** The folder of files, as `COLLECTION/RECORD/NAME` below it, without links on the way. */
  readonly storage: string;
  /** What everything that signs tokens there comes down to; nothing where it has no secrets. */
  readonly secret: string | undefined;
  /** Says which state of the data is read. */
  readonly stamp: string;
  count(table: string): number;
  /** The rows of a table from behind the row with the number `after`, in the order of their numbers (`rowNumber`). */
  rows(table: string, columns: readonly string[], after: number): Iterable<SourceRow>;
  /** The columns of a table. */
  columns(table: string): ReadonlySet<string>;
  /** Refusal "conflict" (code `cli_pb_changing`) where PocketBase has written since it was opened. */
  mustBeUnchanged(): void;
  close(): void;
}

/** PocketBase makes its own of 50 random characters; what is shorter somebody has thought of. */
const shortestSecret = 30;

/** What no column can be called. */
export const rowNumber = "~row";

/**
 * Opens a data directory. `folder` is where a copy lies meanwhile, if one is needed. Refusals "bad request": `cli_pb_missing`, `cli_pb_unreadable`,
 * `cli_pb_old` (written before 0.23, when collections were kept in another way).
 */
export function openSource(root: string, folder: string): Source {
  const file = join(root, "data.db");
  if (!existsSync(file) || !statSync(file).isFile())
    throw new Refusal("bad request", "cli_pb_missing", { folder: root });
  const foreign = opened(file, folder);
  try {
    const fields = foreign.all<{ name: string }>(sql`SELECT name FROM pragma_table_info('_collections')`);
    if (fields.length === 0 || kindOf(foreign, "_collections") !== "table")
      throw new Refusal("bad request", "cli_pb_unreadable", { folder: root });
    if (!fields.some((field) => field.name === "fields"))
      throw new Refusal("bad request", "cli_pb_old", { folder: root });
    const storage = join(root, "storage");
    const collections = collectionsOf(foreign);
    return {
      collections,
      secret: secretOf(collections),
      settings: settingsOf(foreign),
      storage: existsSync(storage) ? realpathSync(storage) : storage,
      stamp: foreign.stamp,
      count: (table) => {
        const count = () => foreign.all<{ total: number }>(sql`SELECT COUNT(*) AS total FROM ${name(table)}`);
        return readable(count)[0]?.total ?? 0;
      },
      rows: (table, columns, after) => {
        const names = list([sql`rowid AS ${name(rowNumber)}`, ...columns.map(name)], ", ");
        return eachReadable(
          foreign.each<SourceRow>(sql`SELECT ${names} FROM ${name(table)} WHERE rowid > ${after} ORDER BY rowid`),
        );
      },
      columns: (table) => {
        const found = foreign.all<{ name: string }>(sql`SELECT name FROM pragma_table_xinfo(${table})`);
        return new Set(found.map((column) => column.name));
      },
      mustBeUnchanged: () => {
        if (foreign.changed()) throw new Refusal("conflict", "cli_pb_changing");
      },
      close: () => foreign.close(),
    };
  } catch (error) {
    foreign.close();
    throw error instanceof Refusal ? error : new Refusal("bad request", "cli_pb_unreadable", { folder: root });
  }
}

/** A file that is written while it is read looks damaged, too. */
function readable<T>(reading: () => T): T {
  try {
    return reading();
  } catch (error) {
    if (error instanceof Error && "code" in error && /^SQLITE_/.test(String(error.code))) {
      throw new Refusal("unavailable", "cli_pb_damaged", { reason: error.message });
    }
    throw error;
  }
}

function* eachReadable<Row>(rows: Iterable<Row>): Generator<Row> {
  const left = rows[Symbol.iterator]();
  try {
    for (;;) {
      const next = readable(() => left.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    left.return?.();
  }
}

function opened(file: string, folder: string): Foreign {
  try {
    return openForeign(file, folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && /^(ENOSPC|EDQUOT)$/.test(String(error.code))) {
      throw new Refusal("no room", "no_room");
    }
    throw new Refusal("bad request", "cli_pb_unreadable", { folder: file });
  }
}

type Stored = Readonly<Record<string, Value>>;

function collectionsOf(foreign: Foreign): SourceCollection[] {
  return foreign.all<Stored>(sql`SELECT * FROM _collections ORDER BY rowid`).map((row) => {
    const { fields, indexes, options, system, ...plain } = row;
    const [name, type] = [String(row["name"]), String(row["type"])];
    const read = { fields: listIn(fields), indexes: listIn(indexes), options: objectIn(options) };
    const input: Input = {
      // Who has no rule there is let in by nobody.
      ...(type === "auth" ? { authRule: null, manageRule: null } : {}),
      ...read.options,
      ...plain,
      system: Boolean(system),
      fields: read.fields ?? [],
      indexes: read.indexes ?? [],
    };
    return { id: String(row["id"]), name, type, input, damage: damageOf(foreign, { name, type, ...read }) };
  });
}

interface ReadRow {
  readonly name: string;
  readonly type: string;
  readonly fields: readonly unknown[] | undefined;
  readonly indexes: readonly unknown[] | undefined;
  readonly options: Input | undefined;
}

/** What is read as nothing would open rules and lose columns. */
function damageOf(foreign: Foreign, { name, type, fields, indexes, options }: ReadRow): Problem | undefined {
  // Whatever it is, it has an id.
  const bare = !fields || (type !== "view" && fields.length === 0);
  const [column] = [
    ...(bare ? ["fields"] : []),
    ...(!indexes || indexes.some((it) => typeof it !== "string") ? ["indexes"] : []),
    ...(options ? [] : ["options"]),
  ];
  if (column) return problem("cli_pb_column_damaged", { column });
  const kind = type === "view" ? undefined : kindOf(foreign, name);
  return kind === "other" ? problem("cli_pb_no_table") : undefined;
}

/** Views and virtual tables may be anything: one that never ends, for example. Nothing where there is none of that name. */
function kindOf(foreign: Foreign, table: string): "table" | "other" | undefined {
  const [found] = foreign.all<{ plain: number }>(
    sql`SELECT type = 'table' AND rootpage > 0 AS plain FROM sqlite_schema
        WHERE name = ${table} COLLATE NOCASE AND type IN ('table', 'view')`,
  );
  return found && (found.plain ? "table" : "other");
}

function secretOf(collections: readonly SourceCollection[]): string | undefined {
  const secrets = collections.flatMap(({ id, input }) => {
    return tokenKinds.flatMap((kind) => {
      const options = input[kind];
      const secret = isObject(options) ? options["secret"] : undefined;
      return typeof secret === "string" && secret.length >= shortestSecret ? [`${id}.${kind}:${secret}`] : [];
    });
  });
  return secrets.length > 0 ? sha256(secrets.toSorted().join("\n")) : undefined;
}

function settingsOf(foreign: Foreign): Source["settings"] {
  if (kindOf(foreign, "_params") !== "table") return undefined;
  const [row] = foreign.all<{ value: Value }>(sql`SELECT value FROM _params WHERE id = 'settings'`);
  if (!row || row.value === null) return undefined;
  const parsed = parseJson(textOf(row.value))?.value;
  return isObject(parsed) ? { groups: parsed } : "encrypted";
}

/** PocketBase writes JSON as bytes here and there. */
export function textOf(value: Value | undefined): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value ?? "");
}

/** Nothing where it is none. */
function objectIn(value: Value | undefined): Input | undefined {
  const parsed = jsonIn(value, {});
  return isObject(parsed) ? parsed : undefined;
}

/** Nothing where it is none. */
function listIn(value: Value | undefined): readonly unknown[] | undefined {
  const parsed = jsonIn(value, []);
  return Array.isArray(parsed) ? parsed : undefined;
}

function jsonIn(value: Value | undefined, blank: unknown): unknown {
  const text = textOf(value).trim();
  // What is nothing to PocketBase's Go.
  return text === "" || text === "null" ? blank : parseJson(text)?.value;
}
