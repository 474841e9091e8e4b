/** @jsxImportSource preact */
import { Type } from "@sinclair/typebox";
import { marks, textareaText } from "../html/index.ts";
import { problem } from "../lib/errors.ts";
import { deepest, everything, isObject, parseJson } from "../lib/json.ts";
import { sql } from "../store/sql.ts";
import { exactNumber } from "./decimals.ts";
import { defineField, type Json, type Reading } from "./field.ts";
import { atLeast, gather } from "./bounds.ts";
import { bytes, line, oneLine } from "./strings.ts";

const defaultMaxSize = 1 << 20;

/**
 * Any JSON. The column has NUMERIC affinity in SQLite, which would turn JSON text that looks like a number into one, so
 * numbers are stored as numbers and everything else as JSON text (a string in its quotes, which no affinity touches);
 * null is NULL. Numbers are doubles, as in JavaScript: `1.0` comes back as `1`. A number typed or sent as text that no double
 * can hold (`12345678901234567890`) stays the string it was.
 */
export const json = defineField({
  type: "json",
  options: Type.Object({
    /** Bytes of the JSON text; 0 means 1 MB. */
    maxSize: Type.Integer({ default: 0 }),
  }),
  optionProblems: ({ maxSize }) => gather({ maxSize: atLeast(maxSize, 0) }),
  column: () => ({ type: "JSON", default: "NULL" }),
  shape: () => "json",

  value: () => Type.Unknown(),
  weight: ({ maxSize }) => maxSize || defaultMaxSize,
  spacious: true,
  zero: () => null,

  fromForm: (sent, field) => {
    const text = line(sent).trim();
    if (text === "") return { value: null };
    const reading = fromText(text, field);
    return /^[[{"]/.test(text) && reading.value === text
      ? { value: null, problem: problem("validation_invalid_json") }
      : reading;
  },

  /** Strings are read as PocketBase's clients expect: `"true"`, `"5"`, `"[1]"` are what they say, other texts are strings. */
  fromJson: (raw, field) => {
    if (raw === undefined) return { value: null };
    if (typeof raw === "string") return fromText(raw, field);
    return isJson(raw, 0) ? { value: raw } : { value: null, problem: problem("validation_invalid_json") };
  },

  problems: (value, field) => {
    if (!isJson(value, 0)) return problem("validation_invalid_json");
    const maxSize = field.maxSize || defaultMaxSize;
    const text = JSON.stringify(value);
    if (bytes(text) > maxSize) return problem("validation_json_size_limit", { maxSize });
    return field.required && ["null", '""', "[]", "{}"].includes(text) ? problem("validation_required") : undefined;
  },

  toColumn: (value) => {
    if (value === null || typeof value === "number") return value;
    return JSON.stringify(value);
  },

  fromColumn: (stored) => {
    if (typeof stored === "bigint") return Number(stored);
    if (stored instanceof Uint8Array) return null;
    if (typeof stored !== "string") return stored;
    const parsed = parseJson(stored, everything);
    return parsed && isJson(parsed.value, 0) ? parsed.value : stored;
  },

  inJson: (column) =>
    sql`CASE WHEN typeof(${column}) IN ('null', 'blob') THEN 'null' WHEN typeof(${column}) = 'text' AND json_valid(${column})
             THEN ${column} ELSE json_quote(${column}) END`,

  /** Without `maxlength`: the limit is that of the value, which may be written with any amount of space. */
  input: (control) => (
    <textarea
      {...marks(control)}
      name={control.field.name}
      required={control.field.required}
      rows={8}
      dir="ltr"
      spellcheck={false}
      autocomplete="off"
    >
      {textareaText(control.sent ? line(control.sent) : pretty(control.value))}
    </textarea>
  ),

  cell: (value) => cell(value),
  show: (value, _, { whole }) => (whole && value !== null ? <code dir="ltr">{pretty(value)}</code> : cell(value)),

  examples: [
    {
      options: { maxSize: 60 },
      good: { a: [1, "zwei", null, true] },
      form: { "": ['{ "a": [1, "zwei", null, true] }'] },
      bad: [
        ["x".repeat(60), "validation_json_size_limit"],
        [Number.POSITIVE_INFINITY, "validation_invalid_json"],
        [{ a: Number.NaN }, "validation_invalid_json"],
        [nested(501), "validation_invalid_json"],
        [{ a: "\0" }, "validation_invalid_json"],
      ],
    },
    { options: {}, good: "12345678901234567890", form: { "": ["12345678901234567890"] } },
    { options: {}, good: 1, form: { "": ["1.0"] } },
    { options: {}, good: "hello", form: { "": ["hello"] } },
    { options: {}, good: false, form: { "": ["false"] } },
    {
      options: { required: true },
      good: 0.1,
      form: { "": ["0.1"] },
      bad: [
        [{}, "validation_required"],
        [[], "validation_required"],
      ],
    },
  ],
});

function fromText(text: string, { maxSize }: { readonly maxSize: number }): Reading {
  // What is far too long, however much space is in it, need not be understood to be refused.
  if (text.length > 4 * (maxSize || defaultMaxSize)) return { value: text };
  if (/^[-\d]/.test(text) && parseJson(text)) return { value: exactNumber(text) ?? text };
  const parsed = /^([[{"]|(true|false|null)$)/.test(text) ? parseJson(text) : undefined;
  return { value: parsed && isJson(parsed.value, 0) ? parsed.value : text };
}

/** JSON that can be stored: no deeper than SQLite reads, no NUL (which PostgreSQL refuses), no numbers that JSON has no word for. */
function isJson(it: unknown, depth: number): it is Json {
  if (it === null || typeof it === "boolean") return true;
  if (typeof it === "string") return !it.includes("\0");
  if (typeof it === "number") return Number.isFinite(it);
  if (depth >= deepest) return false;
  if (Array.isArray(it)) return it.every((item) => isJson(item, depth + 1));
  return isObject(it) && Object.entries(it).every(([key, item]) => !key.includes("\0") && isJson(item, depth + 1));
}

function cell(value: Json): string {
  return value === null ? "" : oneLine(typeof value === "string" ? value : JSON.stringify(value));
}

function pretty(value: Json): string {
  return value === null ? "" : JSON.stringify(value, null, 2);
}

function nested(depth: number): Json {
  let value: Json = 1;
  for (let n = 0; n < depth; n++) value = [value];
  return value;
}
