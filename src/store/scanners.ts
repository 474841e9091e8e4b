import { Refusal } from "../lib/errors.ts";
import { Helper } from "./helper.ts";
import type { Asked, Scanned } from "./task.ts";

/** Scans that wait for a worker at most. */
const longestQueue = 200;

/** Milliseconds after which a worker that was told to stop and did not is deaf. */
const hearing = 1000;

/** Workers that are deaf at most; each of them keeps a core busy, and the log from being folded. */
const mostDeaf = 4;

interface Job {
  readonly asked: Asked;
  readonly resolve: (scanned: Scanned) => void;
  readonly reject: (error: unknown) => void;
  /** Who works on it. */
  helper: Helper | undefined;
  over: boolean;
}

/** The workers that read whole tables. One core is left to the main thread. */
export class Scanners {
  #helpers: readonly Helper[] = [];
  /** Those that somebody else has replaced. */
  readonly #deaf = new Set<Helper>();
  readonly #queue: Job[] = [];
  readonly #most = Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1));
  /** How many wait for there to be no scan. */
  #holds = 0;
  #closed = false;

  constructor(
    readonly entry: string,
    readonly file: string,
    /** Milliseconds that a scan has, waiting for a worker included. */
    readonly timeout: number,
    readonly log: (line: string) => void,
  ) {}

  async scan(asked: Asked, gone?: AbortSignal): Promise<Scanned> {
    if (this.#closed) throw new Refusal("unavailable", "store_closed");
    if (this.#queue.length >= longestQueue) throw new Refusal("unavailable", "too_many_scans");
    const { promise, resolve, reject } = Promise.withResolvers<Scanned>();
    const job: Job = { asked, resolve, reject, helper: undefined, over: false };
    const end = (code: string) => {
      job.over = true;
      if (job.helper) this.#stop(job, job.helper);
      reject(new Refusal("unavailable", code));
    };
    const leave = () => end("client_gone");
    const timer = setTimeout(end, this.timeout, "query_timeout");
    gone?.addEventListener("abort", leave, { once: true });
    this.#queue.push(job);
    this.#next();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      gone?.removeEventListener("abort", leave);
    }
  }

  /** Whether another scan would have to wait. */
  get full(): boolean {
    return this.#queue.length > 0 || this.#helpers.filter((helper) => helper.tasks > 0).length >= this.#most;
  }

  /** Whether a scan runs that ends within its time. */
  get busy(): boolean {
    return this.#helpers.some((helper) => helper.tasks > 0);
  }

  /**
   * Does work while no scan runs: it waits for those that do, for as long as a scan has at most, and the others wait for it.
   * SQLite writes its log from the beginning again only while nobody reads from it, and one scan may follow the other for ever.
   */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    this.#holds++;
    const until = performance.now() + this.timeout;
    try {
      while (this.busy && !this.#closed && performance.now() < until) await Bun.sleep(10);
      return await work();
    } finally {
      this.#holds--;
      this.#next();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#queue.splice(0)) job.reject(new Refusal("unavailable", "store_closed"));
    const helpers = [...this.#helpers, ...this.#deaf];
    for (const helper of helpers) helper.stop();
    await Promise.all(helpers.map((helper) => helper.close()));
  }

  /** What runs between two rows hears nothing: building an index for one query, or sorting what was found. */
  #stop(job: Job, helper: Helper): void {
    helper.stop();
    const retire = () => {
      if (job.helper !== helper || this.#closed || this.#deaf.size >= mostDeaf) return;
      this.#helpers = this.#helpers.filter((other) => other !== helper);
      this.#deaf.add(helper);
      this.log("A query does not stop although its time is over. Another worker takes its place until it ends.");
      this.#next();
    };
    setTimeout(retire, hearing).unref();
  }

  #next(): void {
    while (this.#queue.length > 0 && this.#holds === 0) {
      const helper = this.#idle();
      if (!helper) return;
      const job = this.#queue.shift();
      if (!job || job.over) continue;
      job.helper = helper;
      helper
        .scan(job.asked)
        .then(job.resolve, job.reject)
        .finally(() => {
          job.helper = undefined;
          if (this.#deaf.delete(helper)) void helper.close();
          this.#next();
        });
    }
  }

  #idle(): Helper | undefined {
    const idle = this.#helpers.find((helper) => helper.tasks === 0);
    if (idle || this.#helpers.length >= this.#most) return idle;
    const helper = new Helper(this.entry, this.file);
    this.#helpers = [...this.#helpers, helper];
    return helper;
  }
}
