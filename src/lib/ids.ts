const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
const pool = new Uint8Array(4096);
let used = pool.length;

/** A cryptographically random byte; drawn from a pool, since asking the system for each id costs more than the id. */
function byte(): number {
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  return pool[used++] ?? 0;
}

/** A random whole number from 0 to `limit` - 1, each equally likely; `limit` is 65,536 at most. */
export function randomBelow(limit: number): number {
  const fair = 65536 - (65536 % limit);
  let next: number;
  do next = byte() * 256 + byte();
  while (next >= fair);
  return next % limit;
}

/** `length` random characters of a-z and 0-9, each equally likely. */
export function randomText(length: number): string {
  let text = "";
  while (text.length < length) {
    const next = byte();
    if (next < 252) text += alphabet[next % 36];
  }
  return text;
}

/** The id of a new record: 15 characters of a-z and 0-9. */
export function recordId(): string {
  return randomText(15);
}

/** The id of a collection or field that brought none: stable for the same name and type, as PocketBase makes it. */
export function derivedId(prefix: string, text: string): string {
  return prefix + Bun.hash.crc32(text).toString();
}
