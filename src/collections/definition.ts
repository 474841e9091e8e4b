import { type Static, Type } from "@sinclair/typebox";
import type { Field, Json } from "../fields/field.ts";

/** `null`: superusers only; `""`: anyone; otherwise a filter that must hold. */
const Rule = Type.Union([Type.Null(), Type.String()], { default: null });

export const CollectionType = Type.Union([Type.Literal("base"), Type.Literal("auth"), Type.Literal("view")], {
  default: "base",
});

/** What every collection has (API.md 1.7); its fields are checked by their types. */
export const Base = Type.Object({
  id: Type.String({ pattern: "^[a-zA-Z0-9_]{1,100}$" }),
  name: Type.String(),
  type: CollectionType,
  system: Type.Boolean({ default: false }),
  indexes: Type.Array(Type.String({ maxLength: 5000 }), { default: [], maxItems: 64 }),
  listRule: Rule,
  viewRule: Rule,
  createRule: Rule,
  updateRule: Rule,
  deleteRule: Rule,
  /** Ours: whether the collection has pages at the root (`/posts`). */
  pages: Type.Boolean({ default: false }),
});

const tokenOptions = (seconds: number) =>
  Type.Object({
    duration: Type.Integer({ default: seconds, minimum: 10, maximum: 94_670_856 }),
    secret: Type.String({ minLength: 30, maxLength: 255 }),
  });

/** What auth collections add. The secrets are stored beside the rest and never answered. */
export const AuthOptions = Type.Object({
  authRule: Type.Union([Type.Null(), Type.String()], { default: "" }),
  manageRule: Rule,
  passwordAuth: Type.Object({
    enabled: Type.Boolean({ default: true }),
    identityFields: Type.Array(Type.String(), { default: ["email"], maxItems: 10 }),
  }),
  authToken: tokenOptions(432_000),
  passwordResetToken: tokenOptions(1800),
  emailChangeToken: tokenOptions(1800),
  verificationToken: tokenOptions(86_400),
  fileToken: tokenOptions(180),
});

/** The kinds of token a collection has options for. */
export const tokenKinds = [
  "authToken",
  "passwordResetToken",
  "emailChangeToken",
  "verificationToken",
  "fileToken",
] as const;
export type TokenKind = (typeof tokenKinds)[number];

export type BaseDefinition = Static<typeof Base> & { fields: Field[]; created: string; updated: string };
export type AuthDefinition = BaseDefinition & Static<typeof AuthOptions>;

/** A collection as it is stored, with everything it says, secrets included. */
export type Definition = BaseDefinition & Partial<Static<typeof AuthOptions>>;

export function isAuth(definition: Definition): definition is AuthDefinition {
  return definition.type === "auth";
}

/** A definition as owners see it: without secrets. */
export function shown(definition: Definition): { [key: string]: Json } {
  const copy: { [key: string]: Json } = JSON.parse(JSON.stringify(definition));
  if (isAuth(definition)) for (const kind of tokenKinds) copy[kind] = { duration: definition[kind].duration };
  return copy;
}

/** What fields are called now that had other names in `old`: before → now. Fields are told by their ids. */
export function renamedFields(old: Definition | undefined, next: Definition): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>();
  for (const { id, name } of next.fields) {
    const before = old?.fields.find((field) => field.id === id);
    if (before && before.name !== name) renamed.set(before.name, name);
  }
  return renamed;
}
