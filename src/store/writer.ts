import { AsyncLocalStorage } from "node:async_hooks";
import { Refusal } from "../lib/errors.ts";
import type { Connection } from "./connection.ts";
import type { Dialect } from "./dialect.ts";
import type { Unit, WriteOptions } from "./engine.ts";
import { isBusy, lost } from "./failures.ts";
import type { Keeper } from "./keeper.ts";
import type { Wal } from "./wal.ts";
import { Work } from "./work.ts";

/** How many units one commit holds at most, and for how many milliseconds units are added to it. */
const largest = 256;
const longest = 10;

/** Milliseconds that a unit has, and that the engine waits for a lock somebody else holds. */
export interface Limits {
  readonly unit: number;
  readonly lock: number;
}

interface Waiting {
  readonly work: (tx: Unit) => Promise<unknown>;
  /** Milliseconds it has, where they are not those of every unit. */
  readonly time: number | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Units that share a commit: who is answered what once it is on disk, and what made SQLite give up all of them. */
interface Group {
  readonly done: { readonly waiting: Waiting; readonly value: unknown }[];
  failure: unknown;
}

/** Ends a unit that waits for something else; one that only asks its `tx` lets no timer in, and is ended by that. */
interface Overrun {
  readonly promise: Promise<never>;
  clear(): void;
}

function overrunAfter(milliseconds: number): Overrun {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  const timer = setTimeout(() => reject(new Refusal("unavailable", "unit_overrun")), milliseconds);
  return { promise, clear: () => clearTimeout(timer) };
}

/**
 * The one connection that writes. Units run one after another, each in a savepoint; all that wait share one commit and one
 * sync of the log, and nobody is answered before it.
 */
export class Writer {
  readonly #inside = new AsyncLocalStorage<Work>();
  readonly #queue: Waiting[] = [];
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(
    readonly connection: Connection,
    readonly dialect: Dialect,
    readonly wal: Wal,
    readonly keeper: Keeper,
    readonly limits: Limits,
    readonly stored: () => void,
  ) {}

  write<T>(work: (tx: Unit) => Promise<T>, { seconds }: WriteOptions = {}): Promise<T> {
    if (this.#closed) return Promise.reject(new Refusal("unavailable", "store_closed"));
    if (this.#inside.getStore()?.alive) {
      return Promise.reject(new Error("store.write() inside a unit would wait for itself for ever: use its tx."));
    }
    const time = seconds === undefined ? undefined : seconds * 1000;
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, time, resolve: (value) => resolve(value as T), reject });
      this.#running ??= this.#run();
    });
  }

  /** Refuses new units and waits for those that were accepted. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
    await this.wal.settled();
  }

  async #run(): Promise<void> {
    // Whatever else arrives in this turn of the event loop joins the first group.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      if (this.wal.full) await this.wal.free();
      if (this.keeper.pause) await this.keeper.pause;
      try {
        this.keeper.check();
        await this.#begin();
      } catch (error) {
        for (const waiting of this.#queue.splice(0)) waiting.reject(lost(error));
        continue;
      }
      this.#commit(await this.#group());
    }
    this.#running = undefined;
  }

  /** Takes the write lock. A busy lock is tried again by timer, since SQLite would sleep on the main thread. */
  async #begin(): Promise<void> {
    const until = performance.now() + this.limits.lock;
    for (let pause = 1; ; pause = Math.min(pause * 2, 25)) {
      try {
        this.connection.run("BEGIN IMMEDIATE");
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() > until) throw error;
        await Bun.sleep(pause);
      }
    }
  }

  async #group(): Promise<Group> {
    const group: Group = { done: [], failure: undefined };
    const shared = overrunAfter(this.limits.unit);
    const full = performance.now() + longest;
    for (let taken = 0; taken < largest && group.failure === undefined; taken++) {
      const waiting = performance.now() < full ? this.#queue.shift() : undefined;
      if (!waiting) break;
      const own = waiting.time === undefined ? undefined : overrunAfter(waiting.time);
      await this.#unit(waiting, own ?? shared, group);
      own?.clear();
    }
    shared.clear();
    return group;
  }

  async #unit(waiting: Waiting, overrun: Overrun, group: Group): Promise<void> {
    const work = new Work(this.connection, this.dialect, performance.now() + (waiting.time ?? this.limits.unit));
    try {
      this.connection.run("SAVEPOINT unit");
      const value = await Promise.race([this.#inside.run(work, waiting.work, work), overrun.promise]);
      if (work.failure !== undefined) throw work.failure;
      this.connection.run("RELEASE unit");
      group.done.push({ waiting, value });
    } catch (error) {
      group.failure = work.failure ?? this.#undo(error);
      waiting.reject(group.failure === undefined ? error : lost(group.failure));
    } finally {
      work.alive = false;
    }
  }

  /** Undoes one unit. Answers why the others cannot be stored either, if SQLite has given up the transaction. */
  #undo(error: unknown): unknown {
    if (!this.connection.inTransaction) return error;
    try {
      this.connection.run("ROLLBACK TO unit");
      this.connection.run("RELEASE unit");
      return undefined;
    } catch (failure) {
      return failure;
    }
  }

  #commit({ done, failure }: Group): void {
    try {
      if (failure !== undefined) throw failure;
      this.keeper.check();
      this.connection.run("COMMIT");
    } catch (error) {
      if (this.connection.inTransaction) this.connection.run("ROLLBACK");
      for (const { waiting } of done) waiting.reject(lost(error));
      this.keeper.refused(error);
      return;
    }
    if (done.length === 0) return;
    this.wal.sync().then(
      () => {
        for (const { waiting, value } of done) waiting.resolve(value);
        this.stored();
      },
      (error) => {
        this.keeper.failed(error);
        for (const { waiting } of done) waiting.reject(new Refusal("unavailable", "sync_failed"));
      },
    );
    this.keeper.committed();
  }
}
