import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Collections } from "../src/collections/collection.ts";
import { compileSet } from "../src/collections/compile.ts";
import type { Definition } from "../src/collections/definition.ts";
import { plan, type Step } from "../src/collections/plan.ts";
import { openRegistry, Outdated } from "../src/collections/registry.ts";
import type { Json } from "../src/fields/field.ts";
import { Refusal } from "../src/lib/errors.ts";
import { sentence } from "../src/phrases/index.ts";
import { sql } from "../src/store/sql.ts";
import { type Body, Opened, type Scenario, scenarios } from "./testing.ts";

const path = "/api/collections";

/** Authors and their books, with an index of every kind. */
async function library(it: Opened): Promise<void> {
  await it.person("ann");
  await it.person("root", {}, "_superusers");
  await it.collection({ id: "pbc_authors", name: "authors", fields: [{ name: "name", type: "text" }] });
  await it.collection({
    id: "pbc_books",
    name: "books",
    listRule: "title != '' && author.name != 'nobody'",
    fields: [
      { id: "title01", name: "title", type: "text" },
      { id: "author1", name: "author", type: "relation", collectionId: "pbc_authors" },
      { id: "genre01", name: "genre", type: "select", values: ["novel", "essay", "poem"] },
      { id: "pages01", name: "pages", type: "number" },
    ],
    indexes: [
      "CREATE INDEX `idx_books_title` ON `books` (`title`)",
      "CREATE INDEX `idx_books_long` ON `books` (lower(`title`)) WHERE `pages` > 100",
    ],
  });
  await it.record("authors", { id: "author000000001", name: "Ada" });
  const novel = { author: "author000000001", genre: "novel", pages: 300 };
  await it.record("books", { id: "book00000000001", title: "One", ...novel });
  await it.record("books", { id: "book00000000002", title: "Two", genre: "poem", pages: 300 });
}

async function opened(): Promise<Opened> {
  const it = await Opened.open();
  await library(it);
  return it;
}

function send(it: Opened, method: string, where: string, body?: Json) {
  return it.send({ as: "root", json: [method, where, body] });
}

function patch(it: Opened, change: Body, collection = "books") {
  return send(it, "PATCH", `${path}/${collection}`, change);
}

/** The fields of a collection as they were answered, some of them changed by name; `null` leaves one out. */
async function fieldsWith(it: Opened, changes: Readonly<Record<string, Body | null>>, name = "books"): Promise<Body[]> {
  const { body } = await send(it, "GET", `${path}/${name}`);
  const fields = body.fields as Body[];
  return fields.flatMap((field) => {
    const change = changes[String(field.name)];
    return change === null ? [] : [{ ...field, ...change }];
  });
}

async function view(it: Opened, id = "book00000000001", collection = "books"): Promise<Body> {
  return (await send(it, "GET", `${path}/${collection}/records/${id}`)).body;
}

/** What the database says about its tables, and every definition as it is held and as it is stored. */
async function everything({ project }: Opened): Promise<unknown> {
  const { store, collections } = project;
  const tables = await store.all(sql`SELECT type, name, sql FROM sqlite_schema ORDER BY type, name`);
  const stored = await store.all<{ definition: string }>(sql`SELECT definition FROM _collections ORDER BY rowid`);
  const held = collections.current.all.map(({ definition }) => definition);
  expect(stored.map(({ definition }) => JSON.parse(definition))).toEqual(JSON.parse(JSON.stringify(held)));
  return [tables, held];
}

/** Sends a change that must be refused, with these problems, and must leave everything as it was. */
async function refused(change: Body, data: unknown, collection = "books", prepare?: (it: Opened) => Promise<void>) {
  await using it = await opened();
  await prepare?.(it);
  const before = [await everything(it), await it.counts()];
  const answer = await patch(it, change, collection);
  expect(answer.status, answer.text).toBe(400);
  expect(answer.body).toMatchObject({ message: "Failed to update collection.", data });
  expect(answer.text).not.toMatch(/\{\w+\}|sqlite/i);
  expect([await everything(it), await it.counts()]).toEqual(before);
}

const posts: Body = { name: "posts", type: "base", fields: [{ name: "title", type: "text" }] };
const made = { schema: 1, outbox: 1 };

scenarios("making a collection", library, [
  { it: "is not for guests", json: ["POST", path, posts], get: 401, shows: [`"data":{}`] },
  { it: "is not for people", as: "ann", json: ["POST", path, posts], get: 403, shows: [`"data":{}`] },
  {
    it: "answers it whole, with an id made of type and name",
    as: "root",
    json: ["POST", path, posts],
    get: 200,
    shows: [
      `"id":"pbc_${Bun.hash.crc32("baseposts")}"`,
      `"system":false`,
      `"indexes":[]`,
      `"listRule":null`,
      `"id":"text${Bun.hash.crc32("title")}"`,
      `"primaryKey":true`,
    ],
    changes: made,
  },
  {
    it: "is a base collection where nothing is said",
    as: "root",
    json: ["POST", path, { name: "posts" }],
    get: 200,
    shows: [`"type":"base"`],
    changes: made,
  },
  {
    it: "takes an id of one's own, rules and indexes",
    as: "root",
    json: [
      "POST",
      path,
      {
        ...posts,
        id: "my_posts",
        viewRule: "",
        listRule: "title != ''",
        indexes: ["create unique index a on b (title)"],
      },
    ],
    get: 200,
    shows: [
      `"id":"my_posts"`,
      `"viewRule":""`,
      `"listRule":"title != ''"`,
      `"indexes":["CREATE UNIQUE INDEX \`a\` ON \`posts\` (title)"]`,
    ],
    changes: made,
  },
  {
    it: "gives people's collections what sign-in needs, and shows no secret",
    as: "root",
    json: [
      "POST",
      path,
      {
        name: "people",
        type: "auth",
        emailChangeToken: { duration: 123 },
        fields: [
          { id: "12345789", name: "test", type: "text" },
          { name: "tokenKey", type: "text", required: false, min: 10 },
        ],
      },
    ],
    get: 200,
    shows: [
      `"name":"password"`,
      `"name":"email"`,
      `"name":"emailVisibility"`,
      `"name":"verified"`,
      `"passwordAuth":{"enabled":true,"identityFields":["email"]}`,
      `"authRule":""`,
      `"manageRule":null`,
      `"emailChangeToken":{"duration":123}`,
      `"authToken":{"duration":432000}`,
      `"id":"text2504183744"`,
      "CREATE UNIQUE INDEX `idx_tokenKey_pbc_",
    ],
    hides: ["secret"],
    changes: made,
  },
  {
    it: "takes what a form sends, too",
    as: "root",
    form: [path, { name: "posts", listRule: "" }],
    headers: { accept: "application/json" },
    get: 200,
    shows: [`"name":"posts"`, `"listRule":""`],
    changes: made,
  },
  {
    it: "answers the wished keys",
    as: "root",
    json: ["POST", `${path}?fields=name,type`, posts],
    get: 200,
    shows: [`{"name":"posts","type":"base"}`],
    changes: made,
  },
]);

/** What is sent to make a collection, and what is wrong with it. */
const wrong: readonly (readonly [it: string, sent: Json, data: Json])[] = [
  ["nothing at all", {}, { name: { code: "validation_required", message: "Cannot be blank." } }],
  ["no name", { name: "" }, { name: { code: "validation_required" } }],
  ["a name that is no text", { name: ["posts"] }, { name: { code: "validation_match_invalid" } }],
  ["a name with a blank", { name: "my posts" }, { name: { code: "validation_match_invalid" } }],
  ["a name too long", { name: "x".repeat(256) }, { name: { code: "validation_match_invalid" } }],
  ["a name with a line end", { name: "posts\n" }, { name: { code: "validation_match_invalid" } }],
  ["a name that exists", { name: "BOOKS" }, { name: { code: "validation_collection_name_exists" } }],
  ["a name that is an id", { name: "pbc_books" }, { name: { code: "validation_collection_name_id_duplicate" } }],
  ["a name of our own tables", { name: "_Outbox" }, { name: { code: "validation_collection_name_invalid" } }],
  ["a name that SQLite keeps", { name: "sqlite_x" }, { name: { code: "validation_collection_name_invalid" } }],
  ["a name that an index has", { name: "idx_Books_title" }, { name: { code: "validation_collection_name_invalid" } }],
  ["a name like a way back", { name: "a_via_b" }, { name: { code: "validation_found_via" } }],
  [
    "an id that exists",
    { name: "posts", id: "pbc_books" },
    { id: { code: "validation_collection_name_id_duplicate" } },
  ],
  ["an id that is a name", { name: "posts", id: "books" }, { id: { code: "validation_collection_name_id_duplicate" } }],
  ["an id with odd characters", { name: "posts", id: "a/b" }, { id: { code: "validation_invalid_value" } }],
  ["an unknown type", { name: "posts", type: "table" }, { type: { code: "validation_in_invalid" } }],
  ["a view of nothing", { name: "posts", type: "view" }, { viewQuery: { code: "validation_required" } }],
  ["a rule that is no rule", { name: "posts", listRule: "title =" }, { listRule: { code: "validation_invalid_rule" } }],
  ["a rule about nothing", { name: "posts", listRule: "no = 1" }, { listRule: { code: "validation_invalid_rule" } }],
  ["a rule that is no text", { name: "posts", listRule: 5 }, { listRule: { code: "validation_in_invalid" } }],
  [
    "several rules",
    { name: "posts", createRule: "(", deleteRule: "x.y = 1" },
    { createRule: { code: "validation_invalid_rule" }, deleteRule: { code: "validation_invalid_rule" } },
  ],
  ["fields that are no list", { name: "posts", fields: {} }, { fields: { "0": { code: "validation_invalid_value" } } }],
  [
    "what is no field",
    { name: "posts", fields: [5, null, "title", []] },
    { fields: { "1": { type: {} }, "2": { type: {} }, "3": { type: {} }, "4": { type: {} } } },
  ],
  [
    "fields of unknown types",
    { name: "posts", fields: [{ name: "a" }, { name: "b", type: "blob" }, { name: "c", type: { a: 1 } }] },
    {
      fields: {
        "1": { type: { code: "validation_required" } },
        "2": { type: { code: "validation_in_invalid" } },
        "3": { type: { code: "validation_in_invalid" } },
      },
    },
  ],
  [
    "fields with names that cannot be",
    {
      name: "posts",
      fields: ["", "a b", "x".repeat(101), "expand", "CollectionId", "a_via_b", "__proto__", "a;--", 'a"b'].map(
        (name) => ({
          name,
          type: "text",
        }),
      ),
    },
    {
      fields: {
        "1": { name: { code: "validation_required" } },
        "2": { name: { code: "validation_match_invalid" } },
        "3": { name: { code: "validation_match_invalid" } },
        "4": { name: { code: "validation_not_in_invalid" } },
        "5": { name: { code: "validation_not_in_invalid" } },
        "6": { name: { code: "validation_found_via" } },
        "7": { name: { code: "validation_not_in_invalid" } },
        "8": { name: { code: "validation_match_invalid" } },
        "9": { name: { code: "validation_match_invalid" } },
      },
    },
  ],
  [
    "two fields of one name",
    { name: "posts", fields: ["a", "A"].map((name) => ({ name, type: "text" })) },
    { fields: { "2": { name: { code: "validation_duplicated_field_name" } } } },
  ],
  [
    "two fields of one id",
    { name: "posts", fields: ["a", "b"].map((name) => ({ id: "same", name, type: "text" })) },
    { fields: { "2": { id: { code: "validation_duplicated_field_id" } } } },
  ],
  [
    "an id field of another kind",
    { name: "posts", fields: [{ name: "id", type: "number" }] },
    { fields: { "0": { type: { code: "validation_system_field_change" } } } },
  ],
  [
    "a second primary key",
    { name: "posts", fields: [{ name: "key", type: "text", primaryKey: true, required: true, pattern: "a" }] },
    { fields: { code: "validation_unsupported_composite_pk" } },
  ],
  [
    "options that cannot be",
    {
      name: "posts",
      fields: [
        { name: "a", type: "text", pattern: "(" },
        { name: "b", type: "select" },
        { name: "c", type: "text", autogeneratePattern: "(?=x)" },
        { name: "d", type: "number", min: "five" },
        { name: "e", type: "text", help: "x".repeat(301) },
        { name: "f", type: "text", required: "yes" },
      ],
    },
    {
      fields: {
        "1": { pattern: { code: "validation_invalid_regex" } },
        "2": { values: { code: "validation_required" } },
        "3": { autogeneratePattern: {} },
        "4": { min: {} },
        "5": { help: { code: "validation_length_too_long", params: { max: 300 } } },
        "6": { required: { code: "validation_invalid_value" } },
      },
    },
  ],
  [
    "a relation to nowhere",
    { name: "posts", fields: [{ name: "a", type: "relation", collectionId: "nope" }] },
    { fields: { "1": { collectionId: { code: "validation_field_relation_missing_collection" } } } },
  ],
  [
    "names that sign-in needs",
    { name: "posts", type: "auth", fields: ["oldPassword", "passwordConfirm"].map((name) => ({ name, type: "text" })) },
    {
      fields: {
        "1": { name: { code: "validation_reserved_field_name" } },
        "2": { name: { code: "validation_reserved_field_name" } },
      },
    },
  ],
  [
    "what is no index",
    { name: "posts", indexes: ["DROP TABLE books"] },
    { indexes: { "0": { code: index("expression") } } },
  ],
  [
    "two statements in one index",
    { name: "posts", indexes: ["CREATE INDEX a ON posts (id); DROP TABLE books"] },
    { indexes: { "0": { code: index("expression") } } },
  ],
  [
    "an index over what is not there",
    { ...posts, indexes: ["create index a on posts (title)", "create index b on posts (missing)"] },
    { indexes: { "1": { code: index("expression") } } },
  ],
  [
    "an index over a text in double quotes, which SQLite would take for a constant",
    { ...posts, indexes: [`create index a on posts ("missing")`, `create index b on posts (lower("missing"))`] },
    { indexes: { "0": { code: index("expression") }, "1": { code: index("expression") } } },
  ],
  [
    "an index that only says it is one",
    { ...posts, indexes: ["create index a on posts (random())"] },
    { indexes: { "0": { code: index("expression") } } },
  ],
  [
    "an index that is called like another collection's",
    { ...posts, indexes: ["create index IDX_BOOKS_TITLE on posts (title)"] },
    { indexes: { "0": { code: "validation_existing_index_name", params: { collection: "books" } } } },
  ],
  [
    "an index that is called like a collection",
    { ...posts, indexes: ["create index Books on posts (title)"] },
    { indexes: { "0": { code: index("expression") } } },
  ],
  [
    "two indexes of one name",
    { name: "posts", indexes: ["create index a on posts (created)", "create index A on posts (updated)"] },
    { indexes: { "1": { code: "validation_duplicated_index_name" } } },
  ],
  [
    "the same index twice",
    { ...posts, indexes: ["create index a on posts (title)", "create index b on posts (title)"] },
    { indexes: { "1": { code: "validation_duplicated_index_definition" } } },
  ],
  [
    "sign-in by what is not there",
    { name: "posts", type: "auth", passwordAuth: { identityFields: ["nick"] } },
    { passwordAuth: { identityFields: { code: "validation_missing_field" } } },
  ],
  [
    "sign-in by what two people may share",
    {
      name: "posts",
      type: "auth",
      fields: [{ name: "nick", type: "text" }],
      passwordAuth: { identityFields: ["nick"] },
    },
    { passwordAuth: { identityFields: { code: "validation_missing_unique_constraint" } } },
  ],
  [
    "tokens that live no time, or are signed with a short secret",
    { name: "posts", type: "auth", authToken: { duration: 0 }, fileToken: { secret: "short" } },
    {
      authToken: { duration: { code: "validation_invalid_value" } },
      fileToken: { secret: { code: "validation_invalid_value" } },
    },
  ],
];

function index(what: string): string {
  return `validation_invalid_index_${what}`;
}

describe("a collection is refused, and nothing is made, for", () => {
  for (const [it, sent, data] of wrong) {
    test(it, async () => {
      await using place = await opened();
      const before = [await everything(place), await place.counts()];
      const answer = await send(place, "POST", path, sent);
      expect(answer.status, answer.text).toBe(400);
      expect(answer.body).toMatchObject({ data, message: "Failed to create collection.", status: 400 });
      expect(answer.text).not.toMatch(/\{\w+\}|sqlite/i);
      expect([await everything(place), await place.counts()]).toEqual(before);
    });
  }

  test("10,000 fields, and more columns than SQLite takes", async () => {
    await using it = await opened();
    for (const count of [501, 2001, 10_000]) {
      const fields = Array.from({ length: count }, (_, n) => ({ name: `f${n}`, type: "text" }));
      const answer = await send(it, "POST", path, { name: "posts", fields });
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ data: { fields: { code: "validation_length_too_long" } } });
    }
    const fields = Array.from({ length: 499 }, (_, n) => ({ name: `f${n}`, type: "text" }));
    expect((await send(it, "POST", path, { name: "posts", fields, createRule: "f1 != 'x'" })).status).toBe(200);
    expect((await send(it, "POST", `${path}/posts/records`, { f498: "last" })).body).toMatchObject({ f498: "last" });
  });
});

const seen: readonly Scenario[] = [
  { it: "is not for guests", json: ["GET", path], get: 401 },
  { it: "is not for people", as: "ann", json: ["GET", `${path}/books`], get: 403 },
  {
    it: "in pages, sorted",
    as: "root",
    json: ["GET", `${path}?page=2&perPage=2&sort=-name`],
    get: 200,
    shows: [`"page":2`, `"perPage":2`, `"totalItems":8`, `"totalPages":4`, `"items":[{`, `"name":"authors"`],
    hides: [`"name":"users"`],
  },
  {
    it: "filtered",
    as: "root",
    json: ["GET", `${path}?filter=${encodeURIComponent("name ~ 'book' && system = false && type = 'base'")}`],
    get: 200,
    shows: [`"totalItems":1`, `"id":"pbc_books"`],
  },
  { it: "by what is not there", as: "root", json: ["GET", `${path}?filter=nope~'x'`], get: 400, shows: [`"data":{}`] },
  { it: "by what is a secret", as: "root", json: ["GET", `${path}?filter=definition~'x'`], get: 400 },
  { it: "sorted by what is not there", as: "root", json: ["GET", `${path}?sort=definition`], get: 400 },
  { it: "without secrets", as: "root", json: ["GET", path], get: 200, shows: [`"totalItems":8`], hides: ["secret"] },
  {
    it: "without counting",
    as: "root",
    json: ["GET", `${path}?skipTotal=1&perPage=1`],
    get: 200,
    shows: [`"totalItems":-1`, `"totalPages":-1`],
  },
  { it: "one by name", as: "root", json: ["GET", `${path}/books`], get: 200, shows: [`"id":"pbc_books"`] },
  { it: "one by id", as: "root", json: ["GET", `${path}/pbc_books`], get: 200, shows: [`"name":"books"`] },
  { it: "not what is not there", as: "root", json: ["GET", `${path}/nope`], get: 404, shows: [`"data":{}`] },
  { it: "nor by another case", as: "root", json: ["GET", `${path}/Books`], get: 404 },
];
scenarios("collections are shown", library, seen);

const changed = { outbox: 1 };

scenarios("changing a collection", library, [
  { it: "is not for guests", json: ["PATCH", `${path}/books`, {}], get: 401 },
  { it: "is not for people", as: "ann", json: ["PATCH", `${path}/books`, {}], get: 403 },
  { it: "needs one", as: "root", json: ["PATCH", `${path}/nope`, {}], get: 404 },
  {
    it: "keeps what was not sent",
    as: "root",
    json: ["PATCH", `${path}/books`, { viewRule: null }],
    get: 200,
    shows: [`"viewRule":null`, `"createRule":""`, `"name":"title"`, "idx_books_long"],
    changes: changed,
  },
  {
    it: "keeps the secrets of tokens, and merges their options",
    as: "root",
    json: ["PATCH", `${path}/users`, { authToken: { duration: 60 }, fileToken: null }],
    get: 200,
    shows: [`"authToken":{"duration":60}`, `"fileToken":{"duration":180}`],
    hides: ["secret"],
    changes: changed,
  },
  {
    it: "puts back the indexes that sign-in stands on",
    as: "root",
    json: ["PATCH", `${path}/users`, { indexes: [] }],
    get: 200,
    shows: ["idx_tokenKey__pb_users_auth_", "idx_email__pb_users_auth_"],
    changes: changed,
  },
  {
    it: "keeps id, type, dates and whether it is ours",
    as: "root",
    json: ["PATCH", `${path}/books`, { id: "other", created: "2001-01-01", updated: "2001-01-01" }],
    get: 200,
    shows: [`"id":"pbc_books"`],
    hides: ["2001-01-01"],
    changes: changed,
  },
]);

describe("a change is refused, and changes nothing:", () => {
  test("a name that exists, and another type", () =>
    refused(
      { name: "authors", type: "auth" },
      { name: { code: "validation_collection_name_exists" }, type: { code: "validation_collection_type_change" } },
    ));

  test("a name for what is ours", () =>
    refused({ name: "admins" }, { name: { code: "validation_collection_system_name_change" } }, "_superusers"));

  test("a rule for what is ours", async () => {
    const code = "validation_collection_system_rule_change";
    await refused({ listRule: "" }, { listRule: { code } }, "_superusers");
    await refused({ createRule: "", deleteRule: "" }, { createRule: { code }, deleteRule: { code } }, "_forms");
  });

  test("to be ours, or no longer", async () => {
    const data = { system: { code: "validation_collection_system_flag_change" } };
    await refused({ system: true }, data);
    await refused({ system: false }, data, "_superusers");
  });

  test("another type of field, and another target of a relation", async () => {
    await using it = await opened();
    const fields = await fieldsWith(it, { pages: { type: "text" }, author: { collectionId: "_pb_users_auth_" } });
    await refused(
      { fields },
      {
        fields: {
          "2": { collectionId: { code: "validation_field_relation_change" } },
          "4": { type: { code: "validation_field_type_change" } },
        },
      },
    );
  });

  test("system fields with another name, type or key", async () => {
    await using it = await opened();
    const code = "validation_system_field_change";
    const renamed = await fieldsWith(it, { id: { name: "key" } });
    await refused({ fields: renamed }, { fields: { "0": { name: { code } } } });
    const retyped = await fieldsWith(it, { email: { type: "text" } }, "users");
    await refused({ fields: retyped }, { fields: { "3": { type: { code } } } }, "users");
    const slugless = await fieldsWith(it, { slug: { name: "path" } }, "_forms");
    await refused({ fields: slugless }, { fields: { "1": { name: { code } } } }, "_forms");
  });

  test("a rule of its own that needs a field which goes", async () => {
    await using it = await opened();
    const fields = await fieldsWith(it, { title: null });
    const indexes: Json = [];
    await refused({ fields, indexes }, { listRule: { code: "validation_invalid_rule" } });
  });

  test("rules of others that need a field which goes, each by name", async () => {
    await using it = await opened();
    const fields = await fieldsWith(it, { name: null }, "authors");
    const answer = { "books.listRule": { code: "validation_invalid_rule" } };
    await refused({ fields }, answer, "authors");
  });

  test("an index on a field that goes", async () => {
    await using it = await opened();
    const fields = await fieldsWith(it, { title: null });
    const data = { indexes: { "0": { code: index("expression") } } };
    await refused({ fields, listRule: "" }, data);
    const indexes = ["CREATE INDEX `idx_books_long` ON `books` (lower(`title`)) WHERE `pages` > 100"];
    await refused({ fields, listRule: "", indexes }, data);
  });

  test("a unique index over values that are there twice, whatever else was sent", async () => {
    await using it = await opened();
    const fields = await fieldsWith(it, { title: { name: "headline" }, genre: null });
    const indexes = [
      "CREATE INDEX `idx_a` ON `books` (`headline`)",
      "CREATE UNIQUE INDEX `idx_b` ON `books` (`pages`)",
    ];
    await refused({ name: "works", fields, indexes }, { indexes: { "1": { code: "validation_index_not_unique" } } });
  });

  test("a list made single whose index then holds twice the same", async () => {
    const several = { genre: { maxSelect: 3 } };
    await using it = await opened();
    const fields = await fieldsWith(it, { genre: { maxSelect: 1 } });
    const indexes = ["CREATE UNIQUE INDEX `idx_a` ON `books` (`genre`)"];
    await refused(
      { fields, indexes },
      { indexes: { "0": { code: "validation_index_not_unique" } } },
      "books",
      async (place) => {
        expect((await patch(place, { fields: await fieldsWith(place, several) })).status).toBe(200);
        await place.record("books", { title: "Three", genre: ["novel", "poem"] });
      },
    );
  });
});

describe("a change keeps the records:", () => {
  test("another name; rules, indexes and relations follow", async () => {
    await using it = await opened();
    await it.collection({
      name: "notes",
      viewRule: "@collection.books.title ?= text && @collection.books:b.pages ?> 1",
      listRule: "@request.auth.id = '' || @collection.authors.books_via_author.title ?= 'One'",
      fields: [{ name: "text", type: "text" }],
    });
    const answer = await patch(it, { name: "Works" });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toMatchObject({
      id: "pbc_books",
      name: "Works",
      indexes: [
        "CREATE INDEX `idx_books_title` ON `Works` (`title`)",
        "CREATE INDEX `idx_books_long` ON `Works` (lower(`title`)) WHERE `pages` > 100",
      ],
    });
    expect((await send(it, "GET", `${path}/books`)).status).toBe(404);
    expect((await send(it, "GET", `${path}/books/records`)).status).toBe(404);
    expect(await view(it, "book00000000001", "Works")).toMatchObject({ title: "One", collectionName: "Works" });
    expect((await send(it, "GET", `${path}/notes`)).body).toMatchObject({
      viewRule: "@collection.Works.title ?= text && @collection.Works:b.pages ?> 1",
      listRule: "@request.auth.id = '' || @collection.authors.Works_via_author.title ?= 'One'",
    });
    await everything(it);
  });

  test("a name that differs by case alone", async () => {
    await using it = await opened();
    expect((await patch(it, { name: "BOOKS" })).status).toBe(200);
    expect(await view(it, "book00000000001", "BOOKS")).toMatchObject({ title: "One" });
    const fields = await fieldsWith(it, { title: { name: "TITLE" } }, "BOOKS");
    expect((await patch(it, { fields }, "BOOKS")).body).toMatchObject({
      listRule: "TITLE != '' && author.name != 'nobody'",
    });
    expect(await view(it, "book00000000001", "BOOKS")).toMatchObject({ TITLE: "One" });
  });

  test("the id of a name that was given up is not given twice", async () => {
    await using it = await opened();
    const first = await send(it, "POST", path, { name: "posts", fields: [{ name: "title", type: "text" }] });
    await patch(it, { name: "articles" }, "posts");
    const second = await send(it, "POST", path, { name: "posts" });
    expect(second.status, second.text).toBe(200);
    expect(second.body.id).not.toBe(first.body.id);
  });

  test("another name of a field; its values, indexes and every rule that says it follow", async () => {
    await using it = await opened();
    const { id: books } = (await send(it, "GET", `${path}/books`)).body;
    await it.collection({
      name: "reviews",
      listRule: "book.title = 'One' && book.author.name ~ 'A' && title = 'x' // title",
      viewRule: "@collection.books.title:lower ?= title && @request.body.book.title = 'title'",
      createRule: "@collection.authors.books_via_author.title ?= 'x' && @request.auth.title = ''",
      fields: [
        { name: "title", type: "text" },
        { name: "book", type: "relation", collectionId: books },
      ],
    });
    const fields = await fieldsWith(it, { title: { name: "headline" }, author: { name: "writer" } });
    const answer = await patch(it, { fields });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toMatchObject({
      listRule: "headline != '' && writer.name != 'nobody'",
      indexes: [
        "CREATE INDEX `idx_books_title` ON `books` (`headline`)",
        "CREATE INDEX `idx_books_long` ON `books` (lower(`headline`)) WHERE `pages` > 100",
      ],
    });
    expect(await view(it)).toMatchObject({ headline: "One", writer: "author000000001" });
    expect((await send(it, "GET", `${path}/reviews`)).body).toMatchObject({
      listRule: "book.headline = 'One' && book.writer.name ~ 'A' && title = 'x' // title",
      viewRule: "@collection.books.headline:lower ?= title && @request.body.book.headline = 'title'",
      createRule: "@collection.authors.books_via_writer.headline ?= 'x' && @request.auth.title = ''",
    });
    await everything(it);
  });

  test("a rule that was sent with the change is taken as it is", async () => {
    await using it = await opened();
    const fields = await fieldsWith(it, { title: { name: "headline" } });
    const sent = await patch(it, { fields, listRule: "headline = 'One'" });
    expect(sent.body).toMatchObject({ listRule: "headline = 'One'" });
    const same = await patch(it, {
      fields: await fieldsWith(it, { headline: { name: "title" } }),
      listRule: "headline = 'One'",
    });
    expect(same.body).toMatchObject({ listRule: "title = 'One'" });
  });

  test("names of people's fields follow in @request.auth", async () => {
    await using it = await opened();
    await patch(it, { listRule: "@request.auth.name = title" }, "books");
    const fields = await fieldsWith(it, { name: { name: "nick" } }, "users");
    const answer = await patch(it, { fields }, "users");
    expect(answer.status, answer.text).toBe(200);
    expect((await send(it, "GET", `${path}/books`)).body).toMatchObject({ listRule: "@request.auth.nick = title" });
  });

  test("fields that swap their names, also without ids", async () => {
    await using it = await opened();
    const fields = await fieldsWith(it, { title: { name: "genre" }, genre: { name: "title" } });
    const answer = await patch(it, { fields, listRule: "" });
    expect(answer.status, answer.text).toBe(200);
    expect(await view(it)).toMatchObject({ genre: "One", title: "novel" });
    await everything(it);
  });

  test("a field that is told by its name, where no id is sent", async () => {
    await using it = await opened();
    const fields = (await fieldsWith(it, {})).map(({ id, ...field }) => field);
    const answer = await patch(it, { fields });
    expect(answer.body.fields).toContainEqual(expect.objectContaining({ id: "title01", name: "title" }));
    expect(await view(it)).toMatchObject({ title: "One" });
  });

  test("a new field may have the name that another gave up", async () => {
    await using it = await opened();
    const renamed: Body[] = [
      { id: "title01", name: "headline", type: "text" },
      { name: "title", type: "text" },
    ];
    for (const fields of [renamed, [...renamed].reverse()]) {
      await using place = await opened();
      const answer = await patch(place, { fields, listRule: "", indexes: [] });
      expect(answer.status, answer.text).toBe(200);
      expect(await view(place)).toMatchObject({ headline: "One", title: "" });
    }
    const posts = await send(it, "POST", path, { name: "posts", fields: [{ name: "a", type: "text" }] });
    const [, first] = posts.body.fields as Body[];
    await patch(it, { fields: [{ ...first, name: "b" }] }, "posts");
    const again = await patch(
      it,
      {
        fields: [
          { name: "a", type: "text" },
          { ...first, name: "b" },
        ],
      },
      "posts",
    );
    expect(again.status, again.text).toBe(200);
    expect(new Set((again.body.fields as Body[]).map(({ id }) => id)).size).toBe(3);
  });

  test("fields that come, go and change places", async () => {
    await using it = await opened();
    const [id, title, , genre, pages] = await fieldsWith(it, {});
    const fields = [
      pages,
      { name: "subtitle", type: "text" },
      id,
      genre,
      title,
      { name: "read", type: "bool" },
    ] as Json;
    const answer = await patch(it, { fields, listRule: "" });
    expect(answer.status, answer.text).toBe(200);
    const names = (answer.body.fields as Body[]).map(({ name }) => name);
    expect(names).toEqual(["pages", "subtitle", "id", "genre", "title", "read"]);
    const one = await view(it);
    expect(one).toEqual({
      collectionId: "pbc_books",
      collectionName: "books",
      id: "book00000000001",
      title: "One",
      genre: "novel",
      pages: 300,
      subtitle: "",
      read: false,
    });
  });

  test("one value and several", async () => {
    await using it = await opened();
    await patch(it, { indexes: ["CREATE INDEX `a` ON `books` (`genre`)", "CREATE INDEX `b` ON `books` (`author`)"] });
    const several = await fieldsWith(it, { genre: { maxSelect: 2 }, author: { maxSelect: 2 } });
    const answer = await patch(it, { fields: several });
    expect(answer.status, answer.text).toBe(200);
    expect(await view(it)).toMatchObject({ genre: ["novel"], author: ["author000000001"] });
    expect(await view(it, "book00000000002")).toMatchObject({ genre: ["poem"], author: [] });
    await send(it, "PATCH", `${path}/books/records/book00000000001`, { genre: ["novel", "essay"] });
    const single = await fieldsWith(it, { genre: { maxSelect: 1 }, author: { maxSelect: 0 } });
    expect((await patch(it, { fields: single })).status).toBe(200);
    expect(await view(it)).toMatchObject({ genre: "essay", author: "author000000001" });
    expect(await view(it, "book00000000002")).toMatchObject({ genre: "poem", author: "" });
    await everything(it);
  });

  test("other options, other indexes", async () => {
    await using it = await opened();
    const fields = await fieldsWith(it, { title: { max: 3, required: true }, pages: { hidden: true } });
    const indexes = [
      "CREATE UNIQUE INDEX `idx_books_title` ON `books` (`title`)",
      "create index x on y (pages desc, title)",
    ];
    expect((await patch(it, { fields, indexes })).status).toBe(200);
    expect((await send(it, "POST", `${path}/books/records`, { title: "Four" })).body).toMatchObject({
      data: { title: { code: "validation_max_text_constraint" } },
    });
    expect((await send(it, "POST", `${path}/books/records`, { title: "One" })).body).toMatchObject({
      data: { title: { code: "validation_not_unique" } },
    });
    const names = await it.project.store.all(
      sql`SELECT name FROM sqlite_schema WHERE tbl_name = 'books' AND sql LIKE '%INDEX%' AND name NOT LIKE '~%'`,
    );
    expect(names).toEqual([{ name: "idx_books_title" }, { name: "x" }]);
  });

  test("a field or collection may be called like what every object has", async () => {
    await using it = await opened();
    const fields: Body[] = [
      { name: "constructor", type: "text", required: true },
      { name: "toString", type: "text" },
    ];
    const answer = await send(it, "POST", path, { name: "constructor", fields, createRule: "", updateRule: "" });
    expect(answer.status, answer.text).toBe(200);
    const where = `${path}/constructor/records`;
    expect((await send(it, "POST", where, {})).body).toMatchObject({
      data: { constructor: { code: "validation_required" } },
    });
    const team = await send(it, "POST", where, { constructor: "Lotus" });
    expect(team.body).toMatchObject({ constructor: "Lotus", toString: "" });
    const renamed = await send(it, "PATCH", `${where}/${String(team.body.id)}`, { toString: "It" });
    expect(renamed.body).toMatchObject({ constructor: "Lotus", toString: "It" });
  });
});

describe("removing:", () => {
  const gone = { books: Number.NaN, schema: -1, outbox: 1 };
  test("a collection, by name or id", async () => {
    for (const name of ["books", "pbc_books"]) {
      await using it = await opened();
      const before = await it.counts();
      const answer = await send(it, "DELETE", `${path}/${name}`);
      expect([answer.status, answer.text]).toEqual([204, ""]);
      const { books, ...after } = { ...before, ...(await it.counts()) };
      expect(after).toMatchObject({
        schema: (before.schema ?? 0) + gone.schema,
        outbox: (before.outbox ?? 0) + gone.outbox,
      });
      expect((await send(it, "GET", `${path}/books`)).status).toBe(404);
      await everything(it);
      expect((await send(it, "POST", path, { name: "books", id: "pbc_books" })).status).toBe(200);
    }
  });

  const table: readonly Scenario[] = [
    { it: "is not for guests", json: ["DELETE", `${path}/books`], get: 401 },
    { it: "is not for people", as: "ann", json: ["DELETE", `${path}/books`], get: 403 },
    { it: "needs one", as: "root", json: ["DELETE", `${path}/nope`], get: 404, shows: [`"data":{}`] },
    { it: "not what relations point at", as: "root", json: ["DELETE", `${path}/authors`], get: 400, shows: ["books"] },
    { it: "not what is ours", as: "root", json: ["DELETE", `${path}/_superusers`], get: 400, shows: [`"data":{}`] },
    { it: "emptying is not for guests", json: ["DELETE", `${path}/books/truncate`], get: 401 },
    { it: "emptying is not for people", as: "ann", json: ["DELETE", `${path}/books/truncate`], get: 403 },
    { it: "emptying needs one", as: "root", json: ["DELETE", `${path}/nope/truncate`], get: 404 },
    {
      it: "empties",
      as: "root",
      json: ["DELETE", `${path}/books/truncate`],
      get: 204,
      changes: { books: -2, outbox: 1 },
    },
    {
      it: "empties what others point at, and clears them",
      as: "root",
      json: ["DELETE", `${path}/authors/truncate`],
      get: 204,
      changes: { authors: -1, outbox: 2 },
    },
    { it: "does not empty the owners", as: "root", json: ["DELETE", `${path}/_superusers/truncate`], get: 400 },
  ];
  scenarios("removing", library, table);

  test("not what a rule needs", async () => {
    await using it = await opened();
    await it.collection({ name: "notes", listRule: "@collection.books.title ?= 'x'" });
    const answer = await send(it, "DELETE", `${path}/books`);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("notes.listRule");
    expect(await view(it)).toMatchObject({ title: "One" });
  });

  test("emptying is refused where a required relation would be left empty", async () => {
    await using it = await opened();
    await it.record("authors", { name: "Bea" });
    await patch(it, { fields: await fieldsWith(it, { author: { required: true } }) });
    const before = await it.counts();
    const answer = await send(it, "DELETE", `${path}/authors/truncate`);
    expect([answer.status, answer.body.message]).toEqual([
      400,
      "Failed to truncate collection. Make sure that its records are not part of a required relation reference.",
    ]);
    expect(await it.counts()).toEqual(before);
  });

  test("records that require each other go together", async () => {
    await using it = await opened();
    await it.collection({ id: "pbc_pairs", name: "pairs", fields: [{ name: "n", type: "number" }] });
    const fields = await fieldsWith(it, {}, "pairs");
    const other = { name: "other", type: "relation", collectionId: "pbc_pairs", required: true };
    await it.record("pairs", { id: "pair00000000001" });
    await patch(it, { fields: [...fields, other] }, "pairs");
    await it.record("pairs", { id: "pair00000000002", other: "pair00000000001" });
    expect((await send(it, "DELETE", `${path}/pairs/truncate`)).status).toBe(204);
  });
});

describe("a rehearsal", () => {
  test("says the steps and changes nothing", async () => {
    await using it = await opened();
    const before = [await everything(it), await it.counts()];
    const fields = await fieldsWith(it, { title: { name: "headline" }, pages: null, genre: { maxSelect: 2 } });
    const change = { name: "works", fields: [...fields, { name: "isbn", type: "text" }], indexes: [] };
    const answer = await send(it, "PATCH", `${path}/books?dryRun=true`, change);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toEqual({
      steps: [
        { says: "Delete the index idx_books_title.", loses: false },
        { says: "Delete the index idx_books_long.", loses: false },
        { says: "Rename the collection books to works.", loses: false },
        { says: "Delete the field pages of works and everything in it.", loses: true },
        { says: "Rename the field title of works to headline.", loses: false },
        { says: "Let the field genre of works hold several values.", loses: false },
        { says: "Add the field isbn to works.", loses: false },
      ],
    });
    const create = await send(it, "POST", `${path}?dryRun=true`, posts);
    expect(create.body).toEqual({ steps: [{ says: "Create the collection posts.", loses: false }] });
    expect([await everything(it), await it.counts()]).toEqual(before);
  });

  test("finds what only the data can tell", async () => {
    await using it = await opened();
    const before = [await everything(it), await it.counts()];
    const answer = await send(it, "PATCH", `${path}/books?dryRun=true`, {
      indexes: ["CREATE UNIQUE INDEX `u` ON `books` (`pages`)"],
    });
    expect(answer.body).toMatchObject({ data: { indexes: { "0": { code: "validation_index_not_unique" } } } });
    expect([await everything(it), await it.counts()]).toEqual(before);
  });
});

describe("plan", () => {
  const text = { system: false, hidden: false, presentable: false, help: "", required: false };
  const field = (id: string, name: string, type = "text", options: Body = {}) => ({
    ...text,
    id,
    name,
    type,
    ...options,
  });
  const notes: Definition = {
    id: "pbc_notes",
    name: "notes",
    type: "base",
    system: false,
    listRule: null,
    viewRule: null,
    createRule: null,
    updateRule: null,
    deleteRule: null,
    pages: false,
    created: "",
    updated: "",
    fields: [
      field("i", "id"),
      field("a", "title"),
      field("b", "body"),
      field("c", "tags", "select", { values: ["x"] }),
    ],
    indexes: ["CREATE INDEX `one` ON `notes` (`title`)", "CREATE INDEX `two` ON `notes` (lower(`tags`))"],
  };
  const said = (steps: readonly Step[]) =>
    steps.map(({ code, params, loses }) => `${sentence("en", code, params)}${loses ? " (!)" : ""}`);
  const from = (change: Partial<Definition>) => said(plan(notes, { ...notes, ...change }));

  test("makes and removes", () => {
    expect(said(plan(undefined, notes))).toEqual([
      "Create the collection notes.",
      "Make the index one.",
      "Make the index two.",
    ]);
    expect(said(plan(notes, undefined))).toEqual(["Delete the collection notes and all its records. (!)"]);
    expect(plan(undefined, undefined)).toEqual([]);
  });

  test("does nothing where nothing of the table changes", () => {
    const fields = [...notes.fields].reverse().map((it) => ({ ...it, help: "Help", required: true, max: 5 }));
    expect(from({ fields, listRule: "", system: true })).toEqual([]);
  });

  test("leaves indexes alone that only follow a name", () => {
    const fields = notes.fields.map((it) => (it.id === "a" ? { ...it, name: "head" } : it));
    const indexes = ["CREATE INDEX `one` ON `memos` (`head`)", "CREATE INDEX `two` ON `memos` (lower(`tags`))"];
    expect(from({ name: "memos", fields, indexes })).toEqual([
      "Rename the collection notes to memos.",
      "Rename the field title of memos to head.",
    ]);
  });

  test("makes indexes anew whose field is written anew", () => {
    const fields = notes.fields.map((it) => (it.id === "c" ? { ...it, maxSelect: 2 } : it));
    expect(from({ fields })).toEqual([
      "Delete the index two.",
      "Let the field tags of notes hold several values.",
      "Make the index two.",
    ]);
    const several = { ...notes, fields };
    expect(said(plan(several, notes))[1]).toBe(
      "Let the field tags of notes hold one value: of several the last is kept. (!)",
    );
  });

  test("tells fields by their ids: renamed, dropped, added", () => {
    const fields = [field("i", "id"), field("b", "title"), field("d", "body")];
    expect(from({ fields, indexes: [] })).toEqual([
      "Delete the index one.",
      "Delete the index two.",
      "Delete the field title of notes and everything in it. (!)",
      "Delete the field tags of notes and everything in it. (!)",
      "Rename the field body of notes to title.",
      "Add the field body to notes.",
    ]);
  });
});

describe("the registry", () => {
  const unsaid = { listRule: null, viewRule: null, createRule: null, updateRule: null, deleteRule: null };
  const named = (name: string) =>
    compileSet([
      {
        ...unsaid,
        id: "pbc_1",
        name,
        type: "base",
        system: false,
        pages: false,
        fields: [],
        indexes: [],
        created: "",
        updated: "",
      },
    ]);
  const nameIn = (set: Collections) => set.all[0]?.name ?? "";

  /** A registry that holds `a`, and a change to `b` that has changed the tables and is not on disk before `finish` is called. */
  function changing() {
    const registry = openRegistry();
    registry.swap(named("a"));
    const { promise, resolve: finish } = Promise.withResolvers<void>();
    const start = () => {
      void registry.change(async () => {
        registry.swap(named("b"));
        await promise;
      });
      return Bun.sleep(0);
    };
    return { registry, start, finish };
  }

  test("what was read while the collections were replaced is read again, once it is known what there is", async () => {
    const { registry, start, finish } = changing();
    const read: string[] = [];
    const found = registry.read(async (set) => {
      read.push(nameIn(set));
      if (read.length === 1) await start();
      return nameIn(set);
    });
    await Bun.sleep(2);
    const late = registry.read(async (set) => nameIn(set));
    expect(await Promise.race([found, late, Bun.sleep(5).then(() => "nobody was answered")])).toBe(
      "nobody was answered",
    );
    finish();
    expect([await found, await late]).toEqual(["b", "b"]);
    expect(read).toEqual(["a", "b"]);
  });

  test("what could not be read for another reason is not read again", async () => {
    const { registry } = changing();
    let tried = 0;
    const read = registry.read(() => Promise.reject(new Error(`${++tried}`)));
    expect(await read.catch(String)).toBe("Error: 1");
  });

  test("what was refused in view of what is no more is tried again, unless it may have been stored", async () => {
    const table = [
      ["not found", "b"],
      ["bad request", "b"],
      ["unavailable", "unavailable"],
    ] as const;
    for (const [kind, answer] of table) {
      const { registry, start, finish } = changing();
      finish();
      const written = registry.write(async (set) => {
        if (nameIn(set) === "b") return "b";
        await start();
        throw new Refusal(kind, "any");
      });
      expect(await written.catch((error) => error.kind)).toBe(answer);
    }
  });

  test("a set that was replaced holds no more", () => {
    const { registry } = changing();
    const before = registry.current;
    expect(() => registry.mustHold(before)).not.toThrow();
    registry.swap(named("c"));
    expect(() => registry.mustHold(before)).toThrow(Outdated);
    expect(registry.find("c")?.id).toBe("pbc_1");
  });
});

describe("while the schema changes", () => {
  test("changes wait for each other", async () => {
    await using it = await opened();
    const names = ["a", "b", "c", "d", "e"];
    const made = await Promise.all(names.map((name) => send(it, "POST", path, { name: `x_${name}` })));
    expect(made.map(({ status }) => status)).toEqual(names.map(() => 200));
    const same = await Promise.all(names.map(() => send(it, "POST", path, { name: "same" })));
    expect(same.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400]);
    const fields = await fieldsWith(it, {});
    const renamed = await Promise.all(names.map((name) => patch(it, { name: `books_${name}`, fields })));
    expect(renamed.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect(renamed.every(({ status }) => status === 200 || status === 404)).toBe(true);
    await everything(it);
  });

  /** A library whose disk can be held back. */
  async function slow() {
    let waiting: (() => void)[] | undefined;
    const sync = () => (waiting ? new Promise<void>((resolve) => waiting?.push(resolve)) : Promise.resolve());
    const it = await Opened.open({ sync });
    await library(it);
    const hold = () => void (waiting = []);
    const release = () => {
      const all = waiting ?? [];
      waiting = undefined;
      for (const go of all) go();
    };
    return { it, hold, release };
  }

  const where = `${path}/books/records`;
  const wishes: readonly (readonly [string, string, Json?])[] = [
    ["GET", where],
    ["GET", `${where}?sort=headline&filter=headline!=''`],
    ["GET", `${where}/book00000000001`],
    ["PATCH", `${where}/book00000000001`, { headline: "One", genre: "essay" }],
    ["POST", where, { headline: "Third", genre: "poem" }],
    ["DELETE", `${where}/book00000000002`],
    ["GET", path],
    ["GET", "/_/collections/books"],
  ];

  test("requests that meet it are answered by what is there afterwards", async () => {
    const { it, hold, release } = await slow();
    await using _ = it;
    const fields = await fieldsWith(it, { title: { name: "headline" }, pages: { name: "title" } });
    hold();
    const change = patch(it, { fields, listRule: "headline != ''" });
    // Some of them arrive before the change has run, some after it, and none is answered before it is on disk.
    const asked = [];
    for (const wish of wishes) {
      asked.push(it.send({ as: "root", json: wish }));
      await Bun.sleep(1);
    }
    setTimeout(release, 20);
    const answers = await Promise.all(asked);
    expect((await change).status).toBe(200);
    expect(answers.map(({ status }) => status).slice(0, 7)).toEqual([200, 200, 200, 200, 200, 204, 200]);
    expect(answers[2]?.body).toMatchObject({ headline: "One", title: 300 });
    expect(answers[3]?.body).toMatchObject({ headline: "One", title: 300, genre: "essay" });
    expect(answers[4]?.body).toMatchObject({ headline: "Third", title: 0, genre: "poem" });
    for (const answer of answers.slice(1, 5)) expect(answer.text).not.toContain(`"pages"`);
    expect((await it.counts()).books).toBe(2);
  });

  test("a write that was read before it is checked against what is there afterwards", async () => {
    await using it = await opened();
    const fields = await fieldsWith(it, { title: { name: "genre" }, genre: { name: "title" } });
    const [change, ...written] = await Promise.all([
      patch(it, { fields, listRule: "" }),
      ...Array.from({ length: 20 }, () => send(it, "POST", where, { title: "Any text", genre: "poem" })),
    ]);
    expect(change?.status).toBe(200);
    expect(written.map(({ status }) => status)).toContain(400);
    expect(written.every(({ status }) => status === 200 || status === 400)).toBe(true);
    const list = await send(it, "GET", `${where}?perPage=100`);
    for (const item of list.body.items as Body[]) {
      expect(["novel", "essay", "poem", ""]).toContain(String(item.title));
    }
  });

  test("a form that meets it is not lost", async () => {
    const { it, hold, release } = await slow();
    await using _ = it;
    await it.record("_forms", { slug: "books", collection: "books", title: "Books", fields: ["title"] });
    hold();
    const change = patch(it, { name: "works", fields: await fieldsWith(it, { title: { name: "headline" } }) });
    await Bun.sleep(2);
    const sent = it.send({ form: ["/forms/books", { headline: "From a form" }] });
    setTimeout(release, 20);
    expect((await change).status).toBe(200);
    expect((await sent).status).toBe(303);
    expect((await it.counts()).works).toBe(3);
  });

  test("a change that cannot be put on disk leaves what is there in use", async () => {
    let broken = false;
    const sync = () => (broken ? Promise.reject(new Error("no disk")) : Promise.resolve());
    await using it = await Opened.open({ sync });
    await library(it);
    const fields = await fieldsWith(it, { title: { name: "headline" } });
    broken = true;
    expect((await patch(it, { fields })).status).toBe(503);
    broken = false;
    // Nobody was promised anything; whatever the file holds, the records are read by it.
    const list = await send(it, "GET", where);
    expect(list.status, list.text).toBe(200);
    expect(list.text).toContain("One");
    await everything(it);
  });
});

test("whatever is changed, in whatever order, the table is what the definition says, and nothing breaks", async () => {
  await using it = await opened();
  const names = ["title", "Title", "genre", "pages", "author", "a", "b"];
  const indexes = ["`title`", "lower(`a`)", "`genre`, `b` desc", "`author`", "`a` collate nocase", '"pages"'];
  const change = fc.record(
    {
      name: fc.constantFrom("books", "Books", "works", "a"),
      drop: fc.constantFrom(...names),
      /** Two names change places; where one of them is free, it is a rename. */
      rename: fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)),
      reshape: fc.record({ field: fc.constantFrom("genre", "author"), maxSelect: fc.nat(3) }),
      add: fc.record({ name: fc.constantFrom(...names), type: fc.constantFrom("text", "number", "json", "bool") }),
      turn: fc.boolean(),
      indexes: fc.uniqueArray(fc.constantFrom(...indexes), { maxLength: 3 }),
      unique: fc.boolean(),
      listRule: fc.constantFrom(
        "",
        "title != 'x'",
        "a = b || genre ~ 'o'",
        "author.name ?= 'Ada'",
        "books_via_author.id = ''",
      ),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
      for (const wish of changes) {
        const before = (await send(it, "GET", `${path}/pbc_books`)).body;
        const [from = "", to = ""] = wish.rename ?? [];
        const renamed = new Map([
          [from, to],
          [to, from],
        ]);
        const kept = (before.fields as Body[]).filter(({ name }) => name !== wish.drop);
        const fields = kept.map((field): Body => {
          const next: Body = { ...field, name: renamed.get(String(field.name)) ?? field.name ?? "" };
          if (wish.reshape && field.name === wish.reshape.field) next.maxSelect = wish.reshape.maxSelect;
          return next;
        });
        const { add } = wish;
        if (add && !fields.some((field) => String(field.name).toLowerCase() === add.name.toLowerCase()))
          fields.push(add);
        if (wish.turn) fields.reverse();
        const { name, listRule } = wish;
        const texts = wish.indexes?.map((it, n) => `CREATE ${wish.unique ? "UNIQUE " : ""}INDEX i${n} ON x (${it})`);
        const sent: Body = {
          fields,
          ...(name ? { name } : {}),
          ...(listRule === undefined ? {} : { listRule }),
          ...(texts ? { indexes: texts } : {}),
        };
        const answer = await send(it, "PATCH", `${path}/pbc_books`, sent);
        expect([200, 400], answer.text).toContain(answer.status);
        const after = (await send(it, "GET", `${path}/pbc_books`)).body;
        if (answer.status === 400) expect(after).toEqual(before);
        await everything(it);
        const columns = await it.project.store.all<{ name: string }>(
          sql`SELECT name FROM pragma_table_info(${String(after.name)}) ORDER BY name`,
        );
        expect(columns.map((column) => column.name)).toEqual(
          (after.fields as Body[]).map((field) => String(field.name)).sort(),
        );
        const list = await send(it, "GET", `${path}/pbc_books/records`);
        expect([list.status, list.body.totalItems]).toEqual([200, 2]);
      }
    }),
    { numRuns: 40 },
  );
});

test("what was changed is there after a restart", async () => {
  const first = await Opened.open();
  await library(first);
  const fields = await fieldsWith(first, { title: { name: "headline" } });
  const { body } = await patch(first, { name: "works", fields });
  await first.project.close();
  await using second = await Opened.open({ dir: first.dir });
  await second.person("boss", {}, "_superusers");
  const shown = (where: string) => second.send({ as: "boss", json: ["GET", where] });
  expect((await shown(`${path}/works`)).body).toEqual(body);
  expect((await shown(`${path}/works/records/book00000000001`)).body).toMatchObject({ headline: "One" });
});
