/** @jsxImportSource preact */
import { Type } from "@sinclair/typebox";
import { marks, textareaText } from "../html/index.ts";
import { problem } from "../lib/errors.ts";
import { defineField } from "./field.ts";
import { atLeast, gather } from "./bounds.ts";
import { asText, bytes, oneLine, shown, string, unstorable } from "./strings.ts";

const defaultMaxSize = 5 << 20;

/** HTML that people wrote. It is stored as it came; whoever prints it as HTML sanitises it. */
export const editor = defineField({
  type: "editor",
  options: Type.Object({
    /** Bytes; 0 means 5 MB. */
    maxSize: Type.Integer({ default: 0 }),
    convertURLs: Type.Boolean({ default: false }),
  }),
  ...asText,
  optionProblems: ({ maxSize }) => gather({ maxSize: atLeast(maxSize, 0) }),

  value: () => Type.String(),
  weight: ({ maxSize }) => maxSize || defaultMaxSize,

  problems: (value, field) => {
    const maxSize = field.maxSize || defaultMaxSize;
    const html = string(value);
    return bytes(html) > maxSize ? problem("validation_content_size_limit", { maxSize }) : unstorable(html);
  },

  /** Every UTF-16 unit takes a byte or more, so `maxlength` never stops what the server would take. */
  input: (control) => (
    <textarea
      {...marks(control)}
      name={control.field.name}
      required={control.field.required}
      maxlength={control.field.maxSize || defaultMaxSize}
      rows={12}
    >
      {textareaText(shown(control))}
    </textarea>
  ),

  cell: (value) => oneLine(string(value).replace(/<[^>]*>/g, " ")),

  examples: [
    {
      options: { maxSize: 20 },
      good: "<p>Hi</p>\n<p>ü</p>",
      form: { "": ["<p>Hi</p>\r\n<p>ü</p>"] },
      bad: [
        ["ü".repeat(11), "validation_content_size_limit"],
        ["a\0b", "validation_invalid_value"],
        [{}, "validation_invalid_value"],
      ],
    },
  ],
});
