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

/** Kilometres between two points on a sphere; a distance of many points is near enough when one is. */
function geoDistance(source: string, { name, args, at }: Call, resolve: Resolve): Term {
  const fits = args.length === 4 && args.every((arg) => arg.kind === "name" || typeof literal(arg) === "number");
  if (!fits) throw malformed("filter_geo_arguments", source, at, name);
  const [lonA, latA, lonB, latB] = args.map(resolve);
  if (!lonA || !latA || !lonB || !latB) throw malformed("filter_geo_arguments", source, at, name);
  return {
    many: false,
    strict: true,
    nullable: true,
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
  const seen = terms.flatMap((term) => (term.seen ? [term.seen] : []));
  return {
    many: terms.some((term) => term.many),
    strict: false,
    nullable: true,
    write: (joins, used) =>
      sql`strftime(${join(
        terms.map((term) => term.write(joins, used)),
        ", ",
      )})`,
    ...(seen.length ? { seen: all(seen) } : {}),
  };
}

function all(seen: readonly NonNullable<Term["seen"]>[]) {
  return (joins: Joins, used: Used) =>
    join(
      seen.map((one) => one(joins, used)),
      " AND ",
    );
}
