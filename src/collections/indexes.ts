import { any, bad, good, type Outcome, problem, type Problems } from "../lib/errors.ts";
import type { Collections } from "./collection.ts";
import type { Definition } from "./definition.ts";
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

/** The same index after columns got other names. */
export function renameColumns(index: Index, names: ReadonlyMap<string, string>): Index {
  const rewrite = (text: string) =>
    text.replace(/`[^`]+`|"[^"]+"|\[[^\]]+\]|'(?:[^']|'')*'|[A-Za-z_]\w*/g, (token) => {
      const renamed = token.startsWith("'") ? undefined : names.get(bare(token));
      return renamed ? `\`${renamed}\`` : token;
    });
  return { ...index, columns: rewrite(index.columns), where: rewrite(index.where) };
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
 * The indexes of a definition, made to name its table and to follow its renamed fields; for sign-in the needed ones are
 * added. Whether the columns exist is seen when the change is rehearsed. Problems come by position.
 */
export function checkIndexes(
  definition: Definition,
  old: Definition | undefined,
  set: Collections,
): Outcome<string[]> {
  const renamed = new Map<string, string>();
  for (const field of definition.fields) {
    const before = old?.fields.find((other) => other.id === field.id);
    if (before && before.name !== field.name) renamed.set(before.name, field.name);
  }
  const problems: Problems = {};
  const indexes: Index[] = [];
  const needed = old ? [] : systemIndexes(definition).filter((text) => !covered(text, definition.indexes));
  [...definition.indexes, ...needed].forEach((text, position) => {
    const index = parseIndex(text);
    if (!index) problems[position] = problem("validation_invalid_index_expression");
    else if (indexes.some((other) => same(other.name, index.name))) {
      problems[position] = problem("validation_duplicated_index_name");
    } else if (indexes.some((other) => same(other.columns + other.where, index.columns + index.where))) {
      problems[position] = problem("validation_duplicated_index_definition");
    } else if (set.all.some((other) => other.id !== definition.id && owns(other.definition, index.name))) {
      problems[position] = problem("validation_existing_index_name");
    } else indexes.push({ ...(old ? renameColumns(index, renamed) : index), table: definition.name });
  });
  return any(problems) ? bad(problems) : good(indexes.map(writeIndex));
}

function owns(definition: Definition, name: string): boolean {
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
