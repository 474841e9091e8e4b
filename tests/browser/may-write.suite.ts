import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Server } from "../server.ts";
import { useChromium, type Visitor } from "./browser.ts";

const visit = useChromium();

const password = "a few words in a row";
const owner = { email: "owner@example.com", password };
const message = { name: "Ann", email: "ann@example.com", message: "Do you sell ferns?" };
const refusal = "This was sent from another site, which may not act in your name here.";

/** What a page of another site can do with somebody's browser. */
type Way = (from: Visitor, action: string, fields: Readonly<Record<string, string>>) => Promise<string>;

const ways: Readonly<Record<string, Way>> = {
  /** Answers the last of what was asked. */
  "a form": async (from, action, fields) => {
    const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`);
    await from.page.setContent(`<form action="${action}" method="post">${inputs.join("")}<button>Go</button></form>`);
    return (await from.press("Go")).at(-1) ?? "";
  },
  "fetch without cookies": (from, action, fields) => fetchFrom(from, action, fields, "omit"),
  "fetch with cookies": (from, action, fields) => fetchFrom(from, action, fields, "include"),
};

/** Answers the status, as far as the browser lets the page know. */
async function fetchFrom(from: Visitor, action: string, fields: Readonly<Record<string, string>>, credentials: string) {
  const body = JSON.stringify(new URLSearchParams(fields).toString());
  const type = `{"content-type": "application/x-www-form-urlencoded"}`;
  const sent = `fetch("${action}", { method: "POST", credentials: "${credentials}", headers: ${type}, body: ${body} })`;
  return from.page.evaluate<string>(`${sent}.then((answer) => String(answer.status), () => "kept from the page")`);
}

/** A page that is none of ours: on a neighbouring port, on another site, or a file that has no origin at all. */
const places: Readonly<Record<string, (port: number, server: Server) => Promise<string>>> = {
  "the same site": async (port) => `http://127.0.0.1:${port}/`,
  "another site": async (port) => `http://localhost:${port}/`,
  "a file on disk": async (_, server) => {
    const file = join(server.dir, "page.html");
    await Bun.write(file, "<!doctype html><title>Elsewhere</title>");
    return pathToFileURL(file).href;
  },
};

const answers: Readonly<Record<string, { readonly refused: string; readonly taken: string }>> = {
  "a form": { refused: " 403", taken: "GET /forms/contact/thanks 200" },
  "fetch without cookies": { refused: "403", taken: "200" },
  "fetch with cookies": { refused: "kept from the page", taken: "kept from the page" },
};

function otherSite() {
  const html = "<!doctype html><title>Elsewhere</title>";
  return Bun.serve({ port: 0, fetch: () => new Response(html, { headers: { "content-type": "text/html" } }) });
}

async function signIn(visitor: Visitor, server: Server): Promise<string[]> {
  await visitor.open(`${server.address}/_/login`);
  await visitor.fill(owner);
  return visitor.press("Sign in");
}

/** How many messages have arrived, asked as the owner. */
async function received(visitor: Visitor, server: Server): Promise<number> {
  await visitor.open(`${server.address}/_/collections/messages`);
  return (await visitor.rows()).length;
}

for (const [place, addressOf] of Object.entries(places)) {
  for (const [way, send] of Object.entries(ways)) {
    test(`${way} on ${place} signs nobody in or out, makes no superuser, and sends a message`, async () => {
      await using server = await Server.start();
      using elsewhere = otherSite();
      await using visitor = await visit();
      const { address } = server;
      const page = await addressOf(elsewhere.port ?? 0, server);
      const { refused, taken } = answers[way] ?? { refused: "", taken: "" };
      const attack = async (path: string, fields: Readonly<Record<string, string>>) => {
        await visitor.open(page);
        return send(visitor, address + path, fields);
      };

      const token = new URL(await server.setupLink()).searchParams.get("token") ?? "";
      expect(await attack("/_/setup", { token, ...owner, passwordConfirm: password })).toEndWith(refused);
      expect(await visitor.cookies()).toEqual([]);
      await visitor.open(await server.setupLink());
      await visitor.fill({ ...owner, passwordConfirm: password });
      expect((await visitor.press("Create and sign in")).at(-1)).toBe("GET /_/ 200");

      expect(await attack("/_/logout", {})).toEndWith(refused);
      expect(await visitor.open(`${address}/_/`)).toEqual(["GET /_/ 200"]);
      await visitor.press("Sign out");

      expect(await attack("/_/login", owner)).toEndWith(refused);
      if (way === "a form") expect(await visitor.text()).toContain(refusal);
      expect(await visitor.cookies()).toEqual([]);

      for (const page of ["/users", "/users/nobody000000000", "/posts/nothing00000000/delete"]) {
        expect(await attack(page, { email: "eve@example.com", password, passwordConfirm: password })).toEndWith(
          refused,
        );
      }
      expect(await attack("/forms/contact", message)).toBe(taken);
      expect(await visitor.cookies()).toEqual([]);
      await signIn(visitor, server);
      expect(await received(visitor, server)).toBe(1);
    });
  }
}

test("an origin that the owner has listed by name acts with the cookie", async () => {
  using elsewhere = otherSite();
  const origin = `http://127.0.0.1:${elsewhere.port}`;
  await using server = await Server.start({ flags: ["--origins", origin] });
  await using visitor = await visit();
  const fetchWithCookies = ways["fetch with cookies"] ?? expect.unreachable();

  await visitor.open(await server.setupLink());
  await visitor.fill({ ...owner, passwordConfirm: password });
  await visitor.press("Create and sign in");
  await visitor.open(`${origin}/`);
  expect(await fetchWithCookies(visitor, `${server.address}/_/logout`, {})).toBe("200");
  expect(await visitor.cookies()).toEqual([]);
});

describe("a form that only members may send", () => {
  /** A member whose browser is signed in to our site, where `members.html` is. */
  async function membersOnly(server: Server, visitor: Visitor): Promise<void> {
    await visitor.open(await server.setupLink());
    await visitor.fill({ ...owner, passwordConfirm: password });
    await visitor.press("Create and sign in");
    const boss = await tokenOf(server, "_superusers", owner.email);
    const rules = { listRule: null, viewRule: null, createRule: "@request.auth.id != ''", updateRule: null };
    const fields = [{ name: "text", type: "text" }];
    await ask(server, "/api/collections", { name: "notes", type: "base", ...rules, fields }, boss);
    await ask(server, "/api/collections/_forms/records", { slug: "notes", collection: "notes", title: "Notes" }, boss);
    const person = { email: "bob@example.com", password, passwordConfirm: password };
    await ask(server, "/api/collections/users/records", person, boss);
    const value = await tokenOf(server, "users", person.email);
    await visitor.page.context().addCookies([{ name: "formstead", value, url: server.address }]);
    await Bun.write(join(server.publicDir, "members.html"), page(""));
  }

  const page = (address: string) => `<!doctype html><title>Members</title>
    <form action="${address}/forms/notes" method="post"><input name="text" value="Hello"><button>Send</button></form>`;

  async function ask(server: Server, path: string, body: object, token: string): Promise<Record<string, unknown>> {
    const answer = await fetch(server.address + path, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: token },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
    return await answer.json();
  }

  async function tokenOf(server: Server, collection: string, identity: string): Promise<string> {
    const path = `/api/collections/${collection}/auth-with-password`;
    return String((await ask(server, path, { identity, password }, ""))["token"]);
  }

  test("goes with the cookie from our own page, and without it from a neighbouring port", async () => {
    await using server = await Server.start();
    await using visitor = await visit();
    using elsewhere = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: () => new Response(page(server.address), { headers: { "content-type": "text/html" } }),
    });
    await membersOnly(server, visitor);

    await visitor.open(`${server.address}/members`);
    expect((await visitor.press("Send")).at(-1)).toBe("GET /forms/notes/thanks 200");
    await visitor.open(`http://127.0.0.1:${elsewhere.port}/`);
    expect((await visitor.press("Send")).at(-1)).not.toEndWith(" 200");
    await visitor.open(`${server.address}/_/collections/notes`);
    expect((await visitor.rows()).length).toBe(1);
  });
});
