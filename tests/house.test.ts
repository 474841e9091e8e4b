import { describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import about from "../package.json" with { type: "json" };
import { commands, settings } from "../src/config.ts";

const root = join(import.meta.dir, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** What git does not keep, and what an editor or system leaves behind. */
const ignored = read(".gitignore")
  .split("\n")
  .map((line) => line.replace("/", ""))
  .filter((line) => line !== "");

describe("the top level", () => {
  const folders = ["bench", "bin", "db", "docs", "public", "src", "tests"];
  const files = [
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "STYLE.md",
    "bun.lock",
    "bunfig.toml",
    "package.json",
    "tsconfig.json",
  ];

  test("holds what the house has, and nothing else", () => {
    const found = readdirSync(root).filter(
      (name) => !name.startsWith(".") && !ignored.includes(name) && !name.endsWith(".log"),
    );
    expect(found.sort()).toEqual([...folders, ...files].sort());
  });

  test("user data is not kept by git", () => {
    for (const name of ["data", "node_modules", "dist", ".env", ".bun"]) expect(ignored).toContain(name);
  });

  test("Bun is pinned, the same everywhere, and this is it", () => {
    expect(about.packageManager).toBe(`bun@${about.engines.bun}`);
    expect(Bun.version).toBe(about.engines.bun);
    const exact = Object.entries({ ...about.dependencies, ...about.devDependencies });
    for (const [name, version] of exact)
      expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
  });
});

describe("bin/", () => {
  const programs = readdirSync(join(root, "bin")).filter((name) => statSync(join(root, "bin", name)).isFile());

  test("holds the commands of the README, each a shell script that can be run", () => {
    const named = [...read("README.md").matchAll(/`(?:\S+ )?bin\/(\w+)[^`]*`/g)].map(([, name]) => name ?? "");
    expect([...new Set(named)].sort()).toEqual([...programs].sort());
    for (const name of programs) {
      expect([name, read(`bin/${name}`).split("\n")[0]]).toEqual([name, "#!/bin/sh"]);
      expect([name, statSync(join(root, "bin", name)).mode & 0o111]).toEqual([name, 0o111]);
    }
  });

  test("is what the scripts of package.json run", () => {
    expect(Object.keys(about.scripts).sort()).toEqual(["build", "check", "dev", "start", "test"]);
    for (const [name, script] of Object.entries(about.scripts)) {
      expect([name, script]).toEqual([name, expect.stringMatching(/^bin\/\w+( --\w+)*$/)]);
      expect(programs).toContain(/^bin\/(\w+)/.exec(script)?.[1] ?? "");
    }
  });

  test("scripts are read by a plain shell without complaint", () => {
    for (const path of [...programs.map((name) => `bin/${name}`), "bin/lib/bun.sh", "bin/lib/tests.sh", ".ci/run"]) {
      const { exitCode, stderr } = Bun.spawnSync(["sh", "-n", join(root, path)]);
      expect([path, exitCode, stderr.toString()]).toEqual([path, 0, ""]);
    }
  });

  test("start --empty serves nothing of the demo", async () => {
    const folder = mkdtempSync(join(tmpdir(), "formstead-start-"));
    const child = Bun.spawn([join(root, "bin", "start"), "--empty", "--http", "127.0.0.1:0"], {
      env: { ...process.env, FORMSTEAD_DIR: join(folder, "data") },
      stdout: "pipe",
      stderr: "inherit",
    });
    try {
      let said = "";
      for await (const bytes of child.stdout) {
        said += new TextDecoder().decode(bytes);
        if (said.includes("/_/setup")) break;
      }
      const [, address] = /serves (http:\S+)/.exec(said) ?? [];
      expect((await fetch(`${address}/forms/contact`)).status).toBe(404);
      expect(said).not.toContain("starter");
    } finally {
      child.kill();
      await child.exited;
      rmSync(folder, { recursive: true });
    }
  });

  test(".ci/run runs the checks and the tests", () => {
    expect(read(".ci/run")).toMatch(/^bin\/check\n+bin\/test\n+bin\/soak$/m);
  });
});

describe("docs under test", () => {
  test("the README names every command of the program", () => {
    const readme = read("README.md").replaceAll("\\|", "|");
    for (const { name, usage } of commands) expect(readme).toContain(`\`${`formstead ${name} ${usage}`.trim()}\``);
  });

  test("docs/settings.md has the table of src/config/flags.ts", () => {
    const rows = read("docs/settings.md")
      .split("\n")
      .filter((line) => /^\| .*`[A-Z_]+`/.test(line))
      .map((line) =>
        line
          .split(/(?<!\\)\|/)
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    const quoted = (text: string) => (text === "" ? "" : `\`${text}\``);
    const expected = settings.map(({ flag, variable, value, standard, says }) => [
      quoted(flag ? `--${flag}${value ? ` ${value}` : ""}` : ""),
      quoted(variable),
      quoted(standard),
      says,
    ]);
    expect(rows).toEqual(expected);
  });

  test("links inside the house lead somewhere", () => {
    const pages = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
      (path) => path.endsWith(".md") && !path.split("/").some((part) => part.startsWith(".") || ignored.includes(part)),
    );
    expect(pages).toContain("README.md");
    for (const page of pages) {
      for (const [, target = ""] of read(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)) {
        expect([page, target, existsSync(join(root, dirname(page), target))]).toEqual([page, target, true]);
      }
    }
  });

  test("no words are left over from other drafts", () => {
    for (const page of ["README.md", "CONTRIBUTING.md", "STYLE.md", "docs/settings.md"]) {
      expect([page, /\b(TODO|FIXME|TBD|lorem ipsum|admin UI|desk)\b/i.exec(read(page))?.[0]]).toEqual([
        page,
        undefined,
      ]);
    }
  });
});
