/** @jsxImportSource preact */
import { Type } from "@sinclair/typebox";
import { marks, maxlength, textareaText } from "../html/index.ts";
import { type Problem, problem } from "../lib/errors.ts";
import { autocompleteOf } from "./autocomplete.ts";
import { defineField, type Field } from "./field.ts";
import { generatorOf } from "./generator.ts";
import { gather, lengthLimits } from "./bounds.ts";
import { browserPattern, isPattern, matches } from "./matcher.ts";
import { asText, lengthProblem, readString, shown, string, unstorable } from "./strings.ts";

const Options = Type.Object({
  /** Characters; 0 is no limit. */
  min: Type.Integer({ default: 0 }),
  /** Characters; 0 means 5,000. */
  max: Type.Integer({ default: 0 }),
  /** Must match somewhere in the value. */
  pattern: Type.String({ default: "" }),
  /** What a new record gets when nothing was sent. */
  autogeneratePattern: Type.String({ default: "" }),
  primaryKey: Type.Boolean({ default: false }),
  /** Ours: several lines, so the control is a textarea. */
  multiline: Type.Boolean({ default: false }),
});
type TextField = Field<typeof Options>;

const defaultMax = 5000;

export const text = defineField({
  type: "text",
  options: Options,
  ...asText,

  optionProblems: (field) =>
    gather({
      ...lengthLimits(field.min, field.max),
      pattern: patternProblem(field),
      autogeneratePattern: autogenerateProblem(field),
      required: field.primaryKey && !field.required ? problem("validation_required") : undefined,
      hidden: field.primaryKey && field.hidden ? problem("validation_empty") : undefined,
    }),

  value: (field) => Type.String(field.help ? { description: field.help } : {}),
  weight: ({ max }) => 4 * (max || defaultMax),

  problems: (value, field) => {
    const it = string(value);
    return it === ""
      ? undefined
      : (unstorable(it) ?? (field.primaryKey ? keyProblem(it) : undefined) ?? limits(it, field));
  },

  change: (value, stored, field) =>
    field.primaryKey && stored !== "" && value !== stored ? problem("validation_pk_change") : undefined,

  fill: (when, field) =>
    when === "create" && field.autogeneratePattern ? generatorOf(field.autogeneratePattern)?.() : undefined,

  /** What is sent comes before what is made. */
  modify: (modifier, sent, { autogeneratePattern }) => {
    if (modifier !== "name:autogenerate") return undefined;
    const { value, problem } = readString(sent);
    const made = value + (generatorOf(autogeneratePattern)?.() ?? "");
    return { ...(problem ? { problem } : {}), apply: () => made };
  },

  input: (control) => {
    const { field } = control;
    const shared = {
      ...marks(control),
      name: field.name,
      required: field.required,
      minlength: field.min || undefined,
      maxlength: maxlength(field.max || defaultMax),
      dir: "auto" as const,
      ...autocompleteOf(field.name),
    };
    const value = shown(control);
    // An input drops line ends, so a text that has some is never drawn as one.
    if (field.multiline || value.includes("\n")) {
      return (
        <textarea {...shared} rows={6}>
          {textareaText(value)}
        </textarea>
      );
    }
    return <input type="text" {...shared} pattern={browserPattern(field.pattern)} value={value} />;
  },

  examples: [
    {
      options: { min: 2, max: 6, pattern: "^[a-zä😀]+$" },
      good: "häus😀",
      form: { "": ["häus😀"] },
      bad: [
        ["h", "validation_min_text_constraint"],
        ["häusern", "validation_max_text_constraint"],
        ["Haus", "validation_invalid_format"],
        ["ab\0", "validation_invalid_value"],
        ["ab\ud800", "validation_invalid_value"],
        [{ a: 1 }, "validation_invalid_value"],
        [["a"], "validation_invalid_value"],
      ],
    },
    {
      options: {},
      good: "one\ntwo",
      form: { "": ["one\r\ntwo"] },
      bad: [["x".repeat(5001), "validation_max_text_constraint"]],
    },
    { options: {}, good: '{"a":1}', form: { "": ['{"a":1}'] } },
    {
      options: { autogeneratePattern: "x{3}" },
      good: "post",
      form: { "": ["post"] },
      modified: [
        ["name:autogenerate", "post", "new-", "new-xxx"],
        ["name:autogenerate", "post", "", "xxx"],
      ],
    },
    {
      options: { primaryKey: true, required: true, pattern: ".", max: 20 },
      good: "my-key_1",
      form: { "": ["my-key_1"] },
      bad: [
        ["../etc", "validation_forbidden_pk_character"],
        ["nul", "validation_reserved_pk"],
      ],
    },
  ],
});

function limits(value: string, field: TextField): Problem | undefined {
  const wrong = lengthProblem(value, field.min, field.max || defaultMax);
  if (wrong) return wrong;
  return field.pattern && !matches(field.pattern, value) ? problem("validation_invalid_format") : undefined;
}

function patternProblem({ pattern, primaryKey }: TextField): Problem | undefined {
  if (pattern === "") return primaryKey ? problem("validation_required") : undefined;
  return isPattern(pattern) ? undefined : problem("validation_invalid_regex");
}

/** Ten texts are made and checked, so that a pattern that does not fit the other options shows now, not at night. */
function autogenerateProblem(field: TextField): Problem | undefined {
  const pattern = field.autogeneratePattern;
  if (!pattern) return undefined;
  if (!isPattern(pattern)) return problem("validation_invalid_regex");
  const generate = generatorOf(pattern);
  if (!generate) return problem("validation_invalid_autogenerate_pattern");
  const made = Array.from({ length: 10 }, generate).find((value) => text.problems(value, field) || value === "");
  return made === undefined ? undefined : problem("validation_invalid_autogenerate_pattern_value", { value: made });
}

/** A key may become the name of a folder, on any system. */
function keyProblem(key: string): Problem | undefined {
  const character = /[./\\|"'`<>:?*%$\s\p{Cc}]/u.exec(key)?.[0];
  if (character) return problem("validation_forbidden_pk_character", { character });
  const reserved = /^(con|prn|aux|nul|(com|lpt)\d)$/i.exec(key)?.[0];
  return reserved ? problem("validation_reserved_pk", { reserved }) : undefined;
}
