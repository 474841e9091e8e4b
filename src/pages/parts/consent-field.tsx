/** @jsxImportSource preact */
import { marks } from "../../html/index.ts";
import type { FormField } from "./form-field.tsx";

export interface ConsentOptions {
  readonly name: string;
  /** What is sent when it is ticked. */
  readonly value: string;
  /** What is agreed to. */
  readonly text: string;
  readonly ticked: boolean;
}

/** A box that must be ticked. */
export function consentField({ name, value, text, ticked }: ConsentOptions): FormField {
  return {
    name,
    label: text,
    required: true,
    draw: (control) => (
      <input {...marks(control)} type="checkbox" name={name} value={value} required checked={ticked} />
    ),
  };
}
