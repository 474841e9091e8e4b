import { join, type Sql, sql } from "../store/sql.ts";
import { compare, decide, effort, type Side } from "./comparison.ts";
import { type Fill, filled, Joins, type Moment, type Sheet, type Used } from "./joins.ts";
import type { Operator } from "./parser.ts";
import { isEmpty, type Later, type Term } from "./term.ts";

/** A comparison whose sides are resolved. */
export interface Leaf {
  readonly kind: "leaf";
  readonly left: Term | Later;
  readonly right: Term | Later;
  readonly operator: Operator;
  readonly any: boolean;
  /** Which of the choices that a request makes is about this leaf. */
  readonly choice?: number;
}

/** A filter, resolved. */
export type Plan = Leaf | { readonly kind: "and" | "or"; readonly parts: readonly Plan[] };

/** Decides something about a leaf by the request alone; few different answers, since each combination is a text of its own. */
export type Chooser = (moment: Moment) => string;

// No id of a collection has a space.
const yes = "is true";
const no = "is false";
const empty = "is empty";
const full = "is full";

/**
 * The chooser of a leaf: where both sides are values, whether it holds; where columns depend on the viewer, on which; where a
 * value meets a column that may be NULL, whether the value is empty.
 */
export function chooserOf({ left, right, operator }: Leaf): Chooser | undefined {
  if ("choose" in left) return left.choose;
  if ("choose" in right) return right.choose;
  if (operator !== "=" && operator !== "!=") return undefined;
  const { fill: one } = left;
  const { fill: other } = right;
  if (one === undefined) return other === undefined ? undefined : emptinessOf(right, other, left);
  if (other === undefined) return emptinessOf(left, one, right);
  return (moment) => {
    const answer = decide(operator, filled(one, moment), filled(other, moment));
    return answer === undefined ? "" : answer ? yes : no;
  };
}

function emptinessOf(value: Term, fill: Fill, column: Term): Chooser | undefined {
  if (value.empty !== undefined || column.strict || !column.nullable) return undefined;
  return (moment) => (isEmpty(filled(fill, moment)) ? empty : full);
}

/** The plan as SQL about the row `base`, or what it comes to when the sheet's choices decide it. */
export function write(plan: Plan, base: Sql, sheet: Sheet): Sql | boolean {
  const rest = simplify(plan, sheet);
  return typeof rest === "boolean" ? rest : close(rest, new Joins(base, sheet));
}

function simplify(plan: Plan, sheet: Sheet): Plan | boolean {
  if (plan.kind === "leaf") {
    const choice = plan.choice === undefined ? "" : sheet.choices[plan.choice];
    const open = "choose" in plan.left || "choose" in plan.right;
    return open || (choice !== yes && choice !== no) ? plan : choice === yes;
  }
  const parts: Plan[] = [];
  for (const part of plan.parts) {
    const rest = simplify(part, sheet);
    if (typeof rest !== "boolean") parts.push(rest);
    else if (rest === (plan.kind === "or")) return rest;
  }
  const [first] = parts;
  if (!first) return plan.kind === "and";
  return parts.length === 1 ? first : { kind: plan.kind, parts };
}

/**
 * SQL that stands alone. Comparisons share the rows of a path only where AND binds them; for OR, and for paths that have
 * nothing in common, asking one by one comes to the same and leaves the indexes of our own columns usable.
 */
function close(plan: Plan, joins: Joins): Sql {
  if (plan.kind === "leaf") return standing(open(plan, joins), joins);
  const closed = (part: Plan) => close(part, joins);
  if (plan.kind === "or") return chain(plan.parts.map(closed), " OR ");
  const groups = related(plan.parts, (part) => open(part, joins).used);
  const conditions = groups.map((parts) => {
    const [first] = parts;
    return first && parts.length === 1 ? closed(first) : standing(open({ kind: "and", parts }, joins), joins);
  });
  return chain(conditions, " AND ");
}

interface Open {
  readonly text: Sql;
  readonly used: Used;
}

function standing({ text, used }: Open, joins: Joins): Sql {
  return used.size === 0 ? text : joins.exists(used, text);
}

/** SQL that speaks of rows which somebody around it must join. */
function open(plan: Plan, joins: Joins): Open {
  if (plan.kind === "leaf") return openLeaf(plan, joins);
  const parts = plan.parts.map((part) => open(part, joins));
  const text = chain(
    parts.map((part) => part.text),
    plan.kind === "and" ? " AND " : " OR ",
  );
  return { text, used: new Set(parts.flatMap((part) => [...part.used])) };
}

function chain(parts: readonly Sql[], separator: string): Sql {
  const [first] = parts;
  return first && parts.length === 1 ? first : sql`(${join(parts, separator)})`;
}

/** Parts in groups that share no path. */
function related(parts: readonly Plan[], usedBy: (part: Plan) => Used): (readonly Plan[])[] {
  let groups: { readonly parts: readonly Plan[]; readonly used: Used }[] = [];
  for (const part of parts) {
    const used = usedBy(part);
    const shared = groups.filter((group) => !used.isDisjointFrom(group.used));
    groups = groups.filter((group) => !shared.includes(group));
    groups.push({
      parts: [...shared.flatMap((group) => group.parts), part],
      used: new Set([...shared.flatMap((group) => [...group.used]), ...used]),
    });
  }
  return groups.map((group) => group.parts);
}

function openLeaf(leaf: Leaf, joins: Joins): Open {
  const choice = leaf.choice === undefined ? "" : (joins.sheet.choices[leaf.choice] ?? "");
  const used: Used = new Set();
  const left = side(settled(leaf.left, choice), joins, used);
  const right = side(settled(leaf.right, choice), joins, used);
  const conditions = [
    ...effort(leaf.operator, left, right, joins.sheet),
    compare(leaf.operator, left, right, joins.sheet),
  ];
  for (const { term } of [left, right]) if (term.seen) conditions.push(term.seen(joins, used));
  if (!leaf.any && (left.term.many || right.term.many)) conditions.push(allOf(leaf.operator, left, right, joins));
  return { text: chain(conditions, " AND "), used };
}

function settled(side: Term | Later, choice: string): Term {
  if ("choose" in side) return side.settle(choice);
  const decided = side.fill !== undefined && side.empty === undefined && (choice === empty || choice === full);
  return decided ? { ...side, empty: choice === empty } : side;
}

function side(term: Term, joins: Joins, used: Used): Side {
  const work = term.work?.(joins, used);
  return { term, sql: term.write(joins, used), ...(work ? { work } : {}) };
}

/**
 * No row of those that a side of many stands for may fail. Two such sides meet in every combination. A row that is not there
 * fails every operator but `=`: then `rel.id = ""` finds what has no relation, and `rel.total != 5` needs one.
 */
function allOf(operator: Operator, left: Side, right: Side, joins: Joins): Sql {
  const { sheet } = joins;
  const one = apart(left, joins);
  const other = apart(right, joins);
  const fails = [sql`(${compare(operator, one, other, sheet)}) IS NOT TRUE`];
  if (operator !== "=") for (const side of [one, other]) if (side.joins) fails.push(sql`${side.sql} IS NULL`);
  let failing = chain(fails, " OR ");
  const effortful = effort(operator, one, other, sheet);
  if (effortful.length > 0) failing = chain([...effortful, failing], " AND ");
  for (const { term, joins: own, used } of [one, other]) {
    if (!own) continue;
    const seen = term.seen?.(own, used);
    failing = own.exists(used, seen ? sql`${seen} AND ${failing}` : failing);
  }
  return sql`NOT ${failing}`;
}

/** A side of many with rows of its own; any other side as it is. */
function apart(it: Side, { base, sheet }: Joins): Side & { readonly joins?: Joins; readonly used: Used } {
  const used: Used = new Set();
  if (!it.term.many) return { ...it, used };
  const joins = new Joins(base, sheet);
  return { ...side(it.term, joins, used), joins, used };
}
