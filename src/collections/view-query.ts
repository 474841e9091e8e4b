import { problem, type Problem } from "../lib/errors.ts";
import { closing, isBalanced, isSign, isWord, type Token, tokenize } from "./sql-tokens.ts";

/** A column of a SELECT: `name` is what it is called in the result, `""` where it is an expression without a name. */
export interface QueryColumn {
  readonly name: string;
  /** What it is made of, without its name. */
  readonly tokens: readonly Token[];
  /** It has its name from `AS`, or as good as that. */
  readonly named: boolean;
}

/** Something that a SELECT reads from, and what it is called there. `table` is `""` for a subquery. */
export interface QuerySource {
  readonly table: string;
  readonly alias: string;
}

/** One SELECT, taken apart as far as its columns and sources. */
export interface Query {
  /** The statement as it is to be stored. */
  readonly text: string;
  /** All of it. */
  readonly tokens: readonly Token[];
  readonly columns: readonly QueryColumn[];
  readonly sources: readonly QuerySource[];
  /** Names of its common table expressions, in lower case: where they stand, no collection is meant. */
  readonly own: ReadonlySet<string>;
  /** Further SELECTs answer rows of it, too, in the same columns. */
  readonly compound: boolean;
}

export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/** As many characters as a query may have. */
export const longestQuery = 10_000;

/** Takes one SELECT statement apart, or says why it is none. Whether SQLite understands it is seen when it is run. */
export function readQuery(written: string): Read<Query> {
  if (written.length > longestQuery) return wrong("view_too_long", { max: longestQuery });
  const all = written.includes("\0") ? undefined : tokenize(written);
  if (!all || !isBalanced(all)) return wrong("view_unreadable");
  const whole = unwrapped(withoutEnd(all));
  if (whole.some((token) => isSign(token, ";"))) return wrong("view_several");
  const [first, last] = [whole[0], whole.at(-1)];
  if (!first || !last || !isWord(first, "select", "with")) return wrong("view_not_a_select");
  const text = written.slice(first.start, last.end);
  const tokens = tokenize(text) ?? [];
  const { own, rest } = withoutCommon(tokens);
  if (!isWord(rest[0], "select")) return wrong("view_not_a_select");
  const columns = columnsOf(rest);
  if (columns.some(isWildcard)) return wrong("view_wildcard");
  return { ok: true, value: { text, tokens, columns, sources: sourcesOf(rest), own, compound: isCompound(rest) } };
}

function wrong(code: string, params?: Problem["params"]): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: problem(code, params) };
}

function withoutEnd(tokens: readonly Token[]): readonly Token[] {
  return tokens.slice(0, tokens.findLastIndex((token) => !isSign(token, ";")) + 1);
}

/** Brackets around all of it mean nothing. */
export function unwrapped(tokens: readonly Token[]): readonly Token[] {
  return isSign(tokens[0], "(") && closing(tokens, 0) === tokens.length - 1 ? unwrapped(tokens.slice(1, -1)) : tokens;
}

/** `WITH a (b) AS (…), …` and what comes after it. */
function withoutCommon(tokens: readonly Token[]): { readonly own: Set<string>; readonly rest: readonly Token[] } {
  const own = new Set<string>();
  if (!isWord(tokens[0], "with")) return { own, rest: tokens };
  let at = isWord(tokens[1], "recursive") ? 2 : 1;
  for (;;) {
    own.add(tokens[at]?.name ?? "");
    while (at < tokens.length && !isWord(tokens[at], "as")) at++;
    while (at < tokens.length && !isSign(tokens[at], "(")) at++;
    const end = closing(tokens, at);
    if (end < 0) return { own, rest: [] };
    if (!isSign(tokens[end + 1], ",")) return { own, rest: tokens.slice(end + 1) };
    at = end + 2;
  }
}

const clauses = ["from", "where", "group", "having", "window", "union", "intersect", "except", "order", "limit"];

/** The tokens from `start` to the next of these words that is in no bracket. */
function until(tokens: readonly Token[], start: number, words: readonly string[]): number {
  for (let at = start; at < tokens.length; at++) {
    if (isSign(tokens[at], "(")) at = closing(tokens, at);
    // `a IS NOT DISTINCT FROM b` is no clause.
    else if (isWord(tokens[at], "from") && isWord(tokens[at - 1], "distinct") && isWord(tokens[at - 2], "is", "not"))
      continue;
    else if (isWord(tokens[at], ...words)) return at;
  }
  return tokens.length;
}

function isCompound(select: readonly Token[]): boolean {
  return until(select, 0, ["union", "intersect", "except"]) < select.length;
}

/** Parts between commas that are in no bracket. */
function parts(tokens: readonly Token[]): (readonly Token[])[] {
  const found: (readonly Token[])[] = [];
  let start = 0;
  for (let at = 0; at < tokens.length; at++) {
    if (isSign(tokens[at], "(")) at = closing(tokens, at);
    else if (isSign(tokens[at], ",")) {
      found.push(tokens.slice(start, at));
      start = at + 1;
    }
  }
  return [...found, tokens.slice(start)];
}

function columnsOf(select: readonly Token[]): QueryColumn[] {
  const start = isWord(select[1], "distinct", "all") ? 2 : 1;
  return parts(select.slice(start, until(select, start, clauses))).map(columnOf);
}

/** Words after which something stands that is no name for what was before it. */
const joining = [
  ..."and or not is in like glob match regexp between collate escape case when then else distinct all from".split(" "),
];
/** Words that end an expression. */
const ending = "end null isnull notnull true false current_date current_time current_timestamp".split(" ");

function columnOf(tokens: readonly Token[]): QueryColumn {
  const last = tokens.at(-1);
  const before = tokens.at(-2);
  const written = last?.kind === "quoted" || last?.kind === "word" || last?.kind === "string" ? unquoted(last) : "";
  if (written !== "" && isWord(before, "as")) return { name: written, tokens: tokens.slice(0, -2), named: true };
  const follows =
    before !== undefined && !isWord(before, ...joining) && (before.kind !== "sign" || before.text === ")");
  if (written !== "" && follows && !isWord(last, ...ending)) {
    return { name: written, tokens: tokens.slice(0, -1), named: true };
  }
  const path = pathOf(tokens);
  return { name: path ? unquoted(path.column) : "", tokens, named: false };
}

/** A name as it is written, without its quotes. */
export function unquoted(token: Token): string {
  if (token.kind === "word") return token.text;
  const inner = token.text.slice(1, -1);
  const quote = token.text.charAt(0);
  return quote === "[" ? inner : inner.replaceAll(quote + quote, quote);
}

/** `title` or `posts.title`, where that is all there is. */
export function pathOf(tokens: readonly Token[]): { readonly source?: Token; readonly column: Token } | undefined {
  const [first, dot, second] = tokens;
  const isName = (token: Token | undefined) =>
    token?.kind === "quoted" || (token?.kind === "word" && !ending.includes(token.name));
  if (tokens.length === 1 && first && isName(first)) return { column: first };
  if (tokens.length === 3 && first && second && isName(first) && isSign(dot, ".") && isName(second)) {
    return { source: first, column: second };
  }
  return undefined;
}

/** `*` and `posts.*`, and not the one of `COUNT(*)`. */
function isWildcard({ tokens }: QueryColumn): boolean {
  return isSign(tokens.at(-1), "*");
}

const joins = ["natural", "left", "right", "full", "inner", "outer", "cross", "join"];
/** Words after a table that are no other name for it. */
const afterTable = [...joins, ...clauses, "on", "using", "indexed", "not"];

function sourcesOf(select: readonly Token[]): QuerySource[] {
  const from = until(select, 1, clauses);
  if (!isWord(select[from], "from")) return [];
  return sourcesIn(select.slice(from + 1, until(select, from + 1, clauses)));
}

function sourcesIn(tokens: readonly Token[]): QuerySource[] {
  const found: QuerySource[] = [];
  let at = 0;
  while (at < tokens.length) {
    if (isSign(tokens[at], "(")) {
      const end = closing(tokens, at);
      const inner = tokens.slice(at + 1, end);
      const { alias, next } = aliasAt(tokens, end + 1);
      if (isWord(inner[0], "select", "with", "values")) found.push({ table: "", alias });
      else found.push(...sourcesIn(inner));
      at = next;
    } else {
      const qualified = isSign(tokens[at + 1], ".");
      // All collections are in the main file.
      const elsewhere = qualified && tokens[at]?.name !== "main";
      const table = tokens[qualified ? at + 2 : at]?.name ?? "";
      let end = at + (qualified ? 3 : 1);
      // A function that answers a table: its columns are nobody's fields.
      const called = isSign(tokens[end], "(");
      if (called) end = closing(tokens, end) + 1;
      const { alias, next } = aliasAt(tokens, end);
      found.push({ table: called || elsewhere ? "" : table, alias: alias || table });
      at = next;
    }
    at = nextSource(tokens, at);
  }
  return found;
}

function aliasAt(tokens: readonly Token[], at: number): { readonly alias: string; readonly next: number } {
  if (isWord(tokens[at], "as")) return { alias: tokens[at + 1]?.name ?? "", next: at + 2 };
  const token = tokens[at];
  const named = token !== undefined && token.kind !== "sign" && !isWord(token, ...afterTable);
  return named ? { alias: token.name, next: at + 1 } : { alias: "", next: at };
}

/** Behind the next comma or JOIN. */
function nextSource(tokens: readonly Token[], start: number): number {
  for (let at = start; at < tokens.length; at++) {
    if (isSign(tokens[at], "(")) at = closing(tokens, at);
    else if (isSign(tokens[at], ",") || isWord(tokens[at], "join")) return at + 1;
  }
  return tokens.length;
}
