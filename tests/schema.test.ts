import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SchemaOptions } from "../src/collections/schema/applying.ts";
import {
  anyone,
  auth,
  autodate,
  bool,
  collection,
  collections,
  type DeclaredEntries,
  index,
  json,
  number,
  relation,
  released,
  type Schema,
  select,
  signedIn,
  superusers,
  text,
  unique,
} from "../src/collections/schema/declare.ts";
import { printSchema } from "../src/collections/schema/printing.ts";
import { fieldStandards } from "../src/collections/schema/standards.ts";
import { readSchemaFile } from "../src/collections/schema/source.ts";
import { starter } from "../src/embedded.ts";
import { fieldTypes } from "../src/fields/index.ts";
import type { Json } from "../src/fields/field.ts";
import * as library from "../src/index.ts";
import { Refusal } from "../src/lib/errors.ts";
import { sentence } from "../src/phrases/index.ts";
import { name, sql } from "../src/store/sql.ts";
import { type Body, Opened } from "./testing.ts";

/** What was said, and the sentence that stopped it. */
interface Told {
  readonly says: readonly string[];
  readonly refused?: string;
}

async function apply(
  it: Opened,
  entries: DeclaredEntries | Schema,
  options: Partial<SchemaOptions> = {},
): Promise<Told> {
  const says: string[] = [];
  const tell: SchemaOptions["tell"] = (steps) => {
    says.push(...steps.map(({ code, params, loses }) => `${sentence("en", code, params)}${loses ? " (!)" : ""}`));
  };
  try {
    await it.project.applySchema(isSchema(entries) ? entries : collections(entries), { tell, ...options });
    return { says };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { says, refused: sentence("en", error.code, error.params) };
  }
}

function isSchema(it: DeclaredEntries | Schema): it is Schema {
  return Object.keys(it).join() === "collections";
}

/** Everything that must stay as it is when a change is refused. */
async function everything({ project }: Opened): Promise<unknown> {
  const { store } = project;
  const rows = project.collections.current.all.map(({ name: table }) => store.all(sql`SELECT * FROM ${name(table)}`));
  const own = ["_collections", "_params", "_history"].map((table) => store.all(sql`SELECT * FROM ${name(table)}`));
  const tables = store.all(sql`SELECT type, name, sql FROM sqlite_schema ORDER BY name`);
  return Promise.all([tables, ...rows, ...own]);
}

/** Sends a schema that must be refused with these words, and must leave everything as it was. */
async function refuses(it: Opened, entries: DeclaredEntries, ...words: string[]): Promise<Told> {
  const before = await everything(it);
  const told = await apply(it, entries);
  for (const word of words) expect(told.refused).toContain(word);
  expect(await everything(it)).toEqual(before);
  return told;
}

async function records(it: Opened, collection: string): Promise<Body[]> {
  await it.person("root", {}, "_superusers").catch(() => {});
  const { body } = await it.send({ as: "root", json: ["GET", `/api/collections/${collection}/records?sort=id`] });
  return body.items as Body[];
}

const posts = {
  title: text({ required: true, max: 20 }),
  kind: select(["news", "essay"]),
  tags: select(["a", "b", "c"], { maxSelect: 3 }),
  views: number(),
};

/** A folder with two posts, made from a schema. */
async function blog(entries: DeclaredEntries = { posts: collection(posts, { indexes: [index("title")] }) }) {
  const it = await Opened.open({ schema: collections(entries) });
  await it.record("posts", { id: "post00000000001", title: "One", kind: "news", tags: ["a", "b"], views: 3 });
  await it.record("posts", { id: "post00000000002", title: "A longer one", kind: "essay" });
  return it;
}

const nothing: Told = { says: [] };

describe("a schema makes", () => {
  test("collections that point at each other, in one go, each step said before", async () => {
    await using it = await Opened.open();
    const schema = {
      posts: collection(
        { title: text({ required: true }), best: relation("comments"), author: relation("users") },
        { rules: { list: anyone, create: signedIn, delete: superusers }, indexes: [index("title")], pages: true },
      ),
      comments: { post: relation("posts", { required: true }), words: text() },
    };
    expect(await apply(it, schema)).toEqual({
      says: ["Create the collection posts.", "Make the index idx_posts_title.", "Create the collection comments."],
    });
    const made = it.project.collections.find("posts");
    expect(made?.definition).toMatchObject({ listRule: "", createRule: signedIn, deleteRule: null, pages: true });
    expect(made?.id).toBe(`pbc_${Bun.hash.crc32("baseposts")}`);
    expect(made?.field("title")?.id).toBe(`text${Bun.hash.crc32("title")}`);
    expect(made?.field("best")?.target).toBe(it.project.collections.find("comments")?.id ?? "");
    expect(made?.field("author")?.target).toBe("_pb_users_auth_");
    expect(await apply(it, schema)).toEqual(nothing);
  });

  test("people who sign in, with what nobody has to say", async () => {
    await using it = await Opened.open({
      schema: collections({
        members: auth(
          { nick: text({ required: true }) },
          {
            rules: { create: anyone, auth: "verified = true" },
            indexes: [unique("nick")],
            passwordAuth: { identityFields: ["email", "nick"] },
            authToken: { duration: 600 },
          },
        ),
      }),
    });
    const { definition } = it.project.collections.find("members") ?? {};
    expect(definition).toMatchObject({
      authRule: "verified = true",
      manageRule: null,
      passwordAuth: { enabled: true, identityFields: ["email", "nick"] },
      authToken: { duration: 600 },
      verificationToken: { duration: 86_400 },
    });
    expect(definition?.authToken?.secret).toMatch(/^.{30,}$/);
  });

  test("what is there after a restart, where there is nothing left to do", async () => {
    await using it = await blog();
    await it.project.store.write(async () => {});
    await using again = await Opened.open({ dir: it.dir });
    expect(await apply(again, { posts: collection(posts, { indexes: [index("title")] }) })).toEqual(nothing);
    expect(await records(again, "posts")).toHaveLength(2);
  });
});

describe("a schema changes a folder with data:", () => {
  test("fields and collections are added, and what was there stays", async () => {
    await using it = await blog();
    const told = await apply(it, {
      posts: collection({ ...posts, phone: text({ required: true }) }, { indexes: [index("title")] }),
      notes: { words: text() },
    });
    expect(told).toEqual({
      says: [
        "Add the field phone to posts.",
        "Create the collection notes.",
        "Of posts, 2 record(s) leave phone blank: they stay, and it is asked for when somebody changes them.",
      ],
    });
    expect(await records(it, "posts")).toMatchObject([{ title: "One", phone: "" }, { title: "A longer one" }]);
  });

  test("a field with another name keeps its id and its values, and is followed", async () => {
    await using it = await blog();
    await it.collection({
      name: "diary",
      fields: [{ name: "day", type: "text" }],
      listRule: "@collection.posts.title != day",
    });
    const id = it.project.collections.find("posts")?.field("title")?.id;
    const { title, ...others } = posts;
    const renamed = { posts: collection({ headline: text({ ...title.options, was: "title" }), ...others }) };
    expect(await apply(it, renamed)).toEqual({
      says: ["Delete the index idx_posts_title.", "Rename the field title of posts to headline."],
    });
    expect(it.project.collections.find("posts")?.field("headline")?.id).toBe(id ?? "");
    expect(await records(it, "posts")).toMatchObject([{ headline: "One" }, { headline: "A longer one" }]);
    expect(it.project.collections.find("diary")?.definition.listRule).toBe("@collection.posts.headline != day");
    expect(await apply(it, renamed)).toEqual(nothing);
  });

  test("a collection with another name keeps its id, its records and who points at it", async () => {
    const first = { posts, comments: { post: relation("posts") } };
    await using it = await blog(first);
    await it.record("comments", { id: "comment00000001", post: "post00000000001" });
    const { id } = it.project.collections.find("posts") ?? {};
    const renamed = { articles: collection(posts, { was: "posts" }), comments: { post: relation("articles") } };
    expect(await apply(it, renamed)).toEqual({ says: ["Rename the collection posts to articles."] });
    expect(it.project.collections.find("articles")?.id).toBe(id ?? "");
    expect(await records(it, "articles")).toHaveLength(2);
    expect(await records(it, "comments")).toMatchObject([{ post: "post00000000001" }]);
    expect(await apply(it, renamed)).toEqual(nothing);
  });

  test("a name that is given up is taken by another in the same change", async () => {
    await using it = await blog({ posts });
    const told = await apply(
      it,
      {
        posts: { words: text() },
        articles: collection(posts, { was: "posts" }),
      },
      { acceptLoss: true },
    );
    // Both are named: `posts` is what has that name, and it loses what it no longer says.
    expect(told.says).toContain("Create the collection articles.");
    expect(told.says).toContain("Delete the field title of posts and everything in it. (!)");
    await using other = await blog({ posts });
    const fields = {
      words: text({ was: "title" }),
      title: number(),
      kind: posts.kind,
      tags: posts.tags,
      views: posts.views,
    };
    expect(await apply(other, { posts: fields })).toEqual({
      says: [
        "Rename the field title of posts to words.",
        "Add the field title to posts.",
        "Change required of the field words of posts from true to false.",
        "Change max of the field words of posts from 20 to 0.",
        "Put the fields of posts into another order.",
      ].filter((line) => !line.startsWith("Put")),
    });
    expect(await records(other, "posts")).toMatchObject([
      { words: "One", title: 0 },
      { words: "A longer one", title: 0 },
    ]);
  });

  test.each<[string, DeclaredEntries[string], string]>([
    [
      "a length",
      { ...posts, title: text({ max: 5 }) },
      "posts.title: 1 record(s) hold what would not fit, the first is post00000000002: Must be no more than 5 character(s). Change them first.",
    ],
    ["choices", { ...posts, kind: select(["news"]) }, "posts.kind: 1 record(s) hold what would not fit"],
    ["choices of several", { ...posts, tags: select(["a"], { maxSelect: 1 }) }, "posts.tags: 1 record(s)"],
    [
      "a number",
      { ...posts, views: number({ max: 2 }) },
      "posts.views: 1 record(s) hold what would not fit, the first is post00000000001: Must be less or equal than 2.",
    ],
    ["a type that a record has already", auth(posts), "posts, type: Collection type cannot be changed."],
  ])("%s that records are in the way of is refused by name", async (_, wanted, says) => {
    await using it = await blog({ posts });
    await refuses(it, { posts: wanted }, says, "nothing was changed");
  });

  test("values that must differ and do not are refused by the name of their index", async () => {
    await using it = await blog({ posts });
    await it.record("posts", { title: "One" });
    const { says } = await refuses(
      it,
      { posts: collection(posts, { indexes: [unique("title")] }) },
      "idx_posts_title",
      "Some records have the same values.",
    );
    expect(says).toEqual(["Make the index idx_posts_title."]);
  });

  test("what records leave blank may be asked for from now on", async () => {
    await using it = await blog({ posts });
    expect(await apply(it, { posts: { ...posts, views: number({ required: true }) } })).toEqual({
      says: [
        "Change required of the field views of posts from false to true.",
        "Of posts, 1 record(s) leave views blank: they stay, and it is asked for when somebody changes them.",
      ],
    });
  });

  test.each<[string, DeclaredEntries, string, (it: Opened) => unknown, unknown]>([
    [
      "a field that it no longer has",
      { posts: { title: posts.title } },
      "Delete the field views of posts and everything in it. (!)",
      (it) => it.project.collections.find("posts")?.field("views"),
      undefined,
    ],
    [
      "a field of another type",
      { posts: { ...posts, views: text() } },
      "Delete the field views of posts and everything in it. (!)",
      (it) => it.project.collections.find("posts")?.field("views")?.type,
      "text",
    ],
    [
      "several values where there is one now",
      { posts: { ...posts, tags: select(["a", "b", "c"]) } },
      "Let the field tags of posts hold one value: of several the last is kept. (!)",
      async (it) => (await records(it, "posts"))[0]?.tags,
      "b",
    ],
    [
      "a collection that it no longer names",
      {},
      "Delete the collection posts and all its records. (!)",
      (it) => it.project.collections.find("posts"),
      undefined,
    ],
  ])("%s: nothing happens until the loss is accepted", async (_, wanted, says, look, then) => {
    await using it = await blog({ posts });
    const refused = await refuses(it, wanted, "--accept-loss");
    expect(refused.says).toContain(says);
    const told = await apply(it, wanted, { acceptLoss: true });
    expect(told).toEqual({ says: refused.says });
    expect(await look(it)).toEqual(then);
    expect(await apply(it, wanted)).toEqual(nothing);
  });

  test("where there are no records, nothing is lost", async () => {
    await using it = await Opened.open({ schema: collections({ users: auth({ nick: text() }), posts }) });
    expect(it.project.collections.find("users")?.field("avatar")).toBeUndefined();
    expect(await apply(it, { users: auth({ nick: text() }) })).toEqual({
      says: ["Delete the collection posts and all its records."],
    });
  });

  test("a relation that points elsewhere is another field", async () => {
    await using it = await blog({ posts, a: { to: relation("posts") }, b: {} });
    await it.record("a", { to: "post00000000001" });
    const wanted = { posts, a: { to: relation("b") }, b: {} };
    await refuses(it, wanted, "--accept-loss");
    await apply(it, wanted, { acceptLoss: true });
    expect(it.project.collections.find("a")?.field("to")?.target).toBe(it.project.collections.find("b")?.id ?? "");
    expect(await apply(it, wanted)).toEqual(nothing);
  });

  test("a collection that others point at, or ours, does not go", async () => {
    await using it = await blog({ posts, users: auth({}) });
    await it.collection({
      name: "likes",
      fields: [{ name: "post", type: "relation", collectionId: it.project.collections.find("posts")?.id ?? "" }],
    });
    await refuses(it, {}, "posts: Relations of likes point at this collection.");
    await apply(it, { posts });
    expect(it.project.collections.find("users")).toBeDefined();
  });

  test("the people that every project has may get another name", async () => {
    await using it = await Opened.open();
    const wanted = { people: auth({ name: text({ max: 255 }) }, { was: "users" }) };
    expect((await apply(it, wanted)).says[0]).toBe("Rename the collection users to people.");
    await using again = await Opened.open({ dir: it.dir });
    const named = again.project.collections.current.all.map(({ name: called }) => called);
    expect(named.filter((called) => !called.startsWith("_"))).toEqual(["people"]);
    expect(await apply(again, wanted)).toEqual(nothing);
  });

  test("a rehearsal says all of it and changes nothing", async () => {
    await using it = await blog();
    const before = await everything(it);
    const wanted = { posts: { headline: text({ was: "title" }) } };
    const told = await apply(it, wanted, { rehearse: true });
    expect(told.refused).toBeUndefined();
    expect(told.says).toContain("Delete the field views of posts and everything in it. (!)");
    expect(await everything(it)).toEqual(before);
    expect(await apply(it, wanted, { acceptLoss: true })).toEqual({ says: told.says });
  });
});

describe("what a schema describes is changed nowhere else:", () => {
  async function described(): Promise<Opened> {
    const it = await blog({ posts });
    await it.person("root", {}, "_superusers");
    return it;
  }

  test.each<[string, string, Json | undefined]>([
    ["PATCH", "/api/collections/posts", { listRule: "" }],
    ["DELETE", "/api/collections/posts", undefined],
  ])("%s says where", async (method, path, body) => {
    await using it = await described();
    const before = await everything(it);
    const answer = await it.send({ as: "root", json: [method, path, body] });
    expect(answer.status).toBe(400);
    expect(answer.body.message).toBe(
      "The collection posts is described in schema.ts. Change it there and start the server again.",
    );
    expect(await everything(it)).toEqual(before);
  });

  test("whoever looks is told", async () => {
    await using it = await described();
    const one = await it.send({ as: "root", json: ["GET", "/api/collections/posts"] });
    expect(one.body).toMatchObject({ name: "posts", declaredIn: "schema.ts" });
    const users = await it.send({ as: "root", json: ["GET", "/api/collections/users"] });
    expect(users.body).not.toHaveProperty("declaredIn");
    const all = await it.send({ as: "root", json: ["GET", "/api/collections?filter=name='posts'"] });
    expect(all.body.items).toMatchObject([{ declaredIn: "schema.ts" }]);
    const cookie = `formstead-owner=${it.token("root")}`;
    const page = (path: string) => it.send({ headers: { accept: "text/html", cookie }, json: ["GET", path] });
    expect((await page("/_/")).text).toContain("Described in");
    expect((await page("/_/collections/posts")).text).toContain(
      "This collection is described in schema.ts. Its fields and rules are changed there.",
    );
    expect((await page("/_/collections/users")).text).not.toContain("schema.ts");
  });

  test("its records may still be emptied", async () => {
    await using it = await described();
    expect((await it.send({ as: "root", json: ["DELETE", "/api/collections/posts/truncate"] })).status).toBe(204);
    expect(await records(it, "posts")).toEqual([]);
  });

  test("not even by a rename elsewhere that its rules would follow", async () => {
    await using it = await Opened.open();
    await it.person("root", {}, "_superusers");
    await it.collection({ name: "authors", fields: [{ name: "name", type: "text" }] });
    await apply(it, { books: collection({ author: relation("authors") }, { rules: { list: "author.name != ''" } }) });
    const { body } = await it.send({ as: "root", json: ["GET", "/api/collections/authors"] });
    const fields = (body.fields as Body[]).map((field) =>
      field.name === "name" ? { ...field, name: "called" } : field,
    );
    const answer = await it.send({ as: "root", json: ["PATCH", "/api/collections/authors", { fields }] });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("The collection books is described in schema.ts.");
  });

  test("one that is handed back stays, and can be changed again", async () => {
    await using it = await described();
    expect(await apply(it, { posts: released })).toEqual(nothing);
    expect(await records(it, "posts")).toHaveLength(2);
    expect((await it.send({ as: "root", json: ["PATCH", "/api/collections/posts", { listRule: "" }] })).status).toBe(
      200,
    );
    expect(await apply(it, {})).toEqual(nothing);
    expect(await records(it, "posts")).toHaveLength(2);
  });
});

/** A file in a folder of its own. */
async function withFile<T>(source: string, use: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "formstead-schema-"));
  try {
    writeFileSync(join(folder, "schema.ts"), source);
    return await use(join(folder, "schema.ts"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("a broken schema file is said with its place and a sentence:", () => {
  const head = 'import { auth, collection, collections, number, relation, select, text } from "formstead";\n\n';

  test.each<[string, string]>([
    ["export default collections({ posts: { title: text( } });", "schema.ts:3 cannot be read: Unexpected }."],
    [
      "export default collections({\n  posts: { title: txt() },\n});",
      "schema.ts:4 cannot be read: txt is not defined.",
    ],
    [
      'import { nope } from "formstead";\nnope();',
      "schema.ts:3 cannot be read: Export named 'nope' not found in module 'formstead'.",
    ],
    ['import other from "./other.ts";\nother();', "schema.ts:3 cannot be read: Cannot find module './other.ts'."],
    ['throw "a fit";', "schema.ts cannot be read: a fit."],
    [
      "export const schema = collections({});",
      "The schema file schema.ts exports no schema. Write: export default collections({ … }).",
    ],
    ["export default { posts: { title: text() } };", "exports no schema"],
    [
      "export default collections({\n  posts: text(),\n});",
      "schema.ts:4: posts: This is no collection. Write its fields in braces, or collection(…) or auth(…).",
    ],
    [
      "export default collections({\n  posts: [],\n  notes: { words: 3, title: text },\n});",
      "notes.words: This is no field. Write text(), number() or another type there.",
    ],
    [
      "export default collections({\n  posts: {\n    title: text({ requird: true }),\n  },\n});",
      "schema.ts:5: posts.title: There is no option requird here. Did you mean required?",
    ],
    [
      "export default collections({\n  posts: { title: text({ frob: true }) },\n});",
      "schema.ts:4: posts.title: There is no option frob here. There are: required, ",
    ],
    [
      "export default collections({\n  posts: { title: text({ min: 9, max: 3 }) },\n});",
      "schema.ts:4: posts.title, max: ",
    ],
    [
      'export default collections({\n  posts: { title: text({ max: "3" }) },\n});',
      "schema.ts:4: posts.title, max: Invalid value.",
    ],
    [
      "export default collections({\n  posts: { kind: select([]) },\n});",
      "schema.ts:4: posts.kind, values: Cannot be blank.",
    ],
    [
      'export default collections({\n  posts: { by: relation("people") },\n});',
      "schema.ts:4: posts.by: There is no collection people to point at. Describe it too, or look for a typing error.",
    ],
    [
      'export default collections({\n  posts: collection({}, { rules: { lst: "" } }),\n});',
      "schema.ts:4: posts: There is no option lst here. Did you mean list?",
    ],
    [
      'export default collections({\n  posts: collection({}, { rules: { list: "title = 1" } }),\n});',
      "schema.ts:4: posts, listRule: Invalid rule. There is no title to filter by",
    ],
    [
      'export default collections({\n  posts: collection({}, { indexes: ["DROP TABLE x"] }),\n});',
      "schema.ts:4: posts, indexes, 0: Invalid CREATE INDEX expression.",
    ],
    ['export default collections({\n  "a b": {},\n});', "a b, name: Must be in a valid format."],
    [
      "export default collections({\n  _forms: {},\n});",
      "_forms: Collections whose names begin with _ are made by Formstead itself.",
    ],
    [
      "export default collections({\n  posts: { a: text(), A: text() },\n});",
      "schema.ts:4: posts.A, name: Duplicated or invalid field name A.",
    ],
    [
      "export default collections({\n  posts: { id: number() },\n});",
      "schema.ts:4: posts.id, type: System fields cannot be deleted or changed.",
    ],
    [
      'export default collections({\n  staff: auth({}, { passwordAuth: { identityFields: ["nick"] } }),\n});',
      "schema.ts:4: staff, passwordAuth, identityFields: Invalid or missing field nick.",
    ],
  ])("%s", async (source, says) => {
    await withFile(head + source, async (file) => {
      await using it = await blog({ posts });
      const before = await everything(it);
      const refused = await readSchemaFile(file, library)
        .then((schema) => apply(it, schema ?? {}))
        .then(({ refused }) => refused)
        .catch((error) =>
          error instanceof Refusal ? sentence("en", error.code, error.params) : Promise.reject(error),
        );
      expect(refused).toContain(says);
      expect(refused).not.toMatch(/\{\w+\}|undefined|\[object|wishes/);
      expect(await everything(it)).toEqual(before);
    });
  });

  test("there is none", async () => {
    expect(await readSchemaFile("/nowhere/schema.ts", library)).toBeUndefined();
  });
});

describe("a schema file that is printed from what stands says the same:", () => {
  /** Prints, reads it back, and expects nothing to do here, and the same text from a new folder made of it. */
  async function returns(it: Opened): Promise<string> {
    const printed = printSchema(it.project.collections.current);
    await withFile(printed, async (file) => {
      const schema = await readSchemaFile(file, library);
      expect(await apply(it, schema ?? {})).toEqual(nothing);
      await using other = await Opened.open({ schema: schema ?? collections({}) });
      expect(printSchema(other.project.collections.current)).toBe(printed);
    });
    return printed;
  }

  test("a new project", async () => {
    await using it = await Opened.open();
    expect(await returns(it)).toContain("users: auth(");
  });

  test("the demo starter", async () => {
    await using it = await Opened.open();
    await it.project.applyStarter(starter("demo")?.schema);
    const printed = await returns(it);
    expect(printed).toContain('author: relation("users", { required: true, ');
    expect(printed.split("\n").every((line) => line.length <= 130)).toBe(true);
  });

  test("all types with the options of their examples, hidden, presentable and helpful ones too", async () => {
    await using it = await Opened.open();
    const common = { required: true, hidden: true, presentable: true, help: `Say "it" \\ \u2028 \`\${x}\`` };
    const fields = fieldTypes.flatMap(({ type, examples }) =>
      examples.flatMap(({ options }, n) => [
        {
          ...options,
          name: `${type}_${n}`,
          type,
          primaryKey: false,
          ...("collectionId" in options ? { collectionId: "_pb_users_auth_" } : {}),
        },
        {
          ...options,
          name: `1${type}${n}`,
          type,
          primaryKey: false,
          ...common,
          ...("collectionId" in options ? { collectionId: "pbc_all" } : {}),
        },
      ]),
    );
    await it.collection({ id: "pbc_all", name: "all", fields });
    const printed = await returns(it);
    for (const { type } of fieldTypes) expect(printed).toMatch(new RegExp(`${type}_0: ${type}\\(`));
  });

  test("rules, indexes, auth options, changed system fields, ids of one's own", async () => {
    await using it = await Opened.open();
    await it.collection({
      id: "my_id",
      name: "things",
      listRule: null,
      viewRule: "@request.auth.id != ''",
      createRule: `title != "a'b" && title != 'c\\\\d'`,
      pages: true,
      fields: [
        { name: "id", type: "text", min: 3, max: 40, pattern: "^[a-z-]+$", autogeneratePattern: "" },
        { id: "mine", name: "title", type: "text" },
        { name: "slug", type: "text" },
      ],
      indexes: [
        "CREATE INDEX `idx_things_title_slug` ON `things` (`title`, `slug`)",
        "CREATE UNIQUE INDEX `idx_things_slug` ON `things` (`slug`)",
        "CREATE UNIQUE INDEX `other` ON `things` (lower(`title`)) WHERE `title` != ''",
      ],
    });
    await it.collection({
      name: "staff",
      type: "auth",
      authRule: "verified = true",
      manageRule: "id = @request.auth.id",
      fields: [
        { name: "nick", type: "text" },
        { name: "email", type: "email", required: false, onlyDomains: ["a.example"] },
        { name: "password", type: "password", min: 12 },
      ],
      indexes: ["CREATE UNIQUE INDEX `idx_staff_nick` ON `staff` (`nick`)"],
      passwordAuth: { identityFields: ["nick"] },
      fileToken: { duration: 60 },
    });
    const printed = await returns(it);
    expect(printed).toMatch(
      /indexes: \[\s+index\("title", "slug"\),\s+unique\("slug"\),\s+"CREATE UNIQUE INDEX `other`/,
    );
    expect(printed).toContain("view: signedIn");
    expect(printed).toContain('passwordAuth: { identityFields: ["nick"] }');
    expect(printed).toContain("fileToken: { duration: 60 }");
    expect(printed).not.toContain("tokenKey");
  });
});

describe("docs/schema.md", () => {
  const page = readFileSync(join(import.meta.dir, "..", "docs", "schema.md"), "utf8");

  test("begins with a schema that works, and tells the steps as they are told", async () => {
    const [, source = ""] = /```ts\n\/\/ schema\.ts\n([\s\S]*?)```/.exec(page) ?? [];
    await withFile(source, async (file) => {
      await using it = await Opened.open();
      const schema = (await readSchemaFile(file, library)) ?? collections({});
      expect((await apply(it, schema)).refused).toBeUndefined();
      const said = /```text\n.*:\n([\s\S]*?)The collections/
        .exec(page)?.[1]
        ?.trim()
        .replaceAll(/^- /gm, "")
        .split("\n");
      const changed = source
        .replace("title: text({", 'headline: text({ was: "title",')
        .replace("body:", "summary: text(),\n      body:");
      await withFile(changed, async (next) => {
        expect((await apply(it, (await readSchemaFile(next, library)) ?? {})).says).toEqual(said ?? []);
      });
    });
  });

  test("names every type of field, with its options", () => {
    const rows = [...page.matchAll(/^\| `(\w+)[<(].*?\| (.*?) *\|$/gm)].map(([, type, options = ""]) => [
      type,
      [...options.matchAll(/`(\w+)`/g)].map(([, name]) => name).sort(),
    ]);
    const common = ["required", "hidden", "presentable", "help", "values"];
    const known = fieldTypes.map((kind) => [
      kind.type,
      [...fieldStandards(kind).keys()].filter((name) => !common.includes(name)).sort(),
    ]);
    expect(rows).toEqual(known);
  });
});

test("from any schema to any other: whatever was done, nothing is left to do, and the table is what was said", async () => {
  const field = fc.oneof(
    fc.record({ required: fc.boolean(), max: fc.nat(9) }).map((options) => text(options)),
    fc.record({ min: fc.constantFrom(null, -1) }).map((options) => number(options)),
    fc.constantFrom(1, 2).map((maxSelect) => select(["a", "b"], { maxSelect })),
    fc.constantFrom("a", "b", "users").map((to) => relation(to)),
    fc.constant(bool()),
    fc.constant(json()),
    fc.constant(autodate({ onCreate: true })),
    fc.constantFrom("x", "y", "z").map((was) => text({ was })),
  );
  const some = fc.dictionary(fc.constantFrom("x", "y", "z", "X1"), field, { maxKeys: 4 });
  const rules = fc.record({ list: fc.constantFrom(null, "", "id != ''"), create: fc.constantFrom("", signedIn) });
  const one = fc.oneof(
    some,
    fc.tuple(some, rules, fc.constantFrom("a", "b", "c")).map(([fields, rules, was]) => {
      const [first] = Object.keys(fields);
      return collection(fields, { rules, was, indexes: first ? [index(first)] : [] });
    }),
  );
  const schema = fc.record({ a: one, b: one, c: one }, { requiredKeys: ["a", "b"] });
  await using it = await Opened.open();
  const { store, collections: registry } = it.project;
  await fc.assert(
    fc.asyncProperty(schema, async (entries) => {
      const told = await apply(it, entries, { acceptLoss: true });
      expect(told.refused).toBeUndefined();
      expect(await apply(it, entries)).toEqual(nothing);
      for (const [called, entry] of Object.entries(entries)) {
        const fields = Object.keys("type" in entry && typeof entry.type === "string" ? Object(entry.fields) : entry);
        const columns = await store.all<{ name: string }>(sql`SELECT name FROM pragma_table_info(${called})`);
        expect(columns.map((column) => column.name).sort()).toEqual(["id", ...fields].sort());
        expect(registry.find(called)?.fields.map((it) => it.name)).toEqual(["id", ...fields]);
      }
    }),
    { numRuns: 40 },
  );
});
