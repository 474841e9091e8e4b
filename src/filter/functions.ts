import { join, type Sql, sql } from "../store/sql.ts";
import type { Joins, Used } from "./joins.ts";
import type { Operand } from "./parser.ts";
import { malformed } from "./refusals.ts";
import type { Term } from "./term.ts";

type Call = Extract<Operand, { kind: "call" }>;
type Resolve = (operand: Operand) => Term;

/** `geoDistance(…)` and `strftime(…)`. */
export function callTerm(source: string, call: Call, resolve: Resolve): Term {
  if (call.name === "geoDistance") return geoDistance(source, call, resolve);
  if (call.name === "strftime") return strftime(source, call, resolve);
  throw malformed("filter_function_unknown", source, call.at, call.name);
}

/** Kilometres between two points on a sphere. */
function geoDistance(source: string, { name, args, at }: Call, resolve: Resolve): Term {
  const fits = args.length === 4 && args.every((arg) => arg.kind === "name" || typeof literal(arg) === "number");
  if (!fits) throw malformed("filter_geo_arguments", source, at, name);
  const [lonA, latA, lonB, latB] = args.map(resolve);
  if (!lonA || !latA || !lonB || !latB) throw malformed("filter_geo_arguments", source, at, name);
  return {
    ...common([lonA, latA, lonB, latB]),
    strict: true,
    write: (joins, used) => {
      const [x1, y1, x2, y2] = [lonA, latA, lonB, latB].map((term) => term.write(joins, used)) as [Sql, Sql, Sql, Sql];
      const half = (one: Sql, other: Sql) => sql`sin(radians((${other}) - (${one})) / 2)`;
      const square = (it: Sql) => sql`${it} * ${it}`;
      const haversine = sql`${square(half(y1, y2))} + cos(radians(${y1})) * cos(radians(${y2})) * ${square(half(x1, x2))}`;
      return sql`(12742 * asin(sqrt(min(1.0, ${haversine}))))`;
    },
  };
}

function literal(operand: Operand): string | number | undefined {
  return operand.kind === "literal" ? operand.value : undefined;
}

const mostArguments = 10;

function strftime(source: string, { name, args, at }: Call, resolve: Resolve): Term {
  const [format, time, ...modifiers] = args;
  const fits =
    typeof (format && literal(format)) === "string" &&
    time?.kind !== "call" &&
    modifiers.every((modifier) => typeof literal(modifier) === "string") &&
    args.length <= mostArguments;
  if (!fits) throw malformed("filter_strftime_arguments", source, at, name);
  const terms = args.map(resolve);
  return {
    ...common(terms),
    strict: false,
    write: (joins, used) =>
      sql`strftime(${join(
        terms.map((term) => term.write(joins, used)),
        ", ",
      )})`,
  };
}

/** What a function has of its arguments. */
function common(terms: readonly Term[]): Pick<Term, "many" | "nullable" | "seen" | "work"> {
  const seen = terms.flatMap((term) => term.seen ?? []);
  const work = terms.flatMap((term) => term.work ?? []);
  return {
    many: terms.some((term) => term.many),
    nullable: true,
    ...(seen.length > 0 ? { seen: all(seen, " AND ") } : {}),
    ...(work.length > 0 ? { work: all(work, " + ") } : {}),
  };
}

function all(parts: readonly ((joins: Joins, used: Used) => Sql)[], separator: string) {
  return (joins: Joins, used: Used) =>
    join(
      parts.map((part) => part(joins, used)),
      separator,
    );
}
