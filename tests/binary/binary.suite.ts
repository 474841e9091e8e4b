import { Database } from "bun:sqlite";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publicFiles, version } from "../../src/embedded.ts";

const root = join(import.meta.dir, "..", "..");

/** A folder with the binary in it and nothing else. */
let folder = "";

beforeAll(() => {
  const built = Bun.spawnSync([join(root, "bin", "build")], { stdout: "inherit", stderr: "inherit" });
  expect(built.exitCode).toBe(0);
  folder = mkdtempSync(join(tmpdir(), "formstead-binary-"));
  copyFileSync(join(root, "dist", "formstead"), join(folder, "formstead"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function formstead(...argv: string[]) {
  const { exitCode, stdout, stderr } = Bun.spawnSync(["./formstead", ...argv], { cwd: folder, env: {} });
  return { code: exitCode, out: stdout.toString(), err: stderr.toString() };
}

/** A server in the folder, once it has answered; `took` milliseconds for that. */
async function serving() {
  const before = performance.now();
  const child = Bun.spawn(["./formstead", "serve", "--http", "127.0.0.1:0"], {
    cwd: folder,
    env: {},
    stdout: "pipe",
    stderr: "inherit",
  });
  const reader = child.stdout.getReader();
  const decoder = new TextDecoder();
  let out = "";
  async function until(text: RegExp): Promise<string> {
    for (;;) {
      const [, found] = text.exec(out) ?? [];
      if (found !== undefined) return found;
      const { done, value } = await reader.read();
      if (done) throw new Error(`It ended before it said ${text}: ${out}`);
      out += decoder.decode(value, { stream: true });
    }
  }
  const address = await until(/serves (http:\S+)/);
  expect((await fetch(`${address}/api/health`)).status).toBe(200);
  const took = performance.now() - before;
  const stop = async () => {
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
  };
  return { address, took, pid: child.pid, until, stop };
}

/** As a browser without JavaScript sends a form; redirects are answers. */
function post(url: string, fields: Record<string, string>): Promise<Response> {
  return fetch(url, {
    method: "POST",
    redirect: "manual",
    headers: { accept: "text/html", "sec-fetch-site": "same-origin" },
    body: new URLSearchParams(fields),
  });
}

test("it says what it is, and leaves nothing behind", () => {
  expect(formstead("--version")).toEqual({ code: 0, out: `${version}\n`, err: "" });
  expect(formstead("help", "serve").out).toContain("--publicDir");
  expect(readdirSync(folder)).toEqual(["formstead"]);
});

test("it reads .env beside it, and no bunfig.toml of others", () => {
  writeFileSync(join(folder, "bunfig.toml"), 'preload = ["./not-there.ts"]\n');
  writeFileSync(join(folder, ".env"), "FORMSTEAD_HTTP=nowhere\n");
  const { code, err } = formstead("serve");
  rmSync(join(folder, ".env"));
  rmSync(join(folder, "bunfig.toml"));
  expect([code, err]).toEqual([2, expect.stringContaining("FORMSTEAD_HTTP")]);
});

test("the first job: a stranger writes to the owner, and it survives a restart", async () => {
  expect(formstead("starter", "demo").code).toBe(0);
  const first = await serving();
  expect(await (await fetch(first.address)).text()).toContain('action="/forms/contact"');
  for (const { path, file } of publicFiles()) {
    const answer = await fetch(first.address + path, { headers: { "accept-encoding": "identity" } });
    expect([path, answer.status, await answer.bytes()]).toEqual([path, 200, await Bun.file(file).bytes()]);
  }

  const form = `${first.address}/forms/contact`;
  const wrong = await post(form, { name: "Bea", email: "bea@home@", message: "Kept as typed" });
  expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining("Kept as typed")]);
  const right = await post(form, { name: "Bea", email: "bea@b.example", message: "Hello" });
  const thanks = new URL(right.headers.get("location") ?? "", form);
  expect([right.status, (await fetch(thanks)).status]).toEqual([303, 200]);

  const setup = new URL(await first.until(/(http:\S+\/_\/setup\S+)/));
  expect((await fetch(setup)).status).toBe(200);
  const token = setup.searchParams.get("token") ?? "";
  const people = { email: "ann@a.example", password: "a good password", passwordConfirm: "a good password" };
  const made = await post(`${first.address}/_/setup`, { token, ...people });
  const cookie = (made.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  expect([made.status, made.headers.get("location")]).toEqual([303, "/_/"]);
  expect(await (await fetch(`${first.address}/_/`, { headers: { cookie } })).text()).toContain("messages");
  await first.stop();

  const second = await serving();
  const inbox = `${second.address}/_/collections/messages`;
  expect((await fetch(inbox, { redirect: "manual" })).status).toBe(303);
  expect(await (await fetch(inbox, { headers: { cookie } })).text()).toContain("bea@b.example");
  expect((await fetch(`${second.address}/api/collections/messages/records`)).status).toBe(403);
  await second.stop();
});

test("hooks run beside it, with packages that it installs itself, and what is wrong with one is said", async () => {
  mkdirSync(join(folder, "greeter", "lib"), { recursive: true });
  writeFileSync(
    join(folder, "greeter", "package.json"),
    '{ "name": "greeter", "version": "1.0.0", "main": "lib/main.js" }',
  );
  writeFileSync(join(folder, "greeter", "lib", "main.js"), "exports.greet = (name) => `Good day, ${name}.`;");
  const hook = join(folder, "hooks", "greet.ts");
  writeFileSync(
    hook,
    `import { greet } from "greeter";
import { whom } from "./lib/whom.ts";
export default ({ app, project }: FormsteadHooks) => {
  app.get("/greet", () => greet(whom));
  project.records("messages").after({ create: ({ record }) => project.log(\`read \${record.name}\`) });
};`,
  );
  mkdirSync(join(folder, "hooks", "lib"), { recursive: true });
  writeFileSync(join(folder, "hooks", "lib", "whom.ts"), 'export const whom: string = "Ann";');
  const missing = formstead("serve", "--http", "127.0.0.1:0");
  expect([missing.code, missing.err]).toEqual([1, expect.stringContaining("`formstead add greeter`")]);
  const added = formstead("add", "file:../greeter");
  expect([added.code, added.err]).toEqual([0, expect.any(String)]);

  const server = await serving();
  expect(await (await fetch(`${server.address}/hello`)).text()).toBe("Hello from the backend!");
  const greeted = await fetch(`${server.address}/greet`);
  expect([await greeted.text(), greeted.headers.get("x-stamp")]).toEqual(["Good day, Ann.", "Thistledown"]);
  await post(`${server.address}/forms/contact`, { name: "Dan", email: "dan@d.example", message: "Hello" });
  await server.until(/(greet\.ts: read Dan)/);
  await server.stop();

  writeFileSync(hook, "\n\nexport default (");
  const broken = formstead("serve", "--http", "127.0.0.1:0");
  expect([broken.code, broken.out, broken.err]).toEqual([
    1,
    "",
    expect.stringMatching(/^hooks\/greet\.ts:3 .*start again\.\n$/),
  ]);
  rmSync(hook);
});

test("schema.ts beside it knows the words, is applied, and what is wrong with it is said with its line", async () => {
  const file = join(folder, "schema.ts");
  const print = formstead("schema", "print", "--dir", "./other");
  expect([print.code, print.err]).toEqual([0, ""]);
  writeFileSync(file, print.out.replace("users: auth(", "notes: { words: text({ max: 9 }) },\n  users: auth("));
  const planned = formstead("schema", "plan", "--dir", "./other");
  expect(planned).toMatchObject({ code: 0, out: expect.stringContaining("- Create the collection notes.\n"), err: "" });
  expect(formstead("types", "--dir", "./other").out).toMatch(/interface NotesRecord[\s\S]*interface FormsteadHooks/);
  expect(formstead("types", "schema").out).toContain('declare module "formstead"');

  writeFileSync(
    file,
    'import { collections, text } from "formstead";\n\nexport default collections({\n  notes: { words: text({ mx: 9 }) },\n});\n',
  );
  const wrong = formstead("serve", "--http", "127.0.0.1:0", "--dir", "./other");
  expect([wrong.code, wrong.err]).toEqual([
    1,
    expect.stringContaining("schema.ts:4: notes.words: There is no option mx here. Did you mean max?"),
  ]);
  rmSync(file);
  rmSync(join(folder, "other"), { recursive: true });
});

test("the superuser command lets somebody in", async () => {
  expect(formstead("superuser", "upsert", "cy@c.example", "another password").code).toBe(0);
  const server = await serving();
  const signIn = `${server.address}/api/collections/_superusers/auth-with-password`;
  expect((await post(signIn, { identity: "cy@c.example", password: "another password" })).status).toBe(200);
  await server.stop();
});

test("a list that looks at every record is made by the worker inside", async () => {
  const database = new Database(join(folder, "data", "formstead.db"));
  database.run(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    INSERT INTO products (id, name) SELECT printf('%015d', i), 'plant ' || i FROM n`);
  database.close();
  const server = await serving();
  expect(threads(server.pid)).not.toContain("Worker");
  const filter = encodeURIComponent('name ~ "t 1999"');
  const list = await fetch(`${server.address}/api/collections/products/records?perPage=2&filter=${filter}`);
  expect(await list.json()).toMatchObject({ totalItems: 11, items: [{ name: "plant 1999" }, { name: "plant 19990" }] });
  expect(threads(server.pid)).toContain("Worker");
  await server.stop();
});

function threads(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).map((task) => readFileSync(`/proc/${pid}/task/${task}/comm`, "utf8").trim());
}

test("it makes a backup beside a server, and restores it", async () => {
  const server = await serving();
  const made = formstead("backup", "all.zip");
  expect([made.code, made.out]).toEqual([0, expect.stringContaining("It was read back and is sound.")]);
  await server.stop();
  const restored = formstead("restore", "all.zip", "--dir", "again");
  expect([restored.code, restored.err]).toEqual([0, ""]);
  expect(readdirSync(join(folder, "again"))).toContain("formstead.db");
});

test("it answers within 150 ms of being started", async () => {
  const took: number[] = [];
  for (let round = 0; round < 5; round++) {
    const server = await serving();
    took.push(server.took);
    await server.stop();
  }
  console.log(`started to first answer: ${took.map((milliseconds) => Math.round(milliseconds)).join(", ")} ms`);
  expect(Math.min(...took)).toBeLessThan(150);
});
