import { Refusal } from "../lib/errors.ts";
import { sqlite as dialect } from "../store/dialect.ts";
import { name, raw, type Sql, sql } from "../store/sql.ts";
import type { Fill, Joins, Sheet, Step, Used } from "./joins.ts";
import { mostJoins } from "./limits.ts";
import { malformed } from "./refusals.ts";
import type { ScopeCollection, ScopeField } from "./scope.ts";
import type { Term } from "./term.ts";
import type { Chooser } from "./to-sql.ts";

/** What names are resolved against. */
export interface Context {
  /** The whole text, for pointing at a character of it. */
  readonly source: string;
  readonly collection: ScopeCollection;
  lookup(idOrName: string): ScopeCollection | undefined;
  readonly trusted: boolean;
  readonly choosers: Chooser[];
  literal(value: string | number, index: number): Fill;
  /** How often one path may go from a record to many. */
  readonly fans: number;
  /** Under which condition ordinary viewers may follow a relation to this collection; throws where they may not. */
  guard(collection: ScopeCollection, at: number): Step["guard"];
}

/** One part of a dotted name. */
export interface Segment {
  readonly text: string;
  readonly at: number;
}

export interface DottedName {
  readonly segments: readonly Segment[];
  readonly modifier: Segment | undefined;
}

/** Where a path begins: the rows the steps lead to. */
export interface Start {
  readonly collection: ScopeCollection;
  readonly steps: readonly Step[];
  readonly many: boolean;
  readonly trusted: boolean;
}

export function splitName(text: string, at: number): DottedName {
  const segments: Segment[] = [];
  let offset = 0;
  for (const part of text.split(".")) {
    segments.push({ text: part, at: at + offset });
    offset += part.length + 1;
  }
  const last = segments.at(-1);
  const colon = last?.text.indexOf(":") ?? -1;
  if (!last || colon < 0) return { segments, modifier: undefined };
  segments[segments.length - 1] = { text: last.text.slice(0, colon), at: last.at };
  return { segments, modifier: { text: last.text.slice(colon + 1), at: last.at + colon } };
}

/** Follows a name from field to field: own columns, parts of JSON, relations and what refers back. */
export function follow(context: Context, start: Start, { segments, modifier }: DottedName): Term {
  const [head, ...rest] = segments;
  if (!head) throw malformed("filter_name_unknown", context.source, context.source.length);
  if (start.steps.length > mostJoins) throw new Refusal("bad request", "filter_too_many_joins", { max: mostJoins });
  const field = start.collection.field(head.text);
  if (field && field.hidden && !start.trusted) throw unknown(context, head);
  if (!field) return follow(context, back(context, start, head, rest), { segments: rest, modifier });
  if (rest.length === 0) return lastTerm(context, start, field, modifier);
  if (field.shape === "json" || field.shape === "point") return partTerm(context, start, field, rest, modifier);
  if (field.target === undefined) throw malformed("filter_relation_expected", context.source, head.at, head.text);
  if (field.shape === "scalar" && rest.length === 1 && rest[0]?.text === "id" && !modifier) {
    return lastTerm(context, start, field, undefined);
  }
  const next = context.lookup(field.target);
  if (!next) throw malformed("filter_relation_expected", context.source, head.at, head.text);
  const hops = relationSteps(field, next, start.trusted ? undefined : context.guard(next, head.at));
  const steps = hops.reduce((steps, hop) => onwards(context, steps, hop), start.steps);
  const many = start.many || field.shape === "list";
  return follow(context, { ...start, collection: next, steps, many }, { segments: rest, modifier });
}

/** Steps and one more. */
function onwards({ fans }: Context, steps: readonly Step[], next: Step): readonly Step[] {
  const all = [...steps, next];
  if (all.filter(({ many }) => many).length > fans) {
    throw new Refusal("bad request", "filter_too_many_fans", { max: fans });
  }
  return all;
}

function unknown({ source }: Context, { text, at }: Segment) {
  return malformed("filter_name_unknown", source, at, text);
}

function relationSteps(field: ScopeField, next: ScopeCollection, guard: Step["guard"]): Step[] {
  const column = name(field.name);
  if (field.shape === "scalar") return [idStep(field.name, next, (from) => sql`${from}.${column}`, guard)];
  return [elementsStep(field), idStep(field.name, next, (from) => sql`${from}.value`, guard)];
}

/** To the record with an id. */
export function idStep(
  key: string,
  next: ScopeCollection,
  id: (from: Sql, sheet: Sheet) => Sql,
  guard?: Step["guard"],
): Step {
  return {
    ...recordStep(key, next),
    on: (from, to, sheet) => sql`${to}."id" = ${id(from, sheet)}`,
    ...(guard ? { guard } : {}),
  };
}

/** To any record. */
export function recordStep(key: string, { name: table, type }: ScopeCollection): Step {
  return { key, many: false, number: type === "view" ? "id" : "_rowid_", table: () => name(table) };
}

/** To the elements of a column that holds a list. */
function elementsStep(field: ScopeField): Step {
  return listStep(field.name, (from) => sql`${from}.${name(field.name)}`);
}

/** To the elements of a list, in a column called `value`. */
export function listStep(key: string, list: (from: Sql, sheet: Sheet) => Sql): Step {
  return {
    key: `${key}[]`,
    many: true,
    number: "_rowid_",
    table: (from, sheet) => dialect.elements(list(from, sheet)),
  };
}

const referring = /^(\w+)_via_(\w+)$/;

/** To the records of another collection that refer to this one: `comments_via_post`. */
function back(context: Context, start: Start, head: Segment, rest: readonly Segment[]): Start {
  const [, from = "", by = ""] = referring.exec(head.text) ?? [];
  const next = from === "" ? undefined : context.lookup(from);
  const field = next?.field(by);
  if (!next || field?.target !== start.collection.id || rest.length === 0) throw unknown(context, head);
  if (field.hidden && !start.trusted) throw unknown(context, head);
  const guard = start.trusted ? undefined : context.guard(next, head.at);
  const column = name(field.name);
  const many = field.shape !== "scalar" || field.unique !== true;
  const step: Step = {
    ...recordStep(head.text, next),
    many,
    on: (row, to, sheet) => {
      if (field.shape === "scalar") return sql`${to}.${column} = ${row}."id"`;
      const ids = sheet.alias();
      const among = sql`SELECT 1 FROM ${dialect.elements(sql`${to}.${column}`)} AS ${ids} WHERE ${ids}.value = ${row}."id"`;
      return sql`EXISTS (${among})`;
    },
    ...(guard ? { guard } : {}),
  };
  return { ...start, collection: next, steps: onwards(context, start.steps, step), many: start.many || many };
}

type Traits = Pick<Term, "strict" | "nullable" | "empty"> & {
  readonly seen?: (row: Sql) => Sql;
  /** Nanoseconds that each byte of the column takes at worst, where the column is worked on. */
  readonly work?: number;
};

/** A term about one column of the rows that the start leads to. */
function columnTerm(
  { steps, many }: Start,
  field: ScopeField,
  as: (column: Sql, sheet: Sheet) => Sql,
  traits: Traits,
): Term {
  const { seen, work, ...rest } = traits;
  const column = (joins: Joins, used: Used) => sql`${joins.walk(steps, used)}.${name(field.name)}`;
  return {
    ...rest,
    many,
    write: (joins, used) => as(column(joins, used), joins.sheet),
    ...(work ? { work: (joins, used) => sql`${raw(String(work))} * octet_length(${column(joins, used)})` } : {}),
    ...(seen ? { seen: (joins: Joins, used: Used) => seen(joins.walk(steps, used)) } : {}),
  };
}

/** SQLite reads a column of JSON from its beginning each time it is asked for a part. */
const readingJson = 8;

const neverEmpty: Traits = { strict: false, nullable: false, empty: false };

function lastTerm(context: Context, start: Start, field: ScopeField, modifier: Segment | undefined): Term {
  const json = field.shape === "json";
  const nullable = json || start.steps.length > 0 || start.collection.type === "view";
  const seen = emailSeen(start, field);
  const traits: Traits = { strict: json, nullable, ...(seen ? { seen } : {}), ...(json ? { work: readingJson } : {}) };
  const plain = json ? (column: Sql, sheet: Sheet) => jsonPart(column, "$", sheet) : (column: Sql) => column;
  if (!modifier) return columnTerm(start, field, plain, field.name === "id" && !nullable ? neverEmpty : traits);
  switch (modifier.text) {
    case "lower":
      return columnTerm(start, field, (column, sheet) => sql`LOWER(${plain(column, sheet)})`, { work: 1, ...traits });
    case "length":
      return columnTerm(start, field, lengthOf(field), {
        work: readingJson,
        ...traits,
        strict: false,
        nullable: false,
      });
    case "each": {
      // A field that holds one value is its only element.
      if (field.shape === "scalar" || field.shape === "point") return columnTerm(start, field, plain, traits);
      return elementTerm(onwards(context, start.steps, elementsStep(field)));
    }
    default:
      throw badModifier(context, modifier);
  }
}

/** The elements that the last step leads to. */
export function elementTerm(steps: readonly Step[]): Term {
  return { many: true, strict: false, nullable: true, write: (joins, used) => sql`${joins.walk(steps, used)}.value` };
}

export function badModifier({ source }: Context, modifier: Segment) {
  return malformed("filter_modifier_unknown", source, modifier.at, `:${modifier.text}`);
}

/** Ordinary viewers find people by email only where the email may be seen. */
function emailSeen({ collection, trusted }: Start, field: ScopeField): ((row: Sql) => Sql) | undefined {
  if (trusted || collection.type !== "auth" || field.name !== "email") return undefined;
  return (row) => sql`${row}."emailVisibility" IS TRUE`;
}

/** How many values a field holds; one value that is empty counts as none. */
function lengthOf({ shape }: ScopeField): (column: Sql) => Sql {
  const one = (column: Sql) => sql`(COALESCE(${column}, '') <> '')`;
  if (shape === "scalar" || shape === "point") return one;
  return (column) => {
    const isList = sql`json_valid(${column}) AND json_type(${column}) = 'array'`;
    return sql`CASE WHEN ${isList} THEN json_array_length(${column}) ELSE ${one(column)} END`;
  };
}

function partTerm(
  context: Context,
  start: Start,
  field: ScopeField,
  rest: readonly Segment[],
  modifier: Segment | undefined,
): Term {
  if (modifier && modifier.text !== "lower") throw badModifier(context, modifier);
  const path = `$${rest.map((segment) => jsonKey(context, segment)).join("")}`;
  const part = (column: Sql, sheet: Sheet) => jsonPart(column, path, sheet);
  const as = modifier ? (column: Sql, sheet: Sheet) => sql`LOWER(${part(column, sheet)})` : part;
  return columnTerm(start, field, as, { strict: true, nullable: true, work: readingJson });
}

function jsonKey(context: Context, segment: Segment): string {
  if (!/^\w+$/.test(segment.text)) throw unknown(context, segment);
  return /^\d{1,9}$/.test(segment.text) ? `[${segment.text}]` : `."${segment.text}"`;
}

/** A part of a JSON column as SQL compares it (text without quotes); what is no JSON counts as a text. */
function jsonPart(column: Sql, path: Fill & string, sheet: Sheet): Sql {
  const part = dialect.at(column, sheet.hole(path));
  const otherwise = path === "$" ? column : sql`NULL`;
  return sql`CASE WHEN json_valid(${column}) THEN ${part} ELSE ${otherwise} END`;
}
