import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Milliseconds between two looks. Looking works on every disk, also on those that tell nobody of changes. */
const pause = 300;

/**
 * Calls `changed` once after a file, or files of a folder, have changed and lie still again; it need not exist. Installed packages
 * are not looked at. Answers a function that ends it.
 */
export function watchPath(path: string, changed: () => Promise<void>): () => void {
  let seen = look(path);
  let told = seen;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function again(): Promise<void> {
    const now = look(path);
    if (now === seen && now !== told) {
      told = now;
      await changed();
    }
    seen = now;
    if (timer) next();
  }
  function next(): void {
    timer = setTimeout(() => void again(), pause);
    timer.unref();
  }

  next();
  return () => {
    clearTimeout(timer);
    timer = undefined;
  };
}

/** A text that differs as soon as a file does. */
function look(path: string): string {
  try {
    const stats = statSync(path);
    if (!stats.isDirectory()) return `${path} ${stats.size} ${stats.mtimeMs}`;
    const names = readdirSync(path).filter((name) => name !== "node_modules");
    return names.map((name) => look(join(path, name))).join("\n");
  } catch {
    // Not there, or gone while it was looked at: what takes its place is seen next time.
    return "";
  }
}
