import { AsyncLocalStorage } from "node:async_hooks";
import type { Around, Hooks } from "../records/around.ts";
import { inTime } from "./deadline.ts";
import type { After, Handlers, Wishes } from "./handlers.ts";
import { type Patience, surround } from "./surroundings.ts";

/** Milliseconds that people's code has around a change. */
const usual: HookPatience = { before: 10_000, within: 50, after: 30_000 };

export interface HookPatience extends Patience {
  readonly after: number;
}

/** Code that hears of changes once they are on disk. */
export interface Listener {
  /** File, collection and number: the same at every start, as long as the file has as many handlers in the same order. */
  readonly name: string;
  /** The name of the collection. */
  readonly collection: string;
  cares(action: string): boolean;
  /** Throws where it must hear of it once more. */
  hear(change: Formstead.Stored): Promise<void>;
}

/** The hooks that hold at this moment. */
export interface HookSet extends Hooks {
  /** From now on these hold. */
  use(wishes: Wishes): void;
  readonly listeners: readonly Listener[];
}

/** Opens a set in which nothing is hooked. */
export function openHookSet(say: (line: string) => void, patient: Partial<HookPatience> = {}): HookSet {
  const patience = { ...usual, ...patient };
  const path = new AsyncLocalStorage<readonly string[]>();
  let around: ReadonlyMap<string, Around> = new Map();
  let listeners: readonly Listener[] = [];
  return {
    around: ({ name }) => (around.size === 0 ? undefined : around.get(name)),
    hearsOfRemoval: ({ id, name }) =>
      listeners.some((it) => (it.collection === name || it.collection === id) && it.cares("delete")),
    use: (wishes) => {
      const hooked = [...wishes].filter(([, { before, within }]) => before.length + within.length > 0);
      around = new Map(hooked.map(([name, handlers]) => [name, surround(name, handlers, { path, patience, say })]));
      listeners = [...wishes].flatMap(([name, handlers]) => listenersOf(name, handlers, patience.after));
    },
    get listeners() {
      return listeners;
    },
  };
}

function listenersOf(collection: string, { after }: Pick<Handlers, "after">, patience: number): Listener[] {
  const counts = new Map<string, number>();
  return after.map(({ file, on }) => {
    const count = (counts.get(file) ?? 0) + 1;
    counts.set(file, count);
    return {
      name: `${nameOf(file)} ${collection} ${count}`,
      collection,
      cares: (action) => Object.hasOwn(on, action),
      hear: async (change) => {
        const late = () => new Error(`It took longer than ${patience} ms after ${change.action} of ${collection}.`);
        await inTime<unknown>(patience, () => tell(on, change), late);
      },
    };
  });
}

function tell(on: After, change: Formstead.Stored): void | Promise<void> {
  return on[change.action]?.(change);
}

/** The folder may be moved. */
function nameOf(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}
