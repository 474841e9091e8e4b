import { Kind, type TObject, type TSchema } from "@sinclair/typebox";
import { Common, type FieldType } from "../../fields/field.ts";
import { isObject } from "../../lib/json.ts";
import { type RuleName, ruleNames } from "../collection.ts";
import { AuthOptions, type Definition } from "../definition.ts";
import { parseIndex, writeIndex } from "../indexes.ts";
import type { DeclaredIndex } from "./declare.ts";

/** What is so where `schema.ts` says nothing, and what can be said in it: read both ways, into a definition and out of one. */

type Type = Definition["type"];

/** The rules that a collection of this type has. */
export function rulesOf(type: Type): readonly RuleName[] {
  if (type === "view") return ["list", "view"];
  return type === "auth" ? ruleNames : ruleNames.slice(0, 5);
}

/** Whoever has proved who they are may sign in; for everything else there are superusers. */
export function standardRule(rule: RuleName): string | null {
  return rule === "auth" ? "" : null;
}

/** The options of a collection beside fields, rules, indexes and pages, as they are where nothing is said; no secrets. */
export function standardOptions(type: Type): Readonly<Record<string, unknown>> {
  if (type !== "auth") return {};
  const options = Object.entries(AuthOptions.properties).filter(([name]) => !name.endsWith("Rule"));
  return Object.fromEntries(options.map(([name, schema]): [string, unknown] => [name, standardOf(schema)]));
}

function standardOf(schema: TSchema): unknown {
  if (!isGroup(schema)) return schema.default;
  const parts = Object.entries(schema.properties).filter(([name]) => name !== "secret");
  return Object.fromEntries(parts.map(([name, part]) => [name, standardOf(part)]));
}

function isGroup(schema: TSchema): schema is TObject {
  return schema[Kind] === "Object";
}

/** What was said over what is standard; groups (`passwordAuth`) part by part. */
export function overStandard(type: Type, said: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const options = { ...standardOptions(type) };
  for (const [name, given] of Object.entries(said)) {
    const standard = options[name];
    if (given !== undefined) options[name] = isObject(standard) && isObject(given) ? { ...standard, ...given } : given;
  }
  return options;
}

/** The options of a type's fields with what they are where nothing is said. */
export function fieldStandards(kind: FieldType): ReadonlyMap<string, unknown> {
  const { required, hidden, presentable, help } = Common.properties;
  const own = Object.entries<TSchema>(kind.options.properties).filter(([name]) => name !== "collectionId");
  const common = Object.entries<TSchema>({ required, hidden, presentable, help });
  const blank = (schema: TSchema) => schema.default ?? (schema[Kind] === "Boolean" ? false : "");
  return new Map([
    ...common.map(([name, schema]): [string, unknown] => [name, blank(schema)]),
    ...own.map(([name, schema]): [string, unknown] => [name, schema.default]),
  ]);
}

/** The statement that `index(…)` and `unique(…)` stand for. */
export function indexText(collection: string, { unique, columns }: DeclaredIndex): string {
  const list = columns.map((column) => `\`${column}\``).join(", ");
  return writeIndex({ unique, name: indexName(collection, columns), table: collection, columns: list, where: "" });
}

/** The same the other way round; `undefined` for what only a whole statement can say. */
export function shortIndex({ name }: Pick<Definition, "name">, text: string): DeclaredIndex | undefined {
  const index = parseIndex(text);
  const columns = index?.columns.split(", ").map((column) => column.replaceAll("`", "")) ?? [];
  const short = { unique: index?.unique ?? false, columns };
  return indexText(name, short) === text ? short : undefined;
}

function indexName(collection: string, columns: readonly string[]): string {
  return `idx_${collection}_${columns.join("_")}`;
}
