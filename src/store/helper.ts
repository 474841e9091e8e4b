import { Worker } from "node:worker_threads";
import type { Answer, Asked, CheckpointMode, Checkpointed, Opening, Order, Scanned, Task } from "./task.ts";

/** Milliseconds that closing waits for a worker. */
const patience = 1000;

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** A worker on one database, started when it is first needed. It keeps the process alive only while it has something to do. */
export class Helper {
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #id = 0;

  constructor(
    readonly entry: string,
    readonly file: string,
  ) {}

  /** Tasks that have not been answered yet. */
  get tasks(): number {
    return this.#waiting.size;
  }

  async scan(asked: Asked): Promise<Scanned> {
    const answer = await this.#ask({ kind: "scan", ...asked });
    if ("scanned" in answer) return answer.scanned;
    throw unexpected(answer);
  }

  async checkpoint(mode: CheckpointMode): Promise<Checkpointed> {
    const answer = await this.#ask({ kind: "checkpoint", mode });
    if ("checkpointed" in answer) return answer.checkpointed;
    throw unexpected(answer);
  }

  async copy(to: string): Promise<void> {
    const answer = await this.#ask({ kind: "copy", to });
    if (!("done" in answer)) throw unexpected(answer);
  }

  /** Ends the task that runs, if it is a scan, at its next row. */
  stop(): void {
    const [running] = this.#waiting.keys();
    if (running !== undefined) Atomics.store(this.#stop, 0, running);
  }

  /**
   * Waits for what is under way and ends the worker; one that does not hear `stop()` is left alone: it ends with its query,
   * which nothing can end from outside, or with the process.
   */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    const enough = Promise.withResolvers<void>();
    const timer = setTimeout(enough.resolve, patience);
    await Promise.race([this.#ask({ kind: "close" }).catch(() => {}), enough.promise]);
    clearTimeout(timer);
    this.#worker = undefined;
    const ended = worker.terminate();
    worker.unref();
    if (this.tasks === 0) await ended;
  }

  #ask(task: Task): Promise<Answer> {
    const worker = (this.#worker ??= this.#start());
    const id = ++this.#id;
    worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, task } satisfies Order);
    });
  }

  #start(): Worker {
    const worker = new Worker(this.entry);
    worker.on("message", (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (this.#waiting.size === 0) worker.unref();
      if ("fault" in answer)
        waiting?.reject(Object.assign(new Error(answer.fault.message), { code: answer.fault.code }));
      else waiting?.resolve(answer);
    });
    worker.on("error", (error) => this.#fail(worker, error));
    worker.on("exit", () => this.#fail(worker, new Error("A worker of the store ended by itself.")));
    worker.postMessage({ file: this.file, stop: this.#stop } satisfies Opening);
    return worker;
  }

  /** Whoever waits hears of it; the next task starts a new worker. */
  #fail(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}

function unexpected(answer: Answer): Error {
  return new Error(`A worker of the store answered ${JSON.stringify(answer)}.`);
}
