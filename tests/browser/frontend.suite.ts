import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server } from "../server.ts";
import { useChromium, type Visitor } from "./browser.ts";

const visit = useChromium();
const root = join(import.meta.dir, "..", "..");
const page = readFileSync(join(root, "docs", "frontend.md"), "utf8");

const password = "a few words in a row";
const email = "ann@example.com";

/** The files that the page of the docs shows, by name. */
const files = new Map(
  [...page.matchAll(/^```\w+\n(?:\/\/|<!--) (\S+\.\w+)(?: -->)?\n([\s\S]*?)^```$/gm)].map(
    ([, name = "", text = ""]) => [name, text],
  ),
);

/** The front end of the docs on a port of its own, in front of a server. */
class FrontEnd implements AsyncDisposable {
  private constructor(
    readonly folder: string,
    readonly child: Bun.Subprocess<"ignore", "pipe", "inherit">,
    readonly port: number,
  ) {}

  static async start(backend: string): Promise<FrontEnd> {
    const folder = mkdtempSync(join(tmpdir(), "formstead-frontend-"));
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(join(root, "node_modules", "pocketbase"), join(folder, "node_modules", "pocketbase"));
    for (const [name, text] of files) {
      const served = text.replaceAll("http://127.0.0.1:8090", backend).replace("port: 5173", "port: 0");
      // The page with the SDK is served by the same server.
      const both = served
        .replace('"/": app', '"/": app, "/sdk": sdk')
        .replace(/^import app/, 'import sdk from "./sdk.html";\nimport app');
      writeFileSync(join(folder, name), name === "dev.ts" ? both : served);
    }
    const child = Bun.spawn([process.execPath, "dev.ts"], {
      cwd: folder,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "inherit",
    });
    const decoder = new TextDecoder();
    let said = "";
    for await (const bytes of child.stdout) {
      said += decoder.decode(bytes, { stream: true });
      const [, port] = /Open http:\/\/[^:]+:(\d+)/.exec(said) ?? [];
      if (port) return new FrontEnd(folder, child, Number(port));
    }
    throw new Error(`The front end did not start: ${said}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGTERM");
    await this.child.exited;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function register(address: string): Promise<void> {
  const body = JSON.stringify({ name: "Ann", email, password, passwordConfirm: password });
  const headers = { accept: "application/json", "content-type": "application/json" };
  const answer = await fetch(`${address}/register`, { method: "POST", headers, body });
  expect([answer.status, await answer.text()]).toEqual([200, expect.any(String)]);
}

/** What `fetch` in a page answers: a status, or that the browser keeps it from the page. */
function fetchIn({ page: it }: Visitor, address: string, init: object): Promise<string> {
  const call = `fetch(${JSON.stringify(address)}, ${JSON.stringify(init)})`;
  return it.evaluate<string>(
    `${call}.then(async (it) => it.status + " " + await it.text(), () => "kept from the page")`,
  );
}

test("the page of the docs has the files that are played here", () => {
  expect([...files.keys()]).toEqual(["vite.config.js", "dev.ts", "index.html", "app.js", "sdk.html", "sdk.js"]);
});

describe("a front end with a development server of its own", () => {
  let server: Server;
  let front: FrontEnd;
  beforeAll(async () => {
    server = await Server.start();
    front = await FrontEnd.start(server.address);
    await register(server.address);
  });
  afterAll(async () => {
    await front[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  test("signs in and writes by fetch, with the cookie, through its proxy", async () => {
    await using visitor = await visit();
    await visitor.open(`http://localhost:${front.port}/`);
    const { page: it } = visitor;
    const press = (button: string) => it.getByRole("button", { name: button }).click();
    const told = it.locator("[role=status]:not(:empty)");
    await visitor.fill({ title: "As a guest" });
    await press("Publish");
    await told.waitFor();
    expect(await it.locator("li").count()).toBe(0);

    await visitor.fill({ identity: email, password: "other words" });
    await press("Sign in");
    await told.getByText("Failed to authenticate.").waitFor();
    expect(await visitor.cookies()).toEqual([]);
    await visitor.fill({ password });
    const signedIn = it.waitForResponse((answer) => answer.url().includes("/posts?"));
    await press("Sign in");
    await signedIn;
    expect(await visitor.cookies()).toEqual(["formstead"]);
    await visitor.fill({ title: "Through the proxy" });
    await press("Publish");
    await it.locator("li", { hasText: "Through the proxy" }).waitFor();

    await visitor.open(`http://localhost:${front.port}/`);
    await it.locator("li", { hasText: "Through the proxy" }).waitFor();
    const me = await fetchIn(visitor, "/profile", { headers: { accept: "application/json" } });
    expect(me).toContain(email);
  });

  test("is sent back where a page of ours leads, with its own address", async () => {
    await using visitor = await visit();
    expect(await visitor.open(`http://localhost:${front.port}/profile`)).toEqual([
      "GET /profile 303",
      "GET /login?next=/profile 200",
    ]);
    expect(new URL(visitor.page.url()).port).toBe(String(front.port));
  });

  test("calls across origins with the SDK, and no cookie", async () => {
    await using visitor = await visit();
    await visitor.open(`http://localhost:${front.port}/sdk`);
    await visitor.fill({ email, password });
    await visitor.page.getByRole("button", { name: "Sign in" }).click();
    await visitor.page.getByText(/^Posts: \d+$/).waitFor();
    expect(await visitor.cookies()).toEqual([]);
    expect(await visitor.page.evaluate<string>("localStorage.getItem('pocketbase_auth')")).toContain("token");
  });
});

describe("who may call from where", () => {
  const json = { accept: "application/json", "content-type": "application/json" };
  const signIn = (credentials: string) => ({
    method: "POST",
    headers: json,
    credentials,
    body: JSON.stringify({ identity: email, password }),
  });

  /** Something that serves an empty page, and the names it is called by. */
  function elsewhere() {
    const html = "<!doctype html><title>Elsewhere</title>";
    return Bun.serve({ port: 0, fetch: () => new Response(html, { headers: { "content-type": "text/html" } }) });
  }

  /** The answers to what a page there asks, of a server with these flags that is called `localhost`, too. */
  async function asked(host: string, flags: (port: number) => readonly string[]) {
    using there = elsewhere();
    await using server = await Server.start({ flags: flags(there.port ?? 0) });
    await register(server.address);
    const api = `http://localhost:${server.port}`;
    await using visitor = await visit();
    await visitor.open(`http://${host}:${there.port}/`);
    const read = await fetchIn(visitor, `${api}/api/collections/posts/records`, {});
    const login = await fetchIn(visitor, `${api}/login`, signIn("include"));
    const profile = await fetchIn(visitor, `${api}/profile`, {
      headers: { accept: "application/json" },
      credentials: "include",
    });
    const status = (answer: string) => answer.replace(/^(\d+) .*/s, "$1");
    return { read: status(read), login: status(login), profile: status(profile), cookies: await visitor.cookies() };
  }

  const kept = "kept from the page";

  test("everybody, but without the cookie, where nothing is said", async () => {
    expect(await asked("localhost", () => [])).toEqual({ read: "200", login: kept, profile: kept, cookies: [] });
  });

  test("one that is named, with the cookie", async () => {
    const flags = (port: number) => ["--origins", `http://localhost:${port}`];
    expect(await asked("localhost", flags)).toEqual({
      read: "200",
      login: "200",
      profile: "200",
      cookies: ["formstead"],
    });
  });

  test("nobody else, where one is named", async () => {
    expect(await asked("localhost", () => ["--origins", "https://app.example"])).toEqual({
      read: kept,
      login: kept,
      profile: kept,
      cookies: [],
    });
  });

  test("every localhost, while developing", async () => {
    const all = { read: "200", login: "200", profile: "200", cookies: ["formstead"] };
    expect(await asked("localhost", () => ["--dev"])).toEqual(all);
    const flags = ["--dev", "--origins", "https://app.example"];
    expect(await asked("localhost", () => flags)).toEqual(all);
  });

  test("another site still only without the cookie, while developing", async () => {
    expect(await asked("elsewhere.example.localhost", () => ["--dev"])).toEqual({
      read: "200",
      login: kept,
      profile: kept,
      cookies: [],
    });
  });
});
