import { clock } from "../lib/dates.ts";
import type { Unit } from "../store/engine.ts";
import { sql } from "../store/sql.ts";

/** What changed: one entry for each record written, made in the unit that writes it. */
export interface Change {
  readonly collection: string;
  readonly record: string;
  readonly action: "create" | "update" | "delete" | "schema";
  /** The stored row as JSON text, for a delete: nobody can read it any more. */
  readonly before?: string | undefined;
}

export interface Outbox {
  append(tx: Unit, change: Change): Promise<void>;
}

const kept = 60 * 60 * 1000;
const sweepEvery = 60 * 1000;
/** As many past entries as one sweep removes, so that no unit is held up; while there are more, the next entry sweeps again. */
const sweepAtOnce = 1000;

/** Opens the outbox. Entries are kept for an hour; past ones are removed in bulk beside a later entry. */
export function openOutbox(): Outbox {
  let swept = clock();
  return {
    append: async (tx, { collection, record, action, before = null }) => {
      const moment = clock();
      await tx.run(
        sql`INSERT INTO _outbox (collection, record, action, before, created)
            VALUES (${collection}, ${record}, ${action}, ${before}, ${moment})`,
      );
      if (moment - swept < sweepEvery) return;
      if ((await sweep(tx, moment - kept)) < sweepAtOnce) swept = moment;
    },
  };
}

/** Entries come in the order of their moments, so the oldest have the lowest numbers. The newest one stays. */
function sweep(tx: Unit, before: number): Promise<number> {
  return tx.run(
    sql`DELETE FROM _outbox WHERE created < ${before}
        AND id IN (SELECT id FROM _outbox WHERE id < (SELECT MAX(id) FROM _outbox) ORDER BY id LIMIT ${sweepAtOnce})`,
  );
}
