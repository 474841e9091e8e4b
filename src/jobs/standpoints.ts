import { newestEntry } from "../events/outbox.ts";
import { clock } from "../lib/dates.ts";
import type { Unit } from "../store/engine.ts";
import { sql } from "../store/sql.ts";
import { type FollowerParts, keyOf, pastOf, type Standpoint, stale } from "./follower.ts";

interface Stored extends Standpoint {
  /** Since when its code has been missing, in milliseconds since 1970. */
  readonly gone?: number;
}

export interface Standpoints {
  /** By their keys. */
  readonly here: ReadonlyMap<string, Standpoint>;
  /** Everything up to this entry may go, as far as those are concerned whose code is missing. */
  pastOfMissing(): number;
}

/**
 * Where they stand. Who is new begins now, and who is missing keeps its place for a day: a start without a file, as while it is
 * being moved, must not throw away what waits.
 */
export async function findStandpoints(parts: FollowerParts, names: readonly string[]): Promise<Standpoints> {
  const { store, logs } = parts;
  const { here, missing, lines } = await store.write(async (tx) => {
    const rows = await tx.all<{ key: string; value: string }>(
      sql`SELECT key, value FROM _params WHERE key LIKE 'follower:%' ORDER BY key`,
    );
    const known = new Map<string, Stored>(rows.map(({ key, value }) => [key, JSON.parse(value)]));
    const here = new Map<string, Stored>();
    const lines: string[] = [];
    const newest = await newestEntry(tx);
    const families = Map.groupBy(names.map(keyOf), familyOf);
    for (const [family, keys] of families) {
      const before = [...known].filter(([key]) => familyOf(key) === family);
      const together = before.length === keys.length ? undefined : inOne(before.map(([, it]) => it));
      for (const key of keys) {
        const { done, failing } = together ?? known.get(key) ?? { done: newest, failing: [] };
        here.set(key, { done, failing });
      }
    }
    const missing = new Map<string, Required<Stored>>();
    for (const [key, standpoint] of known) {
      // What a handler fewer has left behind, the others of its file have taken over.
      if (families.has(familyOf(key))) continue;
      const gone = standpoint.gone ?? clock();
      const waiting = await countWaiting(parts, tx, key, standpoint);
      const what = `${nameOf(key)}: this "after" is missing from the hooks. Changes that wait for it: ${waiting}.`;
      const isOver = clock() - gone > stale;
      if (!isOver) missing.set(key, { ...standpoint, gone });
      const end = new Date(gone + stale).toISOString();
      lines.push(isOver ? `${what} After a day they are given up.` : `${what} They are kept until ${end}.`);
    }
    const wanted = new Map([...here, ...missing]);
    for (const { key } of rows) {
      if (!wanted.has(key)) await tx.run(sql`DELETE FROM _params WHERE key = ${key}`);
    }
    const texts = new Map(rows.map(({ key, value }) => [key, value]));
    for (const [key, standpoint] of wanted) {
      const text = JSON.stringify(standpoint);
      if (texts.get(key) === text) continue;
      await tx.run(
        sql`INSERT INTO _params (key, value) VALUES (${key}, ${text}) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
      );
    }
    return { here, missing: [...missing.values()], lines };
  });
  for (const line of lines) logs.say(line);
  return {
    here,
    pastOfMissing: () => {
      const kept = missing.filter(({ gone }) => clock() - gone <= stale);
      return Math.min(Number.MAX_SAFE_INTEGER, ...kept.map(pastOf));
    },
  };
}

/** The handlers of one file for one collection: only their number tells them apart. */
function familyOf(key: string): string {
  return key.slice(0, key.lastIndexOf(" "));
}

function nameOf(key: string): string {
  return key.slice(keyOf("").length);
}

/**
 * Where all of them have been: with a handler more or fewer nobody knows which is which, and hearing something twice is allowed.
 * What fails above that is heard anew anyway.
 */
function inOne(standpoints: readonly Standpoint[]): Standpoint | undefined {
  if (standpoints.length === 0) return undefined;
  const done = Math.min(...standpoints.map((it) => it.done));
  const failing = standpoints.flatMap((it) => it.failing).filter(({ id }) => id <= done);
  // Whoever has tried least often comes last, and stays.
  const least = new Map(failing.sort((a, b) => b.tries - a.tries).map((it) => [it.id, it]));
  return { done, failing: [...least.values()] };
}

/** How many changes of its collection it has not heard; which actions its code cares about is not known any more. */
async function countWaiting({ collections }: FollowerParts, tx: Unit, key: string, at: Standpoint): Promise<number> {
  const collection = collections.find(familyOf(key).split(" ").at(-1) ?? "");
  if (!collection) return 0;
  const failing = JSON.stringify(at.failing.map(({ id }) => id));
  const found = await tx.first<{ count: number }>(
    sql`SELECT COUNT(*) AS count FROM _outbox WHERE collection = ${collection.id} AND record <> '' AND action <> 'schema'
        AND (id > ${at.done} OR id IN (SELECT value FROM json_each(${failing})))`,
  );
  return found?.count ?? 0;
}
