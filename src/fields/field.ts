import type { Static, TObject, TSchema } from "@sinclair/typebox";
import { Type } from "@sinclair/typebox";
import type { ComponentChild, VNode } from "preact";
import type { Problem, Problems } from "../lib/errors.ts";
import type { Language } from "../phrases/index.ts";
import type { Sql, Value } from "../store/sql.ts";
import type { Uploads } from "./payload.ts";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** What every field has, whatever its type (API.md 1.7). */
export const Common = Type.Object({
  id: Type.String(),
  name: Type.String(),
  type: Type.String(),
  system: Type.Boolean(),
  hidden: Type.Boolean(),
  presentable: Type.Boolean(),
  help: Type.String(),
  required: Type.Boolean(),
});

/** A field as its collection's definition holds it: what all have, and the options of its own type beside them. */
export type Field<Options extends TObject = TObject> = Static<typeof Common> & Static<Options>;

/**
 * How values lie in their column: `scalar` as they are; `list` a JSON array; `json` any JSON; `point` `{"lon","lat"}`.
 */
export type ColumnShape = "scalar" | "list" | "json" | "point";

/** The strings a form sent under the field's name, in order; `sent("lon")` reads `place.lon`. */
export type Sent = (part?: string) => readonly string[];

/** An input turned into a value: the zero value and a problem where it could not be. */
export interface Reading {
  readonly value: Json;
  readonly problem?: Problem;
}

/** What stands around a field's name where its value is changed, not replaced: `views+`, `+tags`, `tags-`, `slug:autogenerate`. */
export type Modifier = "name+" | "+name" | "name-" | "name:autogenerate";

/** A change of a value. What was sent for it is read once; the value that it changes may be known only later, and change again. */
export interface Modification {
  readonly problem?: Problem;
  apply(value: Json): Json;
}

/** What a form control needs to be drawn. */
export interface Control<Options extends TObject = TObject> {
  readonly field: Field<Options>;
  /** The id of the (first) control; a label points at it. */
  readonly id: string;
  /** What was typed, where a failed send is shown again; otherwise absent. */
  readonly sent?: Sent;
  /** The stored value. */
  readonly value: Json;
  /** Ids of help and problem texts (`aria-describedby`). */
  readonly describedBy?: string;
  readonly invalid?: boolean;
  readonly autofocus?: boolean;
  /** Where the choices come from outside the field (relations): value and label. */
  readonly choices?: readonly (readonly [value: string, label: string])[];
  /** Of the words beside parts of a control; English where it is absent. */
  readonly language?: Language;
  /** Files that were sent before and need not be chosen again. */
  readonly kept?: readonly KeptFile[];
  /** In which moments are shown and typed; UTC where it is absent. */
  readonly timeZone?: string;
}

/** Where a value is shown to people. */
export interface Showing {
  readonly language: Language;
  /** There is room for all of it; otherwise it goes into a table. */
  readonly whole: boolean;
  /** The address below which the record's files are, by their names; nowhere when absent. */
  readonly files?: string;
}

/** A file of a failed send, kept for the next one. */
export interface KeptFile {
  /** What a form says of it under `_draft_remove`, where it is not wanted any more. */
  readonly id: string;
  /** As it was called by who sent it. */
  readonly filename: string;
}

export interface Example {
  /** Options beside the type's defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  /** A value without problems, as JSON carries it and as it is answered. */
  readonly good: Json;
  /** The same value as a form sends it: part → strings (`""` is the field itself). */
  readonly form: Readonly<Record<string, readonly string[]>>;
  /** What becomes of a value by something sent with a modifier: modifier, value, sent, result. */
  readonly modified?: readonly (readonly [modifier: Modifier, value: Json, sent: Json, result: Json])[];
  /** What JSON may carry that has a problem, and which. */
  readonly bad?: readonly (readonly [input: unknown, code: string])[];
}

/**
 * One type of field, and everything about it. Members are methods on purpose: a list of different types stays assignable
 * to `FieldType[]` without a cast.
 */
export interface FieldType<Options extends TObject = TObject> {
  readonly type: string;
  /** The type's own options; each has a `default`. */
  readonly options: Options;
  /** What is wrong with the options beyond their schema, per option. */
  optionProblems(field: Field<Options>): Problems;
  /** Column type and default, as SQL. */
  column(field: Field<Options>): { readonly type: string; readonly default: string };
  shape(field: Field<Options>): ColumnShape;
  /** The id of the collection a relation points at. */
  target?(field: Field<Options>): string;
  /** The schema of a value in JSON, as answered. */
  value(field: Field<Options>): TSchema;
  zero(field: Field<Options>): Json;
  fromForm(sent: Sent, field: Field<Options>): Reading;
  /** What was typed by the clocks of a time zone, as a form sends it where there is none. Only for types that say moments. */
  fromZone?(text: string, timeZone: string): string;
  /** `null` and what is missing mean the zero value. */
  fromJson(raw: unknown, field: Field<Options>): Reading;
  /** The first thing wrong with a value (codes of API.md 1.10), `required` aside, which is the same for all types. */
  problems(value: Json, field: Field<Options>): Problem | undefined;
  toColumn(value: Json, field: Field<Options>): Value;
  fromColumn(stored: Value, field: Field<Options>): Json;
  /** The same as `fromColumn` as SQL: the JSON text of the value in this column. Where it is absent, the value is the column's text. */
  inJson?(column: Sql, field: Field<Options>): Sql;
  /** A value the server gives when a record is made or changed and nothing was sent (autodate, text autogenerate). */
  fill?(when: "create" | "update", field: Field<Options>, now: string): Json | undefined;
  /** True where values come from the server alone: what is sent under the field's name is not read. */
  readonly given?: boolean;
  /** What was sent with a modifier, as JSON (strings, where a form sent it); nothing where the type has no such modifier. */
  modify?(modifier: Modifier, sent: unknown, field: Field<Options>): Modification | undefined;
  /**
   * What is wrong with putting a value in the place of the stored one (the zero value for a new record). `uploads`: the files that
   * came with it, by the names under which the value mentions them.
   */
  change?(value: Json, stored: Json, field: Field<Options>, uploads?: Uploads): Problem | undefined;
  /** Turns a value into what is stored, before the unit: hashes a password. */
  seal?(value: Json, field: Field<Options>): Promise<Json>;
  /** Bytes that a value may have in UTF-8, where that is more than a few: a body may weigh so much more. */
  weight?(field: Field<Options>): number;
  /** True where that counts in the API as well, whose usual limit is large. */
  readonly spacious?: boolean;
  /** True where `input` draws several controls under one label, which is then a legend. */
  several?(field: Field<Options>): boolean;
  /** Its control sends files, so its form is sent as multipart. */
  readonly uploads?: boolean;
  /** The control(s), without label. */
  input(control: Control<Options>): VNode;
  /** One line of plain text for a table cell. */
  cell(value: Json, field: Field<Options>): string;
  /** How people read it, where a page wants more than its cell (of texts where there is room: all); `""` for nothing. */
  show?(value: Json, field: Field<Options>, showing: Showing): ComponentChild;
  readonly examples: readonly Example[];
}

/** Checks the shape of a field type where it is written; the type is then known by its options. */
export function defineField<Options extends TObject>(type: FieldType<Options>): FieldType<Options> {
  return type;
}
