import type { Hub } from "../events/hub.ts";
import { newestEntry, type Outbox } from "../events/outbox.ts";
import { sql } from "../store/sql.ts";
import { Follower, type FollowerParts, type Hearer, keyOf, type Pace, type Standpoint } from "./follower.ts";

/** All who hear of changes once they are on disk: at least once each, also after a restart. */
export interface Followers {
  /** From now on these hear. Who was among them before goes on where it stood; who is new begins now. */
  follow(hearers: readonly Hearer[]): Promise<void>;
  /** Waits until everything that is due has been heard. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Eight tries in an hour and a half. */
const usual: Pace = { first: 1_000, most: 8 };
/** Milliseconds that somebody has to finish what is being heard. */
const patience = 1_000;

export function openFollowers(
  parts: FollowerParts & { readonly outbox: Outbox; readonly hub: Hub },
  pace: Pace = usual,
): Followers {
  const { store, outbox, hub } = parts;
  let followers: readonly Follower[] = [];
  let deafen = () => {};

  async function stop(): Promise<void> {
    deafen();
    await Promise.all(followers.map((follower) => follower.stop(patience)));
    followers = [];
  }

  /** Where they stand, by their keys; who is unknown is given a place, and who has gone loses theirs. */
  async function standpoints(keys: ReadonlySet<string>): Promise<ReadonlyMap<string, Standpoint>> {
    const rows = await store.all<{ key: string; value: string }>(
      sql`SELECT key, value FROM _params WHERE key LIKE 'follower:%'`,
    );
    const known = new Map<string, Standpoint>(rows.map(({ key, value }) => [key, JSON.parse(value)]));
    const gone = [...known.keys()].filter((key) => !keys.has(key));
    const added = [...keys].filter((key) => !known.has(key));
    if (gone.length + added.length === 0) return known;
    await store.write(async (tx) => {
      const now: Standpoint = { done: await newestEntry(tx), failing: [] };
      for (const key of gone) await tx.run(sql`DELETE FROM _params WHERE key = ${key}`);
      for (const key of added) {
        await tx.run(sql`INSERT INTO _params (key, value) VALUES (${key}, ${JSON.stringify(now)})`);
        known.set(key, now);
      }
    });
    return known;
  }

  return {
    follow: async (hearers) => {
      await stop();
      const known = await standpoints(new Set(hearers.map(({ name }) => keyOf(name))));
      followers = hearers.flatMap((hearer) => {
        const standpoint = known.get(keyOf(hearer.name));
        return standpoint ? [new Follower(parts, hearer, pace, standpoint)] : [];
      });
      outbox.keepFor(followers.length > 0 ? () => Math.min(...followers.map(({ past }) => past)) : undefined);
      if (followers.length === 0) return;
      const wake = () => {
        for (const follower of followers) follower.wake();
      };
      deafen = hub.listen(wake);
      wake();
    },
    settled: async () => {
      await Promise.all(followers.map((follower) => follower.settled()));
    },
    close: stop,
  };
}
