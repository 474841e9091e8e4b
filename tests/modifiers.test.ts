import { expect, test } from "bun:test";
import type { Json } from "../src/fields/field.ts";
import { hook, openHooked } from "./hooked.ts";
import { type Body, Opened, scenarios } from "./testing.ts";

const path = "/api/collections/things/records";
const one = `${path}/thing0000000001`;

async function things(it: Opened): Promise<void> {
  await it.person("root", {}, "_superusers");
  await it.collection({
    name: "things",
    fields: [
      { name: "views", type: "number", max: 100 },
      { name: "tags", type: "select", values: ["a", "b", "c", "d"], maxSelect: 3 },
      { name: "color", type: "select", values: ["red", "green"] },
      { name: "slug", type: "text", autogeneratePattern: "[a-z]{8}" },
      { name: "title", type: "text" },
      { name: "secret", type: "number", hidden: true },
      { name: "papers", type: "file", maxSelect: 3 },
    ],
  });
  await it.record("things", { id: "thing0000000001", views: 5, tags: ["a", "b"], slug: "first", secret: 7 });
}

const stored = { outbox: 1 };

scenarios("what is sent with a modifier changes a stored value", things, [
  { it: "a number goes up", json: ["PATCH", one, { "views+": 2 }], get: 200, shows: [`"views":7`], changes: stored },
  { it: "and down", json: ["PATCH", one, { "views-": "6" }], get: 200, shows: [`"views":-1`], changes: stored },
  {
    it: "several are done one after the other",
    json: ["PATCH", one, { "views+": 4, "views-": 1 }],
    get: 200,
    shows: [`"views":8`],
    changes: stored,
  },
  {
    it: "to a value that was sent as well",
    json: ["PATCH", one, { "views+": 4, views: 50 }],
    get: 200,
    shows: [`"views":54`],
    changes: stored,
  },
  {
    it: "not beyond what the field takes",
    json: ["PATCH", one, { "views+": 96 }],
    get: 400,
    shows: [`"data":{"views":{"code":"validation_max_number_constraint"`],
  },
  {
    it: "not by what is no number",
    json: ["PATCH", one, { "views+": "many" }],
    get: 400,
    shows: [`"data":{"views":{"code":"validation_not_a_number"`],
  },
  { it: "at the end", json: ["PATCH", one, { "tags+": "c" }], get: 200, shows: [`["a","b","c"]`], changes: stored },
  { it: "at the front", json: ["PATCH", one, { "+tags": ["c"] }], get: 200, shows: [`["c","a","b"]`], changes: stored },
  { it: "away", json: ["PATCH", one, { "tags-": ["a", "d"] }], get: 200, shows: [`"tags":["b"]`], changes: stored },
  {
    it: "not more than the field takes",
    json: ["PATCH", one, { "tags+": ["c", "d"] }],
    get: 400,
    shows: [`"data":{"tags":{"code":"validation_too_many_values"`],
  },
  {
    it: "nor what it does not take",
    json: ["PATCH", one, { "tags+": ["x"] }],
    get: 400,
    shows: [`"data":{"tags":{"code":"validation_invalid_value"`],
  },
  {
    it: "a text is made, behind what was sent",
    json: ["PATCH", one, { "slug:autogenerate": "new-" }],
    get: 200,
    shows: [`"slug":"new-`],
    hides: [`"slug":"new-"`],
    changes: stored,
  },
  {
    it: "by a form",
    form: [path, { "views+": "3", "tags+": ["b", "a"] }],
    headers: { accept: "application/json" },
    get: 200,
    shows: [`"views":3`, `"tags":["b","a"]`],
    changes: { things: 1, outbox: 1 },
  },
  {
    it: "of a new record, too",
    json: ["POST", path, { "views+": 4, "views-": 1, "tags+": "d", "slug:autogenerate": "x-" }],
    get: 200,
    shows: [`"views":3`, `"tags":["d"]`, `"slug":"x-`],
    changes: { things: 1, outbox: 1 },
  },
  {
    it: "not what only superusers write",
    json: ["PATCH", one, { "secret+": 1 }],
    get: 200,
    hides: ["secret"],
    changes: stored,
  },
  {
    it: "which they do",
    as: "root",
    json: ["PATCH", one, { "secret+": 1 }],
    get: 200,
    shows: [`"secret":8`],
    changes: stored,
  },
  { it: "not the id", json: ["PATCH", one, { "id:autogenerate": "" }], get: 400, shows: ["validation_pk_change"] },
  {
    it: "files are not named into being",
    json: ["PATCH", one, { "papers+": "a.txt" }],
    get: 400,
    shows: ["validation_invalid_file"],
  },
  {
    it: "keys that only look alike are ignored",
    json: ["PATCH", one, { "+views+": 1, "title+": "x", "+": 1, "-": 1 }],
    get: 200,
    shows: [`"views":5`],
    changes: stored,
  },
  { it: "nothing of what is not there", json: ["PATCH", `${path}/nope`, { "views+": 1 }], get: 404 },
]);

async function views(it: Opened): Promise<Json | undefined> {
  return (await it.send({ as: "root", json: ["GET", one] })).body["views"];
}

test("a hundred at once count to a hundred, and those that would go beyond what is allowed are refused", async () => {
  await using it = await Opened.open();
  await things(it);
  await it.send({ as: "root", json: ["PATCH", one, { views: 0 }] });
  const send = (body: Body) => it.send({ json: ["PATCH", one, body] });
  const answers = await Promise.all(Array.from({ length: 103 }, () => send({ "views+": 1 })));
  const refused = answers.filter(({ status }) => status !== 200);
  expect(refused.map(({ status, body }) => [status, Object.keys(Object(body["data"]))])).toEqual([
    [400, ["views"]],
    [400, ["views"]],
    [400, ["views"]],
  ]);
  expect(answers.map(({ body }) => body["views"]).filter((it) => it !== undefined)).toEqual(
    Array.from({ length: 100 }, (_, n) => n + 1),
  );
  expect(await views(it)).toBe(100);
});

test("a rule sees what the value comes to, as it is when it is stored", async () => {
  await using it = await Opened.open();
  await things(it);
  const rules = {
    createRule: "@request.body.views = 3",
    updateRule: "@request.body.views <= 3 && @request.body.color:isset = false",
  };
  await it.send({ as: "root", json: ["PATCH", "/api/collections/things", rules] });
  await it.send({ as: "root", json: ["PATCH", one, { views: 0 }] });
  const statuses = async (wishes: readonly [method: string, path: string, body: Body][]) =>
    (await Promise.all(wishes.map((json) => it.send({ json })))).map(({ status }) => status);
  expect(await statuses([["POST", path, { "views+": 4, "views-": 1 }]])).toEqual([200]);
  expect(await statuses([["POST", path, { "views+": 4 }]])).toEqual([400]);
  expect(await statuses([["PATCH", one, { "views+": 1, "color+": "red" }]])).toEqual([404]);
  const many = await statuses(
    Array.from({ length: 5 }, () => ["PATCH", one, { "views+": 1 }] as const).map((it) => [...it]),
  );
  expect(many).toEqual([200, 200, 200, 404, 404]);
  expect(await views(it)).toBe(3);
});

test("people's own code sees what the value comes to, and has the last word", async () => {
  const text = `project.records("things").before({ update: ({ values, record }) => {
    if (values.views > 50) values.views = 50;
    values.title = record.views + " to " + values.views;
  } });`;
  await using it = await openHooked({ "a.ts": hook(text) });
  await things(it);
  const send = (body: Body) => it.send({ json: ["PATCH", one, body] });
  expect((await send({ "views+": 2 })).body).toMatchObject({ views: 7, title: "5 to 7" });
  expect((await send({ "views+": 90 })).body).toMatchObject({ views: 50, title: "7 to 50" });
  await it.send({ as: "root", json: ["PATCH", one, { views: 0 }] });
  await Promise.all(Array.from({ length: 20 }, () => send({ "views+": 1 })));
  expect(await views(it)).toBe(20);
});
