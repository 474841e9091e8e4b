import { describe, expect, test } from "bun:test";
import { Server } from "../server.ts";
import { type Look, useChromium, type Visitor } from "./browser.ts";
import { faultsOf, looks } from "./faults.ts";

const visit = useChromium();

const password = "a few words in a row";
const body = "Water from below.\n\nNever at <b>noon</b>.";

/** Somebody with an account, made over the API. */
async function join(server: Server, name: string): Promise<void> {
  const person = { email: `${name.toLowerCase()}@example.com`, name, password, passwordConfirm: password };
  const answer = await fetch(`${server.address}/api/collections/users/records`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(person),
  });
  expect(answer.status).toBe(200);
}

/** Somebody with an account whose browser is signed in. */
async function visitAs(server: Server, name: string, look: Look = {}): Promise<Visitor> {
  const visitor = await visit(look);
  await visitor.open(`${server.address}/login?next=/posts`);
  await visitor.fill({ identity: `${name.toLowerCase()}@example.com`, password });
  expect((await visitor.press("Sign in")).at(-1)).toBe("GET /posts 200");
  return visitor;
}

/** Writes a post and answers its path. */
async function write(visitor: Visitor, title: string, published: boolean): Promise<string> {
  await visitor.follow("Add new");
  await visitor.fill({ title, body });
  if (published) await visitor.page.getByLabel("Published").check();
  const [posted, shown = ""] = await visitor.press("Save");
  expect(posted).toBe("POST /posts 303");
  expect(shown).toMatch(/^GET \/posts\/\w{15}\?done=created 200$/);
  return shown.split(/[ ?]/)[1] ?? "";
}

/** Lets the form go whatever the browser thinks of it. */
async function uncheck({ page }: Visitor): Promise<void> {
  await page.evaluate("document.querySelector('main form').noValidate = true");
}

async function titles(visitor: Visitor): Promise<string[]> {
  return (await visitor.rows()).map(([title = ""]) => title);
}

for (const javaScript of [false, true]) {
  describe(`with JavaScript ${javaScript ? "on" : "off"}`, () => {
    test("a user writes, edits and deletes a post, and sees everyone's published ones", async () => {
      await using server = await Server.start();
      for (const name of ["Ann", "Bob"]) await join(server, name);
      await using bob = await visitAs(server, "Bob", { javaScript });
      expect(await bob.text()).toContain("There is nothing here yet. Add the first one.");
      await write(bob, "Thistles", true);

      await using ann = await visitAs(server, "Ann", { javaScript });
      expect(await titles(ann)).toEqual(["Thistles"]);
      await ann.follow("Add new");
      expect(await ann.page.getByLabel("Author").inputValue()).toMatch(/^\w{15}$/);
      // What a browser would refuse is what the server refuses.
      await uncheck(ann);
      await ann.fill({ body });
      expect(await ann.press("Save")).toEqual(["POST /posts 422"]);
      expect(await ann.description("title")).toBe("Cannot be blank.");
      expect(await ann.typed("title", "body")).toEqual({ title: "", body });
      expect(await ann.page.locator('[name="title"]:focus').count()).toBe(1);
      await ann.fill({ title: "Ferns" });
      const path = ((await ann.press("Save")).at(-1) ?? "").split(/[ ?]/)[1] ?? "";
      expect(await ann.text()).toContain("It is saved.");
      expect(await ann.text()).toContain(body);
      expect(await ann.text()).toContain("Published\nNo");

      await bob.open(`${server.address}/posts`);
      expect(await titles(bob)).toEqual(["Thistles"]);
      expect((await bob.open(server.address + path)).at(-1)).toBe(`GET ${path} 404`);

      await ann.follow("Edit");
      expect(await ann.typed("title", "body")).toEqual({ title: "Ferns", body });
      await ann.fill({ title: "Ferns and moss" });
      await ann.page.getByLabel("Published").check();
      expect(await ann.press("Save")).toEqual([`POST ${path} 303`, `GET ${path}?done=updated 200`]);
      expect(await ann.text()).toContain("Your changes are saved.");

      await bob.open(`${server.address}/posts?sort=title`);
      expect(await titles(bob)).toEqual(["Ferns and moss", "Thistles"]);
      await bob.follow("Ferns and moss");
      expect(await bob.page.getByRole("link", { name: "Edit" }).count()).toBe(0);
      expect((await bob.open(`${server.address}${path}/edit`)).at(-1)).toBe(`GET ${path}/edit 403`);

      await using stranger = await visit({ javaScript });
      await stranger.open(`${server.address}/posts`);
      expect(new Set(await titles(stranger))).toEqual(new Set(["Ferns and moss", "Thistles"]));
      expect(await stranger.page.getByRole("link", { name: "Add new" }).count()).toBe(0);
      const edit = `${path}/edit`;
      expect(await stranger.open(server.address + edit)).toEqual([
        `GET ${edit} 303`,
        `GET /login?next=${encodeURIComponent(edit)} 200`,
      ]);
      await stranger.fill({ identity: "ann@example.com", password });
      expect((await stranger.press("Sign in")).at(-1)).toBe(`GET ${edit} 200`);

      await ann.follow("Delete");
      expect(await ann.text()).toContain("Delete Ferns and moss?");
      await ann.follow("Keep it");
      await ann.follow("Delete");
      expect(await ann.press("Delete")).toEqual([`POST ${path}/delete 303`, "GET /posts?done=deleted 200"]);
      expect(await titles(ann)).toEqual(["Thistles"]);
      expect(ann.refused).toEqual([]);
    });

    test("who saves what somebody else has changed meanwhile is shown both, and decides", async () => {
      await using server = await Server.start();
      await join(server, "Ann");
      await using ann = await visitAs(server, "Ann", { javaScript });
      const path = await write(ann, "Ferns", true);
      await using tab = await visitAs(server, "Ann", { javaScript });
      for (const visitor of [ann, tab]) await visitor.open(`${server.address}${path}/edit`);
      await tab.fill({ title: "Theirs", body: "Theirs, too" });
      expect((await tab.press("Save"))[0]).toBe(`POST ${path} 303`);

      await ann.fill({ title: "Mine" });
      expect(await ann.press("Save")).toEqual([`POST ${path} 409`]);
      expect(await ann.text()).toContain("Somebody else has changed this since you opened it, so nothing was saved.");
      expect(await ann.description("title")).toEndWith("It is now:\n\nTheirs");
      expect(await ann.typed("title", "body")).toEqual({ title: "Mine", body: "Theirs, too" });
      await ann.page.locator('[name="title"]:focus').waitFor({ timeout: 5000 });
      expect((await ann.press("Save"))[0]).toBe(`POST ${path} 303`);
      expect(await ann.text()).toContain("Mine");
      expect(ann.refused).toEqual([]);
    });

    test("who has been signed out keeps what they typed, signs in, and sends it again", async () => {
      await using server = await Server.start();
      await join(server, "Ann");
      await using visitor = await visitAs(server, "Ann", { javaScript });
      const { page } = visitor;
      await visitor.follow("Add new");
      await visitor.fill({ title: "Ferns", body });
      await page.context().clearCookies();
      expect(await visitor.press("Save")).toEqual(["POST /posts 401"]);
      expect(await visitor.text()).toContain("You are signed out, so nothing was changed.");
      expect(await visitor.typed("title", "body")).toEqual({ title: "Ferns", body });

      await visitor.follow("Sign in, then send it again with one button.");
      await visitor.fill({ identity: "ann@example.com", password });
      await visitor.press("Sign in");
      expect(await visitor.text()).toContain(body.split("\n")[0] ?? "");
      expect((await visitor.press("Send it again"))[0]).toBe("POST /posts 303");
      expect(await visitor.text()).toContain("Ferns");
    });
  });
}

test("everything is done by keyboard alone", async () => {
  await using server = await Server.start();
  await join(server, "Ann");
  await using visitor = await visitAs(server, "Ann", { javaScript: false });
  const { page } = visitor;

  /** Presses Tab until this has the focus, which shows. */
  const tabTo = async (selector: string): Promise<void> => {
    for (let presses = 0; presses < 30; presses++) {
      await page.keyboard.press("Tab");
      if (!(await page.locator(`${selector}:focus`).count())) continue;
      expect(await page.evaluate<string>("getComputedStyle(document.activeElement).outlineStyle")).not.toBe("none");
      return;
    }
    expect.unreachable(`Tab never leads to ${selector}.`);
  };
  const enter = async (): Promise<void> => {
    const loaded = page.waitForEvent("load");
    await page.keyboard.press("Enter");
    await loaded;
  };

  await tabTo("a[href='/posts/new']");
  await enter();
  await tabTo("[name=title]");
  await page.keyboard.type("Ferns");
  await tabTo("[type=checkbox]");
  await page.keyboard.press("Space");
  await tabTo("main form button");
  await enter();
  expect(await visitor.text()).toContain("Published\nYes");
  await tabTo("a[href$='/delete']");
  await enter();
  await tabTo("main form button");
  await enter();
  expect(await visitor.text()).toContain("It is deleted.");
});

/** Every page about records, and how people get there, in this order. */
const pages: Readonly<Record<string, (visitor: Visitor, server: Server) => Promise<unknown>>> = {
  "an empty list": (it, { address }) => it.open(`${address}/posts`),
  "the form for a new record": (it) => it.follow("Add new"),
  "the form with a problem": async (it) => {
    await uncheck(it);
    expect(await it.press("Save")).toEqual(["POST /posts 422"]);
  },
  "a record": async (it, { address }) => {
    await it.open(`${address}/posts`);
    await write(it, "Donaudampfschifffahrt".repeat(5), true);
  },
  "its form": (it) => it.follow("Edit"),
  "its form, which somebody else has changed": async (it) => {
    const title = "Kapitänsmützen".repeat(8);
    const change = {
      method: "PATCH",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ title }),
    };
    await it.page.evaluate(`fetch(location.pathname.replace("/edit", ""), ${JSON.stringify(change)})`);
    await it.fill({ title: "Mine" });
    expect((await it.press("Save")).at(-1)).toEndWith(" 409");
  },
  "the question before it is deleted": async (it) => {
    await it.follow("Cancel");
    await it.follow("Delete");
  },
  "a list": (it) => it.follow("Posts"),
  "a sorted list": (it) => it.follow("Title"),
  "a list with numbers": (it, { address }) => it.open(`${address}/products`),
  "a search that finds nothing": (it, { address }) => it.open(`${address}/products?search=zzz`),
  people: (it, { address }) => it.open(`${address}/users`),
  "an account": (it) => it.follow("Ann"),
  "the form for an account": (it, { address }) => it.open(`${address}/users/new`),
  "what one may not do": (it, { address }) => it.open(`${address}/orders`),
};

test("on every page, light or dark, narrow or wide, axe finds nothing, nothing is cut off, and pages are light", async () => {
  await using server = await Server.start();
  await join(server, "Ann");
  await using visitor = await visitAs(server, "Ann", { width: 320 });
  for (const [page, go] of Object.entries(pages)) {
    await go(visitor, server);
    expect(Bun.gzipSync(await visitor.page.content()).length, page).toBeLessThan(10_000);
    expect(await faultsOf(visitor, looks(320, 1440)), page).toEqual([]);
    expect(visitor.refused, page).toEqual([]);
  }
});
