import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Json } from "../src/fields/field.ts";
import { collection, collections, text } from "../src/index.ts";
import { printSchema } from "../src/collections/schema/printing.ts";
import { isObject } from "../src/lib/json.ts";
import { sql } from "../src/store/sql.ts";
import { type Answer, type Body, Opened, type Wish } from "./testing.ts";

async function opened(): Promise<Opened> {
  const t = await Opened.open();
  await t.person("owner", {}, "_superusers");
  return t;
}

function send(t: Opened, method: string, path: string, body?: Json): Promise<Answer> {
  return t.send({ as: "owner", json: body === undefined ? [method, path] : [method, path, body] });
}

function importing(t: Opened, sent: Json[], deleteMissing = false): Promise<Answer> {
  return send(t, "PUT", "/api/collections/import", { collections: sent, deleteMissing });
}

function names(t: Opened): string[] {
  return t.project.collections.current.all.filter(({ definition }) => !definition.system).map(({ name }) => name);
}

const field = (name: string, more: Body = {}): Body => ({ name, type: "text", ...more });
const relation = (name: string, collectionId: string): Body => ({ name, type: "relation", collectionId, maxSelect: 1 });

describe("importing collections", () => {
  test("makes them in whatever order they come, also those that point at each other", async () => {
    await using t = await opened();
    const answer = await importing(t, [
      { name: "overview", type: "view", viewQuery: "SELECT id, topic, 1 AS one FROM summary", listRule: "one = 1" },
      { name: "summary", type: "view", viewQuery: "SELECT b.id, b.body AS topic FROM bees b" },
      {
        id: "pbc_ants",
        name: "ants",
        fields: [relation("bee", "pbc_bees"), relation("self", "pbc_ants")],
        listRule: "bee.body != ''",
      },
      {
        id: "pbc_bees",
        name: "bees",
        fields: [relation("ant", "pbc_ants"), field("body")],
        indexes: ["create index idx_bees on bees (body)"],
      },
      { name: "people", type: "auth" },
    ]);
    expect([answer.status, answer.text]).toEqual([204, ""]);
    expect(names(t)).toEqual(["users", "overview", "summary", "ants", "bees", "people"]);
    expect(t.project.collections.find("pbc_bees")?.name).toBe("bees");
    await t.record("bees", { body: "hum" });
    const list = await send(t, "GET", "/api/collections/overview/records");
    expect(list.body).toMatchObject({ items: [{ topic: "hum", one: 1 }] });
  });

  test("changes what stands and keeps its records and what is not spoken of", async () => {
    await using t = await opened();
    await t.collection({ name: "notes", fields: [field("title"), field("body")] });
    await t.record("notes", { title: "Hello", body: "World" });
    const { id, definition } = t.project.collections.find("notes")!;
    const title = definition.fields.find(({ name }) => name === "title");
    const fields = [field("headline", { id: title?.id ?? "", max: 20 }), field("more")];
    expect((await importing(t, [{ id, name: "papers", fields }])).status).toBe(204);
    const list = await send(t, "GET", "/api/collections/papers/records");
    expect(list.body).toMatchObject({ items: [{ headline: "Hello", more: "", body: "World" }] });
    expect(t.project.collections.find("papers")?.definition.listRule).toBe("");
    expect((await importing(t, [{ name: "papers", listRule: null }])).status).toBe(204);
    expect(t.project.collections.find("papers")?.definition.listRule).toBeNull();
    expect(t.project.collections.find("papers")?.id).toBe(id);
  });

  test("a field that comes with another id keeps its column, by its name and type", async () => {
    await using t = await opened();
    await t.collection({ name: "notes", fields: [field("title", { id: "here" }), field("body", { id: "body" })] });
    await t.record("notes", { title: "Hello", body: "World" });
    const { id } = t.project.collections.find("notes")!;
    const fields = [field("id", { id: "there_id", system: true, primaryKey: true }), field("title", { id: "there" })];
    expect((await importing(t, [{ id, name: "notes", fields }])).status).toBe(204);
    const kept = () => t.project.collections.find("notes")?.definition.fields.map((it) => it.id);
    expect(kept()?.slice(1)).toEqual(["here", "body"]);
    const items = async () => (await send(t, "GET", "/api/collections/notes/records")).body["items"];
    expect(await items()).toMatchObject([{ title: "Hello", body: "World" }]);
    const [record] = (await items()) as Body[];

    expect((await importing(t, [{ id, name: "notes", fields }], true)).status).toBe(204);
    expect(await items()).toMatchObject([{ id: record?.["id"] }]);
  });

  test("a field that takes another's name takes nothing of it", async () => {
    await using t = await opened();
    await t.collection({ name: "notes", fields: [field("title", { id: "here" })] });
    await t.record("notes", { title: "Hello" });
    const { id } = t.project.collections.find("notes")!;
    const fields = [field("heading", { id: "here" }), field("title", { id: "there" })];
    expect((await importing(t, [{ id, name: "notes", fields }])).status).toBe(204);
    const list = await send(t, "GET", "/api/collections/notes/records");
    expect(list.body).toMatchObject({ items: [{ heading: "Hello", title: "" }] });

    const number = { id: "other", name: "heading", type: "number" };
    expect((await importing(t, [{ id, name: "notes", fields: [number] }])).status).toBe(204);
    const after = await send(t, "GET", "/api/collections/notes/records");
    expect(after.body).toMatchObject({ items: [{ heading: 0, title: "" }] });
  });

  test("with deleteMissing everything else goes, but for what is ours", async () => {
    await using t = await opened();
    await t.collection({ name: "notes", fields: [field("title"), field("body")] });
    await t.collection({ name: "lines", fields: [relation("note", t.project.collections.find("notes")?.id ?? "")] });
    await t.record("notes", { title: "Hello", body: "World" });
    const id = t.project.collections.find("notes")?.id ?? "";
    const before = t.project.collections.current.all.filter(({ definition }) => definition.system).length;
    const title = t.project.collections.find("notes")?.definition.fields.find(({ name }) => name === "title");
    const answer = await importing(
      t,
      [{ name: "new1" }, { id, name: "notes", fields: [field("title", { id: title?.id ?? "" })] }],
      true,
    );
    expect(answer.text).toBe("");
    expect(names(t)).toEqual(["notes", "new1"]);
    expect(t.project.collections.current.all.filter(({ definition }) => definition.system)).toHaveLength(before);
    const list = await send(t, "GET", "/api/collections/notes/records");
    expect(Object.keys((list.body["items"] as Body[])[0] ?? {})).toEqual([
      "collectionId",
      "collectionName",
      "id",
      "title",
    ]);
  });

  test("what one server exports another one imports, and is then the same", async () => {
    await using from = await opened();
    await using to = await opened();
    await from.collection({
      name: "notes",
      fields: [field("title", { required: true })],
      indexes: ["create unique index u on notes (title)"],
    });
    await send(from, "POST", "/api/collections", {
      name: "seen",
      type: "view",
      viewQuery: "SELECT id, title FROM notes",
      listRule: "",
    });
    await from.collection({
      name: "people",
      type: "auth",
      fields: [relation("note", from.project.collections.find("notes")?.id ?? "")],
    });
    const exported = await send(from, "GET", "/api/collections?perPage=200");
    const items = exported.body["items"] as Body[];
    expect((await importing(to, [...items].reverse(), true)).text).toBe("");
    const arrived = await send(to, "GET", "/api/collections?perPage=200");
    const comparable = (list: Json | undefined) => {
      return (list as Body[])
        .map(({ created: _c, updated: _u, ...rest }) => rest)
        .sort((a, b) => String(a["id"]).localeCompare(String(b["id"])));
    };
    expect(comparable(arrived.body["items"])).toEqual(comparable(items));
    const history = () => to.project.store.all(sql`SELECT id FROM _history`);
    const steps = (await history()).length;
    expect((await importing(to, items, true)).status).toBe(204);
    expect((await history()).length).toBe(steps);
  });

  test("is for superusers", async () => {
    await using t = await opened();
    await t.person("ann");
    const json: Wish["json"] = ["PUT", "/api/collections/import", { collections: [{ name: "a" }] }];
    expect((await t.send({ json })).status).toBe(401);
    expect((await t.send({ as: "ann", json })).status).toBe(403);
  });

  const wrong: readonly (readonly [what: string, sent: Json[], says: readonly string[]])[] = [
    ["a reserved field", [{ name: "one" }, { name: "two", fields: [field("expand")] }], ["two", "fields", "name"]],
    ["what is no collection", [5], ["Invalid value."]],
    [
      "two of one id",
      [
        { id: "same", name: "one" },
        { id: "same", name: "two" },
      ],
      ["two", "existing collection id"],
    ],
    ["two of one name", [{ name: "one" }, { name: "one", id: "other" }], ["one", "must be unique"]],
    ["a relation to nowhere", [{ name: "one", fields: [relation("to", "nowhere")] }], ["one", "doesn't exist"]],
    ["a rule about nothing", [{ name: "one", listRule: "nothing = 1" }], ["one.listRule", "nothing"]],
    ["a view of nothing", [{ name: "one", type: "view", viewQuery: "SELECT id FROM nowhere" }], ["one", "nowhere"]],
    [
      "views in a circle",
      [
        { name: "one", type: "view", viewQuery: "SELECT id FROM two" },
        { name: "two", type: "view", viewQuery: "SELECT id FROM one" },
      ],
      ["one", "two"],
    ],
    [
      "a view with a mistake inside",
      [{ name: "one", type: "view", viewQuery: "SELECT id, (SELECT x FROM users) AS y FROM users" }],
      ["one", "no such column: x"],
    ],
    ["an index over nothing", [{ name: "one", indexes: ["create index i on one (no)"] }], ["one", "indexes"]],
    [
      "an index that records contradict",
      [{ name: "twins", indexes: ["create unique index i on twins (title)"] }],
      ["UNIQUE"],
    ],
    [
      "a change of a field's type",
      [{ name: "twins", fields: [{ name: "title", type: "number", id: "TITLE" }] }],
      ["twins", "Field type cannot be changed."],
    ],
  ];
  describe("changes nothing where there is", () => {
    let t: Opened;
    beforeAll(async () => {
      t = await opened();
      await t.collection({ name: "twins", fields: [field("title", { id: "TITLE" })] });
      await t.record("twins", { title: "same" });
      await t.record("twins", { title: "same" });
    });
    afterAll(() => t[Symbol.asyncDispose]());

    test.each(wrong)("%s", async (_, sent, says) => {
      const before = t.project.collections.current;
      const answer = await importing(t, [{ name: "innocent" }, ...sent]);
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({
        data: { collections: { code: "validation_collections_import_failure" } },
        message: "Failed to import collections.",
      });
      for (const it of says) expect(answer.text).toContain(it);
      expect(t.project.collections.current).toBe(before);
    });

    test.each([[{}], [{ collections: [] }], [{ collections: "x" }]])("nothing to import: %j", async (body) => {
      const answer = await send(t, "PUT", "/api/collections/import", body);
      expect(answer.body).toMatchObject({ status: 400, data: { collections: { code: "validation_required" } } });
    });
  });

  test("leaves alone what schema.ts describes", async () => {
    const schema = collections({ notes: collection({ title: text() }) });
    await using t = await Opened.open({ schema });
    await t.person("owner", {}, "_superusers");
    expect((await importing(t, [{ name: "notes", listRule: "" }])).text).toContain("schema.ts");
    expect((await importing(t, [{ name: "other" }], true)).text).toContain("schema.ts");
    expect(names(t)).toContain("notes");
  });
});

describe("the options of signing in", () => {
  const provider = { name: "github", clientId: "one", clientSecret: "hush hush" };

  test("have defaults, also in collections that were stored before there were any", async () => {
    await using t = await opened();
    await t.project.store.write((tx) => {
      return tx.run(
        sql`UPDATE _collections SET definition = json_remove(definition, '$.otp', '$.mfa', '$.oauth2', '$.authAlert', '$.verificationTemplate') WHERE name = 'users'`,
      );
    });
    await t.project.close();
    await using later = await Opened.open({ dir: t.dir });
    await later.person("chief", {}, "_superusers");
    const users = await later.send({ as: "chief", json: ["GET", "/api/collections/users"] });
    expect(users.body).toMatchObject({
      oauth2: { enabled: false, providers: [], mappedFields: { id: "", name: "", username: "", avatarURL: "" } },
      mfa: { enabled: false, duration: 600, rule: "" },
      otp: { enabled: false, duration: 180, length: 8, emailTemplate: { subject: expect.any(String) } },
      authAlert: { enabled: true, emailTemplate: { body: expect.stringContaining("{ALERT_INFO}") } },
      verificationTemplate: { body: expect.stringContaining("{TOKEN}") },
      resetPasswordTemplate: { body: expect.stringContaining("{TOKEN}") },
      confirmEmailChangeTemplate: { body: expect.stringContaining("{TOKEN}") },
    });
    expect((await later.send({ as: "chief", json: ["GET", "/api/collections"] })).text).toContain("mappedFields");
  });

  test("keep secrets to themselves, and keep them where they are not sent", async () => {
    await using t = await opened();
    const first = await send(t, "PATCH", "/api/collections/users", {
      oauth2: { enabled: true, providers: [provider] },
    });
    expect(first.status, first.text).toBe(200);
    const { clientSecret: _, ...shown } = provider;
    expect(first.body["oauth2"]).toMatchObject({ enabled: true, providers: [{ ...shown, authURL: "", pkce: null }] });
    const second = await send(t, "PATCH", "/api/collections/users", {
      oauth2: { providers: [{ ...shown, clientId: "two" }] },
    });
    expect(second.status, second.text).toBe(200);
    expect(t.project.collections.find("users")?.definition.oauth2?.providers).toMatchObject([
      { clientId: "two", clientSecret: "hush hush" },
    ]);
    const answers = await Promise.all([
      send(t, "GET", "/api/collections"),
      send(t, "GET", "/api/collections/users"),
      send(t, "PATCH", "/api/collections/users?dryRun=true", { name: "people" }),
    ]);
    for (const { text: body } of [first, second, ...answers]) expect(body).not.toContain("hush");
    expect(printSchema(t.project.collections.current)).not.toContain("hush");
    expect(printSchema(t.project.collections.current)).toContain("github");
    const history = await t.project.store.all(sql`SELECT steps FROM _history`);
    expect(JSON.stringify(history)).not.toContain("hush");
  });

  test("that nothing obeys yet are said, and do nothing", async () => {
    await using t = await opened();
    const patch = {
      otp: { enabled: true },
      mfa: { enabled: true, rule: "email != ''" },
      authAlert: { enabled: false },
    };
    const changed = await send(t, "PATCH", "/api/collections/users", patch);
    expect(changed.body).toMatchObject({ mfa: { enabled: true, duration: 600 }, notYet: ["otp", "mfa"] });
    const methods = await t.send({ json: ["GET", "/api/collections/users/auth-methods"] });
    expect(methods.body).toMatchObject({
      otp: { enabled: false },
      mfa: { enabled: false },
      oauth2: { enabled: false },
    });
    await t.project.close();
    await using later = await Opened.open({ dir: t.dir });
    await later.project.logs.flush();
    expect(later.log.join("")).toContain("The collection users asks for otp, mfa, which this version does not do");
  });

  test("a second proof follows renames in its rule", async () => {
    await using t = await opened();
    await send(t, "PATCH", "/api/collections/users", { mfa: { rule: "name != ''" } });
    const { body } = await send(t, "GET", "/api/collections/users");
    const fields = (body["fields"] as Body[]).map((it) => (it["name"] === "name" ? { ...it, name: "called" } : it));
    const changed = await send(t, "PATCH", "/api/collections/users", { fields });
    expect(changed.body).toMatchObject({ mfa: { rule: "called != ''" } });
  });

  const wrong: readonly (readonly [what: string, sent: Body, problems: Body])[] = [
    [
      "a second proof without two ways to sign in",
      { mfa: { enabled: true } },
      { mfa: { enabled: { code: "validation_mfa_not_enough_auths" } } },
    ],
    ["a rule that is none", { mfa: { rule: "nothing = 1" } }, { mfa: { rule: { code: "validation_invalid_rule" } } }],
    [
      "a code that is over at once",
      { otp: { enabled: true, duration: 1, length: 2 } },
      { otp: { duration: {}, length: {} } },
    ],
    [
      "a provider twice",
      { oauth2: { enabled: true, providers: [provider, provider] } },
      { oauth2: { providers: { "1": { name: { code: "validation_duplicated_provider" } } } } },
    ],
    [
      "a provider that nobody knows",
      { oauth2: { enabled: true, providers: [{ ...provider, name: "who" }] } },
      { oauth2: { providers: { "0": { name: { code: "validation_missing_provider" } } } } },
    ],
    [
      "a provider without its secret",
      { oauth2: { enabled: true, providers: [{ name: "google" }] } },
      {
        oauth2: {
          providers: {
            "0": { clientId: { code: "validation_required" }, clientSecret: { code: "validation_required" } },
          },
        },
      },
    ],
    ["a mail without words", { resetPasswordTemplate: { body: "" } }, { resetPasswordTemplate: { body: {} } }],
    [
      "a mail in a mail without words",
      { otp: { emailTemplate: { subject: "" } } },
      { otp: { emailTemplate: { subject: {} } } },
    ],
    ["numbers for words", { oauth2: { mappedFields: { name: 5 } } }, { oauth2: { mappedFields: { name: {} } } }],
    ["what is no list", { oauth2: { providers: "github" } }, { oauth2: { providers: {} } }],
  ];
  describe("are refused with", () => {
    let t: Opened;
    beforeAll(async () => void (t = await opened()));
    afterAll(() => t[Symbol.asyncDispose]());

    test.each(wrong)("%s", async (_, sent, problems) => {
      const before = t.project.collections.find("users")?.definition;
      const answer = await send(t, "PATCH", "/api/collections/users", sent);
      expect([answer.status, answer.body["data"]]).toMatchObject([400, problems]);
      expect(t.project.collections.find("users")?.definition).toBe(before!);
    });
  });
});

test("scaffolds are collections that only lack a name", async () => {
  await using t = await opened();
  const { body } = await send(t, "GET", "/api/collections/meta/scaffolds");
  expect(Object.keys(body)).toEqual(["base", "auth", "view"]);
  for (const [type, it] of Object.entries(body)) {
    expect(it).toMatchObject({ id: "", name: "", type, system: false, listRule: null });
    if (!isObject(it) || type === "view") continue;
    const made = await importing(t, [{ ...(it as Body), name: `new_${type}`, indexes: [] }]);
    expect(made.text).toBe("");
  }
  expect(body["view"]).toMatchObject({ viewQuery: "", fields: [], indexes: [] });
  expect(body["auth"]).toMatchObject({ authToken: { duration: 432_000 }, fileToken: { duration: 180 } });
  expect(JSON.stringify(body)).not.toContain('"secret"');
});

test("the list holds what PocketBase has, too, and all where all is asked for", async () => {
  await using t = await opened();
  const [usual, all] = [await send(t, "GET", "/api/collections"), await send(t, "GET", "/api/collections?ours=true")];
  const listed = ({ body }: Answer) => (body["items"] as Body[]).map(({ name }) => String(name));
  expect(listed(all).filter((name) => !listed(usual).includes(name))).toEqual(["_forms", "_submissions"]);
  expect(usual.body["totalItems"]).toBe(listed(usual).length);
  const none = await send(t, "GET", "/api/collections?filter=name='_forms'||name='users'");
  expect(listed(none)).toEqual(["users"]);
});

test("providers are listed with a name and a picture", async () => {
  await using t = await opened();
  const answer = await send(t, "GET", "/api/collections/meta/oauth2-providers");
  const list: unknown = JSON.parse(answer.text);
  expect(Array.isArray(list) && list.length).toBe(32);
  expect(answer.text).toContain('{"name":"github","displayName":"GitHub","logo":"<svg');
});

test("a collection may be called like what is about all of them", async () => {
  await using t = await opened();
  await t.collection({ name: "meta", fields: [field("title")] });
  const { id } = await t.record("meta", { title: "Hello" });
  const list = await t.send({ json: ["GET", "/api/collections/meta/records"] });
  expect(list.body).toMatchObject({ totalItems: 1 });
  expect((await t.send({ json: ["GET", `/api/collections/meta/records/${String(id)}`] })).status).toBe(200);
  await t.collection({ name: "import", fields: [] });
  expect((await send(t, "GET", "/api/collections/import")).body).toMatchObject({ name: "import" });
});

describe("what sign-in remembers of people", () => {
  const about = ["_externalAuths", "_mfas", "_otps", "_authOrigins"];

  test.each(about)(
    "%s is there under the id that PocketBase gives it, and shown to whom it is about",
    async (called) => {
      await using t = await opened();
      const ann = await t.person("ann");
      await t.person("bob");
      const values = { provider: "x", providerId: "y", method: "otp", password: "a secret of ours", fingerprint: "f" };
      await t.record(called, { ...values, collectionRef: "_pb_users_auth_", recordRef: String(ann["id"]) });
      const counts = await Promise.all(
        ["ann", "bob", undefined].map((as) => t.send({ as, json: ["GET", `/api/collections/${called}/records`] })),
      );
      expect(counts.map(({ body }) => body["totalItems"])).toEqual([1, 0, 0]);
      expect(counts[0]?.text).not.toContain("password");
      const renamed = await send(t, "PATCH", `/api/collections/${called}`, { name: "mine" });
      expect(renamed.text).toContain("validation_collection_system_name_change");
      const ruled = await send(t, "PATCH", `/api/collections/${called}`, { listRule: "" });
      expect(ruled.text).toContain("validation_collection_system_rule_change");
      expect((await send(t, "DELETE", `/api/collections/${called}`)).status).toBe(400);
      const { indexes = [] } = t.project.collections.find(called)?.definition ?? {};
      const unique = indexes.some((index) => index.startsWith("CREATE UNIQUE"));
      const bare = await send(t, "PATCH", `/api/collections/${called}`, { indexes: [] });
      expect(bare.text.includes("validation_invalid_unique_system_field_index")).toBe(unique);
      const ids: Record<string, string> = {
        _externalAuths: "pbc_2281828961",
        _mfas: "pbc_2279338944",
        _otps: "pbc_1638494021",
        _authOrigins: "pbc_4275539003",
      };
      expect(t.project.collections.find(called)?.id).toBe(ids[called] ?? "");
    },
  );
});
