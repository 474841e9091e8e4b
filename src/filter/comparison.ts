import { sqlite as dialect } from "../store/dialect.ts";
import { join, raw, type Sql, sql } from "../store/sql.ts";
import type { Scalar, Sheet } from "./joins.ts";
import { longestPattern } from "./limits.ts";
import type { Operator } from "./parser.ts";
import { mapFill, type Term } from "./term.ts";

export interface Side {
  readonly term: Term;
  readonly sql: Sql;
  /** Nanoseconds it may take to find the value, where it is more than reading it. */
  readonly work?: Sql;
}

/** The comparison in SQL: true, false, or NULL where SQL says so (`NULL > 1`). */
export function compare(operator: Operator, left: Side, right: Side, sheet: Sheet): Sql {
  if (operator === "=") return equal(left, right, sheet);
  if (operator === "!=") return unequal(left, right, sheet);
  if (operator === "~") return sql`${left.sql} LIKE ${pattern(right, sheet)} ESCAPE '\\'`;
  if (operator === "!~") return sql`${left.sql} NOT LIKE ${pattern(right, sheet)} ESCAPE '\\'`;
  return sql`${left.sql} ${raw(operator)} ${right.sql}`;
}

/** True, and counts what the comparison may take for one row, where that depends on how long its sides are. */
export function effort(operator: Operator, left: Side, right: Side, sheet: Sheet): Sql[] {
  const work = [left, right].flatMap((side) => side.work ?? []);
  if (operator.endsWith("~")) work.push(sql`octet_length(${left.sql}) * ${bytesOf(right, sheet)}`);
  return work.length === 0 ? [] : [dialect.weigh(join(work, " + "))];
}

function bytesOf({ term, sql: side }: Side, sheet: Sheet): Sql {
  if (term.fill === undefined) return sql`octet_length(${side})`;
  return sheet.bind(mapFill(term.fill, (value) => Buffer.byteLength(String(value))));
}

/** What SQL would answer for two plain values, where that is certain without asking it. */
export function decide(operator: Operator, left: Scalar, right: Scalar): boolean | undefined {
  if (operator !== "=" && operator !== "!=") return undefined;
  const same = (left ?? "") === (right ?? "");
  // Texts that are no Unicode change on their way into the database, and may become equal there.
  if (!same && !(unchanged(left) && unchanged(right))) return undefined;
  return same === (operator === "=");
}

function unchanged(value: Scalar): boolean {
  return typeof value !== "string" || value.isWellFormed();
}

function equal(left: Side, right: Side, sheet: Sheet): Sql {
  if (left.term.strict || right.term.strict) return sql`${left.sql} IS ${right.sql}`;
  const [{ term, sql: column }, value] = valueLast(left, right);
  const fill = value.term.fill;
  if (fill === undefined || term.fill !== undefined) return sql`${loose(left, right)} = ${loose(right, left)}`;
  const text = sheet.bind(mapFill(fill, emptyText));
  if (!term.nullable || value.term.empty === false) return sql`${column} = ${text}`;
  if (value.term.empty) return sql`(${column} = '' OR ${column} IS NULL)`;
  return sql`(${column} = ${text} OR ${column} IS ${sheet.bind(mapFill(fill, emptyNull))})`;
}

function unequal(left: Side, right: Side, sheet: Sheet): Sql {
  if (left.term.strict || right.term.strict) return sql`${left.sql} IS NOT ${right.sql}`;
  const [{ term, sql: column }, value] = valueLast(left, right);
  const fill = value.term.fill;
  if (fill === undefined || term.fill !== undefined) return sql`${loose(left, right)} IS NOT ${loose(right, left)}`;
  const text = sheet.bind(mapFill(fill, emptyText));
  if (!term.nullable || value.term.empty === false) return sql`${column} IS NOT ${text}`;
  if (value.term.empty) return sql`(${column} <> '' AND ${column} IS NOT NULL)`;
  return sql`(${column} IS NOT ${text} AND ${column} IS NOT ${sheet.bind(mapFill(fill, emptyNull))})`;
}

function valueLast(left: Side, right: Side): readonly [Side, Side] {
  return left.term.fill !== undefined && right.term.fill === undefined ? [right, left] : [left, right];
}

/** A side with NULL made `""`, unless it is never NULL or never meets `""`: a bare column keeps its index and its affinity. */
function loose({ term, sql: text }: Side, other: Side): Sql {
  return !term.nullable || other.term.empty === false ? text : sql`COALESCE(${text}, '')`;
}

function emptyText(value: Scalar): Scalar {
  return value ?? "";
}

function emptyNull(value: Scalar): Scalar {
  return value === "" ? null : value;
}

/** What LIKE is asked with: `%…%` around what has no wildcard of its own. */
function pattern({ term, sql: side }: Side, sheet: Sheet): Sql {
  if (term.fill !== undefined) return sheet.bind(mapFill(term.fill, likePattern));
  return sql`CASE WHEN octet_length(${side}) <= ${raw(String(longestPattern))} THEN '%' || ${side} || '%' END`;
}

function likePattern(value: Scalar): Scalar {
  if (value === null) return null;
  const text = String(value);
  // What somebody wrote in a filter was refused before; what is sent to a rule matches nothing.
  if (Buffer.byteLength(text) > longestPattern) return null;
  return wildcards(text) ? text : `%${text.replace(/\\[\\%_]|[\\%_]/g, escape)}%`;
}

function wildcards(text: string): boolean {
  return text.replace(/\\[\\%_]/g, "").includes("%");
}

function escape(special: string): string {
  return special.length === 2 ? special : `\\${special}`;
}
