import { availableParallelism } from "node:os";
import { Refusal } from "./errors.ts";

/** Longer ones are nobody's password: they match nothing, and are refused when somebody wants to set one. */
export const longestPassword = 1000;

/** As many as may wait before the next one is sent away; each takes about a tenth of a second. */
const longestQueue = 100;

/** argon2id with Bun's costs (64 MB, 2 rounds) of a text nobody knows. */
const nobody =
  "$argon2id$v=19$m=65536,t=2,p=1$Z8lFR4GaoUnFmtHLSdj9RG/IshCB4xC+1PMD7DwhZPQ$pEVRwnNrozazTbCazRGOzgCr4/qQ5ndgi2J2GBhuy6A";

/** A core stays free for everything else, so that a wave of sign-ins does not hold up the rest. */
const gate = openGate(Math.max(1, availableParallelism() - 1), longestQueue);

/** argon2id, off the main thread. Refusal "too many" when too many wait already. */
export function hashPassword(plain: string): Promise<string> {
  return gate(() => Bun.password.hash(plain, "argon2id"));
}

/** False for a wrong password and for what is no hash. Knows argon2 and bcrypt. */
export async function verifyPassword(plain: string, hash: string): Promise<boolean> {
  if (plain === "" || plain.length > longestPassword || !isHash(hash)) {
    await burnPassword(plain);
    return false;
  }
  const verify = () => Bun.password.verify(plain, hash).catch(() => false);
  if (!needsUpgrade(hash)) return gate(verify);
  // An imported bcrypt hash is faster than ours and would tell that the person exists.
  return gate(async () => (await Promise.all([verify(), Bun.password.verify(plain, nobody)]))[0]);
}

/** Takes the time of a verification; for a person who does not exist. */
export async function burnPassword(plain: string): Promise<void> {
  await gate(() => Bun.password.verify(plain.slice(0, longestPassword) || " ", nobody));
}

/** Whether a hash is weaker than the ones made now. */
export function needsUpgrade(hash: string): boolean {
  return !hash.startsWith("$argon2id$");
}

export function isHash(text: string): boolean {
  return /^\$(argon2(id|i|d)|2[abxy])\$/.test(text);
}

/** Lets `width` run at a time and `length` wait. */
export function openGate(width: number, length: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= width) {
      if (waiting.length >= length) throw new Refusal("too many", "too_many");
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
