/** @jsxImportSource preact */
import { Type } from "@sinclair/typebox";
import { marks, maxlength } from "../html/index.ts";
import { problem } from "../lib/errors.ts";
import { hashPassword } from "../lib/passwords.ts";
import { defineField } from "./field.ts";
import { atLeast, atMost, gather } from "./bounds.ts";
import { browserPattern, isPattern, matches } from "./matcher.ts";
import { asText, lengthProblem, string, unstorable } from "./strings.ts";

/** What PocketBase allows, so that people who move in keep their limits; counted in characters, since argon2id cuts nothing off. */
const longest = 71;

/** A secret: what is sent is the password, what is stored its hash, and nothing is ever answered or drawn. */
export const password = defineField({
  type: "password",
  options: Type.Object({
    min: Type.Integer({ default: 0 }),
    /** Characters; 0 means 71. */
    max: Type.Integer({ default: 0 }),
    pattern: Type.String({ default: "" }),
    /** Of bcrypt; kept for those who move in, of no effect on argon2id. */
    cost: Type.Integer({ default: 0 }),
  }),
  ...asText,

  optionProblems: ({ min, max, pattern, cost }) =>
    gather({
      min: atLeast(min, 0) ?? atMost(min, longest),
      max: (max === 0 ? undefined : atLeast(max, Math.max(0, min))) ?? atMost(max, longest),
      pattern: pattern === "" || isPattern(pattern) ? undefined : problem("validation_invalid_regex"),
      cost: cost === 0 ? undefined : (atLeast(cost, 4) ?? atMost(cost, 31)),
    }),

  value: () => Type.String(),

  /** Looks at a password, never at a hash: call it before `seal`. */
  problems: (value, { min, max, pattern }) => {
    const plain = string(value);
    if (plain === "") return undefined;
    const wrong = unstorable(plain) ?? lengthProblem(plain, min, max || longest);
    if (wrong) return wrong;
    return pattern && !matches(pattern, plain) ? problem("validation_invalid_format") : undefined;
  },

  seal: async (value) => (string(value) === "" ? "" : hashPassword(string(value))),

  input: (control) => {
    const { field } = control;
    return (
      <input
        {...marks(control)}
        type="password"
        name={field.name}
        required={field.required}
        minlength={field.min || undefined}
        maxlength={maxlength(field.max || longest)}
        pattern={browserPattern(field.pattern)}
        autocomplete="new-password"
      />
    );
  },

  cell: () => "",

  examples: [
    {
      options: { min: 8, pattern: "\\d" },
      good: "pässword 1",
      form: { "": ["pässword 1"] },
      bad: [
        ["short1", "validation_min_text_constraint"],
        ["1".repeat(72), "validation_max_text_constraint"],
        ["no digits here", "validation_invalid_format"],
        ["12345678\0", "validation_invalid_value"],
        [["12345678"], "validation_invalid_value"],
      ],
    },
  ],
});
