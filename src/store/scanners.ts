import { Refusal } from "../lib/errors.ts";
import { Helper } from "./helper.ts";
import type { Value } from "./sql.ts";
import type { Scanned } from "./task.ts";

/** Scans that wait for a worker at most. */
const longestQueue = 200;

interface Job {
  readonly text: string;
  readonly values: readonly Value[];
  readonly resolve: (scanned: Scanned) => void;
  readonly reject: (error: unknown) => void;
  /** Who works on it. */
  helper: Helper | undefined;
  over: boolean;
}

/** The workers that read whole tables. One core is left to the main thread. */
export class Scanners {
  readonly #helpers: Helper[] = [];
  readonly #queue: Job[] = [];
  readonly #most = Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1));
  #closed = false;

  constructor(
    readonly entry: string,
    readonly file: string,
    /** Milliseconds that a scan has, waiting for a worker included. */
    readonly timeout: number,
  ) {}

  async scan(text: string, values: readonly Value[], gone?: AbortSignal): Promise<Scanned> {
    if (this.#closed) throw new Refusal("unavailable", "store_closed");
    if (this.#queue.length >= longestQueue) throw new Refusal("unavailable", "too_many_scans");
    const { promise, resolve, reject } = Promise.withResolvers<Scanned>();
    const job: Job = { text, values, resolve, reject, helper: undefined, over: false };
    const end = (code: string) => {
      job.over = true;
      job.helper?.stop();
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

  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#queue.splice(0)) job.reject(new Refusal("unavailable", "store_closed"));
    for (const helper of this.#helpers) helper.stop();
    await Promise.all(this.#helpers.map((helper) => helper.close()));
  }

  #next(): void {
    while (this.#queue.length > 0) {
      const helper = this.#idle();
      if (!helper) return;
      const job = this.#queue.shift();
      if (!job || job.over) continue;
      job.helper = helper;
      helper
        .scan(job.text, job.values)
        .then(job.resolve, job.reject)
        .finally(() => {
          job.helper = undefined;
          this.#next();
        });
    }
  }

  #idle(): Helper | undefined {
    const idle = this.#helpers.find((helper) => helper.tasks === 0);
    if (idle || this.#helpers.length >= this.#most) return idle;
    const helper = new Helper(this.entry, this.file);
    this.#helpers.push(helper);
    return helper;
  }
}
