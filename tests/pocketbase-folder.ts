import { Database } from "bun:sqlite";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A field as PocketBase stores it; what is not said has its default. */
export type TheirField = Readonly<Record<string, unknown>> & { readonly name: string; readonly type: string };

export interface TheirCollection {
  readonly id: string;
  readonly name: string;
  readonly type?: "base" | "auth" | "view";
  readonly system?: boolean;
  /** Beside `id`, and what an auth collection has. */
  readonly fields?: readonly TheirField[];
  readonly indexes?: readonly string[];
  readonly rules?: Readonly<Record<string, string | null>>;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly rows?: Iterable<Readonly<Record<string, unknown>>>;
}

export interface Theirs {
  readonly collections: readonly TheirCollection[];
  readonly settings?: unknown;
  /** Contents by `COLLECTION/RECORD/NAME`. */
  readonly files?: Readonly<Record<string, string>>;
}

const moment = "2025-03-04 05:06:07.089Z";

const idField: TheirField = {
  id: "text3208210256",
  name: "id",
  type: "text",
  system: true,
  required: true,
  primaryKey: true,
  min: 15,
  max: 15,
  pattern: "^[a-z0-9]+$",
  autogeneratePattern: "[a-z0-9]{15}",
};

const authFields: readonly TheirField[] = [
  { name: "password", type: "password", system: true, hidden: true, required: true, min: 8, cost: 10 },
  { name: "tokenKey", type: "text", system: true, hidden: true, required: true, min: 30, max: 60 },
  { name: "email", type: "email", system: true, required: true, exceptDomains: null, onlyDomains: null },
  { name: "emailVisibility", type: "bool", system: true },
  { name: "verified", type: "bool", system: true },
];

export const stamps: readonly TheirField[] = [
  { name: "created", type: "autodate", onCreate: true },
  { name: "updated", type: "autodate", onCreate: true, onUpdate: true },
];

const secret = (kind: string) => ({ secret: kind.padEnd(50, "x"), duration: 1800 });

const authOptions = {
  authRule: "",
  manageRule: null,
  passwordAuth: { enabled: true, identityFields: ["email"] },
  ...Object.fromEntries(
    ["authToken", "passwordResetToken", "emailChangeToken", "verificationToken", "fileToken"].map((kind) => [
      kind,
      secret(kind),
    ]),
  ),
};

/** The collection that every data directory has, with nobody in it. */
export const theirSuperusers: TheirCollection = {
  id: "pbc_3142635823",
  name: "_superusers",
  type: "auth",
  system: true,
  fields: stamps.map((field) => ({ ...field, system: true })),
};

/** Makes a folder as PocketBase 0.39 leaves it when it has been stopped. */
export function makePocketbaseFolder(folder: string, { collections, settings, files = {} }: Theirs): void {
  mkdirSync(folder, { recursive: true });
  using db = new Database(join(folder, "data.db"), { create: true });
  db.run("PRAGMA journal_mode = WAL");
  db.run(
    `CREATE TABLE _collections (id TEXT PRIMARY KEY, system BOOLEAN DEFAULT FALSE NOT NULL, type TEXT DEFAULT "base" NOT NULL,
     name TEXT UNIQUE NOT NULL, fields JSON DEFAULT "[]" NOT NULL, indexes JSON DEFAULT "[]" NOT NULL, listRule TEXT, viewRule TEXT,
     createRule TEXT, updateRule TEXT, deleteRule TEXT, options JSON DEFAULT "{}" NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL)`,
  );
  db.run(
    "CREATE TABLE _params (id TEXT PRIMARY KEY NOT NULL, value JSON, created TEXT NOT NULL, updated TEXT NOT NULL)",
  );
  if (settings !== undefined) {
    const value = typeof settings === "string" ? settings : JSON.stringify(settings);
    // As bytes, which is how PocketBase writes them.
    db.run("INSERT INTO _params VALUES ('settings', ?, ?, ?)", [new TextEncoder().encode(value), moment, moment]);
  }
  for (const collection of collections) add(db, collection);
  for (const [key, content] of Object.entries(files)) {
    const file = join(folder, "storage", key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

function add(
  db: Database,
  { id, name, type = "base", system = false, rules = {}, options, rows = [], ...its }: TheirCollection,
) {
  const own = (its.fields ?? []).map((field) => ({ id: `f_${name}_${field.name}`, ...field }));
  const auth = type === "auth" ? authFields.map((field) => ({ id: `a_${name}_${field.name}`, ...field })) : [];
  const fields: readonly TheirField[] = type === "view" ? own : [idField, ...auth, ...own];
  const sign = [
    `CREATE UNIQUE INDEX \`idx_tokenKey_${id}\` ON \`${name}\` (\`tokenKey\`)`,
    `CREATE UNIQUE INDEX \`idx_email_${id}\` ON \`${name}\` (\`email\`) WHERE \`email\` != ''`,
  ];
  const indexes = [...(type === "auth" ? sign : []), ...(its.indexes ?? [])];
  const rule = (which: string) => rules[`${which}Rule`] ?? null;
  db.run("INSERT INTO _collections VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [
    id,
    system,
    type,
    name,
    JSON.stringify(fields),
    JSON.stringify(indexes),
    ...["list", "view", "create", "update", "delete"].map(rule),
    JSON.stringify({ ...(type === "auth" ? authOptions : {}), ...options }),
    moment,
    moment,
  ]);
  if (type === "view") return;
  const columns = fields.map(
    (field) => `"${field.name}" ${field.name === "id" ? "TEXT PRIMARY KEY NOT NULL" : column(field)}`,
  );
  db.run(`CREATE TABLE "${name}" (${columns.join(", ")})`);
  for (const index of indexes) db.run(index);
  const insert = new Map<string, ReturnType<typeof db.prepare>>();
  db.run("BEGIN");
  for (const row of rows) {
    const names = Object.keys(row);
    const key = names.join();
    const text = `INSERT INTO "${name}" (${names.map((it) => `"${it}"`).join(", ")}) VALUES (${names.map(() => "?").join(", ")})`;
    let statement = insert.get(key);
    if (!statement) insert.set(key, (statement = db.prepare(text)));
    statement.run(...names.map((it) => stored(row[it])));
  }
  db.run("COMMIT");
  for (const statement of insert.values()) statement.finalize();
}

function column({ type, maxSelect = 1 }: TheirField): string {
  if (type === "bool") return "BOOLEAN DEFAULT FALSE NOT NULL";
  if (type === "number") return "NUMERIC DEFAULT 0 NOT NULL";
  if (type === "json") return "JSON DEFAULT NULL";
  if (type === "geoPoint") return `JSON DEFAULT '{"lon":0,"lat":0}' NOT NULL`;
  // Older versions left such columns without NOT NULL.
  return Number(maxSelect) > 1 ? "JSON DEFAULT '[]'" : "TEXT DEFAULT ''";
}

function stored(value: unknown): string | number | null | Uint8Array {
  if (value instanceof Uint8Array || typeof value === "string" || typeof value === "number" || value === null)
    return value;
  return typeof value === "boolean" ? Number(value) : JSON.stringify(value);
}
