import { problem } from "../../lib/errors.ts";
import type { Place } from "../../lib/places.ts";
import { isObject } from "../../lib/json.ts";
import type { Collections } from "../collection.ts";
import { freeId } from "../definition-fields.ts";
import { collection, type DeclaredCollection, type DeclaredFields, released, type Schema } from "./declare.ts";
import { type Fault, type Input, inputOf, type Matched } from "./inputs.ts";

/** A collection as the schema wants it. */
export interface Wish extends Matched {
  readonly input: Input;
}

/** What a schema asks for: collections as they are described, and some that are left alone from now on. */
export interface Wishes {
  readonly all: readonly Wish[];
  /** Ids of the collections that are handed back. */
  readonly released: ReadonlySet<string>;
  readonly faults: readonly Fault[];
}

/** Finds for everything in the schema what stands for it now: by its name, or else by the name it `was`. */
export function readWishes(schema: Schema, set: Collections): Wishes {
  const byName = new Map(set.all.map((standing) => [standing.name, standing]));
  const left = new Set(set.all);
  const ids = new Set(set.all.map(({ id }) => id));
  const faults: Fault[] = [];
  const matched: Matched[] = [];
  const entries = Object.entries(schema.collections);
  for (const [name] of entries) {
    const standing = byName.get(name);
    if (standing) left.delete(standing);
  }
  for (const [name, entry] of entries) {
    if (entry === released) continue;
    const declared = isWhole(entry) ? entry : { ...collection(entry), place: placeOf(entry) };
    const misshapen = shapeFaults(name, declared);
    if (misshapen.length > 0) {
      faults.push(...misshapen);
      continue;
    }
    const before = byName.get(name) ?? byName.get(declared.options.was ?? "");
    const old = before && (before.name === name || left.delete(before)) ? before.definition : undefined;
    if (name.startsWith("_")) {
      faults.push({ of: name, place: declared.place, problem: problem("schema_system_collection") });
      continue;
    }
    const id = old?.id ?? freeId("pbc_", declared.type + name, (it) => ids.has(it));
    ids.add(id);
    matched.push({ id, name, old, declared });
  }
  const idOf = (name: string) => matched.find((it) => it.name === name)?.id ?? idLeft(name);
  /** Of a collection that is not described, and keeps its name. */
  const idLeft = (name: string) => {
    const standing = byName.get(name);
    return matched.some(({ id }) => id === standing?.id) ? undefined : standing?.id;
  };
  const all = matched.map((it) => ({ ...it, input: inputOf(it, { idOf, fault: (fault) => void faults.push(fault) }) }));
  const given = entries.filter(([, entry]) => entry === released).map(([name]) => byName.get(name)?.id ?? "");
  return { all, released: new Set(given), faults };
}

/** Nobody checks the types of a schema before it is run, so anything may stand in it. */
function shapeFaults(name: string, { fields, place }: DeclaredCollection): Fault[] {
  if (!isObject(fields)) return [{ of: name, place, problem: problem("schema_not_a_collection") }];
  return Object.entries(fields)
    .filter(([, field]: [string, unknown]) => !isObject(field) || !isObject(field["options"]))
    .map(([field]) => ({ of: `${name}.${field}`, place, problem: problem("schema_not_a_field") }));
}

/** Fields without more are nothing that was called, so their place is that of the first of them. */
function placeOf(fields: DeclaredFields): Place {
  return Object.values(fields)[0]?.place ?? {};
}

function isWhole(entry: Exclude<Schema["collections"][string], typeof released>): entry is DeclaredCollection {
  return isObject(entry) && typeof entry["type"] === "string";
}
