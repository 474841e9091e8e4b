/**
 * Learns what words say from the messages beside this file, for `src/forms/shield/prior-terms.txt`:
 *
 *     bun tests/spam/learn.ts
 */
import { join } from "node:path";
import { learn, written } from "./learning.ts";
import { readMessages } from "./messages.ts";

const { lessons } = readMessages();
await Bun.write(
  join(import.meta.dir, "../../src/forms/shield/prior-terms.txt"),
  written(learn([...lessons.values()].flat())),
);
