import type { Collection, Collections } from "../collections/collection.ts";
import type { Registry } from "../collections/registry.ts";
import { fromJson } from "../fields/payload.ts";
import { byOwner } from "../filter/scope.ts";
import { type Outcome, Refusal } from "../lib/errors.ts";
import { findByIdentity } from "../records/identity.ts";
import type { Place } from "../records/read.ts";
import { deleteRecord } from "../records/remove.ts";
import type { RecordJson } from "../records/shape.ts";
import { createRecord, updateRecord, type WriteParts } from "../records/write.ts";
import { sql } from "../store/sql.ts";

/** The owners, as commands and the setup page make them. */
export interface Superusers {
  create(email: string, password: string): Promise<Outcome<RecordJson>>;
  /** Sets a new password. Refusal "not found" when there is no superuser with this address. */
  update(email: string, password: string): Promise<Outcome<RecordJson>>;
  upsert(email: string, password: string): Promise<Outcome<RecordJson>>;
  delete(email: string): Promise<void>;
  /** Whether there is one yet. */
  exist(): Promise<boolean>;
}

export function openSuperusers(parts: WriteParts & { readonly collections: Registry }): Superusers {
  const place = (set: Collections): Place => ({ collection: owners(set), set, ask: byOwner });
  const { write } = parts.collections;
  const find = async (email: string) =>
    (await findByIdentity(parts, owners(parts.collections.current), email, "email"))?.["id"];
  const must = async (email: string) => {
    const id = await find(email);
    if (typeof id !== "string") throw new Refusal("not found", "superuser_unknown", { email });
    return id;
  };
  const superusers: Superusers = {
    create: (email, password) =>
      write((set) => createRecord(parts, place(set), fromJson({ email, password, passwordConfirm: password }))),
    update: async (email, password) => {
      const id = await must(email);
      return write((set) => updateRecord(parts, place(set), id, fromJson({ password, passwordConfirm: password })));
    },
    upsert: async (email, password) =>
      (await find(email)) === undefined ? superusers.create(email, password) : superusers.update(email, password),
    delete: async (email) => {
      const id = await must(email);
      return write((set) => deleteRecord(parts, place(set), id));
    },
    exist: async () => (await parts.store.first(sql`SELECT 1 AS one FROM _superusers LIMIT 1`)) !== undefined,
  };
  return superusers;
}

function owners(collections: Collections): Collection {
  const collection = collections.find("_superusers");
  if (!collection) throw new Error("The collection _superusers is missing.");
  return collection;
}
