import { clock } from "../lib/dates.ts";
import type { Store, Unit } from "../store/engine.ts";
import { sql } from "../store/sql.ts";
import { GivenUp, type Job, type Kind, NotYet } from "./job.ts";

/** Of which waiting jobs some are wanted. */
export interface WaitingQuery {
  readonly kind: string;
  readonly limit: number;
  /** As many of one form at most. */
  readonly perForm: number | undefined;
  /** Jobs that are in hand, and forms of which there are enough. */
  readonly inHand: readonly number[];
  readonly full: readonly string[];
}

interface HandsParts {
  readonly store: Store;
  readonly logs: { say(line: string): void; fault(id: string, error: unknown): void };
  waiting(tx: Unit, query: WaitingQuery): Promise<Job[]>;
  nextDue(tx: Unit, kind: string): Promise<number | undefined>;
}

/** A job that has begun. */
interface InHand {
  readonly job: Job;
  readonly end: Promise<void>;
  /** Somebody has asked for it once more. */
  again: boolean;
}

/** What became of a try. */
interface Fate {
  readonly state: Job["state"];
  readonly outcome: string;
  readonly due: number;
  readonly tries: number;
}

/** Jobs of a kind that are read at once. */
const batch = 50;
/** Milliseconds before another look, where the store itself was in trouble. */
const pause = 5_000;
/** Milliseconds between looks at the longest: another process may have added something. */
const longest = 60_000;
/** Milliseconds that what is in hand has at the end. */
const patience = 1_000;
/** Milliseconds until what rests is looked at again, and after which it rests no more. */
const [rest, longestRest] = [60 * 60 * 1000, 30 * 24 * 60 * 60 * 1000];
/** Characters of an outcome that are kept. */
const longestOutcome = 500;

/** Does what is due. The writer is held for a look and for what became of a job, never while one is done. */
export class Hands {
  #kinds: Readonly<Record<string, Kind>> = {};
  /** Read, not begun; by kind. */
  readonly #ready = new Map<string, Job[]>();
  /** Begun, and what became of them is not stored yet. */
  readonly #inHand = new Map<number, InHand>();
  /** Something may have been added since the last look. */
  #expecting = false;
  #looking: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Nothing new is begun. */
  #stopped = false;
  /** What ends from now on is not stored. */
  #closed = false;

  constructor(readonly parts: HandsParts) {}

  work(kinds: Readonly<Record<string, Kind>>): void {
    this.#kinds = kinds;
    this.#ready.clear();
    this.expect();
    this.wake();
  }

  /** Something is added in a unit that runs; `wake` comes when it is on disk. */
  expect(): void {
    this.#expecting = true;
  }

  /** In the unit that asks for it once more: what is in hand is done again after it has ended. */
  again(id: number): void {
    const it = this.#inHand.get(id);
    if (it) it.again = true;
    this.expect();
  }

  wake(): void {
    if (!this.#expecting || this.#looking || this.#stopped || Object.keys(this.#kinds).length === 0) return;
    clearTimeout(this.#timer);
    this.#looking = this.#look().then((wait) => {
      this.#looking = undefined;
      if (this.#expecting && wait === undefined) this.wake();
      else this.#sleep(wait ?? longest);
    });
  }

  async settled(): Promise<void> {
    this.expect();
    this.wake();
    while (this.#looking || this.#inHand.size > 0) {
      await this.#looking;
      await Promise.all([...this.#inHand.values()].map(({ end }) => end));
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#ready.clear();
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, patience);
    const hands = [...this.#inHand.values()].map(({ end }) => end);
    await Promise.race([Promise.all([this.#looking, ...hands]), late]);
    clearTimeout(timer);
    this.#closed = true;
  }

  /**
   * Answers in how many milliseconds to look again, whatever happens. It looks in a unit: a reader may already see what is not on
   * disk yet.
   */
  async #look(): Promise<number | undefined> {
    this.#expecting = false;
    const kinds = Object.entries(this.#kinds).filter(([name]) => !this.#ready.get(name)?.length);
    try {
      const next = await this.parts.store.write(async (tx) => {
        const dues: number[] = [];
        for (const [name, kind] of kinds) {
          this.#ready.set(name, await this.parts.waiting(tx, this.#wanted(name, kind)));
          const due = await this.parts.nextDue(tx, name);
          if (due !== undefined) dues.push(due);
        }
        return dues.length > 0 ? Math.max(0, Math.min(...dues) - clock()) : undefined;
      });
      this.#begin();
      return next === undefined || this.#expecting ? undefined : Math.min(next, longest);
    } catch (error) {
      this.#expecting = true;
      this.#ready.clear();
      this.parts.logs.fault("jobs", error);
      return pause;
    }
  }

  #wanted(name: string, { perForm }: Kind): WaitingQuery {
    const its = this.#its(name);
    const full =
      perForm === undefined ? [] : its.map(({ job }) => job.form).filter((form) => !this.#mayBegin(name, form));
    // Those in hand still wait as far as the table knows.
    return { kind: name, limit: batch, perForm, inHand: its.map(({ job }) => job.id), full };
  }

  #its(name: string): InHand[] {
    return [...this.#inHand.values()].filter(({ job }) => job.kind === name);
  }

  #mayBegin(name: string, form: string): boolean {
    const most = this.#kinds[name]?.perForm ?? Number.POSITIVE_INFINITY;
    return this.#its(name).filter(({ job }) => job.form === form).length < most;
  }

  /**
   * Begins as many as may be done beside each other, and looks for more where all that was read has been begun. What a form has too
   * much of is put back: it waits in the table.
   */
  #begin(): void {
    if (this.#stopped) return;
    for (const [name, kind] of Object.entries(this.#kinds)) {
      const ready = this.#ready.get(name) ?? [];
      let busy = this.#its(name).length;
      while (busy < kind.atOnce) {
        const job = ready.shift();
        if (!job) break;
        if (!this.#mayBegin(name, job.form)) continue;
        busy++;
        const end = this.#do(kind, job).finally(() => {
          this.#inHand.delete(job.id);
          this.#begin();
          if (!this.#ready.get(name)?.length) {
            this.expect();
            this.wake();
          }
        });
        this.#inHand.set(job.id, { job, end, again: false });
      }
    }
  }

  async #do(kind: Kind, job: Job): Promise<void> {
    const fate = await this.#try(kind, job);
    const { store, logs } = this.parts;
    const outcome = fate.outcome.slice(0, longestOutcome);
    if (fate.state === "failed") logs.say(`The job ${job.id} (${job.kind}) has failed; why, stands in the dashboard.`);
    // It stays in hand until this is stored: otherwise it would be done a second time.
    while (!this.#closed) {
      try {
        await store.write((tx) => {
          const again = this.#inHand.get(job.id)?.again ?? false;
          const state = again ? "waiting" : fate.state;
          const tries = again ? 0 : fate.tries;
          const due = again ? clock() : fate.due;
          const ended = state === "waiting" ? null : clock();
          return tx.run(
            sql`UPDATE _jobs SET state = ${state}, tries = ${tries}, due = ${due}, outcome = ${outcome}, ended = ${ended}
                WHERE id = ${job.id}`,
          );
        });
        return;
      } catch (error) {
        logs.fault(`job ${job.id}`, error);
        if (this.#stopped) return;
        await Bun.sleep(pause);
      }
    }
  }

  async #try(kind: Kind, job: Job): Promise<Fate> {
    const tries = job.tries + 1;
    try {
      return { state: "done", outcome: await kind.run(job.payload, job), due: job.due, tries };
    } catch (error) {
      const outcome = error instanceof Error ? error.message : String(error);
      if (error instanceof NotYet && clock() - job.created < longestRest) {
        return { state: "waiting", outcome, due: clock() + rest, tries: job.tries };
      }
      const delay = error instanceof NotYet ? undefined : kind.delays[job.tries];
      if (error instanceof GivenUp || delay === undefined) return { state: "failed", outcome, due: job.due, tries };
      return { state: "waiting", outcome, due: clock() + delay, tries };
    }
  }

  #sleep(milliseconds: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.expect();
      this.wake();
    }, milliseconds);
    this.#timer.unref();
  }
}
