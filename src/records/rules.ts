import type { Collection, RuleName } from "../collections/collection.ts";
import type { Ask } from "../filter/scope.ts";
import { Refusal } from "../lib/errors.ts";
import type { Sql } from "../store/sql.ts";

/**
 * What a rule demands for one request: `true` where it asks nothing more of the row, `false` where no row can satisfy it. A `null`
 * rule refuses everyone but superusers, who are asked nothing.
 */
export function demand(collection: Collection, rule: RuleName, ask: Ask): Sql | boolean {
  if (ask.viewer.kind === "superuser") return true;
  const condition = rule === "create" ? collection.newRule(rule) : collection.rule(rule);
  if (condition === null) throw new Refusal("forbidden", "superusers_only");
  return condition(ask);
}

/** Whether the rule is for superusers only, and the viewer is none: known before a body is read. */
export function closedTo(collection: Collection, rule: RuleName, ask: Pick<Ask, "viewer">): boolean {
  return ask.viewer.kind !== "superuser" && collection.definition[`${rule}Rule`] == null;
}
