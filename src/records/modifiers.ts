import type { Collection, CompiledField } from "../collections/collection.ts";
import type { Json, Modification, Modifier } from "../fields/field.ts";
import { inferred, keysOf, type Payload } from "../fields/payload.ts";
import type { Draft } from "./identity.ts";

/** Fields whose new value hangs on the stored one, and what it then is. */
export type Modified = ReadonlyMap<CompiledField, (stored: Json) => Json>;

const none: Modified = new Map();

/**
 * What was sent under keys such as `views+`, one after the other; where a value was sent as well, it is that one which they change. What
 * cannot be read is among the draft's problems.
 */
export function readModified(
  collection: Collection,
  payload: Payload,
  mayWrite: (field: CompiledField) => boolean,
  { values, problems }: Draft,
): Modified {
  let found: Map<CompiledField, Modification[]> | undefined;
  for (const key of keysOf(payload)) {
    const [name = "", modifier] = parsed(key) ?? [];
    const field = modifier && collection.field(name);
    if (!field || !mayWrite(field)) continue;
    const modification = field.kind.modify?.(modifier, inferred(payload, key), field.definition);
    if (!modification) continue;
    if (modification.problem) problems[name] = modification.problem;
    found ??= new Map();
    found.set(field, [...(found.get(field) ?? []), modification]);
  }
  if (!found) return none;
  return new Map(
    [...found].map(([field, modifications]) => {
      const base = values[field.name];
      return [field, (stored) => modifications.reduce((value, it) => it.apply(value), base ?? stored)];
    }),
  );
}

/** Names of fields are letters, digits and `_`. */
function parsed(key: string): readonly [name: string, modifier: Modifier] | undefined {
  if (key.endsWith("+")) return [key.slice(0, -1), "name+"];
  if (key.endsWith("-")) return [key.slice(0, -1), "name-"];
  if (key.startsWith("+")) return [key.slice(1), "+name"];
  return key.endsWith(autogenerate) ? [key.slice(0, -autogenerate.length), "name:autogenerate"] : undefined;
}

const autogenerate = ":autogenerate";
