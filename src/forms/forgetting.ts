import type { Collections, Values } from "../collections/collection.ts";
import type { Outbox } from "../events/outbox.ts";
import type { Json } from "../fields/field.ts";
import { isObject } from "../lib/json.ts";
import { filesOf } from "../records/uploads.ts";
import type { WriteParts } from "../records/write.ts";
import type { Unit } from "../store/engine.ts";
import { sql } from "../store/sql.ts";
import { submissionsIn } from "./answer.ts";

/**
 * What goes with records, in the unit that removes them: with a record that is in its collection its submission, and with a
 * submission the files of a parked record. A record stays where only its submission goes.
 */
export function openForgetting({ outbox }: { readonly outbox: Outbox }): NonNullable<WriteParts["gone"]> {
  return async (tx, set, collection, records) => {
    const submissions = submissionsIn(set);
    if (collection === submissions)
      return (records ?? (await parkedRows(tx))).flatMap((row) => filesOfParked(set, row));
    if (collection.type === "base" && !collection.definition.system) {
      const gone = await forgetAbout(
        tx,
        collection.id,
        records?.map(({ id }) => String(id)),
      );
      const changes = gone.map((id) => ({ collection: submissions.id, record: id, action: "delete" as const }));
      if (gone.length > 0) await outbox.appendAll(tx, changes);
    }
    return [];
  };
}

/** Parked ones stay: they are being put aside just now, by this very removal. Answers what went. */
async function forgetAbout(tx: Unit, collection: string, records: readonly string[] | undefined): Promise<string[]> {
  const which = sql`collection = ${collection} AND parked IS NULL`;
  const among = JSON.stringify(records ?? []);
  const found = await tx.all<{ id: string }>(
    records
      ? sql`SELECT id FROM _submissions WHERE id IN (SELECT value FROM json_each(${among})) AND ${which}
            UNION SELECT id FROM _submissions
            WHERE record IN (SELECT value FROM json_each(${among})) AND record != id AND ${which}`
      : sql`SELECT id FROM _submissions WHERE ${which}`,
  );
  const ids = found.map(({ id }) => id);
  if (ids.length > 0) {
    await tx.run(sql`DELETE FROM _submissions WHERE id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
  }
  return ids;
}

async function parkedRows(tx: Unit): Promise<Values[]> {
  const rows = await tx.all<{ collection: string; parked: string }>(
    sql`SELECT collection, parked FROM _submissions WHERE parked IS NOT NULL`,
  );
  return rows.map(({ collection, parked }) => ({ collection, parked: JSON.parse(parked) }));
}

/** The keys of the files of a parked record. */
export function filesOfParked(set: Collections, submission: Values): string[] {
  const { parked } = submission;
  const collection = set.find(String(submission["collection"]));
  return collection && isValues(parked) ? filesOf(collection, parked) : [];
}

function isValues(it: Json | undefined): it is { [key: string]: Json } {
  return isObject(it);
}
