import type { Collection, RuleName } from "../collections/collection.ts";
import type { Ask } from "../filter/scope.ts";
import { Refusal } from "../lib/errors.ts";
import type { Sql } from "../store/sql.ts";

/**
 * What a rule demands for one request: `true` where it asks nothing more of the row, `false` where no row can satisfy it. A `null`
 * rule refuses everyone but superusers, who are asked nothing.
 */
export function demand(collection: Collection, rule: RuleName, ask: Ask): Sql | boolean {
  if (collection.type === "view") demandReadable(collection, rule, ask);
  if (ask.viewer.kind === "superuser") return true;
  const condition = rule === "create" ? collection.newRule(rule) : collection.rule(rule);
  if (condition === null) throw new Refusal("forbidden", "superusers_only");
  return condition(ask);
}

function demandReadable(view: Collection, rule: RuleName, { viewer }: Ask): void {
  if (writes.includes(rule)) demandTable(view);
  const { name, definition } = view;
  if (definition.broken === undefined) return;
  if (viewer.kind !== "superuser") throw new Refusal("forbidden", "superusers_only");
  throw new Refusal("bad request", "view_broken", { name, reason: definition.broken });
}

const writes: readonly RuleName[] = ["create", "update", "delete"];

/** Refused for views: what they show is written elsewhere. */
export function demandTable({ type }: Collection): void {
  if (type === "view") throw new Refusal("bad request", "unsupported_collection_type");
}

/**
 * Whether the rule is for superusers only, and the viewer is none: known before a body is read. Writing to a view, and reading one
 * that is broken, is for nobody.
 */
export function closedTo(collection: Collection, rule: RuleName, ask: Pick<Ask, "viewer">): boolean {
  if (collection.definition.broken !== undefined || (collection.type === "view" && writes.includes(rule))) return true;
  return ask.viewer.kind !== "superuser" && collection.definition[`${rule}Rule`] == null;
}
