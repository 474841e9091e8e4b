import type { Hub } from "../events/hub.ts";
import type { Outbox } from "../events/outbox.ts";
import { Follower, type FollowerParts, type Hearer, keyOf, type Pace } from "./follower.ts";
import { findStandpoints } from "./standpoints.ts";

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
  const { outbox, hub } = parts;
  let followers: readonly Follower[] = [];
  let deafen = () => {};

  async function stop(): Promise<void> {
    deafen();
    await Promise.all(followers.map((follower) => follower.stop(patience)));
    followers = [];
  }

  return {
    follow: async (hearers) => {
      await stop();
      const names = hearers.map(({ name }) => name);
      const { here, pastOfMissing } = await findStandpoints(parts, names);
      followers = hearers.flatMap((hearer) => {
        const standpoint = here.get(keyOf(hearer.name));
        return standpoint ? [new Follower(parts, hearer, pace, standpoint)] : [];
      });
      outbox.keepFor(() => Math.min(pastOfMissing(), ...followers.map(({ past }) => past)));
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
