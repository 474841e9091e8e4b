import type { Collection, Values } from "../collections/collection.ts";
import { entriesAfter, entriesOf, type Entry, newestEntry } from "../events/outbox.ts";
import { clock } from "../lib/dates.ts";
import { type Shown, withoutSecrets } from "../records/around.ts";
import { findRow } from "../records/read.ts";
import type { Store, Unit } from "../store/engine.ts";
import { sql } from "../store/sql.ts";

/** What has happened to a record: as it is now, or for a delete as it was. */
export interface Happened {
  readonly action: "create" | "update" | "delete";
  /** The name of the collection. */
  readonly collection: string;
  readonly record: Shown;
  /** Of this try, 1 for the first. */
  readonly tries: number;
}

/** Somebody who wants to hear of each change of a collection once it is on disk. */
export interface Hearer {
  /** File, collection and number, the same at every start; where it stands in the outbox is kept under it. */
  readonly name: string;
  /** The name of the collection. */
  readonly collection: string;
  cares(action: string): boolean;
  /** Throws where it must hear of it once more. */
  hear(happened: Happened): Promise<void>;
}

/** How long and how often something that fails is tried again. */
export interface Pace {
  /** Milliseconds before the second try; each further one waits four times as long. */
  readonly first: number;
  /** After as many tries it is given up. */
  readonly most: number;
}

export interface FollowerParts {
  readonly store: Store;
  readonly collections: { find(idOrName: string): Collection | undefined };
  readonly logs: { say(line: string): void; fault(id: string, error: unknown): void };
}

/** An entry that has failed. */
interface Failing {
  readonly id: number;
  readonly tries: number;
  /** Not before this moment, in milliseconds since 1970. */
  readonly due: number;
}

/** Where somebody stands: everything up to `done` has been heard, but for what is `failing`. */
export interface Standpoint {
  readonly done: number;
  readonly failing: readonly Failing[];
}

/** Entries that are read at once; after a crash as many may be heard a second time. */
const batch = 50;
/** Failing entries at a time. While there are so many nothing new is heard, since all of it would fail, too. */
const mostFailing = 100;
/** Milliseconds after which an entry that was never heard is not news any more. */
export const stale = 24 * 60 * 60 * 1000;
/** Milliseconds before another look, where the store itself was in trouble. */
const pause = 5_000;

/** The key of `_params` under which a standpoint is kept. */
export function keyOf(name: string): string {
  return `follower:${name}`;
}

/** Everything up to this entry may go. */
export function pastOf({ done, failing }: Standpoint): number {
  return Math.min(done, ...failing.map(({ id }) => id - 1));
}

/** Goes through the outbox for one hearer, one entry after the other. Others have followers of their own, so nobody waits for it. */
export class Follower {
  #done: number;
  #failing: readonly Failing[];
  /** The standpoint is not what is stored. */
  #moved = false;
  #again = false;
  /** Nothing new is begun. */
  #stopped = false;
  /** What ends from now on counts for nothing. */
  #closed = false;
  #running: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly parts: FollowerParts,
    readonly hearer: Hearer,
    readonly pace: Pace,
    { done, failing }: Standpoint,
  ) {
    this.#done = done;
    this.#failing = failing;
  }

  /** Everything up to this entry may go. */
  get past(): number {
    return pastOf({ done: this.#done, failing: this.#failing });
  }

  wake(): void {
    this.#again = true;
    if (this.#running || this.#stopped) return;
    this.#running = this.#run().then((wait) => {
      this.#running = undefined;
      if (this.#again) this.wake();
      else this.#sleep(wait);
    });
  }

  /** Waits until everything that is due has been heard. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /** Ends, and keeps the standpoint; what is being heard has `patience` milliseconds, and is heard again where they are too few. */
  async stop(patience: number): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, patience);
    await Promise.race([this.#running, late]);
    clearTimeout(timer);
    this.#closed = true;
    if (!this.#moved) return;
    await this.parts.store
      .write((tx) => this.#save(tx))
      .catch((error) => {
        this.parts.logs.fault(this.hearer.name, error);
      });
  }

  /** Answers in how many milliseconds to look again, whatever happens; nothing where something has to happen first. */
  async #run(): Promise<number | undefined> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        await this.#pass();
      } catch (error) {
        // Whether the standpoint is stored is not known.
        this.#moved = true;
        this.parts.logs.fault(this.hearer.name, error);
        return pause;
      }
    }
    if (this.#failing.length === 0) return undefined;
    return Math.max(0, Math.min(...this.#failing.map(({ due }) => due)) - clock());
  }

  /** Reads in a unit: a reader may already see what is not on disk yet. */
  async #pass(): Promise<void> {
    const { store, collections } = this.parts;
    const due = this.#failing.filter((it) => it.due <= clock());
    const room = this.#failing.length < mostFailing;
    const nothingNew = !room || (await newestEntry(store)) <= this.#done;
    if (nothingNew && due.length === 0 && !this.#moved) return;
    const collection = collections.find(this.hearer.collection);
    const read = await store.write(async (tx) => {
      if (this.#moved) await this.#save(tx);
      const again =
        due.length > 0
          ? await entriesOf(
              tx,
              due.map(({ id }) => id),
            )
          : [];
      const fresh = room && collection ? await entriesAfter(tx, collection.id, this.#done, batch) : [];
      return { again, fresh, newest: await newestEntry(tx) };
    });
    for (const failed of due) {
      const entry = read.again.find(({ id }) => id === failed.id);
      if (this.#stopped) return;
      const still = entry && collection ? await this.#hear(collection, entry, failed.tries) : undefined;
      this.#move(this.#done, [...this.#failing.filter((it) => it !== failed), ...(still ? [still] : [])]);
    }
    for (const entry of read.fresh) {
      if (this.#stopped || !collection) return;
      const failed = await this.#hear(collection, entry, 0);
      this.#move(entry.id, [...this.#failing, ...(failed ? [failed] : [])]);
    }
    // What was skipped because it is about other collections need not be stored: it would be skipped again.
    if (room && read.fresh.length < batch) this.#done = Math.max(this.#done, read.newest);
    this.#again = true;
  }

  #move(done: number, failing: readonly Failing[]): void {
    if (this.#closed) return;
    this.#done = done;
    this.#failing = failing;
    this.#moved = true;
  }

  /** Answers what is to be tried again. */
  async #hear(collection: Collection, entry: Entry, before: number): Promise<Failing | undefined> {
    const { hearer, pace } = this;
    const { logs } = this.parts;
    const what = `${hearer.name}: after ${entry.action} of ${collection.name}/${entry.record}`;
    const tries = before + 1;
    try {
      const happened = await this.#happened(collection, entry, tries);
      if (!happened) return undefined;
      if (clock() - entry.created > stale) {
        logs.say(`${what} is given up: it is older than a day.`);
        return undefined;
      }
      await hearer.hear(happened);
      return undefined;
    } catch (error) {
      logs.fault(what, error);
      if (tries < pace.most) return { id: entry.id, tries, due: clock() + pace.first * 4 ** (tries - 1) };
      logs.say(`${what} is given up after ${tries} tries.`);
      return undefined;
    }
  }

  /** `undefined` where there is nothing to hear: of a record that has gone meanwhile only its removal is. */
  async #happened(collection: Collection, entry: Entry, tries: number): Promise<Happened | undefined> {
    const { action, record: id, before } = entry;
    if (action === "schema" || id === "" || !this.hearer.cares(action)) return undefined;
    const stored: Values | undefined =
      action === "delete" ? JSON.parse(before ?? "{}") : await findRow(this.parts.store, collection, id);
    if (!stored) return undefined;
    return { action, collection: collection.name, record: withoutSecrets(collection, { ...stored, id }), tries };
  }

  async #save(tx: Unit): Promise<void> {
    const standpoint: Standpoint = { done: this.#done, failing: this.#failing };
    this.#moved = false;
    await tx.run(
      sql`INSERT INTO _params (key, value) VALUES (${keyOf(this.hearer.name)}, ${JSON.stringify(standpoint)})
          ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    );
  }

  #sleep(milliseconds: number | undefined): void {
    clearTimeout(this.#timer);
    if (this.#stopped || milliseconds === undefined) return;
    this.#timer = setTimeout(() => this.wake(), milliseconds);
    this.#timer.unref();
  }
}
