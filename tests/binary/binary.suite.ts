import { afterAll, beforeAll, expect, test } from "bun:test";
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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

async function serving(...argv: string[]) {
  const before = performance.now();
  const child = Bun.spawn(["./formstead", "serve", "--http", "127.0.0.1:0", ...argv], {
    cwd: folder,
    env: {},
    stdout: "pipe",
    stderr: "inherit",
  });
  const decoder = new TextDecoder();
  let out = "";
  for await (const chunk of child.stdout) {
    out += decoder.decode(chunk, { stream: true });
    if (/dashboard: .*\n/.test(out)) break;
  }
  const took = performance.now() - before;
  const address = /serves (http:\S+)/.exec(out)?.[1] ?? "";
  const stop = async () => {
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
  };
  return { address, took, stop };
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
  expect(formstead("superuser", "upsert", "ann@a.example", "a good password").code).toBe(0);

  const first = await serving();
  expect(await (await fetch(first.address)).text()).toContain('action="/forms/contact"');
  for (const { path, file } of publicFiles()) {
    const answer = await fetch(first.address + path);
    expect([path, answer.status, await answer.bytes()]).toEqual([path, 200, await Bun.file(file).bytes()]);
  }
  const post = (body: Record<string, string>) =>
    fetch(`${first.address}/forms/contact`, {
      method: "POST",
      body: new URLSearchParams(body),
      headers: { accept: "text/html" },
      redirect: "manual",
    });
  const wrong = await post({ name: "Bea", email: "bea@home@", message: "Kept as typed" });
  expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining("Kept as typed")]);
  expect((await post({ name: "Bea", email: "bea@b.example", message: "Hello" })).status).toBe(303);
  await first.stop();

  const second = await serving();
  const messages = `${second.address}/api/collections/messages/records`;
  expect((await fetch(messages)).status).toBe(403);
  const signedIn = await fetch(`${second.address}/api/collections/_superusers/auth-with-password`, {
    method: "POST",
    body: new URLSearchParams({ identity: "ann@a.example", password: "a good password" }),
  });
  const { token } = (await signedIn.json()) as { token: string };
  const list = await (await fetch(messages, { headers: { authorization: token } })).json();
  expect(list).toMatchObject({ totalItems: 1, items: [{ name: "Bea", message: "Hello" }] });
  await second.stop();
});

test("it starts in under 150 ms", async () => {
  let best = Infinity;
  for (let round = 0; round < 5; round++) {
    const server = await serving();
    best = Math.min(best, server.took);
    await server.stop();
  }
  expect(best).toBeLessThan(150);
});
