import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import about from "../package.json" with { type: "json" };

/** A file that ships with the program; `path` as visitors or folders know it (`/formstead.css`), `file` where it can be read. */
export interface Embedded {
  readonly path: string;
  readonly file: string;
}

/** One step of our own tables' history; `name` sorts in the order of application. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** A ready-made project: the pages of its site, its hooks, and what its `schema.json` says. */
export interface Starter {
  readonly name: string;
  readonly files: readonly Embedded[];
  readonly hooks: readonly Embedded[];
  readonly schema: unknown;
}

/** In the binary `public/` and `db/` lie beside this module, in the source tree one folder up. */
const root = Bun.isStandaloneExecutable ? import.meta.dir : join(import.meta.dir, "..");

export const version: string = about.version;

/** The folder whose files every Formstead sends to browsers, for `@elysiajs/static`. */
export const publicFolder: string = join(root, "public");

/** What `new Worker()` takes. In the binary it ends in `.js`, which Bun finds by this name too. */
export const workerEntry: string = join(import.meta.dir, "store", "worker.ts");

/** The files in `publicFolder`, in the order of their paths. */
export function publicFiles(): Embedded[] {
  return filesIn(publicFolder);
}

/** The migrations of our own tables, first to last. */
export function migrations(): Migration[] {
  const folder = join(root, "db", "migrations");
  return names(folder)
    .filter((name) => name.endsWith(".sql"))
    .map((name) => ({ name: name.slice(0, -".sql".length), sql: readFileSync(join(folder, name), "utf8") }));
}

/** The names that `starter()` knows. */
export function starters(): string[] {
  return names(join(root, "db", "starters"));
}

export function starter(name: string): Starter | undefined {
  if (!starters().includes(name)) return undefined;
  const folder = join(root, "db", "starters", name);
  return {
    name,
    files: filesIn(join(folder, "public")),
    hooks: filesIn(join(folder, "hooks")),
    schema: JSON.parse(readFileSync(join(folder, "schema.json"), "utf8")),
  };
}

/** Types for people's hooks, as the text of a `.d.ts` file; everything in it is global. */
export function hookTypes(): string {
  return readFileSync(join(root, "db", "types", "hooks.d.ts"), "utf8");
}

function names(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

function filesIn(folder: string): Embedded[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: file.slice(folder.length).replaceAll("\\", "/"), file }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
