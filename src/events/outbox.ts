import { clock } from "../lib/dates.ts";
import type { Reading, Unit } from "../store/engine.ts";
import { sql } from "../store/sql.ts";

/** What changed: one entry for each record written, made in the unit that writes it. */
export interface Change {
  readonly collection: string;
  readonly record: string;
  readonly action: "create" | "update" | "delete" | "schema";
  /** The stored row as JSON text, for a delete: nobody can read it any more. */
  readonly before?: string | undefined;
}

/** A change as it stands in the outbox. */
export interface Entry extends Change {
  /** Later entries have higher ones. */
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly created: number;
}

export interface Outbox {
  append(tx: Unit, change: Change): Promise<void>;
  /** The same for many, with one statement. */
  appendAll(tx: Unit, changes: readonly Change[]): Promise<void>;
  /** Keeps the entries above the one that `past` answers, however old they are; all that are past may go while it is absent. */
  keepFor(past: (() => number) | undefined): void;
}

const kept = 60 * 60 * 1000;
const sweepEvery = 60 * 1000;
/** As many past entries as one sweep removes, so that no unit is held up; while there are more, the next entry sweeps again. */
const sweepAtOnce = 1000;

/** Opens the outbox. Entries are kept for an hour; past ones are removed in bulk beside a later entry. */
export function openOutbox(): Outbox {
  let swept = clock();
  let needed: (() => number) | undefined;

  async function tidy(tx: Unit, moment: number): Promise<void> {
    if ((await sweep(tx, moment - kept, needed?.() ?? Number.MAX_SAFE_INTEGER)) < sweepAtOnce) swept = moment;
  }

  return {
    keepFor: (past) => {
      needed = past;
    },
    append: async (tx, { collection, record, action, before = null }) => {
      const moment = clock();
      await tx.run(
        sql`INSERT INTO _outbox (collection, record, action, before, created)
            VALUES (${collection}, ${record}, ${action}, ${before}, ${moment})`,
      );
      if (moment - swept >= sweepEvery) await tidy(tx, moment);
    },
    appendAll: async (tx, changes) => {
      const moment = clock();
      await tx.run(
        sql`INSERT INTO _outbox (collection, record, action, before, created)
            SELECT value ->> 'collection', value ->> 'record', value ->> 'action', value ->> 'before', ${moment}
            FROM json_each(${JSON.stringify(changes)}) ORDER BY key`,
      );
      if (moment - swept >= sweepEvery) await tidy(tx, moment);
    },
  };
}

/** Entries come in the order of their moments, so the oldest have the lowest numbers. The newest one stays. */
function sweep(tx: Unit, before: number, upTo: number): Promise<number> {
  return tx.run(
    sql`DELETE FROM _outbox WHERE created < ${before} AND id <= ${upTo}
        AND id IN (SELECT id FROM _outbox WHERE id < (SELECT MAX(id) FROM _outbox) ORDER BY id LIMIT ${sweepAtOnce})`,
  );
}

/** The number of the newest entry; 0 where nothing has happened yet. */
export async function newestEntry(reading: Reading): Promise<number> {
  return (await reading.first<{ id: number | null }>(sql`SELECT MAX(id) AS id FROM _outbox`))?.id ?? 0;
}

/** Entries of a collection after the one with this number, oldest first. */
export function entriesAfter(reading: Reading, collection: string, id: number, limit: number): Promise<Entry[]> {
  return reading.all<Entry>(
    sql`SELECT id, collection, record, action, before, created FROM _outbox
        WHERE id > ${id} AND collection = ${collection} ORDER BY id LIMIT ${limit}`,
  );
}

/** The entries with these numbers that are still there. */
export function entriesOf(reading: Reading, ids: readonly number[]): Promise<Entry[]> {
  return reading.all<Entry>(
    sql`SELECT id, collection, record, action, before, created FROM _outbox
        WHERE id IN (SELECT value FROM json_each(${JSON.stringify(ids)})) ORDER BY id`,
  );
}
