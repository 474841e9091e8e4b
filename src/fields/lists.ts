import { type Problem, problem } from "../lib/errors.ts";
import { parseJson } from "../lib/json.ts";
import { type Sql, sql, type Value } from "../store/sql.ts";
import type { ColumnShape, Json, Modification, Modifier, Reading, Sent } from "./field.ts";
import { line, oneLine, string, unstorable } from "./strings.ts";

interface Several {
  readonly maxSelect: number;
}

/**
 * What select, file and relation have in common: one string where `maxSelect` is 0 or 1, otherwise a list of different
 * ones. Blank strings are none; of several for a single value the last counts.
 */
export const asList = {
  column: (field: Several) => (isList(field) ? { type: "JSON", default: "'[]'" } : { type: "TEXT", default: "''" }),
  shape: (field: Several): ColumnShape => (isList(field) ? "list" : "scalar"),
  zero: (field: Several): Json => (isList(field) ? [] : ""),
  fromForm: (sent: Sent, field: Several): Reading => ({
    value: pack(
      sent().map((_, n) => line(() => sent().slice(n, n + 1))),
      field,
    ),
  }),
  fromJson: (raw: unknown, field: Several): Reading => {
    const { items, wrong } = read(raw);
    const value = pack(items, field);
    return wrong ? { value, problem: wrong } : { value };
  },
  /** What is there already stays where it is, unless it is sent to stand before all others. */
  modify: (modifier: Modifier, sent: unknown, field: Several): Modification | undefined => {
    const { items, wrong } = read(sent);
    const results: Partial<Record<Modifier, (known: readonly string[]) => readonly string[]>> = {
      "name+": (known) => [...known, ...items],
      "+name": (known) => [...items, ...known],
      "name-": (known) => known.filter((item) => !items.includes(item)),
    };
    const result = results[modifier];
    return result && { ...(wrong ? { problem: wrong } : {}), apply: (value) => pack(result(unpack(value)), field) };
  },
  toColumn: (value: Json, field: Several): Value =>
    isList(field) ? JSON.stringify(unpack(value)) : (unpack(value).at(-1) ?? ""),
  fromColumn: (stored: Value, field: Several): Json => pack(storedItems(stored), field),
  inJson: (column: Sql, field: Several): Sql => {
    const list = sql`${column} LIKE '[%' AND json_valid(${column})`;
    return isList(field)
      ? sql`CASE WHEN ${list} THEN ${column} WHEN coalesce(${column}, '') = '' THEN '[]' ELSE json_array(${column}) END`
      : sql`json_quote(coalesce(CAST(iif(${list}, ${column} ->> '$[#-1]', ${column}) AS TEXT), ''))`;
  },
  cell: (value: Json) => oneLine(unpack(value).join(", ")),
};

export function isList({ maxSelect }: Several): boolean {
  return maxSelect > 1;
}

/** The strings of a value, whether it is one or a list. */
export function unpack(value: Json): readonly string[] {
  if (Array.isArray(value)) return value.map(string);
  return value === "" ? [] : [string(value)];
}

/** The strings that are ticked or chosen in a control. */
export function chosen(sent: Sent | undefined, value: Json): readonly string[] {
  return sent ? sent().filter((item) => item !== "") : unpack(value);
}

export function unstorableItem(items: readonly string[]): Problem | undefined {
  for (const item of items) {
    const wrong = unstorable(item);
    if (wrong) return wrong;
  }
  return undefined;
}

function read(raw: unknown): { readonly items: readonly string[]; readonly wrong?: Problem } {
  const items = (Array.isArray(raw) ? raw : [raw]).filter((item) => item !== null && item !== undefined);
  const wrong = items.some((item) => typeof item === "object");
  return wrong ? { items: [], wrong: problem("validation_invalid_value") } : { items: items.map(String) };
}

function pack(items: readonly string[], field: Several): Json {
  const different = [...new Set(items)].filter((item) => item !== "");
  return isList(field) ? different : (different.at(-1) ?? "");
}

/** A column may hold a list where the field once took several values, and one string where it once took one. */
function storedItems(stored: Value): string[] {
  if (typeof stored !== "string") return stored === null || stored instanceof Uint8Array ? [] : [String(stored)];
  const list = stored.startsWith("[") ? parseJson(stored)?.value : undefined;
  return Array.isArray(list) ? list.map(String) : [stored];
}
