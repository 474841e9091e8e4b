import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Elysia } from "elysia";
import { anyone, collection, collections, createApp, openProject, text } from "formstead";

const root = join(import.meta.dir, "..");

/** What `bun init` writes. */
const tsconfig = {
  compilerOptions: {
    lib: ["ESNext"],
    target: "ESNext",
    module: "Preserve",
    moduleDetection: "force",
    jsx: "react-jsx",
    allowJs: true,
    types: ["bun"],
    moduleResolution: "bundler",
    allowImportingTsExtensions: true,
    verbatimModuleSyntax: true,
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    noFallthroughCasesInSwitch: true,
    noUncheckedIndexedAccess: true,
    noImplicitOverride: true,
  },
};

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "formstead-library-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const schema = collections({
  notes: collection({ words: text({ required: true }) }, { rules: { list: anyone, create: anyone } }),
});
let count = 0;

function opened() {
  return openProject({ dir: join(folder, `project-${++count}`), schema, write: () => {} });
}

/** The examples of a page of the docs that are files, by name. */
function filesOf(page: string): ReadonlyMap<string, string> {
  const text = readFileSync(join(root, "docs", page), "utf8");
  const blocks = [...text.matchAll(/^```ts\n\/\/ (\S+\.ts)\n([\s\S]*?)^```$/gm)];
  return new Map(blocks.map(([, name = "", code = ""]) => [name, code]));
}

/** A project of somebody else, with the packages it has installed. */
function elsewhere(name: string, files: ReadonlyMap<string, string>, packages: readonly string[]): string {
  const place = join(folder, name);
  mkdirSync(join(place, "node_modules"), { recursive: true });
  for (const it of packages) symlinkSync(join(root, "node_modules", it), join(place, "node_modules", it));
  symlinkSync(root, join(place, "node_modules", "formstead"));
  writeFileSync(join(place, "tsconfig.json"), JSON.stringify(tsconfig));
  writeFileSync(join(place, "package.json"), JSON.stringify({ name, type: "module" }));
  for (const [file, code] of files) writeFileSync(join(place, file), code);
  return place;
}

async function bun(cwd: string, ...args: string[]) {
  const child = Bun.spawn([process.execPath, ...args], { cwd, stdout: "pipe", stderr: "pipe", stdin: "ignore" });
  const said = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, said: said.join("\n") };
}

describe("docs/library.md", () => {
  test("its tests pass, and its types are right, in somebody else's project", async () => {
    const files = filesOf("library.md");
    expect([...files.keys()]).toEqual(["schema.ts", "notes.test.ts", "server.ts"]);
    const place = elsewhere("notes", files, ["elysia", "bun-types", "@types"]);
    const [ran, checked] = await Promise.all([bun(place, "test"), bun(place, "check")]);
    expect([ran.code, ran.said]).toEqual([0, expect.stringContaining("2 pass")]);
    expect([checked.code, checked.said]).toEqual([0, expect.stringContaining("No type errors")]);
    const wrong = readFileSync(join(place, "notes.test.ts"), "utf8").replace("note.words", "note.wrods");
    writeFileSync(join(place, "notes.test.ts"), wrong);
    expect((await bun(place, "check")).said).toContain("'wrods' does not exist");
  }, 30_000);
});

test("a project needs nothing but a folder, and answers without a port", async () => {
  await using project = await openProject({ dir: join(folder, "bare"), write: () => {} });
  const app = await createApp(project);
  const answer = await app.handle(new Request("http://localhost/api/health"));
  expect([answer.status, app.server]).toEqual([200, null]);
  expect(project.config).toMatchObject({ port: 8090, origins: ["*"], publicDir: join(folder, "bare", "public") });
});

test("what cannot be opened is said in a sentence", async () => {
  const broken = collections({ notes: { words: text({ max: -1 }) } });
  await expect(openProject({ dir: join(folder, "broken"), schema: broken })).rejects.toThrow(
    /^The schema in schema\.ts cannot be used, and nothing was changed\. .*\n {2}library\.test\.ts:\d+: notes\.words, max: /,
  );
  writeFileSync(join(folder, "a-file"), "");
  await expect(openProject({ dir: join(folder, "a-file") })).rejects.toThrow("a-file");
});

test("opening takes milliseconds", async () => {
  const took: number[] = [];
  for (let n = 0; n < 5; n++) {
    const before = performance.now();
    await using project = await opened();
    took.push(performance.now() - before);
    expect(project.collections.find("notes")).toBeDefined();
  }
  console.log(`A new project is open after ${Math.min(...took).toFixed(1)} ms.`);
});

describe("an app that takes ours in", () => {
  async function hosting() {
    const project = await opened();
    const addresses: string[] = [];
    const host = new Elysia()
      .onRequest(({ set }) => void (set.headers["x-host"] = "mine"))
      .onError(({ code }) => (code === "NOT_FOUND" ? undefined : new Response(`mine: ${code}`, { status: 418 })))
      .get("/mine/:id", ({ params, query, set }) => {
        set.headers["x-mine"] = "yes";
        return { id: params.id, query };
      })
      .post("/mine", ({ body }) => body)
      .get("/broken", () => {
        throw new Error("Oh no");
      });
    const server = () => {
      const { server: at } = host;
      if (!at) return null;
      return {
        requestIP: (it: Request) => {
          const found = at.requestIP(it);
          addresses.push(found?.address ?? "");
          return found;
        },
      };
    };
    const ours = await createApp(project, { server });
    host.all("/*", ({ request: it }) => ours.handle(it), { parse: "none" });
    host.listen({ hostname: "127.0.0.1", port: 0 });
    const address = `http://127.0.0.1:${host.server?.port}`;
    return {
      address,
      addresses,
      ask: (path: string, init: RequestInit = {}) => fetch(address + path, { redirect: "manual", ...init }),
      [Symbol.asyncDispose]: async () => {
        await host.stop(true);
        await project.close();
      },
    };
  }

  test("keeps its own routes with their headers, parameters, bodies and errors", async () => {
    await using host = await hosting();
    const mine = await host.ask("/mine/7?a=1");
    expect([mine.status, mine.headers.get("x-mine"), await mine.json()]).toEqual([
      200,
      "yes",
      { id: "7", query: { a: "1" } },
    ]);
    expect([mine.headers.get("x-request-id"), mine.headers.get("content-security-policy")]).toEqual([null, null]);
    const sent = { method: "POST", headers: { "content-type": "application/json" }, body: '{"a":[1]}' };
    expect(await (await host.ask("/mine", sent)).json()).toEqual({ a: [1] });
    const broken = await host.ask("/broken");
    expect([broken.status, await broken.text()]).toEqual([418, "mine: UNKNOWN"]);
  });

  test("has everything else answered by ours: records, forms, pages, refusals", async () => {
    await using host = await hosting();
    const sent = { method: "POST", headers: { "content-type": "application/json" }, body: '{"words":"Hi"}' };
    const made = await host.ask("/api/collections/notes/records", sent);
    expect([made.status, await made.json()]).toEqual([200, expect.objectContaining({ words: "Hi" })]);
    const refused = await host.ask("/api/collections/notes/records", { ...sent, body: "{}" });
    expect([refused.status, await refused.json()]).toMatchObject([
      400,
      { data: { words: { code: "validation_required" } } },
    ]);
    expect((await host.ask("/api/collections/notes/records", { ...sent, body: "{" })).status).toBe(400);
    expect(await (await host.ask("/api/collections/notes/records")).json()).toMatchObject({ totalItems: 1 });
    const page = await host.ask("/login", { headers: { accept: "text/html" } });
    expect([page.status, page.headers.get("content-security-policy")]).toEqual([200, expect.any(String)]);
    const nowhere = await host.ask("/api/nowhere");
    expect([nowhere.status, await nowhere.json()]).toMatchObject([404, { status: 404 }]);
    const upload = new FormData();
    upload.append("words", "As a form");
    expect((await host.ask("/api/collections/notes/records", { method: "POST", body: upload })).status).toBe(200);
  });

  test("lets ours know where a visitor comes from", async () => {
    await using host = await hosting();
    const answered = Promise.withResolvers<number | undefined>();
    const ask = request(
      `${host.address}/login`,
      { method: "POST", localAddress: "127.0.0.2", headers: { "content-type": "application/json" } },
      (answer) => answered.resolve(answer.resume().statusCode),
    );
    ask.on("error", answered.reject);
    ask.end('{"identity":"nobody@example.com","password":"wrong"}');
    expect(await answered.promise).toBe(400);
    expect(new Set(host.addresses)).toEqual(new Set(["127.0.0.2"]));
  });
});
