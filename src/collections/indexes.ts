import { any, bad, good, type Outcome, problem, type Problems } from "../lib/errors.ts";
import type { Collections } from "./collection.ts";
import { type Definition, renamedFields } from "./definition.ts";
import { systemIndexes } from "./system.ts";

/** An index as its `CREATE INDEX` text says it; `columns` and `where` are kept as written. */
export interface Index {
  readonly unique: boolean;
  readonly name: string;
  readonly table: string;
  readonly columns: string;
  readonly where: string;
}

const quoted = "(?:`[^`]+`|\"[^\"]+\"|\\[[^\\]]+\\]|'[^']+'|\\w+)";
const statement = new RegExp(
  `^\\s*create\\s+(unique\\s+)?index\\s+(?:if\\s+not\\s+exists\\s+)?(?:${quoted}\\s*\\.\\s*)?(${quoted})\\s+on\\s+(${quoted})\\s*\\(([\\s\\S]+?)\\)\\s*(?:where\\s+([\\s\\S]+?))?\\s*;?\\s*$`,
  "i",
);

/** Reads one `CREATE [UNIQUE] INDEX` statement; `undefined` for anything else, also for more than one statement. */
export function parseIndex(text: string): Index | undefined {
  const match = statement.exec(text);
  if (!match) return undefined;
  const [, unique, name = "", table = "", columns = "", where = ""] = match;
  if (!closed(columns) || !closed(where)) return undefined;
  return { unique: unique !== undefined, name: bare(name), table: bare(table), columns: columns.trim(), where };
}

export function writeIndex(index: Index): string {
  const where = index.where ? ` WHERE ${index.where}` : "";
  return `CREATE ${index.unique ? "UNIQUE " : ""}INDEX \`${index.name}\` ON \`${index.table}\` (${index.columns})${where}`;
}

/** The names of the columns, for an index over plain columns; `undefined` where it indexes an expression. */
export function columnsOf(index: Index): string[] | undefined {
  const names: string[] = [];
  for (const part of index.columns.split(",")) {
    const match = new RegExp(`^\\s*(${quoted})(?:\\s+collate\\s+\\w+)?(?:\\s+(?:asc|desc))?\\s*$`, "i").exec(part);
    if (!match) return undefined;
    names.push(bare(match[1] ?? ""));
  }
  return names;
}

const tokens = /`[^`]+`|"[^"]+"|\[[^\]]+\]|'(?:[^']|'')*'|[A-Za-z_]\w*/g;

/** The same index on a table of this name, after columns got other names. */
export function followIndex(index: Index, table: string, names: ReadonlyMap<string, string>): Index {
  const lower = new Map([...names].map(([from, to]) => [from.toLowerCase(), to]));
  const rewrite = (text: string) =>
    text.replace(tokens, (token) => {
      const renamed = token.startsWith("'") ? undefined : lower.get(bare(token).toLowerCase());
      return renamed ? `\`${renamed}\`` : token;
    });
  return { ...index, table, columns: rewrite(index.columns), where: rewrite(index.where) };
}

/** Whether an index may have to do with one of these columns (in lower case). */
export function mentions(index: Index, columns: ReadonlySet<string>): boolean {
  return (`${index.columns} ${index.where}`.match(tokens) ?? []).some((token) =>
    columns.has(bare(token).toLowerCase()),
  );
}

function bare(name: string): string {
  return /^\w+$/.test(name) ? name : name.slice(1, -1);
}

/** Whether brackets and quotes are balanced and nothing in the text could end the statement. */
function closed(text: string): boolean {
  const plain = text.replace(/`[^`]*`|"[^"]*"|'(?:[^']|'')*'|\[[^\]]*\]/g, "");
  if (/[;`"'\0]|--|\/\*/.test(plain)) return false;
  let depth = 0;
  for (const char of plain) {
    if (char === "(") depth++;
    if (char === ")" && --depth < 0) return false;
  }
  return depth === 0;
}

/**
 * The indexes of a definition, made to name its table and to follow its renamed fields; those that sign-in stands on are added
 * where they are missing. What only the database knows is seen when the change is run. Problems come by position.
 */
export function checkIndexes(definition: Definition, old: Definition | undefined, set: Collections): Outcome<string[]> {
  const renamed = renamedFields(old, definition);
  const columns = new Set(definition.fields.map((field) => field.name.toLowerCase()));
  const problems: Problems = {};
  const indexes: Index[] = [];
  const needed = systemIndexes(definition).filter((text) => !covered(text, definition.indexes));
  [...definition.indexes, ...needed].forEach((text, position) => {
    const parsed = parseIndex(text);
    const index = parsed && followIndex(parsed, definition.name, renamed);
    if (!index) problems[position] = problem("validation_invalid_index_expression");
    else if (indexes.some((other) => same(other.name, index.name))) {
      problems[position] = problem("validation_duplicated_index_name");
    } else if (indexes.some((other) => same(other.columns + other.where, index.columns + index.where))) {
      problems[position] = problem("validation_duplicated_index_definition");
    } else {
      indexes.push(index);
      const owner = set.all.find((other) => other.id !== definition.id && ownsIndex(other.definition, index.name));
      if (owner) problems[position] = problem("validation_existing_index_name", { collection: owner.name });
      else if (!isOver(index, columns)) problems[position] = problem("validation_invalid_index_expression");
    }
  });
  return any(problems) ? bad(problems) : good(indexes.map(writeIndex));
}

/** A system field whose values our own collections keep apart by an index that would be gone. */
export function keptApartNoMore(old: Definition | undefined, indexes: readonly string[]): string | undefined {
  if (!old?.system) return undefined;
  const lost = old.indexes.filter((text) => parseIndex(text)?.unique && !covered(text, indexes));
  const columns = lost.flatMap((text) => {
    const index = parseIndex(text);
    return (index && columnsOf(index)) ?? [];
  });
  return columns.find((column) => old.fields.some(({ name, system }) => system && name === column));
}

/** SQLite takes a name in double quotes that is no column for a text, and would make an index over that. */
function isOver(index: Index, columns: ReadonlySet<string>): boolean {
  const quotedNames = `${index.columns} ${index.where}`.match(tokens)?.filter((token) => token.startsWith('"')) ?? [];
  const named = [...(columnsOf(index) ?? []), ...quotedNames.map(bare)];
  return named.every((name) => columns.has(name.toLowerCase()));
}

export function ownsIndex(definition: Definition, name: string): boolean {
  return definition.indexes.some((text) => same(parseIndex(text)?.name ?? "", name));
}

function covered(needed: string, given: readonly string[]): boolean {
  const columns = (text: string) => {
    const index = parseIndex(text);
    return index?.unique ? columnsOf(index)?.join() : undefined;
  };
  return given.some((text) => columns(text) !== undefined && columns(text) === columns(needed));
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
