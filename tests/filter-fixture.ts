import { Database } from "bun:sqlite";
import { afterAll, describe, expect, test } from "bun:test";
import type { ColumnShape, Json } from "../src/fields/field.ts";
import { compileFilter, compileSort } from "../src/filter/filter.ts";
import {
  type Ask,
  guest,
  type Scope,
  type ScopeCollection,
  type ScopeField,
  type Viewer,
} from "../src/filter/scope.ts";
import { Refusal } from "../src/lib/errors.ts";
import { countTicks } from "../src/store/dialect.ts";
import { name, raw, type Sql } from "../src/store/sql.ts";

type Fields = Record<string, Partial<ScopeField> & { shape?: ColumnShape; column?: string }>;
export type Row = Record<string, Json>;

const number = { column: "NUMERIC DEFAULT 0 NOT NULL" };
const bool = { column: "BOOLEAN DEFAULT FALSE NOT NULL" };
const list = { shape: "list", column: "JSON DEFAULT '[]' NOT NULL" } as const;
const json = { shape: "json", column: "JSON DEFAULT NULL" } as const;
const point = { shape: "point", column: `JSON DEFAULT '{"lon":0,"lat":0}' NOT NULL` } as const;

const schema: Record<string, { type?: ScopeCollection["type"]; listRule?: string | null; fields: Fields }> = {
  orgs: { listRule: "open = true", fields: { id: {}, name: {}, open: bool } },
  users: {
    type: "auth",
    listRule: "",
    fields: {
      id: {},
      name: {},
      age: number,
      email: {},
      emailVisibility: bool,
      secret: { hidden: true },
      orgs: { ...list, target: "c_orgs" },
      boss: { target: "c_users" },
      prefs: json,
    },
  },
  posts: {
    listRule: "",
    fields: {
      id: {},
      title: {},
      views: number,
      published: bool,
      created: {},
      author: { target: "c_users" },
      editors: { ...list, target: "c_users" },
      tags: list,
      meta: json,
      place: point,
    },
  },
  comments: { listRule: "", fields: { id: {}, text: {}, likes: number, post: { target: "c_posts" } } },
  bundles: { listRule: "", fields: { id: {}, label: {}, posts: { ...list, target: "c_posts" } } },
  profiles: { listRule: "", fields: { id: {}, bio: {}, user: { target: "c_users", unique: true } } },
  vaults: { listRule: null, fields: { id: {}, code: {}, owner: { target: "c_users" } } },
  shelf: { type: "view", listRule: "", fields: { id: {}, title: {}, rank: number } },
};

export const data: Record<string, Row[]> = {
  orgs: [
    { id: "o1", name: "Acme", open: true },
    { id: "o2", name: "Bolt", open: false },
  ],
  users: [
    { id: "ann", name: "Ann", age: 30, email: "ann@x.io", emailVisibility: true, secret: "a", orgs: ["o1"], boss: "" },
    {
      id: "bob",
      name: "Bob",
      age: 40,
      email: "bob@x.io",
      emailVisibility: false,
      secret: "b",
      orgs: ["o1", "o2"],
      boss: "ann",
    },
    { id: "cid", name: "", age: 0, email: "cid@x.io", emailVisibility: true, secret: "", orgs: [], boss: "bob" },
  ],
  posts: [
    {
      id: "p1",
      title: "Hello World",
      views: 10,
      published: true,
      created: "2026-01-02 03:04:05.000Z",
      author: "ann",
      editors: ["ann", "bob"],
      tags: ["red", "blue"],
      meta: { a: { b: "deep" }, list: [1, "two"] },
      place: { lon: 23.3, lat: 42.7 },
    },
    {
      id: "p2",
      title: "100% _real_",
      views: 0,
      published: false,
      created: "2026-05-06 07:08:09.000Z",
      author: "bob",
      editors: ["bob"],
      tags: ["red"],
      meta: "text",
      place: { lon: 0, lat: 0 },
    },
    {
      id: "p3",
      title: "",
      views: -2.5,
      published: true,
      created: "",
      author: "",
      editors: [],
      tags: [],
      meta: null,
      place: { lon: 1, lat: 1 },
    },
    {
      id: "p4",
      title: 'it\'s \\ "q"',
      views: 7,
      published: false,
      created: "2025-12-31 23:59:59.999Z",
      author: "gone",
      editors: ["cid", "gone"],
      tags: ["Green"],
      meta: [],
      place: { lon: -70, lat: 40 },
    },
  ],
  comments: [
    { id: "c1", text: "nice", likes: 3, post: "p1" },
    { id: "c2", text: "bad", likes: 0, post: "p1" },
    { id: "c3", text: "nice", likes: 5, post: "p2" },
  ],
  bundles: [
    { id: "b1", label: "one", posts: ["p1", "p2"] },
    { id: "b2", label: "two", posts: ["p2"] },
  ],
  profiles: [{ id: "f1", bio: "poet", user: "ann" }],
  vaults: [{ id: "v1", code: "1234", owner: "ann" }],
  shelf: [
    { id: "s1", title: null, rank: null },
    { id: "s2", title: "", rank: 0 },
    { id: "s3", title: "x", rank: 5 },
  ],
};

function collectionOf(table: string): ScopeCollection {
  const { type = "base", listRule = null, fields = {} } = schema[table] ?? {};
  const byName = new Map<string, ScopeField>();
  for (const [name, { column: _, ...more }] of Object.entries(fields)) {
    byName.set(name, { name, type: "any", shape: "scalar", hidden: false, ...more });
  }
  return { id: `c_${table}`, name: table, type, listRule, field: (wanted) => byName.get(wanted) };
}

export const collections = new Map(Object.keys(schema).map((table) => [table, collectionOf(table)]));

export function lookup(idOrName: string): ScopeCollection | undefined {
  return collections.get(idOrName) ?? collections.get(idOrName.replace(/^c_/, ""));
}

export function scopeOf(table: string, trusted: boolean): Scope {
  const collection = collections.get(table);
  if (!collection) throw new Error(`no table ${table}`);
  return { collection, from: name(table), lookup, trusted };
}

/** A database in memory with the rows. */
export function openFixture(rows: Readonly<Record<string, readonly Row[]>> = data): Database {
  const db = new Database(":memory:");
  db.function("visit", (_row) => 1);
  db.function("weigh", (_bytes) => 1);
  for (const [table, { type, fields }] of Object.entries(schema)) {
    const columns = Object.entries(fields).map(([key, { column = "TEXT DEFAULT '' NOT NULL" }]) => {
      return `"${key}" ${type === "view" ? column.replace(" NOT NULL", "") : column}`;
    });
    db.run(`CREATE TABLE "${table}" (${columns.join(", ")})`);
    for (const row of rows[table] ?? []) {
      const keys = Object.keys(row);
      const sql = `INSERT INTO "${table}" (${keys.map((key) => `"${key}"`).join()}) VALUES (${keys.map(() => "?").join()})`;
      db.query(sql).run(...keys.map((key) => stored(row[key] ?? null, fields[key]?.shape === "json")));
    }
  }
  return db;
}

function stored(value: Json, isJson: boolean): string | number | boolean | null {
  if (isJson && value !== null) return JSON.stringify(value);
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}

export function viewerOf(id: string): Viewer {
  const record = (data["users"] ?? []).find((user) => user["id"] === id);
  if (!record) return guest;
  return { kind: "record", collectionId: "c_users", collectionName: "users", record };
}

export function askOf(more: Partial<Ask> = {}): Ask {
  return { viewer: guest, context: "default", method: "GET", body: {}, query: {}, headers: () => ({}), ...more };
}

export function textOf(sql: Sql): string {
  return sql.shape.text(() => "?");
}

export function run(db: Database, sql: Sql, around: (text: string) => string): Record<string, unknown>[] {
  const statement = db.prepare(around(textOf(sql)));
  const rows = statement.all(...sql.values) as Record<string, unknown>[];
  statement.finalize();
  return rows;
}

export interface Case {
  readonly table?: string;
  readonly trusted?: boolean;
  readonly ask?: Partial<Ask>;
}

/** The ids of the rows that match, in the order of the table, as one text. */
export function matching(
  db: Database,
  filter: string,
  { table = "posts", trusted = true, ask = {} }: Case = {},
): string {
  const condition = compileFilter(filter, scopeOf(table, trusted))(askOf(ask));
  const order = (text: string) => `SELECT id FROM "${table}" WHERE ${text} ORDER BY _rowid_`;
  const where = typeof condition === "boolean" ? raw(condition ? "1" : "0") : condition;
  const ids = (around: (text: string) => string) =>
    run(db, where, around)
      .map((row) => row["id"])
      .join(" ");
  const found = ids(order);
  const counted = ids((text) => countTicks(order(text)));
  if (counted !== found) throw new Error(`Counted, ${filter} finds "${counted}" instead of "${found}".`);
  return found;
}

export function sorted(db: Database, sort: string, { table = "posts", trusted = true, ask }: Case = {}): string {
  const order = compileSort(sort, scopeOf(table, trusted), ask && askOf(ask));
  const rows = run(db, order, (text) => `SELECT id FROM "${table}" ORDER BY ${text}, _rowid_`);
  return rows.map((row) => row["id"]).join(" ");
}

export type Cases = readonly (readonly [filter: string, ids: string, more?: Case])[];

/** One test for each filter: the ids it finds. */
export function cases(title: string, table: Cases, common: Case = {}): void {
  const db = openFixture();
  afterAll(() => db.close());
  describe(title, () => {
    for (const [filter, ids, more] of table) {
      test(`${filter.replaceAll("\n", " ")} → ${ids || "nothing"}${more?.ask ? " (asked by somebody)" : ""}`, () => {
        expect(matching(db, filter, { ...common, ...more })).toBe(ids);
      });
    }
  });
}

/** What the Refusal says that compiling throws; `undefined` when it does not. */
export function refused(
  compile: () => unknown,
): { kind: string; code: string; position?: string | number } | undefined {
  try {
    compile();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { position } = error.params;
    return { kind: error.kind, code: error.code, ...(position === undefined ? {} : { position }) };
  }
  return undefined;
}
