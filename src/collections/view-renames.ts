import type { Collection, Collections } from "./collection.ts";
import type { Definition } from "./definition.ts";
import { isSign, isWord, type Token } from "./sql-tokens.ts";
import { pathOf, type Query, readQuery } from "./view-query.ts";

/** What gets other names: a collection, and fields of it (before → now). */
export interface Renaming {
  /** The collections as they are before it. */
  readonly set: Collections;
  readonly old: Pick<Definition, "id" | "name">;
  readonly name: string;
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * A query after a rename. What the view calls its columns stays: where a column is shown under its own name, that becomes
 * `AS title`. A query that this does not understand stays as it is, or becomes one that finds nothing: that is seen when the view is made.
 */
export function renameInQuery(text: string, renaming: Renaming): string {
  const read = readQuery(text);
  if (!read.ok) return text;
  const query = read.value;
  const before = renaming.set.find(renaming.old.id);
  if (!before || !query.tokens.some(({ name }) => name === before.name.toLowerCase())) return text;
  const aliases = aliasesOf(query.tokens, before);
  const names = new Map([...renaming.fields].map(([from, to]) => [from.toLowerCase(), to]));
  const shown = columnsShown(query);
  let result = "";
  let from = 0;
  query.tokens.forEach((token, at) => {
    const written = renamed(query.tokens, at, { before, aliases, names, renaming });
    if (written === undefined) return;
    const kept = written.field && shown.has(token) ? ` AS \`${token.kind === "word" ? token.text : token.name}\`` : "";
    result += `${query.text.slice(from, token.start)}\`${written.name}\`${kept}`;
    from = token.end;
  });
  return from === 0 ? text : result + query.text.slice(from);
}

interface Known {
  readonly before: Collection;
  readonly aliases: ReadonlySet<string>;
  readonly names: ReadonlyMap<string, string>;
  readonly renaming: Renaming;
}

function renamed(
  tokens: readonly Token[],
  at: number,
  known: Known,
): { readonly name: string; readonly field: boolean } | undefined {
  const token = tokens[at];
  if (!token || (token.kind !== "word" && token.kind !== "quoted")) return undefined;
  const { before, aliases, names, renaming } = known;
  const table = before.name.toLowerCase();
  if (token.name === table && renaming.name !== before.name) {
    const isTable = isWord(tokens[at - 1], "from", "join", "in") || isListed(tokens, at);
    const isQualifier = isSign(tokens[at + 1], ".") && aliases.has(table);
    if (isTable || isQualifier) return { name: renaming.name, field: false };
  }
  const to = names.get(token.name);
  if (to === undefined || isSign(tokens[at + 1], "(") || isSign(tokens[at + 1], ".")) return undefined;
  if (isWord(tokens[at - 1], "as")) return undefined;
  if (isSign(tokens[at - 1], ".")) {
    return aliases.has(tokens[at - 2]?.name ?? "") ? { name: to, field: true } : undefined;
  }
  return isAlone(tokens, token.name, known) ? { name: to, field: true } : undefined;
}

/** A table after a comma: nothing else is followed by an alias, another table, or the next clause. */
function isListed(tokens: readonly Token[], at: number): boolean {
  if (!isSign(tokens[at - 1], ",")) return false;
  const start = tokens.slice(0, at).findLastIndex((token) => isWord(token, "from", "select", "by"));
  return isWord(tokens[start], "from");
}

/** What the collection is called where the query speaks of its fields. */
function aliasesOf(tokens: readonly Token[], { name }: Collection): ReadonlySet<string> {
  const table = name.toLowerCase();
  const aliases = new Set<string>();
  tokens.forEach((token, at) => {
    if (token.name !== table || !(isWord(tokens[at - 1], "from", "join") || isListed(tokens, at))) return;
    const next = isWord(tokens[at + 1], "as") ? tokens[at + 2] : tokens[at + 1];
    const plain = !next || next.kind === "sign" || isWord(next, ...afterwards);
    aliases.add(plain ? table : next.name);
  });
  return aliases;
}

const afterwards =
  "natural left right full inner outer cross join on using indexed not where group having window union intersect except order limit".split(
    " ",
  );

/** No other collection of the query has a field of that name. */
function isAlone(tokens: readonly Token[], field: string, { before, renaming }: Known): boolean {
  const names = new Set(tokens.map(({ name }) => name));
  return !renaming.set.all.some((other) => {
    const reads = other.id !== before.id && names.has(other.name.toLowerCase());
    return reads && other.fields.some(({ name }) => name.toLowerCase() === field);
  });
}

/** The last tokens of columns that are shown under their own names. */
function columnsShown({ columns }: Query): ReadonlySet<Token> {
  const shown = columns.filter((column) => !column.named && pathOf(column.tokens));
  return new Set(shown.flatMap(({ tokens }) => tokens.at(-1) ?? []));
}
