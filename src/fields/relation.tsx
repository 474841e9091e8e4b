/** @jsxImportSource preact */
import { Type } from "@sinclair/typebox";
import { marksOf } from "../html/index.ts";
import { problem } from "../lib/errors.ts";
import { Choose, Tick } from "./choices.tsx";
import { defineField } from "./field.ts";
import { atLeast, gather } from "./bounds.ts";
import { asList, chosen, isList, unpack, unstorableItem } from "./lists.ts";

const longestId = 255;
/** How many inputs are drawn for ids when there are no choices to tick. */
const mostInputs = 20;

/** Ids of records of another collection. Whether they exist is asked where they are written. */
export const relation = defineField({
  type: "relation",
  options: Type.Object({
    collectionId: Type.String({ default: "" }),
    /** The record goes when the one it points at goes. */
    cascadeDelete: Type.Boolean({ default: false }),
    minSelect: Type.Integer({ default: 0 }),
    /** 0 and 1: a single id. */
    maxSelect: Type.Integer({ default: 0 }),
  }),
  ...asList,

  optionProblems: ({ collectionId, minSelect, maxSelect }) =>
    gather({
      collectionId: collectionId === "" ? problem("validation_required") : undefined,
      minSelect: atLeast(minSelect, 0),
      maxSelect:
        minSelect > 0 && maxSelect === 0 ? problem("validation_required") : atLeast(maxSelect, Math.max(0, minSelect)),
    }),

  target: (field) => field.collectionId,
  value: (field) => (isList(field) ? Type.Array(Type.String()) : Type.String()),

  problems: (value, { minSelect, maxSelect }) => {
    const ids = unpack(value);
    const most = Math.max(1, maxSelect);
    if (ids.length === 0) return undefined;
    if (ids.length < minSelect) return problem("validation_not_enough_values", { minSelect });
    if (ids.length > most) return problem("validation_too_many_values", { maxSelect: most });
    const wrong = unstorableItem(ids) ?? ids.find((id) => id.length > longestId);
    return wrong === undefined ? undefined : problem("validation_missing_rel_records");
  },

  several: isList,

  input: ({ field, sent, value, choices, ...group }) => {
    const choosing = { ...group, name: field.name, chosen: chosen(sent, value) };
    if (choices && isList(field)) return <Tick {...choosing} choices={choices} />;
    if (choices) return <Choose {...choosing} choices={choices} required={field.required} />;
    const blank = isList(field) && choosing.chosen.length < Math.min(field.maxSelect, mostInputs);
    const ids = blank || choosing.chosen.length === 0 ? [...choosing.chosen, ""] : choosing.chosen;
    return (
      <>
        {ids.map((id, n) => (
          <input
            key={n}
            {...marksOf(n, group)}
            type="text"
            dir="auto"
            name={field.name}
            required={field.required && n === 0}
            maxlength={longestId}
            autocomplete="off"
            spellcheck={false}
            value={id}
          />
        ))}
      </>
    );
  },

  examples: [
    {
      options: { collectionId: "pbc_1" },
      good: "abc123def456ghi",
      form: { "": ["abc123def456ghi"] },
      bad: [
        [{}, "validation_invalid_value"],
        ["x".repeat(256), "validation_missing_rel_records"],
        ["a\0b", "validation_missing_rel_records"],
      ],
    },
    {
      options: { collectionId: "pbc_1", minSelect: 2, maxSelect: 3 },
      good: ["b", "a"],
      form: { "": ["", "b", "a", "b"] },
      modified: [["name+", ["b"], "a", ["b", "a"]]],
      bad: [
        [["a"], "validation_not_enough_values"],
        [["a", "b", "c", "d"], "validation_too_many_values"],
      ],
    },
  ],
});
