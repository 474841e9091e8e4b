import { describe, expect, test } from "bun:test";
import { Elysia } from "elysia";
import { sql } from "../src/store/sql.ts";
import { hook, openHooked } from "./hooked.ts";
import { type Answer, Opened, password, type Scenario, scenarios } from "./testing.ts";

/** Whoever sends more often than the owner's limits allow is asked to wait, and has typed nothing in vain. */

const address = { "x-real-ip": "198.51.100.7" };
const id = "post00000000001";
const edit = `/posts/${id}`;

/** A site whose owner lets nobody do a thing more. */
async function site(it: Opened): Promise<void> {
  await it.collection({
    name: "posts",
    pages: true,
    fields: [
      { name: "title", type: "text", max: 10 },
      { name: "text", type: "text", multiline: true },
      { name: "photo", type: "file", maxSize: 3_000_000 },
      { name: "secret", type: "password" },
    ],
  });
  await it.collection({ name: "closed", pages: true, createRule: null, fields: [{ name: "title", type: "text" }] });
  await it.collection({ name: "plain", fields: [{ name: "title", type: "text" }] });
  await it.collection({ name: "messages", fields: [{ name: "text", type: "text" }] });
  await it.record("posts", { id, title: "Ferns" });
  await it.record("_forms", { slug: "contact", collection: "messages", title: "Write to us" });
  await it.person("ann", { name: "Ann" });
  await slowDown(it);
}

async function slowDown(it: Opened): Promise<void> {
  const rules = [{ label: "/", audience: "", duration: 60, maxRequests: 1 }];
  const changed = await it.project.settings.change({
    trustedProxy: { headers: ["X-Real-IP"] },
    rateLimits: { enabled: true, rules },
  });
  expect(changed.ok).toBe(true);
  await it.send({ headers: address });
}

const asked = "This was asked for too often. Wait ";
const typed = "<Hello> there";
const shown = "&lt;Hello> there";

const pages: readonly Scenario[] = [
  {
    it: "signing in",
    form: ["/login", { identity: `${typed}@example.com`, password, next: "/posts" }],
    get: 429,
    shows: [asked, `value="${shown}@example.com"`, 'name="next" value="/posts"', 'action="/login"'],
    hides: [password],
  },
  {
    it: "signing in to the dashboard",
    form: ["/_/login", { email: `${typed}@example.com`, password }],
    get: 429,
    shows: [asked, `value="${shown}@example.com"`, 'action="/_/login"'],
    hides: [password],
  },
  {
    it: "making an account",
    form: ["/register", { name: typed, email: "eve@example.com", password, passwordConfirm: password, next: "/posts" }],
    get: 429,
    shows: [asked, `value="${shown}"`, 'value="eve@example.com"', 'name="next" value="/posts"', 'action="/register"'],
    hides: [password],
  },
  {
    it: "changing one's profile",
    as: "ann",
    form: ["/profile", { name: typed, oldPassword: password, password: "another of ours", passwordConfirm: "another" }],
    get: 429,
    shows: [asked, `value="${shown}"`, 'action="/profile"'],
    hides: [password, "another of ours"],
  },
  {
    it: "changing a profile after the session has ended",
    form: ["/profile", { name: typed }],
    get: 429,
    shows: [asked, `value="${shown}"`],
  },
  {
    it: "adding a record",
    form: ["/posts", { title: `${typed}, much too long`, text: "Line\nby line", secret: "hush hush" }],
    get: 429,
    shows: [asked, `value="${shown}, much too long"`, "Line\nby line</textarea>", 'action="/posts"'],
    hides: ["hush hush", "Use no more"],
  },
  {
    it: "changing a record",
    as: "ann",
    form: [edit, { title: typed, text: "Line\nby line", secret: "hush hush", "@drawn": "title:abc" }],
    get: 429,
    shows: [asked, `value="${shown}"`, "Line\nby line</textarea>", `action="${edit}"`, 'value="title:abc"'],
    hides: ["hush hush"],
  },
  {
    it: "changing a record that is not there",
    form: ["/posts/post00000000009", { title: typed }],
    get: 429,
    shows: [asked, `value="${shown}"`],
  },
  { it: "answering a form", form: ["/forms/contact", { text: typed }], get: 429, shows: [asked, `value="${shown}"`] },
  { it: "the same as Formspree", form: ["/f/contact", { text: typed }], get: 429, shows: [asked, `value="${shown}"`] },
];

/** Where there is nothing to show again, the refusal is all there is to say. */
const bare: readonly Omit<Scenario, "get">[] = [
  { it: "deleting a record", form: [`${edit}/delete`, {}] },
  { it: "adding where only owners may", form: ["/closed", { title: typed }], hides: [shown] },
  { it: "a collection without pages", form: ["/plain", { title: typed }], hides: [shown] },
  { it: "nothing at all", form: ["/nothing", { title: typed }], hides: [shown] },
  { it: "nothing below a form", form: ["/forms/nothing", { text: typed }], hides: [shown] },
  { it: "a page of the dashboard", form: ["/_/settings", { "meta.appName": typed }], hides: [shown] },
  { it: "more than anybody types", form: ["/login", { identity: "x".repeat(3000), password }], hides: ["xxx"] },
  { it: "more than a stranger may", form: ["/posts", { text: "x".repeat(1_100_000) }], hides: ["xxx"] },
];

const from = (table: readonly Scenario[]) => table.map((it) => ({ ...it, headers: { ...address, ...it.headers } }));
scenarios("one request too many", site, from(pages));
scenarios(
  "one request too many, with nothing to show again",
  site,
  from(bare.map((it) => ({ ...it, get: 429, shows: [asked] }))),
);

test.each(pages.map(({ it, form, as }) => [it, form, as] as const))("%s says how long to wait", async (_, form, as) => {
  await using it = await Opened.open();
  await site(it);
  const { headers } = await it.send({ form, as, headers: address });
  expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  expect([headers.get("set-cookie"), headers.get("location")]).toEqual([null, null]);
});

test.each(pages.map(({ form, as }) => [form?.[0] ?? "", as] as const).filter(([path]) => !path.startsWith("/f/")))(
  "programs at %s get the envelope",
  async (path, as) => {
    await using it = await Opened.open();
    await site(it);
    const { status, headers, body } = await it.send({ json: ["POST", path, { title: typed }], as, headers: address });
    expect([status, body["status"], body["data"]]).toEqual([429, 429, {}]);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  },
);

test("whoever makes the first superuser keeps their address and the link's token", async () => {
  await using it = await Opened.open();
  const token = (await it.project.setup.token()) ?? "";
  await slowDown(it);
  const sent = { token, email: "root@example.com", password, passwordConfirm: password };
  const { status, text } = await it.send({ form: ["/_/setup", sent], headers: address });
  expect(status).toBe(429);
  for (const part of [asked, "root@example.com", token]) expect(text).toContain(part);
  expect(text).not.toContain(password);
  expect(await it.project.setup.token()).toBe(token);
});

test("nobody learns by requests too many which setup link is the right one", async () => {
  await using it = await Opened.open();
  const token = (await it.project.setup.token()) ?? "";
  await slowDown(it);
  const answers = [];
  for (const tried of [token, "x".repeat(token.length)]) {
    const sent = { token: tried, email: "root@example.com", password, passwordConfirm: password };
    const { status, text } = await it.send({ form: ["/_/setup", sent], headers: address });
    answers.push([status, text.replaceAll(tried, "")]);
  }
  expect(answers[0]).toEqual(answers[1]);
});

describe("what is shown again is what was sent, and nothing of what is stored", () => {
  const city = "city00000000001";

  async function cities(it: Opened): Promise<void> {
    await it.collection({ name: "cities", pages: true, fields: [{ name: "title", type: "text" }] });
    await it.record("cities", { id: city, title: "Secretown" });
    const collectionId = it.project.collections.find("cities")?.id ?? "";
    await it.collection({
      name: "posts",
      pages: true,
      fields: [
        { name: "title", type: "text" },
        { name: "text", type: "text" },
        { name: "city", type: "relation", collectionId, maxSelect: 1 },
        { name: "kind", type: "select", values: ["news", "story"] },
      ],
    });
    await it.record("posts", { id, title: "Ferns", text: "Stored text", city });
    await it.person("ann", { name: "Ann Stored" });
    await it.person("root", {}, "_superusers");
    await slowDown(it);
  }

  test.each([undefined, "ann"])("of a record, the same whether or not there is one (%s)", async (as) => {
    await using it = await Opened.open();
    await cities(it);
    const all = { title: "Moss", text: "", city, kind: "story", "@drawn": "text:a" };
    for (const sent of [{}, { title: "Moss" }, all] as Record<string, string>[]) {
      const there = await it.send({ as, form: [edit, sent], headers: address });
      const other = "post00000000009";
      const missing = await it.send({ as, form: [`/posts/${other}`, sent], headers: address });
      expect([there.status, there.text]).toEqual([429, missing.text.replaceAll(other, id)]);
      for (const stored of ["Ferns", "Stored text", "Secretown"]) expect(there.text).not.toContain(stored);
      for (const [name, value] of Object.entries(sent)) {
        expect([name, there.text.includes(`name="${name}"`), there.text.includes(value)]).toEqual([name, true, true]);
      }
      // What is blank though it was never sent would overwrite what is stored when it is sent again.
      expect(there.text.includes('name="text"')).toBe("text" in sent);
    }
  });

  test.each([undefined, "ann"])("of a new record, with no options but those sent (%s)", async (as) => {
    await using it = await Opened.open();
    await cities(it);
    const { status, text } = await it.send({ as, form: ["/posts", { title: "Moss", city }], headers: address });
    expect([status, text.includes("Secretown"), text.includes(`value="${city}"`)]).toEqual([429, false, true]);
  });

  test("of one's profile", async () => {
    await using it = await Opened.open();
    await cities(it);
    for (const sent of [{}, { email: "new@example.com", oldPassword: password }] as Record<string, string>[]) {
      const { status, text } = await it.send({ as: "ann", form: ["/profile", sent], headers: address });
      expect([status, text.includes("Ann Stored"), text.includes("ann@example.com")]).toEqual([429, false, false]);
      expect([text.includes('name="name"'), text.includes('name="email"')]).toEqual([false, "email" in sent]);
    }
  });

  test("of the sign-in of the dashboard, whether or not somebody owns it", async () => {
    const texts: string[] = [];
    for (const owned of [true, false]) {
      await using it = await Opened.open();
      if (owned) await it.person("root", {}, "_superusers");
      await slowDown(it);
      const { text } = await it.send({ form: ["/_/login", { email: "a@example.com", password }], headers: address });
      texts.push(text);
    }
    expect(texts[0]).toBe(texts[1] ?? "");
  });
});

describe("a form for other sites", () => {
  const shop = { origin: "https://shop.example", referer: "https://shop.example/contact" };

  async function contact(it: Opened): Promise<void> {
    const fields = [
      { name: "text", type: "text", multiline: true, max: 5_000_000 },
      { name: "code", type: "text", max: 5 },
      { name: "photo", type: "file", maxSize: 3_000_000 },
    ];
    await it.collection({ name: "letters", fields });
    await it.record("_forms", {
      slug: "letters",
      collection: "letters",
      title: "Letters",
      back: true,
      origins: [shop.origin],
      shield: { hold: 1000, refuse: 1000 },
    });
    await it.person("ann");
    await slowDown(it);
  }

  test("comes back on our page, and nothing is written", async () => {
    await using it = await Opened.open();
    await contact(it);
    for (const path of ["/forms/letters", "/f/letters"]) {
      const sent = { text: typed, _back: shop.referer };
      const { status, text, headers } = await it.send({ form: [path, sent], headers: { ...address, ...shop } });
      expect([status, headers.get("location"), text.includes(shown), text.includes(asked)]).toEqual([
        429,
        null,
        true,
        true,
      ]);
      expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    }
    const refused = await upload(it, "/forms/letters", { text: typed, photo: photo(1000) });
    expect([refused.status, refused.text.includes(shown), draftIn(refused)]).toEqual([429, true, ""]);
    expect(refused.text).toContain("Please choose them again");
    expect(await drafts(it)).toBe(0);
  });

  test("is told in words where more comes than is read", async () => {
    await using it = await Opened.open();
    await contact(it);
    const long = { text: "x".repeat(1_100_000) };
    const { status, text, headers } = await it.send({ form: ["/forms/letters", long], headers: address });
    expect([status, text.includes(asked), text.includes("xxx")]).toEqual([429, true, false]);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    const refused = await upload(it, "/forms/letters", { text: typed, photo: photo(2_000_000) });
    expect([refused.status, refused.text.includes("Wait")]).toEqual([429, true]);
    expect(await drafts(it)).toBe(0);
  });

  test("still has the files that were sent before", async () => {
    await using it = await Opened.open();
    await contact(it);
    await it.project.settings.change({ rateLimits: { enabled: false } });
    const wrong = await upload(it, "/forms/letters", { text: "Hello", code: "too long", photo: photo(1000) });
    expect([wrong.status, await drafts(it)]).toEqual([422, 1]);
    await it.project.settings.change({ rateLimits: { enabled: true } });
    await it.send({ form: ["/login", {}], headers: address });
    const refused = await upload(it, "/forms/letters", { text: "Hello", _draft: draftIn(wrong) });
    expect([refused.status, draftIn(refused)]).toEqual([429, draftIn(wrong)]);
    expect(refused.text).toContain("fern.png");
  });
});

test("every route that is left to refuse by itself is tried here", async () => {
  await using it = await Opened.open();
  const left = it.app.routes.filter(
    ({ method, hooks }) => method === "POST" && "x-shows-again" in (hooks.detail ?? {}),
  );
  expect(left.map(({ path }) => path).toSorted()).toEqual([
    "/:collection",
    "/:collection/:id",
    "/_/login",
    "/_/setup",
    "/f/:form",
    "/forms/:form",
    "/login",
    "/profile",
    "/register",
  ]);
});

/** Sends a form with a photo, as browsers do. */
async function upload(it: Opened, path: string, fields: Readonly<Record<string, string | File>>, as?: string) {
  const data = new FormData();
  for (const [key, value] of Object.entries(fields)) data.append(key, value);
  const signedIn: Record<string, string> = as === undefined ? {} : { authorization: it.token(as) };
  const headers = { ...address, ...signedIn, accept: "text/html" };
  const response = await it.app.handle(new Request(`http://localhost${path}`, { method: "POST", headers, body: data }));
  return { status: response.status, text: await response.text() };
}

const photo = (size: number) => new File([new Uint8Array(size)], "fern.png");
const draftIn = ({ text }: Pick<Answer, "text">) => /name="_draft" value="([^"]+)"/.exec(text)?.[1] ?? "";

async function drafts(it: Opened): Promise<number> {
  const row = await it.project.store.first<{ total: number }>(sql`SELECT COUNT(*) AS total FROM _drafts`);
  return row?.total ?? 0;
}

describe("files", () => {
  test("of who is signed in are kept, and go with what is sent then", async () => {
    await using it = await Opened.open();
    await site(it);
    const refused = await upload(it, "/posts", { title: "Moss", photo: photo(2_000_000) }, "ann");
    expect(refused.status).toBe(429);
    expect(refused.text).toContain("fern.png");
    await it.project.settings.change({ rateLimits: { enabled: false } });
    const _draft = draftIn(refused);
    expect((await upload(it, "/posts", { title: "Moss", _draft }, "ann")).status).toBe(303);
    expect((await it.send({ json: ["GET", "/posts?filter=title='Moss'"] })).text).toContain("fern");
  });

  test("of a stranger are not, which is said, and nothing is written", async () => {
    await using it = await Opened.open();
    await site(it);
    for (const [path, key] of [
      ["/posts", "photo"],
      [edit, "photo"],
      ["/register", "avatar"],
    ] as const) {
      const { status, text } = await upload(it, path, { title: typed, name: typed, [key]: photo(1000) });
      expect([status, text.includes(shown)], path).toEqual([429, true]);
      if (key === "photo") expect(text).toContain('name="photo"');
      expect(text).toContain("Please choose them again");
    }
    expect(await drafts(it)).toBe(0);
  });

  test("that a stranger had sent before are still there", async () => {
    await using it = await Opened.open();
    await site(it);
    await it.project.settings.change({ rateLimits: { enabled: false } });
    const wrong = await upload(it, "/posts", { title: "much, much too long", photo: photo(1000) });
    expect([wrong.status, await drafts(it)]).toEqual([422, 1]);
    await it.project.settings.change({ rateLimits: { enabled: true } });
    await it.send({ form: ["/login", {}], headers: address });
    const refused = await upload(it, "/posts", { title: "Moss", _draft: draftIn(wrong) });
    expect([refused.status, draftIn(refused)]).toEqual([429, draftIn(wrong)]);
    expect(refused.text).toContain("fern.png");
    expect(refused.text).not.toContain("Please choose them again");
    await it.project.settings.change({ rateLimits: { enabled: false } });
    expect((await upload(it, "/posts", { title: "Moss", _draft: draftIn(refused) })).status).toBe(303);
    expect((await it.send({ json: ["GET", "/posts?filter=title='Moss'"] })).text).toContain("fern");
  });

  test("that are more than a stranger may send at once are not even read", async () => {
    await using it = await Opened.open();
    await site(it);
    const { status, text } = await upload(it, "/posts", { title: typed, photo: photo(2_000_000) });
    expect([status, text.includes("Wait")]).toEqual([429, true]);
  });
});

test("who may not come from there at all is shown nothing again", async () => {
  await using it = await Opened.open();
  await site(it);
  await it.person("root", {}, "_superusers");
  await it.project.settings.change({ superuserIPs: ["192.0.2.1"] });
  const { status, text } = await it.send({ as: "root", form: [edit, { title: typed }], headers: address });
  expect([status, text.includes("Ferns"), text.includes(shown)]).toEqual([403, false, false]);
});

test("a limit holds for an owner's own routes at our addresses, too", async () => {
  const routes = ["/login", "/posts", "/posts/:any", "/forms/*", "/gr%C3%BC%C3%9Fe/:any?"].map((path) => {
    return `app.post(${JSON.stringify(decodeURI(path))}, () => "done");`;
  });
  await using it = await openHooked({ "routes.ts": hook(routes.join("\n")) });
  await it.collection({ name: "posts", pages: true, fields: [{ name: "title", type: "text" }] });
  await slowDown(it);
  for (const path of ["/login", "/posts", edit, "/forms/contact", "/gr%C3%BC%C3%9Fe"]) {
    const { status, text } = await it.send({ form: [path, { title: typed }], headers: address });
    expect([status, text.includes(shown), text.includes("done")], path).toEqual([429, false, false]);
  }
});

test("a limit holds for the routes of an app that takes ours in, too", async () => {
  await using it = await Opened.open();
  await it.collection({ name: "posts", pages: true, fields: [{ name: "title", type: "text" }] });
  await slowDown(it);
  const host = new Elysia()
    .use(it.app)
    .post("/login", () => "done")
    .post("/posts/:any", () => "done");
  for (const path of ["/login", edit]) {
    const headers = { ...address, accept: "text/html", "content-type": "application/x-www-form-urlencoded" };
    const response = await host.handle(
      new Request(`http://localhost${path}`, { method: "POST", headers, body: "a=b" }),
    );
    expect([response.status, await response.text()], path).toEqual([429, expect.stringContaining(asked)]);
  }
});
