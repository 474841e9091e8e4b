import type { Field, FieldType, Json } from "../fields/field.ts";
import type { Payload } from "../fields/payload.ts";
import type { Condition, ScopeCollection, ScopeField } from "../filter/scope.ts";
import type { Problem } from "../lib/errors.ts";
import type { Value } from "../store/sql.ts";
import type { Definition } from "./definition.ts";

/** A field and its type, bound together. */
export interface CompiledField extends ScopeField {
  readonly id: string;
  readonly definition: Field;
  readonly kind: FieldType;
  readonly required: boolean;
  readonly zero: Json;
  /** Bytes a value may have beyond what any body may. */
  readonly weight: number;
  /** Reads the value that was sent, or `undefined` when none was. */
  read(payload: Payload): { readonly value: Json; readonly problem?: Problem } | undefined;
  /** The first thing wrong with a value, `required` included. */
  check(value: Json): Problem | undefined;
  toColumn(value: Json): Value;
  fromColumn(stored: Value): Json;
}

/** Values of a record by field name, hidden ones too. */
export type Values = Readonly<Record<string, Json>>;

export const ruleNames = ["list", "view", "create", "update", "delete", "auth", "manage"] as const;
export type RuleName = (typeof ruleNames)[number];

/** A definition made ready for work: frozen, and part of one set of collections. */
export interface Collection extends ScopeCollection {
  readonly definition: Definition;
  readonly fields: readonly CompiledField[];
  field(name: string): CompiledField | undefined;
  /** It is a view, or its rules ask for one: to read a single record may take long. */
  readonly readsViews: boolean;
  /** `null`: superusers only. Compiled on first use against the set the collection belongs to. */
  rule(rule: RuleName): Condition | null;
  /** The same rule, asked of a row that does not exist yet. */
  newRule(rule: "create" | "manage"): Condition | null;
}

/** Every collection there is, at one moment; never changed, only replaced as a whole. */
export interface Collections {
  readonly all: readonly Collection[];
  find(idOrName: string): Collection | undefined;
}
