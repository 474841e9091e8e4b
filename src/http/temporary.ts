import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { Refusal } from "../lib/errors.ts";

/** Writes one file that only we can read, and answers its size. Refusal "no room" where the disk is full. */
export async function store(pieces: AsyncIterable<Uint8Array>, path: string): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  const file = createWriteStream(path, { flags: "wx", mode: 0o600 });
  await pipeline(pieces, file).catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? error.code : "";
    throw code === "ENOSPC" || code === "EDQUOT" ? new Refusal("no room", "no_room") : error;
  });
  return file.bytesWritten;
}

/** Removes what is still there. What cannot be removed now is left for the sweep of the folder at the next start. */
export async function removeFiles(paths: readonly string[]): Promise<void> {
  await Promise.allSettled(paths.map((path) => rm(path, { force: true })));
}
