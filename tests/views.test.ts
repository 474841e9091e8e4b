import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createCollection } from "../src/collections/apply.ts";
import { renameInQuery } from "../src/collections/view-renames.ts";
import { tokenize } from "../src/collections/sql-tokens.ts";
import { readQuery } from "../src/collections/view-query.ts";
import { printSchema } from "../src/collections/schema/printing.ts";
import { recordTypes } from "../src/collections/record-types.ts";
import { moduleTypes } from "../src/collections/schema/module-types.ts";
import { isObject } from "../src/lib/json.ts";
import { collection, collections, text, view } from "../src/index.ts";
import { name, raw, sql } from "../src/store/sql.ts";
import { type Answer, type Body, Opened } from "./testing.ts";

/** Posts with authors and comments, an owner, and somebody who signs in. */
async function blog(): Promise<{ readonly t: Opened; readonly hello: string; readonly ann: string }> {
  const t = await Opened.open();
  await t.person("owner", {}, "_superusers");
  const ann = await t.person("ann", { name: "Ann" });
  await t.collection({
    name: "posts",
    fields: [
      { name: "title", type: "text", max: 50 },
      { name: "author", type: "relation", collectionId: "_pb_users_auth_", maxSelect: 1 },
      { name: "tags", type: "select", values: ["red", "blue"], maxSelect: 2 },
      { name: "likes", type: "number", onlyInt: true },
      { name: "live", type: "bool" },
      { name: "secret", type: "text", hidden: true },
    ],
  });
  await t.collection({
    name: "comments",
    fields: [
      { name: "post", type: "relation", collectionId: t.project.collections.find("posts")?.id ?? "", maxSelect: 1 },
      { name: "words", type: "text" },
    ],
  });
  const hello = await t.record("posts", {
    title: "Hello",
    author: String(ann["id"]),
    tags: ["red"],
    likes: 3,
    live: true,
    secret: "s1",
  });
  await t.record("posts", { title: "Bye", likes: 1, secret: "s2" });
  await t.record("comments", { post: String(hello["id"]), words: "one" });
  await t.record("comments", { post: String(hello["id"]), words: "two" });
  return { t, hello: String(hello["id"]), ann: String(ann["id"]) };
}

function makeView(t: Opened, viewQuery: string, more: Body = {}): Promise<Answer> {
  const body = { name: "stats", type: "view", listRule: "", viewRule: "", viewQuery, ...more };
  return t.send({ as: "owner", json: ["POST", "/api/collections", body] });
}

async function list(t: Opened, path = "stats/records", as?: string): Promise<Body[]> {
  const answer = await t.send({ as, json: ["GET", `/api/collections/${path}`] });
  expect(answer.text).toStartWith('{"items"');
  return answer.body["items"] as Body[];
}

function fieldsOf(body: Body): Record<string, Body> {
  const fields = body["fields"] as Body[];
  return Object.fromEntries(fields.map((field) => [String(field["name"]), field]));
}

describe("the fields of a view", () => {
  let t: Opened;
  beforeAll(async () => ({ t } = await blog()));
  afterAll(() => t[Symbol.asyncDispose]());

  async function fields(columns: string, rest = "FROM posts p"): Promise<Record<string, Body>> {
    const query = `SELECT p.id, ${columns} ${rest}`;
    const answer = await t.send({ as: "owner", json: ["POST", "/api/collections/meta/dry-run-view", { query }] });
    expect(answer.status, answer.text).toBe(200);
    return fieldsOf(answer.body);
  }

  const cases: readonly (readonly [column: string, called: string, field: Body])[] = [
    ["title", "title", { type: "text", max: 50 }],
    ["p.title", "title", { type: "text", max: 50 }],
    ['p."title" AS "headline"', "headline", { type: "text", max: 50 }],
    ["[p].[tags] labels", "labels", { type: "select", values: ["red", "blue"], maxSelect: 2 }],
    ["likes", "likes", { type: "number", onlyInt: true }],
    ["author", "author", { type: "relation", collectionId: "_pb_users_auth_", maxSelect: 1 }],
    ["p.id AS post", "post", { type: "relation", maxSelect: 1 }],
    ["secret", "secret", { type: "text", hidden: true }],
    ["COUNT(*) AS total", "total", { type: "number" }],
    ["count(likes) total", "total", { type: "number" }],
    ["total(likes) AS sum", "sum", { type: "number" }],
    ["CAST(likes AS TEXT) AS t", "t", { type: "text" }],
    ["cast(likes as int) AS n", "n", { type: "number" }],
    ["CAST(likes AS REAL) AS n", "n", { type: "number" }],
    ["CAST(likes AS BOOL) AS b", "b", { type: "bool" }],
    ["CAST(likes AS BLOB) AS b", "b", { type: "json" }],
    ["likes * 2 AS twice", "twice", { type: "json" }],
    ["max(likes) AS most", "most", { type: "json" }],
    ["(SELECT count(*) FROM comments) AS n", "n", { type: "json" }],
    ["CASE WHEN live THEN 'yes' ELSE 'no' END AS word", "word", { type: "json" }],
    ["likes IS NOT DISTINCT FROM 3 AS three", "three", { type: "json" }],
    ["(p.title) AS headline", "headline", { type: "text", max: 50 }],
    ["((secret)) AS open", "open", { type: "text", hidden: true }],
    ["upper(p.secret) AS open", "open", { type: "json", hidden: true }],
    ["main.p.'secret' || '' AS open", "open", { type: "json", hidden: true }],
    ["(SELECT secret FROM posts LIMIT 1) AS open", "open", { type: "json", hidden: true }],
    ["(SELECT count(*) FROM comments) AS n", "n", { type: "json", hidden: false }],
    ["'it''s' AS x, 1 /* , 2 AS y */ AS z", "x", { type: "json" }],
  ];
  test.each(cases)("%s", async (column, called, field) => {
    expect((await fields(column))[called]).toMatchObject(field);
  });

  test("of joined collections come from the one that is meant", async () => {
    const found = await fields(
      "u.name, words, u.id AS who",
      "FROM posts p LEFT JOIN users AS u ON u.id = p.author LEFT JOIN comments c ON false",
    );
    expect(found["name"]).toMatchObject({ type: "text", max: 255 });
    expect(found["words"]).toMatchObject({ type: "text" });
    expect(found["who"]).toMatchObject({ type: "relation", collectionId: "_pb_users_auth_" });
  });

  test("come from a collection that is named with its file, too", async () => {
    expect((await fields("(p.title) AS title", "FROM main.posts p"))["title"]).toMatchObject({ type: "text", max: 50 });
  });

  test("of a subquery are what their values are", async () => {
    const found = await fields("p.title", "FROM (SELECT id, title FROM posts) p");
    expect(found["title"]).toMatchObject({ type: "json" });
  });

  const hidden: readonly (readonly [why: string, query: string])[] = [
    ["with the name of the file", "SELECT id, secret AS x FROM main.posts"],
    ["with the name of the file, quoted", "SELECT p.id, p.secret AS x FROM [main].posts p"],
    ["in a subquery", "SELECT id, x FROM (SELECT id, secret AS x FROM posts)"],
    [
      "by all columns of a subquery",
      "SELECT id, b AS x FROM (WITH w(id, c, d, e, f, g, b) AS (SELECT * FROM posts) SELECT * FROM w)",
    ],
    ["in a common table", "WITH w(id, x) AS (SELECT id, secret FROM posts) SELECT id, x FROM w"],
    ["in the second SELECT", "SELECT id, title AS x FROM posts WHERE 0 UNION ALL SELECT id, secret FROM posts"],
    ["by a function that answers a table", "SELECT p.id, e.value AS x FROM posts p, json_each(json_array(p.secret)) e"],
  ];
  test.each(hidden)("of what is hidden are hidden: %s", async (_, query) => {
    const answer = await t.send({ as: "owner", json: ["POST", "/api/collections/meta/dry-run-view", { query }] });
    expect(answer.status, answer.text).toBe(200);
    expect(fieldsOf(answer.body)["x"]).toMatchObject({ hidden: true });
  });

  test("of lists that are taken apart are there, whatever ran before", async () => {
    await using fresh = (await blog()).t;
    const viewQuery = "SELECT p.id || e.key AS id, e.value AS tag FROM posts p, json_each(p.tags) e";
    expect((await makeView(fresh, viewQuery)).status).toBe(200);
    const tree = await makeView(fresh, "SELECT p.id, (SELECT count(*) FROM json_tree(p.tags)) AS n FROM posts p", {
      name: "trees",
    });
    expect(tree.status, tree.text).toBe(200);
    expect(await list(fresh)).toMatchObject([{ tag: "red" }]);
  });

  test("a column keeps the id of its field when the query changes around it", async () => {
    const [one, other] = [await fields("title"), await fields("title, likes", "FROM posts p WHERE likes > 0")];
    expect(one["title"]?.["id"]).toBe(other["title"]?.["id"] ?? "");
  });
});

describe("a query is refused", () => {
  let t: Opened;
  beforeAll(async () => ({ t } = await blog()));
  afterAll(() => t[Symbol.asyncDispose]());

  const refused: readonly (readonly [why: string, query: string, says: string])[] = [
    ["nothing", " ", "Cannot be blank."],
    ["no SELECT", "DELETE FROM posts", "It is no SELECT"],
    ["PRAGMA", "PRAGMA table_info(posts)", "It is no SELECT"],
    ["ATTACH", "ATTACH '/tmp/x.db' AS x", "It is no SELECT"],
    ["several statements", "SELECT id FROM posts; DROP TABLE posts", "more than one statement"],
    ["a bracket too many", "SELECT id FROM posts) SELECT (1", "does not end"],
    ["a comment that does not end", "SELECT id FROM posts /*", "does not end"],
    ["a parameter", "SELECT id FROM posts WHERE title = ?1", "does not end"],
    ["all columns", "SELECT * FROM posts", "Name each of them"],
    ["all columns of one", "SELECT p.id, p.* FROM posts p", "Name each of them"],
    ["no id", "SELECT title FROM posts", "There is no column id"],
    ["a column without a name", "SELECT id, likes + 1 FROM posts", "has no name"],
    ["two columns of one name", "SELECT id, title, likes AS title FROM posts", "Two columns are called title"],
    ["a name that no field can have", "SELECT id, title AS expand FROM posts", "cannot be called expand"],
    ["a name with a space", "SELECT id, title AS 'a b' FROM posts", "cannot be called a b"],
    ["an unknown collection", "SELECT id FROM nobody", "There is no collection nobody"],
    ["an unknown column", "SELECT id, heading FROM posts", "no such column: heading"],
    ["one of our tables", "SELECT key AS id FROM _params", "There is no collection _params"],
    [
      "one of our tables in a subquery",
      "SELECT id FROM posts WHERE id IN (SELECT id FROM _jobs)",
      "There is no collection _jobs",
    ],
    ["one of our tables after IN", "SELECT id FROM posts WHERE id IN _jobs", "There is no collection _jobs"],
    [
      "one of our tables, quoted",
      'SELECT id FROM (SELECT "id" FROM "_collections")',
      "There is no collection _collections",
    ],
    ["the schema", "SELECT name AS id FROM sqlite_schema", "There is no collection sqlite_schema"],
    [
      "a pragma as a table",
      "SELECT name AS id FROM pragma_table_info('users')",
      "There is no collection pragma_table_info",
    ],
    ["words of an index", "SELECT term AS id FROM fts5vocab", "There is no collection fts5vocab"],
    ["pages of the file", "SELECT name AS id FROM dbstat", "There is no collection dbstat"],
    ["passwords", "SELECT id, password AS p FROM users", "which is nobody's to read"],
    ["passwords, computed with", 'SELECT id, substr("passWord", 1, 2) AS p FROM users', "which is nobody's to read"],
    ["passwords, as a string", "SELECT id, users.'password' || '' AS p FROM users", "which is nobody's to read"],
    ["what tokens are made of", "SELECT u.id, u.tokenKey || '' AS p FROM posts, users u", "which is nobody's to read"],
    [
      "passwords by all columns",
      "SELECT id, c AS p FROM (WITH x(id, b, c) AS (SELECT * FROM users) SELECT * FROM x)",
      "passwords too",
    ],
    ["ids that are not unique", "(SELECT 1 AS id UNION ALL SELECT 1 AS id)", "have the same id"],
    ["ids that are none", "SELECT NULL AS id", "have the same id, or one has none"],
    ["records beyond all measure", "SELECT 'a' AS id, hex(zeroblob(30000000)) AS x", "too large to be shown"],
  ];
  test.each(refused)("%s", async (_, query, says) => {
    const tried = await t.send({ as: "owner", json: ["POST", "/api/collections/meta/dry-run-view", { query }] });
    expect([tried.status, tried.text]).toEqual([400, expect.stringContaining(says)]);
    const made = await makeView(t, query);
    expect(made.status).toBe(400);
    expect(made.text).toContain(says);
    if (query !== " ") expect(made.text).toContain('"viewQuery":{"code":"validation_invalid_view_query"');
    expect(t.project.collections.find("stats")).toBeUndefined();
  });

  test("one that never ends, without holding up anybody", async () => {
    await using slow = await Opened.open({ queryTimeout: 0.3 });
    await slow.person("owner", {}, "_superusers");
    const query =
      "WITH r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 30000000) SELECT count(*) AS id FROM r";
    const trying = makeView(slow, query);
    const health = await slow.send({ json: ["GET", "/api/health"] });
    expect(health.status).toBe(200);
    expect((await trying).text).toContain("It takes too long");
  });

  test("rules to write, and indexes", async () => {
    const rules = await makeView(t, "SELECT id FROM posts", { createRule: "", deleteRule: "id = ''" });
    expect(rules.body["data"]).toMatchObject({
      createRule: { code: "validation_nil" },
      deleteRule: { code: "validation_nil" },
    });
    const indexes = await makeView(t, "SELECT id FROM posts", { indexes: ["CREATE INDEX i ON stats (id)"] });
    expect(indexes.body["data"]).toMatchObject({ indexes: { code: "validation_indexes_not_supported" } });
  });

  test("a relation of a collection that is no view to a view", async () => {
    await using own = await Opened.open();
    await own.person("owner", {}, "_superusers");
    await makeView(own, "SELECT id FROM users");
    const target = own.project.collections.find("stats")?.id ?? "";
    const fields = [{ name: "to", type: "relation", collectionId: target }];
    const made = await own.send({ as: "owner", json: ["POST", "/api/collections", { name: "notes", fields }] });
    expect(made.text).toContain("validation_relation_field_non_view_base_collection");
  });
});

describe("the records of a view", () => {
  let t: Opened;
  let [hello, ann] = ["", ""];
  const query = `SELECT p.id, p.title, p.tags, p.author, p.secret, p.id AS post, COUNT(c.id) AS replies, lower(p.title) AS small
    FROM posts p LEFT JOIN comments c ON c.post = p.id GROUP BY p.id -- all of them`;
  beforeAll(async () => {
    ({ t, hello, ann } = await blog());
    const made = await makeView(t, query, { listRule: "title != 'Never'", viewRule: "author = @request.auth.id" });
    expect(made.status, made.text).toBe(200);
    await t.person("bob");
  });
  afterAll(() => t[Symbol.asyncDispose]());

  test("are listed, as the fields say", async () => {
    const [first, second] = await list(t, "stats/records?sort=-replies");
    expect(first).toEqual({
      collectionId: t.project.collections.find("stats")?.id ?? "",
      collectionName: "stats",
      id: hello,
      title: "Hello",
      tags: ["red"],
      author: ann,
      post: hello,
      replies: 2,
      small: "hello",
    });
    expect(second).toMatchObject({ title: "Bye", tags: [], author: "", replies: 0 });
  });

  test("are filtered, sorted and counted", async () => {
    expect(await list(t, "stats/records?filter=replies > 0")).toHaveLength(1);
    expect(await list(t, "stats/records?filter=author.name = 'Ann' %26%26 tags ~ 'red'", "owner")).toHaveLength(1);
    const sorted = await list(t, "stats/records?sort=small&fields=small&perPage=1");
    expect(sorted).toEqual([{ small: "bye" }]);
    const page = await t.send({ json: ["GET", "/api/collections/stats/records?perPage=1"] });
    expect(page.body).toMatchObject({ totalItems: 2, totalPages: 2 });
  });

  test("hidden fields stay hidden, but for superusers", async () => {
    expect((await list(t))[0]).not.toHaveProperty("secret");
    expect((await list(t, "stats/records?sort=-replies", "owner"))[0]).toMatchObject({ secret: "s1" });
    const filtered = await t.send({ json: ["GET", "/api/collections/stats/records?filter=secret='s1'"] });
    expect(filtered.status).toBe(400);
  });

  test("are read one by one under the view rule", async () => {
    const path = `/api/collections/stats/records/${hello}`;
    expect((await t.send({ as: "ann", json: ["GET", path] })).body).toMatchObject({ title: "Hello" });
    expect((await t.send({ as: "bob", json: ["GET", path] })).status).toBe(404);
    expect((await t.send({ json: ["GET", path] })).status).toBe(404);
  });

  test("carry relations to be expanded, and back-relations", async () => {
    const [first] = await list(t, "stats/records?sort=-replies&expand=post,author", "owner");
    expect(first?.["expand"]).toMatchObject({ post: { title: "Hello" }, author: { name: "Ann" } });
    const posts = await list(t, "posts/records?filter=stats_via_post.replies > 1&expand=stats_via_post", "owner");
    expect(posts).toHaveLength(1);
    expect(posts[0]?.["expand"]).toMatchObject({ stats_via_post: [{ replies: 2 }] });
  });

  test("can be asked for in rules of others", async () => {
    await t.collection({ name: "popular", fields: [], listRule: "@collection.stats.replies ?> 1" });
    await t.record("popular", {});
    expect(await list(t, "popular/records")).toHaveLength(1);
  });

  test("hold up nobody, also where the rule of another collection asks for them", async () => {
    await using slow = await Opened.open({ queryTimeout: 0.3 });
    await slow.person("owner", {}, "_superusers");
    await slow.collection({ name: "limits", fields: [{ name: "most", type: "number" }] });
    const limit = await slow.record("limits", { most: 1 });
    const viewQuery = `WITH r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < (SELECT max(most) FROM limits))
      SELECT count(*) AS id FROM r`;
    expect((await makeView(slow, viewQuery)).status).toBe(200);
    await slow.collection({ name: "notes", fields: [], viewRule: "@collection.stats.id != ''" });
    const note = await slow.record("notes", {});
    const path = `/api/collections/notes/records/${String(note["id"])}`;
    expect((await slow.send({ json: ["GET", path] })).status).toBe(200);
    const grown = ["PATCH", `/api/collections/limits/records/${String(limit["id"])}`, { most: 30_000_000 }] as const;
    expect((await slow.send({ as: "owner", json: [...grown] })).status).toBe(200);
    const waiting = slow.send({ json: ["GET", path] });
    expect((await slow.send({ json: ["GET", "/api/health"] })).status).toBe(200);
    expect((await waiting).status).toBe(503);
  });

  test("are not written", async () => {
    const path = `/api/collections/stats/records`;
    for (const as of [undefined, "ann", "owner"]) {
      const answers = await Promise.all([
        t.send({ as, json: ["POST", path, { title: "x" }] }),
        t.send({ as, json: ["PATCH", `${path}/${hello}`, { title: "x" }] }),
        t.send({ as, json: ["DELETE", `${path}/${hello}`] }),
      ]);
      const same = { data: {}, message: "Unsupported collection type.", status: 400 };
      expect(answers.map(({ body }) => body)).toEqual([same, same, same]);
    }
    const truncated = await t.send({ as: "owner", json: ["DELETE", "/api/collections/stats/truncate"] });
    expect(truncated.status).toBe(400);
    expect(await list(t)).toHaveLength(2);
  });

  test("have numbers for ids where the query says so, as texts", async () => {
    await t.send({
      as: "owner",
      json: [
        "POST",
        "/api/collections",
        {
          name: "numbered",
          type: "view",
          listRule: "",
          viewRule: "",
          viewQuery: "SELECT ROW_NUMBER() OVER() AS id, title FROM posts",
        },
      ],
    });
    const items = await list(t, "numbered/records");
    expect(items.map(({ id }) => id)).toEqual(["1", "2"]);
    const one = await t.send({ json: ["GET", "/api/collections/numbered/records/2"] });
    expect(one.body).toMatchObject({ id: "2" });
  });

  test("are found by their id without looking at all of them", async () => {
    const made = await t.send({
      as: "owner",
      json: ["POST", "/api/collections", { name: "plain", type: "view", viewQuery: "SELECT id, title FROM posts" }],
    });
    expect(made.status).toBe(200);
    const plan = await t.project.store.all<{ detail: string }>(
      sql`EXPLAIN QUERY PLAN SELECT title FROM plain WHERE id = ${hello}`,
    );
    expect(plan.map(({ detail }) => detail).join()).toContain("SEARCH posts USING INDEX");
  });

  test("show up in the dashboard, without a way in", async () => {
    const all = await t.send({ as: "owner", json: ["GET", "/_/collections"], headers: { accept: "text/html" } });
    expect(all.text).toContain("stats");
    const page = await t.send({ as: "owner", json: ["GET", "/_/collections/stats"], headers: { accept: "text/html" } });
    expect(page.text).toContain("Hello");
    expect(page.text).not.toContain("/_/collections/stats/import");
  });

  test("are read, never made, in types and schemas", () => {
    const types = recordTypes(t.project.collections.current);
    expect(types).toContain("export interface StatsRecord {");
    expect(types).toContain("  stats: StatsRecord;");
    expect(types).not.toContain("StatsNew");
  });
});

test("pages of a view show its records and offer nothing to write", async () => {
  const { t, hello } = await blog();
  await using _ = t;
  expect((await makeView(t, "SELECT id, title FROM posts", { pages: true })).status).toBe(200);
  const html = { accept: "text/html" };
  const all = await t.send({ as: "owner", json: ["GET", "/stats"], headers: html });
  expect([all.status, all.text.includes("Hello"), all.text.includes("/stats/new")]).toEqual([200, true, false]);
  const one = await t.send({ as: "owner", json: ["GET", `/stats/${hello}`], headers: html });
  expect([one.status, one.text.includes("/edit"), one.text.includes("/delete")]).toEqual([200, false, false]);
  for (const path of ["/stats/new", `/stats/${hello}/edit`, `/stats/${hello}/delete`]) {
    expect((await t.send({ as: "owner", json: ["GET", path], headers: html })).status).toBe(403);
  }
  expect(
    (await t.send({ as: "owner", form: ["/stats", { title: "x" }], headers: { "sec-fetch-site": "same-origin" } }))
      .status,
  ).toBe(400);
});

test("a file that a view shows is the file of the record it comes from", async () => {
  const { t } = await blog();
  await using _ = t;
  await t.collection({
    name: "papers",
    fields: [{ name: "paper", type: "file", maxSelect: 1, maxSize: 1000, protected: true }],
  });
  const body = new FormData();
  body.append("paper", new File(["some words"], "paper.txt", { type: "text/plain" }));
  const sent = await t.app.handle(
    new Request("http://localhost/api/collections/papers/records", { method: "POST", body }),
  );
  const record: Body = await sent.json();
  const inner = await makeView(t, "SELECT id, paper AS sheet FROM papers");
  expect(inner.status).toBe(200);
  const shelf = {
    name: "shelf",
    type: "view",
    viewRule: "@request.auth.id != ''",
    viewQuery: "SELECT 7 AS id, s.sheet AS leaf FROM stats s",
  };
  expect((await t.send({ as: "owner", json: ["POST", "/api/collections", shelf] })).status).toBe(200);
  const file = await t.send({ as: "ann", json: ["GET", `/api/files/shelf/7/${String(record["paper"])}`] });
  expect([file.status, file.text]).toEqual([200, "some words"]);
  expect((await t.send({ json: ["GET", `/api/files/shelf/7/${String(record["paper"])}`] })).status).toBe(404);
  expect((await t.send({ as: "ann", json: ["GET", "/api/files/shelf/7/other.txt"] })).status).toBe(404);
});

describe("when what a view reads is changed", () => {
  async function change(t: Opened, of: string, patch: (fields: Body[]) => Body): Promise<Answer> {
    const { body } = await t.send({ as: "owner", json: ["GET", `/api/collections/${of}`] });
    return t.send({ as: "owner", json: ["PATCH", `/api/collections/${of}`, patch(body["fields"] as Body[])] });
  }

  const renamed =
    (from: string, to: string) =>
    (fields: Body[]): Body => ({
      fields: fields.map((field) => (field["name"] === from ? { ...field, name: to } : field)),
    });

  test("it follows other names, and calls its columns what it called them", async () => {
    const { t } = await blog();
    await using _ = t;
    await makeView(
      t,
      "SELECT p.id, p.title, live, p.likes AS n FROM posts AS p JOIN posts ON posts.id = p.id WHERE p.title != '' AND posts.likes > 0 ORDER BY likes",
      {
        viewQuery:
          "SELECT p.id, p.title, live, p.likes AS n FROM posts AS p WHERE p.title != '' AND likes > 0 AND id IN (SELECT posts.id FROM posts) ORDER BY likes DESC",
        listRule: "title != 'x' && n > 0",
      },
    );
    const before = await list(t);
    expect(before).toHaveLength(2);
    for (const [from, to] of [
      ["title", "headline"],
      ["likes", "order"],
      ["live", "2nd"],
    ] as const) {
      const changed = await change(t, "posts", renamed(from, to));
      expect(changed.status, changed.text).toBe(200);
    }
    const moved = await t.send({ as: "owner", json: ["PATCH", "/api/collections/posts", { name: "articles" }] });
    expect(moved.status, moved.text).toBe(200);
    expect(await list(t)).toEqual(before);
    expect(t.project.collections.find("stats")?.definition.viewQuery).toContain("`headline` AS `title`");
  });

  test("it shows the new options of its fields", async () => {
    const { t } = await blog();
    await using _ = t;
    await makeView(t, "SELECT id, tags FROM posts");
    await makeView(t, "SELECT id, tags AS marks FROM stats", { name: "outer" });
    await change(t, "posts", (fields) => ({
      fields: fields.map((field) =>
        field["name"] === "tags" ? { ...field, values: ["red", "blue", "green"], maxSelect: 1 } : field,
      ),
    }));
    for (const of of ["stats", "outer"]) {
      expect(t.project.collections.find(of)?.fields[1]?.definition).toMatchObject({
        values: ["red", "blue", "green"],
        maxSelect: 1,
      });
    }
    expect((await list(t)).map(({ tags }) => tags)).toEqual(["red", ""]);
  });

  test("what would break it is refused, with its name", async () => {
    const { t } = await blog();
    await using _ = t;
    await makeView(t, "SELECT p.id, (SELECT max(likes) FROM posts) AS most FROM posts p");
    const dropped = await change(t, "posts", (fields) => ({ fields: fields.filter(({ name }) => name !== "likes") }));
    expect(dropped.body["data"]).toMatchObject({ "stats.viewQuery": { code: "validation_invalid_view_query" } });
    const deleted = await t.send({ as: "owner", json: ["DELETE", "/api/collections/posts"] });
    expect([deleted.status, deleted.text]).toEqual([400, expect.stringContaining("comments")]);
    await t.send({ as: "owner", json: ["DELETE", "/api/collections/comments"] });
    const again = await t.send({ as: "owner", json: ["DELETE", "/api/collections/posts"] });
    expect([again.status, again.text]).toEqual([400, expect.stringContaining("These views need it: stats.")]);
    expect(await list(t)).toHaveLength(2);
    expect((await t.send({ as: "owner", json: ["DELETE", "/api/collections/stats"] })).status).toBe(204);
    expect((await t.send({ as: "owner", json: ["DELETE", "/api/collections/posts"] })).status).toBe(204);
  });

  test("a dry run says what would be done, and does nothing", async () => {
    const { t } = await blog();
    await using _ = t;
    const body = { name: "stats", type: "view", viewQuery: "SELECT id FROM posts" };
    const tried = await t.send({ as: "owner", json: ["POST", "/api/collections?dryRun=true", body] });
    expect(tried.body).toEqual({ steps: [{ says: "Create the view stats.", loses: false }] });
    expect(t.project.collections.find("stats")).toBeUndefined();
    await makeView(t, "SELECT id FROM posts");
    const patch = { name: "counts", viewQuery: "SELECT id, title FROM posts" };
    const changed = await t.send({ as: "owner", json: ["PATCH", "/api/collections/stats?dryRun=true", patch] });
    expect(changed.body).toMatchObject({
      steps: [{ says: "Rename the collection stats to counts." }, { says: "Change what the view counts asks for." }],
    });
    expect(await list(t)).toHaveLength(2);
  });

  test("its own query and name may change", async () => {
    const { t } = await blog();
    await using _ = t;
    await makeView(t, "SELECT id FROM posts");
    const patch = {
      name: "counts",
      fields: [{ name: "ignored!", type: "text" }],
      viewQuery: "SELECT 2 AS id, created, email FROM _superusers LIMIT 1",
    };
    const changed = await t.send({ as: "owner", json: ["PATCH", "/api/collections/stats", patch] });
    expect(Object.keys(fieldsOf(changed.body))).toEqual(["id", "created", "email"]);
    expect(await list(t, "counts/records", "owner")).toMatchObject([{ id: "2", email: "owner@example.com" }]);
    const itself = await t.send({
      as: "owner",
      json: ["PATCH", "/api/collections/counts", { viewQuery: "SELECT id FROM counts" }],
    });
    expect(itself.status).toBe(400);
  });
});

describe("a view that is found broken", () => {
  test("is said at the start, closed, and open again once it is mended", async () => {
    const { t } = await blog();
    await using first = t;
    await makeView(first, "SELECT id, title FROM posts");
    await makeView(first, "SELECT id FROM comments", { name: "fine" });
    const { dir } = first;
    await first.project.store.write(async (tx) => {
      await tx.run(sql`DROP VIEW ${name("stats")}`);
      await tx.run(sql`CREATE VIEW ${name("stats")} AS ${raw("SELECT id, title FROM nowhere")}`);
    });
    await first.project.close();

    await using later = await Opened.open({ dir });
    await later.person("chief", {}, "_superusers");
    await later.project.logs.flush();
    expect(later.log.join("")).toContain(
      "The view stats cannot be read: The database does not take it: no such table: main.nowhere.",
    );
    const path = "/api/collections/stats/records";
    const [guest, owner] = [
      await later.send({ json: ["GET", path] }),
      await later.send({ as: "chief", json: ["GET", path] }),
    ];
    expect([guest.status, guest.text.includes("nowhere")]).toEqual([403, false]);
    expect([owner.status, owner.text.includes("nowhere")]).toEqual([400, true]);
    expect((await later.send({ json: ["GET", "/api/collections/fine/records"] })).status).toBe(200);
    expect((await later.send({ as: "chief", json: ["GET", "/_/collections"] })).status).toBe(200);
    const mended = await later.send({
      as: "chief",
      json: ["PATCH", "/api/collections/stats", { viewQuery: "SELECT id, likes FROM posts" }],
    });
    expect([mended.status, "broken" in mended.body]).toEqual([200, false]);
    expect(await list(later)).toHaveLength(2);
  });
});

test("schema.ts describes views, in any order, and is printed with them", async () => {
  const schema = collections({
    newest: view({ query: "SELECT id, day AS when_ FROM days", rules: { list: "" } }),
    days: view({ query: "SELECT n.id, n.body AS day FROM notes n", rules: { list: "", view: "id != ''" } }),
    notes: collection({ body: text() }),
  });
  await using t = await Opened.open({ schema });
  await t.record("notes", { body: "one" });
  expect(await list(t, "newest/records")).toMatchObject([{ when_: "one" }]);
  const printed = printSchema(t.project.collections.current);
  expect(printed).toContain("days: view({");
  expect(printed).toContain('query: "SELECT n.id, n.body AS day FROM notes n"');
  const renamed = collections({
    newest: view({ query: "SELECT id, day AS when_ FROM days", rules: { list: "" } }),
    days: view({ query: "SELECT n.id, n.words AS day FROM notes n", rules: { list: "", view: "id != ''" } }),
    notes: collection({ words: text({ was: "body" }) }),
  });
  await t.project.applySchema(renamed);
  expect(await list(t, "newest/records")).toMatchObject([{ when_: "one" }]);
  const broken = collections({
    newest: schema.collections.newest,
    days: schema.collections.days,
    notes: renamed.collections.notes,
  });
  expect(t.project.applySchema(broken)).rejects.toMatchObject({
    code: "schema_failed",
    params: { problems: expect.stringContaining("no such column: n.body") },
  });
  await t.project.applySchema(renamed);
  expect((await t.project.applySchema(renamed)).steps).toEqual([]);
  expect(moduleTypes()).toContain("export function view(");
});

describe("any text", () => {
  test("is taken apart without losing anything, or not at all", () => {
    const parts = fc.constantFrom(
      "SELECT ",
      "id",
      ",",
      "(",
      ")",
      "'",
      '"',
      "--x\n",
      "/*",
      "*/",
      "[",
      "]",
      "`",
      " FROM ",
      ";",
      "posts",
      ".",
      "*",
      "\0",
      "é",
      "1e5",
      "AS",
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 25 }), (pieces) => {
        const written = pieces.join("");
        const tokens = tokenize(written);
        let at = 0;
        for (const token of tokens ?? []) {
          expect(token.start).toBeGreaterThanOrEqual(at);
          expect(written.slice(token.start, token.end)).toBe(token.text);
          at = token.end;
        }
        readQuery(written);
      }),
    );
  });

  test("never reaches the database as more than one SELECT", async () => {
    const { t } = await blog();
    await using _ = t;
    const parts = fc.constantFrom(
      "id",
      "title",
      "posts",
      "users",
      "password",
      "_params",
      "FROM",
      "SELECT",
      "(",
      ")",
      ",",
      "*",
      "AS",
      "x",
      "UNION",
      "ALL",
      "WITH",
      "'",
      ";",
      "--",
      "1",
      ".",
      "WHERE",
      "DROP TABLE posts",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { maxLength: 12 }), async (pieces) => {
        const made = await createCollection(
          t.project,
          { name: "tried", type: "view", viewQuery: `SELECT id ${pieces.join(" ")}` },
          { rehearse: true },
        );
        if (!made.ok) expect(isObject(made.problems["viewQuery"])).toBe(true);
        else expect(made.value.collection.fields.some((field) => field.type === "password")).toBe(false);
      }),
      { numRuns: 60 },
    );
    expect(await list(t, "posts/records")).toHaveLength(2);
  });
});

test("names that only look like those that change stay", async () => {
  const { t } = await blog();
  await using _ = t;
  const set = t.project.collections.current;
  const posts = set.find("posts");
  const renaming = {
    set,
    old: { id: posts?.id ?? "", name: "posts" },
    name: "articles",
    fields: new Map([["title", "headline"]]),
  };
  const cases = [
    ["SELECT id, 'title' AS posts FROM posts", "SELECT id, 'title' AS posts FROM `articles`"],
    ["SELECT c.id, words AS title FROM comments c, posts", "SELECT c.id, words AS title FROM comments c, `articles`"],
    ["SELECT id, title(1) AS x FROM posts -- title", "SELECT id, title(1) AS x FROM `articles`"],
    [
      "SELECT c.id, c.title AS t FROM comments c JOIN posts p",
      "SELECT c.id, c.title AS t FROM comments c JOIN `articles` p",
    ],
    [
      "SELECT posts.id, posts.title FROM posts",
      "SELECT `articles`.id, `articles`.`headline` AS `title` FROM `articles`",
    ],
    ["SELECT id FROM comments", "SELECT id FROM comments"],
  ] as const;
  for (const [before, after] of cases) expect(renameInQuery(before, renaming)).toBe(after);
});

describe("docs/views.md", () => {
  test("its example makes the collections it speaks of", async () => {
    const page = await Bun.file(new URL("../docs/views.md", import.meta.url)).text();
    const code = /```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
    const query = /query: `([^`]+)`/.exec(code)?.[1] ?? "";
    const { t, hello } = await blog();
    await using _ = t;
    expect((await makeView(t, query, { listRule: "replies > 0" })).status).toBe(200);
    expect(await list(t)).toMatchObject([{ id: hello, replies: 2 }]);
  });
});
