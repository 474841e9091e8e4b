import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { faults, rooms } from "./rooms.ts";

const root = join(import.meta.dir, "..");

function sources(): Map<string, string> {
  const paths = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((it) =>
    /\.tsx?$/.test(it),
  );
  return new Map(paths.sort().map((path) => [path, readFileSync(join(root, "src", path), "utf8")]));
}

const exceptions = {
  long: {
    "phrases/ar.ts": "The same catalogue in Arabic.",
    "phrases/de.ts": "The same catalogue in German.",
    "phrases/en.ts": "A catalogue: one line for each code, and in one file a translator sees all of it.",
  },
  shared: {
    json: "A field type's file is named like the type.",
    form: "What a form is, and the part of a page that draws one.",
  },
};

test("src/ keeps the order of its rooms and the rules of the house", () => {
  expect(faults(sources(), exceptions)).toEqual([]);
});

test("the design names the same rooms", () => {
  const design = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
  expect(design).toContain(rooms.join(" → "));
});

/** What is wrong with one made-up file. */
function faultsOf(path: string, source: string): string[] {
  return faults(new Map([[path, source]]));
}

describe("the check sees", () => {
  const later = ["records/read.ts imports ../http/reply.ts, a room after its own."];
  test.each([
    ['import { a } from "../http/reply.ts";'],
    ['import type { A } from "../http/reply.ts";'],
    ['import {\n  a,\n  type B,\n} from "../http/reply.ts";'],
    ['import * as all from "../http/reply.ts";'],
    ['import "../http/reply.ts";'],
    ['export { a } from "../http/reply.ts";'],
    ['export * from "../http/reply.ts";'],
    ['export type { A } from "../http/reply.ts";'],
    ['const a = await import("../http/reply.ts");'],
    ['let a: import("../http/reply.ts").A;'],
    ["import { a } from '../http/reply.ts'"],
    ['/* why */ import { a } from "../http/reply.ts";'],
    ['import a from "./row.ts"; import b from "../http/reply.ts";'],
  ])("an import of a later room: %s", (source) => {
    expect(faultsOf("records/read.ts", source)).toEqual(later);
  });

  test.each([
    ["records/read.ts", 'import { a } from "./row.ts"; import { b } from "../lib/ids.ts";'],
    ["records/deep/er.ts", 'import { b } from "../../lib/ids.ts";'],
    ["records/read.ts", '// import { a } from "../http/reply.ts";\n/* import "../http/reply.ts"; */'],
    ["main.ts", 'import { a } from "./cli/serve.ts"; import { b } from "node:path";'],
    ["config.ts", 'import { a } from "./config/closest.ts"; process.argv; process.env;'],
    ["config/closest.ts", 'import { a } from "../config.ts";'],
    ["embedded.ts", 'import about from "../package.json" with { type: "json" };'],
    ["app.ts", 'import { Elysia } from "elysia"; import { cors } from "@elysiajs/cors";'],
    ["http/guard.ts", 'import type { Elysia } from "elysia";'],
    ["auth/tokens.ts", 'import { jwt } from "@elysiajs/jwt";'],
    ["store/sqlite.ts", 'import { Database } from "bun:sqlite"; import { SQL } from "bun";'],
    [
      "fields/date.ts",
      'import { sql } from "../store/sql.ts"; new Date(0); const at = "https://a.example/Date.nowhere";',
    ],
    ["lib/dates.ts", "Date.now(); new Date(); crypto.getRandomValues(pool);"],
    ["lib/errors.ts", "export function any(all: unknown[]): boolean { return all.some((it) => any([it])); }"],
    [
      "config/closest.ts",
      'const says = "On your own machine: any origin counts, as process.env.X says", other = `Date.now()`;',
    ],
    ["lib/lru.ts", "// as any, @ts is fine to mention, and so is any other word\nconst many: Company[] = [];"],
  ])("nothing wrong in %s: %s", (path, source) => {
    expect(faultsOf(path, source)).toEqual([]);
  });

  test.each([
    ["settings.ts", "", []],
    ["helpers/a.ts", "", ["helpers/a.ts is in no room."]],
    ["lib/a.ts", 'import "../helpers/b.ts";', ["lib/a.ts imports ../helpers/b.ts, which is in no room."]],
    ["lib/a.ts", 'import "../config.ts";', []],
    ["config.ts", 'import "./lib/ids.ts";', ["config.ts imports ./lib/ids.ts, a room after its own."]],
    ["cli/a.ts", 'import "../../bench/b.ts";', ["cli/a.ts imports bench/b.ts; only embedded.ts looks outside src."]],
    ["lib/a.ts", "await import(name);", ["lib/a.ts imports in a way this check cannot read."]],
    ["lib/a.ts", "await import(`./x.ts`);", ["lib/a.ts imports in a way this check cannot read."]],
    ["lib/a.ts", 'const a = require("../http/reply.ts");', ["lib/a.ts imports in a way this check cannot read."]],
    ["cli/a.ts", 'import type { Elysia } from "elysia";', ["cli/a.ts may not import elysia."]],
    ["pages/a.tsx", 'import { t } from "elysia/type-system";', ["pages/a.tsx may not import elysia/type-system."]],
    ["app.ts", 'import { jwt } from "@elysiajs/jwt";', ["app.ts may not import @elysiajs/jwt."]],
    ["mail/a.ts", 'import { cors } from "@elysiajs/cors";', ["mail/a.ts may not import @elysiajs/cors."]],
    ["records/a.ts", 'import { Database } from "bun:sqlite";', ["records/a.ts may not import bun:sqlite."]],
    ["records/a.ts", 'import { file, SQL } from "bun";', ["records/a.ts may not import bun."]],
    ["mail/a.ts", "process.env.HOME;", ["mail/a.ts uses the environment or arguments: process.env"]],
    ["mail/a.ts", "Bun.argv;", ["mail/a.ts uses the environment or arguments: Bun.argv"]],
    ["mail/a.ts", "import.meta.env.X;", ["mail/a.ts uses the environment or arguments: import.meta.env"]],
    ["jobs/a.ts", "Date.now();", ["jobs/a.ts uses the clock: Date.now"]],
    ["jobs/a.ts", "const at = new Date();", ["jobs/a.ts uses the clock: new Date()"]],
    ["jobs/a.ts", "Math.random();", ["jobs/a.ts uses randomness: Math.random"]],
    ["jobs/a.ts", "crypto.randomUUID();", ["jobs/a.ts uses randomness: randomUUID"]],
    ["jobs/a.ts", "crypto.getRandomValues(a);", ["jobs/a.ts uses randomness: getRandomValues"]],
    ["cli/a.ts", "process.exit(1);", ["cli/a.ts uses the end of the process: process.exit"]],
    ["lib/a.ts", "let a: any;", ["lib/a.ts uses a type escape: : any"]],
    ["lib/a.ts", "let a = 'b', c: any;", ["lib/a.ts uses a type escape: : any"]],
    ["lib/a.ts", "let a: Map<string, any>;", ["lib/a.ts uses a type escape: , any>"]],
    ["lib/a.ts", "let a = b as any;", ["lib/a.ts uses a type escape: as any"]],
    ["lib/a.ts", "type A = B[] | any[];", ["lib/a.ts uses a type escape: | any"]],
    ["lib/a.ts", "let a = b as unknown as C;", ["lib/a.ts uses a type escape: as unknown as"]],
    ["lib/a.ts", "// @ts-ignore\nb;", ["lib/a.ts uses a type escape: @ts-ignore"]],
    ["lib/a.ts", "// @ts-expect-error\nb;", ["lib/a.ts uses a type escape: @ts-expect-error"]],
  ])("in %s: %s", (path, source, expected) => {
    expect(faultsOf(path, source)).toEqual(expected);
  });

  test("two files with one name, index aside", () => {
    const same = new Map(
      ["lib/ids.ts", "auth/ids.tsx", "fields/index.ts", "phrases/index.ts"].map((path) => [path, ""]),
    );
    expect(faults(same)).toEqual(["Files share a name: auth/ids.tsx, lib/ids.ts"]);
    expect(faults(same, { shared: { ids: "a reason" } })).toEqual([]);
    expect(faults(new Map(), { shared: { ids: "a reason" } })).toEqual(["The name ids needs no exception any more."]);
  });

  test("a long file, unless a reason is given, and a reason that is none any more", () => {
    const long = new Map([["lib/a.ts", "a;\n".repeat(301)]]);
    expect(faults(long)).toEqual(["lib/a.ts has 301 lines: is there a noun in it that wants its own file?"]);
    expect(faults(long, { long: { "lib/a.ts": "a table" } })).toEqual([]);
    expect(faults(new Map([["lib/a.ts", "a;\n".repeat(300)]]))).toEqual([]);
    expect(faults(new Map(), { long: { "lib/a.ts": "a table" } })).toEqual(["lib/a.ts needs no exception any more."]);
  });
});
