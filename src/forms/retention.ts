import { clock, stamp } from "../lib/dates.ts";
import { Refusal } from "../lib/errors.ts";
import type { Sql } from "../store/sql.ts";
import { sql } from "../store/sql.ts";
import type { Logs } from "../logs/logs.ts";
import { type Inbox, type InboxParts, mostPurged, purgeAll } from "./inbox.ts";

export interface RetentionParts extends InboxParts {
  readonly inbox: Pick<Inbox, "purge">;
  readonly logs: Pick<Logs, "fault">;
}

const day = 24 * 60 * 60 * 1000;
/** Days until what an owner has deleted is gone for good. */
const deletedFor = 30;

/** What has filled a trap is kept for those few who did so by accident; programs would fill the disk with it. */
const trapped = sql`state = 'spam' AND test IN (0, 1) AND reasons LIKE '%"honeypot"%'`;

interface Old {
  readonly id: string;
  readonly parked: number;
}

/**
 * Removes for good what is older than its form keeps answers, what was deleted or filled a trap 30 days ago, and what is left of
 * answers whose collection has gone: records, submissions and files, some at a time. What something else needs, or a hook keeps,
 * stays; answers how many did. Where the store is in trouble over one form the others come all the same, and the trouble is thrown
 * at the end.
 */
export async function retire(parts: RetentionParts): Promise<number> {
  const forms = await parts.store.all<{ id: string; retention: number }>(sql`SELECT id, retention FROM _forms`);
  const past = stamp(clock() - deletedFor * day);
  const lost = JSON.stringify(await collectionsLost(parts));
  const kept = new Map<string, unknown>();
  const troubles: unknown[] = [];
  for (const { id, retention } of forms) {
    const before = stamp(clock() - retention * day);
    const states = sql`state IN ('new', 'read', 'spam', 'deleted') AND test IN (0, 1)`;
    try {
      if (lost !== "[]")
        await removeEach(parts, kept, sql`form = ${id} AND collection IN (SELECT value FROM json_each(${lost}))`);
      await removeEach(parts, kept, sql`form = ${id} AND state = 'deleted' AND test IN (0, 1) AND updated < ${past}`);
      await removeEach(parts, kept, sql`${trapped} AND form = ${id} AND created < ${past}`);
      if (retention > 0) await removeEach(parts, kept, sql`form = ${id} AND ${states} AND created < ${before}`);
    } catch (error) {
      troubles.push(error);
    }
  }
  const fault = [...kept.values()].find((error) => !(error instanceof Refusal));
  if (fault !== undefined) parts.logs.fault("retention", fault);
  if (troubles.length > 0) throw troubles[0];
  return kept.size;
}

/** The ids of collections that have gone and left answers behind. */
async function collectionsLost({ store, collections }: RetentionParts): Promise<string[]> {
  const found = await store.scan<{ collection: string }>(
    sql`SELECT DISTINCT collection FROM _submissions WHERE ${store.dialect.tick}`,
  );
  return found.map(({ collection }) => collection).filter((id) => !collections.find(id));
}

/** `kept`: the ids of what stays, and why. */
async function removeEach(parts: RetentionParts, kept: Map<string, unknown>, which: Sql): Promise<void> {
  for (;;) {
    const found = await parts.store.all<Old>(
      sql`SELECT id, parked IS NOT NULL AS parked FROM _submissions
          WHERE ${which} AND id NOT IN (SELECT value FROM json_each(${JSON.stringify([...kept.keys()])})) LIMIT ${mostPurged}`,
    );
    await purgeAll(
      parts,
      found.flatMap(({ id, parked }) => (parked ? [id] : [])),
    );
    for (const { id } of found.filter(({ parked }) => !parked)) {
      const why = await refusalToGo(parts, id);
      if (why !== undefined) kept.set(id, why);
    }
    if (found.length < mostPurged) return;
  }
}

/** Why an answer that is in its collection does not go; nothing where it has gone. */
async function refusalToGo({ inbox }: RetentionParts, id: string): Promise<unknown> {
  try {
    await inbox.purge(id);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) return error;
    if (error.kind === "unavailable" || error.kind === "no room") throw error;
    return error.kind === "not found" && error.code === "not_found" ? undefined : error;
  }
}
