import { Refusal } from "../lib/errors.ts";

/** How much of what visitors send is in memory at one time. */
export interface Memory {
  /**
   * Waits until there is room for so many bytes, first come, first served; one that is larger than all the room gets in alone.
   * Refusal "unavailable" (`too_much_at_once`) where that takes too long.
   */
  reserve(bytes: number): Promise<Room>;
}

export interface Room {
  /** Keeps room for so many bytes at most, and gives back the rest; with 0 all of it. */
  shrink(bytes: number): void;
}

const usualSize = 40 * 1024 * 1024;
/** Milliseconds that a body waits, complete and on the disk. */
const usualPatience = 20_000;

interface Turn {
  readonly bytes: number;
  take(room: Room): void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/**
 * `collect` is called whenever as much has been given back as fits in: the collector sees a few large things at a time, and lets
 * many times as much lie.
 */
export function openMemory(
  size = usualSize,
  patience = usualPatience,
  collect: () => void = () => Bun.gc(true),
): Memory {
  const waiting: Turn[] = [];
  let used = 0;
  let litter = 0;
  const fits = (bytes: number) => used === 0 || used + bytes <= size;

  function take(bytes: number): Room {
    let mine = bytes;
    used += mine;
    return {
      shrink: (kept) => {
        const given = Math.max(0, mine - kept);
        mine -= given;
        used -= given;
        litter += given;
        if (litter >= size) {
          litter = 0;
          collect();
        }
        letIn();
      },
    };
  }

  function letIn(): void {
    for (let next = waiting[0]; next && fits(next.bytes); next = waiting[0]) {
      waiting.shift();
      clearTimeout(next.timer);
      next.take(take(next.bytes));
    }
  }

  return {
    reserve: async (bytes) => {
      if (waiting.length === 0 && fits(bytes)) return take(bytes);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.splice(waiting.indexOf(turn), 1);
          reject(new Refusal("unavailable", "too_much_at_once", { seconds: 10 }));
          letIn();
        }, patience);
        const turn: Turn = { bytes, take: resolve, timer };
        waiting.push(turn);
      });
    },
  };
}
