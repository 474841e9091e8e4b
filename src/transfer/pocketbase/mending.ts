import { checkDefinition } from "../../collections/check.ts";
import type { Collections } from "../../collections/collection.ts";
import type { Definition } from "../../collections/definition.ts";
import { isProblem, type Problem, type Problems } from "../../lib/errors.ts";
import { isObject } from "../../lib/json.ts";
import { sentence } from "../../phrases/index.ts";
import type { Input } from "./data-directory.ts";

/** A definition that we can hold, or why there is none. */
export type Mended =
  | { readonly definition: Definition; readonly left: readonly Problem[] }
  | { readonly definition: undefined; readonly reason: string };

interface Place {
  readonly set: Collections;
  /** The collection that stands and is changed. */
  readonly old?: Definition;
  readonly moment: string;
}

/**
 * Makes a definition of what PocketBase has. An option or index that we do not know or would not allow is left out, and named in `left`;
 * what a collection is nothing without (names, types, targets of relations) is a reason to refuse all of it.
 */
export function mend(input: Input, { set, old, moment }: Place): Mended {
  const title = String(input["name"] ?? old?.name);
  const left: Problem[] = [];
  let at = input;
  // Each time something goes; what is left to go is no more than what there was.
  for (;;) {
    const checked = checkDefinition(at, old, set, { moment, builtIn: true, asWritten: true });
    if (checked.ok) return { definition: checked.value, left: [...left, ...unknown(input, checked.value, title)] };
    const [wrong] = flat(checked.problems);
    const without = wrong && withoutPart(at, wrong.path);
    if (!wrong || !without) return { definition: undefined, reason: told(checked.problems) };
    left.push({
      code: closes(wrong.path) ? "cli_pb_option_closed" : "cli_pb_option_left_out",
      params: { name: [title, ...named(at, wrong.path)].join("."), reason: said(wrong.it) },
    });
    at = without;
  }
}

/** Options that no collection has here. */
function unknown(input: Input, definition: Definition, title: string): Problem[] {
  const options = Object.keys(input).filter((key) => input[key] !== null && !Object.hasOwn(definition, key));
  return options.length > 0
    ? [{ code: "cli_pb_options_unknown", params: { name: title, options: options.join(", ") } }]
    : [];
}

interface Wrong {
  readonly path: readonly string[];
  readonly it: Problem;
}

/** Problems one by one; those by position from the last, so that the others keep theirs. */
export function flat(problems: Problems, path: readonly string[] = []): Wrong[] {
  const entries = Object.entries(problems).sort(([a], [b]) => (/^\d+$/.test(a) ? Number(b) - Number(a) : 0));
  return entries.flatMap(([key, it]) => (isProblem(it) ? [{ path: [...path, key], it }] : flat(it, [...path, key])));
}

/** Why, without what everybody knows already: that a rule is none. */
export function said(it: Problem): string {
  const reason = it.params?.["reason"];
  if (typeof reason === "string") return reason;
  return it.message ?? sentence("en", it.code, it.params);
}

function told(problems: Problems): string {
  return flat(problems)
    .map(({ path, it }) => `${path.join(".")}: ${said(it)}`)
    .join(" ");
}

/** Without these a field is another one, or none. */
const needed = ["id", "name", "type", "collectionId"];

/** What would be open to all without them. */
const closing = ["hidden", "protected"];

function closes([first, , third = ""]: readonly string[]): boolean {
  return first === "fields" && closing.includes(third);
}

function withoutPart(input: Input, [first = "", second = "", third]: readonly string[]): Input | undefined {
  const part = input[first];
  if (first === "indexes" && Array.isArray(part)) {
    return { ...input, indexes: part.filter((_, n) => String(n) !== second) };
  }
  if (first === "fields" && Array.isArray(part)) {
    const field: unknown = part[Number(second)];
    if (third === undefined || needed.includes(third) || !isObject(field) || !Object.hasOwn(field, third))
      return undefined;
    const mended = closing.includes(third) ? { ...field, [third]: true } : without(field, third);
    return { ...input, fields: part.toSpliced(Number(second), 1, mended) };
  }
  // Closed, since nothing else is sure to be no wider.
  if (first.endsWith("Rule") && typeof part === "string") return { ...input, [first]: null };
  if (isObject(part) && Object.hasOwn(part, second)) return { ...input, [first]: without(part, second) };
  return undefined;
}

function without(group: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(group).filter(([name]) => name !== key));
}

/** The path as people read it: fields by name, indexes by what they say. */
function named(input: Input, [first = "", ...rest]: readonly string[]): readonly string[] {
  const part = input[first];
  if (!Array.isArray(part)) return [first, ...rest];
  const [position = "", ...options] = rest;
  const it: unknown = part[Number(position)];
  return first === "fields" && isObject(it) ? [String(it["name"]), ...options] : [first, String(it)];
}
