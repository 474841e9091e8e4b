import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { help } from "../src/cli/help.ts";
import { commands, settings } from "../src/config.ts";
import { starters, version } from "../src/embedded.ts";
import { openProject } from "../src/index.ts";

const main = join(import.meta.dir, "..", "src", "main.ts");

let folder = "";
const running = new Set<Bun.Subprocess>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "formstead-cli-"));
});

afterEach(async () => {
  for (const process of running) process.kill("SIGKILL");
  await Promise.all([...running].map((process) => process.exited));
  running.clear();
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function start(
  argv: readonly string[],
  { env = {}, stdin = "" }: { env?: Record<string, string>; stdin?: string } = {},
) {
  const child = Bun.spawn([process.execPath, main, ...argv], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdin: Buffer.from(stdin),
    stdout: "pipe",
    stderr: "pipe",
  });
  running.add(child);
  return child;
}

async function formstead(argv: readonly string[], options: Parameters<typeof start>[1] = {}): Promise<Ran> {
  const child = start(argv, options);
  const [code, out, err] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  running.delete(child);
  return { code, out, err };
}

/** A server on a free port, once it has said where. */
async function serving(...argv: string[]) {
  const child = start(["serve", "--http", "127.0.0.1:0", ...argv]);
  const reader = child.stdout.getReader();
  const decoder = new TextDecoder();
  let out = "";
  const readUntil = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const match = pattern.exec(out);
      if (match) return match;
      const { done, value } = await reader.read();
      if (done) throw new Error(`It ended before it said ${pattern}: ${out}${await new Response(child.stderr).text()}`);
      out += decoder.decode(value);
    }
  };
  const [, address = ""] = await readUntil(/serves (http:\S+)/);
  await readUntil(/dashboard: .*\n/);
  return { child, address, said: () => out, readUntil };
}

describe("help", () => {
  test("names every command, and for each its flags with their variables", () => {
    for (const { name } of commands) expect(help()).toMatch(new RegExp(`^  ${name}\\b`, "m"));
    for (const { name, flags, says } of commands) {
      const text = help(name).replaceAll(/\s+/g, " ");
      expect(text).toContain(says);
      for (const { flag, variable } of settings) {
        if (flag) expect([name, flag, text.includes(`--${flag} `)]).toEqual([name, flag, flags.includes(flag)]);
        if (flag && flags.includes(flag)) expect(text).toContain(variable);
      }
    }
    expect(help("serve")).toContain("FORMSTEAD_SECRET");
    for (const name of [undefined, ...commands.map((it) => it.name)]) {
      expect(
        Math.max(
          ...help(name)
            .split("\n")
            .map((line) => line.length),
        ),
      ).toBeLessThanOrEqual(110);
    }
  });

  test("is printed by --help and by nothing at all", async () => {
    expect(await formstead(["--help"])).toEqual({ code: 0, out: `${help()}\n`, err: "" });
    expect(await formstead([])).toEqual({ code: 0, out: `${help()}\n`, err: "" });
    expect(await formstead(["serve", "--help"])).toEqual({ code: 0, out: `${help("serve")}\n`, err: "" });
    expect(await formstead(["--version"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("what is wrong is one sentence and an exit code", () => {
  test.each([
    [["serve", "--quack"], 'There is no flag "--quack". `formstead help COMMAND` lists them.'],
    [["serve", "--http=99999"], '--http needs an address and a port, not "99999". Did you mean 127.0.0.1:8090?'],
    [["starter"], `Say which starter: formstead starter demo. There is: ${starters().join(", ")}.`],
    [["starter", "demmo"], "There is no starter demmo. Did you mean demo?"],
    [["starter", "nothing-like-it"], `There is no starter nothing-like-it. There is: ${starters().join(", ")}.`],
    [
      ["superuser", "create", "ann@a.example"],
      "No password was given. Write it after the email address, or send it on standard input.",
    ],
    [["superuser", "delete", "ann@a.example", "pw"], "To remove a superuser no password is needed. Leave it out."],
  ])("%o", async (argv, sentence) => {
    expect(await formstead(argv)).toEqual({ code: 2, out: "", err: `${sentence}\n` });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a variable counts, also from .env", async () => {
    writeFileSync(join(folder, ".env"), "FORMSTEAD_HTTP=nowhere\n");
    const sentence = 'FORMSTEAD_HTTP needs an address and a port, not "nowhere". Did you mean nowhere:8090?\n';
    expect(await formstead(["serve"])).toEqual({ code: 2, out: "", err: sentence });
  });

  test("a data folder that is a file", async () => {
    writeFileSync(join(folder, "data"), "");
    const ran = await formstead(["serve", "--http", "127.0.0.1:0"]);
    expect(ran).toEqual({ code: 1, out: "", err: expect.stringMatching(/^[^\n]*\/data[^\n]*\.\n$/) });
  });

  test("a database that is a folder", async () => {
    mkdirSync(join(folder, "data", "formstead.db"), { recursive: true });
    const ran = await formstead(["serve", "--http", "127.0.0.1:0"]);
    expect(ran).toEqual({ code: 1, out: "", err: expect.stringMatching(/^[A-Z][^\n]*\.\n$/) });
  });

  test("a busy port", async () => {
    using other = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("other") });
    const { port = 0 } = other;
    const sentence = `Port ${port} of 127.0.0.1 is in use by another program. Stop that program, or choose another port: --http 127.0.0.1:${port + 1}\n`;
    expect(await formstead(["serve", "--http", `127.0.0.1:${port}`])).toEqual({ code: 1, out: "", err: sentence });
  });

  test("an address this machine does not have", async () => {
    const { code, err } = await formstead(["serve", "--http", "203.0.113.1:0"]);
    expect([code, err]).toEqual([1, expect.stringMatching(/^This machine has no address 203\.0\.113\.1 [^\n]*\n$/)]);
  });

  test.each([[["starter", "demo"]], [["serve", "--http", "127.0.0.1:0"]]])(
    "our own pages for a site: %j",
    async (argv) => {
      symlinkSync(join(main, "../../public"), join(folder, "ours"));
      const { code, err } = await formstead([...argv, "--publicDir", "./ours"]);
      expect([code, err]).toEqual([1, expect.stringMatching(/^\.\/ours holds what Formstead itself [^\n]*\n$/)]);
      expect(readdirSync(folder)).toEqual(["ours"]);
    },
  );

  test("our own pages, where nobody has named a folder: the site lies beside the data", async () => {
    symlinkSync(join(main, "../../public"), join(folder, "public"));
    const before = readdirSync(join(folder, "public"));
    const { code } = await formstead(["starter", "demo"]);
    expect([code, existsSync(join(folder, "data/public/index.html"))]).toEqual([0, true]);
    expect(readdirSync(join(folder, "public"))).toEqual(before);
  });

  test.each([[["update", "ann@a.example", "a good password"]], [["delete", "ann@a.example"]]])(
    "superuser %j, where there is no project",
    async (argv) => {
      const { code, err } = await formstead(["superuser", ...argv, "--dir", "elsewhere"]);
      expect([code, err]).toEqual([
        1,
        expect.stringMatching(/^There is no project in elsewhere[^\n]*--dir FOLDER\.\n$/),
      ]);
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  test("a public folder that cannot be read: the server says so, and serves", async () => {
    writeFileSync(join(folder, "public"), "");
    const server = await serving();
    expect(server.said()).toMatch(/^Nothing of your site can be shown: \.\/public cannot be read \(ENOTDIR\)\. .*$/m);
    expect((await fetch(`${server.address}/api/health`)).status).toBe(200);
  });

  test("a public folder that is a file", async () => {
    writeFileSync(join(folder, "public"), "");
    const { code, err } = await formstead(["starter", "demo"]);
    expect([code, err]).toEqual([1, expect.stringMatching(/^Formstead cannot write pages into \.\/public [^\n]*\n$/)]);
  });
});

test("settings that shut superusers out are taken back", async () => {
  const reset = ["settings", "reset", "superuserIPs", "--dir", "own"];
  expect((await formstead(reset)).err).toContain("There is no project in own");
  const dir = join(folder, "own");
  const kept = async (patch: object) => {
    await using project = await openProject({ dir, write: () => {} });
    await project.settings.change(patch);
    return project.settings.current;
  };
  await kept({ meta: { appName: "Ours" }, superuserIPs: ["192.0.2.1"] });
  const { code, out } = await formstead(reset);
  expect([code, out]).toEqual([
    0,
    "superuserIPs is as it was at first. If the server runs, start it again: then it obeys.\n",
  ]);
  expect(await kept({})).toMatchObject({ meta: { appName: "Ours" }, superuserIPs: [] });
});

describe("superuser", () => {
  const address = "ann@a.example";

  test("is made, changed and removed", async () => {
    const run = async (...argv: string[]) => {
      const { code, out, err } = await formstead(["superuser", ...argv]);
      return [code, out + err];
    };
    expect(await run("create", address, "a good password")).toEqual([0, `${address} is a superuser now.\n`]);
    expect(await run("create", address, "a good password")).toEqual([
      1,
      `${address} is a superuser already. For a new password: formstead superuser update ${address}\n`,
    ]);
    expect(await run("upsert", address, "short")).toEqual([1, expect.stringMatching(/^password: .*8.*\n$/)]);
    expect(await run("upsert", address, "another password")).toEqual([0, expect.stringContaining(address)]);
    expect(await run("delete", address)).toEqual([1, "The last superuser stays. Make another one first.\n"]);
    expect((await run("create", "bea@a.example", "a good password"))[0]).toBe(0);
    expect(await run("delete", address)).toEqual([0, `${address} is no superuser any more.\n`]);
    expect(await run("update", address, "a third password")).toEqual([
      1,
      expect.stringContaining(`no superuser with the address ${address}`),
    ]);
  });

  test("has the password that came on standard input, and can sign in with it", async () => {
    const { code, out } = await formstead(["superuser", "upsert", address], { stdin: "from a pipe\nsecond line\n" });
    expect([code, out]).toEqual([0, expect.not.stringContaining("pipe")]);
    const server = await serving();
    const signIn = (password: string) =>
      fetch(`${server.address}/api/collections/_superusers/auth-with-password`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ identity: address, password }),
      });
    expect((await signIn("from a pipe")).status).toBe(200);
    expect((await signIn("from a pipe\nsecond line")).status).toBe(400);
  });

  test("is asked for a password twice, which the screen does not show", async () => {
    const typing = async (first: string, second: string) => {
      let screen = "";
      let answered = 0;
      const child = Bun.spawn([process.execPath, main, "superuser", "upsert", address], {
        cwd: folder,
        env: { PATH: process.env["PATH"] ?? "" },
        terminal: {
          data(terminal, chunk) {
            screen += chunk.toString();
            const asked = screen.match(/Password for|again:/g)?.length ?? 0;
            if (asked > answered) terminal.write(`${[first, second][answered++]}\r`);
          },
        },
      });
      running.add(child);
      return [await child.exited, screen] as const;
    };
    const [code, screen] = await typing("not shoxwn\x7f\x7fwn", "not shoxwn\x7f\x7fwn");
    expect([code, screen]).toEqual([0, expect.stringContaining(address)]);
    expect(screen).not.toContain("sho");
    expect(await typing("one password", "another one")).toEqual([
      1,
      expect.stringContaining("The two passwords differ."),
    ]);
    expect(await typing("\x03", "")).toEqual([2, expect.stringContaining("No password was given.")]);
  });
});

describe("starter", () => {
  test("fills an empty project, and never overwrites", async () => {
    mkdirSync(join(folder, "site"));
    writeFileSync(join(folder, "site", "index.html"), "mine");
    const { code, out } = await formstead(["starter", "demo", "--publicDir", "site"]);
    expect([code, out]).toEqual([0, expect.stringContaining("site/index.html was there already")]);
    expect(readFileSync(join(folder, "site", "index.html"), "utf8")).toBe("mine");
    expect(existsSync(join(folder, "site", "site.css"))).toBe(true);
    expect((await formstead(["starter", "demo", "--publicDir", "site"])).code).toBe(0);

    const server = await serving("--publicDir", "site");
    expect(await (await fetch(server.address)).text()).toBe("mine");
    const message = { name: "Ann", email: "ann@a.example", message: "Hello" };
    const form = { method: "POST", body: new URLSearchParams(message), headers: { accept: "text/html" } };
    const sent = await fetch(`${server.address}/forms/contact`, { ...form, redirect: "manual" });
    expect(sent.status).toBe(303);
  });
});

describe("backup and restore", () => {
  test("beside a server, and once it has stopped", async () => {
    expect(await formstead(["backup"])).toEqual({
      code: 1,
      out: "",
      err: "There is no project in ./data, so there is nothing to back up. Say where your data is: --dir FOLDER.\n",
    });
    expect(readdirSync(folder)).toEqual([]);
    await formstead(["superuser", "upsert", "ann@a.example", "a good password"]);
    const server = await serving();
    const made = await formstead(["backup", "mine.zip"]);
    expect([made.code, made.out]).toEqual([
      0,
      expect.stringMatching(
        /^The backup is \S+\/mine\.zip \(\S+ kB, files of records: 0\)\. It was read back [^\n]*\n$/,
      ),
    ]);
    expect((await formstead(["backup", "mine.zip"])).err).toMatch(/^\S+\/mine\.zip is there already [^\n]*\n$/);
    expect((await formstead(["restore", "mine.zip"])).err).toMatch(/^Another server [^\n]*\n$/);
    server.child.kill("SIGTERM");
    await server.child.exited;

    const owners = () => {
      using database = new Database(join(folder, "data", "formstead.db"));
      return database.query("DELETE FROM _superusers RETURNING email").all();
    };
    expect(owners()).toHaveLength(1);
    const restored = await formstead(["restore", "mine.zip"]);
    const [said, before, next] = restored.out.split("\n");
    expect([restored.code, said, before, next]).toEqual([
      0,
      expect.stringMatching(/^\.\/data holds the data of the backup of .* \(files of records: 0\)\.$/),
      expect.stringMatching(/^What was there before is in \S+\/before-restore-\d{14}\. /),
      expect.stringContaining("formstead serve --dir ./data"),
    ]);
    expect(owners()).toEqual([{ email: "ann@a.example" }]);
    const nowhere = await formstead(["restore", "none.zip", "--dir", "elsewhere"]);
    expect([nowhere.code, nowhere.err]).toEqual([
      1,
      expect.stringMatching(/^There is no backup none\.zip\. [^\n]*\n$/),
    ]);
    expect(existsSync(join(folder, "elsewhere"))).toBe(false);
    // Eight processes, one after another.
  }, 20_000);
});

describe("serve", () => {
  test("prints a setup link until somebody owns the server", async () => {
    const server = await serving();
    const [, link = ""] = await server.readUntil(/(http:\S+\/_\/setup\?token=\S+)/);
    expect(link).toStartWith(server.address);
    expect((await fetch(link)).status).toBe(200);
    server.child.kill("SIGTERM");
    expect(await server.child.exited).toBe(0);

    await formstead(["superuser", "upsert", "ann@a.example", "a good password"]);
    const owned = await serving();
    owned.child.kill("SIGTERM");
    await owned.readUntil(/Stopping/);
    expect(owned.said()).not.toContain("setup");
  });

  test("a second server on the same data is refused", async () => {
    await serving();
    const { code, err } = await formstead(["serve", "--http", "127.0.0.1:0"]);
    expect([code, err]).toEqual([1, expect.stringMatching(/^Another server [^\n]*\n$/)]);
  });

  test.each(["SIGTERM", "SIGINT"] as const)("%s: what is in hand is finished first", async (signal) => {
    const server = await serving();
    const body = new TransformStream<Uint8Array, Uint8Array>();
    const writer = body.writable.getWriter();
    const answer = fetch(`${server.address}/api/collections/_superusers/auth-with-password`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: body.readable,
    });
    await writer.write(Buffer.from('{"identity":"a@a.example",'));
    await Bun.sleep(50);
    server.child.kill(signal);
    await server.readUntil(/Stopping/);
    expect(fetch(server.address)).rejects.toThrow();
    await writer.write(Buffer.from('"password":"wrong one"}'));
    await writer.close();
    expect((await answer).status).toBe(400);
    expect(await server.child.exited).toBe(0);
  });
});
