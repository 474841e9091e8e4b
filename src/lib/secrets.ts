import { timingSafeEqual } from "node:crypto";
import { Lru } from "./lru.ts";

/** The first 16 characters of HMAC-SHA-256: 96 bits that say which text was meant, and nothing about it. */
export function fingerprint(secret: string, text: string): string {
  return new Bun.CryptoHasher("sha256", secret).update(text).digest("base64url").slice(0, 16);
}

/** `fingerprint`, of texts that come again and again: the `most` last ones are known. */
export function openFingerprints(secret: string, most: number): (text: string) => string {
  const known = new Lru<string, string>(most);
  return (text) => {
    let its = known.get(text);
    if (its === undefined) known.set(text, (its = fingerprint(secret, text)));
    return its;
  };
}

/** SHA-256 as 64 hexadecimal characters. */
export function sha256(text: string | Uint8Array): string {
  return Bun.SHA256.hash(text, "hex");
}

/** SHA-256 of what comes in pieces. */
export interface Hash {
  add(piece: Uint8Array): void;
  /** 64 hexadecimal characters; nothing can be added after. */
  end(): string;
}

export function openHash(): Hash {
  const hasher = new Bun.CryptoHasher("sha256");
  return { add: (piece) => void hasher.update(piece), end: () => hasher.digest("hex") };
}

/** Compares in a time that tells nothing about where two texts differ. */
export function sameSecret(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}
