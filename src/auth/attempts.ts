import { clock } from "../lib/dates.ts";
import { Refusal } from "../lib/errors.ts";
import { Lru } from "../lib/lru.ts";
import type { Guess } from "../records/identity.ts";

/** Who tries to show that they are somebody. */
export interface Trier {
  /** The id of the collection, and the name as it was typed, whether or not anybody has it. */
  readonly collection: string;
  readonly identity: string;
  /** Where on the network; `""` where that is not known, and then only the account counts. */
  readonly address: string;
}

/** Attempts that failed, or that gain something by their number, counted in memory. */
export interface Attempts {
  /**
   * Runs a try to sign in. Refusal "too many", with the `seconds` to wait, where too many have `failed`; nobody learns from it
   * whether the account exists.
   */
  signIn<T>(who: Trier, work: () => Promise<T>, failed: (outcome: T) => boolean): Promise<T>;
  /** The same for who is signed in and shows to know the password of an account, which has counts of its own. */
  show(who: Guess, verify: () => Promise<boolean>): Promise<boolean>;
  /** The same for new accounts; those count that `gained` one, or the knowledge that there is one. */
  register<T>(address: string, work: () => Promise<T>, gained: (outcome: T) => boolean): Promise<T>;
}

/** How many attempts there may be within so many seconds from the first of them. */
interface Limit {
  readonly most: number;
  readonly seconds: number;
}

/**
 * One account is tried at most so often from one address, and somewhat oftener from everywhere: a stranger who keeps failing
 * on purpose shuts out nobody but himself.
 */
const accountFromAddress: Limit = { most: 10, seconds: 300 };
const account: Limit = { most: 50, seconds: 300 };
const address: Limit = { most: 60, seconds: 300 };
const registration: Limit = { most: 20, seconds: 3600 };

/** More accounts and addresses than can be tried within a window, since each try takes its time; 10 MB at worst. */
const remembered = 20_000;
const longestIdentity = 255;

/** A window of time; `ends` in milliseconds since 1970. */
interface Window {
  tries: number;
  readonly ends: number;
}

type Entry = readonly [key: string, limit: Limit];

export function openAttempts(): Attempts {
  const windows = new Lru<string, Window>(remembered);

  /** Counts a try before it is made, so that a thousand at once are a thousand. */
  function enter(entries: readonly Entry[]): Window[] {
    const now = clock();
    const entered = entries.map(([key, limit]) => {
      const known = windows.get(key);
      const window = known && known.ends > now ? known : { tries: 0, ends: now + limit.seconds * 1000 };
      return { key, window, full: window.tries >= limit.most };
    });
    const full = entered.filter((it) => it.full);
    if (full.length > 0) {
      const seconds = Math.ceil((Math.max(...full.map(({ window }) => window.ends)) - now) / 1000);
      throw new Refusal("too many", "too_many_tries", { seconds, minutes: Math.ceil(seconds / 60) });
    }
    for (const { key, window } of entered) {
      window.tries++;
      windows.set(key, window);
    }
    return entered.map(({ window }) => window);
  }

  async function run<T>(
    entries: readonly Entry[],
    work: () => Promise<T>,
    counts: (outcome: T) => boolean,
  ): Promise<T> {
    const entered = enter(entries);
    let counted = false;
    try {
      const outcome = await work();
      counted = counts(outcome);
      return outcome;
    } finally {
      if (!counted) for (const window of entered) window.tries--;
    }
  }

  return {
    signIn: (who, work, failed) => {
      const tried = `${who.collection}\n${who.identity.slice(0, longestIdentity).toLowerCase()}`;
      const entries: Entry[] = [
        [`account\n${tried}`, account],
        [`from\n${who.address}\n${tried}`, accountFromAddress],
      ];
      // For each collection: behind a proxy everybody has one address, and visitors who fail must not shut out owners.
      if (who.address !== "") entries.push([`address\n${who.address}\n${who.collection}`, address]);
      return run(entries, work, failed);
    },
    // By id: many may have no email. And apart, or a stranger who fails to sign in would keep the owner from a new password.
    show: ({ collection, id, address: from }, verify) => {
      const entries: Entry[] = [
        [`own\n${collection}\n${id}`, account],
        [`own from\n${from}\n${collection}\n${id}`, accountFromAddress],
      ];
      return run(entries, verify, (right) => !right);
    },
    register: (from, work, gained) => run(from === "" ? [] : [[`register\n${from}`, registration]], work, gained),
  };
}
