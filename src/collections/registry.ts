import { Refusal } from "../lib/errors.ts";
import { isOutdated } from "../store/failures.ts";
import type { Collection, Collections } from "./collection.ts";
import { compileSet } from "./compile.ts";

/** Thrown for work that was prepared for a set of collections which has been replaced; nothing of it was stored. */
export class Outdated extends Error {
  override readonly name = "Outdated";
}

/** Holds the newest set of collections. */
export interface Registry {
  readonly current: Collections;
  find(idOrName: string): Collection | undefined;
  /** Inside a change: in the unit that changes the tables, as its last act, so that whoever comes after it knows. */
  swap(next: Collections): void;
  /** Runs one schema change after the other. */
  change<T>(work: (current: Collections) => Promise<T>): Promise<T>;
  /**
   * Work that only reads, with one set of collections; done anew where that was replaced meanwhile, since SQL that was
   * written for another schema may read other columns than it means, or none.
   */
  read<T>(work: (set: Collections) => Promise<T>): Promise<T>;
  /** The same for work that writes: its unit begins with `mustHold`, and it is done anew only where nothing was stored. */
  write<T>(work: (set: Collections) => Promise<T>): Promise<T>;
  /** Throws Outdated where `set` is not the newest. */
  mustHold(set: Collections): void;
  /** Notes that `file` describes these collections, told by their ids, from now on: only there are they changed. */
  declare(file: string, ids: Iterable<string>): void;
  /** The file that describes a collection; `undefined` for those that are changed in the dashboard and over the API. */
  declaredIn(id: string): string | undefined;
}

export function openRegistry(): Registry {
  let current = compileSet([]);
  let declared: ReadonlyMap<string, string> = new Map();
  let last: Promise<unknown> = Promise.resolve();
  let running: Promise<unknown> | undefined;
  /** Pending while the tables may be those of `current` or those before it: its change is not on disk yet. */
  let unsure: Promise<unknown> | undefined;

  async function steady<T>(work: (set: Collections) => Promise<T>, isPassing: (error: unknown) => boolean): Promise<T> {
    for (;;) {
      if (unsure) await unsure;
      const set = current;
      try {
        return await work(set);
      } catch (error) {
        if (set === current || !isPassing(error)) throw error;
      }
    }
  }

  function mustHold(set: Collections): void {
    if (set !== current) throw new Outdated("The collections have been replaced.");
  }

  return {
    get current() {
      return current;
    },
    find: (idOrName) => current.find(idOrName),
    swap: (next) => {
      current = next;
      unsure = running;
    },
    change: (work) => {
      const done = last.then(() => {
        running = settled;
        return work(current);
      });
      const settled = done
        .catch(() => {})
        .finally(() => {
          running = unsure = undefined;
        });
      last = settled;
      return done;
    },
    read: (work) =>
      steady(
        async (set) => {
          const found = await work(set);
          mustHold(set);
          return found;
        },
        () => true,
      ),
    write: (work) => steady(work, storedNothing),
    mustHold,
    declare: (file, ids) => {
      declared = new Map([...ids].map((id) => [id, file]));
    },
    declaredIn: (id) => declared.get(id),
  };
}

/** Whether it is certain that the unit was not stored; after "unavailable" nobody knows. */
function storedNothing(error: unknown): boolean {
  return error instanceof Refusal ? error.kind !== "unavailable" : error instanceof Outdated || isOutdated(error);
}
