import { describe, expect, test } from "bun:test";
import { collection, collections, type DeclaredFields, text } from "../src/collections/schema/declare.ts";
import { sql, type Sql } from "../src/store/sql.ts";
import { type Answer, Opened, password } from "./testing.ts";

/** What holds when a change is asked for may not hold any more when it is stored. */

const path = "/api/collections/notes/records";
const note = `${path}/note00000000001`;

/** Notes that only members may touch, and ann, who is one. */
async function club(): Promise<Opened> {
  const it = await Opened.open();
  const ann = await it.person("ann");
  await it.person("root", {}, "_superusers");
  const users = it.project.collections.find("users")?.id;
  await it.collection({
    name: "members",
    fields: [{ name: "user", type: "relation", collectionId: users, maxSelect: 1 }],
  });
  const rule = "@collection.members.user ?= @request.auth.id";
  const rules = { createRule: rule, updateRule: rule, deleteRule: rule };
  await it.collection({ name: "notes", ...rules, fields: [{ name: "title", type: "text" }] });
  await it.record("members", { user: String(ann["id"]) });
  await it.record("notes", { id: "note00000000001", title: "Old" });
  return it;
}

/** Changes something between what is asked before the next unit and that unit. */
function meanwhile({ project }: Opened, change: Sql): void {
  const write = project.store.write.bind(project.store);
  project.store.write = async (work) => {
    project.store.write = write;
    await write((tx) => tx.run(change));
    return write(work);
  };
}

describe("a rule that does not hold any more", () => {
  const left = sql`DELETE FROM members`;
  const wishes: readonly (readonly [string, string, string, number])[] = [
    ["creates nothing", "POST", path, 400],
    ["changes nothing", "PATCH", note, 404],
    ["deletes nothing", "DELETE", note, 404],
  ];
  test.each(wishes)("%s", async (_, method, address, refused) => {
    await using it = await club();
    const before = await it.counts();
    const body = method === "DELETE" ? undefined : { title: "New" };
    meanwhile(it, left);
    expect((await it.send({ as: "ann", json: [method, address, body] })).status).toBe(refused);
    expect(await it.counts()).toEqual({ ...before, members: 0 });
    expect((await it.send({ as: "ann", json: ["GET", note] })).body).toMatchObject({ title: "Old" });
  });
});

const people = "/api/collections/users/records";

/** An account of ann's; eve manages accounts as long as she is listed. */
async function accounts(): Promise<{ it: Opened; ann: string }> {
  const it = await Opened.open();
  await it.collection({ name: "managers", fields: [{ name: "who", type: "text" }] });
  await it.person("root", {}, "_superusers");
  const ann = await it.person("ann");
  const eve = await it.person("eve");
  const rule = "@collection.managers.who ?= @request.auth.id";
  const open = `id = @request.auth.id || ${rule}`;
  const change = { manageRule: rule, createRule: "", updateRule: "", viewRule: open };
  const changed = await it.send({ as: "root", json: ["PATCH", "/api/collections/users", change] });
  expect(changed.status, changed.text).toBe(200);
  await it.record("managers", { who: String(eve["id"]) });
  return { it, ann: String(ann["id"]) };
}

const twice = (secret: string) => ({ password: secret, passwordConfirm: secret });

async function canSignIn(it: Opened, secret: string): Promise<boolean> {
  const body = { identity: "ann@example.com", password: secret };
  return (await it.send({ json: ["POST", "/api/collections/users/auth-with-password", body] })).status === 200;
}

const problemsOf = ({ status, body }: Answer) => [status, Object.keys(Object(body["data"]))];

describe("an account", () => {
  test("gets one new password for one old one", async () => {
    const { it, ann } = await accounts();
    await using _ = it;
    const wishes = ["the first new one", "the second new one"].map((secret) =>
      it.send({ as: "ann", json: ["PATCH", `${people}/${ann}`, { oldPassword: password, ...twice(secret) }] }),
    );
    const answers = await Promise.all(wishes);
    expect(answers.map(problemsOf).sort()).toEqual([
      [200, []],
      [400, ["oldPassword"]],
    ]);
    const first = answers[0]?.status === 200;
    expect(await canSignIn(it, "the first new one")).toBe(first);
    expect(await canSignIn(it, "the second new one")).toBe(!first);
  });

  test("does not get back the address that somebody has changed", async () => {
    const { it, ann } = await accounts();
    await using _ = it;
    meanwhile(it, sql`UPDATE users SET email = 'new@example.com' WHERE id = ${ann}`);
    const body = { email: "ann@example.com", name: "Ann" };
    expect(problemsOf(await it.send({ as: "ann", json: ["PATCH", `${people}/${ann}`, body] }))).toEqual([
      400,
      ["email"],
    ]);
  });

  test("is not managed by who does not manage accounts any more", async () => {
    const { it, ann } = await accounts();
    await using _ = it;
    const end = sql`DELETE FROM managers`;
    meanwhile(it, end);
    const change = await it.send({ as: "eve", json: ["PATCH", `${people}/${ann}`, { email: "eves@example.com" }] });
    expect(change.status).toBe(404);
    expect(await it.project.store.first(sql`SELECT email FROM users WHERE id = ${ann}`)).toEqual({
      email: "ann@example.com",
    });
  });

  test("is not made verified by them, either", async () => {
    const { it } = await accounts();
    await using _ = it;
    meanwhile(it, sql`DELETE FROM managers`);
    const body = { email: "new@example.com", verified: true, ...twice("long enough") };
    expect((await it.send({ as: "eve", json: ["POST", people, body] })).status).toBe(400);
    expect(await it.counts()).toMatchObject({ users: 2 });
  });
});

describe("a schema", () => {
  const notes = (fields: DeclaredFields) => collections({ notes: collection(fields) });
  const made = sql`INSERT INTO notes (id, title, extra) VALUES ('note00000000001', 'Old', 'precious')`;
  const wide = notes({ title: text(), extra: text() });
  const without = notes({ title: text() });
  const wishes = [
    ["drops no field", without, "schema_loses"],
    ["narrows no field", notes({ title: text(), extra: text({ max: 3 }) }), "schema_failed"],
  ] as const;
  test.each(wishes)("%s of a record that was made meanwhile", async (_, wanted, code) => {
    await using it = await Opened.open({ schema: wide });
    const before = await it.counts();
    const { current } = it.project.collections;
    meanwhile(it, made);
    expect(await it.project.applySchema(wanted).catch((error) => error)).toMatchObject({ code });
    expect(it.project.collections.current).toBe(current);
    expect(await it.counts()).toEqual({ ...before, notes: 1 });
    expect(await it.project.store.all(sql`SELECT extra FROM notes`)).toEqual([{ extra: "precious" }]);
  });

  test.each([
    ["it was accepted", true, made],
    ["there is still none", false, sql`DELETE FROM notes`],
  ] as const)("drops the field of a collection without records where %s", async (_, acceptLoss, change) => {
    await using it = await Opened.open({ schema: wide });
    meanwhile(it, change);
    await it.project.applySchema(without, { acceptLoss });
    const fields = it.project.collections.find("notes")?.fields.map(({ name }) => name);
    expect(fields).toContain("title");
    expect(fields).not.toContain("extra");
  });
});
