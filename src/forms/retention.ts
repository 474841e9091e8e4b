import { clock, stamp } from "../lib/dates.ts";
import { Refusal } from "../lib/errors.ts";
import type { Sql } from "../store/sql.ts";
import { sql } from "../store/sql.ts";
import { type InboxParts, mostPurged, openInbox, purgeAll } from "./inbox.ts";

const day = 24 * 60 * 60 * 1000;
/** Days until what an owner has deleted is gone for good. */
const deletedFor = 30;

interface Old {
  readonly id: string;
  readonly parked: number;
}

/**
 * Removes for good what is older than its form keeps answers, and what was deleted 30 days ago: records, submissions and files, some
 * at a time. What something else needs stays; answers how many did.
 */
export async function retire(parts: InboxParts): Promise<number> {
  const forms = await parts.store.all<{ id: string; retention: number }>(sql`SELECT id, retention FROM _forms`);
  const past = stamp(clock() - deletedFor * day);
  let kept = 0;
  for (const { id, retention } of forms) {
    kept += await removeEach(parts, sql`form = ${id} AND state = 'deleted' AND test IN (0, 1) AND updated < ${past}`);
    if (retention === 0) continue;
    const before = stamp(clock() - retention * day);
    const states = sql`state IN ('new', 'read', 'spam', 'deleted') AND test IN (0, 1)`;
    kept += await removeEach(parts, sql`form = ${id} AND ${states} AND created < ${before}`);
  }
  return kept;
}

/** Answers how many stay because something needs them. */
async function removeEach(parts: InboxParts, which: Sql): Promise<number> {
  const kept: string[] = [];
  for (;;) {
    const found = await parts.store.all<Old>(
      sql`SELECT id, parked IS NOT NULL AS parked FROM _submissions
          WHERE ${which} AND id NOT IN (SELECT value FROM json_each(${JSON.stringify(kept)})) LIMIT ${mostPurged}`,
    );
    for (const { id, parked } of found) if (!parked && !(await isParted(parts, id))) kept.push(id);
    await purgeAll(
      parts,
      found.map(({ id }) => id),
    );
    if (found.length < mostPurged) return kept.length;
  }
}

/** Parts an answer from its collection. False where something needs its record. */
async function isParted(parts: InboxParts, id: string): Promise<boolean> {
  try {
    await openInbox(parts).remove(id);
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.kind === "bad request") return false;
    throw error;
  }
}
