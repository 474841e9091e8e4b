import { describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sentence } from "../src/phrases/index.ts";
import { Refusal } from "../src/lib/errors.ts";
import { hook, openHooked, writeFiles } from "./hooked.ts";
import { Server } from "./server.ts";

const main = join(import.meta.dir, "..", "src", "main.ts");
const notes = "/api/collections/notes/records";

/** The sentence with which these hooks stop the start, with the folder left out. */
async function refusalOf(files: Readonly<Record<string, string>>): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), "formstead-hostile-"));
  try {
    await using _ = await openHooked(files, { dir });
    return "It started.";
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return sentence("en", error.code, error.params).replaceAll(`${dir}/`, "");
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

describe("a file that cannot be used stops the start with its place", () => {
  test.each([
    ["that throws", `\nthrow new Error("no database.\\nAt all")`, "hooks/a.ts:2 cannot be used: no database. Correct"],
    [
      "whose function throws",
      hook(`\n\nthrow new TypeError("x is not y");`),
      "hooks/a.ts:4 cannot be used: x is not y. Correct",
    ],
    ["whose function throws later", hook(`await 1;\nnull.x;`), "hooks/a.ts:3 cannot be used: null is not an object"],
    ["that throws no error", `throw 7;`, "hooks/a.ts cannot be used: 7. Correct"],
    [
      "that is no TypeScript",
      `def hook(app):\n  pass`,
      `hooks/a.ts:1 cannot be used: Expected ";" but found "hook". Correct`,
    ],
    ["that ends too early", `export default () => {`, "hooks/a.ts:1 cannot be used: "],
    ["of bytes", "\0\x01\x02ELF\xff", "hooks/a.ts:1 cannot be used: "],
    ["without a function", `export const start = 1;`, "hooks/a.ts exports no function. Let it begin with"],
    ["whose default is none", `export default { app: 1 };`, "hooks/a.ts exports no function."],
    ["with nothing in it", ``, "hooks/a.ts exports no function."],
    [
      "that misses a package",
      `import x from "formstead-no-such"; export default x;`,
      "hooks/a.ts needs the package formstead-no-such.",
    ],
    [
      "that misses a file",
      `import x from "./lib/x.ts"; export default x;`,
      "hooks/a.ts:1 cannot be used: Cannot find module",
    ],
    [
      "that misspells create",
      hook(`project.records("notes").before({ creat() {} });`),
      "hooks/a.ts:2 cannot be used: before() knows create, update, delete, not creat.",
    ],
    [
      "that gives no function",
      hook(`project.records("notes").after({ create: 1 });`),
      "hooks/a.ts:2 cannot be used: after() takes a function for create.",
    ],
    [
      "that gives nothing",
      hook(`project.records("notes").within();`),
      "hooks/a.ts:2 cannot be used: within() takes an object",
    ],
    [
      "with a route that cannot be",
      hook(`app.get("/:slug/:id", () => "");`),
      'hooks/a.ts cannot be used: Cannot create route "/:slug/:id"',
    ],
  ])("one %s", async (_, text, says) => {
    expect(await refusalOf({ "a.ts": text })).toStartWith(says);
  });

  test("also where the mistake is in a file that it imports", async () => {
    const files = { "a.ts": `import "./lib/b.ts"; export default () => {};`, "lib/b.ts": "\n\nconst = 1;" };
    expect(await refusalOf(files)).toContain("b.ts:3 cannot be used");
  });

  test("what is no hook is not run: tests, declarations, other files, folders", async () => {
    const bad = "throw new Error();";
    const files = {
      "a.test.ts": bad,
      "a.d.ts": bad,
      "a.js": bad,
      ".a.ts": bad,
      "README.md": bad,
      "lib/a.ts": bad,
      "dir.ts/a": "",
    };
    expect(await refusalOf(files)).toBe("It started.");
  });

  test("in a process: one line, and the exit code 1", async () => {
    const dir = mkdtempSync(join(tmpdir(), "formstead-hostile-"));
    writeFiles(join(dir, "hooks"), { "a.ts": `export default () => {\n  throw new Error("no luck");\n};` });
    const argv = [process.execPath, main, "serve", "--http", "127.0.0.1:0"];
    const child = Bun.spawn(argv, { cwd: dir, env: {}, stdout: "pipe", stderr: "pipe" });
    const [code, out, err] = await Promise.all([
      child.exited,
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    rmSync(dir, { recursive: true, force: true });
    expect([code, out, err]).toEqual([
      1,
      "",
      "hooks/a.ts:2 cannot be used: no luck. Correct the file, then start again.\n",
    ]);
  });
});

describe("in a request", () => {
  test("one that throws is a fault with the id of the request, and its stack is for the log", async () => {
    const text = `app.get("/boom", () => { throw new Error("s3cret"); });
      app.get("/no", ({ status }) => { throw status(418, "I am a teapot."); });
      app.onBeforeHandle(({ query }) => { if (query.boom) throw new Error("s3cret"); });`;
    await using it = await openHooked({ "boom.ts": hook(text) });
    for (const path of ["/boom", "/api/health?boom=1"]) {
      for (const accept of ["application/json", "text/html"]) {
        const answer = await it.send({ json: ["GET", path], headers: { accept } });
        const id = answer.headers.get("x-request-id") ?? "?";
        expect([path, answer.status, answer.text.includes("s3cret")]).toEqual([path, 500, false]);
        if (accept === "text/html" && path === "/boom") expect(answer.text).toContain(id);
        await it.project.logs.flush();
        expect(it.log.join("")).toMatch(new RegExp(`fault ${id}\\n  Error: s3cret\\n[^]*boom\\.ts:\\d`));
      }
    }
    const teapot = await it.send({ json: ["GET", "/no"] });
    expect([teapot.status, teapot.text]).toEqual([418, "I am a teapot."]);
  });

  test("a change that never gets its answer is cut off, and others are answered meanwhile", async () => {
    const text = `project.records("notes").before({
      create: ({ values }) => values.title === "hangs" ? new Promise(() => {}) : undefined,
      delete: () => new Promise(() => {}),
    });`;
    await using it = await openHooked({ "a.ts": hook(text) }, { hookPatience: { before: 150 } });
    const { id } = await it.record("notes", { title: "stays" });
    const post = (title: string) => it.send({ json: ["POST", notes, { title }] });
    const hanging = [post("hangs"), it.send({ json: ["DELETE", `${notes}/${id}`] })];
    const began = performance.now();
    expect((await Promise.all(["a", "b", "c"].map(post))).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(performance.now() - began).toBeLessThan(140);
    for (const answer of await Promise.all(hanging)) {
      expect([answer.status, answer.body["message"]]).toEqual([503, expect.stringContaining("took too long")]);
    }
    await it.project.logs.flush();
    expect(it.log.join("")).toContain("a.ts: before create of notes was cut off after 150 ms.");
    expect((await it.counts())["notes"]).toBe(4);
  });

  test("hooks that call each other in a circle are stopped", async () => {
    const text = `const records = project.records("notes");
      records.before({ create: async ({ values }) => { await records.create({ title: values.title }); } });`;
    await using it = await openHooked({ "a.ts": hook(text) });
    expect((await it.send({ json: ["POST", notes, { title: "t" }] })).status).toBe(500);
    expect((await it.counts())["notes"]).toBe(0);
    await it.project.logs.flush();
    expect(it.log.join("")).toContain("in a circle: notes create, notes create");
  });
});

describe("routes and middleware", () => {
  test("middleware meets the routes of every file and ours, whatever the order of the files", async () => {
    const files = {
      "a.ts": hook(`app.get("/a", () => "a");`),
      "b.ts": hook(`app.onRequest(({ set }) => { set.headers["x-request"] = "b"; });
        app.onBeforeHandle(({ set }) => { set.headers["x-before"] = "b"; }).get("/b", ({ params }) => "b");
        app.onAfterHandle(({ set }) => { set.headers["x-after"] = "b"; });`),
      "z.ts": hook(`app.onBeforeHandle(({ set }) => { set.headers["x-before"] += "z"; });`),
    };
    await using it = await openHooked(files);
    for (const path of ["/a", "/b", "/api/health", "/"]) {
      const { status, headers } = await it.send({ json: ["GET", path] });
      const seen = ["x-request", "x-before", "x-after"].map((name) => headers.get(name));
      expect([path, status, ...seen]).toEqual([path, 200, "b", "bz", "b"]);
    }
  });

  test("a route of theirs takes the place of ours, and everything else stays", async () => {
    const text = `app.get("/", () => "mine").get("/api/health", () => "fine").get("/shop/:item", ({ params }) => params.item)
      .post("/shop", ({ body, viewer }) => ({ body, kind: viewer.kind }));`;
    await using it = await openHooked({ "a.ts": hook(text) });
    await it.person("ann");
    expect((await it.send({ json: ["GET", "/"] })).text).toBe("mine");
    expect((await it.send({ json: ["GET", "/api/health"] })).text).toBe("fine");
    expect((await it.send({ json: ["GET", "/shop/pot%20a"] })).text).toBe("pot a");
    expect((await it.send({ as: "ann", json: ["POST", "/shop", { a: 1 }] })).body).toEqual({
      body: { a: 1 },
      kind: "record",
    });
    expect((await it.send({ json: ["HEAD", "/api/health"] })).status).toBe(200);
    expect((await it.send({ json: ["GET", "/api/openapi.json"] })).text).toContain('"/shop/{item}"');
  });

  test("a plugin can be used", async () => {
    const text = `const { Elysia } = await import(${JSON.stringify(Bun.resolveSync("elysia", import.meta.dir))});
      app.use(new Elysia().get("/plugin", () => "plugged"));`;
    await using it = await openHooked({
      "a.ts": hook(text),
      "b.ts": hook(`app.onBeforeHandle(({ set }) => { set.headers["x-b"] = "b"; });`),
    });
    const answer = await it.send({ json: ["GET", "/plugin"] });
    expect([answer.text, answer.headers.get("x-b")]).toEqual(["plugged", "b"]);
  });
});

describe("a server", () => {
  const answers = (text: string) => hook(`app.get("/hello", () => ${JSON.stringify(text)});`);

  async function soon(address: string, text: string): Promise<void> {
    const end = performance.now() + 10_000;
    while ((await (await fetch(`${address}/hello`)).text()) !== text) {
      if (performance.now() > end) throw new Error(`It never answered ${text}.`);
      await Bun.sleep(50);
    }
  }

  test("with --dev takes changed hooks, keeps the old ones where the new ones cannot be used, and outlives what nobody awaits", async () => {
    await using server = await Server.start({ flags: ["--dev"] });
    const file = join(server.dir, "hooks", "hello.ts");
    await soon(server.address, "Hello from the backend!");

    writeFiles(join(server.dir, "hooks"), { "lib/word.ts": `export const word = "one";` });
    writeFileSync(file, `import { word } from "./lib/word.ts";\n${hook(`app.get("/hello", () => word);`)}`);
    await soon(server.address, "one");
    writeFiles(join(server.dir, "hooks"), { "lib/word.ts": `export const word = "two";` });
    await soon(server.address, "two");
    writeFileSync(file, "export default () => {");
    await Bun.sleep(1_000);
    await soon(server.address, "two");
    writeFileSync(
      file,
      hook(`app.get("/reject", () => { Promise.reject(new Error("r3jected")); setTimeout(() => { throw new Error("thr0wn"); }); return "ok"; });
        ${`app.get("/hello", () => "three");`}`),
    );
    await soon(server.address, "three");
    expect(await (await fetch(`${server.address}/reject`)).text()).toBe("ok");
    await Bun.sleep(400);
    await soon(server.address, "three");
    expect(server.said).toMatch(/nobody waited for[^]*r3jected/);
    expect(server.said).toMatch(/nobody waited for[^]*thr0wn/);
    writeFileSync(file, answers("four"));
    await soon(server.address, "four");
  }, 30_000);
});

describe("formstead add", () => {
  function formstead(cwd: string, ...argv: string[]) {
    const ran = Bun.spawnSync([process.execPath, main, ...argv], {
      cwd,
      env: { PATH: process.env["PATH"] ?? "", HOME: cwd },
    });
    return { code: ran.exitCode, out: ran.stdout.toString(), err: ran.stderr.toString() };
  }

  test("installs a package into the hooks folder, where hooks find it", async () => {
    const dir = mkdtempSync(join(tmpdir(), "formstead-add-"));
    writeFiles(join(dir, "greeter"), {
      "package.json": `{ "name": "greeter", "version": "1.0.0", "type": "module", "exports": "./lib/index.js" }`,
      "lib/index.js": "export const greet = (name) => `Good day, ${name}.`;",
    });
    writeFiles(dir, { "package.json": `{ "name": "above" }` });
    const added = formstead(dir, "add", `file:${join(dir, "greeter")}`);
    expect([added.code, added.out]).toEqual([0, expect.stringContaining("is installed in ./hooks.")]);
    expect(readFileSync(join(dir, "package.json"), "utf8")).toBe(`{ "name": "above" }`);
    expect(readFileSync(join(dir, "hooks", "package.json"), "utf8")).toContain('"greeter"');

    const text = `import { greet } from "greeter";\n${hook(`app.get("/greet", () => greet("Ann"));`)}`;
    await using it = await openHooked({ "a.ts": text }, { dir });
    expect((await it.send({ json: ["GET", "/greet"] })).text).toBe("Good day, Ann.");
  });

  test.each([
    [["add", "file:./nowhere"], 1, "could not be installed"],
    [["add", "--", "--global"], 2, "is no name of a package"],
    [["add"], 2, "After `formstead add` comes PACKAGE."],
  ])("%p says what is wrong", (argv, code, says) => {
    const dir = mkdtempSync(join(tmpdir(), "formstead-add-"));
    const ran = formstead(dir, ...argv);
    expect([ran.code, ran.err]).toEqual([code, expect.stringContaining(says)]);
    expect(existsSync(join(dir, "hooks", "node_modules"))).toBe(false);
    rmSync(dir, { recursive: true, force: true });
  });
});
