/** @jsxImportSource preact */
import { Type } from "@sinclair/typebox";
import { marks } from "../html/index.ts";
import { type Problem, problem, type Problems } from "../lib/errors.ts";
import { Tick } from "./choices.tsx";
import { defineField } from "./field.ts";
import { atLeast, gather } from "./bounds.ts";
import { acceptsMime } from "./mime-types.ts";
import { asList, chosen, isList, unpack, unstorableItem } from "./lists.ts";
import { sentence } from "../phrases/index.ts";
import { characters, oneLine } from "./strings.ts";

const defaultMaxSize = 5 << 20;
const Names = Type.Union([Type.Null(), Type.Array(Type.String())], { default: null });

/**
 * Names of stored files. `problems` sees only the value; that a new name is that of an upload, and one which the field takes, is what
 * `change` says, since a name that somebody sends is no file.
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

  change: (value, stored, { maxSize, mimeTypes }, uploads = new Map()) => {
    const known = unpack(stored);
    const fresh = unpack(value).filter((name) => !known.includes(name));
    const unknown = invalidFiles(fresh.filter((name) => !uploads.has(name)));
    if (unknown) return unknown;
    const most = maxSize || defaultMaxSize;
    const types = mimeTypes ?? [];
    for (const name of fresh) {
      const upload = uploads.get(name);
      if (!upload) continue;
      const file = upload.filename.slice(0, 100).toWellFormed();
      if (upload.size > most) return problem("validation_file_size_limit", { file, maxSize: most });
      if (!acceptsMime(types, upload.mime)) {
        return problem("validation_invalid_mime_type", { file, mimeTypes: types.join(", ") });
      }
    }
    return undefined;
  },

  uploads: true,
  weight: ({ maxSize, maxSelect }) => (maxSize || defaultMaxSize) * Math.max(1, maxSelect),
  spacious: true,

  show: (value, _, { files }) => {
    const names = unpack(value);
    if (files === undefined || names.length === 0) return oneLine(names.join(", "));
    return (
      <>
        {names.map((name, at) => (
          <>
            {at > 0 ? ", " : null}
            <a key={name} href={`${files}/${encodeURIComponent(name)}`}>
              {name}
            </a>
          </>
        ))}
      </>
    );
  },

  /** Files that are there already are boxes: ticked ones stay, and new ones come after them. */
  input: ({ field, sent, value, language = "en", kept = [], ...group }) => {
    const stored = unpack(value);
    return (
      <>
        {stored.length > 0 && (
          <Tick
            id={`${group.id}-stored`}
            name={field.name}
            choices={stored.map((name) => [name, name] as const)}
            chosen={chosen(sent, value).filter((name) => stored.includes(name))}
          />
        )}
        {kept.map(({ id, filename }) => (
          <p key={id} class="kept">
            {sentence(language, "page_file_kept", { filename })}{" "}
            <label class="choice">
              <input type="checkbox" name="_draft_remove" value={id} />{" "}
              {sentence(language, "page_file_unwanted", { filename })}
            </label>
          </p>
        ))}
        <input
          {...marks(group)}
          type="file"
          name={field.name}
          required={field.required && stored.length === 0 && kept.length === 0}
          multiple={isList(field)}
          accept={field.mimeTypes?.join(",") || undefined}
        />
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
