import { isObject, parseJson } from "../../lib/json.ts";
import type { Reading, Unit } from "../../store/engine.ts";
import { sql } from "../../store/sql.ts";

const key = "import:pocketbase";

/** How far an import has come, so that one which was ended in the middle goes on there. */
export interface Journey {
  /** The number of the last row of a collection that is here. */
  reached(collection: string): number;
  /** Belongs in the unit that stores the rows up to this one. */
  note(tx: Unit, collection: string, row: number): Promise<void>;
  /** It is at its end: the next one begins anew. */
  end(tx: Unit): Promise<void>;
}

/** Reads how far an import of this very state of the source has come; of another state nothing is known. */
export async function openJourney(reading: Pick<Reading, "first">, stamp: string): Promise<Journey> {
  const row = await reading.first<{ value: string }>(sql`SELECT value FROM _params WHERE key = ${key}`);
  const known = row && parseJson(row.value)?.value;
  const reached = new Map<string, number>();
  if (isObject(known) && known["stamp"] === stamp && isObject(known["reached"])) {
    for (const [collection, number] of Object.entries(known["reached"])) reached.set(collection, Number(number));
  }
  return {
    reached: (collection) => reached.get(collection) ?? 0,
    note: async (tx, collection, number) => {
      reached.set(collection, number);
      const value = JSON.stringify({ stamp, reached: Object.fromEntries(reached) });
      await tx.run(
        sql`INSERT INTO _params (key, value) VALUES (${key}, ${value}) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
      );
    },
    end: async (tx) => {
      await tx.run(sql`DELETE FROM _params WHERE key = ${key}`);
    },
  };
}
