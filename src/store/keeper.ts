import type { Refusal } from "../lib/errors.ts";
import type { Connection } from "./connection.ts";
import { lost } from "./failures.ts";
import type { Helper } from "./helper.ts";
import type { Scanners } from "./scanners.ts";
import type { CheckpointMode } from "./task.ts";
import type { Wal } from "./wal.ts";

/**
 * Frames of the log (4 KB each) at which it is folded into the file, at which writers wait for that, and at which it is cut. Pages
 * that are written again and again are folded once: with 16 MB of them a create takes a tenth less than with 4 MB.
 */
const due = 4000;
const long = 8000;
const huge = 16_000;

interface Frames {
  readonly log: number;
  readonly checkpointed: number;
}

/** Keeps the log short, and keeps writers away from it while it cannot be trusted. */
export class Keeper {
  /** Pending while writers must wait for the log to be folded. */
  pause: Promise<void> | undefined;
  #unsafe: Refusal | undefined;
  #work: Promise<void> | undefined;
  #notBefore = 0;
  /** Told once, not for every group. */
  #refusing = false;
  #stuck = false;
  #closed = false;

  constructor(
    /** One that reads: SQLite does not count on a connection that is in a transaction. */
    readonly connection: Connection,
    readonly wal: Wal,
    readonly helper: Helper,
    readonly scanners: Pick<Scanners, "alone" | "busy">,
    readonly log: (line: string) => void,
  ) {}

  /** Throws while nothing may be written. */
  check(): void {
    if (this.#unsafe) throw this.#unsafe;
  }

  /** To be called after each commit. */
  committed(): void {
    this.#refusing = false;
    this.look();
  }

  /** Folds the log where it has grown; a program that was killed may have left a long one. */
  look(): void {
    if (this.#work || performance.now() < this.#notBefore) return;
    const { log, checkpointed } = this.#frames();
    if (log - checkpointed >= due) this.#work = this.#fold().finally(() => (this.#work = undefined));
  }

  /** To be called when a commit failed. Once folded, the log can be written from its beginning, which needs no room. */
  refused(error: unknown): void {
    if (!this.#refusing) this.log(`Writes are refused: ${told(error)}`);
    this.#refusing = true;
    if (this.#work || this.#unsafe || performance.now() < this.#notBefore) return;
    this.#notBefore = performance.now() + 1000;
    this.#work = this.#fold().finally(() => (this.#work = undefined));
  }

  /**
   * To be called when a sync failed. The pages it spoke of may never reach the disk although the system now calls them clean,
   * so that a later sync would succeed without them; and what is written behind them in the log would be lost with them
   * at the next start, which reads the log up to its first broken frame. So nothing is written until the log is empty:
   * a checkpoint copies what it holds into the database file and has that synced by SQLite. Groups that were refused may
   * be among what it copies: refused means that nobody was promised anything, not that it never happened.
   */
  failed(error: unknown): void {
    if (this.#unsafe) return;
    this.#unsafe = lost(error);
    this.log(`The log could not be synced, nothing is written until it is safe again: ${told(error)}`);
    this.#recover();
  }

  /** Folds what is left while other connections are still open; the last one to close does the same by itself. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#work;
    await this.helper.close();
  }

  async #recover(): Promise<void> {
    for (let wait = 100; !this.#closed; wait = Math.min(wait * 2, 5000)) {
      try {
        await this.wal.settled();
        const { busy } = await this.scanners.alone(() => this.helper.checkpoint("TRUNCATE"));
        if (!busy) {
          this.wal.reopen();
          await this.wal.sync();
          this.#unsafe = undefined;
          this.log("The log is safe again, writing goes on.");
          return;
        }
      } catch (error) {
        this.log(`The log is still not safe: ${told(error)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, wait).unref());
    }
  }

  /**
   * The first round runs beside writers and cannot catch up with them. Where the log has grown long all the same they wait
   * for a second round, which has little left to do; after it the log is written from its beginning again.
   */
  async #fold(): Promise<void> {
    try {
      await this.helper.checkpoint("PASSIVE");
      const { log } = this.#frames();
      if (log >= huge) await this.scanners.alone(() => this.#secondRound("TRUNCATE"));
      else if (log >= long) await this.#secondRound("PASSIVE");
      const { log: all, checkpointed } = this.#frames();
      this.#tell(all - checkpointed);
      // A reader that holds an old state is in the way; asking after each commit would not make it faster.
      if (all - checkpointed >= due) this.#notBefore = performance.now() + 1000;
    } catch (error) {
      this.#notBefore = performance.now() + 1000;
      this.log(`The log could not be folded into the database: ${told(error)}`);
    }
  }

  async #secondRound(mode: CheckpointMode): Promise<void> {
    // A copy may be under way in the same worker by now; writers do not wait for that.
    if (this.helper.tasks > 0) return;
    const second = this.helper.checkpoint(mode).then(() => {});
    this.pause = second.catch(() => {}).finally(() => (this.pause = undefined));
    await second;
  }

  /** A log that only grows fills the disk in the end. A scan of ours that is in the way ends by itself. */
  #tell(left: number): void {
    if (this.#stuck && left < due) {
      this.#stuck = false;
      this.log("The log is folded again.");
    }
    if (this.#stuck || left < long || this.scanners.busy) return;
    this.#stuck = true;
    const size = Math.round((left * 4) / 1024);
    const why = "Another program, or a query that does not stop, still reads what was there before";
    this.log(`${why}: the log holds ${size} MB that cannot be folded into the database until that ends.`);
  }

  /** NOOP only counts. */
  #frames(): Frames {
    return this.connection.first<Frames>("PRAGMA wal_checkpoint(NOOP)") ?? { log: 0, checkpointed: 0 };
  }
}

function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
