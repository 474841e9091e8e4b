import { describe, expect, test } from "bun:test";
import type { Json } from "../src/fields/field.ts";
import { sha256 } from "../src/lib/secrets.ts";
import { sql, type Sql } from "../src/store/sql.ts";
import { hook, openHooked } from "./hooked.ts";
import { type Answer, type Body, Opened, password } from "./testing.ts";

/** Two people edit one record at once: neither overwrites the other unseen, and nothing typed is lost. */

const page = { accept: "text/html" };
const note = "/notes/note00000000001";
const api = "/api/collections/notes/records/note00000000001";
const asDrawn = {
  title: "Ferns",
  text: "Water\n\nthem",
  count: "3",
  data: '{\n  "b": 1,\n  "a": [2]\n}',
  when: "2026-01-02T15:04",
  done: ["false", "true"],
  kind: "moss",
  by: "writer000000001",
};

/** A note with a field of most types, which ann and eve may edit; who may see what they secretly say is nobody. */
async function notebook(): Promise<Opened> {
  const it = await Opened.open();
  for (const name of ["ann", "eve"]) await it.person(name);
  await it.person("root", {}, "_superusers");
  await it.collection({ name: "writers", fields: [{ name: "name", type: "text", presentable: true }] });
  for (const [id, name] of [
    ["writer000000001", "Zoe"],
    ["writer000000002", "Abe <b>"],
  ] as const) {
    await it.record("writers", { id, name });
  }
  await it.collection({
    name: "notes",
    pages: true,
    updateRule: "@request.auth.id != ''",
    fields: [
      { name: "title", type: "text", max: 20 },
      { name: "text", type: "text", multiline: true },
      { name: "count", type: "number" },
      { name: "data", type: "json" },
      { name: "when", type: "date" },
      { name: "done", type: "bool" },
      { name: "kind", type: "select", values: ["moss", "fern"] },
      { name: "by", type: "relation", collectionId: it.project.collections.find("writers")?.id, maxSelect: 1 },
      { name: "secret", type: "text", hidden: true },
    ],
  });
  await it.record("notes", {
    ...{ id: "note00000000001", title: "Ferns", text: "Water\n\nthem", count: 3, data: { b: 1, a: [2] }, done: true },
    ...{ when: "2026-01-02 15:04:00.000Z", kind: "moss", by: "writer000000001", secret: "hush" },
  });
  return it;
}

/** What the form of a page says that it was drawn from. */
function drawnIn({ text, status }: Answer, at = 0): string {
  const found = [...text.matchAll(/<input[^>]*name="@drawn"[^>]*value="([^"]*)"/g)][at]?.[1];
  if (found === undefined) throw new Error(`${status}: the form does not say what it was drawn from. ${text}`);
  return found;
}

async function open(it: Opened, path = `${note}/edit`): Promise<string> {
  return drawnIn(await it.send({ as: "ann", json: ["GET", path], headers: page }));
}

async function change(it: Opened, values: Body): Promise<void> {
  const { status, text } = await it.send({ as: "root", json: ["PATCH", api, values] });
  expect(status, text).toBe(200);
}

async function stored(it: Opened, ...names: string[]): Promise<Record<string, Json | undefined>> {
  const { body } = await it.send({ as: "root", json: ["GET", api] });
  return Object.fromEntries(names.map((name) => [name, body[name]]));
}

type Fields = Readonly<Record<string, string | readonly string[]>>;

function save(it: Opened, drawn: string, fields: Fields): Promise<Answer> {
  return it.send({ as: "ann", form: [note, { "@drawn": drawn, ...asDrawn, ...fields }] });
}

interface Meeting {
  readonly it: string;
  /** What somebody else makes of the note while the form is open. */
  readonly theirs: Body;
  /** What is typed into the form. */
  readonly mine: Fields;
  readonly get: number;
  readonly shows?: readonly string[];
  readonly hides?: readonly string[];
  /** What is stored afterwards. */
  readonly stored: Body;
}

const said = "Somebody else has changed this since you opened it, so nothing was saved.";
const byField = "Somebody else has changed this meanwhile.";

const meetings: readonly Meeting[] = [
  {
    it: "is saved where nobody else was there",
    theirs: {},
    mine: { title: "Big ferns" },
    get: 303,
    stored: { title: "Big ferns", text: "Water\n\nthem", data: { b: 1, a: [2] } },
  },
  {
    it: "keeps both changes of different fields",
    theirs: { text: "Theirs", count: 4, data: [], when: "", done: false, kind: "fern", by: "writer000000002" },
    mine: { title: "Big ferns" },
    get: 303,
    stored: {
      ...{ title: "Big ferns", text: "Theirs", count: 4, data: [], when: "", done: false, kind: "fern" },
      by: "writer000000002",
    },
  },
  {
    it: "comes back where both have changed one field to something else",
    theirs: { title: "Theirs <b>" },
    mine: { title: "Mine <b>", text: "Mine, too" },
    get: 409,
    shows: [
      `<title>Problem: Edit Theirs &lt;b>`,
      `value="Mine &lt;b>"`,
      "Mine, too</textarea>",
      said,
      byField,
      `<a href="#field-title">Title</a>`,
      "It is now:",
      `<div class="prewrap">Theirs &lt;b></div>`,
      `aria-describedby="field-title-problem field-title-theirs"`,
    ],
    hides: ["field-text-theirs"],
    stored: { title: "Theirs <b>", text: "Water\n\nthem" },
  },
  {
    it: "comes back with what others have made of the fields that it leaves alone",
    theirs: { title: "Theirs", text: "Theirs, too", kind: "fern" },
    mine: { title: "Mine" },
    get: 409,
    shows: [`value="Mine"`, "Theirs, too</textarea>", `value="fern" selected`],
    hides: ["field-text-theirs", "field-kind-theirs", "them</textarea>"],
    stored: { title: "Theirs", text: "Theirs, too", kind: "fern" },
  },
  {
    it: "is saved where both have changed a field to the same",
    theirs: { title: "Moss" },
    mine: { title: "Moss", text: "Mine" },
    get: 303,
    stored: { title: "Moss", text: "Mine" },
  },
  {
    it: "comes back where both have changed values of other types, and says them as people read them",
    theirs: { count: 4, data: { c: 1 }, when: "2026-03-04 05:06:00.000Z", done: false, by: "writer000000002" },
    mine: { count: "5", data: '{"d":1}', when: "2027-03-04T05:06", by: "" },
    get: 409,
    shows: ["field-count-theirs", "field-data-theirs", "field-by-theirs", "Abe &lt;b></", "Mar 4, 2026", `value="5"`],
    hides: ["field-done-theirs"],
    stored: { count: 4, data: { c: 1 }, when: "2026-03-04 05:06:00.000Z", done: false, by: "writer000000002" },
  },
  {
    it: "says that others have emptied a field",
    theirs: { text: "" },
    mine: { text: "Mine" },
    get: 409,
    shows: ["field-text-theirs", `<div class="prewrap"><span class="faded">`],
    stored: { text: "" },
  },
  {
    it: "does not care for what others do to fields that it does not show",
    theirs: { secret: "louder" },
    mine: { title: "Mine" },
    get: 303,
    stored: { title: "Mine", secret: "louder" },
  },
];

describe("a record's form", () => {
  test.each(meetings.map((meeting) => [meeting.it, meeting] as const))("%s", async (_, meeting) => {
    await using it = await notebook();
    const drawn = await open(it);
    await change(it, meeting.theirs);
    const before = (await it.counts())["outbox"] ?? 0;
    const answer = await save(it, drawn, meeting.mine);
    expect(answer.status, answer.text).toBe(meeting.get);
    for (const text of meeting.shows ?? []) expect(answer.text).toContain(text);
    for (const text of meeting.hides ?? []) expect(answer.text).not.toContain(text);
    expect(await stored(it, ...Object.keys(meeting.stored))).toEqual(meeting.stored);
    expect((await it.counts())["outbox"]).toBe(before + (meeting.get === 303 ? 1 : 0));
  });

  test("is saved when it is sent again, as long as nobody else comes in between once more", async () => {
    await using it = await notebook();
    const first = await open(it);
    await change(it, { title: "Theirs", kind: "fern" });
    const second = drawnIn(await save(it, first, { title: "Mine" }));
    await change(it, { title: "Theirs again" });
    const again = await save(it, second, { title: "Mine", kind: "fern" });
    expect([again.status, again.text.includes("Theirs again")]).toEqual([409, true]);
    expect((await save(it, drawnIn(again), { title: "Mine", kind: "fern" })).status).toBe(303);
    expect(await stored(it, "title", "kind")).toEqual({ title: "Mine", kind: "fern" });
  });

  test("is still drawn from what it was when it comes back for another reason", async () => {
    await using it = await notebook();
    const drawn = await open(it);
    await change(it, { title: "Theirs" });
    const wrong = await save(it, drawn, { title: "far too long to be a title" });
    expect([wrong.status, drawnIn(wrong)]).toEqual([422, drawn]);
    const signedOut = await it.send({ form: [note, { "@drawn": drawn, ...asDrawn, title: "Mine" }] });
    expect([signedOut.status, drawnIn(signedOut)]).toEqual([401, drawn]);
    expect((await save(it, drawn, { title: "Mine" })).status).toBe(409);
  });

  test("keeps what was typed where the record has gone", async () => {
    await using it = await notebook();
    const drawn = await open(it);
    await it.send({ as: "root", json: ["DELETE", api] });
    const { status, text } = await save(it, drawn, { text: "Mine <b>" });
    expect(status).toBe(404);
    expect(text).toContain("Mine &lt;b></textarea>");
    expect(text).toContain("It has gone, or you may not change it like this.");
  });

  test("meets who writes between the question and the write", async () => {
    await using it = await notebook();
    const drawn = await open(it);
    meanwhile(it, sql`UPDATE notes SET title = 'Theirs', text = 'Theirs, too'`);
    const answer = await save(it, drawn, { title: "Mine" });
    expect([answer.status, answer.text.includes("Theirs, too</textarea>")]).toEqual([409, true]);
    expect(await stored(it, "title", "text")).toEqual({ title: "Theirs", text: "Theirs, too" });
    meanwhile(it, sql`UPDATE notes SET text = 'At the last moment'`);
    expect((await save(it, drawnIn(answer), { title: "Mine", text: "Theirs, too" })).status).toBe(303);
    expect(await stored(it, "title", "text")).toEqual({ title: "Mine", text: "At the last moment" });
  });

  test("is refused as JSON where a script sends it, and without its word the last one wins", async () => {
    await using it = await notebook();
    const drawn = await open(it);
    await change(it, { title: "Theirs" });
    const wish = { as: "ann", form: [note, { "@drawn": drawn, title: "Mine" }] } as const;
    const answer = await it.send({ ...wish, headers: { accept: "application/json" } });
    expect([answer.status, answer.body["data"], String(answer.body["message"]).startsWith(said)]).toEqual([
      409,
      {},
      true,
    ]);
    expect((await it.send({ as: "ann", json: ["PATCH", note, { title: "Mine" }] })).status).toBe(200);
    expect((await it.send({ as: "ann", form: [note, { title: "Mine, too" }] })).status).toBe(303);
  });
});

test("people's own code is given what others have made of the fields that a form leaves alone", async () => {
  const price = `project.records("notes").before({ update: ({ values }) => void (values.secret = "for " + values.count) });`;
  await using it = await openHooked({ "price.ts": hook(price) });
  for (const name of ["ann", "root"]) await it.person(name, {}, name === "root" ? "_superusers" : "users");
  await it.send({ as: "root", json: ["PATCH", "/api/collections/notes", { pages: true }] });
  await it.record("notes", { id: "note00000000001", title: "Ferns", count: 3 });
  const drawn = await open(it);
  await change(it, { count: 7 });
  const fields = { "@drawn": drawn, title: "Mine", count: "3", owner: "", day: "" };
  expect((await it.send({ as: "ann", form: [note, fields] })).status).toBe(303);
  expect(await stored(it, "title", "count", "secret")).toEqual({ title: "Mine", count: 7, secret: "for 7" });
});

describe("what a form says that it was drawn from", () => {
  test("names no field that it does not ask", async () => {
    await using it = await notebook();
    const names = (await open(it)).split(" ").map((entry) => entry.split(":")[0]);
    expect(names).toEqual(Object.keys(asDrawn));
  });

  test("is not there for a new record", async () => {
    await using it = await notebook();
    const { text } = await it.send({ as: "ann", json: ["GET", "/notes/new"], headers: page });
    expect(text).not.toContain("@drawn");
  });

  test("tells nobody who makes it up what a hidden field holds", async () => {
    await using it = await notebook();
    const drawn = (await open(it)).replace("title:", "secret:");
    const statuses = [];
    for (const secret of ["Ferns", "hush", "else"]) {
      statuses.push((await it.send({ as: "ann", form: [note, { "@drawn": drawn, secret }] })).status);
    }
    expect(statuses).toEqual([303, 303, 303]);
    expect(await stored(it, "secret")).toEqual({ secret: "hush" });
  });

  test("lets nobody past a rule about what is written", async () => {
    await using it = await notebook();
    const rules = { updateRule: "@request.body.kind = 'fern'" };
    await it.send({ as: "root", json: ["PATCH", "/api/collections/notes", rules] });
    await change(it, { kind: "fern" });
    const drawn = drawnIn(await it.send({ as: "ann", json: ["GET", `${note}/edit`], headers: page }));
    await change(it, { kind: "moss" });
    expect((await save(it, drawn, { kind: "fern", title: "Mine" })).status).toBe(404);
    expect(await stored(it, "kind", "title")).toEqual({ kind: "moss", title: "Ferns" });
  });

  test("does no harm where it makes no sense", async () => {
    await using it = await notebook();
    for (const drawn of ["", ":", "title", "title:", "nothing:x", "__proto__:x id:x", "x".repeat(50_000)]) {
      expect((await save(it, drawn, { title: "Mine" })).status, drawn.slice(0, 20)).toBe(303);
    }
    const nonsense = await save(it, "title:x", { title: "Something else" });
    expect([nonsense.status, (await save(it, drawnIn(nonsense), { title: "Something else" })).status]).toEqual([
      409, 303,
    ]);
  });
});

describe("a profile", () => {
  const own = "/profile";

  async function people(): Promise<Opened> {
    const it = await Opened.open();
    await it.person("ann", { id: "ann000000000000", name: "Ann" });
    await it.person("root", {}, "_superusers");
    const { body } = await it.send({ as: "root", json: ["GET", "/api/collections/users"] });
    const fields = [body["fields"] ?? [], { name: "town", type: "text" }].flat();
    const made = await it.send({ as: "root", json: ["PATCH", "/api/collections/users", { fields }] });
    expect(made.status, made.text).toBe(200);
    return it;
  }

  async function byOwner(it: Opened, values: Body): Promise<void> {
    const path = "/api/collections/users/records/ann000000000000";
    expect((await it.send({ as: "root", json: ["PATCH", path, values] })).status).toBe(200);
  }

  const about = (drawn: string, fields: Fields) =>
    ({ as: "ann", form: [own, { "@drawn": drawn, name: "Ann", town: "", ...fields }] }) as const;

  test("comes back where somebody else has changed the same, and is saved when it is sent again", async () => {
    await using it = await people();
    const drawn = await open(it, own);
    await byOwner(it, { name: "Theirs <b>", town: "Linz" });
    const answer = await it.send(about(drawn, { name: "Mine <b>" }));
    expect(answer.status).toBe(409);
    for (const text of [said, byField, `value="Mine &lt;b>"`, `value="Linz"`, `Theirs &lt;b></div>`]) {
      expect(answer.text).toContain(text);
    }
    expect((await it.send(about(drawnIn(answer), { name: "Mine", town: "Linz" }))).status).toBe(303);
    const { body } = await it.send({ as: "ann", json: ["GET", own] });
    expect([body["name"], body["town"]]).toEqual(["Mine", "Linz"]);
  });

  test("keeps both changes of different fields", async () => {
    await using it = await people();
    const drawn = await open(it, own);
    await byOwner(it, { town: "Linz" });
    expect((await it.send(about(drawn, { name: "Mine" }))).status).toBe(303);
    const { body } = await it.send({ as: "ann", json: ["GET", own] });
    expect([body["name"], body["town"]]).toEqual(["Mine", "Linz"]);
  });

  test("meets who writes between the question and the write", async () => {
    await using it = await people();
    const drawn = await open(it, own);
    meanwhile(it, sql`UPDATE users SET name = 'Theirs'`);
    const answer = await it.send(about(drawn, { name: "Mine" }));
    expect([answer.status, answer.text.includes("Theirs</div>")]).toEqual([409, true]);
  });

  test("is not refused for a guarded field that the owner has changed meanwhile", async () => {
    await using it = await people();
    const rule = { updateRule: "id = @request.auth.id && @request.body.town:isset = false" };
    await it.send({ as: "root", json: ["PATCH", "/api/collections/users", rule] });
    const drawn = await open(it, own);
    await byOwner(it, { town: "Linz" });
    expect((await it.send(about(drawn, { name: "Mine" }))).status).toBe(303);
    expect((await it.send(about(drawn, { town: "Graz" }))).status).toBe(404);
  });

  test("keeps an email that somebody else has changed meanwhile", async () => {
    await using it = await people();
    const drawn = drawnIn(await it.send({ as: "ann", json: ["GET", own], headers: page }), 1);
    meanwhile(it, sql`UPDATE users SET email = 'theirs@example.com'`);
    const fields = { "@drawn": drawn, email: "mine@example.com", oldPassword: password };
    const answer = await it.send({ as: "ann", form: [own, fields] });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain(`value="mine@example.com"`);
    expect(answer.text).toContain("theirs@example.com</div>");
    expect(answer.text).not.toContain(password);
  });

  test("takes a new password whatever the form says that it was drawn from", async () => {
    await using it = await people();
    const another = "quite another password";
    const drawn = `password:${sha256(JSON.stringify(another)).slice(0, 16)}`;
    const fields = { "@drawn": drawn, oldPassword: password, password: another, passwordConfirm: another };
    expect((await it.send({ as: "ann", form: [own, fields] })).status).toBe(303);
    const credentials = { identity: "ann@example.com", password: another };
    expect((await it.send({ json: ["POST", "/login", credentials] })).status).toBe(200);
  });
});

/** Changes something between what is asked before the next unit and that unit. */
function meanwhile({ project }: Opened, change: Sql): void {
  const write = project.store.write.bind(project.store);
  project.store.write = async (work) => {
    project.store.write = write;
    await write((tx) => tx.run(change));
    return write(work);
  };
}
