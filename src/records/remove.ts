import type { Collection, Collections, Values } from "../collections/collection.ts";
import { Refusal } from "../lib/errors.ts";
import type { Unit } from "../store/engine.ts";
import { name, sql } from "../store/sql.ts";
import { keepLastSuperuser } from "./identity.ts";
import { findRow, type Place } from "./read.ts";
import { mentions, referrersOf, without } from "./references.ts";
import { assignments, type Row, statementsOf, toValues } from "./row.ts";
import { demand } from "./rules.ts";
import type { WriteParts } from "./write.ts";

type RemoveParts = Pick<WriteParts, "store" | "outbox" | "collections">;

/**
 * Removes a record, and with it or from them what refers to it: referrers that cascade go too, the others lose the id. Refused
 * where a required relation would be left empty; then nothing is changed.
 */
export async function deleteRecord(parts: RemoveParts, { collection, set, ask }: Place, id: string): Promise<void> {
  const condition = demand(collection, "delete", ask);
  if (!(await findRow(parts.store, collection, id, condition))) throw new Refusal("not found", "not_found");
  await parts.store.write(async (tx) => {
    parts.collections.mustHold(set);
    const values = await findRow(tx, collection, id, condition);
    if (!values) throw new Refusal("not found", "not_found");
    await removeRow(parts, tx, set, collection, values, new Set());
  });
}

/** Removes all records of a collection, in one unit; refused like the removal of one. Records of its own may require each other. */
export async function truncate(parts: RemoveParts, set: Collections, collection: Collection): Promise<void> {
  await parts.store.write(async (tx) => {
    parts.collections.mustHold(set);
    if (!referrersOf(set, collection).length) {
      await tx.run(sql`DELETE FROM ${name(collection.name)}`);
      await keepLastSuperuser(tx, collection);
      await parts.outbox.append(tx, { collection: collection.id, record: "", action: "delete" });
      return;
    }
    const rows = await tx.all<Row>(statementsOf(collection).select);
    await tx.run(sql`DELETE FROM ${name(collection.name)}`);
    const gone = new Set<string>();
    for (const row of rows) await removeRow(parts, tx, set, collection, toValues(collection, row), gone);
  });
}

/** `gone` holds what this unit has removed, so that records which refer to each other end. */
async function removeRow(
  parts: RemoveParts,
  tx: Unit,
  set: Collections,
  collection: Collection,
  values: Values,
  gone: Set<string>,
): Promise<void> {
  const id = String(values["id"]);
  const key = `${collection.id}/${id}`;
  if (gone.has(key)) return;
  gone.add(key);
  await tx.run(statementsOf(collection).remove.with([id]));
  await keepLastSuperuser(tx, collection);
  for (const referrer of referrersOf(set, collection)) {
    for (const mention of await mentions(tx, parts.store.dialect, referrer, id)) {
      const { field } = referrer;
      const { left, empty } = without(field, mention[field.name], id);
      if (empty && field.definition.cascadeDelete === true) {
        await removeRow(parts, tx, set, referrer.collection, mention, gone);
      } else if (empty && field.required) {
        throw new Refusal("bad request", "failed_to_delete_record");
      } else await clear(parts, tx, referrer.collection, mention, { [field.name]: left });
    }
  }
  await parts.outbox.append(tx, {
    collection: collection.id,
    record: id,
    action: "delete",
    before: JSON.stringify(withoutSecrets(collection, values)),
  });
}

async function clear(
  parts: RemoveParts,
  tx: Unit,
  collection: Collection,
  mention: Values,
  change: Values,
): Promise<void> {
  const id = String(mention["id"]);
  await tx.run(sql`UPDATE ${name(collection.name)} SET ${assignments(collection, change)} WHERE "id" = ${id}`);
  await parts.outbox.append(tx, { collection: collection.id, record: id, action: "update" });
}

/** The row as the outbox keeps it: no password hash, no token key. */
function withoutSecrets(collection: Collection, values: Values): Values {
  const { password: _password, tokenKey: _tokenKey, ...rest } = values;
  return collection.type === "auth" ? rest : values;
}
