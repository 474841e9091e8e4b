import type { Collection, Values } from "../collections/collection.ts";
import type { Viewer } from "../filter/scope.ts";
import { any, bad, good, type Outcome, problem, type Problems, Refusal } from "../lib/errors.ts";
import { burnPassword, hashPassword, needsUpgrade, verifyPassword } from "../lib/passwords.ts";
import type { Attempts } from "./attempts.ts";
import type { Claims, Tokens } from "./tokens.ts";

/** Somebody who has just signed in; `record` has every field, hidden ones too. */
export interface Session {
  readonly token: string;
  readonly record: Values;
}

/** Where people come from, and what is asked about them. */
export interface People {
  /** The one record that this text names, in the collection's identity fields (email first) or in the one that is said. */
  byIdentity(collection: Collection, identity: string, field?: string): Promise<Values | undefined>;
  /** Whether the collection's auth rule lets this record sign in. */
  admits(collection: Collection, record: Values): Promise<boolean>;
  /** Stores a stronger hash of the same password; sessions go on. */
  upgradePassword(collection: Collection, record: Values, hash: string): Promise<void>;
}

export interface Credentials {
  readonly identity: string;
  readonly password: string;
  readonly identityField?: string;
  /** Where on the network it is tried; `""` where that is not known. */
  readonly address: string;
}

/**
 * A wrong password and a person who does not exist are refused alike, and after the same time: "bad request",
 * `failed_to_authenticate`; "too many" after too many of them. Problems where something is missing; Refusal "forbidden"
 * where the collection does not want passwords, or its auth rule not this person.
 */
export async function signInWithPassword(
  { tokens, people, attempts }: { readonly tokens: Tokens; readonly people: People; readonly attempts: Attempts },
  collection: Collection,
  { identity, password, identityField, address }: Credentials,
): Promise<Outcome<Session>> {
  const options = collection.definition.passwordAuth;
  if (collection.type !== "auth" || !options) throw new Refusal("not found", "missing_auth_collection");
  if (!options.enabled) throw new Refusal("forbidden", "password_auth_disabled");
  const problems: Problems = {};
  if (identity === "") problems.identity = problem("validation_required");
  if (password === "") problems.password = problem("validation_required");
  if (identityField && !options.identityFields.includes(identityField)) {
    problems.identityField = problem("validation_in_invalid");
  }
  if (any(problems)) return bad(problems);

  const record = await attempts.signIn(
    { collection: collection.id, identity, address },
    async () => {
      const record = await people.byIdentity(collection, identity, identityField || undefined);
      return knower(record, password, collection.id);
    },
    (known) => known === undefined,
  );
  if (!record) throw new Refusal("bad request", "failed_to_authenticate");
  const session = await openSession({ tokens, people }, collection, record);
  if (needsUpgrade(String(record.password))) {
    await people.upgradePassword(collection, record, await hashPassword(password, collection.id));
  }
  return good(session);
}

/** The record, where it has this password; somebody who does not exist takes as long to refuse, and waits in the same line. */
async function knower(record: Values | undefined, password: string, line: string): Promise<Values | undefined> {
  if (typeof record?.password === "string") {
    return (await verifyPassword(password, record.password, line)) ? record : undefined;
  }
  await burnPassword(password, line);
  return undefined;
}

/** A session for somebody who has shown who they are. Refusal "forbidden" where the auth rule does not want them. */
export async function openSession(
  { tokens, people }: { readonly tokens: Tokens; readonly people: Pick<People, "admits"> },
  collection: Collection,
  record: Values,
): Promise<Session> {
  if (!(await people.admits(collection, record))) throw new Refusal("forbidden", "auth_rule_failed");
  return { token: await tokens.sign("auth", collection, record), record };
}

/**
 * A new token for who holds one of the same collection; one that is not refreshable comes back as it is. Refusal
 * "signed out" for guests, "forbidden" for others.
 */
export async function refreshSession(
  { tokens, people }: { readonly tokens: Tokens; readonly people: Pick<People, "admits"> },
  collection: Collection,
  viewer: Viewer,
  held: { readonly token: string; readonly claims: Claims } | undefined,
): Promise<Session> {
  if (collection.type !== "auth") throw new Refusal("not found", "missing_auth_collection");
  if (viewer.kind === "guest" || !held) throw new Refusal("signed out", "superuser_token_required");
  if (viewer.collectionId !== collection.id) throw new Refusal("forbidden", "record_not_allowed");
  if (held.claims.refreshable === false) return { token: held.token, record: viewer.record };
  return openSession({ tokens, people }, collection, viewer.record);
}
