import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { slugOf } from "../src/forms/beginnings.ts";
import { isObject } from "../src/lib/json.ts";
import { Opened, scenarios } from "./testing.ts";

/** A project with an owner and a form, and what the owner's browser sends along. */
async function withForm(it: Opened): Promise<void> {
  await it.person("root", { email: "owner@example.com" }, "_superusers");
  await it.person("ann");
  await it.collection({
    name: "messages",
    fields: [
      { name: "name", type: "text", required: true },
      { name: "email", type: "email" },
      { name: "secret", type: "text", hidden: true },
    ],
  });
  await it.record("_forms", {
    slug: "contact",
    collection: "messages",
    title: "Write to us",
    notify: ["a@example.com"],
  });
}

const page = { accept: "text/html" };
const foreign = { ...page, "sec-fetch-site": "cross-site", origin: "https://evil.example" };

/** Whoever carries a token in the header is who they are; cookies are looked at in tests of their own. */
const pages = ["/_/forms", "/_/forms/new", "/_/forms/contact", "/_/forms/contact/code", "/_/forms/contact/delete"];

scenarios("the owner's pages for forms", withForm, [
  ...pages.flatMap((path) => [
    { it: `${path} is for owners`, as: "root", json: ["GET", path] as const, headers: page, get: 200 },
    {
      it: `${path} shows a guest to the sign-in`,
      json: ["GET", path] as const,
      headers: page,
      get: 303,
      to: `/_/login?next=${encodeURIComponent(path)}`,
    },
    {
      it: `${path} shows ordinary people to the sign-in`,
      as: "ann",
      json: ["GET", path] as const,
      headers: page,
      get: 303,
    },
  ]),
  ...["/_/forms/new", "/_/forms/contact", "/_/forms/contact/delete"].flatMap((path) => [
    { it: `a guest cannot post to ${path}`, form: [path, { title: "Mine" }] as const, get: 303, changes: {} },
    {
      it: `ordinary people cannot post to ${path}`,
      as: "ann",
      form: [path, { title: "Mine" }] as const,
      get: 303,
      changes: {},
    },
    {
      it: `another site cannot post to ${path}`,
      form: [path, { title: "Mine" }] as const,
      headers: foreign,
      get: 403,
      changes: {},
    },
  ]),
  {
    it: "a form that is not there is not found",
    as: "root",
    json: ["GET", "/_/forms/nothing"],
    headers: page,
    get: 404,
  },
  {
    it: "nor is one whose name is a filter",
    as: "root",
    json: ["GET", "/_/forms/x%22%20%7C%7C%20id%20!=%20%22"],
    headers: page,
    get: 404,
  },
  {
    it: "the list says what is there",
    as: "root",
    json: ["GET", "/_/forms"],
    headers: page,
    get: 200,
    shows: ["Write to us", "/forms/contact", "Open"],
  },
  {
    it: "the code has the real controls",
    as: "root",
    json: ["GET", "/_/forms/contact/code"],
    headers: page,
    get: 200,
    shows: ["name=&quot;email&quot;", "http://localhost/forms.js"],
    hides: ["secret"],
  },
  {
    it: "deleting says what goes",
    as: "root",
    json: ["GET", "/_/forms/contact/delete"],
    headers: page,
    get: 200,
    shows: ["0 entries"],
  },
  {
    it: "deletes a form",
    as: "root",
    form: ["/_/forms/contact/delete", {}],
    get: 303,
    to: "/_/forms?done=deleted",
    changes: { _forms: -1, outbox: 1 },
  },
]);

scenarios("a form from nothing", withForm, [
  {
    it: "makes a collection and the form",
    as: "root",
    form: ["/_/forms/new", { title: "Über uns!", from: "set:contact", notify: "owner@example.com" }],
    get: 303,
    to: "/_/forms/uber-uns/code?done=made",
    changes: { _forms: 1, schema: 1, outbox: 2 },
  },
  {
    it: "takes a collection that is there, and the address that was asked for",
    as: "root",
    form: ["/_/forms/new", { title: "Contact", slug: "write", from: "collection:messages", notify: "" }],
    get: 303,
    to: "/_/forms/write/code?done=made",
    changes: { _forms: 1, outbox: 1 },
  },
  {
    it: "says that an address is taken, and which one is free",
    as: "root",
    form: ["/_/forms/new", { title: "Contact", from: "set:contact", notify: "" }],
    get: 422,
    shows: ["contact is taken", 'value="contact-2"'],
    changes: {},
  },
  {
    it: "says what an address is made of",
    as: "root",
    form: ["/_/forms/new", { title: "Contact", slug: "Write to us!", from: "set:contact" }],
    get: 422,
    shows: ["small letters, digits and hyphens", "Write to us!"],
    changes: {},
  },
  {
    it: "has an address for every title",
    as: "root",
    form: ["/_/forms/new", { title: "اتصل بنا", from: "set:newsletter", notify: "" }],
    get: 303,
    to: "/_/forms/newsletter/code?done=made",
    changes: { _forms: 1, schema: 1, outbox: 2 },
  },
  {
    it: "is never called like the page for new ones",
    as: "root",
    form: ["/_/forms/new", { title: "New", from: "collection:messages" }],
    get: 422,
    shows: ['value="new-2"'],
    changes: {},
  },
  {
    it: "wants a title, and makes nothing without",
    as: "root",
    form: ["/_/forms/new", { title: " ", from: "set:contact", notify: "x@example.com" }],
    get: 422,
    shows: ["Cannot be blank.", "x@example.com"],
    changes: {},
  },
  {
    it: "makes nothing where nobody can be told",
    as: "root",
    form: ["/_/forms/new", { title: "Hello", from: "set:contact", notify: "me" }],
    get: 422,
    shows: ["Hello"],
    changes: {},
  },
  {
    it: "refuses a collection of ours",
    as: "root",
    form: ["/_/forms/new", { title: "Hello", from: "collection:_superusers" }],
    get: 422,
    changes: {},
  },
  {
    it: "refuses what nobody offered",
    as: "root",
    form: ["/_/forms/new", { title: "Hello", from: "set:constructor" }],
    get: 422,
    shows: ["Choose one of the list."],
    changes: {},
  },
]);

describe("editing a form", () => {
  const asRoot = { as: "root" } as const;

  async function stored(it: Opened, slug: string): Promise<Record<string, unknown>> {
    const { body } = await it.send({
      ...asRoot,
      json: ["GET", `/api/collections/_forms/records?filter=slug='${slug}'`],
    });
    const [record] = Array.isArray(body["items"]) ? body["items"] : [];
    if (!isObject(record)) throw new Error(`There is no form ${slug}.`);
    return record;
  }

  test("turns friendly lines into what is stored, and leads to the new address", async () => {
    await using it = await Opened.open();
    await withForm(it);
    const sheet = {
      title: "Hello",
      slug: "hello",
      "ask.email": "true",
      "at.email": "1",
      "label.email": "Your mail",
      "ask.name": "true",
      "at.name": "2",
      origins: "shop.example\r\nhttps://www.shop.example/contact.html\r\n\r\n",
      notify: "a@example.com\nb@example.com",
      opens: "2026-01-02T15:04",
      timeZone: "Europe/Berlin",
      maxAnswers: "",
      "shield.hold": "4",
      "weight.links": "2.5",
      words: "casino\n",
      daily: ["false", "true"],
    };
    const saved = await it.send({ ...asRoot, form: ["/_/forms/contact", sheet] });
    expect([saved.status, saved.headers.get("location")]).toEqual([303, "/_/forms/hello?done=saved"]);
    expect(await stored(it, "hello")).toMatchObject({
      title: "Hello",
      fields: [{ name: "email", label: "Your mail" }, { name: "name" }],
      origins: ["https://shop.example", "https://www.shop.example"],
      notify: ["a@example.com", "b@example.com"],
      opens: "2026-01-02 14:04:00.000Z",
      maxAnswers: 0,
      daily: true,
      shield: { hold: 4, weights: { links: 2.5 }, words: ["casino"] },
    });
    const { text } = await it.send({ ...asRoot, json: ["GET", "/_/forms/hello"], headers: page });
    for (const shown of ['value="2026-01-02T15:04"', 'value="Your mail"', "https://www.shop.example", 'value="2.5"']) {
      expect(text).toContain(shown);
    }
  });

  test("changes nothing where nothing was changed, whatever is stored", async () => {
    await using it = await Opened.open();
    await withForm(it);
    const before = await stored(it, "contact");
    const { text } = await it.send({ ...asRoot, json: ["GET", "/_/forms/contact"], headers: page });
    const saved = await it.send({ ...asRoot, form: ["/_/forms/contact", sentBy(text)] });
    expect(saved.status, saved.text).toBe(303);
    const after = await stored(it, "contact");
    const same = { cc: null, fields: null, origins: null, shield: null, updated: before["updated"] ?? "" };
    expect<Record<string, unknown>>({ ...after, ...same }).toEqual(before);
  });

  test("says what is wrong by each field and keeps everything typed", async () => {
    await using it = await Opened.open();
    await withForm(it);
    const sheet = {
      title: "Hello",
      slug: "contact",
      "ask.name": "true",
      "label.name": "Who are you",
      origins: "ftp://x",
      notify: "me",
      timeZone: "Mars/Olympus",
      "shield.hold": "many",
    };
    const { status, text } = await it.send({ ...asRoot, form: ["/_/forms/contact", sheet] });
    expect(status).toBe(422);
    for (const name of ["origins", "notify", "timeZone"]) expect(text).toContain(`href="#field-${name}"`);
    for (const kept of ["Who are you", "ftp://x", "Mars/Olympus", ">me<", "many"]) {
      expect(text.replace(/>\s+/g, ">")).toContain(kept);
    }
    expect(await stored(it, "contact")).toMatchObject({ title: "Write to us", notify: ["a@example.com"] });
  });

  test("while signed out loses nothing: it is sent again after signing in", async () => {
    await using it = await Opened.open();
    await withForm(it);
    const away = await it.send({
      form: ["/_/forms/contact", { title: "Typed for long", slug: "contact", "ask.name": "true" }],
    });
    const next = new URL(away.headers.get("location") ?? "", "http://localhost").searchParams.get("next") ?? "";
    expect([away.status, next]).toEqual([303, expect.stringMatching(/^\/_\/resend\/./)]);
    expect((await it.send({ json: ["GET", next], headers: page })).status).toBe(303);
    const cookie = away.headers.get("set-cookie")?.split(";")[0] ?? "";
    expect((await it.send({ ...asRoot, json: ["GET", next], headers: page })).status).toBe(404);
    const { text } = await it.send({ ...asRoot, json: ["GET", next], headers: { ...page, cookie } });
    expect(text).toContain('action="/_/forms/contact"');
    const again = await it.send({
      ...asRoot,
      form: ["/_/forms/contact", sentBy(text.replace('<form action="/_/f', '<form class="sheet" action="/_/f'))],
    });
    expect(again.status, again.text).toBe(303);
    expect(await stored(it, "contact")).toMatchObject({ title: "Typed for long" });
  });

  test("refuses to leave out what the collection requires, and keeps its place", async () => {
    await using it = await Opened.open();
    await withForm(it);
    const left = { title: "Hello", slug: "contact", "ask.email": "true", "at.email": "2", "at.name": "1" };
    const refused = await it.send({ ...asRoot, form: ["/_/forms/contact", { ...left, "ask.name": "false" }] });
    expect([refused.status, refused.text.includes("The collection requires name:")]).toEqual([422, true]);
    const free = await it.send({ ...asRoot, form: ["/_/forms/contact", { ...left, "need.name": "false" }] });
    expect(free.status, free.text).toBe(303);
    expect(it.project.collections.find("messages")?.field("name")?.required).toBe(false);
    const { text } = await it.send({ ...asRoot, json: ["GET", "/_/forms/contact"], headers: page });
    expect([sentBy(text)["at.name"], sentBy(text)["at.email"]]).toEqual([["1"], ["2"]]);
  });

  test("adds a question to the form and its collection, in one save", async () => {
    await using it = await Opened.open();
    await withForm(it);
    const { text } = await it.send({ ...asRoot, json: ["GET", "/_/forms/contact"], headers: page });
    const asked = {
      "new.label": "Which day?",
      "new.kind": "one",
      "new.choices": "Monday\r\nTuesday\r\n",
      "new.required": "true",
    };
    const saved = await it.send({ ...asRoot, form: ["/_/forms/contact", { ...sentBy(text), ...asked }] });
    expect(saved.status, saved.text).toBe(303);
    const field = it.project.collections.find("messages")?.field("which_day");
    expect(field?.definition).toMatchObject({ type: "select", values: ["Monday", "Tuesday"], required: true });
    expect(await stored(it, "contact")).toMatchObject({
      fields: [{ name: "name" }, { name: "email" }, { name: "which_day", label: "Which day?" }],
    });
    const hosted = await it.send({ json: ["GET", "/forms/contact"], headers: page });
    expect(hosted.text).toContain("Which day?");
    const fresh = await it.send({ ...asRoot, json: ["GET", "/_/forms/contact"], headers: page });
    await it.send({ ...asRoot, form: ["/_/forms/contact", { ...sentBy(fresh.text), "new.label": "Which day" }] });
    expect(it.project.collections.find("messages")?.field("which_day_2")?.type).toBe("text");
  });

  for (const [kind, type] of Object.entries({
    line: "text",
    paragraph: "text",
    email: "email",
    number: "number",
    yes: "bool",
    date: "date",
    one: "select",
    some: "select",
    file: "file",
  })) {
    test(`can ask for ${kind}`, async () => {
      await using it = await Opened.open();
      await withForm(it);
      const sheet = { title: "Hello", slug: "contact", "ask.name": "true", "new.label": "نعم", "new.kind": kind };
      const form = { ...sheet, "new.choices": kind === "one" || kind === "some" ? "a\nb" : "" };
      const saved = await it.send({ ...asRoot, form: ["/_/forms/contact", form] });
      expect(saved.status, saved.text).toBe(303);
      expect(it.project.collections.find("messages")?.field("question")?.type).toBe(type);
    });
  }

  test("says what a new question lacks, and leaves the collection as it was where the form cannot be saved", async () => {
    await using it = await Opened.open();
    await withForm(it);
    const sheet = { title: "Hello", slug: "contact", "ask.name": "true" };
    const before = it.project.collections.find("messages")?.definition.fields;
    const lacking = [
      [{ "new.label": "Day", "new.kind": "one" }, "Write at least one choice"],
      [{ "new.label": "", "new.kind": "one", "new.choices": "a" }, "Write the question"],
      [{ "new.label": "Day", "new.kind": "constructor" }, "Choose one of the list."],
      [{ "new.label": "Day", "new.kind": "date", notify: "me" }, "Write whole email addresses"],
    ] as const;
    for (const [more, says] of lacking) {
      const { status, text } = await it.send({ ...asRoot, form: ["/_/forms/contact", { ...sheet, ...more }] });
      expect([status, says, text.includes(says)]).toEqual([422, says, true]);
      expect(it.project.collections.find("messages")?.definition.fields).toEqual(before ?? []);
    }
  });

  test("does not require what another form of the collection does not ask", async () => {
    await using it = await Opened.open();
    await withForm(it);
    await it.record("_forms", { slug: "short", collection: "messages", title: "In short", fields: ["name"] });
    const { text } = await it.send({ ...asRoot, json: ["GET", "/_/forms/contact"], headers: page });
    expect(text).toContain("In short");
    const sheet = { title: "Hello", slug: "contact", "ask.name": "true", "ask.email": "true" };
    const demands: readonly Readonly<Record<string, string>>[] = [
      { "need.email": "true" },
      { "new.label": "Day", "new.required": "true" },
    ];
    for (const more of demands) {
      const refused = await it.send({ ...asRoot, form: ["/_/forms/contact", { ...sheet, ...more }] });
      expect([refused.status, refused.text.includes("The form “In short”")]).toEqual([422, true]);
    }
    expect(it.project.collections.find("messages")?.field("email")?.required).toBe(false);
  });

  test("leaves the fields of a collection that a file describes", async () => {
    await using it = await Opened.open();
    await withForm(it);
    it.project.collections.declare("schema.ts", [it.project.collections.find("messages")?.id ?? ""]);
    const { text } = await it.send({ ...asRoot, json: ["GET", "/_/forms/contact"], headers: page });
    expect([text.includes("new.label"), text.includes("need.name"), text.includes("schema.ts")]).toEqual([
      false,
      false,
      true,
    ]);
  });

  test("takes addresses however they are listed", async () => {
    await using it = await Opened.open();
    await withForm(it);
    const sheet = { title: "Hello", slug: "contact", "ask.name": "true" };
    for (const notify of [
      "a@example.com, b@example.com",
      '["a@example.com","b@example.com"]',
      "a@example.com;b@example.com",
    ]) {
      const saved = await it.send({ ...asRoot, form: ["/_/forms/contact", { ...sheet, notify }] });
      expect([notify, saved.status]).toEqual([notify, 303]);
      expect(await stored(it, "contact")).toMatchObject({ notify: ["a@example.com", "b@example.com"] });
    }
  });

  test("says in words how an address, a site and a page are written", async () => {
    await using it = await Opened.open();
    await withForm(it);
    const sheet = { title: "Hello", slug: "contact", "ask.name": "true" };
    const wrong = [
      [{ slug: "Write us" }, "small letters, digits and hyphens"],
      [{ redirect: "thanks.html" }, "beginning with https://"],
      [{ origins: "localhost:9472" }, "http://localhost"],
      [{ origins: "192.168.1.5" }, "http://localhost"],
    ] as const;
    for (const [more, says] of wrong) {
      const { status, text } = await it.send({ ...asRoot, form: ["/_/forms/contact", { ...sheet, ...more }] });
      const problems = text.slice(text.indexOf('class="notice'), text.indexOf("<details"));
      expect([status, says, problems.includes(says)]).toEqual([422, says, true]);
    }
  });

  test("a form must ask something", async () => {
    await using it = await Opened.open();
    await withForm(it);
    const { status, text } = await it.send({
      ...asRoot,
      form: ["/_/forms/contact", { title: "Hello", slug: "contact" }],
    });
    expect([status, text.includes("Tick at least one question.")]).toEqual([422, true]);
  });

  test("of two owners who change the same, the second is told", async () => {
    await using it = await Opened.open();
    await withForm(it);
    const { text } = await it.send({ ...asRoot, json: ["GET", "/_/forms/contact"], headers: page });
    const drawn = sentBy(text);
    await it.send({ ...asRoot, form: ["/_/forms/contact", { ...drawn, title: "Theirs" }] });
    const mine = await it.send({ ...asRoot, form: ["/_/forms/contact", { ...drawn, title: "Mine" }] });
    expect(mine.status).toBe(409);
    expect(mine.text).toContain("Somebody else has changed this form meanwhile.");
    const again = await it.send({ ...asRoot, form: ["/_/forms/contact", sentBy(mine.text)] });
    expect(again.status).toBe(303);
    expect(await stored(it, "contact")).toMatchObject({ title: "Mine" });
  });

  test("what must be answered stays as another owner has changed it meanwhile", async () => {
    await using it = await Opened.open();
    await withForm(it);
    const { text } = await it.send({ ...asRoot, json: ["GET", "/_/forms/contact"], headers: page });
    const drawn = sentBy(text);
    await it.send({ ...asRoot, form: ["/_/forms/contact", { ...drawn, "need.email": "true" }] });
    const mine = await it.send({ ...asRoot, form: ["/_/forms/contact", { ...drawn, title: "Mine" }] });
    expect(mine.status, mine.text).toBe(303);
    expect(it.project.collections.find("messages")?.field("email")?.required).toBe(true);
  });

  test("a question is not added where somebody else has changed the form meanwhile", async () => {
    await using it = await Opened.open();
    await withForm(it);
    const { text } = await it.send({ ...asRoot, json: ["GET", "/_/forms/contact"], headers: page });
    await it.send({ ...asRoot, form: ["/_/forms/contact", { ...sentBy(text), title: "Theirs" }] });
    const mine = { ...sentBy(text), title: "Mine", "new.label": "Which day", "need.email": "true" };
    expect((await it.send({ ...asRoot, form: ["/_/forms/contact", mine] })).status).toBe(409);
    const { fields } = it.project.collections.find("messages") ?? {};
    expect(fields?.map(({ name, required }) => [name, required])).toEqual([
      ["id", true],
      ["name", true],
      ["email", false],
      ["secret", false],
    ]);
  });

  test("of a form whose collection is gone says so", async () => {
    await using it = await Opened.open();
    await withForm(it);
    await it.send({ ...asRoot, json: ["DELETE", "/api/collections/messages"] });
    const { status, text } = await it.send({ ...asRoot, json: ["GET", "/_/forms/contact"], headers: page });
    expect([status, text.includes("The collection messages is gone")]).toEqual([200, true]);
    const list = await it.send({ ...asRoot, json: ["GET", "/_/forms"], headers: page });
    expect(list.text).toContain("Its collection is gone");
  });
});

describe("the code to copy", () => {
  test("has the controls of the hosted page, whatever the types of the fields", async () => {
    await using it = await Opened.open();
    await it.person("root", {}, "_superusers");
    await it.collection({
      name: "everything",
      fields: [
        { name: "line", type: "text", required: true, max: 20, pattern: "^[a-z]+$" },
        { name: "text", type: "text", multiline: true },
        { name: "mail", type: "email" },
        { name: "link", type: "url" },
        { name: "one", type: "select", values: ["a & b", "c"] },
        { name: "some", type: "select", values: ["a", "b"], maxSelect: 2 },
        { name: "count", type: "number", min: 1 },
        { name: "day", type: "date" },
        { name: "yes", type: "bool" },
        { name: "where", type: "geoPoint" },
        { name: "paper", type: "file", maxSelect: 1 },
      ],
    });
    await it.record("_forms", { slug: "all", collection: "everything", title: "All", consent: "I <agree> & so on" });
    const shown = await it.send({ as: "root", json: ["GET", "/_/forms/all/code"], headers: page });
    const code = unescaped(/<code>([^]*?)<\/code>/.exec(shown.text)?.[1] ?? "");
    const hosted = await it.send({ json: ["GET", "/forms/all"], headers: page });
    const asked = controlsIn(hosted.text).filter((control) => !control.startsWith("_"));
    expect(asked.length).toBeGreaterThan(11);
    expect(controlsIn(code).filter((control) => !control.startsWith("_"))).toEqual(asked);
    expect(controlsIn(code)).toContainEqual(expect.stringMatching(/^_consent true /));
    expect(code).toContain("I &lt;agree> &amp; so on");
    expect(code).toContain('enctype="multipart/form-data"');
  });
});

describe("an address made from a title", () => {
  test("is one that a form can have, or none", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), (title) => {
        const slug = slugOf(title);
        expect(slug).toMatch(/^([a-z0-9]+(-[a-z0-9]+)*)?$/);
        expect(slug.length).toBeLessThanOrEqual(50);
      }),
    );
    expect(slugOf("  Straße & Öl 2026! ")).toBe("strasse-ol-2026");
  });
});

/** Name and what limits it of every control, in order. */
function controlsIn(html: string): string[] {
  const found: string[] = [];
  new HTMLRewriter()
    .on("form input, form select, form textarea", {
      element: (it) => {
        const limits = ["value", "type", "maxlength", "pattern", "min", "max", "required", "accept"];
        const said = limits.flatMap(
          (name) => it.getAttribute(name) || (it.hasAttribute(name) && name !== "value" ? name : []),
        );
        if (it.getAttribute("name")) found.push([it.getAttribute("name"), ...said].join(" "));
      },
    })
    .transform(html);
  return found;
}

/** What a browser sends for the longest form of a page. */
function sentBy(html: string): Record<string, string[]> {
  const sent: Record<string, string[]> = {};
  const add = (name: string | null, value: string) => void (name && (sent[name] ??= []).push(unescaped(value)));
  let textarea: { name: string | null; text: string } | undefined;
  let select: { name: string | null; value: string } | undefined;
  new HTMLRewriter()
    .on("form.sheet input", {
      element: (it) => {
        const ticks = it.getAttribute("type") === "checkbox";
        if (!ticks || it.hasAttribute("checked")) add(it.getAttribute("name"), it.getAttribute("value") ?? "");
      },
    })
    .on("form.sheet textarea", {
      element: (it) => {
        const mine = { name: it.getAttribute("name"), text: "" };
        textarea = mine;
        it.onEndTag(() => add(mine.name, mine.text.replace(/^\n/, "")));
      },
      text: ({ text }) => void (textarea && (textarea.text += text)),
    })
    .on("form.sheet select", {
      element: (it) => {
        const mine = { name: it.getAttribute("name"), value: "" };
        select = mine;
        it.onEndTag(() => add(mine.name, mine.value));
      },
    })
    .on("form.sheet option[selected]", {
      element: (it) => void (select && (select.value = it.getAttribute("value") ?? "")),
    })
    .transform(html);
  return sent;
}

function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}
