import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { Common, type Field, type FieldType } from "../fields/field.ts";
import { fieldType } from "../fields/index.ts";
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

const reservedNames = ["null", "true", "false", "_rowid_", "collectionid", "collectionname", "expand", "__proto__"];

/**
 * The fields of a definition, checked by their types, with the system fields of the collection's type in place. A field keeps
 * its id; one that brings none is the field that had its name before, or a new one. Problems come by position.
 */
export function checkFields(sent: unknown, owner: Owner): Outcome<Field[]> {
  if (sent !== undefined && sent !== null && !Array.isArray(sent)) {
    return bad({ "0": problem("validation_invalid_value") });
  }
  const inputs = withSystemFields(sent ?? [], owner);
  if (inputs.length > mostFields) {
    return bad({ [mostFields]: problem("validation_length_too_long", { max: mostFields }) });
  }
  const fields: Field[] = [];
  const problems: Problems = {};
  const names = new Set<string>();
  const ids = new Set<string>();
  inputs.forEach((input, position) => {
    const outcome = checkField(input, owner);
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
  return any(problems) ? bad(problems) : good(fields);
}

/** `id` goes first and what sign-in needs last, where they were not sent; what was sent of them keeps its place. */
function withSystemFields(sent: readonly unknown[], { type, old }: Owner): unknown[] {
  const needed: FieldInput[] = [...systemFields(type)];
  for (const field of old?.fields ?? []) {
    if (field.system && !needed.some((other) => other.name === field.name)) needed.push(field);
  }
  const named = (name: string) => sent.some((input) => isObject(input) && input["name"] === name);
  const missing = needed.filter((field) => !named(field.name) && !hasId(sent, idOf(field.name, old)));
  const kept = missing.map((field) => old?.fields.find((before) => before.name === field.name) ?? field);
  const overridden = sent.map((input) => {
    const system = isObject(input) ? needed.find((field) => field.name === input["name"]) : undefined;
    return system && isObject(input) ? { ...input, ...forced(system) } : input;
  });
  return [...kept.filter(({ name }) => name === "id"), ...overridden, ...kept.filter(({ name }) => name !== "id")];
}

function hasId(sent: readonly unknown[], id: string | undefined): boolean {
  return id !== undefined && sent.some((input) => isObject(input) && input["id"] === id);
}

function idOf(name: string, old: Definition | undefined): string | undefined {
  return old?.fields.find((field) => field.name === name)?.id;
}

function checkField(input: unknown, owner: Owner): Outcome<Field> {
  if (!isObject(input)) return bad({ type: problem("validation_invalid_value") });
  const kind = typeof input["type"] === "string" ? fieldType(input["type"]) : undefined;
  if (!kind) return bad({ type: problem(input["type"] ? "validation_in_invalid" : "validation_required") });

  const name = nameProblem(input["name"], owner.type);
  if (name || typeof input["name"] !== "string") return bad({ name: name ?? problem("validation_required") });

  const before = owner.old?.fields.find((field) =>
    input["id"] ? field.id === input["id"] : field.name === input["name"] && field.type === kind.type,
  );
  const ours = owner.builtIn || systemFields(owner.type).some((field) => field.name === input["name"]);
  const system = before?.system ?? (ours && input["system"] === true);
  const id = before?.id ?? (input["id"] || derivedId(kind.type, input["name"]));
  const schema = Type.Object({ ...Common.properties, ...kind.options.properties });
  const field = withDefaults(schema, { ...input, id, system });
  const problems = optionProblems(schema, field);
  if (any(problems) || !Value.Check(Common, field)) return bad(problems);
  Object.assign(problems, kind.optionProblems(field), changeProblems(field, before, kind, owner));
  return any(problems) ? bad(problems) : good(field);
}



function nameProblem(name: unknown, type: "base" | "auth"): Problem | undefined {
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
  if (target !== owner.id && !owner.set.all.some((other) => other.id === target)) {
    return { collectionId: problem("validation_field_relation_missing_collection") };
  }
  return {};
}

