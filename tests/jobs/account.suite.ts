import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Server } from "../server.ts";
import { useChromium, type Visitor } from "../browser/browser.ts";

const visit = useChromium();

const password = "a few words in a row";
const another = "other words in a row";
const ann = { email: "ann@example.com", name: "Ann", password, passwordConfirm: password };

async function register(visitor: Visitor, server: Server): Promise<void> {
  await visitor.open(`${server.address}/register`);
  await visitor.fill(ann);
  expect(await visitor.press("Register")).toEqual(["POST /register 303", "GET /profile 200"]);
}

/** Fills in fields of one of the profile's forms: two of them ask for the current password. */
async function fillPart(visitor: Visitor, part: string, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await visitor.page.locator(`#${part}-${name}`).fill(value);
}

async function problemsOf(visitor: Visitor, ...ids: string[]): Promise<string[]> {
  return Promise.all(ids.map((id) => visitor.page.locator(`#${id}-problem`).innerText()));
}

test("the Back button shows nothing of somebody who has signed out", async () => {
  await using server = await Server.start();
  await using visitor = await visit();
  await register(visitor, server);
  await visitor.press("Sign out");
  await visitor.page.goBack({ waitUntil: "commit" });
  await visitor.page.waitForURL("**/login?next=/profile", { timeout: 5000 });
  expect(await visitor.page.content()).not.toContain(ann.email);
});

for (const javaScript of [false, true]) {
  describe(`with JavaScript ${javaScript ? "on" : "off"}`, () => {
    test("a visitor becomes a user, changes their name, signs out, and comes back to where they wanted to go", async () => {
      await using server = await Server.start();
      await using visitor = await visit({ javaScript });
      const { address } = server;

      expect(await visitor.open(`${address}/profile`)).toEqual(["GET /profile 303", "GET /login?next=/profile 200"]);
      await visitor.follow("New here? Register");
      // What a browser would refuse is what the server refuses.
      await visitor.page.locator("form[action='/register']").evaluate("(form) => form.setAttribute('novalidate', '')");
      await visitor.fill({ ...ann, email: "ann@home", passwordConfirm: another });
      expect(await visitor.press("Register")).toEqual(["POST /register 422"]);
      expect(await visitor.typed("email", "name", "password", "passwordConfirm")).toEqual({
        email: "ann@home",
        name: "Ann",
        password: "",
        passwordConfirm: "",
      });
      expect(await visitor.page.locator('[name="email"]:focus').count()).toBe(1);
      expect(await problemsOf(visitor, "field-email", "field-passwordConfirm")).toEqual([
        "Must be a valid email address.",
        "The two passwords differ. Type the same one in both fields.",
      ]);
      await visitor.fill(ann);
      expect(await visitor.press("Register")).toEqual(["POST /register 303", "GET /profile 200"]);
      expect(await visitor.cookies()).toEqual(["formstead"]);

      await visitor.fill({ name: "Ann Lee" });
      expect(await visitor.press("Save")).toEqual(["POST /profile 303", "GET /profile?done=details 200"]);
      expect(await visitor.text()).toContain("Saved.");
      expect(await visitor.typed("name")).toEqual({ name: "Ann Lee" });

      expect((await visitor.press("Sign out")).slice(0, 1)).toEqual(["POST /logout 303"]);
      expect(await visitor.cookies()).toEqual([]);

      await visitor.open(`${address}/login?next=/profile?done=details`);
      await visitor.fill({ identity: ann.email, password: another });
      expect(await visitor.press("Sign in")).toEqual(["POST /login 422"]);
      expect(await visitor.text()).toContain("No account fits what you typed.");
      expect(await visitor.typed("identity", "password")).toEqual({ identity: ann.email, password: "" });
      expect(await visitor.page.locator('[name="password"]:focus').count()).toBe(1);
      await visitor.fill({ password });
      expect(await visitor.press("Sign in")).toEqual(["POST /login 303", "GET /profile?done=details 200"]);
      expect(await visitor.typed("name")).toEqual({ name: "Ann Lee" });
      expect(visitor.refused).toEqual([]);
    });

    test("a new email and a new password are asked for the old one, and end what is open elsewhere", async () => {
      await using server = await Server.start();
      await using visitor = await visit({ javaScript });
      await using elsewhere = await visit({ javaScript });
      await register(visitor, server);
      await elsewhere.open(`${server.address}/login`);
      await elsewhere.fill({ identity: ann.email, password });
      await elsewhere.press("Sign in");

      await fillPart(visitor, "address", { email: "ann@example.org", oldPassword: another });
      expect(await visitor.press("Change the email")).toEqual(["POST /profile 422"]);
      expect(await problemsOf(visitor, "address-oldPassword")).toEqual([
        "This is not your current password. Type it again.",
      ]);
      await fillPart(visitor, "address", { oldPassword: password });
      expect(await visitor.press("Change the email")).toEqual(["POST /profile 303", "GET /profile?done=email 200"]);
      expect(await visitor.text()).toContain("Your email is ann@example.org.");

      await fillPart(visitor, "secret", { oldPassword: password, password: another, passwordConfirm: another });
      expect(await visitor.press("Change the password")).toEqual([
        "POST /profile 303",
        "GET /profile?done=password 200",
      ]);
      expect(await visitor.text()).toContain("Your password is changed.");
      expect(await visitor.open(`${server.address}/profile`)).toEqual(["GET /profile 200"]);

      await elsewhere.fill({ name: "Ann Lee" });
      expect(await elsewhere.press("Save")).toEqual(["POST /profile 401"]);
      expect(await elsewhere.typed("name")).toEqual({ name: "Ann Lee" });
      await elsewhere.follow("Sign in, then send it again with one button.");
      await elsewhere.fill({ identity: "ann@example.org", password: another });
      expect((await elsewhere.press("Sign in"))[0]).toBe("POST /login 303");
      expect(await elsewhere.text()).toContain("Ann Lee");
      expect(await elsewhere.press("Send it again")).toEqual(["POST /profile 303", "GET /profile?done=details 200"]);
      expect(await elsewhere.typed("name")).toEqual({ name: "Ann Lee" });
      expect(visitor.refused).toEqual([]);
    });
  });
}

test("who tries too often is asked to wait, and keeps what was typed", async () => {
  await using server = await Server.start();
  await using visitor = await visit();
  await visitor.open(`${server.address}/login`);
  const fields = { identity: "nobody@example.com", password };
  for (let n = 0; n < 10; n++) {
    await fetch(`${server.address}/login`, { method: "POST", body: new URLSearchParams(fields) });
  }
  await visitor.fill(fields);
  expect(await visitor.press("Sign in")).toEqual(["POST /login 429"]);
  expect(await visitor.text()).toContain("There were too many tries. Wait 5 min, then try again.");
  expect(await visitor.typed("identity", "password")).toEqual({ identity: fields.identity, password: "" });
});

test("an account is made, changed and left by keyboard alone", async () => {
  await using server = await Server.start();
  await using visitor = await visit({ javaScript: false });
  const { keyboard } = visitor.page;
  const tabTo = async (selector: string): Promise<void> => {
    for (let presses = 0; presses < 30; presses++) {
      await keyboard.press("Tab");
      if (await visitor.page.locator(`${selector}:focus`).count()) return;
    }
    expect.unreachable(`Tab never leads to ${selector}.`);
  };
  const arrive = async (selector: string): Promise<void> => {
    await tabTo(selector);
    const arrived = visitor.page.waitForEvent("load");
    await keyboard.press("Enter");
    await arrived;
  };

  await visitor.open(`${server.address}/register`);
  expect(await visitor.page.locator('[name="email"]:focus').count()).toBe(1);
  await keyboard.type(ann.email);
  for (const name of ["name", "password", "passwordConfirm"] as const) {
    await tabTo(`[name="${name}"]`);
    await keyboard.type(ann[name]);
  }
  await arrive("main button");
  await tabTo("#details-name");
  await keyboard.type("Ann Lee");
  await arrive("section:has(#details) button");
  expect(await visitor.typed("name")).toEqual({ name: "Ann Lee" });
  await arrive("nav button");
  expect(await visitor.cookies()).toEqual([]);
});

/** What a page of another site can do with somebody's browser; answers the status, as far as the page is told. */
const ways: Readonly<Record<string, (from: Visitor, action: string, fields: string) => Promise<string>>> = {
  "a form": async (from, action, fields) => {
    const inputs = [...new URLSearchParams(fields)].map(([name, value]) => `<input name="${name}" value="${value}">`);
    await from.page.setContent(`<form action="${action}" method="post">${inputs.join("")}<button>Go</button></form>`);
    return (await from.press("Go")).at(-1)?.split(" ").at(-1) ?? "";
  },
  "fetch without cookies": (from, action, fields) => fetchFrom(from, action, fields, "omit"),
  "fetch with cookies": (from, action, fields) => fetchFrom(from, action, fields, "include"),
};

function fetchFrom(from: Visitor, action: string, fields: string, credentials: string): Promise<string> {
  const init = `{ method: "POST", credentials: "${credentials}", body: new URLSearchParams(${JSON.stringify(fields)}) }`;
  return from.page.evaluate<string>(
    `fetch("${action}", ${init}).then((answer) => String(answer.status), () => "kept from the page")`,
  );
}

const elsewhere = "<!doctype html><title>Elsewhere</title>";

/** A page that is none of ours. */
const places: Readonly<Record<string, (port: number, server: Server) => Promise<string>>> = {
  "the same site": async (port) => `http://127.0.0.1:${port}/`,
  "another site": async (port) => `http://localhost:${port}/`,
  "a file on disk": async (_, server) => {
    const file = join(server.dir, "page.html");
    await Bun.write(file, elsewhere);
    return pathToFileURL(file).href;
  },
};

for (const [place, addressOf] of Object.entries(places)) {
  test(`${place} signs nobody up, in or out, and changes nobody's profile`, async () => {
    await using server = await Server.start();
    await using visitor = await visit();
    using other = Bun.serve({
      port: 0,
      fetch: () => new Response(elsewhere, { headers: { "content-type": "text/html" } }),
    });
    const page = await addressOf(other.port ?? 0, server);

    /** Tries every way, and leaves each refused. */
    const attack = async (path: string, fields: Readonly<Record<string, string>>) => {
      for (const [way, send] of Object.entries(ways)) {
        await visitor.open(page);
        const told = await send(visitor, server.address + path, new URLSearchParams(fields).toString());
        expect([way, path, told]).toEqual([way, path, way === "fetch with cookies" ? "kept from the page" : "403"]);
      }
    };

    await attack("/register", ann);
    expect(await visitor.cookies()).toEqual([]);
    await register(visitor, server);
    await attack("/profile", { name: "Eve" });
    await attack("/logout", {});
    expect(await visitor.open(`${server.address}/profile`)).toEqual(["GET /profile 200"]);
    expect(await visitor.typed("name")).toEqual({ name: "Ann" });
    await visitor.press("Sign out");
    await attack("/login", { identity: ann.email, password });
    expect(await visitor.cookies()).toEqual([]);
  });
}
