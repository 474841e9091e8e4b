import { describe, expect, test } from "bun:test";
import { fieldTypes } from "../src/fields/index.ts";
import { sql } from "../src/store/sql.ts";
import { Opened, scenarios } from "./testing.ts";

const path = "/api/collections/notes/records";

async function notebook(it: Opened): Promise<void> {
  const ann = await it.person("ann");
  await it.person("bob");
  await it.person("root", {}, "_superusers");
  const users = it.project.collections.find("users");
  await it.collection({
    name: "notes",
    listRule: "owner = @request.auth.id || public = true",
    viewRule: "owner = @request.auth.id || public = true",
    createRule: "@request.auth.id != '' && owner = @request.auth.id",
    updateRule: "owner = @request.auth.id",
    deleteRule: null,
    fields: [
      { name: "title", type: "text", required: true, max: 20 },
      { name: "slug", type: "text" },
      { name: "owner", type: "relation", collectionId: users?.id, maxSelect: 1 },
      { name: "public", type: "bool" },
      { name: "views", type: "number" },
      { name: "secret", type: "text", hidden: true },
      { name: "created", type: "autodate", onCreate: true },
    ],
    indexes: ["CREATE UNIQUE INDEX `idx_notes_slug` ON `notes` (`slug`) WHERE `slug` != ''"],
  });
  await it.record("notes", {
    id: "publicnote00001",
    title: "Open",
    slug: "open",
    public: true,
    secret: "hush",
    owner: ann.id ?? "",
  });
  await it.record("notes", { id: "privatenote0001", title: "Closed", slug: "closed", owner: ann.id ?? "" });
}

const values = { title: "Hi" };

scenarios("adding a note", notebook, [
  { it: "refuses a guest", json: ["POST", path, values], get: 400, shows: [`"data":{}`], changes: {} },
  {
    it: "refuses who names another owner",
    as: "ann",
    json: ["POST", path, { ...values, owner: "privatenote0001" }],
    get: 400,
    shows: [`"data":{}`],
    changes: {},
  },
  {
    it: "tells a refused guest nothing of what else is wrong",
    json: ["POST", path, { title: "", slug: "open" }],
    get: 400,
    shows: [`{"data":{},"message":"Failed to create record.","status":400}`],
    changes: {},
  },
  {
    it: "takes it from the owner",
    as: "root",
    json: ["POST", path, { ...values, secret: "s" }],
    get: 200,
    shows: [`"title":"Hi"`, `"secret":"s"`],
    changes: { notes: 1, outbox: 1 },
  },
  {
    it: "says what is wrong by field",
    as: "root",
    json: ["POST", path, { title: "", views: "many" }],
    get: 400,
    shows: [`"title":{"code":"validation_required","message":"Cannot be blank."}`, "validation_not_a_number"],
    changes: {},
  },
  {
    it: "says that a value must be unique",
    as: "root",
    json: ["POST", path, { ...values, slug: "open" }],
    get: 400,
    shows: [`"slug":{"code":"validation_not_unique"`],
    changes: {},
  },
  {
    it: "says that a related record is missing",
    as: "root",
    json: ["POST", path, { ...values, owner: "nobody000000000" }],
    get: 400,
    shows: ["validation_missing_rel_records"],
    changes: {},
  },
  {
    it: "names the params of a message",
    as: "root",
    json: ["POST", path, { title: "x".repeat(21) }],
    get: 400,
    shows: [`"params":{"max":20}`],
    changes: {},
  },
  {
    it: "refuses an id that exists",
    as: "root",
    json: ["POST", path, { ...values, id: "publicnote00001" }],
    get: 400,
    shows: ["validation_invalid_or_existing_id"],
    changes: {},
  },
  {
    it: "refuses an id of another shape",
    as: "root",
    json: ["POST", path, { ...values, id: "UPPER" }],
    get: 400,
    shows: [`"id":{"code":`],
    changes: {},
  },
  {
    it: "ignores keys it does not know",
    as: "root",
    json: ["POST", path, { ...values, nope: 1 }],
    get: 200,
    hides: ["nope"],
    changes: { notes: 1, outbox: 1 },
  },
  {
    it: "does not know the collection",
    as: "root",
    json: ["POST", "/api/collections/nope/records", values],
    get: 404,
    shows: ["Missing collection context."],
    changes: {},
  },
  {
    it: "needs a body that is an object",
    as: "root",
    json: ["POST", path, [1]],
    get: 400,
    shows: ["Failed to read the submitted data."],
    changes: {},
  },
]);

scenarios("reading notes", notebook, [
  {
    it: "lists only what the rule allows",
    json: ["GET", path],
    get: 200,
    shows: [`"totalItems":1`, "publicnote00001"],
    hides: ["privatenote0001", "hush"],
  },
  {
    it: "lists everything for a superuser",
    as: "root",
    json: ["GET", path],
    get: 200,
    shows: [`"totalItems":2`, "hush"],
  },
  {
    it: "sorts and filters",
    as: "root",
    json: ["GET", `${path}?sort=-title&filter=${encodeURIComponent("title ~ 'o'")}`],
    get: 200,
    shows: [`"totalItems":2`],
  },
  {
    it: "counts nothing with skipTotal",
    as: "root",
    json: ["GET", `${path}?skipTotal=1`],
    get: 200,
    shows: [`"totalItems":-1`, `"totalPages":-1`],
  },
  {
    it: "pages",
    as: "root",
    json: ["GET", `${path}?page=2&perPage=1&sort=title`],
    get: 200,
    shows: [`"page":2`, `"perPage":1`, `"totalItems":2`, `"totalPages":2`, "publicnote00001"],
  },
  {
    it: "answers the wished fields",
    json: ["GET", `${path}?fields=title`],
    get: 200,
    shows: [`"items":[{"title":"Open"}]`],
  },
  {
    it: "points at the character of a bad filter",
    as: "root",
    json: ["GET", `${path}?filter=${encodeURIComponent("title = ")}`],
    get: 400,
    shows: [`"data":{}`],
  },
  {
    it: "keeps hidden fields out of a stranger's filter",
    json: ["GET", `${path}?filter=${encodeURIComponent("secret ~ 'h'")}`],
    get: 400,
  },
  {
    it: "lets a superuser filter by a hidden field",
    as: "root",
    json: ["GET", `${path}?filter=${encodeURIComponent("secret ~ 'h'")}`],
    get: 200,
    shows: [`"totalItems":1`],
  },
  {
    it: "shows one",
    json: ["GET", `${path}/publicnote00001`],
    get: 200,
    shows: [`"collectionName":"notes"`],
    hides: ["hush"],
  },
  { it: "does not find what the rule hides", json: ["GET", `${path}/privatenote0001`], get: 404, shows: [`"data":{}`] },
  { it: "does not find what is not there", as: "root", json: ["GET", `${path}/nope`], get: 404 },
  {
    it: "refuses a collection that is for superusers only",
    json: ["GET", "/api/collections/_superusers/records"],
    get: 403,
    shows: ["Only superusers can perform this action."],
  },
  {
    it: "takes a bad token for a guest",
    json: ["GET", path],
    headers: { authorization: "nonsense" },
    get: 200,
    shows: [`"totalItems":1`],
  },
]);

scenarios("changing a note", notebook, [
  {
    it: "does not find somebody else's",
    as: "bob",
    json: ["PATCH", `${path}/publicnote00001`, { title: "Mine" }],
    get: 404,
    changes: {},
  },
  {
    it: "changes what was sent and nothing else",
    as: "root",
    json: ["PATCH", `${path}/publicnote00001`, { title: "New" }],
    get: 200,
    shows: [`"title":"New"`, `"slug":"open"`, `"secret":"hush"`],
    changes: { outbox: 1 },
  },
  {
    it: "takes an empty body",
    as: "root",
    json: ["PATCH", `${path}/publicnote00001`],
    get: 200,
    shows: [`"title":"Open"`],
    changes: { outbox: 1 },
  },
  {
    it: "keeps the id",
    as: "root",
    json: ["PATCH", `${path}/publicnote00001`, { id: "othernote000001" }],
    get: 400,
    shows: ["validation_pk_change"],
    changes: {},
  },
  {
    it: "says what is wrong",
    as: "root",
    json: ["PATCH", `${path}/publicnote00001`, { title: "" }],
    get: 400,
    shows: ["Failed to update record.", "validation_required"],
    changes: {},
  },
]);

scenarios("removing a note", notebook, [
  {
    it: "refuses everyone but superusers where the rule is null",
    as: "ann",
    json: ["DELETE", `${path}/publicnote00001`],
    get: 403,
    changes: {},
  },
  {
    it: "removes it",
    as: "root",
    json: ["DELETE", `${path}/publicnote00001`],
    get: 204,
    changes: { notes: -1, outbox: 1 },
  },
  { it: "does not find what is not there", as: "root", json: ["DELETE", `${path}/nope`], get: 404, changes: {} },
]);

test("a body that says it weighs too much is told so first, and who may not write whatever it weighs", async () => {
  await using it = await Opened.open();
  await it.collection({
    name: "closed",
    createRule: null,
    fields: [
      { name: "title", type: "text" },
      { name: "meta", type: "json", maxSize: 10 },
    ],
  });
  const status = async (weight: number) => {
    const headers = { "content-length": String(weight) };
    return (await it.send({ json: ["POST", "/api/collections/closed/records", { title: "x" }], headers })).status;
  };
  const usual = 32 * 1024 * 1024;
  expect([await status(15), await status(usual + 10), await status(usual + 11)]).toEqual([403, 403, 413]);
});

test("a relation is required, cascades, or is cleared when its record goes", async () => {
  await using it = await Opened.open();
  await it.person("root", {}, "_superusers");
  await it.collection({ name: "authors", fields: [{ name: "name", type: "text" }] });
  const authors = it.project.collections.find("authors")?.id;
  const relation = { type: "relation", collectionId: authors };
  await it.collection({
    name: "books",
    fields: [
      { ...relation, name: "author", maxSelect: 1, cascadeDelete: true },
      { ...relation, name: "editor", maxSelect: 1 },
      { ...relation, name: "readers", maxSelect: 9 },
      { ...relation, name: "printer", maxSelect: 1, required: true },
    ],
  });
  const person = async () => String((await it.record("authors", { name: "A" })).id);
  const [author, editor, reader, printer] = [await person(), await person(), await person(), await person()];
  const book = await it.record("books", { author, editor, readers: [reader, editor], printer });
  const remove = (id: string) => it.send({ as: "root", json: ["DELETE", `/api/collections/authors/records/${id}`] });
  const show = () => it.send({ json: ["GET", `/api/collections/books/records/${String(book.id)}`] });

  expect((await remove(printer)).status).toBe(400);
  expect((await show()).body).toMatchObject({ printer });
  expect((await remove(editor)).status).toBe(204);
  expect((await show()).body).toMatchObject({ editor: "", readers: [reader] });
  expect((await remove(author)).status).toBe(204);
  expect((await show()).status).toBe(404);
});

test("a record says when it was made, and survives a restart", async () => {
  const first = await Opened.open();
  await first.collection({
    name: "notes",
    fields: [
      { name: "title", type: "text" },
      { name: "created", type: "autodate", onCreate: true },
    ],
  });
  const made = await first.record("notes", { title: "Kept" });
  expect(String(made.created)).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z$/);
  await first.project.close();

  await using second = await Opened.open({ dir: first.dir });
  const answer = await second.send({ json: ["GET", `/api/collections/notes/records/${String(made.id)}`] });
  expect(answer.body).toEqual(made);
});

describe("a field that may not be sent may not be sent in parts either", () => {
  const id = "thing0000000001";
  const api = "/api/collections/things/records";
  const faces = [
    ["API, new", "POST", api],
    ["page, new", "POST", "/things"],
    ["API, changed", "PATCH", `${api}/${id}`],
    ["page, changed", "POST", `/things/${id}`],
  ] as const;
  // Whatever a form sends under a field's name and a dot is read by the field, also where its type knows no parts.
  const kinds = fieldTypes
    .filter((type) => !type.given)
    .map((type) => {
      const example = type.examples.find(({ form }) => Object.keys(form).some((part) => part !== ""));
      return [type.type, example?.form ?? { part: ["1"] }] as const;
    });

  test("at least one type takes parts", () => {
    expect(kinds.filter(([, form]) => !("part" in form)).map(([type]) => type)).toContain("geoPoint");
  });

  test.each(kinds)("%s", async (type, form) => {
    await using it = await Opened.open();
    const rule = "@request.body.it:isset = false";
    const collectionId = it.project.collections.find("users")?.id ?? "";
    const choices = type === "select" ? { values: ["1", "2"] } : type === "relation" ? { collectionId } : {};
    const fields = [
      { name: "it", type, ...choices },
      { name: "title", type: "text" },
    ];
    await it.collection({ name: "things", pages: true, fields, createRule: rule, updateRule: rule });
    await it.record("things", { id, title: "old" });
    const send = (method: string, path: string, pairs: [string, string][]) =>
      it.app.handle(new Request(`http://localhost${path}`, { method, body: new URLSearchParams(pairs) }));
    const parts = Object.entries(form).flatMap(([part, texts]) =>
      texts.map((text): [string, string] => [part ? `it.${part}` : "it", text]),
    );
    const titles = async () =>
      (await it.project.store.all<{ title: string }>(sql`SELECT title FROM things`)).map(({ title }) => title);
    for (const [face, method, path] of faces) {
      const answer = await send(method, path, [...parts, ["title", face]]);
      expect([face, answer.status >= 400, await titles()]).toEqual([face, true, ["old"]]);
    }
    for (const [face, method, path] of faces) {
      await send(method, path, [["title", face]]);
      expect(await titles()).toContain(face);
    }
  });

  test("of what was sent in parts a rule sees the whole", async () => {
    await using it = await Opened.open();
    const rules = { createRule: "@request.body.home.lon = 5", updateRule: "@request.body.home:changed = false" };
    await it.collection({ name: "things", fields: [{ name: "home", type: "geoPoint" }], ...rules });
    await it.record("things", { id, home: { lon: 5, lat: 6 } });
    const statuses = [];
    for (const [method, path, lon] of [
      ["POST", api, "5"],
      ["POST", api, "7"],
      ["PATCH", `${api}/${id}`, "5.0"],
      ["PATCH", `${api}/${id}`, "7"],
    ] as const) {
      const body = new URLSearchParams({ "home.lon": lon, "home.lat": "6" });
      statuses.push((await it.app.handle(new Request(`http://localhost${path}`, { method, body }))).status);
    }
    expect(statuses).toEqual([200, 400, 200, 404]);
  });
});
