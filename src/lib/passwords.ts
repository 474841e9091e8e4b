import { availableParallelism } from "node:os";
import { Refusal } from "./errors.ts";

/** Longer ones are nobody's password: they match nothing, and are refused when somebody wants to set one. */
export const longestPassword = 1000;

/** As many as may wait in a line before the next one is sent away; each takes about a tenth of a second. */
const longestQueue = 100;

/** argon2id with Bun's costs (64 MB, 2 rounds) of a text nobody knows. */
const nobody =
  "$argon2id$v=19$m=65536,t=2,p=1$Z8lFR4GaoUnFmtHLSdj9RG/IshCB4xC+1PMD7DwhZPQ$pEVRwnNrozazTbCazRGOzgCr4/qQ5ndgi2J2GBhuy6A";

/** A core stays free for everything else, so that a wave of sign-ins does not hold up the rest. */
const gate = openGate(Math.max(1, availableParallelism() - 1), longestQueue);

/**
 * argon2id, off the main thread. `line` names those who wait in one line: lines take turns, so that a crowd in one does not keep
 * others out. Refusal "too many" when too many wait in it already.
 */
export function hashPassword(plain: string, line?: string): Promise<string> {
  return gate(() => Bun.password.hash(plain, "argon2id"), line);
}

/** False for a wrong password and for what is no hash. Knows argon2 and bcrypt. */
export async function verifyPassword(plain: string, hash: string, line?: string): Promise<boolean> {
  if (plain === "" || plain.length > longestPassword || !isHash(hash)) {
    await burnPassword(plain, line);
    return false;
  }
  const verify = () => Bun.password.verify(plain, hash).catch(() => false);
  if (!needsUpgrade(hash)) return gate(verify, line);
  // An imported bcrypt hash is faster than ours and would tell that the person exists.
  return gate(async () => (await Promise.all([verify(), Bun.password.verify(plain, nobody)]))[0], line);
}

/** Takes the time of a verification; for a person who does not exist. */
export async function burnPassword(plain: string, line?: string): Promise<void> {
  await gate(() => Bun.password.verify(plain.slice(0, longestPassword) || " ", nobody), line);
}

/** Whether a hash is weaker than the ones made now. */
export function needsUpgrade(hash: string): boolean {
  return !hash.startsWith("$argon2id$");
}

export function isHash(text: string): boolean {
  return /^\$(argon2(id|i|d)|2[abxy])\$/.test(text);
}

/** Lets `width` run at a time and `length` wait in each line; lines are served in turn. */
export function openGate(width: number, length: number): <T>(work: () => Promise<T>, line?: string) => Promise<T> {
  const lines = new Map<string, (() => void)[]>();
  let running = 0;

  async function wait(line: string): Promise<void> {
    const waiting = lines.get(line) ?? [];
    if (waiting.length >= length) throw new Refusal("too many", "too_many");
    lines.set(line, waiting);
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  /** The first of the line that has waited longest; it then waits behind the others. */
  function leave(): void {
    const [entry] = lines;
    if (!entry) return void running--;
    const [line, waiting] = entry;
    const next = waiting.shift();
    lines.delete(line);
    if (waiting.length > 0) lines.set(line, waiting);
    next?.();
  }

  return async (work, line = "") => {
    if (running >= width) await wait(line);
    else running++;
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
