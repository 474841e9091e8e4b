/** @jsxImportSource preact */
import { type Static, Type } from "@sinclair/typebox";
import { marks, TypedInput, isBrowserNumber } from "../html/index.ts";
import { type Problem, problem } from "../lib/errors.ts";
import type { Language } from "../phrases/index.ts";
import { sql } from "../store/sql.ts";
import { exactNumber } from "./decimals.ts";
import { type Control, defineField, type Json, type Reading } from "./field.ts";
import { atLeast, gather } from "./bounds.ts";
import { line } from "./strings.ts";

const Limit = Type.Union([Type.Null(), Type.Number()], { default: null });
const Options = Type.Object({ min: Limit, max: Limit, onlyInt: Type.Boolean({ default: false }) });
type NumberOptions = Static<typeof Options>;
type NumberReading = Reading & { readonly value: number };

export const number = defineField({
  type: "number",
  options: Options,

  optionProblems: ({ min, max, onlyInt }) =>
    gather({
      min: wholeProblem(min, onlyInt),
      max: wholeProblem(max, onlyInt) ?? (min === null || max === null ? undefined : atLeast(max, min)),
    }),

  column: () => ({ type: "NUMERIC", default: "0" }),
  shape: () => "scalar",
  value: (field) => (field.onlyInt ? Type.Integer() : Type.Number()),
  zero: () => 0,

  /** Somebody who types 0 means it, so the limits hold for it here; in JSON 0 is the value of a field left blank. */
  fromForm: (sent, field) => {
    const typed = line(sent).trim();
    const reading = fromText(typed);
    return typed === "" || reading.problem ? reading : { ...reading, problem: rangeProblem(reading.value, field) };
  },

  fromJson: read,

  modify: (modifier, sent) => {
    if (modifier !== "name+" && modifier !== "name-") return undefined;
    const { value: by, problem } = read(sent);
    const sign = modifier === "name+" ? 1 : -1;
    return { ...(problem ? { problem } : {}), apply: (value) => Number(value) + sign * by };
  },

  problems: (value, field) => (value === 0 ? undefined : rangeProblem(value, field)),

  toColumn: (value) => (typeof value === "number" ? value : 0),

  fromColumn: (stored) => {
    const value = stored instanceof Uint8Array ? 0 : Number(stored);
    return Number.isFinite(value) ? value : 0;
  },

  inJson: (column) =>
    sql`iif(typeof(${column}) IN ('integer', 'real') AND abs(${column}) < 9e999, json_quote(${column}), '0')`,

  input: (control) => {
    const { field } = control;
    const text = shownNumber(control);
    return (
      <TypedInput
        {...marks(control)}
        type="number"
        shows={text === "" || isBrowserNumber(text)}
        name={field.name}
        inputmode={field.onlyInt && field.min !== null && field.min >= 0 ? "numeric" : "decimal"}
        required={field.required}
        min={field.min ?? undefined}
        max={field.max ?? undefined}
        step={field.onlyInt ? 1 : "any"}
        value={text}
      />
    );
  },

  cell: (value) => String(value),
  show: (value, _, { language }) => (typeof value === "number" ? shownIn(language, value) : ""),

  examples: [
    {
      options: { min: -2, max: 10 },
      good: 1.5,
      form: { "": [" 1.50 "] },
      modified: [
        ["name+", 2, 1, 3],
        ["name+", 0, " 1.50 ", 1.5],
        ["name-", 2, 5, -3],
        ["name-", 2, -5, 7],
      ],
      bad: [
        [-3, "validation_min_number_constraint"],
        [11, "validation_max_number_constraint"],
        ["abc", "validation_not_a_number"],
        ["1,5", "validation_not_a_number"],
        ["0x10", "validation_not_a_number"],
        ["Infinity", "validation_not_a_number"],
        ["1e999", "validation_not_a_number"],
        ["12345678901234567890", "validation_not_a_number"],
        [[1], "validation_not_a_number"],
        [Number.NaN, "validation_not_a_number"],
      ],
    },
    { options: { onlyInt: true }, good: -40, form: { "": ["-40"] }, bad: [[1.5, "validation_only_int_constraint"]] },
  ],
});

/** Without groups of thousands: years and postal codes have none. */
function shownIn(language: Language, value: number): string {
  return value.toLocaleString(language, { useGrouping: false, maximumSignificantDigits: 17 });
}

function read(raw: unknown): NumberReading {
  if (raw === null || raw === undefined) return { value: 0 };
  if (typeof raw === "boolean") return { value: raw ? 1 : 0 };
  if (typeof raw === "string") return fromText(raw.trim());
  if (typeof raw === "number" && Number.isFinite(raw)) return { value: raw + 0 };
  return { value: 0, problem: problem("validation_not_a_number") };
}

function fromText(text: string): NumberReading {
  if (text === "") return { value: 0 };
  const value = exactNumber(text);
  return value === undefined ? { value: 0, problem: problem("validation_not_a_number") } : { value };
}

function rangeProblem(value: Json, { min, max, onlyInt }: NumberOptions): Problem | undefined {
  if (typeof value !== "number" || !Number.isFinite(value)) return problem("validation_not_a_number");
  if (onlyInt && !Number.isInteger(value)) return problem("validation_only_int_constraint");
  if (min !== null && value < min) return problem("validation_min_number_constraint", { min });
  if (max !== null && value > max) return problem("validation_max_number_constraint", { max });
  return undefined;
}

function wholeProblem(limit: number | null, onlyInt: boolean): Problem | undefined {
  return onlyInt && limit !== null && !Number.isInteger(limit) ? problem("validation_only_int_constraint") : undefined;
}

/** A 0 that the field itself would refuse is a field nobody has filled in yet. */
function shownNumber({ sent, value, field }: Control<typeof Options>): string {
  if (sent) return line(sent);
  const blank = value === 0 && (field.required || rangeProblem(0, field) !== undefined);
  return blank || typeof value !== "number" ? "" : String(value);
}
