import type { Collection, Collections } from "./collection.ts";
import { compileSet } from "./compile.ts";

/** Holds the newest set of collections. */
export interface Registry {
  readonly current: Collections;
  find(idOrName: string): Collection | undefined;
  swap(next: Collections): void;
  /** Runs one schema change after the other. */
  change<T>(work: (current: Collections) => Promise<T>): Promise<T>;
  /** Resolves when no schema change is under way. */
  settled(): Promise<void>;
}

export function openRegistry(): Registry {
  let current = compileSet([]);
  let last: Promise<unknown> = Promise.resolve();
  return {
    get current() {
      return current;
    },
    find: (idOrName) => current.find(idOrName),
    swap: (next) => {
      current = next;
    },
    change: (work) => {
      const done = last.then(() => work(current));
      last = done.catch(() => {});
      return done;
    },
    settled: async () => {
      await last;
    },
  };
}
