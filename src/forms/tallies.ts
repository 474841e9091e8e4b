import { clock, now } from "../lib/dates.ts";
import type { Store } from "../store/engine.ts";
import { sql } from "../store/sql.ts";

/** How often something happened to a form on a day (UTC, `2026-01-02`). */
export interface Tally {
  readonly day: string;
  /** `view`, `send`, `hold`, `refuse`, `problem:FIELD`, `refused-origin:SITE` or `refused-next:SITE`. */
  readonly what: string;
  readonly count: number;
}

/** What happens to forms, counted: a count or two may be lost in a crash, and no visitor waits for one. */
export interface Tallies {
  count(form: string, what: string): void;
  /**
   * Counts `WHAT:NAME` where strangers choose the name: only a few of them a day are told apart, and others are not counted.
   * Whether it is the first of its name today.
   */
  countNamed(form: string, what: string, name: string): boolean;
  /** Since this day, inclusive; the oldest first. */
  since(form: string, day: string): Promise<Tally[]>;
  /** Removes what was counted more than a year ago. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds between two writes, at least. */
const pause = 5_000;
/** Names that strangers choose, of one thing on one day. */
const mostNamed = 5;
const kept = 366 * 24 * 60 * 60 * 1000;

export function openTallies({
  store,
  logs,
}: {
  readonly store: Store;
  readonly logs: { fault(id: string, error: unknown): void };
}): Tallies {
  let counts = new Map<string, { readonly form: string; readonly day: string; readonly what: string; count: number }>();
  let written = clock();
  let named = { day: "", names: new Map<string, Set<string>>() };

  async function write(): Promise<void> {
    const batch = [...counts.values()];
    written = clock();
    if (batch.length === 0) return;
    counts = new Map();
    await store.write((tx) =>
      tx.run(
        sql`INSERT INTO _tallies (form, day, what, count)
            SELECT value ->> 'form', value ->> 'day', value ->> 'what', value ->> 'count' FROM json_each(${JSON.stringify(batch)})
            WHERE true ON CONFLICT (form, day, what) DO UPDATE SET count = count + excluded.count`,
      ),
    );
  }

  function count(form: string, what: string): void {
    const day = now().slice(0, 10);
    const key = `${day} ${form} ${what}`;
    const known = counts.get(key);
    if (known) known.count++;
    else counts.set(key, { form, day, what, count: 1 });
    if (clock() - written >= pause) write().catch((error) => logs.fault("tallies", error));
  }

  return {
    count,
    countNamed: (form, what, name) => {
      const day = now().slice(0, 10);
      if (named.day !== day) named = { day, names: new Map() };
      const key = `${form} ${what}`;
      const names = named.names.get(key) ?? new Set();
      named.names.set(key, names);
      const known = names.has(name);
      if (!known && names.size >= mostNamed) return false;
      names.add(name);
      count(form, `${what}:${name}`);
      return !known;
    },
    since: async (form, day) => {
      await write();
      return store.all<Tally>(
        sql`SELECT day, what, count FROM _tallies WHERE form = ${form} AND day >= ${day} ORDER BY day, what`,
      );
    },
    sweep: async () => {
      const past = new Date(clock() - kept).toISOString().slice(0, 10);
      await store.write((tx) => tx.run(sql`DELETE FROM _tallies WHERE day < ${past}`));
    },
    close: () => write().catch((error) => logs.fault("tallies", error)),
  };
}
