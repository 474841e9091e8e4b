import { closest } from "../../config/closest.ts";
import { fieldType } from "../../fields/index.ts";
import { type Problem, problem } from "../../lib/errors.ts";
import type { Place } from "../../lib/places.ts";
import type { Definition } from "../definition.ts";
import { freeId } from "../definition-fields.ts";
import { systemFields } from "../system.ts";
import type { DeclaredCollection, DeclaredField } from "./declare.ts";
import { fieldStandards, indexText, overStandard, rulesOf, standardOptions, standardRule } from "./standards.ts";

/** Something that is wrong in `schema.ts`, and where. */
export interface Fault {
  /** `posts` or `posts.title` */
  readonly of: string;
  readonly place?: Place | undefined;
  readonly problem: Problem;
}

/** A collection of the schema, beside what becomes it. */
export interface Matched {
  readonly id: string;
  readonly name: string;
  readonly old: Definition | undefined;
  readonly declared: DeclaredCollection;
}

/** What a definition is made of, by `checkDefinition`. */
export type Input = Readonly<Record<string, unknown>> & {
  readonly fields: readonly FieldInput[];
  readonly indexes: readonly string[];
};
type FieldInput = Readonly<Record<string, unknown>> & { readonly name: string };

export interface InputOptions {
  /** The id of the collection with this name, as it is afterwards. */
  idOf(name: string): string | undefined;
  fault(fault: Fault): void;
}

/** A collection as the schema has it, whole: what it does not say is as it is by standard, not as it stands. */
export function inputOf(wish: Matched, options: InputOptions): Input {
  const { id, name, declared, old } = wish;
  const { type, place } = declared;
  const { rules = {}, indexes = [], pages = false, was: _, query, ...others } = declared.options;
  const said: Partial<Record<string, string | null>> = rules;
  const fault = (wrong: Problem) => options.fault({ of: name, place, problem: wrong });
  const misplaced = type === "view" || query === undefined ? [] : ["query"];
  unknown([...Object.keys(others), ...misplaced], Object.keys(standardOptions(type))).forEach(fault);
  unknown(Object.keys(said), rulesOf(type)).forEach(fault);
  const given = rulesOf(type).map((rule) => [
    `${rule}Rule`,
    said[rule] === undefined ? standardRule(rule) : said[rule],
  ]);
  return {
    ...overStandard(type, others),
    ...(type === "view" ? { viewQuery: query } : {}),
    ...Object.fromEntries(given),
    ...(old ? {} : { id }),
    name,
    type,
    pages,
    // Those of a view follow from its query.
    fields: type === "view" ? [] : fieldInputs(wish, options),
    indexes: indexes.map((it) => (typeof it === "string" ? it : indexText(name, it))),
  };
}

/** System fields that are not spoken of go first, as they are by standard. */
function fieldInputs(wish: Matched, options: InputOptions): FieldInput[] {
  const { declared, old, name: home } = wish;
  const declaredFields = Object.entries(declared.fields).map(([name, field]) => {
    const { was, ...said } = field.options;
    for (const wrong of wrongOptions(field))
      options.fault({ of: `${home}.${name}`, place: field.place, problem: wrong });
    const target = field.to === undefined ? undefined : options.idOf(field.to);
    if (field.to !== undefined && target === undefined) {
      const missing = problem("schema_relation_unknown", { name: field.to });
      options.fault({ of: `${home}.${name}`, place: field.place, problem: missing });
    }
    return { ...said, name, type: field.type, was, ...(field.to === undefined ? {} : { collectionId: target ?? "" }) };
  });
  const silent = systemFields(declared.type).filter(({ name }) => !Object.hasOwn(declared.fields, name));
  return withIds([...silent, ...declaredFields], old);
}

type Wanted = FieldInput & { readonly type: string; readonly was?: unknown };

/**
 * A field is the one that has its name and type, or had the name it `was`; it keeps that id. Where neither is there, or a
 * relation points elsewhere now, it is a new one.
 */
function withIds(wanted: readonly Wanted[], old: Definition | undefined): FieldInput[] {
  const ids = new Map<Wanted, string>();
  const taken = new Set(old?.fields.map(({ id }) => id));
  const free = new Set(taken);
  const claim = (field: Wanted, name: unknown) => {
    const before = old?.fields.find((it) => it.name === name && free.has(it.id) && isSameKind(it, field));
    if (!before || ids.has(field)) return;
    ids.set(field, before.id);
    free.delete(before.id);
  };
  for (const field of wanted) claim(field, field.name);
  for (const field of wanted) claim(field, field.was);
  return wanted.map((field) => {
    const { was: _, ...input } = field;
    const id = ids.get(field) ?? freeId(field.type, field.name, (it) => taken.has(it));
    taken.add(id);
    return { ...input, id };
  });
}

function isSameKind(before: Definition["fields"][number], field: Wanted): boolean {
  const target = fieldType(before.type)?.target?.(before);
  return before.type === field.type && (target === undefined || target === field["collectionId"]);
}

function wrongOptions({ type, options }: DeclaredField): Problem[] {
  const kind = fieldType(type);
  return kind ? unknown(Object.keys(options), [...fieldStandards(kind).keys(), "was"]) : [];
}

/** A word that nobody knows would be passed over without a word, and the wish with it. */
function unknown(words: readonly string[], known: readonly string[]): Problem[] {
  return words
    .filter((word) => !known.includes(word))
    .map((option) => {
      const meant = closest(option, known);
      return meant
        ? problem("schema_option_meant", { option, meant })
        : problem("schema_option_unknown", { option, known: known.join(", ") });
    });
}
