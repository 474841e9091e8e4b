/** @jsxImportSource preact */
import { Type } from "@sinclair/typebox";
import { type Problem, problem, type Problems } from "../lib/errors.ts";
import { Choose, Tick } from "./choices.tsx";
import { defineField } from "./field.ts";
import { atLeast, atMost, gather } from "./bounds.ts";
import { asList, chosen, isList, unpack } from "./lists.ts";

export const select = defineField({
  type: "select",
  options: Type.Object({
    values: Type.Array(Type.String(), { default: [] }),
    /** 0 and 1: a single string. */
    maxSelect: Type.Integer({ default: 0 }),
  }),
  ...asList,

  optionProblems: ({ values, maxSelect }) =>
    gather({
      values: values.length === 0 ? problem("validation_required") : wrongValues(values),
      maxSelect: atLeast(maxSelect, 0) ?? atMost(maxSelect, Math.max(1, values.length)),
    }),

  value: (field) => {
    const known = Type.Union(field.values.map((value) => Type.Literal(value)));
    return isList(field) ? Type.Array(known) : Type.Union([Type.Literal(""), known]);
  },

  problems: (value, field) => {
    const items = unpack(value);
    const maxSelect = Math.max(1, field.maxSelect);
    if (items.length > maxSelect) return problem("validation_too_many_values", { maxSelect });
    return items.every((item) => field.values.includes(item)) ? undefined : problem("validation_invalid_value");
  },

  several: isList,

  input: ({ field, sent, value, ...group }) => {
    const choosing = {
      ...group,
      name: field.name,
      choices: field.values.map((it) => [it, it] as const),
      chosen: chosen(sent, value),
    };
    return isList(field) ? <Tick {...choosing} /> : <Choose {...choosing} required={field.required} />;
  },

  examples: [
    {
      options: { values: ["red", "green"] },
      good: "green",
      form: { "": ["green"] },
      modified: [
        ["name+", "red", "green", "green"],
        ["name-", "red", "red", ""],
        ["name-", "red", "green", "red"],
      ],
      bad: [
        ["blue", "validation_invalid_value"],
        [{}, "validation_invalid_value"],
      ],
    },
    {
      options: { values: ["red", "green", "blue"], maxSelect: 2 },
      good: ["green", "red"],
      form: { "": ["", "green", "red", "green"] },
      modified: [
        ["name+", ["red"], "green", ["red", "green"]],
        ["name+", ["red", "green"], ["red"], ["red", "green"]],
        ["+name", ["red", "green"], ["green"], ["green", "red"]],
        ["name-", ["red", "green"], ["red", "pink"], ["green"]],
        ["name-", ["red"], [], ["red"]],
      ],
      bad: [
        [["red", "green", "blue"], "validation_too_many_values"],
        [["pink"], "validation_invalid_value"],
        [[["red"]], "validation_invalid_value"],
      ],
    },
  ],
});

function wrongValues(values: readonly string[]): Problems | undefined {
  const wrong = values.map((value, n): [string, Problem | undefined] => [
    String(n),
    value === ""
      ? problem("validation_required")
      : values.indexOf(value) < n
        ? problem("validation_not_unique")
        : undefined,
  ]);
  const problems = gather(Object.fromEntries(wrong));
  return Object.keys(problems).length > 0 ? problems : undefined;
}
