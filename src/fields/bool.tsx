/** @jsxImportSource preact */
import { Type } from "@sinclair/typebox";
import { marks } from "../html/index.ts";
import { problem } from "../lib/errors.ts";
import { sentence } from "../phrases/index.ts";
import { sql } from "../store/sql.ts";
import { type Control, defineField, type Reading } from "./field.ts";
import { line } from "./strings.ts";

export const bool = defineField({
  type: "bool",
  options: Type.Object({}),
  optionProblems: () => ({}),
  column: () => ({ type: "BOOLEAN", default: "FALSE" }),
  shape: () => "scalar",
  value: () => Type.Boolean(),
  zero: () => false,

  fromForm: (sent) => fromText(line(sent)),

  fromJson: (raw) => {
    if (raw === null || raw === undefined) return { value: false };
    if (typeof raw === "boolean") return { value: raw };
    if (typeof raw === "number") return { value: raw !== 0 };
    if (typeof raw === "string") return fromText(raw);
    return { value: false, problem: problem("validation_invalid_value") };
  },

  problems: (value) => (typeof value === "boolean" ? undefined : problem("validation_invalid_value")),
  toColumn: (value) => (value === true ? 1 : 0),
  fromColumn: (stored) => stored === true || stored === "true" || Number(stored) > 0,
  inJson: (column) => sql`iif(${column} = 'true' OR CAST(${column} AS NUMERIC) > 0, 'true', 'false')`,

  /** An unticked box sends nothing, so a hidden "false" goes before it; the last value counts. */
  input: (control) => {
    const { field } = control;
    return (
      <>
        <input type="hidden" name={field.name} value="false" />
        <input
          {...marks(control)}
          type="checkbox"
          name={field.name}
          value="true"
          required={field.required}
          checked={isTicked(control)}
        />
      </>
    );
  },

  cell: (value) => (value === true ? "✓" : ""),
  show: (value, _, { language }) => sentence(language, value === true ? "field_yes" : "field_no"),

  examples: [
    {
      options: {},
      good: true,
      form: { "": ["false", "true"] },
      bad: [
        ["perhaps", "validation_invalid_value"],
        [[true], "validation_invalid_value"],
        [{}, "validation_invalid_value"],
      ],
    },
    { options: {}, good: false, form: { "": ["false"] } },
    { options: {}, good: true, form: { "": ["on"] } },
  ],
});

function fromText(text: string): Reading {
  const word = text.trim().toLowerCase();
  if (["true", "1", "on", "yes", "t"].includes(word)) return { value: true };
  if (["", "false", "0", "off", "no", "f"].includes(word)) return { value: false };
  return { value: false, problem: problem("validation_invalid_value") };
}

function isTicked({ sent, value }: Control): boolean {
  return (sent ? fromText(line(sent)).value : value) === true;
}
