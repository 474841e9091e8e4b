import { Common, type Field } from "../../fields/field.ts";
import { sameJson } from "../../lib/json.ts";
import { AuthOptions, Base, type Definition } from "../definition.ts";
import { plan, type Step } from "../plan.ts";

/**
 * Everything that a change of one collection does, in the order people read it: the steps that touch its table, and in words what
 * changes without one. Empty where nothing does.
 */
export function differences(old: Definition | undefined, next: Definition | undefined): Step[] {
  const steps = plan(old, next);
  if (!old || !next) return steps;
  if (next.type === "view") return [...steps, ...optionChanges(old, next)];
  const fields = next.fields.flatMap((field) => {
    const before = old.fields.find(({ id }) => id === field.id);
    return before ? fieldChanges(before, field, next.name) : [];
  });
  return [...steps, ...fields, ...orderChange(old, next), ...optionChanges(old, next)];
}

function fieldChanges(before: Field, field: Field, collection: string): Step[] {
  const aside = ["id", "name", "type", "system"];
  const names = Object.keys({ ...Common.properties, ...field }).filter((name) => !aside.includes(name));
  const changed = names.filter((name) => !sameJson(before[name], field[name]));
  return changed.map((option) => {
    const values = { from: shown(before[option]), to: shown(field[option]) };
    return words("schema_change_field", { collection, field: field.name, option, ...values });
  });
}

/** The fields of the type itself stand where they stand. */
function orderChange(old: Definition, next: Definition): Step[] {
  const order = (one: Definition, other: Definition) =>
    one.fields.filter(({ id, system }) => !system && other.fields.some((field) => field.id === id)).map(({ id }) => id);
  if (sameJson(order(old, next), order(next, old))) return [];
  return [words("schema_order_fields", { collection: next.name })];
}

/** Rules and what else a collection can be told; its secrets are nobody's to tell. */
function optionChanges(old: Definition, next: Definition): Step[] {
  const aside = ["id", "name", "type", "system", "indexes"];
  const names = Object.keys({ ...Base.properties, ...AuthOptions.properties }).filter((name) => !aside.includes(name));
  const read = (definition: Definition) => new Map<string, unknown>(Object.entries(definition));
  const [before, after] = [read(old), read(next)];
  const changed = names.filter((name) => !sameJson(before.get(name), after.get(name)));
  return changed.map((option) => {
    if (option.endsWith("Rule")) {
      const values = { from: ruleShown(before.get(option)), to: ruleShown(after.get(option)) };
      return words("schema_change_rule", { collection: next.name, rule: option.replace("Rule", ""), ...values });
    }
    const values = { from: shown(before.get(option)), to: shown(after.get(option)) };
    return words("schema_change_option", { collection: next.name, option, ...values });
  });
}

function ruleShown(rule: unknown): string {
  return rule === null || rule === undefined ? "superusers" : rule === "" ? "anyone" : JSON.stringify(rule);
}

function shown(value: unknown): string {
  return JSON.stringify(value, (key, it: unknown) => (/secret$/i.test(key) ? undefined : it)) ?? "nothing";
}

function words(code: string, params: Step["params"]): Step {
  return { code, params, sql: [], loses: false };
}
