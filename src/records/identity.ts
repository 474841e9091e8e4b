import type { Collection, Collections, Values } from "../collections/collection.ts";
import { type Definition, isAuth } from "../collections/definition.ts";
import { parseIndex } from "../collections/indexes.ts";
import type { Json } from "../fields/field.ts";
import type { Payload } from "../fields/payload.ts";
import { type Problem, problem, type Problems, Refusal } from "../lib/errors.ts";
import { randomText } from "../lib/ids.ts";
import { verifyPassword } from "../lib/passwords.ts";
import type { Reading } from "../store/engine.ts";
import { name, raw, sql } from "../store/sql.ts";
import { findRow } from "./read.ts";
import { type Row, statementsOf, toValues } from "./row.ts";

/** All that is special about auth records. */

/** The stored values of an auth record, what is secret included. */
export function findAuthRecord(
  { store }: { readonly store: Reading },
  collection: Collection,
  id: string,
): Promise<Values | undefined> {
  return findRow(store, collection, id);
}

/**
 * Finds who signs in under this name. Without `identityField` the collection's identity fields are tried, email first.
 */
export async function findByIdentity(
  { store }: { readonly store: Reading },
  collection: Collection,
  identity: string,
  identityField?: string,
): Promise<Values | undefined> {
  const { definition } = collection;
  if (!isAuth(definition) || identity === "") return undefined;
  const allowed = definition.passwordAuth.identityFields;
  const tried = identityField ? allowed.filter((field) => field === identityField) : byLikelihood(allowed, identity);
  for (const field of tried) {
    const { select } = statementsOf(collection);
    const alike = raw(ignoresCase(definition, field) ? " COLLATE NOCASE" : "");
    const row = await store.first<Row>(sql`${select} WHERE ${name(field)} = ${identity}${alike} LIMIT 1`);
    if (row) return toValues(collection, row);
  }
  return undefined;
}

/** A name is told from others the way its unique index does it. */
function ignoresCase(definition: Definition, field: string): boolean {
  return definition.indexes.some((text) => {
    const index = parseIndex(text);
    return index?.unique === true && new RegExp(`^\\W?${field}\\W?\\s+collate\\s+nocase\\b`, "i").test(index.columns);
  });
}

function byLikelihood(fields: readonly string[], identity: string): string[] {
  const email = fields.includes("email") && identity.includes("@") ? ["email"] : [];
  return [...email, ...fields.filter((field) => !email.includes(field))];
}

/** Values and problems of one write, as they come together. */
export interface Draft {
  readonly values: Record<string, Json>;
  readonly problems: Problems;
  /** Fields that nobody sent and people's own code has filled in: nobody has to confirm them, and every one is allowed. */
  readonly given?: ReadonlySet<string>;
}

const nobodys: ReadonlySet<string> = new Set();

/** New auth records: the password comes twice, and tokens get a key of their own. */
export function identifyNew(
  { values, problems, given = nobodys }: Draft,
  collection: Collection,
  payload: Payload,
  managed: boolean,
): void {
  if (collection.type !== "auth") return;
  values["tokenKey"] ||= randomText(50);
  if (isOwners(collection)) values["verified"] = true;
  delete problems["tokenKey"];
  const unconfirmed = values["password"] !== sentText(payload, "passwordConfirm");
  if (!problems["password"] && unconfirmed && !given.has("password")) {
    problems["passwordConfirm"] = confirmProblem(payload);
  }
  // Nobody but who manages accounts may call somebody's address verified.
  if (values["verified"] === true && !managed && !given.has("verified"))
    problems["verified"] = problem("validation_values_mismatch");
}

/** Whose password somebody who has a session wants to show to know, and from where on the network; `""` where not known. */
export interface Guess {
  readonly collection: string;
  readonly id: string;
  readonly address: string;
}

/** Runs what verifies a password. May refuse where too many were wrong: who has got hold of a session must not guess it. */
export type Guard = (guess: Guess, verify: () => Promise<boolean>) => Promise<boolean>;

/** How somebody may show that they know the password of an account. */
export interface Showing {
  readonly guard?: Guard | undefined;
  readonly address?: string | undefined;
  /** Who knows the password may also change the address, which is then not verified. */
  readonly ownEmail: boolean;
}

/**
 * Changed auth records: what only the owner or a manager may change, and what ends all sessions.
 */
export async function identifyChanged(
  { values, problems, given = nobodys }: Draft,
  collection: Collection,
  stored: Values,
  payload: Payload,
  managed: boolean,
  showing: Showing,
): Promise<void> {
  if (collection.type !== "auth") return;
  const { ownEmail } = showing;
  const changes = (field: string) => Object.hasOwn(values, field) && values[field] !== stored[field];
  const newEmail = changes("email");
  const asksEmail = newEmail && !given.has("email");
  if (!managed) {
    for (const field of ownEmail ? ["verified"] : ["email", "verified"]) {
      if (changes(field) && !given.has(field)) problems[field] = problem("validation_values_mismatch");
    }
    if (asksEmail && ownEmail && !given.has("verified")) values["verified"] = false;
  }
  if (values["password"] === "") delete values["password"];
  const newPassword = Object.hasOwn(values, "password");
  const asksPassword = newPassword && !given.has("password");
  if (asksPassword && values["password"] !== sentText(payload, "passwordConfirm")) {
    problems["passwordConfirm"] = confirmProblem(payload);
  }
  const mustShow = !managed && (asksPassword || (asksEmail && ownEmail));
  if (mustShow && !(await knowsOldPassword(collection, payload, stored, showing))) {
    problems["oldPassword"] = problem("validation_invalid_old_password");
  }
  if (isOwners(collection) && Object.hasOwn(values, "verified")) values["verified"] = true;
  if ((newPassword || newEmail) && values["tokenKey"] === undefined) values["tokenKey"] = randomText(50);
}

/** What of that no longer holds for the row as it is in the unit: somebody else may have changed the account meanwhile. */
export function identifiedByNow(
  { values, given = nobodys }: Draft,
  collection: Collection,
  stored: Values,
  newest: Values,
): Problems {
  const problems: Problems = {};
  if (collection.type !== "auth") return problems;
  const asks = (field: string) => Object.hasOwn(values, field) && !given.has(field);
  const differs = (field: string) => newest[field] !== stored[field];
  for (const field of ["email", "verified"]) {
    if (asks(field) && differs(field)) problems[field] = problem("validation_values_mismatch");
  }
  if ((asks("email") || asks("password")) && differs("password")) {
    problems["oldPassword"] = problem("validation_invalid_old_password");
  }
  return problems;
}

/** The id of a new auth record is nobody's in another collection of people. To be asked in the unit that makes it. */
export async function sharedId(
  reading: Reading,
  set: Collections,
  collection: Collection,
  id: string,
): Promise<Problems> {
  const others =
    collection.type === "auth" ? set.all.filter((it) => it.type === "auth" && it.id !== collection.id) : [];
  for (const other of others) {
    if (await findRow(reading, other, id)) return { id: problem("validation_invalid_auth_id") };
  }
  return {};
}

async function knowsOldPassword(
  collection: Collection,
  payload: Payload,
  stored: Values,
  { guard, address = "" }: Showing,
): Promise<boolean> {
  const old = sentText(payload, "oldPassword");
  if (old === "") return false;
  const verify = () => verifyPassword(old, String(stored["password"] ?? ""), collection.id);
  return guard ? guard({ collection: collection.id, id: String(stored["id"]), address }, verify) : verify();
}

function confirmProblem(payload: Payload): Problem {
  return problem(sentText(payload, "passwordConfirm") === "" ? "validation_required" : "validation_values_mismatch");
}

function sentText(payload: Payload, key: string): string {
  const sent = Object.hasOwn(payload.json, key) ? payload.json[key] : payload.form.get(key)?.at(-1);
  return typeof sent === "string" ? sent : "";
}

/** Superusers are made by superusers, who know the address. */
function isOwners(collection: Collection): boolean {
  return collection.name === "_superusers";
}

/** To be asked in the unit that removed somebody: one superuser stays, or nobody could open the dashboard again. */
export async function keepLastSuperuser(reading: Reading, collection: Collection): Promise<void> {
  if (!isOwners(collection)) return;
  if (!(await reading.first(sql`SELECT 1 AS one FROM _superusers LIMIT 1`)))
    throw new Refusal("bad request", "last_superuser");
}
