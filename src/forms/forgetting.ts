import type { Collections, Values } from "../collections/collection.ts";
import type { Outbox } from "../events/outbox.ts";
import type { Jobs } from "../jobs/queue.ts";
import { isObject } from "../lib/json.ts";
import { type Row, statementsOf } from "../records/row.ts";
import { filesOf } from "../records/uploads.ts";
import type { WriteParts } from "../records/write.ts";
import type { Unit } from "../store/engine.ts";
import { sql } from "../store/sql.ts";
import { submissionOf, submissionsIn } from "./answer.ts";
import type { Shield } from "./shield/shield.ts";
import { teach } from "./teaching.ts";

export interface ForgettingParts {
  readonly outbox: Outbox;
  readonly jobs: Pick<Jobs, "forget">;
  readonly shield: Pick<Shield, "learned">;
}

/**
 * What goes with records, in the unit that removes them: with a record that is in its collection its submission, and with a
 * submission the files of a parked record. A record stays where only its submission goes.
 */
export function openForgetting(parts: ForgettingParts): NonNullable<WriteParts["gone"]> {
  return async (tx, set, collection, records) => {
    const submissions = submissionsIn(set);
    if (collection === submissions)
      return (records ?? (await parkedRows(tx))).flatMap((row) => filesOfParked(set, row));
    if (collection.type === "base" && !collection.definition.system) {
      const gone = records
        ? await forgetRecords(parts, tx, set, collection.id, records)
        : await forgetAll(tx, collection.id);
      const changes = gone.map((id) => ({ collection: submissions.id, record: id, action: "delete" as const }));
      if (gone.length > 0) await parts.outbox.appendAll(tx, changes);
    }
    return [];
  };
}

/**
 * With records their submissions, and what was learned of them or done about them. Parked ones stay: they are being put aside just
 * now, by this very removal. Answers what went.
 */
async function forgetRecords(
  parts: ForgettingParts,
  tx: Unit,
  set: Collections,
  collection: string,
  records: readonly Values[],
): Promise<string[]> {
  const byId = new Map(records.map((record) => [String(record["id"]), record]));
  const among = JSON.stringify([...byId.keys()]);
  const submissions = submissionsIn(set);
  const which = sql`collection = ${collection} AND parked IS NULL`;
  const { select } = statementsOf(submissions);
  const rows = await tx.all<Row>(
    sql`${select} WHERE id IN (SELECT value FROM json_each(${among})) AND ${which}
        UNION ${select} WHERE record IN (SELECT value FROM json_each(${among})) AND record != id AND ${which}`,
  );
  const found = rows.map((row) => submissionOf(submissions, row));
  for (const it of found) await teach(parts, tx, set, it, byId.get(it.record) ?? {}, "");
  const ids = found.map(({ id }) => id);
  if (ids.length > 0) await parts.jobs.forget(tx, ids);
  await remove(tx, ids);
  return ids;
}

async function forgetAll(tx: Unit, collection: string): Promise<string[]> {
  const found = await tx.all<{ id: string }>(
    sql`SELECT id FROM _submissions WHERE collection = ${collection} AND parked IS NULL`,
  );
  const ids = found.map(({ id }) => id);
  await remove(tx, ids);
  return ids;
}

async function remove(tx: Unit, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.run(sql`DELETE FROM _submissions WHERE id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
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
  return collection && isObject(parked) ? filesOf(collection, parked) : [];
}
