/** @jsxImportSource preact */
import type { Collection, CompiledField } from "../../collections/collection.ts";
import { lineOf, type Sheet } from "../../forms/sheet.ts";
import { marks, textareaText } from "../../html/index.ts";
import type { Code } from "../../phrases/index.ts";
import { collectionField, type FormField } from "../parts/form-field.tsx";
import type { Words } from "../parts/words.ts";

/** What an owner is asked about a form, part by part. */

/** How a setting is asked for: as its field would, in several lines, as one entry per line, as a number of ours, or by names. */
type Way = "field" | "paragraph" | "lines" | "number" | "shape";

interface Item {
  readonly name: string;
  readonly label: Code;
  readonly help?: Code;
  readonly way?: Way;
  /** What goes without saying, where it is left empty. */
  readonly usual?: number;
}

export const partNames = [
  "words",
  "fields",
  "sending",
  "after",
  "mail",
  "webhook",
  "limits",
  "shield",
  "privacy",
] as const;
export type PartName = (typeof partNames)[number];

/** The settings of each part but for the questions and the weights, which are tables. */
const items: Readonly<Record<PartName, readonly Item[]>> = {
  words: [
    { name: "title", label: "form_edit_name" },
    { name: "slug", label: "form_edit_slug", help: "form_edit_slug_help" },
    { name: "introduction", label: "form_edit_introduction", way: "paragraph" },
    { name: "button", label: "form_edit_button", help: "form_edit_button_help" },
  ],
  fields: [],
  sending: [
    { name: "origins", label: "form_edit_origins", help: "form_edit_origins_help", way: "lines" },
    { name: "usesScript", label: "form_edit_usesScript", help: "form_edit_usesScript_help" },
  ],
  after: [
    { name: "thanks", label: "form_edit_thanks", help: "form_edit_thanks_help", way: "paragraph" },
    { name: "redirect", label: "form_edit_redirect", help: "form_edit_redirect_help" },
    { name: "back", label: "form_edit_back", help: "form_edit_back_help" },
  ],
  mail: [
    { name: "notify", label: "form_edit_notify", help: "form_edit_notify_help", way: "lines" },
    { name: "daily", label: "form_edit_daily" },
    { name: "subject", label: "form_edit_subject", help: "form_edit_subject_help" },
    { name: "cc", label: "form_edit_cc", help: "form_edit_cc_help", way: "lines" },
    { name: "answer", label: "form_edit_answer", help: "form_edit_answer_help" },
    { name: "answerSubject", label: "form_edit_answerSubject" },
    { name: "answerText", label: "form_edit_answerText", way: "paragraph" },
  ],
  webhook: [
    { name: "webhook", label: "form_edit_webhook", help: "form_edit_webhook_help" },
    { name: "webhookShape", label: "form_edit_webhookShape", way: "shape" },
  ],
  limits: [
    { name: "opens", label: "form_edit_opens", help: "form_edit_moment_help" },
    { name: "closes", label: "form_edit_closes", help: "form_edit_moment_help" },
    { name: "timeZone", label: "form_edit_timeZone", help: "form_edit_timeZone_help" },
    { name: "maxAnswers", label: "form_edit_maxAnswers", help: "form_edit_no_limit_help" },
    { name: "maxPerVisitor", label: "form_edit_maxPerVisitor", help: "form_edit_no_limit_help" },
    { name: "test", label: "form_edit_test", help: "form_edit_test_help" },
  ],
  shield: [
    { name: "shield.hold", label: "form_edit_shield_hold", way: "number" },
    { name: "shield.refuse", label: "form_edit_shield_refuse", way: "number" },
    { name: "shield.seconds", label: "form_edit_shield_seconds", way: "number" },
    { name: "words", label: "form_edit_shield_words", help: "form_edit_shield_words_help", way: "lines" },
    { name: "welcome", label: "form_edit_shield_welcome", help: "form_edit_shield_welcome_help", way: "lines" },
  ],
  privacy: [
    { name: "consent", label: "form_edit_consent", help: "form_edit_consent_help", way: "paragraph" },
    { name: "retention", label: "form_edit_retention", help: "form_edit_retention_help" },
  ],
};

/** The settings of `_forms` that the parts ask for, those in JSON included. */
export const editedNames: readonly string[] = [
  ...new Set(Object.values(items).flatMap((part) => part.flatMap(({ name }) => (jsonOf(name) ? [] : [name])))),
  "fields",
  "shield",
];

function jsonOf(name: string): boolean {
  return name === "words" || name === "welcome" || name.startsWith("shield.");
}

/** The questions of one part, as the sheet answers them. `usual`: what limits of the shield are where nothing is said. */
export function questionsOf(
  t: Words,
  part: PartName,
  forms: Collection,
  sheet: Sheet,
  usual: Readonly<Record<string, number>>,
): FormField[] {
  return items[part].flatMap(({ name, label, help, way = "field" }) => {
    const words = { label: t(label), ...(help ? { help: t(help) } : {}) };
    if (way === "lines") return [linesField(name, words, sheet)];
    if (way === "shape") return [shapeField(name, words, sheet)];
    if (way === "number") {
      const value = usual[name.slice("shield.".length)];
      const says = value === undefined ? {} : { help: t("form_edit_shield_default", { value }) };
      return [numberField(name, { ...words, ...says }, sheet)];
    }
    const field = forms.field(name);
    return field ? [collectionField(way === "paragraph" ? inLines(field) : field, { ...words, typed: sheet })] : [];
  });
}

function inLines(field: CompiledField): CompiledField {
  return { ...field, definition: { ...field.definition, multiline: true } };
}

interface Asked {
  readonly label: string;
  readonly help?: string;
}

function linesField(name: string, asked: Asked, sheet: Sheet): FormField {
  return {
    ...asked,
    name,
    required: false,
    draw: (control) => (
      <textarea {...marks(control)} class="lines" name={name} rows={2} dir="auto" spellcheck={false} autocomplete="off">
        {textareaText(lineOf(sheet, name))}
      </textarea>
    ),
  };
}

function numberField(name: string, asked: Asked, sheet: Sheet): FormField {
  return {
    ...asked,
    name,
    required: false,
    draw: (control) => (
      <input {...marks(control)} type="number" name={name} value={lineOf(sheet, name)} min={0} step="any" />
    ),
  };
}

/** For whom a webhook can be written; without a word it is the first. */
const shapes: readonly (readonly [shape: string, name: string])[] = [
  ["standard", "Standard (JSON)"],
  ["slack", "Slack"],
  ["discord", "Discord"],
  ["ntfy", "ntfy"],
];

function shapeField(name: string, asked: Asked, sheet: Sheet): FormField {
  const chosen = lineOf(sheet, name);
  return {
    ...asked,
    name,
    required: false,
    draw: (control) => (
      <select {...marks(control)} name={name}>
        {shapes.map(([shape, says], at) => (
          <option
            value={at === 0 && chosen === "" ? "" : shape}
            selected={shape === chosen || (at === 0 && chosen === "")}
          >
            {says}
          </option>
        ))}
      </select>
    ),
  };
}
