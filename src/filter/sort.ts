import { clock } from "../lib/dates.ts";
import { Refusal } from "../lib/errors.ts";
import { Lru } from "../lib/lru.ts";
import { join, raw, type Sql, sql } from "../store/sql.ts";
import { filled, Joins, Sheet, type Used } from "./joins.ts";
import { clientLimits, longestSort, mostSorts } from "./limits.ts";
import { malformed, superusersOnly } from "./refusals.ts";
import { contextOf, resolveOperand } from "./resolver.ts";
import type { Ask, Scope, ScopeCollection } from "./scope.ts";
import type { Chooser } from "./to-sql.ts";

/** How many sorts a collection remembers. */
const mostTexts = 100;

const compiled = new WeakMap<ScopeCollection, Lru<string, Sql>>();

/**
 * `-created,author.name,@random` as what follows ORDER BY; the same object for the same text. Throws a Refusal: "bad request"
 * for what is no field, with its `position` (from 1), or "forbidden" for what only superusers may ask. `ask`: who asks;
 * without it a client cannot sort by a relation whose list rule depends on that.
 */
export function compileSort(text: string, scope: Scope, ask?: Ask): Sql {
  let known = compiled.get(scope.collection);
  if (!known) compiled.set(scope.collection, (known = new Lru(mostTexts)));
  const key = [scope.trusted ? "all" : "shown", ...scope.from.shape.parts, text].join("\n");
  const found = known.get(key);
  if (found) return found;
  const pieces = text.split(",");
  if (pieces.length > mostSorts) throw new Refusal("bad request", "sort_too_many", { max: mostSorts });
  const sorting: Sorting = { text, scope, ask, asks: false };
  let at = 0;
  const orders = pieces.map((piece) => {
    const order = orderBy(piece, at, sorting);
    at += piece.length + 1;
    return order;
  });
  const sort = join(orders, ", ");
  if (!sorting.asks) known.set(key, sort);
  return sort;
}

interface Sorting {
  readonly text: string;
  readonly scope: Scope;
  readonly ask: Ask | undefined;
  /** Whether somebody else may have to be answered otherwise. */
  asks: boolean;
}

function orderBy(piece: string, at: number, sorting: Sorting): Sql {
  if (piece.length > longestSort) throw malformed("sort_too_long", sorting.text, at, piece, { max: longestSort });
  const trimmed = piece.trim();
  const signed = /^[+-]/.test(trimmed);
  const wanted = signed ? trimmed.slice(1) : trimmed;
  const place = at + piece.indexOf(trimmed) + (signed ? 1 : 0);
  return sql`${expression(wanted, place, sorting)}${raw(trimmed.startsWith("-") ? " DESC" : " ASC")}`;
}

function expression(wanted: string, at: number, sorting: Sorting): Sql {
  const { text, scope } = sorting;
  if (wanted === "@random") return raw("RANDOM()");
  if (wanted === "@rowid")
    return scope.collection.type === "view" ? sql`${scope.from}."id"` : sql`${scope.from}._rowid_`;
  if (/^@(request|collection)\b/.test(wanted) && !scope.trusted) throw superusersOnly(wanted.split(".", 1).join());
  if (!/^[A-Za-z_]\w*(?:[.:]\w+)*$/.test(wanted)) throw malformed("sort_name_unknown", text, at, wanted);
  try {
    return column(wanted, at, sorting);
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind !== "bad request") throw error;
    throw malformed("sort_name_unknown", text, at, wanted);
  }
}

/** What a name orders by: of several rows that a path leads to, one; of what the viewer may not see, nothing. */
function column(wanted: string, at: number, sorting: Sorting): Sql {
  const { text, scope, ask } = sorting;
  const choosers: Chooser[] = [];
  const term = resolveOperand({ kind: "name", name: wanted, at }, contextOf(text, scope, choosers, clientLimits));
  if ("choose" in term || term.fill !== undefined) throw malformed("sort_name_unknown", text, at, wanted);
  const moment = ask && { ask, time: clock(), literals: [] };
  const choices = choosers.map((choose) => (moment ? choose(moment) : ""));
  const joins = new Joins(scope.from, new Sheet(choices, clientLimits));
  const used: Used = new Set();
  const value = term.write(joins, used);
  const seen = term.seen?.(joins, used);
  const shown = seen ? sql`CASE WHEN ${seen} THEN ${value} ELSE '' END` : value;
  const found = used.size === 0 ? shown : joins.first(used, shown);
  const fills = found.values.map((hole) => joins.sheet.fills[Number(hole)] ?? null);
  if (choosers.length > 0 || fills.some((fill) => typeof fill === "function")) {
    if (!moment) throw malformed("sort_name_unknown", text, at, wanted);
    sorting.asks = true;
    return found.with(fills.map((fill) => filled(fill, moment)));
  }
  return found.with(fills.filter((fill) => typeof fill !== "function"));
}
