import { Value } from "@sinclair/typebox/value";
import { any, bad, good, type Outcome, problem, type Problems } from "../lib/errors.ts";
import { isObject } from "../lib/json.ts";
import { type Collections, ruleNames } from "./collection.ts";
import { AuthOptions, Base, type Definition, ViewOptions, withAuthDefaults } from "./definition.ts";
import { checkFields, freeId } from "./definition-fields.ts";
import { ruleText } from "./compile.ts";
import { checkIndexes, keptApartNoMore, ownsIndex } from "./indexes.ts";
import { optionProblems, withDefaults } from "./defaults.ts";
import { hidesOurs } from "./root-names.ts";
import { signInProblems, withSecrets } from "./sign-in-options.ts";
import { queryProblem, readView } from "./views.ts";
import { sqliteTables } from "./sqlite-tables.ts";

type Input = Readonly<Record<string, unknown>>;

export interface CheckOptions {
  /** The moment of the change, as stored. */
  readonly moment: string;
  /** Our own built-in collections may call themselves `system`. */
  readonly builtIn?: boolean;
  /** Indexes name fields as they are called afterwards; otherwise those that name a renamed one follow it. */
  readonly asWritten?: boolean;
}

/**
 * Makes a whole definition of what somebody sent: over `old` when a collection is changed, over the defaults when it is
 * made. Problems come per option (`name`, `fields.0.name`, `indexes.1`, …). Rules are compiled elsewhere.
 */
export function checkDefinition(
  input: Input,
  old: Definition | undefined,
  set: Collections,
  { moment, builtIn = false, asWritten = false }: CheckOptions,
): Outcome<Definition> {
  const merged = merge(input, old);
  const type = merged["type"] ?? "base";
  if (type !== "base" && type !== "auth" && type !== "view") return bad({ type: problem("validation_in_invalid") });

  const name = merged["name"];
  const taken = (wanted: string) => set.all.some((other) => other.id === wanted || other.name === wanted);
  const id = old?.id ?? (input["id"] || freeId("pbc_", `${type}${String(name)}`, taken));
  const base = withDefaults(Base, { ...merged, id, type, system: builtIn ? merged["system"] : old?.system });
  const auth = type === "auth" ? withAuthDefaults(withSecrets(merged, old)) : {};

  const problems: Problems = { ...optionProblems(Base, base), ...nameProblems(base, old, set) };
  if (!old && taken(String(id))) problems["id"] = problem("validation_collection_name_id_duplicate");
  if (type === "auth") Object.assign(problems, optionProblems(AuthOptions, auth));
  if (old) Object.assign(problems, changeProblems(old, input, type));
  if (base["pages"] === true && typeof name === "string" && hidesOurs(name)) {
    problems["pages"] = problem("validation_pages_hide", { name });
  }
  if (type === "view") {
    const options = { viewQuery: merged["viewQuery"] };
    const { fields, problems: wrong } = checkView({ id: String(id), sent: input, ...options }, base, set);
    Object.assign(problems, wrong);
    if (any(problems) || !Value.Check(Base, base) || !Value.Check(ViewOptions, options)) return bad(problems);
    return good({ ...base, ...options, fields, created: old?.created ?? moment, updated: moment });
  }
  const fields = checkFields(merged["fields"], { id: String(id), type, old, set, builtIn });
  if (!fields.ok) problems["fields"] = fields.problems;

  if (!fields.ok || any(problems) || !Value.Check(Base, base)) return bad(problems);
  if (type === "auth" && !Value.Check(AuthOptions, auth)) return bad(problems);

  const definition = { ...base, ...auth, fields: fields.value, created: old?.created ?? moment, updated: moment };
  const indexes = checkIndexes(definition, asWritten ? undefined : old, set);
  if (!indexes.ok) return bad({ indexes: indexes.problems });
  const whole: Definition = { ...definition, indexes: indexes.value };
  const fieldName = keptApartNoMore(old, whole.indexes);
  if (fieldName) return bad({ indexes: problem("validation_invalid_unique_system_field_index", { fieldName }) });
  const signIn = signInProblems(whole);
  return any(signIn) ? bad(signIn) : good(whole);
}

/** What was sent, over what stands; groups of options (`otp.emailTemplate`) are merged part by part. */
function merge(input: Input, old: Input | undefined): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...old };
  for (const [key, given] of Object.entries(input)) {
    const before = merged[key];
    if (!isObject(before)) merged[key] = given;
    else if (isObject(given)) merged[key] = merge(given, before);
    else if (given !== null) merged[key] = given;
  }
  return merged;
}

/** What stays as it is once a collection is made, and what of our own ones nobody may change. */
function changeProblems(old: Definition, input: Input, type: string): Problems {
  const problems: Problems = {};
  if (old.type !== type) problems["type"] = problem("validation_collection_type_change");
  if (typeof input["system"] === "boolean" && input["system"] !== old.system) {
    problems["system"] = problem("validation_collection_system_flag_change");
  }
  for (const rule of old.system ? ruleNames : []) {
    const sent = input[`${rule}Rule`];
    if (sent !== undefined && sent !== ruleText(old, rule)) {
      problems[`${rule}Rule`] = problem("validation_collection_system_rule_change");
    }
  }
  return problems;
}

/** What of a view is not as that of other collections: its fields follow from its query, and nothing is written to it. */
function checkView(
  { id, viewQuery, sent }: { readonly id: string; readonly viewQuery: unknown; readonly sent: Input },
  base: Readonly<Record<string, unknown>>,
  set: Collections,
): { readonly fields: Definition["fields"]; readonly problems: Problems } {
  const problems: Problems = {};
  for (const rule of ["createRule", "updateRule", "deleteRule"]) {
    if (base[rule] !== null) problems[rule] = problem("validation_nil");
  }
  const { indexes } = sent;
  if (Array.isArray(indexes) && indexes.length > 0) problems["indexes"] = problem("validation_indexes_not_supported");
  if (typeof viewQuery !== "string" || viewQuery.trim() === "") {
    return { fields: [], problems: { ...problems, viewQuery: problem("validation_required") } };
  }
  const read = readView({ id, viewQuery }, set);
  if (read.ok) return { fields: read.value.fields, problems };
  return { fields: [], problems: { ...problems, viewQuery: queryProblem(read.problem) } };
}

/**
 * Names SQLite or we keep for ourselves. SQLite answers some as tables that were never made: one of ours would take the place of
 * `json_each` in every query.
 */
const reserved = new RegExp(
  [
    "^jsonb?_(?:each|tree)$",
    sqliteTables.source,
    "^_(?:collections|history|outbox|params|migrations|jobs|drafts|words|tallies)$",
  ].join("|"),
  "i",
);

function nameProblems({ name }: Input, old: Definition | undefined, set: Collections): Problems {
  if (old && name === old.name) return {};
  if (old?.system) return { name: problem("validation_collection_system_name_change") };
  if (name === undefined || name === "") return { name: problem("validation_required") };
  if (typeof name !== "string" || !/^\w{1,255}$/.test(name)) return { name: problem("validation_match_invalid") };
  // To SQLite tables and indexes share their names.
  if (reserved.test(name) || set.all.some((other) => ownsIndex(other.definition, name))) {
    return { name: problem("validation_collection_name_invalid") };
  }
  if (/_via_/i.test(name)) return { name: problem("validation_found_via") };
  const taken = set.all.find((other) => other.id !== old?.id && other.name.toLowerCase() === name.toLowerCase());
  if (taken) return { name: problem("validation_collection_name_exists") };
  if (set.all.some((other) => other.id === name)) return { name: problem("validation_collection_name_id_duplicate") };
  return {};
}
