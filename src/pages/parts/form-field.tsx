/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { CompiledField } from "../../collections/collection.ts";
import type { Control, Json, KeptFile, Sent } from "../../fields/field.ts";
import { type Marks, marks } from "../../html/index.ts";
import type { Language } from "../../phrases/index.ts";
import { labelOf } from "./words.ts";

/** One question of a form, wherever it comes from. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly help?: string;
  readonly required: boolean;
  /** Several controls under one label, which is then a legend. */
  readonly several?: boolean;
  /** Files are sent with it. */
  readonly uploads?: boolean;
  draw(control: Marks, language: Language): VNode;
}

/** What was typed into a whole form, as it was sent: name → strings. */
export type Typed = ReadonlyMap<string, readonly string[]>;

export interface CollectionFieldOptions {
  readonly label?: string;
  readonly help?: string;
  readonly typed?: Typed;
  /** The stored value; the control is blank where there is none and nothing was typed. */
  readonly value?: Json;
  readonly choices?: Control["choices"];
  readonly timeZone?: Control["timeZone"];
  /** Files of the send before, by the names of their fields. */
  readonly kept?: KeptFiles;
}

export type KeptFiles = ReadonlyMap<string, readonly KeptFile[]>;

/** What was kept of a failed send. */
export interface KeptDraft {
  /** Asks for it when the form is sent again; `""` where nothing was kept. */
  readonly token: string;
  readonly files: KeptFiles;
  /** There was no room for the files that were sent. */
  readonly filesLost: boolean;
}

/** A field of a collection as a question. */
export function collectionField(field: CompiledField, options: CollectionFieldOptions = {}): FormField {
  const { name, definition, kind } = field;
  const { typed, value, choices, timeZone } = options;
  const kept = options.kept?.get(name);
  const sent = typed ? sentUnder(name, typed) : value === undefined ? nothingSent : undefined;
  return {
    name,
    label: options.label || labelOf(name),
    help: options.help || definition.help,
    required: field.required,
    several: kind.several?.(definition),
    uploads: kind.uploads,
    draw: (control, language) =>
      kind.input({
        ...control,
        language,
        field: definition,
        sent,
        value: value ?? field.zero,
        choices,
        timeZone,
        kept,
      }),
  };
}

function nothingSent(): readonly string[] {
  return [];
}

function sentUnder(name: string, typed: Typed): Sent {
  return (part) => typed.get(part ? `${name}.${part}` : name) ?? [];
}

export interface PlainFieldOptions {
  readonly name: string;
  readonly label: string;
  readonly help?: string;
  readonly type: "email" | "password" | "text";
  readonly autocomplete: string;
  readonly value?: string;
  readonly minLength?: number;
}

/** A question of our own that no collection asks: sign-in, set-up. It must be answered. */
export function plainField({ type, autocomplete, minLength, value, ...question }: PlainFieldOptions): FormField {
  return {
    ...question,
    required: true,
    draw: (control) => {
      const wired = { ...marks(control), name: question.name, value, required: true, minLength, autocomplete };
      if (type === "password") return <input type="password" {...wired} />;
      return type === "email" ? (
        <input type="email" {...wired} dir="auto" />
      ) : (
        <input type="text" {...wired} dir="auto" />
      );
    },
  };
}
