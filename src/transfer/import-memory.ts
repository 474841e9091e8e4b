import { now } from "../lib/dates.ts";
import { isObject, parseJson } from "../lib/json.ts";
import type { Store } from "../store/engine.ts";
import { sql } from "../store/sql.ts";

/** Which files have been imported, so that whoever sends one again is told. */
export interface ImportMemory {
  /** When a file, by its hash, was imported into the same; `undefined` where it never was. */
  last(into: string, hash: string): Promise<string | undefined>;
  note(into: string, hash: string): Promise<void>;
}

/** As many files as are remembered of each place. */
const most = 50;

export function openImportMemory(store: Pick<Store, "first" | "write">): ImportMemory {
  const read = async (reading: Pick<Store, "first">, into: string) => {
    const row = await reading.first<{ value: string }>(sql`SELECT value FROM _params WHERE key = ${keyOf(into)}`);
    const known = row && parseJson(row.value)?.value;
    return isObject(known) ? known : {};
  };
  return {
    last: async (into, hash) => {
      const moment = (await read(store, into))[hash];
      return typeof moment === "string" ? moment : undefined;
    },
    note: (into, hash) =>
      store.write(async (tx) => {
        const { [hash]: _, ...others } = await read(tx, into);
        const kept = Object.fromEntries([...Object.entries(others).slice(1 - most), [hash, now()]]);
        const text = JSON.stringify(kept);
        await tx.run(
          sql`INSERT INTO _params (key, value) VALUES (${keyOf(into)}, ${text}) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
        );
      }),
  };
}

function keyOf(into: string): string {
  return `import:${into}`;
}
