import { describe, expect, test } from "bun:test";
import { type Answer, Opened, type Scenario, scenarios } from "./testing.ts";

const page = { accept: "text/html" };

/** A form with an owner, and people who have answered it: `ann` well, `bot` with what the owner calls spam. */
async function withAnswers(it: Opened): Promise<void> {
  await it.person("root", { email: "owner@example.com" }, "_superusers");
  await it.person("ann");
  await it.collection({
    name: "messages",
    fields: [
      { name: "name", type: "text", required: true, presentable: true },
      { name: "email", type: "email" },
      { name: "message", type: "text", multiline: true },
    ],
  });
  await it.record("_forms", { slug: "contact", collection: "messages", title: "Write to us" });
  await answer(it, { name: "Ann <b>", email: "ann@example.com", message: "Do you sell ferns?", campaign: "spring" });
}

async function answer(it: Opened, fields: Record<string, string>): Promise<void> {
  const { status, text } = await it.send({ form: ["/forms/contact", fields] });
  expect(status, text).toBe(303);
}

/** The id of the only entry, or of that with this name. */
async function idOf(it: Opened, name = "Ann"): Promise<string> {
  const form = (await it.send({ as: "root", json: ["GET", "/api/collections/_forms/records"] })).body["items"];
  const id = Array.isArray(form) ? String(Object(form[0])["id"]) : "";
  for (const box of ["inbox", "spam", "deleted", "test"] as const) {
    const { items } = await it.project.inbox.list({ form: id, box, search: name, page: 1, perPage: 30 });
    if (items[0]) return items[0].submission.id;
  }
  throw new Error(`Nothing of ${name} has arrived.`);
}

function open(it: Opened, path: string): Promise<Answer> {
  return it.send({ as: "root", json: ["GET", path], headers: page });
}

function post(it: Opened, path: string, fields: Record<string, string | string[]> = {}): Promise<Answer> {
  return it.send({ as: "root", form: [path, fields] });
}

const inbox = "/_/forms/contact/inbox";
const posts = [inbox, ...["state", "notes", "star", "delete"].map((act) => `/_/submissions/x/${act}`)];
const foreign = { ...page, "sec-fetch-site": "cross-site", origin: "https://evil.example" };

scenarios("the inbox", withAnswers, [
  ...[inbox, "/_/submissions/x"].flatMap((path): Scenario[] => [
    {
      it: `${path} shows a guest to the sign-in`,
      json: ["GET", path],
      headers: page,
      get: 303,
      to: `/_/login?next=${encodeURIComponent(path)}`,
    },
    { it: `${path} shows ordinary people to the sign-in`, as: "ann", json: ["GET", path], headers: page, get: 303 },
  ]),
  ...posts.flatMap((path): Scenario[] => [
    { it: `a guest cannot post to ${path}`, form: [path, { act: "purge" }], get: 303, changes: {} },
    { it: `ordinary people cannot post to ${path}`, as: "ann", form: [path, { act: "purge" }], get: 303, changes: {} },
    {
      it: `another site cannot post to ${path}`,
      form: [path, { act: "purge" }],
      headers: foreign,
      get: 403,
      changes: {},
    },
  ]),
  ...posts.slice(1).map((path): Scenario => {
    return { it: `${path} of nothing is not found`, as: "root", form: [path, { act: "spam" }], get: 404, changes: {} };
  }),
  {
    it: "of a form that is not there is not found",
    as: "root",
    json: ["GET", "/_/forms/no/inbox"],
    headers: page,
    get: 404,
  },
  {
    it: "lists what arrived, escaped",
    as: "root",
    json: ["GET", inbox],
    headers: page,
    get: 200,
    shows: ["Ann &lt;b>", "<bdi>ann@example.com</bdi> · <bdi>Do you sell ferns?</bdi>", "/export.csv"],
    hides: ["<b>"],
  },
  {
    it: "finds it",
    as: "root",
    json: ["GET", `${inbox}?search=ferns`],
    headers: page,
    get: 200,
    shows: ["ann@example.com"],
  },
  {
    it: "says that nothing is found",
    as: "root",
    json: ["GET", `${inbox}?search=moss`],
    headers: page,
    get: 200,
    shows: ["Nothing matches “moss”."],
  },
  {
    it: "says that a box is empty",
    as: "root",
    json: ["GET", `${inbox}?state=spam`],
    headers: page,
    get: 200,
    shows: ["There is nothing here."],
  },
  {
    it: "takes an unknown box for the first",
    as: "root",
    json: ["GET", `${inbox}?state=toString`],
    headers: page,
    get: 200,
    shows: ["Ann"],
  },
  { it: "has a page after the last", as: "root", json: ["GET", `${inbox}?page=999999`], headers: page, get: 200 },
  {
    it: "does nothing where nothing is ticked",
    as: "root",
    form: [inbox, { act: "delete" }],
    get: 303,
    to: `${inbox}?done=0`,
    changes: {},
  },
  {
    it: "does nothing of what it does not know",
    as: "root",
    form: [inbox, { act: "burn", id: "x" }],
    get: 303,
    changes: {},
  },
]);

describe("an entry", () => {
  test("shows everything, and is read once it was opened", async () => {
    await using it = await Opened.open();
    await withAnswers(it);
    const id = await idOf(it);
    expect((await open(it, "/_/forms")).text).toContain("<strong>1</strong>");
    const { status, text } = await open(it, `/_/submissions/${id}`);
    expect(status).toBe(200);
    for (const shown of ["Do you sell ferns?", "campaign", "spring", "Arrived"]) expect(text).toContain(shown);
    expect((await it.project.inbox.find(id)).submission.state).toBe("read");
    expect((await open(it, "/_/forms")).text).not.toContain("<strong>1</strong>");
  });

  test("becomes spam, leaves its collection, and comes back", async () => {
    await using it = await Opened.open();
    await withAnswers(it);
    const id = await idOf(it);
    const before = await it.counts();
    const away = await post(it, `/_/submissions/${id}/state`, { act: "spam" });
    expect([away.status, away.headers.get("location")]).toEqual([303, `${inbox}?done=1`]);
    expect((await it.counts())["messages"]).toBe(0);
    expect((await open(it, `/_/submissions/${id}`)).text).toContain("Not spam");
    const back = await post(it, `/_/submissions/${id}/state`, { act: "good" });
    expect([back.status, back.headers.get("location")]).toEqual([303, `/_/submissions/${id}?done=good`]);
    expect((await open(it, `/_/submissions/${id}?done=good`)).text).toContain("Released: it is in the inbox now.");
    expect((await it.counts())["messages"]).toBe(before["messages"] ?? 0);
  });

  test("that was held says, once released, that its mail is on its way", async () => {
    await using it = await Opened.open();
    await withAnswers(it);
    const sheet = { title: "Write to us", slug: "contact", "ask.name": "true", notify: "a@example.com" };
    await post(it, "/_/forms/contact", { ...sheet, "shield.hold": "0", "shield.refuse": "1000" });
    await answer(it, { name: "Bob", message: "Seeds?" });
    const id = await idOf(it, "Bob");
    expect((await it.project.inbox.find(id)).submission.state).toBe("spam");
    const back = await post(it, `/_/submissions/${id}/state`, { act: "good" });
    expect(back.headers.get("location")).toBe(`/_/submissions/${id}?done=sends`);
    expect((await open(it, `/_/submissions/${id}?done=sends`)).text).toContain("its mail and webhook are on their way");
  });

  test("that was held teaches that it is spam indeed, and stays where it is", async () => {
    await using it = await Opened.open();
    await withAnswers(it);
    const sheet = { title: "Write to us", slug: "contact", "ask.name": "true", "ask.message": "true" };
    await post(it, "/_/forms/contact", { ...sheet, "shield.hold": "0", "shield.refuse": "1000" });
    await answer(it, { name: "Bob", message: "Seeds, nothing but seeds?" });
    const id = await idOf(it, "Bob");
    expect((await open(it, "/_/forms/contact/inbox?state=spam")).text).toContain("Spam indeed");
    expect((await open(it, `/_/submissions/${id}`)).text).toContain("Spam indeed");
    expect((await post(it, `/_/submissions/${id}/state`, { act: "confirm" })).status).toBe(303);
    expect((await it.project.inbox.find(id)).submission).toMatchObject({ state: "spam", lesson: "spam" });
  });

  test("is answered by mail", async () => {
    await using it = await Opened.open();
    await withAnswers(it);
    const { text } = await open(it, `/_/submissions/${await idOf(it)}`);
    expect(text).toContain('href="mailto:ann%40example.com?subject=Re%3A%20');
  });

  test("says why it cannot come back, and stays where it is", async () => {
    await using it = await Opened.open();
    await withAnswers(it);
    const id = await idOf(it);
    await post(it, `/_/submissions/${id}/state`, { act: "spam" });
    const indexes = ["CREATE UNIQUE INDEX `one_name` ON `messages` (`name`)"];
    await it.send({ as: "root", json: ["PATCH", "/api/collections/messages", { indexes }] });
    await it.record("messages", { name: "Ann <b>" });
    const { status, text } = await post(it, `/_/submissions/${id}/state`, { act: "good" });
    expect([status, text.includes("Its record cannot be made any more")]).toEqual([422, true]);
    const bulk = await post(it, `${inbox}?state=spam`, { act: "good", id });
    expect(bulk.headers.get("location")).toBe(`${inbox}?state=spam&done=0&failed=1`);
    expect((await it.project.inbox.find(id)).submission.state).toBe("spam");
  });

  test("keeps notes and a star", async () => {
    await using it = await Opened.open();
    await withAnswers(it);
    const id = await idOf(it);
    expect((await post(it, `/_/submissions/${id}/notes`, { notes: "Call\r\nback" })).status).toBe(303);
    expect((await post(it, `/_/submissions/${id}/star`, { starred: "true" })).status).toBe(303);
    expect((await it.project.inbox.find(id)).submission).toMatchObject({ notes: "Call\nback", starred: true });
    const long = await post(it, `/_/submissions/${id}/notes`, { notes: "x".repeat(20_001) });
    expect([long.status, long.text.includes("x".repeat(20_001))]).toEqual([422, true]);
    expect((await it.project.inbox.find(id)).submission.notes).toBe("Call\nback");
  });

  test("is deleted, restored, and deleted for good", async () => {
    await using it = await Opened.open();
    await withAnswers(it);
    const id = await idOf(it);
    await post(it, `/_/submissions/${id}/state`, { act: "delete" });
    expect((await open(it, `${inbox}?state=deleted`)).text).toContain("Delete for good");
    await post(it, `/_/submissions/${id}/state`, { act: "restore" });
    expect(await it.counts()).toMatchObject({ messages: 1, _submissions: 1 });
    const gone = await post(it, `/_/submissions/${id}/delete`);
    expect([gone.status, gone.headers.get("location")]).toEqual([303, `${inbox}?state=deleted&done=1`]);
    expect(await it.counts()).toMatchObject({ messages: 0, _submissions: 0 });
  });

  test("whose collection is gone can still be opened", async () => {
    await using it = await Opened.open();
    await withAnswers(it);
    const id = await idOf(it);
    await it.send({ as: "root", json: ["DELETE", "/api/collections/messages"] });
    const { status, text } = await open(it, `/_/submissions/${id}`);
    expect([status, text.includes("Its record is gone.")]).toEqual([200, true]);
    expect((await open(it, inbox)).text).toContain("ann@example.com");
  });
});

describe("several entries", () => {
  test("that are ticked are dealt with together, and what has gone meanwhile is passed over", async () => {
    await using it = await Opened.open();
    await withAnswers(it);
    await answer(it, { name: "Bob", message: "Moss?" });
    const [ann, bob] = [await idOf(it, "Ann"), await idOf(it, "Bob")];
    const done = await post(it, `${inbox}?search=a`, { act: "delete", id: [ann, bob, bob, "nothing"] });
    expect(done.headers.get("location")).toBe(`${inbox}?search=a&done=2`);
    expect((await open(it, `${inbox}?done=2`)).text).toContain("Done. Entries changed: 2.");
    expect(await it.counts()).toMatchObject({ messages: 0, _submissions: 2 });
  });

  test("on a page are all meant by one box", async () => {
    await using it = await Opened.open();
    await withAnswers(it);
    await answer(it, { name: "Bob", message: "Moss?" });
    const shown = `${await idOf(it, "Ann")} ${await idOf(it, "Bob")}`;
    await post(it, inbox, { act: "spam", every: "true", shown });
    expect((await open(it, `${inbox}?state=spam`)).text).toContain("Entries: 2");
  });
});

describe("a new form's inbox", () => {
  test("says where to begin", async () => {
    await using it = await Opened.open();
    await withAnswers(it);
    await it.record("_forms", { slug: "empty", collection: "messages", title: "Empty" });
    const { text } = await open(it, "/_/forms/empty/inbox");
    expect(text).toContain("Nothing has arrived yet.");
    expect(text).toContain("/_/forms/empty/code");
  });

  test("keeps tries apart", async () => {
    await using it = await Opened.open();
    await withAnswers(it);
    await it.record("_forms", { slug: "try", collection: "messages", title: "Try", test: true });
    await it.send({ form: ["/forms/try", { name: "Tess" }] });
    expect((await open(it, "/_/forms/try/inbox?state=test")).text).toContain("Tess");
    expect((await open(it, "/_/forms/try/inbox")).text).not.toContain("Tess");
  });
});
