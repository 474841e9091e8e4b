import type { Json } from "../src/fields/field.ts";
import { lookup, type Row } from "./filter-fixture.ts";

/** The meaning of filters in the plainest way: every combination of related rows is tried. */

export type Tables = Readonly<Record<string, readonly Row[]>>;

/** `path`: hops and then a column (`["editors", "name"]`); the elements of a list are `["editors", "@each"]`. */
export type Side = { readonly path: readonly string[] } | { readonly value: string | number | null };

export interface Leaf {
  readonly left: Side;
  readonly operator: string;
  readonly any: boolean;
  readonly right: Side;
}

export type Tree = Leaf | { readonly kind: "and" | "or"; readonly parts: readonly Tree[] };

type Scalar = string | number | null;

/** What each hop of the paths stands on, by its prefix. */
type Standing = ReadonlyMap<string, Row | Json>;

interface Place {
  readonly tables: Tables;
  readonly table: string;
  readonly row: Row;
}

export function matches(tree: Tree, place: Place): boolean {
  return standings(pathsOf(tree), place).some((standing) => holds(tree, standing, place));
}

function pathsOf(tree: Tree): (readonly string[])[] {
  if ("kind" in tree) return tree.parts.flatMap(pathsOf);
  return [tree.left, tree.right].flatMap((side) => ("path" in side ? [side.path] : []));
}

interface Hop {
  readonly key: string;
  readonly table: string;
  readonly many: boolean;
  to(from: Row | Json): readonly (Row | Json)[];
}

/** The hops of a path: to the elements of a list, to a record, to those that refer back. */
function hopsOf(path: readonly string[], { table, tables }: Pick<Place, "table" | "tables">): Hop[] {
  const hops: Hop[] = [];
  let at = table;
  path.forEach((segment, index) => {
    const field = lookup(at)?.field(segment);
    const last = index === path.length - 1;
    const each = path[index + 1] === "@each";
    if (field?.shape === "list" && (each || !last)) {
      const to = (from: Row | Json) => orNothing(listOf(column(from, segment)));
      hops.push({ key: `${segment}[]`, table: at, many: true, to });
    }
    if (last || each || field?.shape === "json" || at === "") {
      if (!last) at = "";
      return;
    }
    if (field?.target) {
      const next = lookup(field.target)?.name ?? "";
      const inList = field.shape === "list";
      const to = (from: Row | Json) => {
        const id = inList ? from : column(from, segment);
        return [(tables[next] ?? []).find((row) => row["id"] === id) ?? null];
      };
      hops.push({ key: segment, table: next, many: false, to });
      at = next;
      return;
    }
    const [next = "", by = ""] = segment.split("_via_");
    const back = lookup(next)?.field(by);
    const to = (from: Row | Json) => {
      const id = column(from, "id");
      const rows = (tables[next] ?? []).filter((row) => {
        const value = row[by] ?? null;
        return id !== null && (Array.isArray(value) ? value.includes(id) : value === id);
      });
      return orNothing(rows);
    };
    hops.push({ key: segment, table: next, many: back?.unique !== true, to });
    at = next;
  });
  return hops;
}

function orNothing<T>(found: readonly T[]): readonly (T | null)[] {
  return found.length === 0 ? [null] : found;
}

function listOf(value: Json): Json[] {
  return Array.isArray(value) ? value : [];
}

function column(row: Row | Json, name: string): Json {
  return typeof row === "object" && row !== null && !Array.isArray(row) ? (row[name] ?? null) : null;
}

function standings(paths: readonly (readonly string[])[], place: Place): Standing[] {
  let all: Map<string, Row | Json>[] = [new Map()];
  const seen = new Set<string>();
  for (const path of paths) {
    let prefix = "";
    for (const hop of hopsOf(path, place)) {
      const before = prefix;
      prefix += `/${hop.key}`;
      if (seen.has(prefix)) continue;
      seen.add(prefix);
      const here = prefix;
      all = all.flatMap((standing) => {
        const from = before === "" ? place.row : (standing.get(before) ?? null);
        return hop.to(from).map((to) => new Map(standing).set(here, to));
      });
    }
  }
  return all;
}

function holds(tree: Tree, standing: Standing, place: Place): boolean {
  if (!("kind" in tree)) return leafHolds(tree, standing, place);
  return tree.kind === "and"
    ? tree.parts.every((part) => holds(part, standing, place))
    : tree.parts.some((part) => holds(part, standing, place));
}

function leafHolds({ left, operator, any, right }: Leaf, standing: Standing, place: Place): boolean {
  const strict = isStrict(left, place) || isStrict(right, place);
  const here = compare(operator, valueOf(left, standing, place), valueOf(right, standing, place), strict);
  const many = [left, right].map((side) => "path" in side && hopsOf(side.path, place).some((hop) => hop.many));
  if (!here || any || !many.includes(true)) return here;
  const rows = (side: Side, isMany: boolean) =>
    isMany && "path" in side
      ? standings([side.path], place).map((other) => valueOf(side, other, place))
      : [valueOf(side, standing, place)];
  return rows(left, many[0] === true).every((one) =>
    rows(right, many[1] === true).every((other) => {
      const absent = operator !== "=" && ((many[0] && one === null) || (many[1] && other === null));
      return !absent && compare(operator, one, other, strict);
    }),
  );
}

function isStrict(side: Side, { table }: Place): boolean {
  return "path" in side && lookup(table)?.field(side.path[0] ?? "")?.shape === "json";
}

function valueOf(side: Side, standing: Standing, place: Place): Scalar {
  if (!("path" in side)) return side.value;
  const hops = hopsOf(side.path, place);
  const at = hops.length === 0 ? place.row : (standing.get(`/${hops.map((hop) => hop.key).join("/")}`) ?? null);
  const last = side.path.at(-1) ?? "";
  if (last === "@each") return scalar(at);
  if (!isStrict(side, place)) return scalar(column(at, last));
  const found = side.path.reduce<Json>(
    (value, key) => (Array.isArray(value) ? (value[Number(key)] ?? null) : column(value, key)),
    at,
  );
  return scalar(found);
}

function scalar(value: Json): Scalar {
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}

function compare(operator: string, left: Scalar, right: Scalar, strict: boolean): boolean {
  if (operator === "=") return strict ? left === right : (left ?? "") === (right ?? "");
  if (operator === "!=") return !compare("=", left, right, strict);
  if (left === null || right === null) return false;
  if (operator === "~") return like(String(left), String(right));
  if (operator === "!~") return !like(String(left), String(right));
  const order = ordered(left, right);
  if (operator === ">") return order > 0;
  if (operator === ">=") return order >= 0;
  if (operator === "<") return order < 0;
  return order <= 0;
}

/** Numbers come before texts. */
function ordered(left: string | number, right: string | number): number {
  if (typeof left !== typeof right) return typeof left === "number" ? -1 : 1;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** LIKE for operands without wildcards and backslashes: contained, whatever the case. */
function like(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}
