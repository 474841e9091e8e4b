import { type Problem, problem } from "../lib/errors.ts";
import type { Value } from "../store/sql.ts";
import type { ColumnShape, Control, Json, Reading, Sent } from "./field.ts";

/** What all types have in common whose value is one string in a TEXT column. */
export const asText = {
  column: () => ({ type: "TEXT", default: "''" }),
  shape: (): ColumnShape => "scalar",
  zero: () => "",
  fromForm: (sent: Sent): Reading => ({ value: line(sent) }),
  fromJson: (raw: unknown): Reading => readString(raw),
  toColumn: (value: Json): Value => string(value),
  fromColumn: (stored: Value): Json => storedString(stored),
  cell: (value: Json) => oneLine(string(value)),
};

/** Numbers and truth values become the text that JSON has for them; lists and objects are no text. */
export function readString(raw: unknown): Reading {
  if (raw === null || raw === undefined) return { value: "" };
  if (typeof raw === "string") return { value: raw };
  if (typeof raw === "number" || typeof raw === "boolean") return { value: String(raw) };
  return { value: "", problem: problem("validation_invalid_value") };
}

/** The last string that was sent, with the line ends of the text, not of the wire. */
export function line(sent: Sent, part?: string): string {
  return (sent(part).at(-1) ?? "").replace(/\r\n?/g, "\n");
}

export function string(value: Json): string {
  return typeof value === "string" ? value : "";
}

function storedString(stored: Value): string {
  if (typeof stored === "string") return stored;
  return stored === null || stored instanceof Uint8Array ? "" : String(stored);
}

/** What a control shows: what was typed, or the value. */
export function shown({ sent, value }: Control): string {
  return sent ? line(sent) : string(value);
}

/** A text in one line, short enough for a table. */
export function oneLine(text: string): string {
  const short = text.slice(0, 400).replace(/\s+/g, " ").trim();
  return text.length > 400 || short.length > 200 ? [...short].slice(0, 200).join("") + "…" : short;
}

export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

export function bytes(text: string): number {
  return Buffer.byteLength(text);
}

/**
 * Texts that databases cannot keep: with NUL (SQLite compares only what is before it) or with half a character, which
 * would come back as another one.
 */
export function unstorable(text: string): Problem | undefined {
  return text.includes("\0") || !text.isWellFormed() ? problem("validation_invalid_value") : undefined;
}

export function lengthProblem(text: string, min: number, max: number): Problem | undefined {
  // A character has two units at most: what is far too long need not be counted.
  const length = text.length > 2 * max ? text.length : characters(text);
  if (length < min) return problem("validation_min_text_constraint", { min });
  if (length > max) return problem("validation_max_text_constraint", { max });
  return undefined;
}
