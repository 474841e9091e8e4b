import { describe, expect, test } from "bun:test";
import type { Json } from "../src/fields/field.ts";
import { byOwner, guest } from "../src/filter/scope.ts";
import { findForm } from "../src/forms/form.ts";
import { submit } from "../src/forms/submission.ts";
import { Refusal } from "../src/lib/errors.ts";
import { createRecord } from "../src/records/write.ts";
import { fromJson } from "../src/fields/payload.ts";
import { sql } from "../src/store/sql.ts";
import { type Body, Opened, type Scenario, scenarios } from "./testing.ts";

const good = { name: "Ada", email: "Ada@Example.com", text: "Hello" };
const stored = { messages: 1, _submissions: 1, outbox: 2 };
const parked = { _submissions: 1, outbox: 1 };
const html = { accept: "text/html" };
/** With these weights, whoever fills a honeypot is held. */
const holding = { shield: { refuse: 1000 } };
/** Programs that test are fast. */
const patient = { hold: 1000, refuse: 1000 };

async function contact(it: Opened, values: Body = {}): Promise<void> {
  await it.person("root", {}, "_superusers");
  await it.collection({
    name: "messages",
    listRule: "",
    fields: [
      { name: "name", type: "text", required: true, max: 40 },
      { name: "email", type: "email", required: true },
      { name: "text", type: "text", multiline: true },
      { name: "code", type: "text" },
      { name: "when", type: "date" },
      { name: "internal", type: "text" },
    ],
    indexes: ["CREATE UNIQUE INDEX `one_code` ON `messages` (`code`) WHERE `code` != ''"],
  });
  await it.record("_forms", {
    slug: "contact",
    collection: "messages",
    title: "Write to us",
    fields: ["name", "email", "text", "code", "when"],
    shield: patient,
    ...values,
  });
}

function about(title: string, values: Body, table: readonly Scenario[]): void {
  scenarios(title, (it) => contact(it, values), table);
}

async function opened(values: Body = {}): Promise<Opened> {
  const it = await Opened.open();
  await contact(it, values);
  return it;
}

async function submissions(it: Opened): Promise<Body[]> {
  const { items } = (await it.send({ as: "root", json: ["GET", "/api/collections/_submissions/records?sort=created"] }))
    .body;
  return items as Body[];
}

async function records(it: Opened): Promise<Body[]> {
  return (await it.send({ as: "root", json: ["GET", "/api/collections/messages/records"] })).body.items as Body[];
}

/** The token of the hosted page. */
async function tokenOf(it: Opened): Promise<string> {
  const { text } = await it.send({ json: ["GET", "/forms/contact"], headers: html });
  return /name="_token" value="([^"]+)"/.exec(text)?.[1] ?? "";
}

const send = (
  it: Opened,
  fields: Readonly<Record<string, string | readonly string[]>>,
  headers: Record<string, string> = {},
) => it.send({ form: ["/forms/contact", { ...good, ...fields }], headers });

describe("a submission", () => {
  test("says what was sent, by whom and from where", async () => {
    await using it = await opened();
    const headers = {
      origin: "https://me.example",
      referer: "https://me.example/contact?x=1",
      "user-agent": "Mozilla/5.0",
      "accept-language": "de-DE,de;q=0.9",
    };
    expect((await send(it, { phone: "555 1234", _subject: "A word", _next: "/danke" }, headers)).status).toBe(303);
    const [record] = await records(it);
    expect(await submissions(it)).toEqual([
      expect.objectContaining({
        record: record?.id,
        collection: it.project.collections.find("messages")?.id,
        state: "new",
        parked: null,
        held: false,
        test: false,
        email: "ada@example.com",
        extra: { phone: "555 1234" },
        wishes: { subject: "A word" },
        origin: "https://me.example",
        referrer: "https://me.example/contact?x=1",
        agent: "Mozilla/5.0",
        language: "de-DE,de;q=0.9",
        consent: null,
      }),
    ]);
  });

  test("cannot be seen by anybody but owners", async () => {
    await using it = await opened();
    await it.person("ann");
    await send(it, {});
    for (const as of [undefined, "ann"]) {
      const answer = await it.send({ as, json: ["GET", "/api/collections/_submissions/records"] });
      expect([answer.status, answer.text.includes("Hello")]).toEqual([403, false]);
    }
  });

  test("shows no address, only what says that it is the same", async () => {
    await using it = await opened();
    const [one, two] = [it.project.hashAddress("10.1.2.3"), it.project.hashAddress("10.1.2.4")];
    expect(one).toBe(it.project.hashAddress("10.1.2.3"));
    expect(one).not.toBe(two);
    expect(one).not.toContain("10.1");
    await using other = await opened();
    expect(other.project.hashAddress("10.1.2.3")).not.toBe(one);
  });

  const replies: readonly (readonly [string, Record<string, string | readonly string[]>, string, Json])[] = [
    ["a reply-to of the page", { _replyto: "me@example.org" }, "ada@example.com", { replyTo: "me@example.org" }],
    ["no address for one", { _replyto: "me@example.org\nBcc: x@example.org" }, "ada@example.com", null],
    [
      "a copy to nobody who is listed",
      { _cc: "eve@example.org" },
      "ada@example.com",
      { unlisted: ["eve@example.org"] },
    ],
    [
      "a copy to who is listed",
      { _cc: "eve@example.org, Boss@example.org; EVE@example.org," },
      "ada@example.com",
      { cc: ["boss@example.org"], unlisted: ["eve@example.org"] },
    ],
    [
      "copies in several fields",
      { _cc: ["Boss@example.org", "eve@example.org", ""] },
      "ada@example.com",
      { cc: ["boss@example.org"], unlisted: ["eve@example.org"] },
    ],
    [
      "copies to what is no address",
      { _cc: "Your licence has expired: pay at https://evil.example today;<b>;\u202egro.elpmaxe@eve; eve@example.org" },
      "ada@example.com",
      { unlisted: ["eve@example.org"] },
    ],
    ["nothing but what is no address", { _cc: "Pay today; or all is deleted" }, "ada@example.com", null],
    ["a subject of several lines", { subject: "A\r\nBcc: x" }, "ada@example.com", { subject: "A Bcc: x" }],
  ];
  for (const [title, fields, email, wishes] of replies) {
    test(`with ${title}`, async () => {
      await using it = await opened({ cc: ["boss@example.org"] });
      expect((await send(it, fields)).status).toBe(303);
      expect(await submissions(it)).toEqual([expect.objectContaining({ email, wishes })]);
    });
  }

  test("goes when its record goes, and stays without its form's help when that goes", async () => {
    await using it = await opened();
    await send(it, {});
    await send(it, { name: "Eve" });
    const [first] = await records(it);
    expect(
      (await it.send({ as: "root", json: ["DELETE", `/api/collections/messages/records/${first?.id}`] })).status,
    ).toBe(204);
    expect((await submissions(it)).map(({ record }) => record)).not.toContain(first?.id);
    expect(await it.counts()).toMatchObject({ messages: 1, _submissions: 1 });
    const forms = (await it.send({ as: "root", json: ["GET", "/api/collections/_forms/records"] })).body
      .items as Body[];
    await it.send({ as: "root", json: ["DELETE", `/api/collections/_forms/records/${forms[0]?.id}`] });
    expect(await it.counts()).toMatchObject({ messages: 1, _submissions: 0 });
  });

  test("goes with all records of its collection", async () => {
    await using it = await opened();
    await send(it, {});
    expect((await it.send({ as: "root", json: ["DELETE", "/api/collections/messages/truncate"] })).status).toBe(204);
    expect(await it.counts()).toMatchObject({ messages: 0, _submissions: 0 });
  });
});

describe("what is not asked for", () => {
  test("is kept beside the record, however it was sent", async () => {
    await using it = await opened();
    const sent = { ...good, phone: ["1", "2"], _captcha: "false", empty: "", _gotcha: "", "form-name": "x" };
    expect((await it.send({ form: ["/forms/contact", sent] })).status).toBe(303);
    const json = { ...good, name: "Eve", internal: "x", more: { a: ["b\0"] }, none: null, subject: "S" };
    expect((await it.send({ json: ["POST", "/forms/contact", json] })).status).toBe(200);
    expect((await submissions(it)).map(({ extra }) => extra)).toEqual([
      { phone: ["1", "2"], _captcha: "false" },
      { internal: "x", more: { a: ["b\u{fffd}"] } },
    ]);
    expect((await records(it)).map(({ internal }) => internal)).toEqual(["", ""]);
  });

  test("is not lost without a word where there is no room for it", async () => {
    await using it = await opened();
    const many = Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`key${n}`, "x"]));
    const long = { [`no ${"x".repeat(300)}`]: "y", big: "z".repeat(70_000), phone: "555 1234" };
    for (let n = 0; n < 2; n++) {
      const answer = await send(it, { ...long, ...many, text: String(n) });
      expect(answer.status).toBe(422);
      expect(answer.text).toContain("There is no room for “big”");
      expect(answer.text).not.toContain("There is no room for “phone”");
      expect(answer.text).toContain(`name="phone" value="555 1234"`);
      expect(answer.text.match(/There is no room for/g)?.length).toBe(20);
    }
    expect(await it.counts()).toMatchObject({ messages: 0, _submissions: 0 });
    await it.project.logs.flush();
    const told = it.log
      .join("")
      .split("\n")
      .filter((line) => line.includes("does not ask for"));
    expect(told.filter((line) => line.includes('"big"'))).toHaveLength(1);
    expect(told.filter((line) => line.includes('"phone"'))).toEqual([]);
    expect(told.length).toBeLessThan(30);
    expect(Math.max(...told.map((line) => line.length))).toBeLessThan(250);
    expect(it.log.join("")).not.toContain("555 1234");
  });

  test.each(["/forms/contact", "/f/contact"])("as a file is not lost without a word (%s)", async (path) => {
    await using it = await opened();
    const body = new FormData();
    for (const [name, text] of Object.entries(good)) body.append(name, text);
    body.append("cv", new Blob(["my life"]), "cv.txt");
    const request = new Request(`http://localhost${path}`, { method: "POST", body, headers: html });
    const answer = await it.app.handle(request);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain("This form takes no file under “cv”");
    expect(await it.counts()).toMatchObject({ messages: 0, _submissions: 0 });
  });

  test.each(["form", "json", "multipart"])("is kept whatever it is called (%s)", async (way) => {
    await using it = await opened();
    const odd: [string, string][] = [
      ["__proto__", "one"],
      ["constructor", "two"],
      // No program names a part of a multipart body so.
      ...(way === "multipart" ? [] : [["a\0", "three"] satisfies [string, string]]),
      ["a\u{fffd}", "four"],
      ["_replyto", "call 555 1234"],
      ["_subject", "x".repeat(300)],
      ["subject", "Other"],
    ];
    const all = [...Object.entries(good), ...odd];
    const multipart = new FormData();
    for (const [name, text] of all) multipart.append(name, text);
    const bodies = {
      form: new URLSearchParams(all),
      json: JSON.stringify(Object.fromEntries(all)),
      multipart,
    };
    const headers = { ...html, ...(way === "json" ? { "content-type": "application/json" } : {}) };
    const body = Object.entries(bodies).find(([name]) => name === way)?.[1] ?? "";
    const request = new Request("http://localhost/forms/contact", { method: "POST", body, headers });
    expect((await it.app.handle(request)).status).toBe(303);
    const [{ extra, wishes } = {}] = await submissions(it);
    expect(Object.values(extra as Body).sort()).toEqual(odd.map(([, text]) => text).sort());
    expect(wishes).toEqual({ subject: "x".repeat(200) });
  });

  test("is not what was understood", async () => {
    await using it = await opened({ cc: ["boss@example.com"] });
    await send(it, { _subject: " New\r\ncar ", _replyto: "Me@example.com", _cc: "boss@example.com" });
    const [{ id, extra, wishes } = {}] = await submissions(it);
    expect(extra).toBeNull();
    expect(wishes).toEqual({ subject: "New car", replyTo: "Me@example.com", cc: ["boss@example.com"] });
    const { text } = await it.send({ as: "root", json: ["GET", `/_/submissions/${String(id)}`], headers: html });
    for (const said of ["New car", "Me@example.com", "boss@example.com"]) expect(text).toContain(said);
  });

  about("comes along when the form is shown again", {}, [
    {
      it: "with what the page said",
      form: ["/forms/contact", { name: "", phone: ["1", "<2>"], _subject: "S", _cc: "a@example.com" }],
      get: 422,
      shows: [
        `name="phone" value="1"`,
        `name="phone" value="&lt;2>"`,
        `name="_subject" value="S"`,
        `name="_cc" value="a@example.com"`,
      ],
      changes: {},
    },
  ]);
});

describe("a copy to whom the form does not list", () => {
  const inbox = async (it: Opened) =>
    (await it.send({ as: "root", json: ["GET", "/_/forms/contact/inbox"], headers: html })).text;

  test("is named to the owner with the answer and in the inbox, until it is listed, and to nobody else", async () => {
    await using it = await opened({ cc: ["boss@example.org"] });
    const plain = await send(it, { _cc: "boss@example.org" });
    expect(await inbox(it)).not.toContain("asked for a copy");
    for (const name of ["Bea", "Cid"]) {
      const answer = await send(it, { name, _cc: "shop@example.org, boss@example.org" });
      expect([answer.status, answer.headers.get("location"), answer.text]).toEqual([
        plain.status,
        plain.headers.get("location"),
        plain.text,
      ]);
    }
    const text = await inbox(it);
    expect(text).toContain("Answers asked for a copy to shop@example.org (2)");
    expect(text).not.toContain("a copy to boss@example.org");
    expect(text).toContain("#field-cc");
    const { id } = (await submissions(it)).at(-1) ?? {};
    const page = await it.send({ as: "root", json: ["GET", `/_/submissions/${String(id)}`], headers: html });
    expect(page.text).toMatch(/Copies not sent[^]*shop@example\.org/);
    const form = (await it.send({ as: "root", json: ["GET", "/api/collections/_forms/records"] })).body.items as Body[];
    const path = `/api/collections/_forms/records/${form[0]?.id}`;
    await it.send({ as: "root", json: ["PATCH", path, { cc: ["boss@example.org", "Shop@example.org"] }] });
    expect(await inbox(it)).not.toContain("asked for a copy");
  });

  test("takes little room, whatever is sent, and tells nobody who is listed", async () => {
    await using it = await opened({ cc: ["boss@example.org"] });
    const many = Array.from({ length: 500 }, (_, at) => `a${at}@${"x.".repeat(100)}example.org`).join(",");
    expect((await send(it, { _cc: `\0${"x".repeat(300)}@example.org,${many}` })).status).toBe(303);
    const [{ wishes } = {}] = await submissions(it);
    const { unlisted } = wishes as { unlisted: string[] };
    expect(unlisted).toHaveLength(10);
    expect(Math.max(...unlisted.map((text) => text.length))).toBeLessThanOrEqual(254);
    expect((await inbox(it)).match(/asked for a copy/g)).toHaveLength(5);
    const full = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`more${at}`, "x"]));
    for (const [name, _cc] of [
      ["Bea", "boss@example.org"],
      ["Cid", "eve@example.org"],
    ] as const) {
      expect((await send(it, { ...full, name, _cc })).status).toBe(303);
    }
  });

  test("is not made a suggestion by spam", async () => {
    await using it = await opened(holding);
    expect((await send(it, { _gotcha: "x", _cc: "eve@example.org" })).status).toBe(303);
    expect((await submissions(it)).map(({ state }) => state)).toEqual(["spam"]);
    expect(await inbox(it)).not.toContain("asked for a copy");
  });
});

describe("the same answer again", () => {
  test("with one token is one, and answered alike", async () => {
    await using it = await opened();
    const _token = await tokenOf(it);
    expect(_token).not.toBe("");
    const fields = { ...good, _token, _next: "/danke" };
    const first = await it.send({ form: ["/forms/contact", fields], headers: { accept: "application/json" } });
    const second = await it.send({ form: ["/forms/contact", fields], headers: { accept: "application/json" } });
    expect(second.body).toEqual(first.body);
    const page = await it.send({ form: ["/forms/contact", fields] });
    expect([page.status, page.headers.get("location")]).toEqual([303, "/danke"]);
    expect(await it.counts()).toMatchObject({ messages: 1, _submissions: 1 });
  });

  test("with one token and other words is another", async () => {
    await using it = await opened({ shield: { refuse: 1000, hold: 1000 } });
    const _token = await tokenOf(it);
    for (const text of ["one", "two", "two", "one"]) expect((await send(it, { _token, text })).status).toBe(303);
    expect((await records(it)).map(({ text }) => text).sort()).toEqual(["one", "two"]);
  });

  test("with one token and other words at the same time is another", async () => {
    await using it = await opened();
    const _token = await tokenOf(it);
    const answers = await Promise.all(["one", "two", "one", "two"].map((text) => send(it, { _token, text })));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303, 303]);
    expect((await records(it)).map(({ text }) => text).sort()).toEqual(["one", "two"]);
  });

  test("without a token is one within a minute", async () => {
    await using it = await opened();
    const first = await it.send({ json: ["POST", "/forms/contact", good] });
    const second = await it.send({ json: ["POST", "/forms/contact", good] });
    expect(second.body).toEqual(first.body);
    await it.project.store.write((tx) =>
      tx.run(sql`UPDATE _submissions SET created = '2001-01-01 00:00:00.000Z', token = ''`),
    );
    const third = await it.send({ json: ["POST", "/forms/contact", good] });
    expect(third.status).toBe(200);
    expect(third.body.id).not.toBe(first.body.id);
  });

  test("is known after a restart", async () => {
    const before = await opened();
    const fields = { ...good, _token: await tokenOf(before) };
    const first = await before.send({ json: ["POST", "/forms/contact", fields] });
    const plain = await before.send({ json: ["POST", "/forms/contact", { ...good, text: "Plain" }] });
    await before.project.close();
    await using it = await Opened.open({ dir: before.dir });
    const again = await it.send({ json: ["POST", "/forms/contact", fields] });
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
    const plainly = await it.send({ json: ["POST", "/forms/contact", { ...good, text: "Plain" }] });
    expect(plainly.body.id).toBe(plain.body.id);
  });

  test("from another browser is another", async () => {
    await using it = await opened();
    for (const agent of ["A", "B", "A"]) await send(it, {}, { "user-agent": agent });
    expect(await it.counts()).toMatchObject({ messages: 2 });
  });

  test("by somebody who may send it is no answer for a guest, who may not", async () => {
    await using it = await Opened.open();
    await it.person("ann");
    const fields = [{ name: "text", type: "text" }];
    await it.collection({ name: "notes", createRule: "@request.auth.id != ''", fields });
    await it.record("_forms", { slug: "notes", collection: "notes", title: "Notes", shield: patient });
    expect((await it.send({ as: "ann", json: ["POST", "/forms/notes", { text: "Hello" }] })).status).toBe(200);
    expect((await it.send({ json: ["POST", "/forms/notes", { text: "Hello" }] })).status).toBe(400);
    expect((await it.counts()).notes).toBe(1);
  });

  test("sent many times at once is one, with a token and without", async () => {
    await using it = await opened();
    for (const fields of [{ ...good }, { ...good, _token: await tokenOf(it), code: "unique" }]) {
      const before = (await it.counts())["messages"] ?? 0;
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => it.send({ json: ["POST", "/forms/contact", fields] })),
      );
      expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
      expect(answers[0]?.status).toBe(200);
      expect((await it.counts())["messages"]).toBe(before + 1);
    }
  });

  test("after a refusal, or where the first has been removed, is one", async () => {
    await using it = await opened();
    const { items } = (await it.send({ as: "root", json: ["GET", "/api/collections/_forms/records"] })).body;
    const path = `/api/collections/_forms/records/${(items as Body[])[0]?.["id"]}`;
    const change = (values: Body) => it.send({ as: "root", json: ["PATCH", path, values] });
    expect((await send(it, { text: "first" })).status).toBe(303);
    await change({ closes: "2001-01-02 00:00:00.000Z" });
    const closed = await Promise.all([send(it, {}), send(it, {}), send(it, {})]);
    expect(closed.map(({ status }) => status)).toEqual([403, 403, 403]);
    await change({ closes: "" });
    expect((await send(it, {})).status).toBe(303);
    expect(await it.counts()).toMatchObject({ messages: 2, _submissions: 2 });
    await it.project.store.write((tx) => tx.run(sql`DELETE FROM _submissions`));
    expect((await send(it, {})).status).toBe(303);
    expect(await it.counts()).toMatchObject({ messages: 3, _submissions: 1 });
  });

  test("is answered alike though the form has closed or is full meanwhile", async () => {
    await using it = await opened({ maxAnswers: 1 });
    const fields = { _token: await tokenOf(it) };
    expect((await send(it, fields)).status).toBe(303);
    expect((await send(it, fields)).status).toBe(303);
    expect((await send(it, { text: "another" })).status).toBe(403);
    expect(await it.counts()).toMatchObject({ messages: 1 });
  });
});

describe("opening and closing", () => {
  const typed = ['value="Ada"', "Hello"];
  about("before it opens", { opens: "2999-01-02 10:00:00.000Z", timeZone: "Europe/Berlin" }, [
    {
      it: "the page says when",
      json: ["GET", "/forms/contact"],
      headers: html,
      get: 403,
      shows: ["This form opens on Jan 2, 2999, 11:00 AM Europe/Berlin.", "<h1>Write to us</h1>"],
      hides: ["<form", "<input"],
    },
    {
      it: "gives back what was typed",
      form: ["/forms/contact", good],
      get: 403,
      shows: ["This form opens on Jan 2, 2999", ...typed],
      changes: {},
    },
    {
      it: "says so as JSON",
      json: ["POST", "/forms/contact", good],
      get: 403,
      shows: ["This form opens on"],
      changes: {},
    },
  ]);
  about("after it has closed", { closes: "2001-01-02" }, [
    {
      it: "the page says so",
      json: ["GET", "/forms/contact"],
      headers: html,
      get: 403,
      shows: ["has been closed since Jan 2, 2001"],
    },
    { it: "gives back what was typed", form: ["/forms/contact", good], get: 403, shows: ["has been closed", ...typed] },
  ]);
  about("while it is open", { opens: "2001-01-02", closes: "2999-01-01" }, [
    { it: "takes answers", form: ["/forms/contact", good], get: 303, changes: stored },
    { it: "shows its page", json: ["GET", "/forms/contact"], headers: html, get: 200, shows: ["<form"] },
  ]);

  test("takes as many answers as it says, also when they come at once", async () => {
    await using it = await opened({ maxAnswers: 3 });
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => send(it, { text: `${n}` })));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 303, 303, 403, 403, 403, 403, 403]);
    expect(await it.counts()).toMatchObject({ messages: 3, _submissions: 3 });
    const refused = answers.find(({ status }) => status === 403);
    expect(refused?.text).toContain("as many answers as it takes");
    expect(refused?.text).toContain('value="Ada"');
    const page = await it.send({ json: ["GET", "/forms/contact"], headers: html });
    expect([page.status, page.text.includes("<form")]).toEqual([403, false]);
  });
});

test("a form takes as many answers of one visitor as it says, also when they come at once", async () => {
  await using it = await opened({ maxPerVisitor: 2 });
  const { project } = it;
  const from = async (address: string, text: string) => {
    const set = project.collections.current;
    const form = await findForm(project, set, "contact");
    const visit = { origin: "", referrer: "", agent: "", language: "", address, moment: Date.now() };
    const payload = fromJson({ ...good, text });
    return submit(project, form, { set, ask: { ...byOwner, viewer: guest } }, { payload }, visit).then(
      ({ ok }) => ok,
      (error: unknown) => (error instanceof Refusal ? error.code : error),
    );
  };
  const outcomes = await Promise.all(["a", "b", "c", "d"].map((text) => from("one", text)));
  expect(outcomes.map(String).sort()).toEqual(["form_enough", "form_enough", "true", "true"]);
  expect(await from("two", "a")).toBe(true);
  expect(await from("one", "a")).toBe(true);
  expect(await it.counts()).toMatchObject({ messages: 3 });
});

describe("consent", () => {
  const consent = { consent: "You may keep my address." };
  about("that is asked for", consent, [
    {
      it: "has a box on the page",
      json: ["GET", "/forms/contact"],
      headers: html,
      get: 200,
      shows: ["You may keep my address.", `name="_consent"`, "required"],
    },
    {
      it: "is missed together with everything else",
      form: ["/forms/contact", { ...good, name: "" }],
      get: 422,
      shows: ["Tick this box", "Cannot be blank.", `href="#field-_consent"`],
      changes: {},
    },
    {
      it: "is missed as JSON",
      json: ["POST", "/forms/contact", { ...good, _consent: false }],
      get: 400,
      shows: [`"_consent":{"code":"validation_form_consent"`],
      changes: {},
    },
    {
      it: "stays ticked",
      form: ["/forms/contact", { name: "", _consent: "true" }],
      get: 422,
      shows: [`required checked`],
    },
    { it: "is given", form: ["/forms/contact", { ...good, _consent: "true" }], get: 303, changes: stored },
  ]);

  test.each(["no", "No", "FALSE", " ", " off ", "0"])("is not given by %j", async (said) => {
    await using it = await opened(consent);
    expect((await send(it, { _consent: said })).status).toBe(422);
    expect(await it.counts()).toMatchObject({ messages: 0 });
  });

  test.each(["on", "1", "yes", "TRUE", "I agree"])("is given by %j", async (said) => {
    await using it = await opened(consent);
    expect((await send(it, { _consent: said })).status).toBe(303);
  });

  test("is given to the words that were shown, and to no others", async () => {
    await using it = await opened(consent);
    const { text } = await it.send({ json: ["GET", "/forms/contact"], headers: html });
    const box = /name="_consent" value="([^"]+)"/;
    const version = box.exec(text)?.[1] ?? "";
    const { items } = (await it.send({ as: "root", json: ["GET", "/api/collections/_forms/records"] })).body;
    const path = `/api/collections/_forms/records/${(items as Body[])[0]?.["id"]}`;
    await it.send({ as: "root", json: ["PATCH", path, { consent: "You may sell my address." }] });
    const again = await send(it, { _consent: version });
    expect(again.status).toBe(422);
    expect(again.text).toContain("The text has been changed");
    expect(again.text).toContain("You may sell my address.");
    expect(again.text).not.toContain("required checked");
    expect(await it.counts()).toMatchObject({ messages: 0 });
    expect((await send(it, { _consent: box.exec(again.text)?.[1] ?? "" })).status).toBe(303);
    const [{ consent: given } = {}] = await submissions(it);
    expect(given).toMatchObject({ text: "You may sell my address." });
  });

  test("is stored with its words, their version and when", async () => {
    await using it = await opened(consent);
    await send(it, { _consent: "on" });
    const [{ consent: given } = {}] = await submissions(it);
    expect(given).toEqual({
      text: "You may keep my address.",
      version: expect.stringMatching(/^[0-9a-f]{12}$/),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\d /),
    });
  });
});

describe("what looks like spam", () => {
  about("is held", holding, [
    {
      it: "and answered like a success",
      form: ["/forms/contact", { ...good, _gotcha: "x" }],
      get: 303,
      to: "/forms/contact/thanks",
      changes: parked,
    },
    {
      it: "as JSON, too",
      json: ["POST", "/forms/contact", { ...good, _gotcha: "x" }],
      get: 200,
      shows: [`"name":"Ada"`],
      changes: parked,
    },
    {
      it: "not where it has problems",
      form: ["/forms/contact", { name: "", _gotcha: "x" }],
      get: 422,
      shows: ["Cannot be blank."],
      changes: {},
    },
  ]);
  about(
    "is refused",
    { shield: { weights: { honeypot: 0, owner_words: 99, links: 99 }, refuse: 10, words: ["casino"] } },
    [],
  );

  test("waits with its values and its reasons, and nobody is told", async () => {
    await using it = await opened({ ...holding, notify: ["me@example.com"], webhook: "https://hooks.example.com/x" });
    await send(it, { _gotcha: "x", phone: "1" });
    expect(await submissions(it)).toEqual([
      expect.objectContaining({
        state: "spam",
        held: true,
        parked: expect.objectContaining({ name: "Ada", text: "Hello" }),
        extra: { phone: "1" },
        reasons: expect.arrayContaining([expect.objectContaining({ reason: "honeypot" })]),
      }),
    ]);
    expect(await it.project.jobs.list({ limit: 10 })).toEqual([]);
    await send(it, { text: "A good one" });
    expect((await it.project.jobs.list({ limit: 10 })).map(({ kind }) => kind).sort()).toEqual(["mail", "webhook"]);
  });

  test("shows problems that only the database knows", async () => {
    await using it = await opened(holding);
    await send(it, { code: "taken" });
    const answer = await send(it, { code: "taken", text: "Other", _gotcha: "x" });
    expect([answer.status, answer.text.includes("Value must be unique.")]).toEqual([422, true]);
    expect(await it.counts()).toMatchObject({ messages: 1, _submissions: 1 });
  });
});

describe("a form in test mode", () => {
  test("keeps answers apart and tells nobody", async () => {
    await using it = await opened({ test: true, notify: ["me@example.com"], maxAnswers: 1 });
    for (const text of ["1", "2"]) expect((await send(it, { text })).status).toBe(303);
    expect(await it.counts()).toMatchObject({ messages: 0, _submissions: 2 });
    expect(await submissions(it)).toMatchObject([
      { test: true, state: "new", parked: { name: "Ada" } },
      { test: true, state: "new", parked: { name: "Ada" } },
    ]);
    expect(await it.project.jobs.list({ limit: 10 })).toEqual([]);
  });
});

describe("moments are typed by the form's clocks", () => {
  about("which are said beside the field", { timeZone: "Europe/Berlin" }, [
    { it: "on the page", json: ["GET", "/forms/contact"], headers: html, get: 200, shows: ["Time in Europe/Berlin."] },
    {
      it: "and stay as they were typed",
      form: ["/forms/contact", { name: "", when: "2026-07-01T12:00" }],
      get: 422,
      shows: [`value="2026-07-01T12:00"`],
    },
    {
      it: "and are read by them",
      form: ["/forms/contact", { ...good, when: "2026-07-01T12:00" }],
      headers: { accept: "application/json" },
      get: 200,
      shows: [`"when":"2026-07-01 10:00:00.000Z"`],
      changes: stored,
    },
    {
      it: "unless the moment says otherwise",
      form: ["/forms/contact", { ...good, when: "2026-07-01T12:00Z" }],
      headers: { accept: "application/json" },
      get: 200,
      shows: [`"when":"2026-07-01 12:00:00.000Z"`],
      changes: stored,
    },
    {
      it: "or came from a program",
      json: ["POST", "/forms/contact", { ...good, when: "2026-07-01 12:00:00" }],
      get: 200,
      shows: [`"when":"2026-07-01 12:00:00.000Z"`],
      changes: stored,
    },
  ]);
});

test("what happens to a form is counted", async () => {
  await using it = await opened({ ...holding, consent: "Yes" });
  await it.send({ json: ["GET", "/forms/contact"], headers: html });
  await send(it, {});
  await send(it, { name: "", email: "x", _consent: "1" });
  await send(it, { _consent: "1" });
  await send(it, { text: "Buy", _consent: "1", _gotcha: "x" });
  const [{ id } = {}] = (await it.send({ as: "root", json: ["GET", "/api/collections/_forms/records"] })).body
    .items as Body[];
  const tallies = await it.project.tallies.since(String(id), "2000-01-01");
  expect(Object.fromEntries(tallies.map(({ what, count }) => [what, count]))).toEqual({
    view: 1,
    send: 1,
    hold: 1,
    "problem:_consent": 1,
    "problem:email": 1,
    "problem:name": 1,
  });
});

test("a submission and its record are stored together or not at all", async () => {
  await using it = await opened();
  const { current } = it.project.collections;
  const messages = current.find("messages");
  if (!messages) throw new Error("There are no messages.");
  const place = { collection: messages, set: current, ask: byOwner };
  const beside = () => Promise.reject(new Error("no"));
  expect(createRecord(it.project, place, fromJson(good), { beside })).rejects.toThrow("no");
  expect(await it.counts()).toMatchObject({ messages: 0 });
});
