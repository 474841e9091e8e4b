import { closeSync, fdatasync, openSync } from "node:fs";

export type Sync = (fd: number) => Promise<void>;

/** Asks the disk to keep what was written to a file; waits on the thread pool, not on the main thread. */
export const diskSync: Sync = (fd) =>
  new Promise((resolve, reject) => fdatasync(fd, (error) => (error ? reject(error) : resolve())));

const atOnce = 2;

/**
 * The write-ahead log as a file that must reach the disk. Two syncs may be under way, so that one group is written while
 * the one before it is synced, and they answer in the order in which they were asked: a record in the log counts only if
 * all before it are whole.
 */
export class Wal {
  /** One descriptor for each: Linux tells of a failed write once per descriptor, and with a shared one the wrong sync could hear it. */
  readonly #idle: number[] = [];
  readonly #flights = new Set<Promise<void>>();
  #last: Promise<void> = Promise.resolve();

  /** The log must exist, and stays the same file while a connection that has read from it is open. */
  constructor(
    readonly file: string,
    readonly disk: Sync,
  ) {
    this.#open();
  }

  /** True while no other sync may start. */
  get full(): boolean {
    return this.#flights.size === atOnce;
  }

  /** Resolves once another sync may start. */
  async free(): Promise<void> {
    while (this.full) await Promise.race(this.#flights).catch(() => {});
  }

  /** Resolves once nothing is under way, whatever became of it. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#flights);
  }

  /** Resolves once everything that is in the log now is on disk; rejects if that, or anything before it, failed. */
  sync(): Promise<void> {
    const mine = this.#sync();
    this.#flights.add(mine);
    mine.catch(() => {}).finally(() => this.#flights.delete(mine));
    this.#last = this.#last.then(() => mine);
    return this.#last;
  }

  /** Starts anew after a failure, with descriptors that have not seen it; nothing may be under way. */
  reopen(): void {
    this.close();
    this.#open();
    this.#last = Promise.resolve();
  }

  close(): void {
    for (const fd of this.#idle.splice(0)) closeSync(fd);
  }

  #open(): void {
    // Windows flushes only what is open for writing.
    for (let n = 0; n < atOnce; n++) this.#idle.push(openSync(this.file, "r+"));
  }

  async #sync(): Promise<void> {
    const fd = this.#idle.pop();
    if (fd === undefined) throw new Error("More syncs were started than may be under way.");
    try {
      await this.disk(fd);
    } finally {
      this.#idle.push(fd);
    }
  }
}
