import { describe, expect, test } from "bun:test";
import type { Json } from "../src/fields/field.ts";
import { type Body, Opened, type Scenario, scenarios } from "./testing.ts";

const path = "/api/collections/_forms/records";

/** A collection that strangers may write to and nobody may read, with a form of three of its fields. */
async function contact(it: Opened): Promise<void> {
  await it.person("ann");
  await it.person("root", {}, "_superusers");
  await it.collection({
    name: "messages",
    listRule: null,
    viewRule: null,
    updateRule: null,
    deleteRule: null,
    fields: [
      { name: "name", type: "text", required: true, max: 40, help: "As you like to be called." },
      { name: "email", type: "email", required: true },
      { name: "text", type: "text", multiline: true },
      { name: "rating", type: "number" },
      { name: "topics", type: "select", values: ["a", "b"], maxSelect: 2 },
      { name: "place", type: "geoPoint" },
      { name: "internal", type: "text" },
      { name: "secret", type: "text", hidden: true },
      { name: "created", type: "autodate", onCreate: true },
    ],
  });
  await form(it, {});
}

async function form(it: Opened, values: Body): Promise<Body> {
  return it.record("_forms", {
    slug: "contact",
    collection: "messages",
    title: "Write to us",
    fields: ["email", { name: "name", label: "Your name", help: "First and last." }, "text", "topics"],
    ...values,
  });
}

const good = { name: "Ada", email: "ada@example.com", text: "Hello" };
const stored = { messages: 1, _submissions: 1, outbox: 2 };

/** A table about the form, changed. */
function about(title: string, values: Body, table: readonly Scenario[]): void {
  scenarios(
    title,
    async (it) => {
      await contact(it);
      const { items } = (await it.send({ as: "root", json: ["GET", path] })).body;
      const [{ id } = {}] = items as Body[];
      const answer = await it.send({ as: "root", json: ["PATCH", `${path}/${String(id)}`, values] });
      expect(answer.status, answer.text).toBe(200);
    },
    table,
  );
}

describe("a form is made over the API", () => {
  const slug = (slug: Json): Body => ({ slug, collection: "messages", title: "T" });
  const made = { _forms: 1, outbox: 1 };
  scenarios("a form", contact, [
    { it: "not by guests", json: ["POST", path, slug("new")], get: 403, changes: {} },
    { it: "not by people", as: "ann", json: ["POST", path, slug("new")], get: 403, changes: {} },
    { it: "nor are they shown to them", as: "ann", json: ["GET", path], get: 403 },
    {
      it: "by an owner",
      as: "root",
      json: ["POST", path, slug("new")],
      get: 200,
      shows: [`"slug":"new"`],
      changes: made,
    },
    {
      it: "with everything",
      as: "root",
      json: [
        "POST",
        path,
        {
          ...slug("new-one-2"),
          introduction: "I",
          fields: ["name", { name: "email", label: "E" }],
          button: "Go",
          thanks: "Thanks",
          redirect: "https://example.com/thanks",
          origins: ["https://example.com", "http://localhost:3000"],
        },
      ],
      get: 200,
      changes: made,
    },
    {
      it: "needs its own slug",
      as: "root",
      json: ["POST", path, slug("contact")],
      get: 400,
      shows: [`"slug":{"code":"validation_not_unique"`],
    },
  ]);

  const wrong: readonly (readonly [string, Body, string])[] = [
    ["no slug", { slug: "" }, `"slug":{"code":"validation_required"`],
    ["a slug with odd letters", { slug: "Über uns" }, `"slug":{"code":"validation_invalid_format"`],
    ["a slug that leads elsewhere", { slug: "../x" }, `"slug":{"code":"validation_invalid_format"`],
    ["a slug too long", { slug: "x".repeat(61) }, `"slug":{"code":"validation_max_text_constraint"`],
    ["no title", { title: "" }, `"title":{"code":"validation_required"`],
    ["an unknown collection", { collection: "nope" }, `"collection":{"code":"validation_form_collection"`],
    ["a collection of ours", { collection: "_superusers" }, `"collection":{"code":"validation_form_collection"`],
    ["people, who need a password twice", { collection: "users" }, `"collection":{"code":"validation_form_collection"`],
    [
      "an unknown field",
      { fields: ["name", "nope"] },
      `"fields":{"code":"validation_form_field_missing","message":"There is no field nope`,
    ],
    ["a hidden field", { fields: ["secret"] }, `"fields":{"code":"validation_form_field_missing"`],
    ["a field that is given", { fields: ["created"] }, `"fields":{"code":"validation_form_field_missing"`],
    ["the id", { fields: ["id"] }, `"fields":{"code":"validation_form_field_missing"`],
    [
      "a field twice",
      { fields: ["name", { name: "name", label: "Again" }] },
      `"fields":{"code":"validation_form_field_twice"`,
    ],
    ["fields that are no list", { fields: { name: 1 } }, `"fields":{"code":"validation_form_fields"`],
    ["fields that are no names", { fields: [1] }, `"fields":{"code":"validation_form_fields"`],
    ["a label that is no text", { fields: [{ name: "name", label: 5 }] }, `"fields":{"code":"validation_form_fields"`],
    ["a redirect that runs", { redirect: "javascript:alert(1)" }, `"redirect":{"code":"validation_invalid_url"`],
    ["origins that are no list", { origins: "https://example.com" }, `"origins":{"code":"validation_form_origins"`],
    ...[
      "example.com",
      "https://example.com/",
      "https://Example.com",
      "https://a.example:443",
      "*",
      "null",
      "ftp://a.example",
    ].map((origin): [string, Body, string] => [
      `the origin ${origin}`,
      { origins: [origin] },
      `"code":"validation_form_origins"`,
    ]),
  ];
  scenarios(
    "a form is refused for",
    contact,
    wrong.map(([title, values, shows]): Scenario => {
      return {
        it: title,
        as: "root",
        json: ["POST", path, { ...slug("new"), ...values }],
        get: 400,
        shows: [shows],
        changes: {},
      };
    }),
  );
});

scenarios("the page of a form", contact, [
  {
    it: "shows what was chosen, with its words",
    json: ["GET", "/forms/contact"],
    headers: { accept: "text/html" },
    get: 200,
    shows: [
      "<h1>Write to us</h1>",
      "Your name",
      "First and last.",
      `name="_gotcha"`,
      `name="email"`,
      `type="email"`,
      `action="/forms/contact"`,
    ],
    hides: ["internal", "secret", "rating", "As you like to be called."],
  },
  {
    it: "is not there",
    json: ["GET", "/forms/nope"],
    headers: { accept: "text/html" },
    get: 404,
    shows: ["There is no such form."],
  },
  { it: "is not there for a program", json: ["GET", "/forms/nope"], get: 404, shows: [`"status":404`] },
  {
    it: "thanks",
    json: ["GET", "/forms/contact/thanks"],
    headers: { accept: "text/html" },
    get: 200,
    shows: ["Thank you"],
  },
]);

test("the page of a form keeps the chosen order, and without a choice shows all that can be filled in", async () => {
  await using it = await Opened.open();
  await contact(it);
  await form(it, { slug: "all", fields: null });
  const namesOn = async (slug: string) => {
    const { text } = await it.send({ json: ["GET", `/forms/${slug}`], headers: { accept: "text/html" } });
    return [...new Set([...text.matchAll(/ name="([\w.]+)"/g)].map(([, name]) => name))].filter(
      (name) => !/^_|^viewport$|^descr|^color|^robots/.test(name ?? ""),
    );
  };
  expect(await namesOn("contact")).toEqual(["email", "name", "text", "topics"]);
  const all = ["name", "email", "text", "rating", "topics", "place.lat", "place.lon", "internal"];
  expect((await namesOn("all")).sort()).toEqual(all.sort());
});

scenarios("sending a form", contact, [
  {
    it: "leads to the thank-you page",
    form: ["/forms/contact", good],
    get: 303,
    to: "/forms/contact/thanks",
    changes: stored,
  },
  { it: "is open to who is signed in", as: "ann", form: ["/forms/contact", good], get: 303, changes: stored },
  {
    it: "gives it back with what was typed, and says what is wrong",
    form: ["/forms/contact", { ...good, name: "", email: `<b>"'&</b>`, text: "\n<script>x</script> ü 😀" }],
    get: 422,
    shows: [
      "Cannot be blank.",
      "Must be a valid email address.",
      "&lt;b>&quot;'&amp;&lt;/b>",
      "&lt;script>x&lt;/script> ü 😀",
      `href="#field-email"`,
      "autofocus",
    ],
    hides: ["<script>x", "<b>"],
    changes: {},
  },
  {
    it: "keeps what was ticked and where to go afterwards",
    form: ["/forms/contact", { name: "", topics: ["b", "a"], _next: "/danke" }],
    get: 422,
    shows: [`name="_next" value="/danke"`, `value="a" checked`, `value="b" checked`],
    changes: {},
  },
  {
    it: "takes several values",
    form: ["/forms/contact", { ...good, topics: ["b", "a"] }],
    headers: { accept: "application/json" },
    get: 200,
    shows: [`"topics":["b","a"]`],
    changes: stored,
  },
  {
    it: "leaves text as it is, whatever it looks like",
    form: ["/forms/contact", { ...good, name: "007", text: '{"a":1}' }],
    headers: { accept: "application/json" },
    get: 200,
    shows: [`"name":"007"`, `"text":"{\\"a\\":1}"`],
    changes: stored,
  },
  {
    it: "takes nothing that it does not ask for",
    form: [
      "/forms/contact",
      {
        ...good,
        rating: "5",
        internal: "x",
        secret: "y",
        "place.lon": "5",
        id: "chosenbystranger",
        created: "2001-01-01",
      },
    ],
    headers: { accept: "application/json" },
    get: 200,
    shows: [`"rating":0`, `"internal":""`, `"place":{"lon":0,"lat":0}`],
    hides: ["secret", "chosenbystranger", "2001"],
    changes: stored,
  },
  {
    it: "nor as JSON inside a form",
    form: ["/forms/contact", { ...good, "@jsonPayload": `{"internal":"x","rating":5,"text":"from JSON"}` }],
    headers: { accept: "application/json" },
    get: 200,
    shows: [`"rating":0`, `"internal":""`, `"text":"Hello"`],
    changes: stored,
  },
  {
    it: "takes JSON",
    json: ["POST", "/forms/contact", { ...good, topics: ["a"], internal: "x" }],
    get: 200,
    shows: [`"name":"Ada"`, `"topics":["a"]`, `"internal":""`],
    changes: stored,
  },
  {
    it: "answers problems as the API does",
    json: ["POST", "/forms/contact", { name: "", email: "x" }],
    get: 400,
    shows: [`"name":{"code":"validation_required"`, `"message":"Failed to create record."`],
    changes: {},
  },
  {
    it: "with a body that cannot be read is refused in words",
    form: ["/forms/contact", good],
    headers: { "content-type": "multipart/form-data" },
    get: 400,
    shows: ["<h1>That could not be understood</h1>"],
    changes: {},
  },
  { it: "that is not there", form: ["/forms/nope", good], get: 404, shows: ["There is no such form."], changes: {} },
]);

scenarios("what an answer looks like (FORMS.md 1)", contact, [
  {
    it: "a browser's: a page",
    form: ["/forms/contact", good],
    headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" },
    get: 303,
    changes: stored,
  },
  {
    it: "a form of no preference: a page",
    form: ["/forms/contact", good],
    headers: { accept: "*/*" },
    get: 303,
    changes: stored,
  },
  {
    it: "JSON of no preference: JSON",
    json: ["POST", "/forms/contact", good],
    headers: { accept: "*/*" },
    get: 200,
    shows: [`"name":"Ada"`],
    changes: stored,
  },
  {
    it: "JSON that wants a page: a page",
    json: ["POST", "/forms/contact", good],
    headers: { accept: "text/html" },
    get: 303,
    changes: stored,
  },
  {
    it: "JSON that wants a page: the form again",
    json: ["POST", "/forms/contact", { name: "<Ada>" }],
    headers: { accept: "text/html" },
    get: 422,
    shows: ["&lt;Ada>"],
    changes: {},
  },
  {
    it: "a form that wants JSON: JSON",
    form: ["/forms/contact", good],
    headers: { accept: "application/json" },
    get: 200,
    shows: [`"name":"Ada"`],
    changes: stored,
  },
  {
    it: "a form that wants JSON: problems",
    form: ["/forms/contact", {}],
    headers: { accept: "application/json" },
    get: 400,
    shows: [`"status":400`],
    changes: {},
  },
]);

describe("where a success leads", () => {
  const to = (next: string, where: string): Scenario => ({
    it: `${JSON.stringify(next)}: ${where}`,
    form: ["/forms/contact", { ...good, _next: next }],
    get: 303,
    to: where,
    changes: stored,
  });
  const thanks = "/forms/contact/thanks";
  scenarios("_next", contact, [
    to("/danke?a=1#b", "/danke?a=1#b"),
    to("http://localhost/danke", "/danke"),
    to("", thanks),
    to("//evil.example", thanks),
    to("///evil.example", thanks),
    to("/\\evil.example", thanks),
    to("\\\\evil.example", thanks),
    to("/\t/evil.example", thanks),
    to(" //evil.example", thanks),
    to("https://evil.example", thanks),
    to("https:evil.example", thanks),
    to("http://localhost@evil.example/", thanks),
    to("http://localhost.evil.example/", thanks),
    to("javascript:alert(1)", thanks),
    to("data:text/html,x", thanks),
    to("http://localhost//evil.example", "/evil.example"),
    to("/.//evil.example", "/evil.example"),
    to("/x/..//evil.example", "/evil.example"),
    to("/a\r\nSet-Cookie: x=1", "/aSet-Cookie:%20x=1"),
    to("http://[", thanks),
  ]);

  about("a form's redirect", { redirect: "https://me.example/thanks", origins: ["https://me.example"] }, [
    {
      it: "is where it leads",
      form: ["/forms/contact", good],
      get: 303,
      to: "https://me.example/thanks",
      changes: stored,
    },
    {
      it: "unless the page says so",
      form: ["/forms/contact", { ...good, _redirect: "https://me.example/x" }],
      get: 303,
      to: "https://me.example/x",
      changes: stored,
    },
    {
      it: "for an origin that is listed",
      form: ["/forms/contact", { ...good, redirect: "https://you.example/x" }],
      get: 303,
      to: "https://me.example/thanks",
      changes: stored,
    },
    {
      it: "is known to the policy of the page",
      json: ["GET", "/forms/contact"],
      headers: { accept: "text/html" },
      get: 200,
    },
  ]);
});

describe("a robot", () => {
  const aside = { _submissions: 1, outbox: 1 };
  const forged = "a.b.cccccccccccccccc.dddddddddddddddd";
  const traps = ["_gotcha", "_honeypot", "_honey", "bot-field", "botcheck"];
  scenarios(
    "that fills in",
    contact,
    traps.flatMap((trap): Scenario[] => [
      {
        it: `${trap} is thanked, and what it sent is aside`,
        form: ["/forms/contact", { ...good, [trap]: "x" }],
        get: 303,
        to: "/forms/contact/thanks",
        changes: aside,
      },
      {
        it: `${trap} gets JSON like everyone`,
        json: ["POST", "/forms/contact", { ...good, [trap]: true }],
        get: 200,
        shows: [`"name":"Ada"`, `"id":"`],
        changes: aside,
      },
      {
        it: `${trap} and a forged token is thanked, and nothing is stored`,
        form: ["/forms/contact", { ...good, [trap]: "x", _token: forged, text: "[url=https://x.example]x[/url]" }],
        get: 303,
        to: "/forms/contact/thanks",
        changes: {},
      },
    ]),
  );
  scenarios("that is none", contact, [
    {
      it: "leaves it blank",
      form: ["/forms/contact", { ...good, _gotcha: "", botcheck: ["", ""] }],
      get: 303,
      changes: stored,
    },
    {
      it: "says that it is not ticked",
      json: ["POST", "/forms/contact", { ...good, botcheck: false, _honey: null }],
      get: 200,
      changes: stored,
    },
  ]);

  test("cannot tell by the answer", async () => {
    await using it = await Opened.open();
    await contact(it);
    const shape = async (body: Body) => {
      const answer = await it.send({ json: ["POST", "/forms/contact", body] });
      return [
        answer.status,
        [...answer.headers.keys()],
        Object.entries(answer.body).map(([key, value]) => [key, String(value).length]),
      ];
    };
    expect(await shape({ ...good, _gotcha: "x" })).toEqual(await shape(good));
    expect(await shape({ ...good, email: "x", _gotcha: "x" })).toEqual(await shape({ ...good, email: "x" }));
  });
});

describe("origins", () => {
  const from = (origin: string | undefined, get: number, changes: Readonly<Record<string, number>>): Scenario => ({
    it: `${origin ?? "nothing said"}: ${get}`,
    form: ["/forms/contact", good],
    ...(origin ? { headers: { origin, "sec-fetch-site": "cross-site" } } : {}),
    get,
    changes,
  });
  scenarios("none listed", contact, [
    from(undefined, 303, stored),
    from("https://any.example", 303, stored),
    from("null", 303, stored),
  ]);
  about("some listed", { origins: ["https://me.example"] }, [
    from(undefined, 303, stored),
    from("https://me.example", 303, stored),
    from("http://me.example", 403, {}),
    from("https://me.example.evil.example", 403, {}),
    from("https://evil.example", 403, {}),
    from("null", 403, {}),
    from("http://localhost", 303, stored),
    {
      it: "a program is refused as JSON",
      json: ["POST", "/forms/contact", good],
      headers: { origin: "https://evil.example" },
      get: 403,
      shows: ["This form does not take answers from the page it was sent from."],
      changes: {},
    },
  ]);
});

describe("a form that is closed", () => {
  const closed = async (it: Opened, createRule: string | null) => {
    await contact(it);
    await it.send({ as: "root", json: ["PATCH", "/api/collections/messages", { createRule }] });
  };
  const typed = ['value="ada@example.com"', "Hello"];
  scenarios("to all but owners", (it) => closed(it, null), [
    {
      it: "shows nobody what cannot be sent",
      json: ["GET", "/forms/contact"],
      headers: { accept: "text/html" },
      get: 403,
      shows: ["This form takes no answers at the moment."],
      hides: ["<form", "<input"],
      changes: {},
    },
    {
      it: "shows an owner what they may send",
      as: "root",
      json: ["GET", "/forms/contact"],
      get: 200,
      shows: ["<form"],
    },
    {
      it: "gives back what was typed",
      form: ["/forms/contact", good],
      get: 403,
      shows: ["This form takes no answers at the moment.", ...typed],
      changes: {},
    },
    {
      it: "says so as JSON",
      json: ["POST", "/forms/contact", good],
      get: 403,
      shows: ["takes no answers"],
      hides: ["<"],
      changes: {},
    },
    { it: "is open to an owner", as: "root", form: ["/forms/contact", good], get: 303, changes: stored },
    { it: "is none for a form that is not there", form: ["/forms/nope", good], get: 404, changes: {} },
  ]);
  scenarios("to who does not meet the rule", (it) => closed(it, "@request.auth.id != '' && name != 'Eve'"), [
    {
      it: "gives back what was typed",
      form: ["/forms/contact", good],
      get: 400,
      shows: ["This form does not take your answer.", ...typed],
      changes: {},
    },
    {
      it: "and says nothing else",
      form: ["/forms/contact", { name: "" }],
      get: 400,
      hides: ["Cannot be blank."],
      changes: {},
    },
    { it: "is open to who does", as: "ann", form: ["/forms/contact", good], get: 303, changes: stored },
    {
      it: "by what is sent, too",
      as: "ann",
      form: ["/forms/contact", { ...good, name: "Eve" }],
      get: 400,
      changes: {},
    },
  ]);
});

describe("a form goes on when its collection", () => {
  async function changed(change: (fields: Body[]) => Body): Promise<Opened> {
    const it = await Opened.open();
    await contact(it);
    const { body } = await it.send({ as: "root", json: ["GET", "/api/collections/messages"] });
    const answer = await it.send({
      as: "root",
      json: ["PATCH", "/api/collections/messages", change(body.fields as Body[])],
    });
    expect(answer.status, answer.text).toBe(200);
    return it;
  }
  const page = async (it: Opened) =>
    (await it.send({ json: ["GET", "/forms/contact"], headers: { accept: "text/html" } })).text;
  const formOf = async (it: Opened) => ((await it.send({ as: "root", json: ["GET", path] })).body.items as Body[])[0];

  test("has another name, and its fields have", async () => {
    await using it = await changed((fields) => ({
      name: "letters",
      fields: fields.map((field) => (field.name === "name" ? { ...field, name: "sender" } : field)),
    }));
    expect(await formOf(it)).toMatchObject({
      collection: "letters",
      fields: ["email", { name: "sender", label: "Your name", help: "First and last." }, "text", "topics"],
    });
    expect(await page(it)).toContain(`name="sender"`);
    const { name: sender, ...others } = good;
    expect((await it.send({ form: ["/forms/contact", { ...others, sender }] })).status).toBe(303);
  });

  test("has lost a field: the others are still asked", async () => {
    await using it = await changed((fields) => ({ fields: fields.filter(({ name }) => name !== "text") }));
    const text = await page(it);
    expect(text).toContain(`name="email"`);
    expect(text).not.toContain(`name="text"`);
    expect((await it.send({ form: ["/forms/contact", good] })).status).toBe(303);
    const saved = await it.send({
      as: "root",
      json: ["PATCH", `${path}/${String((await formOf(it))?.id)}`, { title: "New" }],
    });
    expect([saved.status, saved.text]).toEqual([400, expect.stringContaining("There is no field text")]);
  });

  test("has lost all that it asked: nothing else is asked instead", async () => {
    await using it = await changed((fields) => ({
      fields: fields.filter(({ name }) => !["name", "email", "text", "topics"].includes(String(name))),
    }));
    expect(await page(it)).not.toMatch(/name="(internal|rating|name)"/);
    const sent = await it.send({
      form: ["/forms/contact", { internal: "x" }],
      headers: { accept: "application/json" },
    });
    expect([sent.status, sent.body]).toEqual([200, expect.objectContaining({ internal: "" })]);
  });

  test("hides a field: it is asked no more", async () => {
    await using it = await changed((fields) => ({
      fields: fields.map((field) => (field.name === "text" ? { ...field, hidden: true } : field)),
    }));
    expect(await page(it)).not.toContain(`name="text"`);
  });

  test("is gone: there is no such form", async () => {
    await using it = await Opened.open();
    await contact(it);
    expect((await it.send({ as: "root", json: ["DELETE", "/api/collections/messages"] })).status).toBe(204);
    expect((await it.send({ json: ["GET", "/forms/contact"] })).status).toBe(404);
    expect((await it.send({ form: ["/forms/contact", good] })).status).toBe(404);
  });

  test("is told by its id", async () => {
    await using it = await Opened.open();
    await contact(it);
    const id = it.project.collections.find("messages")?.id ?? "";
    await form(it, { slug: "by-id", collection: id });
    await it.send({ as: "root", json: ["PATCH", "/api/collections/messages", { name: "letters" }] });
    expect((await it.send({ form: ["/forms/by-id", good] })).status).toBe(303);
  });
});

describe("the thank-you page leads back to", () => {
  const from = (referer: string, href: string, text = "Go back to the page you came from") => ({
    it: `${href} from ${referer}`,
    json: ["GET", "/forms/contact/thanks"] as const,
    headers: { referer },
    get: 200,
    shows: [`href="${href}">${text}</a>`],
  });
  scenarios("a sent form", contact, [
    from("http://localhost/about.html?a=1&b=2", "http://localhost/about.html?a=1&amp;b=2"),
    from("https://shop.example/", "https://shop.example/"),
    from("http://localhost/forms/contact", "/", "Go to the home page"),
    from("http://localhost/forms/contact/thanks", "/", "Go to the home page"),
    from("javascript:alert(1)", "/", "Go to the home page"),
    from("", "/", "Go to the home page"),
  ]);
});

test("a form with a field called like a trap takes it for a field", async () => {
  await using it = await Opened.open();
  await it.collection({
    name: "bots",
    fields: [
      { name: "_gotcha", type: "text" },
      { name: "redirect", type: "text" },
    ],
  });
  await it.record("_forms", { slug: "bots", collection: "bots", title: "Bots" });
  const sent = await it.send({ form: ["/forms/bots", { _gotcha: "x", redirect: "/x" }] });
  expect([sent.status, sent.headers.get("location")]).toEqual([303, "/forms/bots/thanks"]);
  expect((await it.counts()).bots).toBe(1);
});

test("a form behind a proxy leads to where it was asked for", async () => {
  await using it = await Opened.open();
  await contact(it);
  const headers = { "x-forwarded-proto": "https" };
  const sent = (_next: string) => it.send({ form: ["/forms/contact", { ...good, _next }], headers });
  expect((await sent("https://localhost/x")).headers.get("location")).toBe("/x");
  expect((await sent("http://localhost/x")).headers.get("location")).toBe("/forms/contact/thanks");
});
