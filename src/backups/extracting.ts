import { open } from "node:fs/promises";
import type { Archive } from "./archive.ts";

/** Writes an entry of an archive to `file`, which does not exist yet, for nobody else to read. Once it answers, it is on disk. */
export async function extract(archive: Archive, name: string, file: string): Promise<void> {
  const target = await open(file, "wx", 0o600);
  try {
    for await (const chunk of archive.read(name)) {
      for (let done = 0; done < chunk.length;) {
        done += (await target.write(chunk, done, chunk.length - done)).bytesWritten;
      }
    }
    await target.sync();
  } finally {
    await target.close();
  }
}
