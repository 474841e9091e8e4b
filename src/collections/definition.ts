import { type Static, Type } from "@sinclair/typebox";
import type { Field } from "../fields/field.ts";

const Rule = Type.Union([Type.Null(), Type.String()], { default: null });

/** What every collection has (API.md 1.7). */
export const Base = Type.Object({
  id: Type.String(),
  name: Type.String(),
  type: Type.Union([Type.Literal("base"), Type.Literal("auth"), Type.Literal("view")]),
  system: Type.Boolean({ default: false }),
  fields: Type.Array(Type.Unsafe<Field>(Type.Object({}, { additionalProperties: true })), { default: [] }),
  indexes: Type.Array(Type.String(), { default: [] }),
  listRule: Rule,
  viewRule: Rule,
  createRule: Rule,
  updateRule: Rule,
  deleteRule: Rule,
  /** Ours: whether the collection has pages at the root (`/posts`). */
  pages: Type.Boolean({ default: false }),
  created: Type.String(),
  updated: Type.String(),
});

const TokenOptions = (duration: number) =>
  Type.Object({ duration: Type.Integer({ default: duration, minimum: 10, maximum: 94670856 }), secret: Type.String() });

/** What auth collections add. Secrets are stored beside the rest and never answered. */
export const AuthOptions = Type.Object({
  authRule: Type.Union([Type.Null(), Type.String()], { default: "" }),
  manageRule: Rule,
  passwordAuth: Type.Object({
    enabled: Type.Boolean({ default: true }),
    identityFields: Type.Array(Type.String(), { default: ["email"] }),
  }),
  authToken: TokenOptions(432000),
  passwordResetToken: TokenOptions(1800),
  emailChangeToken: TokenOptions(1800),
  verificationToken: TokenOptions(86400),
  fileToken: TokenOptions(180),
});

export type BaseDefinition = Static<typeof Base>;
export type AuthDefinition = BaseDefinition & Static<typeof AuthOptions>;

/** A collection as it is stored, with everything it says. */
export type Definition = BaseDefinition & Partial<Static<typeof AuthOptions>> & { viewQuery?: string };
