import { join } from "node:path";
import { Refusal } from "../lib/errors.ts";
import { randomText } from "../lib/ids.ts";
import { unreadable } from "./body.ts";
import type { Memory } from "./memory.ts";
import type { Patience } from "./patience.ts";
import { removeFiles, store } from "./temporary.ts";

/** What bodies are taken in with. */
export interface Intake {
  /** Where lies what is too heavy for memory, or a file. */
  readonly folder: string;
  readonly memory: Memory;
  /** What of the disk is left for bodies on their way: who sends without end must not take it all from the data. */
  readonly disk: Space;
  readonly patience: Patience;
}

export interface Space {
  bytes: number;
}

const usualDisk = 2 * 1024 ** 3;

export function openDisk(): Space {
  return { bytes: usualDisk };
}

/** What a body may weigh, in bytes. */
export interface Limits {
  /** All of it. */
  readonly size: number;
  /** What is no file. */
  readonly text: number;
}

/** A body that has arrived to its last byte. */
export interface Arrived {
  bytes(): Promise<Uint8Array>;
  /** The same in pieces. */
  pieces(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** Says how many bytes of it were no file; the rest of its room in memory is for others. */
  holds(text: number): void;
  /** Forgets it. */
  release(): Promise<void>;
}

/** Bytes that any number of senders may have in memory while the rest of a body is on its way. */
const light = 64 * 1024;

/**
 * Waits for a body. A light one is kept in memory. Any other goes to disk as it comes, and is handed on once there is room for it
 * in memory: how long a sender takes costs nobody else anything. Refusal "too large", "too slow", "no room", "unavailable", and
 * "bad request" where it breaks off.
 */
export async function arrival(request: Request, limits: Limits, intake: Intake): Promise<Arrived> {
  const said = saidLength(request, limits.size);
  if (said !== undefined && said <= light) return small(await wholeOf(request, intake.patience));
  const rest = chunksOf(request, limits.size, intake.patience);
  const first: Uint8Array[] = [];
  for (let size = 0; size <= light;) {
    const { done, value } = await rest.next();
    if (done) return small(Buffer.concat(first));
    first.push(value);
    size += value.length;
  }
  return large(joined(first, rest), limits.text, intake);
}

function small(bytes: Uint8Array): Arrived {
  return { bytes: async () => bytes, pieces: () => [bytes], holds: () => {}, release: async () => {} };
}

async function large(
  body: AsyncIterable<Uint8Array>,
  text: number,
  { folder, memory, disk }: Intake,
): Promise<Arrived> {
  const path = join(folder, randomText(20));
  const taken: Space = { bytes: 0 };
  const remove = async () => {
    await removeFiles([path]);
    disk.bytes += taken.bytes;
    taken.bytes = 0;
  };
  try {
    const size = await store(onDisk(body, disk, taken), path);
    const room = await memory.reserve(Math.min(size, text));
    return {
      bytes: () => Bun.file(path).bytes(),
      pieces: () => Bun.file(path).stream(),
      holds: (text) => room.shrink(text),
      release: async () => {
        room.shrink(0);
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Moves room on the disk from one to the other, as it is needed. */
async function* onDisk(body: AsyncIterable<Uint8Array>, disk: Space, taken: Space): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    if (disk.bytes < piece.length) throw new Refusal("unavailable", "too_much_at_once", { seconds: 10 });
    disk.bytes -= piece.length;
    taken.bytes += piece.length;
    yield piece;
  }
}

async function* joined(first: Iterable<Uint8Array>, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* first;
  yield* rest;
}

function wholeOf(request: Request, patience: Patience): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    patience.limit(request, () => reject(tooSlow()));
    request.bytes().then(resolve, () => reject(unreadable()));
  });
}

async function* chunksOf(request: Request, limit: number, patience: Patience): AsyncGenerator<Uint8Array> {
  if (!request.body) return;
  let size = 0;
  let late = false;
  const reader = request.body.getReader();
  const leave = () => reader.cancel().catch(() => {});
  patience.limit(request, () => {
    late = true;
    void leave();
  });
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw unreadable();
      });
      if (late) throw tooSlow();
      if (done) return;
      size += value.length;
      if (size > limit) throw tooLarge();
      yield value;
    }
  } finally {
    await leave();
  }
}

/** What a body says about its length, which is then the truth; Refusal "too large" before a byte of it is read. */
export function saidLength(request: Request, limit: number): number | undefined {
  const header = request.headers.get("content-length");
  if (header === null || !/^\d+$/.test(header)) return undefined;
  if (Number(header) > limit) throw tooLarge();
  return Number(header);
}

export function tooLarge(): Refusal {
  return new Refusal("too large", "too_large");
}

function tooSlow(): Refusal {
  return new Refusal("too slow", "body_too_slow");
}
