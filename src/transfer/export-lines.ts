import type { CompiledField } from "../collections/collection.ts";
import { join, raw, type Sql, sql } from "../store/sql.ts";

export const formats = ["csv", "json", "ndjson"] as const;
export type ExportFormat = (typeof formats)[number];

/** What is exported of each row under one name. */
export interface ExportColumn {
  /** The key in JSON. */
  readonly name: string;
  /** The heading in CSV. */
  readonly label: string;
  /** `text`: the SQL answers a text; `plain`: JSON text of a number or truth value; `json`: any JSON text. */
  readonly holds: "text" | "plain" | "json";
  readonly value: Sql;
}

/** What a spreadsheet takes for the beginning of a formula, in wide letters, too. */
const formula = "-=+@\t\r\n＝＋－＠";

/** A field, read from a column of its type as its collection reads it. */
export function exportColumn(field: CompiledField, column: Sql, label = field.name): ExportColumn {
  const { name, kind, definition, shape } = field;
  const inJson = kind.inJson?.(column, definition);
  const isText = kind.column(definition).type === "TEXT";
  if (!isText && inJson) return { name, label, holds: shape === "scalar" ? "plain" : "json", value: inJson };
  return { name, label, holds: "text", value: inJson ? sql`(${inJson}) ->> '$'` : textOf(column) };
}

/** A field, read from values that are kept as JSON. */
export function parkedColumn(field: CompiledField, values: Sql, label = field.name): ExportColumn {
  const { name, zero, kind, definition, shape } = field;
  const path = `$."${name}"`;
  const isText = kind.column(definition).type === "TEXT";
  if (isText) return { name, label, holds: "text", value: sql`coalesce(${values} ->> ${path}, '')` };
  const value = sql`coalesce(${values} -> ${path}, ${JSON.stringify(zero)})`;
  return { name, label, holds: shape === "scalar" ? "plain" : "json", value };
}

/** The one where the condition holds, otherwise the other. */
export function either(condition: Sql, left: ExportColumn, right: ExportColumn): ExportColumn {
  return { ...left, value: sql`iif(${condition}, ${left.value}, ${right.value})` };
}

export function textOf(column: Sql): Sql {
  return sql`coalesce(CAST(${column} AS TEXT), '')`;
}

/** One row as an object of JSON. */
export function jsonLine(columns: readonly ExportColumn[]): Sql {
  const members = columns.map(({ name, holds, value }) =>
    holds === "text" ? sql`${quoted(name)}, ${value}` : sql`${quoted(name)}, json(${value})`,
  );
  return sql`json_object(${join(members, ", ")})`;
}

/** One row as CSV: every text in quotes, numbers and truth values without; `end` goes after it. */
export function csvLine(columns: readonly ExportColumn[], separator: string): Sql {
  const cells = columns.map(({ holds, value }) => {
    if (holds === "plain") return value;
    if (holds === "json") return sql`iif(${value} = 'null', '', ${inQuotes(value)})`;
    return inQuotes(harmless(value));
  });
  return sql`concat(${join(cells, `, '${separator}', `)})`;
}

/** The same for headings, which are known here. */
export function csvCells(texts: readonly string[], separator: string): string {
  return texts.map((text) => `"${disarmed(text).replaceAll('"', '""')}"`).join(separator);
}

/**
 * A text that no spreadsheet calculates: an apostrophe goes before what begins like a formula, and before apostrophes that stand
 * before such a beginning, so that `armed` knows what was there.
 */
export function disarmed(text: string): string {
  return isArmed(text) ? `'${text}` : text;
}

/** What was there before `disarmed`. */
export function armed(text: string): string {
  return text.startsWith("'") && isArmed(text) ? text.slice(1) : text;
}

function isArmed(text: string): boolean {
  const first = /^'*(.)/su.exec(text)?.[1];
  return first !== undefined && formula.includes(first);
}

function harmless(value: Sql): Sql {
  return sql`iif(ltrim(${value}, '''') GLOB ${quoted(`[${formula}]*`)}, '''' || ${value}, ${value})`;
}

function inQuotes(value: Sql): Sql {
  return sql`'"' || replace(${value}, '"', '""') || '"'`;
}

/** A text of ours as SQL, so that what is asked of every row is a constant. */
function quoted(text: string): Sql {
  return raw(`'${text.replaceAll("'", "''")}'`);
}
