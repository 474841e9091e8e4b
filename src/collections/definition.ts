import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { Field, Json } from "../fields/field.ts";
import { isObject } from "../lib/json.ts";
import { AuthOptions, providerShape, Rule, tokenKinds } from "./auth-options.ts";
import { withDefaults } from "./defaults.ts";

export { AuthOptions, type TokenKind, tokenKinds } from "./auth-options.ts";

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

export type BaseDefinition = Static<typeof Base> & { fields: Field[]; created: string; updated: string };
export type AuthDefinition = BaseDefinition & Static<typeof AuthOptions>;

/** What view collections add. Their fields follow from the query. */
export const ViewOptions = Type.Object({ viewQuery: Type.String() });

/** A collection as it is stored, with everything it says, secrets included. */
export type Definition = BaseDefinition &
  Partial<Static<typeof AuthOptions>> &
  Partial<Static<typeof ViewOptions>> & {
    /** Why a view cannot be read: it is closed to everybody until its query is changed, or what it reads. */
    readonly broken?: string;
  };

export function isAuth(definition: Definition): definition is AuthDefinition {
  return definition.type === "auth";
}

/** A definition as owners see it: without secrets. */
export function shown(definition: Definition): { [key: string]: Json } {
  const copy: { [key: string]: Json } = JSON.parse(
    JSON.stringify({ ...definition, fields: definition.fields.map(plain) }),
  );
  if (!isAuth(definition)) return copy;
  for (const kind of tokenKinds) copy[kind] = { duration: definition[kind].duration };
  const providers = definition.oauth2.providers.map(({ clientSecret: _, ...provider }) => provider);
  copy["oauth2"] = JSON.parse(JSON.stringify({ ...definition.oauth2, providers }));
  return copy;
}

/** Clients compare fields with those they know from PocketBase, so what only we have is said only where it is so. */
function plain({ multiline, ...field }: Field): unknown {
  return multiline === true ? { ...field, multiline } : field;
}

/** What a collection asks for of which nothing is there yet: it is kept for a later version, and does nothing. */
export function unbuiltFlows(definition: Definition | undefined): string[] {
  if (!definition || !isAuth(definition)) return [];
  const { oauth2, otp, mfa, authAlert } = definition;
  const flows = { oauth2, otp, mfa, authAlert };
  return Object.entries(flows).flatMap(([name, { enabled }]) => (enabled ? [name] : []));
}

/** A definition as it was stored, with the options that have come since. */
export function completed(stored: Definition): Definition {
  if (stored.type !== "auth") return stored;
  const options = withAuthDefaults({ ...stored });
  return Value.Check(AuthOptions, options) ? { ...stored, ...options } : stored;
}

/** The options of an auth collection, with what they are where nothing was said. */
export function withAuthDefaults(said: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const options = withDefaults(AuthOptions, said);
  const { oauth2 } = options;
  if (!isObject(oauth2) || !Array.isArray(oauth2["providers"])) return options;
  const providers = oauth2["providers"].map((it: unknown) => (isObject(it) ? withDefaults(providerShape, it) : it));
  return { ...options, oauth2: { ...oauth2, providers } };
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
