import { Refusal } from "../lib/errors.ts";
import type { Sql } from "../store/sql.ts";
import { requestTerm } from "./asking.ts";
import { type Context, type DottedName, follow, recordStep, splitName, type Start } from "./field-paths.ts";
import { callTerm } from "./functions.ts";
import { type Limits, ruleLimits } from "./limits.ts";
import type { Sheet, Step } from "./joins.ts";
import { macros } from "./macros.ts";
import { type Expression, type Operand, parse, read } from "./parser.ts";
import { malformed, superusersOnly } from "./refusals.ts";
import type { Scope, ScopeCollection } from "./scope.ts";
import { type Later, type Term, valueTerm } from "./term.ts";
import { type Chooser, chooserOf, type Plan, write } from "./to-sql.ts";

/** Gives every name of an expression its meaning; throws a Refusal that points at the one that has none. */
export function resolve(expression: Expression, context: Context): Plan {
  if (expression.kind !== "comparison") {
    return { kind: expression.kind, parts: expression.parts.map((part) => resolve(part, context)) };
  }
  const { left, right, operator, any } = expression;
  const leaf = {
    kind: "leaf",
    left: resolveOperand(left, context),
    right: resolveOperand(right, context),
    operator,
    any,
  } as const;
  const chooser = chooserOf(leaf);
  return chooser ? { ...leaf, choice: context.choosers.push(chooser) - 1 } : leaf;
}

/** `literal`: how the literals get into the SQL, by value and number. */
export function contextOf(
  source: string,
  scope: Omit<Scope, "from">,
  choosers: Chooser[],
  { fans }: Limits,
  literal: Context["literal"] = (value) => value,
): Context {
  const { collection, trusted } = scope;
  const lookup = (idOrName: string) => scope.lookup(idOrName);
  const plans = new Map<ScopeCollection, Plan>();
  return { source, collection, lookup, trusted, choosers, literal, fans, guard };

  function guard(next: ScopeCollection, at: number): Step["guard"] {
    const rule = next.listRule ?? null;
    if (rule === null) throw malformed("filter_relation_closed", source, at, next.name);
    if (rule.trim() === "") return undefined;
    let plan = plans.get(next);
    if (!plan) plans.set(next, (plan = rulePlan(rule, next, at)));
    return (row: Sql, sheet: Sheet) => write(plan, row, sheet);
  }

  /** A rule that does not compile lets nobody through. */
  function rulePlan(rule: string, next: ScopeCollection, at: number): Plan {
    try {
      const expression = parse(rule, read(rule, ruleLimits), ruleLimits);
      return resolve(expression, contextOf(rule, { collection: next, lookup, trusted: true }, choosers, ruleLimits));
    } catch (error) {
      if (error instanceof Refusal) throw malformed("filter_relation_closed", source, at, next.name);
      throw error;
    }
  }
}

const words: ReadonlyMap<string, number | null> = new Map([
  ["null", null],
  ["true", 1],
  ["false", 0],
]);

export function resolveOperand(operand: Operand, context: Context): Term | Later {
  switch (operand.kind) {
    case "literal":
      return valueTerm(context.literal(operand.value, operand.index), operand.value === "");
    case "call":
      return callTerm(context.source, operand, (argument) => {
        const term = resolveOperand(argument, context);
        if ("choose" in term) throw malformed("filter_name_unknown", context.source, argument.at, operand.name);
        return term;
      });
    case "name":
      return nameTerm(operand.name, operand.at, context);
  }
}

function nameTerm(text: string, at: number, context: Context): Term | Later {
  const macro = macros.get(text);
  if (macro) return valueTerm(({ time }) => macro(time), false);
  const path = splitName(text, at);
  const head = path.segments[0]?.text ?? "";
  if (head === "@request" || head === "@collection") {
    if (!context.trusted) throw superusersOnly(head);
    return head === "@request" ? requestTerm(context, path) : collectionTerm(context, path);
  }
  const word = words.get(text.toLowerCase());
  if (word !== undefined && !context.collection.field(text)) return valueTerm(word);
  return follow(context, ownStart(context), path);
}

function ownStart({ collection, trusted }: Context): Start {
  return { collection, steps: [], many: false, trusted };
}

/** `@collection.news.title`, `@collection.news:other.title`: any row of another collection; a second name, a second row. */
function collectionTerm(context: Context, { segments, modifier }: DottedName): Term {
  const [, where, ...rest] = segments;
  const [wanted = "", alias = ""] = where?.text.split(":") ?? [];
  const collection = context.lookup(wanted);
  const at = where?.at ?? segments[0]?.at ?? 0;
  if (!collection || rest.length === 0) throw malformed("filter_name_unknown", context.source, at, where?.text);
  const step = { ...recordStep(`@collection.${collection.name}:${alias}`, collection), many: true };
  return follow(context, { collection, steps: [step], many: true, trusted: true }, { segments: rest, modifier });
}
