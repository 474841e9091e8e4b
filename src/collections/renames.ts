import { renameNames } from "../filter/filter.ts";
import type { RuleName } from "./collection.ts";
import { ruleText } from "./compile.ts";
import type { Definition } from "./definition.ts";

const ruleNames: readonly RuleName[] = ["list", "view", "create", "update", "delete", "auth", "manage"];

/**
 * All definitions as they stand after `saved` took the place of `old`. A rule that stayed as it was follows the renamed fields
 * of its collection; one that was sent with the change is taken as it is meant to be.
 */
export function followRenames(
  definitions: readonly Definition[],
  old: Definition | undefined,
  saved: Definition,
): Definition[] {
  if (!old) return [...definitions, saved];
  const renamed = new Map<string, string>();
  for (const field of saved.fields) {
    const before = old.fields.find((other) => other.id === field.id);
    if (before && before.name !== field.name) renamed.set(before.name, field.name);
  }
  const rules: Partial<Record<`${RuleName}Rule`, string>> = {};
  for (const rule of renamed.size ? ruleNames : []) {
    const text = ruleText(saved, rule);
    if (text && text === ruleText(old, rule)) rules[`${rule}Rule`] = renameNames(text, renamed);
  }
  return definitions.map((other) => (other.id === old.id ? { ...saved, ...rules } : other));
}
