/** @jsxImportSource preact */
import type { Collection, CompiledField, Values } from "../../collections/collection.ts";
import { collectionField, type FormField, type KeptFiles, plainField, type Typed } from "../parts/form-field.tsx";
import type { Words } from "../parts/words.ts";

/** The fields that say who somebody is, as the collection signs people in: email, username. */
export function identities({ definition }: Collection): readonly string[] {
  return definition.passwordAuth?.identityFields ?? [];
}

/** What people say about themselves: the collection's own fields, as far as they are theirs to fill in. */
export function ownFields({ fields }: Collection): CompiledField[] {
  return fields.filter(({ definition, hidden, kind }) => !definition.system && !hidden && !kind.given);
}

/** What a new account needs: who it is, a name, and what the collection demands. */
export function registerFields(collection: Collection): CompiledField[] {
  const names = identities(collection);
  const own = ownFields(collection);
  const email = collection.field("email");
  return [
    ...(email ? [email] : []),
    ...own.filter(({ name }) => names.includes(name)),
    ...own.filter(({ name, required }) => !names.includes(name) && (required || name === "name")),
  ];
}

/** A new password, twice. */
export function newPassword(t: Words, collection: Collection, label: string): FormField[] {
  const field = collection.field("password");
  if (!field) return [];
  const min = Number(field.definition["min"]) || 1;
  const help = t("page_account_advice", { min });
  const again = { name: "passwordConfirm", label: t("page_password_again") } as const;
  return [
    collectionField(field, { label, help }),
    plainField({ ...again, type: "password", autocomplete: "new-password", minLength: min }),
  ];
}

/** The password that somebody has, to show that it is them. */
export function currentPassword(t: Words): FormField {
  const label = t("page_profile_password_old");
  return plainField({ name: "oldPassword", label, type: "password", autocomplete: "current-password" });
}

/** Fields as questions: with what was typed, where a form of them was sent, otherwise with what is stored, as of those in `stored`. */
export function questions(
  t: Words,
  fields: readonly CompiledField[],
  typed: Typed,
  values?: Values,
  stored?: ReadonlySet<string>,
  kept?: KeptFiles,
): FormField[] {
  const keys = [...typed.keys()].map((key) => key.split(".")[0]);
  const sent = fields.some(({ name }) => keys.includes(name));
  return fields.map((field) =>
    collectionField(field, {
      ...(field.name === "email" ? { label: t("page_email") } : {}),
      ...(sent && !stored?.has(field.name) ? { typed } : {}),
      value: values?.[field.name],
      ...(kept ? { kept } : {}),
    }),
  );
}
