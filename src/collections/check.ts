import { Value } from "@sinclair/typebox/value";
import { any, bad, good, type Outcome, problem, type Problems } from "../lib/errors.ts";
import { derivedId, randomText } from "../lib/ids.ts";
import { isObject } from "../lib/json.ts";
import type { Collections } from "./collection.ts";
import { AuthOptions, Base, type Definition, isAuth, tokenKinds } from "./definition.ts";
import { checkFields } from "./definition-fields.ts";
import { uniqueFields } from "./compile.ts";
import { checkIndexes } from "./indexes.ts";
import { optionProblems, withDefaults } from "./defaults.ts";

type Input = Readonly<Record<string, unknown>>;

export interface CheckOptions {
  /** The moment of the change, as stored. */
  readonly moment: string;
  /** Our own built-in collections may call themselves `system`. */
  readonly builtIn?: boolean;
}

/**
 * Makes a whole definition of what somebody sent: over `old` when a collection is changed, over the defaults when it is
 * made. Problems come per option (`name`, `fields.0.name`, `indexes.1`, …). Rules are compiled elsewhere.
 */
export function checkDefinition(
  input: Input,
  old: Definition | undefined,
  set: Collections,
  { moment, builtIn = false }: CheckOptions,
): Outcome<Definition> {
  const merged = merge(input, old);
  const type = merged["type"] ?? "base";
  if (type === "view") return bad({ type: problem("validation_view_later") });
  if (type !== "base" && type !== "auth") return bad({ type: problem("validation_in_invalid") });

  const name = merged["name"];
  const id = old?.id ?? (merged["id"] || derivedId("pbc_", `${type}${String(name)}`));
  const base = withDefaults(Base, { ...merged, id, type, system: builtIn ? merged["system"] : old?.system });
  const auth = type === "auth" ? withDefaults(AuthOptions, withSecrets(merged)) : {};

  const problems: Problems = { ...optionProblems(Base, base), ...nameProblems(base, old, set) };
  if (type === "auth") Object.assign(problems, optionProblems(AuthOptions, auth));
  if (old && old.type !== type) problems["type"] = problem("validation_collection_type_change");
  const fields = checkFields(merged["fields"], { id: String(id), type, old, set, builtIn });
  if (!fields.ok) problems["fields"] = fields.problems;

  if (!fields.ok || any(problems) || !Value.Check(Base, base)) return bad(problems);
  if (type === "auth" && !Value.Check(AuthOptions, auth)) return bad(problems);

  const definition = { ...base, ...auth, fields: fields.value, created: old?.created ?? moment, updated: moment };
  const indexes = checkIndexes(definition, old, set);
  if (!indexes.ok) return bad({ indexes: indexes.problems });
  const whole: Definition = { ...definition, indexes: indexes.value };
  const signIn = signInProblems(whole);
  return any(signIn) ? bad(signIn) : good(whole);
}

/** What was sent, over what stands; groups of options (`passwordAuth`) are merged one level deep. */
function merge(input: Input, old: Definition | undefined): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...old };
  for (const [key, given] of Object.entries(input)) {
    const before = merged[key];
    merged[key] = isObject(given) && isObject(before) ? { ...before, ...given } : given;
  }
  return merged;
}

/** Every kind of token has a secret of its own from the start. */
function withSecrets(merged: Input): Record<string, unknown> {
  const kinds = tokenKinds.map((kind) => {
    const options = merged[kind];
    return [kind, { secret: randomText(50), ...(isObject(options) ? options : {}) }] as const;
  });
  return { ...merged, ...Object.fromEntries(kinds) };
}

/** Names SQLite or we keep for ourselves. */
const reserved = /^(sqlite_|_collections$|_history$|_outbox$|_params$|_migrations$|_jobs$)/i;

function nameProblems(base: Input, old: Definition | undefined, set: Collections): Problems {
  const name = base["name"];
  const id = base["id"];
  if (old && name === old.name) return {};
  if (old?.system) return { name: problem("validation_collection_system_name_change") };
  if (name === undefined || name === "") return { name: problem("validation_required") };
  if (typeof name !== "string" || !/^\w{1,255}$/.test(name)) return { name: problem("validation_match_invalid") };
  if (reserved.test(name)) return { name: problem("validation_collection_name_invalid") };
  if (/_via_/i.test(name)) return { name: problem("validation_found_via") };
  const taken = set.all.find((other) => other.id !== old?.id && other.name.toLowerCase() === name.toLowerCase());
  if (taken) return { name: problem("validation_collection_name_exists") };
  if (set.all.some((other) => other.id === name || other.name === id)) {
    return { name: problem("validation_collection_name_id_duplicate") };
  }
  if (!old && set.all.some((other) => other.id === id)) {
    return { id: problem("validation_collection_name_id_duplicate") };
  }
  return {};
}

/** Who signs in by a field must be told apart by it. */
function signInProblems(definition: Definition): Problems {
  if (!isAuth(definition)) return {};
  const unique = uniqueFields(definition);
  for (const name of ["tokenKey", "email"]) {
    if (!unique.has(name)) return { indexes: problem("validation_missing_required_unique_index", { fieldName: name }) };
  }
  for (const name of definition.passwordAuth.identityFields) {
    const known = definition.fields.some((field) => field.name === name && field.type !== "password");
    const code = !known ? "validation_missing_field" : !unique.has(name) ? "validation_missing_unique_constraint" : "";
    if (code) return { passwordAuth: { identityFields: problem(code, { fieldName: name }) } };
  }
  return {};
}
