import { clock } from "../lib/dates.ts";
import { Refusal } from "../lib/errors.ts";
import { join, raw, type Sql, sql } from "../store/sql.ts";
import { Joins, Sheet, type Used } from "./joins.ts";
import { longestSort, mostSorts } from "./limits.ts";
import { malformed, superusersOnly } from "./refusals.ts";
import { contextOf, resolveOperand } from "./resolver.ts";
import type { Ask, Scope } from "./scope.ts";
import type { Chooser } from "./to-sql.ts";

/**
 * `-created,author.name,@random` as what follows ORDER BY. Throws a Refusal: "bad request" for what is no field, with its
 * `position` (from 1), or "forbidden" for what only superusers may ask. `ask`: who asks; without it a client cannot sort by a
 * relation whose list rule depends on that.
 */
export function compileSort(text: string, scope: Scope, ask?: Ask): Sql {
  const pieces = text.split(",");
  if (pieces.length > mostSorts) throw new Refusal("bad request", "sort_too_many", { max: mostSorts });
  let at = 0;
  const orders = pieces.map((piece) => {
    const order = orderBy(piece, at, { text, scope, ask });
    at += piece.length + 1;
    return order;
  });
  return join(orders, ", ");
}

interface Sorting {
  readonly text: string;
  readonly scope: Scope;
  readonly ask: Ask | undefined;
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
function column(wanted: string, at: number, { text, scope, ask }: Sorting): Sql {
  const choosers: Chooser[] = [];
  const term = resolveOperand({ kind: "name", name: wanted, at }, contextOf(text, scope, choosers));
  if ("choose" in term || term.fill !== undefined) throw malformed("sort_name_unknown", text, at, wanted);
  const moment = ask && { ask, time: clock(), literals: [] };
  const joins = new Joins(scope.from, new Sheet(choosers.map((choose) => (moment ? choose(moment) : ""))));
  const used: Used = new Set();
  const value = term.write(joins, used);
  const seen = term.seen?.(joins, used);
  const shown = seen ? sql`CASE WHEN ${seen} THEN ${value} ELSE '' END` : value;
  const found = used.size === 0 ? shown : joins.first(used, shown);
  const values = found.values.map((hole) => {
    const fill = joins.sheet.fills[Number(hole)] ?? null;
    if (typeof fill !== "function") return fill;
    if (!moment) throw malformed("sort_name_unknown", text, at, wanted);
    return fill(moment);
  });
  return found.with(values);
}
