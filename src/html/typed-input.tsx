/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { MarkAttributes } from "./attributes.ts";

interface TypedInputProps extends MarkAttributes {
  readonly type: "number" | "datetime-local";
  /** Whether the browser can show the value as this type; it blanks what it cannot. */
  readonly shows: boolean;
  readonly name: string;
  readonly value: string;
  readonly required: boolean;
  readonly min?: number | string | undefined;
  readonly max?: number | string | undefined;
  readonly step: number | "any";
  readonly inputmode?: "numeric" | "decimal";
  readonly autocomplete?: string | undefined;
}

/** An input for numbers or moments, or for plain text where nothing else keeps what was typed. */
export function TypedInput({ type, shows, min, max, step, ...shared }: TypedInputProps): VNode {
  if (!shows) return <input type="text" {...shared} dir="auto" />;
  if (type === "number") return <input type="number" {...shared} min={min} max={max} step={step} />;
  return <input type="datetime-local" {...shared} min={min} max={max} step={step} />;
}

/** Whether a text is a number to browsers: `1.`, `+1` and ` 1` are none. */
export function isBrowserNumber(text: string): boolean {
  return /^-?(\d+(\.\d+)?|\.\d+)(e[+-]?\d+)?$/i.test(text);
}
