import { dirname, join } from "node:path/posix";

/** The rooms of src/, in the order in which they may know each other: a room imports itself and those before it. */
export const rooms =
  "config lib embedded phrases store settings logs events html fields filter collections files records hooks live jobs mail auth forms transfer backups pages project http routes app index cli main".split(
    " ",
  );

/** Packages that only some may import, as the beginnings of their paths. */
const keepers: Readonly<Record<string, readonly string[]>> = {
  elysia: ["app.ts", "http/", "routes/"],
  "@elysiajs/": ["app.ts", "http/", "routes/"],
  "@elysiajs/jwt": ["auth/tokens.ts"],
  "bun:sqlite": ["store/", "backups/"],
};

/** Words that only some may say. */
const reserved: readonly { readonly word: RegExp; readonly what: string; readonly in: readonly string[] }[] = [
  { word: /\b(process|Bun|import\.meta)\s*\.\s*(env|argv)\b/, what: "the environment or arguments", in: ["config.ts"] },
  { word: /\bDate\.now\b|\bnew Date\(\s*\)/, what: "the clock", in: ["lib/"] },
  {
    word: /\bMath\.random\b|\b(getRandomValues|randomUUID|randomUUIDv[57]|randomBytes|randomInt)\b/,
    what: "randomness",
    in: ["lib/"],
  },
  { word: /\bprocess\.(exit|exitCode|abort|kill)\b/, what: "the end of the process", in: ["main.ts"] },
  {
    word: /(:|<|\bas|\||&|=>)\s*any\b(?!\s*\()|\bany\[\]|,\s*any\s*>|@ts-(ignore|nocheck|expect-error)|\bas\s+unknown\s+as\b/,
    what: "a type escape",
    in: [],
  },
];

/** The one file that loads what nobody knows before it is there: people's own code. */
const loader = "lib/modules.ts";

const longest = 300;

export interface Exceptions {
  /** Files over 300 lines, each with its reason. */
  readonly long?: Readonly<Record<string, string>>;
  /** Names that two files share, each with its reason. */
  readonly shared?: Readonly<Record<string, string>>;
}

/** What is wrong with these sources, one line each; paths are inside src/ (`lib/ids.ts`). */
export function faults(sources: ReadonlyMap<string, string>, { long = {}, shared = {} }: Exceptions = {}): string[] {
  const found: string[] = [];
  for (const [path, source] of sources) {
    found.push(...importFaults(path, source), ...wordFaults(path, source));
    const lines = source.trimEnd().split("\n").length;
    if (lines > longest && !long[path])
      found.push(`${path} has ${lines} lines: is there a noun in it that wants its own file?`);
  }
  for (const path of Object.keys(long)) {
    const lines = sources.get(path)?.trimEnd().split("\n").length ?? 0;
    if (lines <= longest) found.push(`${path} needs no exception any more.`);
  }
  return [...found, ...nameFaults([...sources.keys()], shared)].sort();
}

/** `config.ts` and `config/closest.ts` are both in the room `config`. */
function roomOf(path: string): string {
  return path.split("/")[0]?.replace(/\.tsx?$/, "") ?? "";
}

function importFaults(path: string, source: string): string[] {
  const place = rooms.indexOf(roomOf(path));
  if (place < 0) return [`${path} is in no room.`];
  const found: string[] = [];
  if (path !== loader && unreadable.test(withoutComments(source)))
    found.push(`${path} imports in a way this check cannot read.`);
  for (const { target, names } of importsOf(source)) {
    if (target.startsWith(".")) {
      const room = roomOf(join(dirname(path), target));
      const outside = join("src", dirname(path), target);
      if (!outside.startsWith("src/")) {
        if (path !== "embedded.ts") found.push(`${path} imports ${outside}; only embedded.ts looks outside src.`);
      } else if (rooms.indexOf(room) < 0) found.push(`${path} imports ${target}, which is in no room.`);
      else if (rooms.indexOf(room) > place) found.push(`${path} imports ${target}, a room after its own.`);
    }
    const keeper = keeperOf(target === "bun" && /\bSQL\b/.test(names) ? "bun:sqlite" : target);
    if (keeper && !keeper.some((start) => path.startsWith(start))) found.push(`${path} may not import ${target}.`);
  }
  return found;
}

/** The longest name that fits decides. */
function keeperOf(target: string): readonly string[] | undefined {
  const fitting = Object.keys(keepers).filter(
    (name) => target === name || target.startsWith(name.replace(/\/?$/, "/")),
  );
  return keepers[fitting.sort((left, right) => right.length - left.length)[0] ?? ""];
}

const statements =
  /(?:^|;)\s*(?:import|export)\b([^"'`;]*?)\bfrom\s*["']([^"'\n]+)["']|(?:^|;)\s*import\s*["']([^"'\n]+)["']/gm;
const calls = /\bimport\(\s*["']([^"'\n]+)["']\s*[,)]/g;
const unreadable = /\bimport\(\s*[^"'\s]|\brequire\s*\(|\bimport\s+\w+\s*=/;

function importsOf(source: string): { target: string; names: string }[] {
  const text = withoutComments(source);
  const written = [...text.matchAll(statements)].map(([, names = "", from, alone]) => ({
    target: from ?? alone ?? "",
    names,
  }));
  return [...written, ...[...text.matchAll(calls)].map(([, target = ""]) => ({ target, names: "" }))];
}

/** Good enough to look for words: what follows `//` in an address (`https://…`) stays. */
function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|[^:"'`\\])\/\/.*$/gm, "$1");
}

/** Sentences may say what code may not. */
function withoutStrings(source: string): string {
  return source.replaceAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`$]*`/g, '""');
}

function wordFaults(path: string, source: string): string[] {
  const escapes = /@ts-\S+/.exec(source)?.[0] ?? "";
  const text = `${withoutComments(withoutStrings(source))}\n${escapes}`;
  return reserved
    .filter((it) => it.word.test(text) && !it.in.some((start) => path.startsWith(start)))
    .map((it) => `${path} uses ${it.what}: ${it.word.exec(text)?.[0].trim()}`);
}

function nameFaults(paths: readonly string[], shared: Readonly<Record<string, string>>): string[] {
  const named = Map.groupBy(
    paths,
    (path) =>
      path
        .split("/")
        .at(-1)
        ?.replace(/\.tsx?$/, "") ?? "",
  );
  named.delete("index");
  const twice = [...named].filter(([name, files]) => files.length > 1 && !shared[name]);
  const needless = Object.keys(shared).filter((name) => (named.get(name)?.length ?? 0) < 2);
  return [
    ...twice.map(([, files]) => `Files share a name: ${files.sort().join(", ")}`),
    ...needless.map((name) => `The name ${name} needs no exception any more.`),
  ];
}
