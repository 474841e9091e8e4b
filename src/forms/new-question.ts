import { type Parts, updateCollection } from "../collections/apply.ts";
import type { Collection } from "../collections/collection.ts";
import { nameProblem } from "../collections/definition-fields.ts";
import type { FieldInput } from "../collections/system.ts";
import { any, bad, good, isProblem, type Outcome, problem, type Problem, type Problems } from "../lib/errors.ts";
import { labelOf } from "../lib/writing.ts";
import { firstFree, slugOf } from "./beginnings.ts";
import { fillable } from "./form.ts";
import { linesOf, lineOf, type Sheet } from "./sheet.ts";
import { siblings } from "./siblings.ts";

/** What an owner changes about a collection while editing a form of it: a question more, and which ones must be answered. */

/** The kinds of question that can be added, in the order people see them. */
export const questionKinds = ["line", "paragraph", "email", "number", "yes", "date", "one", "some", "file"] as const;
export type QuestionKind = (typeof questionKinds)[number];

/** What a sheet says of a question to be, by name. */
export const newQuestionNames = ["new.label", "new.kind", "new.choices", "new.required"] as const;

const fieldOf: Readonly<Record<QuestionKind, (choices: readonly string[]) => { readonly type: string }>> = {
  line: () => ({ type: "text", max: 255 }),
  paragraph: () => ({ type: "text", max: 5000, multiline: true }),
  email: () => ({ type: "email" }),
  number: () => ({ type: "number" }),
  yes: () => ({ type: "bool" }),
  date: () => ({ type: "date" }),
  one: (values) => ({ type: "select", values, maxSelect: 1 }),
  // One choice alone would be a single value.
  some: (values) => ({ type: "select", values, maxSelect: Math.max(1, values.length) }),
  file: () => ({ type: "file", maxSelect: 1 }),
};

/** What has become of a collection. */
export interface Reshaped {
  /** The sheet that goes with it: the new question is one of its questions. */
  readonly sheet: Sheet;
  /** Takes it back, for a form that could not be saved after all. */
  undo(): Promise<unknown>;
}

/**
 * Changes the collection of a form as its sheet says; a sheet that says nothing of it changes nothing. Values stay: where they are
 * blank, and must not be any more, they wait for the next who changes them. Problems are of `new.label`, `new.kind`, `new.choices`
 * and `fields`. Refused where a file describes the collection.
 */
export async function reshape(
  parts: Parts,
  collection: Collection,
  form: string,
  sheet: Sheet,
): Promise<Outcome<Reshaped>> {
  const asked = questionIn(sheet);
  if (!asked.ok) return asked;
  const needs = needsIn(sheet, collection);
  const field = asked.value;
  if (!field && needs.size === 0) return good({ sheet, undo: async () => {} });

  const label = lineOf(sheet, "new.label").trim();
  const required = [...needs].flatMap(([name, need]) => (need ? [name] : []));
  if (field?.required) required.push(label);
  const unasked = await unaskedElsewhere(parts, collection, form, required);
  if (unasked) return bad({ fields: unasked });

  const added = field && nameFor(label, collection);
  const saved = await updateCollection(parts, collection.id, ({ fields }) => ({
    fields: [
      ...fields.map((it) => ({ ...it, required: needs.get(it.name) ?? it.required })),
      ...(field ? [{ ...field, name: added }] : []),
    ],
  }));
  if (!saved.ok) return bad({ fields: firstOf(saved.problems) ?? problem("validation_invalid_value") });
  const undo = () =>
    updateCollection(parts, collection.id, ({ fields }) => ({
      fields: fields
        .filter(({ name }) => name !== added)
        .map((it) => (needs.has(it.name) ? { ...it, required: !needs.get(it.name) } : it)),
    }));
  return good({ sheet: added === undefined ? sheet : withQuestion(sheet, added, label), undo });
}

/** The fields for which the owner has changed, against what the sheet was drawn from, whether they must be answered. */
function needsIn(sheet: Sheet, { fields }: Collection): ReadonlyMap<string, boolean> {
  const needs = new Map<string, boolean>();
  for (const field of fields.filter(fillable)) {
    const need = lineOf(sheet, `need.${field.name}`);
    if (need === "" || need === lineOf(sheet, `had.${field.name}`)) continue;
    if ((need === "true") !== field.required) needs.set(field.name, need === "true");
  }
  return needs;
}

/** The field a sheet describes, without its name; nothing where it describes none. */
function questionIn(sheet: Sheet): Outcome<Omit<FieldInput, "name"> | undefined> {
  const choices = linesOf(sheet, "new.choices");
  const required = lineOf(sheet, "new.required") === "true";
  if (lineOf(sheet, "new.label").trim() === "") {
    return choices.length > 0 || required ? bad({ "new.label": problem("form_edit_new_unlabelled") }) : good(undefined);
  }
  const kind = lineOf(sheet, "new.kind") || "line";
  if (!isKind(kind)) return bad({ "new.kind": problem("form_new_unknown") });
  const isChoice = kind === "one" || kind === "some";
  const problems: Problems = {};
  if (isChoice && choices.length === 0) problems["new.choices"] = problem("form_edit_new_choiceless");
  return any(problems) ? bad(problems) : good({ ...fieldOf[kind](choices), required });
}

function isKind(kind: string): kind is QuestionKind {
  return questionKinds.some((it) => it === kind);
}

/** A name made of a label, of which the collection has none yet. */
function nameFor(label: string, { definition }: Collection): string {
  const made = slugOf(label).replaceAll("-", "_");
  const wished = nameProblem(made, "base") ? "question" : made;
  const taken = new Set(definition.fields.map(({ name }) => name.toLowerCase()));
  return firstFree(wished, "_", (it) => taken.has(it));
}

function withQuestion(sheet: Sheet, name: string, label: string): Sheet {
  const more = new Map(sheet);
  for (const it of newQuestionNames) more.delete(it);
  more.set(`ask.${name}`, ["true"]);
  if (labelOf(name) !== label) more.set(`label.${name}`, [label]);
  return more;
}

/** Why something cannot be required: another form would take no answer any more. */
async function unaskedElsewhere(
  parts: Parts,
  collection: Collection,
  form: string,
  required: readonly string[],
): Promise<Problem | undefined> {
  if (required.length === 0) return undefined;
  for (const { title, names } of await siblings(parts, collection, form)) {
    const name = names && required.find((it) => !names.includes(it));
    if (name !== undefined) return problem("form_edit_required_elsewhere", { title, name });
  }
  return undefined;
}

/** What is wrong with a definition, the first of it. */
function firstOf(problems: Problems): Problem | undefined {
  for (const it of Object.values(problems)) {
    const found = isProblem(it) ? it : firstOf(it);
    if (found) return found;
  }
  return undefined;
}
