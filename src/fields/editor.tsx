/** @jsxImportSource preact */
import { Type } from "@sinclair/typebox";
import { marks, textareaText } from "../html/index.ts";
import { problem } from "../lib/errors.ts";
import { defineField } from "./field.ts";
import { atLeast, gather } from "./bounds.ts";
import { asText, bytes, oneLine, shown, string, unstorable } from "./strings.ts";

const defaultMaxSize = 5 << 20;
/** Characters of HTML in which what fits a table is found. */
const glance = 2000;

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
  spacious: true,

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
      dir="auto"
      maxlength={control.field.maxSize || defaultMaxSize}
      rows={12}
    >
      {textareaText(shown(control))}
    </textarea>
  ),

  cell: (value) => oneLine(string(value).replace(/<[^<>]*>/g, " ")),
  show: (value, _, { whole }) => (whole ? plain(string(value)) : oneLine(plain(string(value).slice(0, glance)))),

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

const entities: Readonly<Record<string, string>> = { nbsp: " ", lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

/** What the HTML says, as text: a line for each block, nothing of what runs. No expression looks further than the next `<`. */
function plain(html: string): string {
  return html
    .replace(/<(script|style)\b[^<>]*>[^<]*(<\/\1\s*>)?/gi, " ")
    .replace(/\s+/g, " ")
    .replace(/<(br|\/(p|div|li|tr|h[1-6]|blockquote|pre))\b[^<>]*> ?/gi, "\n")
    .replace(/<[^<>]*>/g, "")
    .replace(/&(#\d{1,7}|\w{1,6});/g, (whole, name: string) => entities[name] ?? character(name) ?? whole)
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function character(name: string): string | undefined {
  const code = Number(name.slice(1));
  return name.startsWith("#") && code > 31 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
