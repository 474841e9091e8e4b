import { describe, expect, test } from "bun:test";
import { Opened } from "./testing.ts";

const page = { accept: "text/html" };

async function site(it: Opened): Promise<void> {
  await it.person("root", {}, "_superusers");
  await it.person("ann");
  await it.collection({ name: "messages", fields: [{ name: "text", type: "text", required: true }] });
  await it.record("_forms", { slug: "contact", collection: "messages", title: "Write to us" });
  await it.record("_forms", {
    slug: "over",
    collection: "messages",
    title: "Over",
    closes: "2020-01-01 00:00:00.000Z",
  });
}

function open(it: Opened, path: string, as?: string, headers: Record<string, string> = {}) {
  return it.send({ as, json: ["GET", path], headers: { ...page, ...headers } });
}

describe("the name at the top of a visitor's page", () => {
  const paths: readonly (readonly [path: string, as?: string])[] = [
    ["/forms/contact"],
    ["/forms/contact/thanks"],
    ["/forms/over"],
    ["/nowhere"],
    ["/login"],
    ["/register"],
    ["/profile", "ann"],
    ["/messages"],
    ["/messages/new"],
    ["/"],
  ];
  const brand = (text: string) => /<a class="brand"[^>]*>(.*?)<\/a>/.exec(text)?.[1];

  test("is the owner's, once there is one", async () => {
    await using it = await Opened.open();
    await site(it);
    for (const [path, as] of paths) expect(brand((await open(it, path, as)).text), path).toContain("Formstead");
    await it.project.settings.change({ meta: { appName: "Fern & Co" } });
    for (const [path, as] of paths) expect(brand((await open(it, path, as)).text), path).toBe("Fern &amp; Co");
  });

  test("stays ours in the dashboard", async () => {
    await using it = await Opened.open();
    await site(it);
    await it.project.settings.change({ meta: { appName: "Fern & Co" } });
    for (const path of ["/_/login", "/_/nowhere"])
      expect(brand((await open(it, path)).text), path).toContain("Formstead");
  });

  test("also where what was sent comes back", async () => {
    await using it = await Opened.open();
    await site(it);
    await it.project.settings.change({ meta: { appName: "Fern & Co" } });
    const sends: readonly (readonly [string, Record<string, string>, string?])[] = [
      ["/forms/contact", { text: "" }],
      ["/login", { identity: "x", password: "y" }],
      ["/register", { email: "x" }],
      ["/profile", { email: "x" }, "ann"],
      ["/messages", { text: "" }],
    ];
    for (const [path, fields, as] of sends) {
      expect(brand((await it.send({ as, form: [path, fields] })).text), path).toBe("Fern &amp; Co");
    }
  });
});

describe("a page that has nothing to do for a visitor", () => {
  const referer = "https://you.example/contact.html";
  const back = `href="${referer}"`;

  test("leads back to where they came from, and home", async () => {
    await using it = await Opened.open();
    await site(it);
    for (const path of ["/nowhere", "/forms/nothing", "/forms/over", "/forms/contact/thanks"]) {
      const { text } = await open(it, path, undefined, { referer });
      expect(text, path).toContain(back);
      expect((await open(it, path)).text, path).toContain('class="button" href="/"');
    }
    const sent = await it.send({ form: ["/forms/nothing", { text: "x" }], headers: { referer } });
    expect([sent.status, sent.text.includes(back)]).toEqual([404, true]);
  });

  test("leads to no page that it is itself, and nowhere but to the web", async () => {
    await using it = await Opened.open();
    await site(it);
    for (const odd of ["http://localhost/nowhere", "javascript:alert(1)", "about:blank", "x"]) {
      expect((await open(it, "/nowhere", undefined, { referer: odd })).text, odd).not.toContain("Go back");
    }
  });
});

test("a problem of a field that the form does not ask for is named", async () => {
  await using it = await Opened.open();
  await site(it);
  await it.collection({
    name: "letters",
    fields: [
      { name: "text", type: "text" },
      { name: "pet_name", type: "text" },
    ],
  });
  await it.record("_forms", { slug: "letter", collection: "letters", title: "Letter", fields: ["text"] });
  await it.person("owner", {}, "_superusers");
  const asked = { name: "text", type: "text" };
  const unasked = { name: "pet_name", type: "text", required: true };
  await it.send({ as: "owner", json: ["PATCH", "/api/collections/letters", { fields: [asked, unasked] }] });
  const { status, text } = await it.send({ form: ["/forms/letter", { text: "x" }] });
  expect(status).toBe(422);
  expect(text).toContain("Pet name: Cannot be blank. This form does not ask for it");
  const inbox = await it.send({ as: "owner", json: ["GET", "/_/forms/letter/inbox"], headers: page });
  expect(inbox.text).toContain("Pet name 1");
});

describe("a server that nobody owns", () => {
  const owner = { email: "me@example.com", password: "a long password", passwordConfirm: "a long password" };

  test("says at the sign-in how it is made one's own", async () => {
    await using it = await Opened.open();
    expect((await open(it, "/_/login")).text).toContain("Nobody owns this server yet");
    await it.person("root", {}, "_superusers");
    expect((await open(it, "/_/login")).text).not.toContain("Nobody owns this server yet");
  });

  test("learns its address from who sets it up, where none is set", async () => {
    await using it = await Opened.open();
    const token = (await it.project.setup.token()) ?? "";
    const headers = { "x-forwarded-proto": "https" };
    const made = await it.send({ form: ["/_/setup", { ...owner, token }], headers });
    expect([made.status, made.headers.get("location")]).toEqual([303, "/_/"]);
    expect(it.project.settings.current.meta.appURL).toBe("https://localhost");
  });

  test("keeps the address that is set", async () => {
    await using it = await Opened.open();
    await it.project.settings.change({ meta: { appURL: "https://me.example" } });
    await it.send({ form: ["/_/setup", { ...owner, token: (await it.project.setup.token()) ?? "" }] });
    expect(it.project.settings.current.meta.appURL).toBe("https://me.example");
  });

  test("tells a link that is old from one that is used", async () => {
    await using it = await Opened.open();
    const old = await open(it, "/_/setup?token=old");
    expect([old.status, old.text.includes("from an earlier start")]).toEqual([403, true]);
    await it.person("root", {}, "_superusers");
    const used = await open(it, "/_/setup?token=old");
    expect([used.status, used.text.includes("has an owner")]).toEqual([403, true]);
    const inside = await open(it, "/_/setup?token=old", "root");
    expect([inside.status, inside.headers.get("location")]).toEqual([303, "/_/"]);
  });
});

test("the home page of a server without a site offers strangers no account", async () => {
  await using it = await Opened.open();
  await site(it);
  expect((await open(it, "/")).text).not.toContain('href="/register"');
  expect((await open(it, "/", "ann")).text).toContain('href="/profile"');
});
