import { clock } from "../lib/dates.ts";
import type { Store } from "../store/engine.ts";
import { sql } from "../store/sql.ts";

/** Work that comes back: mails once a day, and everything that is tidied up. */
export interface Rounds {
  /** From now on `run` is called each `milliseconds`, also over restarts; the first time soon. A name has one `run`: the last. */
  every(name: string, milliseconds: number, run: () => Promise<void>): void;
  /** Begins to look each minute for what is due; a command beside a running server does not. */
  start(): void;
  /** Runs what is due, one after the other, and answers when that is done. */
  due(): Promise<void>;
  /** Runs this one now, whenever it is due. Throws what it throws. */
  run(name: string): Promise<void>;
  /** Begins nothing more; what is running has a second. */
  close(): Promise<void>;
}

interface Round {
  readonly milliseconds: number;
  readonly run: () => Promise<void>;
}

/** Milliseconds between two looks. */
const pause = 60_000;
/** Milliseconds before a round that failed is tried again. */
const pauseAfterFailure = 600_000;
/** Milliseconds that a round under way has at the end. */
const patience = 1_000;

/** Opens the rounds of a project. When each was last made is kept in `_params`, as `round:NAME`. */
export function openRounds({
  store,
  logs,
}: {
  readonly store: Store;
  readonly logs: { fault(id: string, error: unknown): void };
}): Rounds {
  const rounds = new Map<string, Round>();
  const failed = new Map<string, number>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let running: Promise<void> | undefined;
  let closed = false;

  async function make(name: string, round: Round): Promise<void> {
    await round.run();
    const moment = String(clock());
    await store.write((tx) =>
      tx.run(
        sql`INSERT INTO _params (key, value) VALUES (${keyOf(name)}, ${moment})
            ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
      ),
    );
  }

  async function makeDue(): Promise<void> {
    for (const [name, round] of rounds) {
      if (closed) return;
      try {
        const last = await store.first<{ value: string }>(sql`SELECT value FROM _params WHERE key = ${keyOf(name)}`);
        const due = last ? Number(last.value) + round.milliseconds : 0;
        if (clock() >= Math.max(due, failed.get(name) ?? 0)) await make(name, round);
      } catch (error) {
        failed.set(name, clock() + pauseAfterFailure);
        logs.fault(`round ${name}`, error);
      }
    }
  }

  function due(): Promise<void> {
    return (running ??= makeDue().finally(() => (running = undefined)));
  }

  return {
    every: (name, milliseconds, run) => void rounds.set(name, { milliseconds, run }),
    start: () => {
      if (timer || closed) return;
      timer = setInterval(() => void due(), pause);
      timer.unref();
    },
    due,
    run: async (name) => {
      const round = rounds.get(name);
      if (!round) throw new Error(`There is no round ${name}.`);
      await make(name, round);
    },
    close: async () => {
      closed = true;
      clearInterval(timer);
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const end = setTimeout(resolve, patience);
      await Promise.race([running, late]);
      clearTimeout(end);
    },
  };
}

function keyOf(name: string): string {
  return `round:${name}`;
}
