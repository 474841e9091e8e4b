/**
 * The ceiling: what the same work costs when it is written by hand for these tables, without framework, rules or
 * schema. It borrows nothing from src/, since a slow helper there would lower the ceiling with it.
 *
 *     bun bench/ceiling.ts --file FILE --port PORT --secret TEXT [--alone]
 *
 * FILE is made by `seedFile`. A create is answered once it is on disk: requests that meet are committed as one group
 * and share one fdatasync; with `--alone` each commits by itself with `synchronous=FULL`, which is what a plain program does.
 */
import { Database, type SQLQueryBindings } from "bun:sqlite";
import { createHmac, timingSafeEqual } from "node:crypto";
import { fdatasync, openSync } from "node:fs";
import { parseArgs } from "node:util";

const { values: options } = parseArgs({
  options: {
    file: { type: "string", default: "bench.db" },
    port: { type: "string", default: "8099" },
    secret: { type: "string", default: "" },
    alone: { type: "boolean", default: false },
  },
});

interface Sent {
  readonly title: string;
  readonly body: string;
  readonly category: string;
  readonly views: number;
  readonly published: boolean;
  readonly owner: string;
}

type Row = Omit<Sent, "published" | "owner"> & { id: string; published: number; created: string; updated: string };

const db = new Database(options.file);
db.run("PRAGMA journal_mode = WAL");
db.run("PRAGMA synchronous = FULL");
db.run("PRAGMA wal_autocheckpoint = 10000");
// A first FULL commit makes the WAL file and its entry in the folder durable; from then on syncing its content is enough.
db.run("UPDATE users SET email = email");
if (!options.alone) db.run("PRAGMA synchronous = NORMAL");
const wal = openSync(`${options.file}-wal`, "r+");

const columns = "id, title, body, category, views, published, created, updated";
const viewPost = db.prepare<Row, [string]>(`SELECT ${columns} FROM posts WHERE id = ?`);
const listPosts = db.prepare<Row, [string, number, number]>(
  `SELECT ${columns} FROM posts WHERE category = ? ORDER BY created DESC LIMIT ? OFFSET ?`,
);
const countPosts = db.prepare<{ total: number }, [string]>("SELECT COUNT(*) AS total FROM posts WHERE category = ?");
const listBoards = db.prepare<{ id: string; title: string; cards: string }, [string, number]>(
  `SELECT id, title, cards FROM boards WHERE NOT EXISTS (
    SELECT 1 FROM json_each(boards.cards) AS one CROSS JOIN cards ON cards.id = one.value
      CROSS JOIN json_each(cards.labels) AS other CROSS JOIN labels ON labels.id = other.value
    WHERE labels.kind = ?) ORDER BY title LIMIT ?`,
);
const insertPost = db.prepare(`INSERT INTO posts (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
const insertNote = db.prepare(`INSERT INTO notes (${columns}, owner) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
const viewUser = db.prepare<{ id: string }, [string]>("SELECT id FROM users WHERE id = ?");
const begin = db.prepare("BEGIN IMMEDIATE");
const commit = db.prepare("COMMIT");

// ---- one write ----

interface Waiting {
  readonly insert: () => void;
  readonly stored: () => void;
  readonly failed: (error: unknown) => void;
}

let group: Waiting[] = [];
let planned = false;
let syncing = 0;

function write(insert: () => void): Promise<void> {
  return new Promise((stored, failed) => {
    group.push({ insert, stored, failed });
    plan();
  });
}

/** Commits what has gathered once the sockets that are ready have been read; at most two syncs run at a time. */
function plan(): void {
  if (planned || syncing === 2 || group.length === 0) return;
  planned = true;
  setImmediate(() => {
    planned = false;
    const waiting = group;
    group = [];
    const inserted = insertAll(waiting);
    syncing++;
    fdatasync(wal, (error) => {
      syncing--;
      for (const { stored, failed } of inserted) error ? failed(error) : stored();
      plan();
    });
  });
}

/** Answers those that were inserted; a failing statement undoes itself, so the others of its group stay. */
function insertAll(waiting: readonly Waiting[]): readonly Waiting[] {
  const inserted: Waiting[] = [];
  try {
    begin.run();
    for (const one of waiting) {
      try {
        one.insert();
        inserted.push(one);
      } catch (error) {
        one.failed(error);
      }
    }
    commit.run();
    return inserted;
  } catch (error) {
    if (db.inTransaction) db.run("ROLLBACK");
    for (const { failed } of inserted) failed(error);
    return [];
  }
}

// ---- the routes ----

function view(id: string): Response {
  const row = viewPost.get(id);
  return row ? Response.json(record("posts", row)) : refusal(404, "The requested resource wasn't found.");
}

function list(url: string): Response {
  const query = new URLSearchParams(url.slice(url.indexOf("?") + 1));
  const filter = /^category ?= ?'([^'\\]*)'$/.exec(query.get("filter") ?? "");
  const perPage = Number(query.get("perPage") ?? 30);
  const page = Number(query.get("page") ?? 1);
  const understood = query.get("sort") === "-created";
  const [, category] = filter ?? [];
  if (category === undefined || !understood || !whole(perPage, 1, 1000) || !whole(page, 1, 1e6)) {
    return refusal(400, "Something went wrong while processing your request.");
  }
  const rows = listPosts.all(category, perPage, (page - 1) * perPage);
  const items = rows.map((row) => record("posts", row));
  const totalItems = query.get("skipTotal") === "1" ? -1 : (countPosts.get(category)?.total ?? 0);
  return Response.json({
    items,
    page,
    perPage,
    totalItems,
    totalPages: totalItems < 0 ? -1 : Math.ceil(totalItems / perPage),
  });
}

/** Boards none of whose cards has a label of this kind. */
function boards(url: string): Response {
  const query = new URLSearchParams(url.slice(url.indexOf("?") + 1));
  const [, kind] = /^cards\.labels\.kind ?!= ?'([^'\\]*)'$/.exec(query.get("filter") ?? "") ?? [];
  const perPage = Number(query.get("perPage") ?? 30);
  if (kind === undefined || query.get("sort") !== "title" || !whole(perPage, 1, 1000)) {
    return refusal(400, "Something went wrong while processing your request.");
  }
  const items = listBoards.all(kind, perPage).map(({ id, title, cards }) => {
    return { collectionId: "pbc_boards", collectionName: "boards", id, title, cards: JSON.parse(cards) };
  });
  return Response.json({ items, page: 1, perPage, totalItems: -1, totalPages: -1 });
}

async function createPost(request: Request): Promise<Response> {
  return answerCreate("posts", await read(request), (values) => insertPost.run(...values));
}

/** The rule: signed in, and the note's owner is who is signed in. */
async function createNote(request: Request): Promise<Response> {
  const user = viewer(request.headers.get("Authorization") ?? "");
  const sent = await read(request);
  if (user === undefined || sent?.owner !== user) return refusal(400, "Failed to create record.");
  return answerCreate("notes", sent, (values) => insertNote.run(...values, user), user);
}

async function answerCreate(
  table: string,
  sent: Partial<Sent> | undefined,
  insert: (values: SQLQueryBindings[]) => void,
  owner?: string,
): Promise<Response> {
  if (sent === undefined) return refusal(400, "Failed to read the submitted data.");
  const { title = "", body = "", category = "", views = 0, published = false } = sent;
  const data = problems({ title, body, category, views, published });
  if (data !== undefined) return refusal(400, "Failed to create record.", data);
  const created = new Date().toISOString().replace("T", " ");
  const row = { id: newId(), title, body, category, views, published: published ? 1 : 0, created, updated: created };
  const values = [row.id, title, body, category, views, row.published, created, created];
  if (options.alone) insert(values);
  else await write(() => insert(values));
  const answer = record(table, row);
  return Response.json(owner === undefined ? answer : { ...answer, owner });
}

async function read(request: Request): Promise<Partial<Sent> | undefined> {
  try {
    const sent: unknown = await request.json();
    return typeof sent === "object" && sent !== null ? sent : undefined;
  } catch {
    return undefined;
  }
}

function problems({ title, body, category, views, published }: Omit<Sent, "owner">): object | undefined {
  if (!text(title, 1, 200)) return { title: { code: "validation_required", message: "Cannot be blank." } };
  if (!text(body, 0, 5000)) return invalid("body");
  if (!text(category, 1, 50)) return invalid("category");
  if (!whole(views, 0, 1e9)) return invalid("views");
  return typeof published === "boolean" ? undefined : invalid("published");
}

function text(value: unknown, shortest: number, longest: number): boolean {
  return typeof value === "string" && value.length >= shortest && value.length <= longest;
}

function whole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

function invalid(name: string): object {
  return { [name]: { code: "validation_invalid_value", message: "Invalid value." } };
}

function record(table: string, row: Row) {
  return {
    collectionId: `pbc_${table}`,
    collectionName: table,
    id: row.id,
    title: row.title,
    body: row.body,
    category: row.category,
    views: row.views,
    published: row.published === 1,
    created: row.created,
    updated: row.updated,
  };
}

function refusal(status: number, message: string, data: object = {}): Response {
  return Response.json({ data, message, status }, { status });
}

// ---- who is asking ----

/** Tokens whose signature was right, with what they say; only the expiry and the person are looked at again. */
const verified = new Map<string, { readonly id: string; readonly exp: number }>();

function viewer(token: string): string | undefined {
  const claims = verified.get(token) ?? verify(token);
  if (claims === undefined || claims.exp * 1000 < Date.now()) return undefined;
  return viewUser.get(claims.id)?.id;
}

function verify(token: string): { readonly id: string; readonly exp: number } | undefined {
  const [head, payload, signature] = token.split(".");
  if (head === undefined || payload === undefined || signature === undefined) return undefined;
  const right = createHmac("sha256", options.secret).update(`${head}.${payload}`).digest();
  const sent = Buffer.from(signature, "base64url");
  if (sent.length !== right.length || !timingSafeEqual(sent, right)) return undefined;
  const claims: { id: string; exp: number } = JSON.parse(Buffer.from(payload, "base64url").toString());
  if (verified.size >= 1000) verified.clear();
  verified.set(token, claims);
  return claims;
}

const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
const pool = new Uint8Array(4096);
let used = pool.length;

function newId(): string {
  let id = "";
  while (id.length < 15) {
    if (used === pool.length) {
      crypto.getRandomValues(pool);
      used = 0;
    }
    const byte = pool[used++] ?? 255;
    if (byte < 252) id += alphabet[byte % 36];
  }
  return id;
}

Bun.serve({
  hostname: "127.0.0.1",
  port: Number(options.port),
  routes: {
    "/api/health": () => Response.json({ code: 200, message: "API is healthy.", data: {} }),
    "/api/collections/posts/records/:id": { GET: (request) => view(request.params.id) },
    "/api/collections/posts/records": { GET: (request) => list(request.url), POST: createPost },
    "/api/collections/notes/records": { POST: createNote },
    "/api/collections/boards/records": { GET: (request) => boards(request.url) },
  },
  fetch: () => refusal(404, "The requested resource wasn't found."),
  error: () => refusal(500, "Something went wrong while processing your request."),
});

process.on("SIGTERM", () => process.exit(0));
