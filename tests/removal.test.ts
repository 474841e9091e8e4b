import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import type { Unit } from "../src/store/engine.ts";
import { sql } from "../src/store/sql.ts";
import { type Answer, Opened } from "./testing.ts";

const numbered = (letter: string, n: number) => letter + String(n).padStart(14, "0");

function relation(it: Opened, name: string, to: string, more: Readonly<Record<string, unknown>> = {}) {
  return { name, type: "relation", collectionId: it.project.collections.find(to)?.id, maxSelect: 1, ...more };
}

function remove(it: Opened, collection: string, id: unknown): Promise<Answer> {
  return it.send({ as: "root", json: ["DELETE", `/api/collections/${collection}/records/${String(id)}`] });
}

/** Opens a project whose `nodes` point at nodes, by a field of these options. */
async function nodes(options: Readonly<Record<string, unknown>>): Promise<Opened> {
  const it = await Opened.open();
  await it.person("root", {}, "_superusers");
  await it.collection({ name: "nodes", fields: [{ name: "title", type: "text" }] });
  const known = it.project.collections.find("nodes")?.definition.fields ?? [];
  const fields = [...known, relation(it, "parent", "nodes", options)];
  const changed = await it.send({ as: "root", json: ["PATCH", "/api/collections/nodes", { fields: fields as never }] });
  expect(changed.status, changed.text).toBe(200);
  return it;
}

/** Writes many rows in one unit, as many records would be there after years. */
function fill(it: Opened, count: number, write: (tx: Unit, n: number) => Promise<unknown>): Promise<void> {
  return it.project.store.write(async (tx) => {
    for (let n = 0; n < count; n++) await write(tx, n);
  });
}

/** From now on this is what runs units. */
function around({ project }: Opened, run: <T>(tx: Unit, work: (tx: Unit) => Promise<T>) => Promise<T>): void {
  const write = project.store.write.bind(project.store);
  project.store.write = (work) => write((tx) => run(tx, work));
}

test("a long chain that goes does not keep others waiting", async () => {
  await using it = await nodes({ cascadeDelete: true });
  const length = 3000;
  await fill(it, length, (tx, n) => {
    return tx.run(sql`INSERT INTO nodes (id, parent) VALUES (${numbered("n", n)}, ${n ? numbered("n", n - 1) : ""})`);
  });
  let removing = false;
  around(it, async (tx, work) => {
    removing = true;
    return work(tx).finally(() => (removing = false));
  });
  let waiting = true;
  const going = remove(it, "nodes", numbered("n", 0)).finally(() => (waiting = false));
  let answered = 0;
  while (waiting) {
    await it.send({ json: ["GET", "/api/health"] });
    if (removing) answered++;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await going).status).toBe(204);
  expect(answered).toBeGreaterThan(0);
  expect(await it.counts()).toMatchObject({ nodes: 0, outbox: expect.any(Number) });
  const told = await it.project.store.all<{ record: string; before: string }>(
    sql`SELECT record, before FROM _outbox WHERE action = 'delete'`,
  );
  expect(told).toHaveLength(length);
  const last = told.find(({ record }) => record === numbered("n", length - 1));
  expect(JSON.parse(last?.before ?? "{}")).toMatchObject({ parent: numbered("n", length - 2) });
});

test("many records that go, and many that lose an id, are a few statements", async () => {
  await using it = await Opened.open();
  await it.person("root", {}, "_superusers");
  const ann = await it.person("ann");
  await it.collection({ name: "posts", fields: [relation(it, "author", "users", { cascadeDelete: true })] });
  await it.collection({ name: "notes", fields: [relation(it, "post", "posts")] });
  await it.collection({ name: "picks", fields: [relation(it, "posts", "posts", { maxSelect: 9 })] });
  const count = 1200;
  await fill(it, count, async (tx, n) => {
    const post = numbered("p", n);
    await tx.run(sql`INSERT INTO posts (id, author) VALUES (${post}, ${String(ann["id"])})`);
    await tx.run(sql`INSERT INTO notes (id, post) VALUES (${numbered("n", n)}, ${post})`);
    const list = JSON.stringify(n % 2 ? [post] : ["keptpost0000000", post]);
    await tx.run(sql`INSERT INTO picks (id, posts) VALUES (${numbered("k", n)}, ${list})`);
  });
  let asked = 0;
  around(it, (tx, work) => {
    const counted = new Proxy(tx, {
      get: (_, name) => {
        const member: unknown = Reflect.get(tx, name, tx);
        return typeof member === "function"
          ? (...args: unknown[]) => (asked++, Reflect.apply(member, tx, args))
          : member;
      },
    });
    return work(counted);
  });
  const answer = await remove(it, "users", ann["id"]);
  expect(answer.status, answer.text).toBe(204);
  expect(asked).toBeLessThan(50);
  expect(await it.counts()).toMatchObject({ posts: 0, notes: count, picks: count, users: 0 });
  const left = await it.project.store.all(sql`SELECT DISTINCT post FROM notes`);
  expect(left).toEqual([{ post: "" }]);
  const lists = await it.project.store.all(
    sql`SELECT posts, COUNT(*) AS many FROM picks GROUP BY posts ORDER BY posts`,
  );
  expect(lists).toEqual([
    { posts: `["keptpost0000000"]`, many: count / 2 },
    { posts: "[]", many: count / 2 },
  ]);
  const told = await it.project.store.all(
    sql`SELECT action, COUNT(*) AS many FROM _outbox WHERE record != '' GROUP BY action`,
  );
  expect(told).toEqual([
    { action: "delete", many: count + 1 },
    { action: "update", many: 2 * count },
  ]);
});

test("records that point at each other go together, however they do", async () => {
  await using it = await nodes({ cascadeDelete: true });
  for (const [id, parent] of [
    ["a00000000000000", "b00000000000000"],
    ["b00000000000000", "a00000000000000"],
    ["c00000000000000", "c00000000000000"],
  ]) {
    await it.project.store.write((tx) =>
      tx.run(sql`INSERT INTO nodes (id, parent) VALUES (${id ?? ""}, ${parent ?? ""})`),
    );
  }
  expect((await remove(it, "nodes", "c00000000000000")).status).toBe(204);
  expect((await remove(it, "nodes", "a00000000000000")).status).toBe(204);
  expect(await it.counts()).toMatchObject({ nodes: 0 });
});

test("a list cascades once nothing is left in it", async () => {
  await using it = await nodes({ cascadeDelete: true, maxSelect: 3 });
  const [one, two, both] = ["one000000000000", "two000000000000", "both00000000000"];
  await it.record("nodes", { id: one });
  await it.record("nodes", { id: two, parent: [one] });
  await it.record("nodes", { id: both, parent: [two, one] });
  const other = await it.record("nodes", { parent: [both] });
  await it.record("nodes", { parent: [one, String(other.id)] });
  expect((await remove(it, "nodes", other.id)).status).toBe(204);
  expect(await it.counts()).toMatchObject({ nodes: 4 });
  expect((await remove(it, "nodes", one)).status).toBe(204);
  expect(await it.counts()).toMatchObject({ nodes: 0 });
});

test("what goes itself requires nothing any more, whichever is found first", async () => {
  await using it = await Opened.open();
  await it.person("root", {}, "_superusers");
  await it.collection({ name: "authors", fields: [{ name: "name", type: "text" }] });
  await it.collection({ name: "books", fields: [relation(it, "author", "authors", { cascadeDelete: true })] });
  await it.collection({
    name: "reviews",
    fields: [relation(it, "book", "books", { required: true }), relation(it, "by", "authors", { cascadeDelete: true })],
  });
  const author = String((await it.record("authors", {})).id);
  const book = String((await it.record("books", { author })).id);
  await it.record("reviews", { book, by: author });
  const stays = await it.record("reviews", { book });
  expect((await remove(it, "authors", author)).status).toBe(400);
  expect(await it.counts()).toMatchObject({ authors: 1, books: 1, reviews: 2 });
  expect((await remove(it, "reviews", stays.id)).status).toBe(204);
  expect((await remove(it, "authors", author)).status).toBe(204);
  expect(await it.counts()).toMatchObject({ authors: 0, books: 0, reviews: 0 });
});

test("no password is kept of what has gone, whatever the type of its collection", async () => {
  await using it = await nodes({ cascadeDelete: true });
  const fields = [{ name: "pin", type: "password" }, relation(it, "node", "nodes", { cascadeDelete: true })];
  await it.collection({ name: "doors", fields });
  const node = String((await it.record("nodes", {})).id);
  await it.record("doors", { pin: "a long secret", node });
  await it.record("doors", { pin: "a long secret" });
  expect((await remove(it, "nodes", node)).status).toBe(204);
  expect((await it.send({ as: "root", json: ["DELETE", "/api/collections/doors/truncate"] })).status).toBe(204);
  const told = await it.project.store.all<{ before: string | null }>(sql`SELECT before FROM _outbox`);
  expect(told.filter(({ before }) => before !== null)).toHaveLength(2);
  expect(JSON.stringify(told)).not.toMatch(/pin|argon2/);
});

test("who refers to a record is found without reading all others, however the schema came to be", async () => {
  await using it = await Opened.open();
  await it.person("root", {}, "_superusers");
  const path = "/api/collections/posts";
  const change = async (body: Readonly<Record<string, unknown>>) => {
    const answer = await it.send({ as: "root", json: ["PATCH", path, JSON.parse(JSON.stringify(body))] });
    expect(answer.status, answer.text).toBe(200);
    return answer.body;
  };
  /** How SQLite finds the rows by this column. */
  const plan = (column: string) => {
    using database = new Database(`${it.dir}/formstead.db`, { readonly: true });
    const rows = database.prepare<{ detail: string }, [string]>(
      `EXPLAIN QUERY PLAN SELECT * FROM posts WHERE "${column}" IN (SELECT value FROM json_each(?))`,
    );
    return rows.all("[]")[0]?.detail ?? "";
  };
  const ours = (column: string) =>
    expect.stringMatching(new RegExp(`^SEARCH posts USING INDEX ~relation .* \\(${column}=`));

  await it.collection({ name: "posts", fields: [{ name: "title", type: "text" }, relation(it, "author", "users")] });
  expect(plan("author")).toEqual(ours("author"));
  expect(plan("title")).toStartWith("SCAN");

  const made = it.project.collections.find("posts")?.definition.fields ?? [];
  const [author] = made.filter(({ name }) => name === "author");
  const more = relation(it, "editor", "users");
  const { fields: both } = await change({ fields: [...made, more] });
  expect(plan("editor")).toEqual(ours("editor"));

  const renamed = (both as typeof made).map((field) =>
    field.id === author?.id ? { ...field, name: "writer" } : field,
  );
  await change({ fields: renamed });
  expect(plan("writer")).toEqual(ours("writer"));

  await change({ indexes: ["CREATE INDEX idx_writer ON posts (writer, title)"] });
  expect(plan("writer")).toContain("idx_writer");
  await change({ indexes: ["CREATE INDEX idx_writer ON posts (writer) WHERE writer != ''"] });
  expect(plan("writer")).toEqual(ours("writer"));
  await change({ indexes: [] });

  await change({ fields: renamed.map((field) => (field.name === "writer" ? { ...field, maxSelect: 5 } : field)) });
  expect(plan("writer")).toStartWith("SCAN");
  await change({ fields: renamed });
  expect(plan("writer")).toEqual(ours("writer"));
  await change({ fields: renamed.filter(({ name }) => name !== "writer") });
  expect(plan("editor")).toEqual(ours("editor"));
});
