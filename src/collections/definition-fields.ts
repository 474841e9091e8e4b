import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { Common, type Field, type FieldType } from "../fields/field.ts";
import { fieldType } from "../fields/index.ts";
import { characters } from "../fields/strings.ts";
import { any, bad, good, type Outcome, type Problem, problem, type Problems } from "../lib/errors.ts";
import { derivedId } from "../lib/ids.ts";
import { isObject } from "../lib/json.ts";
import type { Collections } from "./collection.ts";
import type { Definition } from "./definition.ts";
import { optionProblems, withDefaults } from "./defaults.ts";
import { type FieldInput, forced, systemFields } from "./system.ts";

type Input = Readonly<Record<string, unknown>>;

/** SQLite takes 2,000 columns; a definition stays well below, since a statement names each of them more than once. */
export const mostFields = 500;

/** The collection whose fields are checked. */
export interface Owner {
  readonly id: string;
  readonly type: "base" | "auth";
  readonly old: Definition | undefined;
  readonly set: Collections;
  /** Our own collections may bring system fields of their own. */
  readonly builtIn: boolean;
}

/** Names of what is answered beside the fields, of words of the filter language, and what no object can hold. */
const reservedNames = ["null", "true", "false", "_rowid_", "collectionid", "collectionname", "expand", "__proto__"];

/** Characters of the help beside a field. */
const longestHelp = 300;

/**
 * The fields of a definition, checked by their types, with the system fields of the collection's type in place. A field keeps
 * its id; one that brings none is the field that had its name before, or a new one. Problems come by position, or are one
 * about all of them.
 */
export function checkFields(sent: unknown, owner: Owner): Checked {
  if (sent !== undefined && sent !== null && !Array.isArray(sent)) {
    return bad({ "0": problem("validation_invalid_value") });
  }
  const needed = neededFields(owner);
  const inputs = withIds(withSystemFields(sent ?? [], needed, owner.old), owner.old);
  if (inputs.length > mostFields) {
    return { ok: false, problems: problem("validation_length_too_long", { max: mostFields }) };
  }
  const fields: Field[] = [];
  const problems: Problems = {};
  const names = new Set<string>();
  const ids = new Set<string>();
  inputs.forEach((input, position) => {
    const outcome = checkField(input, needed, owner);
    if (outcome.ok) {
      const field = outcome.value;
      const taken = names.has(field.name.toLowerCase());
      if (taken) problems[position] = { name: problem("validation_duplicated_field_name", { fieldName: field.name }) };
      else if (ids.has(field.id)) {
        problems[position] = { id: problem("validation_duplicated_field_id", { fieldId: field.id }) };
      }
      names.add(field.name.toLowerCase());
      ids.add(field.id);
      fields.push(field);
    } else problems[position] = outcome.problems;
  });
  if (any(problems)) return bad(problems);
  if (fields.filter((field) => field.primaryKey === true).length > 1) {
    return { ok: false, problems: problem("validation_unsupported_composite_pk") };
  }
  return good(fields);
}

type Checked =
  { readonly ok: true; readonly value: Field[] } | { readonly ok: false; readonly problems: Problems | Problem };

/** The system fields that the collection must have: those of its type, and those it was born with. */
function neededFields({ type, old }: Owner): FieldInput[] {
  const needed: FieldInput[] = [...systemFields(type)];
  for (const field of old?.fields ?? []) {
    if (field.system && !needed.some((other) => other.name === field.name)) needed.push(field);
  }
  return needed;
}

/** `id` goes first and the other needed ones last, where they were not sent; what was sent of them keeps its place. */
function withSystemFields(
  sent: readonly unknown[],
  needed: readonly FieldInput[],
  old: Definition | undefined,
): unknown[] {
  const before = (name: string) => old?.fields.find((field) => field.name === name);
  const isSent = (name: string) => {
    const id = before(name)?.id;
    return sent.some((input) => isObject(input) && (input["name"] === name || (id && input["id"] === id)));
  };
  const missing = needed.filter(({ name }) => !isSent(name)).map((field) => before(field.name) ?? field);
  const overridden = sent.map((input) => {
    const system = isObject(input) ? needed.find((field) => field.name === input["name"]) : undefined;
    if (!system || !isObject(input)) return input;
    // Without a pattern an id could hold anything; who sends none means the usual one.
    const pattern = system.primaryKey && !input["pattern"] ? { pattern: system["pattern"] } : {};
    return { ...input, id: before(system.name)?.id ?? input["id"], ...forced(system), ...pattern };
  });
  return [
    ...missing.filter(({ name }) => name === "id"),
    ...overridden,
    ...missing.filter(({ name }) => name !== "id"),
  ];
}

/** Gives an id to each field that brings none. */
function withIds(inputs: readonly unknown[], old: Definition | undefined): unknown[] {
  const sent = new Set(inputs.map((input) => isObject(input) && input["id"]));
  const taken = new Set<unknown>([...sent, ...(old?.fields ?? []).map(({ id }) => id)]);
  return inputs.map((input) => {
    if (!isObject(input) || input["id"]) return input;
    const before = old?.fields.find(({ name, type }) => name === input["name"] && type === input["type"]);
    const same = before && !sent.has(before.id) ? before.id : undefined;
    const id = same ?? freeId(String(input["type"]), String(input["name"]), (wanted) => taken.has(wanted));
    taken.add(id);
    return { ...input, id };
  });
}

/** The id that is derived from a text, with a number behind it where it is taken already. */
export function freeId(prefix: string, text: string, isTaken: (id: string) => boolean): string {
  const derived = derivedId(prefix, text);
  let id = derived;
  for (let n = 2; isTaken(id); n++) id = derived + n;
  return id;
}

function checkField(input: unknown, needed: readonly FieldInput[], owner: Owner): Outcome<Field> {
  if (!isObject(input)) return bad({ type: problem("validation_invalid_value") });
  const kind = typeof input["type"] === "string" ? fieldType(input["type"]) : undefined;
  if (!kind) return bad({ type: problem(input["type"] ? "validation_in_invalid" : "validation_required") });

  const name = nameProblem(input["name"], owner.type);
  if (name) return bad({ name });
  if (!/^\w{1,100}$/.test(String(input["id"]))) return bad({ id: problem("validation_match_invalid") });
  const system = needed.find((field) => field.name === input["name"]);
  if (system && system.type !== kind.type) return bad({ type: problem("validation_system_field_change") });

  const before = owner.old?.fields.find((field) => field.id === input["id"]);
  const isSystem = before?.system ?? ((owner.builtIn || system !== undefined) && input["system"] === true);
  const schema = Type.Object({ ...Common.properties, ...kind.options.properties });
  const field = withDefaults(schema, { ...input, system: isSystem });
  const problems = optionProblems(schema, field);
  if (any(problems) || !Value.Check(Common, field)) return bad(problems);
  if (characters(field.help) > longestHelp)
    problems["help"] = problem("validation_length_too_long", { max: longestHelp });
  Object.assign(problems, kind.optionProblems(field), changeProblems(field, before, kind, owner));
  return any(problems) ? bad(problems) : good(field);
}

export function nameProblem(name: unknown, type: Definition["type"]): Problem | undefined {
  if (name === undefined || name === null || name === "") return problem("validation_required");
  if (typeof name !== "string" || !/^\w{1,100}$/.test(name)) return problem("validation_match_invalid");
  if (reservedNames.includes(name.toLowerCase())) return problem("validation_not_in_invalid");
  if (/_via_/i.test(name)) return problem("validation_found_via");
  if (type === "auth" && (name === "passwordConfirm" || name === "oldPassword")) {
    return problem("validation_reserved_field_name");
  }
  return undefined;
}

function changeProblems(field: Field, before: Field | undefined, kind: FieldType, owner: Owner): Problems {
  if (before && before.type !== field.type) return { type: problem("validation_field_type_change") };
  if (before?.system && before.name !== field.name) return { name: problem("validation_system_field_change") };
  const target = kind.target?.(field);
  if (target === undefined) return {};
  if (before && kind.target?.(before) !== target) return { collectionId: problem("validation_field_relation_change") };
  const found = owner.set.all.find((other) => other.id === target);
  if (target !== owner.id && !found) return { collectionId: problem("validation_field_relation_missing_collection") };
  if (found?.type === "view") return { collectionId: problem("validation_relation_field_non_view_base_collection") };
  return {};
}
