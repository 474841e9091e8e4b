import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Server } from "../server.ts";
import { useChromium, type Visitor } from "../browser/browser.ts";

const visit = useChromium();

const message = { name: "Ann", email: "ann@example.com", message: "Do you sell ferns?\n\nI look for two." };
const password = "a few words in a row";
const owner = { email: "owner@example.com", password };
const notAnAddress = "Must be a valid email address.";

/** What anybody pastes into a page of their own. */
const pasted = (address: string) => `<!doctype html><title>Elsewhere</title>
<form action="${address}/forms/contact" method="post">
  <input name="name"><input name="email"><textarea name="message"></textarea>
  <button>Send</button>
</form>`;

/** The first superuser, made by the setup link. */
async function becomeOwner(visitor: Visitor, server: Server): Promise<string[]> {
  await visitor.open(await server.setupLink());
  await visitor.fill({ ...owner, passwordConfirm: password });
  return visitor.press("Create and sign in");
}

/** The messages, as the owner's dashboard shows them: name, email, message. */
async function inbox(visitor: Visitor, server: Server): Promise<string[][]> {
  await visitor.open(`${server.address}/_/collections/messages`);
  return (await visitor.rows()).map((cells) => cells.slice(0, 3));
}

const shown = [message.name, message.email, message.message.replaceAll(/\s+/g, " ")];

for (const javaScript of [false, true]) {
  describe(`with JavaScript ${javaScript ? "on" : "off"}`, () => {
    test("a stranger's message reaches the owner, and survives a restart", async () => {
      await using server = await Server.start();
      await using stranger = await visit({ javaScript });
      await using someone = await visit({ javaScript });
      const { address } = server;

      expect(await stranger.open(`${address}/`)).toEqual(["GET / 200"]);
      await stranger.fill({ ...message, email: "ann@home" });
      expect(await stranger.press("Send")).toEqual(["POST /forms/contact 422"]);
      expect(await stranger.typed("name", "email", "message")).toEqual({ ...message, email: "ann@home" });
      expect(await stranger.description("email")).toContain(notAnAddress);
      expect(await stranger.field("email").getAttribute("aria-invalid")).toBe("true");
      expect(await stranger.field("name").getAttribute("aria-invalid")).toBe(null);

      await stranger.fill({ email: message.email });
      expect(await stranger.press("Send the message")).toEqual([
        "POST /forms/contact 303",
        "GET /forms/contact/thanks 200",
      ]);
      expect(await stranger.text()).toContain("Thank you");
      expect(await stranger.cookies()).toEqual([]);

      expect(await becomeOwner(someone, server)).toEqual([`POST /_/setup 303`, "GET /_/ 200"]);
      expect(await someone.cookies()).toEqual(["formstead-owner"]);
      expect((await someone.rows()).map(([name]) => name)).toContain("messages");
      expect(await someone.follow("messages")).toEqual(["GET /_/collections/messages 200"]);
      expect((await someone.rows()).map((cells) => cells.slice(0, 3))).toEqual([shown]);
      await someone.follow(message.name);
      expect(await someone.page.locator("h1").innerText()).toBe(message.name);
      expect(await someone.text()).toContain(message.message);

      await server.restart();
      expect(server.said).not.toContain("/_/setup");
      expect(await inbox(someone, server)).toEqual([shown]);
      expect(await stranger.open(`${address}/_/collections/messages`)).toEqual([
        "GET /_/collections/messages 303",
        "GET /_/login?next=%2F_%2Fcollections%2Fmessages 200",
      ]);
      expect((await fetch(`${address}/api/collections/messages/records`)).status).toBe(403);

      expect(await someone.press("Sign out")).toEqual(["POST /_/logout 303", "GET /_/login 200"]);
      expect(await someone.cookies()).toEqual([]);
      expect(await someone.open(`${address}/_/`)).toEqual(["GET /_/ 303", "GET /_/login 200"]);
      expect([...stranger.refused, ...someone.refused]).toEqual([]);
    });

    test("the setup link works once, and says what is wrong", async () => {
      await using server = await Server.start();
      await using someone = await visit({ javaScript });
      await using another = await visit({ javaScript });
      const link = await server.setupLink();

      await someone.open(link);
      await another.open(link);
      await another.fill({ email: "thief@example.com", password, passwordConfirm: password });

      await someone.fill({ email: owner.email, password, passwordConfirm: "other words in a row" });
      expect(await someone.press("Create and sign in")).toEqual(["POST /_/setup 422"]);
      expect(await someone.typed("email", "password")).toEqual({ email: owner.email, password: "" });
      expect(await someone.description("passwordConfirm")).toContain("Values don't match.");
      await someone.fill({ password, passwordConfirm: password });
      expect(await someone.press("Create and sign in")).toEqual(["POST /_/setup 303", "GET /_/ 200"]);

      expect(await another.press("Create and sign in")).toEqual(["POST /_/setup 403"]);
      expect((await another.open(link)).at(-1)).toEndWith(" 403");
      expect(await another.cookies()).toEqual([]);
      await someone.open(`${server.address}/_/collections/_superusers`);
      expect(await someone.text()).not.toContain("thief@example.com");
    });

    test("a wrong password is said, and a right one leads to the page that was asked for", async () => {
      await using server = await Server.start();
      await using someone = await visit({ javaScript });
      await becomeOwner(someone, server);
      await someone.press("Sign out");

      await someone.open(`${server.address}/_/collections/messages`);
      await someone.fill({ ...owner, password: "other words in a row" });
      expect(await someone.press("Sign in")).toEqual(["POST /_/login 422"]);
      expect(await someone.text()).toContain("The email or the password is wrong.");
      expect(await someone.typed("email", "password")).toEqual({ email: owner.email, password: "" });
      await someone.fill({ password });
      expect(await someone.press("Sign in")).toEqual(["POST /_/login 303", "GET /_/collections/messages 200"]);
      expect(someone.refused).toEqual([]);
    });

    test("the same form arrives from a page on another port, and comes back with a way there", async () => {
      await using server = await Server.start();
      await using stranger = await visit({ javaScript });
      await using someone = await visit({ javaScript });
      using elsewhere = Bun.serve({
        port: 0,
        hostname: "127.0.0.1",
        fetch: () => new Response(pasted(server.address), { headers: { "content-type": "text/html" } }),
      });

      await stranger.open(`http://127.0.0.1:${elsewhere.port}/contact.html`);
      await stranger.fill({ ...message, email: "ann@home" });
      expect(await stranger.press("Send")).toEqual(["POST /forms/contact 422"]);
      expect(await stranger.typed("name", "email", "message")).toEqual({ ...message, email: "ann@home" });
      const back = stranger.page.getByRole("link", { name: "Go back" });
      expect(await back.getAttribute("href")).toBe(`http://127.0.0.1:${elsewhere.port}/`);

      await stranger.fill({ email: message.email });
      await stranger.press("Send the message");
      await stranger.open(`http://127.0.0.1:${elsewhere.port}/contact.html`);
      await stranger.fill(message);
      expect(await stranger.press("Send")).toEqual(["POST /forms/contact 303", "GET /forms/contact/thanks 200"]);

      await becomeOwner(someone, server);
      expect(await inbox(someone, server)).toEqual([shown, shown]);
      expect(stranger.refused).toEqual([]);
    });

    test("the same form arrives from a file on somebody's disk", async () => {
      await using server = await Server.start();
      await using stranger = await visit({ javaScript });
      await using someone = await visit({ javaScript });
      const file = join(server.dir, "contact.html");
      await Bun.write(file, pasted(server.address));

      await stranger.open(pathToFileURL(file).href);
      await stranger.fill(message);
      expect(await stranger.press("Send")).toEqual(["POST /forms/contact 303", "GET /forms/contact/thanks 200"]);

      await becomeOwner(someone, server);
      expect(await inbox(someone, server)).toEqual([shown]);
    });
  });
}

test("a program that asks for JSON gets JSON from the address of the form", async () => {
  await using server = await Server.start();
  const send = (fields: Record<string, string>) =>
    fetch(`${server.address}/forms/contact`, {
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams(fields),
    });

  const wrong = await send({ ...message, email: "ann@home" });
  expect(wrong.status).toBe(400);
  expect(await wrong.json()).toMatchObject({ status: 400, data: { email: { message: notAnAddress } } });
  const right = await send(message);
  expect(right.status).toBe(200);
  expect(right.headers.get("content-type")).toBe("application/json");
  expect(await right.json()).toMatchObject({ collectionName: "messages", ...message });
});
