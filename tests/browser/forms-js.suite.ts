import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { Server } from "../server.ts";
import { until, useChromium, type Visitor } from "./browser.ts";

const visit = useChromium();

const password = "a few words in a row";
const lost = "The server could not be reached.";
const broken = "The server did not answer as it should.";
const notAnAddress = "Must be a valid email address.";
const blank = "Cannot be blank.";
const thanks = "Your message has arrived, and we will answer within two days.";

let server: Server;
let elsewhere: Bun.Server<undefined>;

/** Pages of another site, by their paths. */
const pages = new Map<string, string>();

beforeAll(async () => {
  server = await Server.start();
  elsewhere = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) => {
      const body = pages.get(new URL(request.url).pathname) ?? "<!doctype html><title>Elsewhere</title><h1>Hello</h1>";
      return new Response(body, { headers: { "content-type": "text/html;charset=utf-8" } });
    },
  });
  await makeForms();
});

afterAll(async () => {
  await elsewhere.stop(true);
  await server[Symbol.asyncDispose]();
});

/** A program types faster than anybody. */
const shield = { seconds: 0 };

/** A form with a file, and one that leads to the other site. */
async function makeForms(): Promise<void> {
  const owner = { email: "owner@example.com", password };
  const link = new URL(await server.setupLink());
  const token = link.searchParams.get("token") ?? "";
  const body = new URLSearchParams({ token, ...owner, passwordConfirm: password });
  await fetch(link, { method: "POST", body, redirect: "manual" });
  const session = { identity: owner.email, password };
  const signedIn = await post("/api/collections/_superusers/auth-with-password", session, "");
  const authorization = String(signedIn["token"]);
  const fields = [
    { name: "title", type: "text", required: true },
    { name: "photo", type: "file", required: true },
  ];
  await post("/api/collections", { name: "photos", type: "base", createRule: "", fields }, authorization);
  const forms = "/api/collections/_forms/records";
  await post(forms, { slug: "photos", collection: "photos", title: "Photos", shield }, authorization);
  const redirect = `http://127.0.0.1:${elsewhere.port}/received`;
  await patch(await idOf("contact", authorization), { shield }, authorization);
  await post(forms, { slug: "away", collection: "messages", title: "Away", redirect, shield }, authorization);
}

async function post(path: string, body: object, authorization: string): Promise<Record<string, unknown>> {
  const headers = { "content-type": "application/json", authorization };
  const answer = await fetch(server.address + path, { method: "POST", headers, body: JSON.stringify(body) });
  expect([path, answer.status]).toEqual([path, 200]);
  return await answer.json();
}

/** The id of the form with this slug. */
async function idOf(slug: string, authorization: string): Promise<string> {
  const query = new URLSearchParams({ filter: `slug="${slug}"` });
  const path = `${server.address}/api/collections/_forms/records?${query}`;
  const { items } = await (await fetch(path, { headers: { authorization } })).json();
  return items[0].id;
}

async function patch(id: string, body: object, authorization: string): Promise<void> {
  const headers = { "content-type": "application/json", authorization };
  const path = `${server.address}/api/collections/_forms/records/${id}`;
  expect((await fetch(path, { method: "PATCH", headers, body: JSON.stringify(body) })).status).toBe(200);
}

const fern = { name: "fern.txt", mimeType: "text/plain", buffer: Buffer.from("a green fern") };

/** How many records of a collection have this value: as they lie on disk. */
function stored(collection: string, field: string, value: string): number {
  using database = new Database(join(server.dir, "formstead.db"), { readonly: true });
  const text = `SELECT COUNT(*) AS total FROM "${collection}" WHERE "${field}" = ?`;
  return database.query<{ total: number }, [string]>(text).get(value)?.total ?? 0;
}

const sent = (name: string) => stored("messages", "name", name);

/** A message that no other test sends. */
let messages = 0;
function message() {
  return { name: `Ann ${++messages}`, email: "ann@example.com", message: "Do you sell ferns?\n\nI look for two." };
}

/** What all of a page has seen since it was opened: kept in the page, so that it is gone when another one is. */
const stays = (page: Page) => page.evaluate<boolean>("globalThis.here === true");
const mark = (page: Page) => page.evaluate("void (globalThis.here = true)");
const focused = (page: Page) =>
  page.evaluate<string>("document.activeElement.name || document.activeElement.className");
const historyLength = (page: Page) => page.evaluate<number>("history.length");

/** Opens a page and marks it. */
async function open(visitor: Visitor, address: string): Promise<void> {
  await visitor.open(address);
  await mark(visitor.page);
}

/** Holds every post back for so many milliseconds. */
async function slow(page: Page, milliseconds: number): Promise<void> {
  await page.route("**/forms/*", async (route) => {
    if (route.request().method() === "POST") await Bun.sleep(milliseconds);
    await route.continue();
  });
}

const button = (visitor: Visitor, name: string) => visitor.page.getByRole("button", { name, exact: true });

describe("on a page of ours", () => {
  const form = () => `${server.address}/forms/contact`;
  const send = "Send the message";

  test("what is wrong is shown in place, and the way on is the one without a script", async () => {
    await using visitor = await visit();
    const { page } = visitor;
    const right = message();
    await visitor.open(`${server.address}/`);
    await open(visitor, form());
    const before = await historyLength(page);

    await visitor.fill({ ...right, email: "ann@home" });
    expect(await visitor.press(send)).toEqual(["POST /forms/contact 422"]);
    expect(await stays(page)).toBe(true);
    expect([page.url(), await historyLength(page)]).toEqual([form(), before]);
    expect(await page.title()).toStartWith("Problem: ");
    expect(await visitor.typed("name", "email", "message")).toEqual({ ...right, email: "ann@home" });
    expect(await visitor.description("email")).toContain(notAnAddress);
    expect(await page.getByRole("alert").innerText()).toContain(notAnAddress);
    expect(await focused(page)).toBe("email");
    expect(await page.locator("main").count()).toBe(1);

    await visitor.fill({ name: "x".repeat(150), email: right.email });
    expect(await visitor.press(send)).toEqual(["POST /forms/contact 422"]);
    expect(await stays(page)).toBe(true);
    expect(await focused(page)).toBe("name");
    expect(await visitor.description("email")).not.toContain(notAnAddress);

    await visitor.fill({ name: right.name });
    expect(await visitor.press(send)).toEqual(["POST /forms/contact 303", "GET /forms/contact/thanks 200"]);
    expect([await stays(page), await historyLength(page)]).toEqual([false, before + 1]);
    expect(await visitor.text()).toContain(thanks);
    expect(sent(right.name)).toBe(1);
    expect(visitor.refused).toEqual([]);
  });

  test("whoever comes back finds the form with what was typed, and sending it again makes no second answer", async () => {
    await using visitor = await visit();
    const { page } = visitor;
    const right = message();
    await open(visitor, form());
    await page.evaluate("void addEventListener('pageshow', (it) => (globalThis.kept = it.persisted))");
    await visitor.fill(right);
    await visitor.press(send);

    await page.goBack({ waitUntil: "commit" });
    await until(page, "globalThis.kept");
    expect(await visitor.typed("name", "email", "message")).toEqual(right);
    expect(await button(visitor, send).isEnabled()).toBe(true);
    expect(await page.locator("[aria-busy]").count()).toBe(0);
    expect(await visitor.press(send)).toEqual(["POST /forms/contact 303", "GET /forms/contact/thanks 200"]);
    expect(sent(right.name)).toBe(1);

    await page.goBack({ waitUntil: "commit" });
    await until(page, "globalThis.kept");
    const another = { name: message().name, email: "bob@example.com", message: "Are dogs allowed in the garden?" };
    await visitor.fill(another);
    await visitor.press(send);
    expect(sent(another.name)).toBe(1);
  });

  test("a double click, and Enter at the same time, send once", async () => {
    await using visitor = await visit();
    const { page } = visitor;
    const right = message();
    await open(visitor, form());
    await visitor.fill(right);
    await slow(page, 400);
    await button(visitor, send).dblclick();
    expect(await page.locator("form[aria-busy]").count()).toBe(1);
    expect(await button(visitor, send).isEnabled()).toBe(false);
    await visitor.field("name").press("Enter");
    await page.evaluate("document.querySelector('form').requestSubmit()");
    await page.waitForURL("**/thanks");
    expect(sent(right.name)).toBe(1);
  });

  test("Enter in a field sends, and so does requestSubmit", async () => {
    await using visitor = await visit();
    const { page } = visitor;
    const [first, second] = [message(), message()];
    const act: Record<string, () => Promise<unknown>> = {
      [first.name]: () => visitor.field("email").press("Enter"),
      [second.name]: () => page.evaluate("document.querySelector('form').requestSubmit()"),
    };
    for (const right of [first, second]) {
      await open(visitor, form());
      await visitor.fill(right);
      await act[right.name]?.();
      await page.waitForURL("**/thanks");
      expect(sent(right.name)).toBe(1);
    }
  });

  test("without a network it says so, keeps everything, and sends it later", async () => {
    await using visitor = await visit();
    const { page } = visitor;
    const right = message();
    await open(visitor, form());
    await visitor.fill(right);
    await page.context().setOffline(true);
    await button(visitor, send).click();
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.innerText()).toContain(lost);
    expect(await focused(page)).toBe("notice problem");
    expect(await visitor.typed("name", "email", "message")).toEqual(right);

    await button(visitor, send).click();
    await until(page, "!document.querySelector('[aria-busy]')");
    expect(await alert.count()).toBe(1);
    await page.context().setOffline(false);
    expect(await visitor.press(send)).toEqual(["POST /forms/contact 303", "GET /forms/contact/thanks 200"]);
    expect(sent(right.name)).toBe(1);
  });

  test("an answer that is none of ours is said, and changes nothing", async () => {
    await using visitor = await visit();
    const { page } = visitor;
    const right = message();
    await open(visitor, form());
    await visitor.fill(right);
    await page.route("**/forms/contact", (route) =>
      route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" }),
    );
    await button(visitor, send).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").innerText()).toContain(broken);
    expect(await visitor.typed("name", "email", "message")).toEqual(right);
    expect(await button(visitor, send).isEnabled()).toBe(true);
  });

  test("what is typed while the answer is on its way stays", async () => {
    await using visitor = await visit();
    const { page } = visitor;
    const right = message();
    await open(visitor, form());
    await visitor.fill({ ...right, email: "ann@home" });
    await slow(page, 400);
    await button(visitor, send).click();
    await visitor.fill({ message: "Do you sell mosses?" });
    await page.getByRole("alert").waitFor();
    expect(await visitor.typed("name", "email", "message")).toEqual({
      ...right,
      email: "ann@home",
      message: "Do you sell mosses?",
    });
  });

  test("a file is sent, and need not be chosen again", async () => {
    await using visitor = await visit();
    const { page } = visitor;
    await open(visitor, `${server.address}/forms/photos`);
    await page.evaluate("void (document.querySelector('form').noValidate = true)");
    await visitor.field("photo").setInputFiles(fern);
    expect(await visitor.press("Send")).toEqual(["POST /forms/photos 422"]);
    expect(await visitor.description("title")).toContain(blank);
    expect(await visitor.description("photo")).not.toContain(blank);
    expect(await visitor.text()).toContain("Kept from before: fern.txt.");
    await visitor.fill({ title: "Kept" });
    expect((await visitor.press("Send"))[0]).toBe("POST /forms/photos 303");
    expect(stored("photos", "title", "Kept")).toBe(1);
  });

  test("a form may lead to another site", async () => {
    await using visitor = await visit();
    const right = message();
    await open(visitor, `${server.address}/forms/away`);
    await visitor.fill(right);
    expect(await visitor.press("Send")).toEqual(["POST /forms/away 303", "GET /received 200"]);
    expect(sent(right.name)).toBe(1);
    expect(visitor.refused).toEqual([]);
  });

  test("pages change smoothly, unless somebody would rather not see that", async () => {
    for (const motion of [true, false]) {
      await using visitor = await visit({ motion });
      const { page } = visitor;
      await page.addInitScript(
        "addEventListener('pagereveal', (it) => (globalThis.smooth = it.viewTransition !== null))",
      );
      await open(visitor, form());
      await visitor.fill(message());
      await visitor.press(send);
      await until(page, "typeof smooth === 'boolean'");
      expect(await page.evaluate<boolean>("smooth")).toBe(motion);
    }
  });
});

const inputs = `
  <label>Your name <input name="name"></label>
  <label for="email">Your email</label> <small id="hint">Only to answer.</small>
  <input id="email" name="email" type="text" aria-describedby="hint">
  <label>Your message <textarea name="message">As it was</textarea></label>`;

interface Foreign {
  /** Attributes of the form beside action and method. */
  readonly attributes?: string;
  readonly action?: string;
  readonly inside?: string;
  readonly after?: string;
  readonly script?: string | null;
}

/** A page somebody else has written, at a path of its own. */
function foreign({ attributes = "", action = "/forms/contact", inside = "", after = "", ...more }: Foreign = {}) {
  const { script = `<script src="${server.address}/forms.js" defer></script>` } = more;
  const path = `/page-${pages.size}`;
  pages.set(
    path,
    `<!doctype html><html lang="en"><title>Elsewhere</title>${script ?? ""}
     <h1>Elsewhere</h1><form action="${server.address}${action}" method="post" ${attributes}>${inputs}${inside}
     <button>Send</button></form>${after}`,
  );
  return `http://127.0.0.1:${elsewhere.port}${path}`;
}

describe("on a page of another site", () => {
  const alert = (page: Page) => page.getByRole("alert");

  test("problems are shown by their fields, and thanks where the form was", async () => {
    await using visitor = await visit();
    const { page } = visitor;
    const right = message();
    await open(visitor, foreign());
    await visitor.fill({ ...right, name: "", email: "ann@home" });
    await button(visitor, "Send").click();
    await alert(page).waitFor();
    expect(await alert(page).innerText()).toContain(`Your name: ${blank}`);
    expect(await alert(page).innerText()).toContain(`Your email: ${notAnAddress}`);
    expect(await visitor.description("name")).toBe(blank);
    expect(await visitor.description("email")).toBe(`Only to answer. ${notAnAddress}`);
    expect(await visitor.field("email").getAttribute("aria-invalid")).toBe("true");
    expect(await visitor.field("message").getAttribute("aria-invalid")).toBe(null);
    expect(await focused(page)).toBe("name");
    expect(await button(visitor, "Send").isEnabled()).toBe(true);
    await page.evaluate(axe.source);
    const broken = await page.evaluate<string[]>("axe.run('form').then((it) => it.violations.map(({ id }) => id))");
    expect(broken).toEqual([]);
    await page.getByRole("link", { name: "Your email" }).click();
    expect(await focused(page)).toBe("email");

    await visitor.fill({ name: right.name });
    await button(visitor, "Send").click();
    await until(page, "!document.querySelector('[name=name]').hasAttribute('aria-invalid')");
    expect(await alert(page).innerText()).not.toContain("Your name");
    expect(await visitor.description("email")).toBe(`Only to answer. ${notAnAddress}`);

    await visitor.fill({ email: right.email });
    await button(visitor, "Send").click();
    const status = page.getByRole("status");
    await status.waitFor();
    expect(await status.innerText()).toContain("Thank you");
    expect(await status.innerText()).toContain(thanks);
    expect([await page.locator("form").count(), await stays(page)]).toEqual([0, true]);
    expect(sent(right.name)).toBe(1);
  });

  test("without the script it is sent all the same, and so it is with JavaScript off", async () => {
    for (const javaScript of [true, false]) {
      await using visitor = await visit({ javaScript });
      const right = message();
      await visitor.open(foreign(javaScript ? { script: null } : {}));
      await visitor.fill({ ...right, email: "ann@home" });
      expect(await visitor.press("Send")).toEqual(["POST /forms/contact 422"]);
      expect(await visitor.typed("name", "email", "message")).toEqual({ ...right, email: "ann@home" });
      await visitor.fill({ email: right.email });
      const way = ["POST /forms/contact 303", "GET /forms/contact/thanks 200"];
      expect(await visitor.press("Send the message")).toEqual(way);
      expect(sent(right.name)).toBe(1);
    }
  });

  test("a double click sends once, and a page that has the script twice too", async () => {
    const right = message();
    const twice = `<script src="${server.address}/forms.js" defer></script>`;
    for (const after of ["", twice]) {
      await using visitor = await visit();
      await open(visitor, foreign({ after }));
      const { name } = right;
      await visitor.fill({ ...right, name: name + after.length });
      await slow(visitor.page, 300);
      await button(visitor, "Send").dblclick();
      await visitor.page.getByRole("status").waitFor();
      expect(sent(name + after.length)).toBe(1);
    }
  });

  test("the page's own elements are shown instead of ours", async () => {
    await using visitor = await visit();
    const { page } = visitor;
    const right = message();
    const inside = `<p data-form-fail hidden>Oh no.</p>`;
    const other = `<form><p data-form-done hidden>Of another form.</p></form>`;
    await open(visitor, foreign({ inside, after: `${other}<p data-form-done hidden>All done.</p>` }));
    await visitor.fill({ ...right, email: "ann@home" });
    await button(visitor, "Send").click();
    await page.getByText("Oh no.").waitFor();
    expect(await alert(page).count()).toBe(0);
    expect(await visitor.description("email")).toBe(`Only to answer. ${notAnAddress}`);

    await visitor.fill({ email: right.email });
    await button(visitor, "Send").click();
    await page.getByText("All done.").waitFor();
    expect([await page.getByText("Oh no.").isVisible(), await page.getByText("Of another").isVisible()]).toEqual([
      false,
      false,
    ]);
    expect(await visitor.field("name").count()).toBe(0);
    expect(sent(right.name)).toBe(1);
  });

  test("words of the page's own are said", async () => {
    await using visitor = await visit();
    const { page } = visitor;
    const script = `<script src="${server.address}/forms.js" defer data-lost="Keine Verbindung."></script>`;
    await open(visitor, foreign({ script }));
    await visitor.fill(message());
    await page.context().setOffline(true);
    await button(visitor, "Send").click();
    await alert(page).waitFor();
    expect(await alert(page).innerText()).toBe("Keine Verbindung.");
    expect(await button(visitor, "Send").isEnabled()).toBe(true);
  });

  test("the button that was pressed says its name and value, and where it leads", async () => {
    await using visitor = await visit();
    const { page } = visitor;
    const { name } = message();
    const inside = `<button name="email" value="button@example.com" formaction="${server.address}/forms/contact">Both</button>
      <input type="hidden" name="action" value="x"><input type="hidden" name="method" value="x">`;
    const action = "/forms/nothing";
    await open(visitor, foreign({ action, inside }));
    await page.locator("#email").evaluate("(it) => it.remove()");
    await visitor.fill({ name });
    await button(visitor, "Send").click();
    await alert(page).waitFor();
    expect(await stays(page)).toBe(true);
    await button(visitor, "Both").click();
    await page.getByRole("status").waitFor();
    expect([sent(name), stored("messages", "email", "button@example.com")]).toEqual([1, 1]);
  });

  test("a file is sent from there too", async () => {
    await using visitor = await visit();
    const { page } = visitor;
    const inside = `<input name="title" aria-label="title"><input name="photo" type="file">`;
    await open(visitor, foreign({ action: "/forms/photos", attributes: 'enctype="multipart/form-data"', inside }));
    await visitor.field("photo").setInputFiles(fern);
    await button(visitor, "Send").click();
    await alert(page).waitFor();
    expect(await stays(page)).toBe(true);
    expect(await alert(page).innerText()).toContain(`title: ${blank}`);
    expect(await visitor.description("photo")).not.toContain(blank);
  });

  test("a form that leads on is followed, also to the part of a page where one is already", async () => {
    await using visitor = await visit();
    const { page } = visitor;
    const right = message();
    await open(visitor, foreign({ action: "/forms/away" }));
    await visitor.fill(right);
    await button(visitor, "Send").click();
    await page.waitForURL("**/received");

    const own = `<!doctype html><title>Ours</title><script src="/forms.js" defer></script>
      <form action="/forms/contact" method="post">${inputs}<input type="hidden" name="_next" value="/own#end">
      <button>Send</button></form><p id="end">End</p>`;
    await Bun.write(join(server.publicDir, "own.html"), own);
    await open(visitor, `${server.address}/own`);
    await visitor.fill(right);
    expect((await visitor.press("Send")).at(-1)).toBe("GET /own 200");
    expect([page.url(), await stays(page)]).toEqual([`${server.address}/own#end`, false]);
    expect(sent(right.name)).toBe(2);
  });

  test("fields may be called what parts of a form are called", async () => {
    const names =
      "attributes children closest contains elements getAttribute hasAttribute matches prepend querySelector querySelectorAll " +
      "remove removeAttribute replaceChildren replaceWith reset setAttribute submit tabIndex";
    const inside = names.split(" ").map((name) => `<input type="hidden" name="${name}" value="x">`);
    const done = "<p data-form-done hidden>All done.</p>";
    const places: readonly (readonly [html: string, after: string, said: string])[] = [
      ["", "", thanks],
      [done, "", "All done."],
      ["", done, "All done."],
    ];
    // Playwright trips over such fields itself, so the page types and presses.
    const type = (page: Page, values: Readonly<Record<string, string>>) =>
      page.evaluate(`for (const [name, value] of Object.entries(${JSON.stringify(values)}))
        document.querySelector("[name=" + name + "]").value = value;
        document.querySelector("main form button, form button").click()`);
    const shows = (page: Page, text: string) =>
      until(page, `document.body.innerText.includes(${JSON.stringify(text)})`);
    for (const [html, after, said] of places) {
      await using visitor = await visit();
      const { page } = visitor;
      const right = message();
      await open(visitor, foreign({ inside: inside.join("") + html, after }));
      await type(page, { ...right, email: "ann@home" });
      await shows(page, notAnAddress);
      await type(page, { email: right.email });
      await shows(page, said);
      expect([await visitor.field("name").count(), await stays(page), sent(right.name)]).toEqual([0, true, 1]);
    }

    await using visitor = await visit();
    const { page } = visitor;
    await open(visitor, `${server.address}/forms/contact`);
    await page.evaluate(`const form = document.querySelector("main form"); form.noValidate = true;
      for (const name of ${JSON.stringify(names.split(" "))})
        Element.prototype.append.call(form, Object.assign(document.createElement("input"), { type: "hidden", name }))`);
    await type(page, { ...message(), email: "ann@home" });
    await shows(page, notAnAddress);
    expect(await stays(page)).toBe(true);
  });

  const plain: Readonly<Record<string, Foreign>> = {
    "says so": { attributes: "data-plain" },
    "a button that says so": { inside: "<button data-plain>Plainly</button>" },
    "for another window": { attributes: 'target="_top"' },
    "a button that gets": { inside: '<button formmethod="get">Plainly</button>' },
    "taken by another script": {
      after: `<script>document.forms[0].onsubmit = (it) => { it.preventDefault(); location = "/taken" }</script>`,
    },
  };
  test("some forms are left to the browser", async () => {
    await using visitor = await visit();
    for (const [which, page] of Object.entries(plain)) {
      await open(visitor, foreign(page));
      await visitor.fill(message());
      const [first] = await visitor.press(page.inside ? "Plainly" : "Send");
      const taken = /^(POST \/forms\/contact 303|GET \/forms\/contact\?.* 200|GET \/taken 200)$/;
      expect([which, first]).toEqual([which, expect.stringMatching(taken)]);
      expect([which, await stays(visitor.page)]).toEqual([which, false]);
    }
  });
});
