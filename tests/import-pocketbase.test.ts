import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importPocketbase } from "../src/cli/import-pocketbase.ts";
import { type Config, standard } from "../src/config.ts";
import { Refusal } from "../src/lib/errors.ts";
import { openDataDir } from "../src/store/datadir.ts";
import { sql } from "../src/store/sql.ts";
import { Conflicts, type Moved, moveIn, type MovingOptions } from "../src/transfer/pocketbase/moving-in.ts";
import { openSource } from "../src/transfer/pocketbase/data-directory.ts";
import {
  makePocketbaseFolder,
  stamps,
  type TheirCollection,
  type Theirs,
  theirSuperusers,
} from "./pocketbase-folder.ts";
import { Opened } from "./testing.ts";

function newFolder() {
  const path = mkdtempSync(join(tmpdir(), "formstead-pocketbase-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** An id of theirs. */
const id = (text: string) => text.padEnd(15, "0");
const hash = (plain: string) => Bun.password.hashSync(plain, { algorithm: "bcrypt", cost: 4 });
const ownerOnly = "id = @request.auth.id";
const keyOf = (text: string) => text.padEnd(50, "k");

const person = (name: string, more: Readonly<Record<string, unknown>> = {}) => ({
  id: id(name),
  email: `${name}@example.com`,
  password: hash("the old password"),
  tokenKey: keyOf(name),
  verified: true,
  created: "2024-01-02 03:04:05.678Z",
  ...more,
});

const users: TheirCollection = {
  id: "_pb_users_auth_",
  name: "users",
  type: "auth",
  fields: [{ name: "nick", type: "text" }, { name: "avatar", type: "file", maxSelect: 1, mimeTypes: null }, ...stamps],
  indexes: ["CREATE UNIQUE INDEX `users_nick` ON `users` (nick) WHERE nick != ''"],
  rules: { listRule: ownerOnly, viewRule: ownerOnly, createRule: "", updateRule: ownerOnly, deleteRule: null },
  options: {
    passwordAuth: { enabled: true, identityFields: ["email", "nick"] },
    authToken: { secret: keyOf("a"), duration: 7777 },
  },
  rows: [person("ann", { nick: "annie", avatar: "ann_face.png" }), person("bob", { email: "bob@example.com" })],
};

/** Two collections that lead to each other, the first of them named before the other is known. */
const posts: TheirCollection = {
  id: "posts_id_000000",
  name: "posts",
  fields: [
    { id: "title_field", name: "title", type: "text", required: true, max: 100 },
    { name: "author", type: "relation", collectionId: "_pb_users_auth_", maxSelect: 1 },
    { name: "topics", type: "relation", collectionId: "topics_id_00000", maxSelect: 5 },
    { name: "files", type: "file", maxSelect: 9 },
    { name: "public", type: "bool" },
    { name: "place", type: "geoPoint" },
    { name: "meta", type: "json" },
    ...stamps,
  ],
  indexes: ['CREATE INDEX "posts_title" on "posts" (\n"title"\n)'],
  rules: { listRule: "// who may\npublic = true || author = @request.auth.id", viewRule: "", createRule: null },
  rows: [
    {
      id: id("first"),
      title: "First",
      author: id("ann"),
      topics: [id("tea"), id("rain")],
      files: ["one.txt", "gone.txt"],
      public: true,
      place: { lat: 52.5, lon: 13.4 },
      meta: '{\n "a": [1, 2]\n}',
      created: "2024-02-03 04:05:06.789Z",
      updated: "2024-02-03 04:05:06.789Z",
    },
    { id: id("second"), title: "Second", author: id("bob"), meta: "null" },
  ],
};

const topics: TheirCollection = {
  id: "topics_id_00000",
  name: "topics",
  fields: [
    { name: "name", type: "text" },
    { name: "best", type: "relation", collectionId: "posts_id_000000", maxSelect: 1 },
  ],
  rules: { listRule: "", viewRule: "" },
  rows: [
    { id: id("tea"), name: "Tea", best: id("first") },
    { id: id("rain"), name: "Rain" },
  ],
};

const superusers: TheirCollection = { ...theirSuperusers, rows: [person("owner")] };

const site: Theirs = {
  collections: [posts, topics, users, superusers],
  settings: {
    meta: {
      appName: "Their site",
      appURL: "https://their.example",
      senderName: "Them",
      senderAddress: "them@their.example",
    },
    batch: { enabled: true, maxRequests: 50, timeout: 3, maxBodySize: 0 },
  },
  files: {
    [`posts_id_000000/${id("first")}/one.txt`]: "the first file",
    [`posts_id_000000/${id("first")}/one.txt.attrs`]: "{}",
    [`posts_id_000000/${id("first")}/thumbs_one.txt/100x100_one.txt`]: "a thumb",
    [`_pb_users_auth_/${id("ann")}/ann_face.png`]: "a face",
  },
};

const quiet: MovingOptions = { dry: false, decided: () => {}, progress: () => {} };

async function move(it: Opened, folder: string, options: Partial<MovingOptions> = {}): Promise<Moved> {
  const source = openSource(folder, join(it.dir, "tmp", "pocketbase"));
  try {
    return await moveIn({ ...it.project, folder: it.project.dir.tmp }, source, { ...quiet, ...options });
  } finally {
    source.close();
  }
}

const codes = ({ findings }: Pick<Moved, "findings">) => findings.map(({ code }) => code).sort();

/** Every file below a folder: its bytes, and when it was changed. */
function fingerprint(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(
    entries.map((path) => {
      const stats = statSync(join(folder, path));
      const content = stats.isFile() ? Bun.hash(readFileSync(join(folder, path))).toString() : "";
      return [path, `${content} ${stats.mtimeMs} ${stats.ctimeMs} ${stats.nlink} ${stats.mode}`];
    }),
  );
}

/** Who signs in gets a token. */
async function signIn(it: Opened, collection: string, identity: string, plain: string): Promise<string> {
  const { body } = await it.send({
    json: ["POST", `/api/collections/${collection}/auth-with-password`, { identity, password: plain }],
  });
  return typeof body["token"] === "string" ? body["token"] : "";
}

describe("a data directory of PocketBase", () => {
  test("comes over with its collections, records, people, files and settings", async () => {
    using folder = newFolder();
    makePocketbaseFolder(folder.path, site);
    await using it = await Opened.open();
    const moved = await move(it, folder.path);
    expect(moved).toMatchObject({ collections: 4, records: 7, kept: 0, files: 2, missing: 1 });
    expect(codes(moved)).toEqual(["cli_pb_files_missing", "cli_pb_settings_left_out"]);

    const token = await signIn(it, "users", "annie", "the old password");
    const asAnn = { authorization: token };
    const list = await it.send({ headers: asAnn, json: ["GET", "/api/collections/posts/records?sort=title"] });
    expect(list.body["items"]).toEqual([
      {
        id: id("first"),
        collectionId: "posts_id_000000",
        collectionName: "posts",
        title: "First",
        author: id("ann"),
        topics: [id("tea"), id("rain")],
        files: ["one.txt", "gone.txt"],
        public: true,
        place: { lon: 13.4, lat: 52.5 },
        meta: { a: [1, 2] },
        created: "2024-02-03 04:05:06.789Z",
        updated: "2024-02-03 04:05:06.789Z",
      },
    ]);
    // The rules hold for others, too.
    const asGuest = await it.send({ json: ["GET", "/api/collections/posts/records"] });
    expect(asGuest.body["totalItems"]).toBe(1);
    expect((await it.send({ json: ["POST", "/api/collections/posts/records", { title: "x" }] })).status).toBe(403);
    expect(
      (await it.send({ headers: asAnn, json: ["GET", "/api/collections/users/records"] })).body["totalItems"],
    ).toBe(1);
    expect((await it.send({ json: ["GET", `/api/files/posts/${id("first")}/one.txt`] })).text).toBe("the first file");
    expect(it.project.settings.current.meta.appName).toBe("Their site");
    expect(it.project.settings.current.batch.enabled).toBe(false);

    const definition = it.project.collections.find("posts")?.definition;
    expect(definition).toMatchObject({ id: "posts_id_000000", created: "2025-03-04 05:06:07.089Z", createRule: null });
    expect(definition?.fields[1]).toMatchObject({ id: "title_field", name: "title", max: 100 });
    expect(it.project.collections.find("users")?.definition.authToken).toEqual({ secret: keyOf("a"), duration: 7777 });
  });

  test("people sign in with their old passwords, which are kept as ours from then on, and with no other", async () => {
    using folder = newFolder();
    makePocketbaseFolder(folder.path, site);
    await using it = await Opened.open();
    await move(it, folder.path);
    expect(await signIn(it, "users", "bob@example.com", "the wrong password")).toBe("");
    expect(await signIn(it, "users", "bob@example.com", "the old password")).not.toBe("");
    expect(await signIn(it, "_superusers", "owner@example.com", "the old password")).not.toBe("");
    const db = new Database(join(it.dir, "formstead.db"), { readonly: true });
    const rows = db
      .query<{ password: string; tokenKey: string }, []>("SELECT password, tokenKey FROM users ORDER BY id")
      .all();
    db.close();
    expect(rows.map((row) => row.password.slice(0, 4))).toEqual(["$2b$", "$arg"]);
    expect(rows.map((row) => row.tokenKey)).toEqual([keyOf("ann"), keyOf("bob")]);
  });

  test("is not touched: no byte, no time, no file beside it, also where its log holds the newest", async () => {
    using theirs = newFolder();
    using stopped = newFolder();
    makePocketbaseFolder(theirs.path, site);
    const live = new Database(join(theirs.path, "data.db"));
    live.run("PRAGMA wal_autocheckpoint = 0");
    live.run(`INSERT INTO topics (id, name) VALUES ('${id("snow")}', 'Snow')`);
    for (const name of ["data.db", "data.db-wal"]) copyFileSync(join(theirs.path, name), join(stopped.path, name));
    live.close();
    await using it = await Opened.open();
    const before = fingerprint(stopped.path);
    expect(before["data.db-wal"]).toBeDefined();
    const moved = await move(it, stopped.path);
    expect(fingerprint(stopped.path)).toEqual(before);
    expect(moved.records).toBe(8);
    expect((await it.send({ json: ["GET", `/api/collections/topics/records/${id("snow")}`] })).body["name"]).toBe(
      "Snow",
    );
    expect(readdirSync(it.project.dir.tmp)).toEqual([]);

    const closed = fingerprint(theirs.path);
    await move(it, theirs.path);
    expect(fingerprint(theirs.path)).toEqual(closed);
  });

  test("a rule that does not compile is closed, never open, and so is nothing else", async () => {
    using folder = newFolder();
    const odd = { ...topics, rules: { listRule: "nothing.like.it = 1", viewRule: "name != ''" } };
    makePocketbaseFolder(folder.path, { collections: [odd, posts, users, superusers] });
    await using it = await Opened.open();
    const { findings } = await move(it, folder.path);
    expect(findings).toContainEqual({
      code: "cli_pb_rule_closed",
      params: { name: "topics.listRule", rule: "nothing.like.it = 1", reason: expect.stringMatching(/nothing/) },
    });
    expect((await it.send({ json: ["GET", "/api/collections/topics/records"] })).status).toBe(403);
    expect((await it.send({ json: ["GET", `/api/collections/topics/records/${id("tea")}`] })).status).toBe(200);
  });

  test("values that we would refuse come as they are, and are counted", async () => {
    using folder = newFolder();
    const fields = [
      { name: "title", type: "text", max: 3 },
      { name: "tags", type: "select", values: ["a", "b"], maxSelect: 2 },
      { name: "one", type: "select", values: ["a", "b"], maxSelect: 1 },
      { name: "mail", type: "email" },
      { name: "count", type: "number", max: 10 },
      { name: "on", type: "bool" },
      { name: "data", type: "json" },
    ];
    const rows = [
      { id: id("long"), title: "far too long", tags: '["a","x"]', mail: "nobody", count: 11, on: 1, data: "not json" },
      { id: id("blank"), title: null, tags: "", one: null, mail: null, data: null },
      {
        id: id("bytes"),
        title: new TextEncoder().encode("abc"),
        tags: "a",
        one: '["a","b"]',
        on: "true",
        data: "[1, 2]",
      },
      { id: id("word"), count: "many", data: '"text"' },
      { id: id("deep"), data: "[".repeat(600) + "]".repeat(600) },
    ];
    const odd = { id: "odd_id_00000000", name: "odd", fields, rows, rules: { listRule: "" } };
    makePocketbaseFolder(folder.path, { collections: [odd, superusers] });
    await using it = await Opened.open();
    const { findings, records } = await move(it, folder.path);
    expect(records).toBe(6);
    const counted = findings
      .filter(({ code }) => code === "cli_pb_values_refused")
      .map(({ params }) => [params?.["name"], params?.["count"]]);
    expect(counted.sort()).toEqual([
      ["odd.count", 1],
      ["odd.count", 1],
      ["odd.data", 2],
      ["odd.mail", 1],
      ["odd.tags", 1],
      ["odd.title", 1],
    ]);
    const { body } = await it.send({
      json: ["GET", "/api/collections/odd/records?sort=@rowid&fields=title,tags,one,mail,count,on,data"],
    });
    expect(body["items"]).toEqual([
      { title: "far too long", tags: ["a", "x"], one: "", mail: "nobody", count: 11, on: true, data: "not json" },
      { title: "", tags: [], one: "", mail: "", count: 0, on: false, data: null },
      { title: "abc", tags: ["a"], one: "b", mail: "", count: 0, on: true, data: [1, 2] },
      { title: "", tags: [], one: "", mail: "", count: 0, on: false, data: "text" },
      { title: "", tags: [], one: "", mail: "", count: 0, on: false, data: expect.stringMatching(/^\[{600}\]{600}$/) },
    ]);
    const db = new Database(join(it.dir, "formstead.db"), { readonly: true });
    expect(db.query("SELECT count FROM odd WHERE typeof(count) = 'text'").all()).toEqual([{ count: "many" }]);
    expect(db.query("SELECT id FROM odd WHERE data IS NULL").all()).toEqual([{ id: id("blank") }]);
    db.close();
  });

  test("ids that are others here are put into rules where they are whole words", async () => {
    using folder = newFolder();
    const rules = { listRule: "name != 'sup' && name != 'superb' && name != 'my_sup'" };
    makePocketbaseFolder(folder.path, {
      collections: [{ ...superusers, id: "sup" }, { ...topics, rules }, posts, users],
    });
    await using it = await Opened.open();
    await move(it, folder.path);
    expect(it.project.collections.find("topics")?.definition.listRule).toBe(
      "name != 'pbc_3142635823' && name != 'superb' && name != 'my_sup'",
    );
  });

  test("records without an id are named and left out", async () => {
    using folder = newFolder();
    makePocketbaseFolder(folder.path, { collections: [topics, posts, users, superusers] });
    using db = new Database(join(folder.path, "data.db"));
    db.run("DROP TABLE topics");
    db.run("CREATE TABLE topics (id TEXT PRIMARY KEY, name TEXT, best TEXT)");
    db.run("INSERT INTO topics VALUES ('kept', 'Kept', ''), (NULL, 'One', ''), (NULL, 'Two', ''), ('', 'Three', '')");
    db.close();
    await using it = await Opened.open();
    const { findings } = await move(it, folder.path);
    expect(findings).toContainEqual({
      code: "cli_pb_records_nameless",
      params: { name: "topics", count: 3, rows: "2, 3, 4" },
    });
    expect(await it.project.store.all(sql`SELECT id FROM topics`)).toEqual([{ id: "kept" }]);
  });

  test("hidden and protected are true where they cannot be read", async () => {
    using folder = newFolder();
    const fields = [
      { name: "code", type: "text", hidden: "yes" },
      { name: "papers", type: "file", protected: "1", hidden: 0 },
    ];
    makePocketbaseFolder(folder.path, {
      collections: [{ id: "odd_id_00000000", name: "odd", fields }, superusers],
    });
    await using it = await Opened.open();
    const { findings } = await move(it, folder.path);
    expect(it.project.collections.find("odd")?.definition.fields.slice(1)).toMatchObject([
      { name: "code", hidden: true },
      { name: "papers", hidden: true, protected: true },
    ]);
    expect(findings.map(({ code, params }) => [code, params?.["name"]]).toSorted()).toEqual([
      ["cli_pb_option_closed", "odd.code.hidden"],
      ["cli_pb_option_closed", "odd.papers.hidden"],
      ["cli_pb_option_closed", "odd.papers.protected"],
    ]);
  });

  test("sign-in options that say nothing of a rule let nobody in, as there", async () => {
    using folder = newFolder();
    makePocketbaseFolder(folder.path, { collections: [users, superusers] });
    using db = new Database(join(folder.path, "data.db"));
    db.run("UPDATE _collections SET options = json_remove(options, '$.authRule') WHERE name = 'users'");
    db.close();
    await using it = await Opened.open();
    await move(it, folder.path);
    expect(it.project.collections.find("users")?.definition).toMatchObject({ authRule: null });
  });

  test("views answer as they did, also those that read others; one that cannot be made is named", async () => {
    using folder = newFolder();
    const view = (name: string, viewQuery: string, listRule: string | null): TheirCollection => ({
      id: `${name}_view_00000`,
      name,
      type: "view",
      rules: { listRule },
      options: { viewQuery },
    });
    const views = [
      view("shouted", "SELECT id, shown.title AS title FROM shown", "title != 'Second'"),
      view("shown", "SELECT posts.id, posts.title, posts.author FROM posts", ""),
      view("spying", "SELECT id, password FROM users", ""),
      view("tags", "SELECT p.id || e.key AS id, e.value AS topic FROM posts p, json_each(p.topics) e", ""),
      // Nobody is to count it.
      view("numbers", "WITH r(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM r) SELECT id FROM r LIMIT 5", ""),
    ];
    makePocketbaseFolder(folder.path, { collections: [...views, ...site.collections] });
    using db = new Database(join(folder.path, "data.db"));
    db.run("CREATE VIEW numbers AS WITH r(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM r) SELECT id FROM r");
    db.close();
    await using it = await Opened.open();
    const moved = await move(it, folder.path);
    expect(moved.findings).toContainEqual({
      code: "cli_pb_view_left_out",
      params: { name: "spying", reason: expect.stringContaining("viewQuery") },
    });
    const list = async (name: string) =>
      (await it.send({ json: ["GET", `/api/collections/${name}/records`] })).body["items"];
    expect(await list("shown")).toMatchObject([{ title: "First", author: id("ann") }, { title: "Second" }]);
    expect(await list("shouted")).toMatchObject([{ id: id("first"), title: "First" }]);
    expect(it.project.collections.find("shouted")?.id).toBe("shouted_view_00000");
    expect((await move(it, folder.path)).kept).toBe(7);
  });

  test("what cannot be kept of a collection is left out by name, and the rest stands", async () => {
    using folder = newFolder();
    const odd: TheirCollection = {
      ...topics,
      id: "odd_id_00000000",
      name: "odd",
      fields: [{ name: "code", type: "text", pattern: "[z-a]", max: 9 }],
      indexes: ["CREATE INDEX `odd_fine` ON `odd` (`code`)", "CREATE INDEX `odd_length` ON `odd` (nowhere(`code`))"],
      options: { colour: "red" },
      rows: [],
    };
    // Theirs is not asked whether its function exists.
    makePocketbaseFolder(folder.path, { collections: [{ ...odd, indexes: [] }, superusers] });
    using db = new Database(join(folder.path, "data.db"));
    db.run("UPDATE _collections SET indexes = ? WHERE name = 'odd'", [JSON.stringify(odd.indexes)]);
    db.close();
    await using it = await Opened.open();
    const { findings } = await move(it, folder.path);
    expect(findings.map(({ code, params }) => [code, params?.["name"]])).toEqual([
      ["cli_pb_option_left_out", "odd.code.pattern"],
      ["cli_pb_options_unknown", "odd"],
      ["cli_pb_index_left_out", "odd"],
    ]);
    expect(it.project.collections.find("odd")?.definition.indexes).toEqual([
      "CREATE INDEX `odd_fine` ON `odd` (`code`)",
    ]);
    expect((await move(it, folder.path)).findings.map(({ code }) => code)).not.toContain("cli_pb_conflict");
  });

  test("files come from its storage alone", async () => {
    using folder = newFolder();
    using elsewhere = newFolder();
    const key = (name: string) => `posts_id_000000/${id("first")}/${name}`;
    const files = ["../../../secret", "link.txt", "one.txt", ".hidden"];
    const rows = [{ id: id("first"), title: "Files", files }];
    makePocketbaseFolder(folder.path, {
      collections: [{ ...posts, rows }, topics, users, superusers],
      files: { "../secret": "outside", [key("one.txt")]: "one", [key(".hidden")]: "hidden" },
    });
    await Bun.write(join(elsewhere.path, "passwd"), "of the system");
    symlinkSync(join(elsewhere.path, "passwd"), join(folder.path, "storage", key("link.txt")));
    await using it = await Opened.open();
    const moved = await move(it, folder.path);
    // Ann's face is missing, too.
    expect([moved.files, moved.missing]).toEqual([1, 4]);
    expect(readdirSync(join(it.project.dir.files, "posts_id_000000", id("first")))).toEqual(["one.txt"]);
    expect(existsSync(join(it.project.dir.files, "secret"))).toBe(false);
  });

  test("one file that two fields name comes once, also over what an import left that was ended in the middle", async () => {
    using folder = newFolder();
    const fields = ["front", "back"].map((name) => ({ name, type: "file", maxSelect: 1 }));
    const rows = [{ id: id("both"), front: "one.txt", back: "one.txt" }];
    const key = `cards_id_000000/${id("both")}/one.txt`;
    makePocketbaseFolder(folder.path, {
      collections: [{ id: "cards_id_000000", name: "cards", fields, rows }, superusers],
      files: { [key]: "all of it" },
    });
    await using it = await Opened.open();
    const half = join(it.dir, "half");
    await Bun.write(half, "all of");
    await it.project.files.put(key, half);
    expect((await move(it, folder.path)).files).toBe(1);
    expect(readFileSync(join(it.project.dir.files, key), "utf8")).toBe("all of it");
  });

  test("is let go of when PocketBase writes meanwhile", async () => {
    using folder = newFolder();
    makePocketbaseFolder(folder.path, site);
    await using it = await Opened.open();
    const write = () => {
      using theirs = new Database(join(folder.path, "data.db"));
      theirs.run(`INSERT INTO topics (id, name) VALUES ('${id("snow")}', 'Snow')`);
    };
    const error = await move(it, folder.path, { decided: write }).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: "cli_pb_changing" });
    expect((await it.counts())["topics"]).toBe(0);
    expect((await move(it, folder.path)).records).toBe(8);
  });

  test("settings that are encrypted are left out, and said; those that somebody has changed here stay", async () => {
    using folder = newFolder();
    makePocketbaseFolder(folder.path, { collections: [superusers], settings: "1f8b9a0c not ours to read" });
    await using it = await Opened.open();
    expect(codes(await move(it, folder.path))).toEqual(["cli_pb_settings_encrypted"]);

    await it.project.settings.change({ meta: { appName: "Ours" } });
    using other = newFolder();
    makePocketbaseFolder(other.path, {
      collections: [superusers],
      settings: { ...(site.settings as object), trustedProxy: { headers: ["x-real-ip"] } },
    });
    expect(codes(await move(it, other.path))).toEqual(["cli_pb_settings_kept", "cli_pb_settings_left_out"]);
    expect(it.project.settings.current.meta.appName).toBe("Ours");
    expect(it.project.settings.current.trustedProxy.headers).toEqual(["x-real-ip"]);
  });
});

describe("moving in again", () => {
  test("goes on where it was stopped, and begins nothing anew", async () => {
    using folder = newFolder();
    const rows = Array.from({ length: 5000 }, (_, n) => ({
      id: `row${String(n).padStart(12, "0")}`,
      name: `Row ${n}`,
    }));
    makePocketbaseFolder(folder.path, { collections: [{ ...topics, rows }, posts, users, superusers] });
    await using it = await Opened.open();
    const stopping = move(it, folder.path, {
      batch: 2000,
      progress: (name, done) => {
        if (name === "topics" && done > 2000) throw new Error("stopped");
      },
    });
    expect(stopping).rejects.toThrow("stopped");
    await stopping.catch(() => {});
    const before = await it.counts();
    expect([before["topics"], before["posts"]]).toEqual([4000, 0]);
    const seen: number[] = [];
    const moved = await move(it, folder.path, { progress: (name, done) => name === "topics" && seen.push(done) });
    expect(seen).toEqual([1000]);
    expect([moved.records, moved.kept]).toEqual([1000 + 5, 0]);
    expect(await it.counts()).toMatchObject({ topics: 5000, posts: 2, users: 2, _superusers: 1 });
  });

  test("leaves what is here as it is, and takes over what is new", async () => {
    using folder = newFolder();
    makePocketbaseFolder(folder.path, site);
    await using it = await Opened.open();
    await move(it, folder.path);
    await it.project.store.write((tx) => tx.run(sql`UPDATE posts SET title = 'Ours'`));
    const theirs = new Database(join(folder.path, "data.db"));
    theirs.run(`INSERT INTO topics (id, name) VALUES ('${id("snow")}', 'Snow')`);
    theirs.close();
    const counts = await it.counts();
    const moved = await move(it, folder.path);
    expect(moved).toMatchObject({ records: 1, kept: 7 });
    expect(await it.counts()).toEqual({ ...counts, topics: 3 });
    expect((await it.send({ json: ["GET", `/api/collections/posts/records/${id("first")}`] })).body["title"]).toBe(
      "Ours",
    );
  });

  test("a record whose unique value is taken here is left out by name", async () => {
    using folder = newFolder();
    makePocketbaseFolder(folder.path, site);
    await using it = await Opened.open();
    await it.person("owner", {}, "_superusers");
    const moved = await move(it, folder.path);
    expect(moved.records).toBe(6);
    expect(moved.findings).toContainEqual({
      code: "cli_pb_records_clash",
      params: { name: "_superusers", count: 1, ids: id("owner") },
    });
  });
});

describe("what stands in the way", () => {
  async function conflictsOf(it: Opened, theirs: Theirs): Promise<readonly string[]> {
    using folder = newFolder();
    makePocketbaseFolder(folder.path, theirs);
    const counts = await it.counts();
    const error = await move(it, folder.path).catch((error: unknown) => error);
    expect(await it.counts()).toEqual(counts);
    return error instanceof Conflicts
      ? error.conflicts.map(({ code, params }) => `${code} ${params?.["name"]}`)
      : [String(error)];
  }

  test("another collection of that name, or with that id: all of them are named, and nothing is done", async () => {
    await using it = await Opened.open();
    await it.collection({ name: "Topics", fields: [{ name: "name", type: "text" }] });
    await it.collection({ id: "posts_id_000000", name: "articles", fields: [{ name: "title", type: "text" }] });
    expect((await conflictsOf(it, site)).toSorted()).toEqual([
      "cli_pb_collection_impossible topics",
      "cli_pb_conflict posts",
    ]);
  });

  test("people are here already, in another shape", async () => {
    await using it = await Opened.open();
    await it.person("cid");
    expect(await conflictsOf(it, site)).toEqual(["cli_pb_conflict users"]);
  });

  test("a rule here would no longer make sense", async () => {
    await using it = await Opened.open();
    await it.collection({ name: "mine", fields: [], listRule: "@collection.users.name != ''" });
    expect(await conflictsOf(it, site)).toEqual(["cli_pb_conflict_rule mine.listRule"]);
  });

  /** What stands in the way once something was done to their data, and that nothing has come over. */
  async function damaged(...statements: readonly string[]) {
    using folder = newFolder();
    makePocketbaseFolder(folder.path, site);
    using db = new Database(join(folder.path, "data.db"));
    for (const statement of statements) db.run(statement);
    db.close();
    await using it = await Opened.open();
    const found = await move(it, folder.path).catch((error: unknown) => error);
    expect(it.project.collections.find("posts")).toBeUndefined();
    return found instanceof Conflicts
      ? found.conflicts.map(({ code, params }) => `${code} ${params?.["name"]}`)
      : [String(found)];
  }

  const unreadable: readonly (readonly [column: string, value: string])[] = [
    ["options", '{"authRule":"verified = true"'],
    ["options", "[]"],
    ["options", "7"],
    ["fields", "[{"],
    ["fields", "[{}]"],
    ["fields", "[]"],
    ["fields", ""],
    ["fields", "{}"],
    ["indexes", "[`"],
    ["indexes", '"CREATE INDEX"'],
    ["indexes", "[7]"],
  ];
  test.each(unreadable)("%s that cannot be read: %s", async (column, value) => {
    const found = await damaged(`UPDATE _collections SET ${column} = '${value}' WHERE name = 'users'`);
    expect(found).toEqual(["cli_pb_collection_impossible users"]);
  });

  const endless = "WITH r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS id, n AS name FROM r";
  test("what is called like a collection and is no table", async () => {
    expect(await damaged("DROP TABLE topics", `CREATE VIEW topics AS ${endless}`)).toEqual([
      "cli_pb_collection_impossible topics",
    ]);
    expect(await damaged("DROP TABLE topics", "CREATE VIRTUAL TABLE topics USING fts5(id, name)")).toEqual([
      "cli_pb_collection_impossible topics",
    ]);
  });

  test("a list of collections that is no table", async () => {
    const columns = "n AS rowid, n AS id, 'x' AS name, 'base' AS type, '[]' AS fields";
    const list = endless.replace("n AS id, n AS name", columns);
    const [found] = await damaged("DROP TABLE _collections", `CREATE VIEW _collections AS ${list}`);
    expect(found).toContain("cli_pb_unreadable");
  });

  test("a field of a type that there is none of here", async () => {
    await using it = await Opened.open();
    const odd = { ...topics, fields: [{ name: "shape", type: "polygon" }], rows: [] };
    expect(await conflictsOf(it, { collections: [odd, superusers] })).toEqual(["cli_pb_collection_impossible topics"]);
  });
});

describe("the command", () => {
  function run(dir: string, folder: string, more: Partial<Config> = {}) {
    const said: string[] = [];
    const terminal = {
      say: (line: string) => void said.push(line),
      complain: (line: string) => void said.push(line),
      newPassword: () => Promise.resolve(undefined),
    };
    return importPocketbase({ ...standard, dir, ...more }, [folder], terminal).then(
      (code) => ({ code, said: said.join("\n") }),
      (error: unknown) => ({ code: error instanceof Refusal ? error.code : String(error), said: said.join("\n") }),
    );
  }

  test("says with --dry-run what there would be, and leaves no trace", async () => {
    using folder = newFolder();
    using home = newFolder();
    makePocketbaseFolder(folder.path, site);
    const dir = join(home.path, "data");
    const { code, said } = await run(dir, folder.path, { dryRun: true });
    expect(code).toBe(0);
    expect(said).toContain("- posts: 2 record(s)");
    expect(said).toContain(`posts_id_000000/${id("first")}/gone.txt`);
    expect(said).toContain("Without --dry-run there would be 4 collection(s), 7 record(s) and 2 file(s).");
    expect(readdirSync(home.path)).toEqual([]);

    expect((await run(dir, folder.path)).said).toContain("Taken over: 4 collection(s), 7 record(s), 2 file(s).");
    const again = await run(dir, folder.path, { dryRun: true });
    expect(again.said).toContain("- posts: 2 record(s); the collection is here already");
    expect(again.said).toContain("7 record(s) were here already");
  });

  test("once to try and once for good: the same secret, another where theirs are others, and none that was there is lost", async () => {
    using folder = newFolder();
    using home = newFolder();
    makePocketbaseFolder(folder.path, site);
    const secretIn = async (name: string) => {
      expect((await run(join(home.path, name), folder.path)).code).toBe(0);
      return readFileSync(join(home.path, name, "secret"), "utf8");
    };
    const secret = await secretIn("first");
    expect(await secretIn("second")).toBe(secret);
    const own = openDataDir(join(home.path, "third")).secret();
    expect((await secretIn("third")).trim()).toBe(own);

    const database = new Database(join(folder.path, "data.db"));
    database.run("UPDATE _collections SET options = replace(options, ?, ?)", [keyOf("a"), keyOf("b")]);
    database.close();
    expect(await secretIn("fourth")).not.toBe(secret);
  });

  test("names what stands in the way", async () => {
    using folder = newFolder();
    using home = newFolder();
    makePocketbaseFolder(folder.path, { collections: [{ ...topics, name: "_forms" }, superusers] });
    const { code, said } = await run(join(home.path, "data"), folder.path);
    expect([code, said]).toEqual([1, expect.stringMatching(/^Nothing was changed[^\n]*\n- [^\n]*_forms[^\n]*$/)]);
  });

  test("refuses while a server runs on the folder", async () => {
    using folder = newFolder();
    using home = newFolder();
    makePocketbaseFolder(folder.path, site);
    const release = openDataDir(home.path).claim();
    expect((await run(home.path, folder.path)).code).toBe("data_in_use");
    release();
    expect((await run(home.path, folder.path)).code).toBe(0);
  });

  test("refuses what is no such folder, and to put our data into theirs", async () => {
    using folder = newFolder();
    using home = newFolder();
    const dir = join(home.path, "data");
    expect((await run(dir, folder.path)).code).toBe("cli_pb_missing");
    expect(readdirSync(home.path)).toEqual([]);
    await Bun.write(join(folder.path, "data.db"), "no database at all, but long enough to look at");
    expect((await run(dir, folder.path)).code).toBe("cli_pb_unreadable");
    rmSync(join(folder.path, "data.db"));
    using db = new Database(join(folder.path, "data.db"), { create: true });
    db.run("CREATE TABLE something (id)");
    expect((await run(dir, folder.path)).code).toBe("cli_pb_unreadable");
    db.run("CREATE TABLE _collections (id, name, schema)");
    expect((await run(dir, folder.path)).code).toBe("cli_pb_old");
    const before = fingerprint(folder.path);
    expect((await run(join(folder.path, "data"), folder.path)).code).toBe("cli_pb_inside");
    expect(fingerprint(folder.path)).toEqual(before);
  });
});
