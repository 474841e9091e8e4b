import type { Collection, CompiledField, Values } from "../collections/collection.ts";
import type { Json } from "../fields/field.ts";
import { isObject, sameJson } from "../lib/json.ts";

/**
 * Values that were parked, as the fields of their collection are now: what no field takes any more goes beside what was not asked for
 * (`extra`), so that nothing is lost, and its field is blank.
 */
export function fit(
  collection: Collection,
  parked: Values,
  extra: Json,
): { readonly values: Values; readonly extra: Json } {
  const values: Record<string, Json> = {};
  const left: Record<string, Json> = {};
  for (const [name, value] of Object.entries(parked)) {
    const field = collection.field(name);
    const fitting = field && fitted(field, value);
    if (fitting !== undefined) values[name] = fitting;
    else if (!isBlank(value)) left[name] = value;
  }
  if (Object.keys(left).length === 0) return { values, extra };
  return { values, extra: { ...left, ...(isObject(extra) ? extra : {}) } };
}

/** A value as this field takes it. What is sealed or given by the server is not for its check, and a blank may stay one. */
function fitted(field: CompiledField, value: Json): Json | undefined {
  const { kind, definition, zero } = field;
  if (kind.seal || kind.given) return kindOf(value) === kindOf(zero) ? value : undefined;
  const reading = kindOf(value) === kindOf(zero) || zero === null ? { value } : kind.fromJson(value, definition);
  if (reading.problem) return undefined;
  return sameJson(reading.value, zero) || !kind.problems(reading.value, definition) ? reading.value : undefined;
}

function kindOf(value: Json): string {
  return Array.isArray(value) ? "list" : typeof value;
}

function isBlank(value: Json): boolean {
  return value === "" || value === null || (Array.isArray(value) && value.length === 0);
}
