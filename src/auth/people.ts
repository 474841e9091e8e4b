import { type Ask, guest } from "../filter/scope.ts";
import { findByIdentity } from "../records/identity.ts";
import { findRow } from "../records/read.ts";
import type { Store } from "../store/engine.ts";
import { name, sql } from "../store/sql.ts";
import type { People } from "./sessions.ts";

/** What a request is that signs somebody in, to the auth rule. */
const signingIn: Ask = { viewer: guest, context: "password", method: "POST", body: {}, query: {}, headers: () => ({}) };

/** People as their collections keep them. */
export function openPeople({ store }: { readonly store: Store }): People {
  return {
    byIdentity: (collection, identity, field) => findByIdentity({ store }, collection, identity, field),
    admits: async (collection, record) => {
      const condition = collection.rule("auth")?.(signingIn) ?? false;
      return (await findRow(store, collection, String(record["id"]), condition)) !== undefined;
    },
    upgradePassword: async (collection, record, hash) => {
      const id = String(record["id"]);
      // Only over the hash that was checked: a password changed in the meantime stays changed.
      await store.write((tx) =>
        tx.run(
          sql`UPDATE ${name(collection.name)} SET "password" = ${hash}
              WHERE "id" = ${id} AND "password" = ${String(record["password"])}`,
        ),
      );
    },
  };
}
