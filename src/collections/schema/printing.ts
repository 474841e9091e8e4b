import { Type } from "@sinclair/typebox";
import { Common, type Field, type FieldType } from "../../fields/field.ts";
import { fieldType } from "../../fields/index.ts";
import { call, type Code, group, layOut, literal, object } from "../../lib/code-text.ts";
import { isObject, sameJson } from "../../lib/json.ts";
import type { Collection, Collections } from "../collection.ts";
import { ruleText } from "../compile.ts";
import { withDefaults } from "../defaults.ts";
import { type Definition, shown } from "../definition.ts";
import { type FieldInput, forced, systemFields, systemIndexes } from "../system.ts";
import { signedIn } from "./declare.ts";
import { fieldStandards, rulesOf, shortIndex, standardOptions, standardRule } from "./standards.ts";

type Word = (word: string) => string;

/** A `schema.ts` that says what stands: planned against it, there is nothing to do. System collections are not in it. */
export function printSchema(set: Collections): string {
  const used = new Set(["collections"]);
  const word = (it: string) => {
    used.add(it);
    return it;
  };
  const own = set.all.filter(({ definition }) => !definition.system);
  const entries = own.map((it): [string, Code] => [it.name, collectionCode(it, set, word)]);
  const body = layOut(call("export default collections", [object(entries, true)]));
  return `import { ${[...used].sort().join(", ")} } from "formstead";\n\n${body};\n`;
}

function collectionCode({ definition }: Collection, set: Collections, word: Word): Code {
  if (definition.type === "view") return viewCode(definition, word);
  const system = systemFields(definition.type);
  const fields = definition.fields.flatMap((field): [string, Code][] => {
    const standing = system.find(({ name }) => name === field.name);
    return standing && isStandard(field, standing) ? [] : [[field.name, fieldCode(field, standing, set, word)]];
  });
  const options = optionCodes(definition, word);
  const all = object(fields, true);
  if (definition.type === "auth")
    return several("auth", options.length > 0 ? [all, object(options, true)] : [all], word);
  return options.length > 0 ? several("collection", [all, object(options, true)], word) : all;
}

function viewCode(definition: Definition, word: Word): Code {
  const query: [string, Code] = ["query", literal(definition.viewQuery)];
  return several("view", [object([query, ...optionCodes(definition, word)], true)], word);
}

function several(name: string, args: readonly Code[], word: Word): Code {
  return call(word(name), args);
}

function optionCodes(definition: Definition, word: Word): [string, Code][] {
  const { type } = definition;
  const rules = rulesOf(type).flatMap((rule): [string, Code][] => {
    const text = ruleText(definition, rule);
    return text === standardRule(rule) ? [] : [[rule, ruleCode(text, word)]];
  });
  const own = definition.indexes.filter((text) => !systemIndexes(definition).includes(text));
  const indexes = own.map((text): Code => {
    const short = shortIndex(definition, text);
    return short ? call(word(short.unique ? "unique" : "index"), short.columns.map(literal)) : literal(text);
  });
  return [
    ...(rules.length > 0 ? [["rules", object(rules)] as [string, Code]] : []),
    ...(indexes.length > 0 ? [["indexes", group("[", indexes, "]")] as [string, Code]] : []),
    ...(definition.pages ? [["pages", "true"] as [string, Code]] : []),
    ...authCodes(definition, type),
  ];
}

/** What is not as it is by standard; of groups (`passwordAuth`) only those parts. */
function authCodes(definition: Definition, type: Definition["type"]): [string, Code][] {
  const stored = new Map<string, unknown>(Object.entries(shown(definition)));
  return Object.entries(standardOptions(type)).flatMap(([name, standard]): [string, Code][] => {
    const value = stored.get(name);
    if (!isObject(standard) || !isObject(value)) return sameJson(value, standard) ? [] : [[name, literal(value)]];
    const parts = Object.keys(standard).filter((part) => !sameJson(value[part], standard[part]));
    if (parts.length === 0) return [];
    return [[name, object(parts.map((part): [string, Code] => [part, literal(value[part])]))]];
  });
}

function ruleCode(text: string | null, word: Word): Code {
  if (text === null) return word("superusers");
  if (text === "") return word("anyone");
  return text === signedIn ? word("signedIn") : literal(text);
}

function fieldCode(field: Field, system: FieldInput | undefined, set: Collections, word: Word): Code {
  const kind = fieldType(field.type);
  if (!kind) throw new Error(`The field ${field.name} has the unknown type ${field.type}.`);
  const target = kind.target?.(field);
  const first = target === undefined ? firstOf(kind, field) : [literal(set.find(target)?.name ?? target)];
  const aside = new Set([
    ...(system ? Object.keys(forced(system)) : []),
    ...(target === undefined ? positional(kind) : []),
  ]);
  const options = [...fieldStandards(kind)]
    .filter(([name, standard]) => !aside.has(name) && !sameJson(field[name], standard))
    .map(([name]): [string, Code] => [name, literal(field[name])]);
  return call(word(field.type), [...first, ...(options.length > 0 ? [object(options)] : [])]);
}

/** The options that stand before the others, without a name: the values of a select. */
function positional(kind: FieldType): string[] {
  return Object.keys(kind.options.properties).filter((name) => name === "values");
}

function firstOf(kind: FieldType, field: Field): Code[] {
  return positional(kind).map((name) => literal(field[name]));
}

/** Whether a field of the collection's type is as it is where nobody speaks of it. */
function isStandard(field: Field, system: FieldInput): boolean {
  const kind = fieldType(field.type);
  if (!kind) return false;
  const schema = Type.Object({ ...Common.properties, ...kind.options.properties });
  return sameJson(withDefaults(schema, { ...system, id: field.id }), { ...field });
}
