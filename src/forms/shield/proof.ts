/**
 * Proof of work: a browser spends a moment of computing on each form, which a program that sends thousands cannot.
 *
 * The protocol, for who computes it:
 * 1. A form token comes with our page, or from `GET /forms/:form/token` as
 *    `{"token": "…", "bits": 14, "seconds": 2}`; whoever sends sooner than so many seconds later is taken for a program.
 * 2. For n = 0, 1, 2, … compute SHA-256 of the UTF-8 text `TOKEN:n` (the token as it came, a colon, n in decimal without leading
 *    zeros), until the digest begins with `bits` zero bits, the highest bit of the first byte being the first.
 * 3. Send the token in `_token`, and n as text in `_proof`.
 * Another token needs another proof.
 */

/** On average 16,384 digests: about a tenth of a second in a phone's worker, a few microseconds to check. */
export const bits = 14;

const written = /^(0|[1-9]\d{0,9})$/;

/** Whether `proof` is a proof for `token`. */
export function proves(token: string, proof: string): boolean {
  if (token === "" || !written.test(proof)) return false;
  const digest = new Bun.CryptoHasher("sha256").update(`${token}:${proof}`).digest();
  return digest.readUInt32BE(0) >>> (32 - bits) === 0;
}

/** Computes a proof, as a browser does. */
export function prove(token: string): string {
  for (let n = 0; ; n++) if (proves(token, String(n))) return String(n);
}
