/** @jsxImportSource preact */
import { Type } from "@sinclair/typebox";
import { marks } from "../html/index.ts";
import { problem } from "../lib/errors.ts";
import { date } from "./date.tsx";
import { defineField } from "./field.ts";
import { gather } from "./bounds.ts";
import { asText, shown } from "./strings.ts";

/** The moment when a record was made or last changed. */
export const autodate = defineField({
  type: "autodate",
  options: Type.Object({ onCreate: Type.Boolean({ default: false }), onUpdate: Type.Boolean({ default: false }) }),
  ...asText,
  optionProblems: ({ onCreate, onUpdate }) =>
    gather({ onCreate: onCreate || onUpdate ? undefined : problem("validation_required") }),
  value: () => Type.String(),
  given: true,

  fromForm: (sent, field) => date.fromForm(sent, { ...field, min: "", max: "" }),
  fromJson: (raw, field) => date.fromJson(raw, { ...field, min: "", max: "" }),
  problems: (value, field) => date.problems(value, { ...field, min: "", max: "" }),

  fill: (when, field, now) => ((when === "create" ? field.onCreate : field.onUpdate) ? now : undefined),

  input: (control) => (
    <input {...marks(control)} type="text" name={control.field.name} readonly value={shown(control)} />
  ),
  cell: (value, field) => date.cell(value, { ...field, min: "", max: "" }),
  show: (value, field, showing) => date.show?.(value, { ...field, min: "", max: "" }, showing),

  examples: [
    {
      options: { onCreate: true },
      good: "2026-01-02 15:04:05.000Z",
      form: { "": ["2026-01-02 15:04:05.000Z"] },
      bad: [["yesterday", "validation_invalid_value"]],
    },
  ],
});
