import type { Field } from "../fields/field.ts";
import { fieldType } from "../fields/index.ts";
import { has, type Payload } from "../fields/payload.ts";
import { compileRule as compileText } from "../filter/filter.ts";
import type { Condition } from "../filter/scope.ts";
import { problem } from "../lib/errors.ts";
import { sameJson } from "../lib/json.ts";
import { name } from "../store/sql.ts";
import { type Collection, type Collections, type CompiledField, type RuleName, ruleNames } from "./collection.ts";
import type { Definition } from "./definition.ts";
import { columnsOf, parseIndex } from "./indexes.ts";

/** The alias under which a create rule sees the row as it would be written; no collection can have this name. */
export const newRow = "~new";

/** Makes a frozen set of all collections. Rules are compiled against this set, on first use. */
export function compileSet(definitions: readonly Definition[]): Collections {
  const byKey = new Map<string, Collection>();
  const set: Collections = {
    all: definitions.map((definition) => compileCollection(definition, () => set)),
    find: (idOrName) => byKey.get(idOrName),
  };
  for (const collection of set.all) byKey.set(collection.name, collection);
  for (const collection of set.all) byKey.set(collection.id, collection);
  Object.freeze(set.all);
  return Object.freeze(set);
}

function compileCollection(definition: Definition, set: () => Collections): Collection {
  const unique = uniqueFields(definition);
  const fields = definition.fields.map((field) => compileField(field, unique.has(field.name)));
  const byName = new Map(fields.map((field) => [field.name, field]));
  const rules = new Map<string, Condition | null>();
  const compiled = (rule: RuleName, from: string) => {
    const key = `${rule} of ${from}`;
    let condition = rules.get(key);
    if (condition === undefined) rules.set(key, (condition = compileRule(collection, rule, set(), from)));
    return condition;
  };
  let readsViews: boolean | undefined;
  const collection: Collection = {
    get readsViews() {
      return (readsViews ??= asksViews(definition, set()));
    },
    definition,
    id: definition.id,
    name: definition.name,
    type: definition.type,
    listRule: definition.listRule,
    fields,
    field: (wanted) => byName.get(wanted),
    rule: (rule) => compiled(rule, definition.name),
    newRule: (rule) => compiled(rule, newRow),
  };
  return Object.freeze(collection);
}

/** Who follows a way to a view says its name: no relation of a collection that is none leads there. */
function asksViews(definition: Definition, { all }: Collections): boolean {
  if (definition.type === "view") return true;
  const rules = ruleNames.map((rule) => ruleText(definition, rule) ?? "");
  return all.some(({ type, name }) => type === "view" && rules.some((rule) => rule.includes(name)));
}

/** Fields nobody is ever shown: what is sealed, and what tokens are made of or webhooks signed with. */
export function isSecret(
  { type, name }: Pick<Collection, "type" | "name">,
  field: Pick<CompiledField, "name" | "type">,
): boolean {
  if (field.type === "password") return true;
  return type === "auth" ? field.name === "tokenKey" : name === "_forms" && field.name === "webhookSecret";
}

/** The text of a rule; `null` for superusers only. */
export function ruleText(definition: Definition, rule: RuleName): string | null {
  return definition[`${rule}Rule`] ?? null;
}

/** `from`: the table or alias the rule is asked of. Throws the filter's Refusal when the rule does not compile. */
export function compileRule(collection: Collection, rule: RuleName, set: Collections, from: string): Condition | null {
  const text = ruleText(collection.definition, rule);
  if (text === null) return null;
  if (text.trim() === "") return () => true;
  return compileText(text, { collection, from: name(from), lookup: set.find, trusted: true });
}

/** The fields of which no two records have the same value. */
export function uniqueFields({ indexes }: Pick<Definition, "indexes">): ReadonlySet<string> {
  const names = indexes.flatMap((text) => {
    const index = parseIndex(text);
    const columns = index?.unique ? columnsOf(index) : undefined;
    return columns?.length === 1 ? columns : [];
  });
  return new Set(names);
}

function compileField(definition: Field, unique: boolean): CompiledField {
  const kind = fieldType(definition.type);
  if (!kind) throw new Error(`The stored field ${definition.name} has the unknown type ${definition.type}.`);
  const zero = kind.zero(definition);
  const target = kind.target?.(definition);
  const field: CompiledField = {
    id: definition.id,
    name: definition.name,
    type: definition.type,
    definition,
    kind,
    required: definition.required,
    hidden: definition.hidden,
    shape: kind.shape(definition),
    unique,
    ...(target === undefined ? {} : { target }),
    zero,
    weight: kind.weight?.(definition) ?? 0,
    read: (payload) => read(field, payload),
    check: (value) => {
      const blank = value === zero || sameJson(value, zero);
      if (blank) return definition.required ? problem("validation_required") : undefined;
      return kind.problems(value, definition);
    },
    toColumn: (value) => kind.toColumn(value, definition),
    fromColumn: (stored) => kind.fromColumn(stored, definition),
  };
  return Object.freeze(field);
}

function read({ name: key, kind, definition, zero }: CompiledField, payload: Payload) {
  if (Object.hasOwn(payload.json, key)) {
    return kind.fromJson(payload.json[key], definition);
  }
  if (payload.files.has(key)) return { value: zero, problem: problem("validation_unwanted_file") };
  if (!has(payload, key)) return undefined;
  return kind.fromForm((part) => payload.form.get(part ? `${key}.${part}` : key) ?? [], definition);
}
