/** @jsxImportSource preact */
import { Type } from "@sinclair/typebox";
import { marks } from "../html/index.ts";
import { type Problem, problem, type Problems } from "../lib/errors.ts";
import { Tick } from "./choices.tsx";
import { defineField } from "./field.ts";
import { atLeast, gather } from "./bounds.ts";
import { asList, chosen, isList, unpack, unstorableItem } from "./lists.ts";
import { characters } from "./strings.ts";

const defaultMaxSize = 5 << 20;
const Names = Type.Union([Type.Null(), Type.Array(Type.String())], { default: null });

/**
 * Names of stored files. `problems` sees only the value; that no name is new is what `change` says, since a name that
 * somebody sends is no file. Uploads get their names after that.
 */
export const file = defineField({
  type: "file",
  options: Type.Object({
    /** 0 and 1: a single name. */
    maxSelect: Type.Integer({ default: 0 }),
    /** Bytes of one file; 0 means 5 MB. */
    maxSize: Type.Integer({ default: 0 }),
    /** `null` and none: any. */
    mimeTypes: Names,
    /** `100x50`, `100x50t` (top), `b` (bottom), `f` (fit), `0x50`, `100x0`. */
    thumbs: Names,
    protected: Type.Boolean({ default: false }),
  }),
  ...asList,

  optionProblems: ({ maxSelect, maxSize, thumbs }) =>
    gather({ maxSelect: atLeast(maxSelect, 0), maxSize: atLeast(maxSize, 0), thumbs: wrongThumbs(thumbs ?? []) }),

  value: (field) => (isList(field) ? Type.Array(Type.String()) : Type.String()),

  problems: (value, field) => {
    const names = unpack(value);
    const maxSelect = Math.max(1, field.maxSelect);
    if (names.length > maxSelect) return problem("validation_too_many_files", { maxSelect });
    return unstorableItem(names) ?? invalidFiles(names.filter((name) => !isFileName(name)));
  },

  change: (value, stored) => {
    const known = unpack(stored);
    return invalidFiles(unpack(value).filter((name) => !known.includes(name)));
  },

  uploads: true,
  weight: ({ maxSize, maxSelect }) => (maxSize || defaultMaxSize) * Math.max(1, maxSelect),

  /** Files that are there already are boxes: ticked ones stay. */
  input: ({ field, sent, value, ...group }) => {
    const kept = unpack(value);
    return (
      <>
        <input
          {...marks(group)}
          type="file"
          name={field.name}
          required={field.required && kept.length === 0}
          multiple={isList(field)}
          accept={field.mimeTypes?.join(",") || undefined}
        />
        {kept.length > 0 && (
          <Tick
            id={`${group.id}-kept`}
            name={field.name}
            choices={kept.map((name) => [name, name] as const)}
            chosen={chosen(sent, value).filter((name) => kept.includes(name))}
          />
        )}
      </>
    );
  },

  examples: [
    {
      options: {},
      good: "photo_k2j4h5k2j4.jpg",
      form: { "": ["photo_k2j4h5k2j4.jpg"] },
      bad: [
        ["../secret", "validation_invalid_file"],
        [".env", "validation_invalid_file"],
        ["a\\b.txt", "validation_invalid_file"],
        ["x".repeat(151), "validation_invalid_file"],
        ["a\0.txt", "validation_invalid_value"],
        [{}, "validation_invalid_value"],
      ],
    },
    {
      options: { maxSelect: 2 },
      good: ["a_1.txt", "b_2.txt"],
      form: { "": ["", "a_1.txt", "b_2.txt"] },
      modified: [["name-", ["a_1.txt", "b_2.txt"], "a_1.txt", ["b_2.txt"]]],
      bad: [[["a.txt", "b.txt", "c.txt"], "validation_too_many_files"]],
    },
  ],
});

function isFileName(name: string): boolean {
  return /^[^./\\\p{Cc}][^/\\\p{Cc}]*$/u.test(name) && characters(name) <= 150;
}

function invalidFiles(names: readonly string[]): Problem | undefined {
  if (names.length === 0) return undefined;
  return problem("validation_invalid_file", { invalidFiles: names.join(", ").slice(0, 250).toWellFormed() });
}

function wrongThumbs(thumbs: readonly string[]): Problems | undefined {
  const wrong = thumbs.map((thumb, n): [string, Problem | undefined] => {
    if (/^0x0[tbf]?$/.test(thumb)) return [String(n), problem("validation_not_in_invalid")];
    return [String(n), /^\d{1,5}x\d{1,5}[tbf]?$/.test(thumb) ? undefined : problem("validation_match_invalid")];
  });
  const problems = gather(Object.fromEntries(wrong));
  return Object.keys(problems).length > 0 ? problems : undefined;
}
