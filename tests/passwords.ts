/**
 * Loaded before all tests: a password's hash costs next to nothing here, since hundreds are made and a real one takes a tenth of a
 * second. It stays an argon2id hash, and is verified as dearly as it was made. Tests about the cost ask for the real ones.
 */
const { hash } = Bun.password;

/** As Formstead hashes for its people. */
export function makeHashesDear(): void {
  Bun.password.hash = hash;
}

export function makeHashesCheap(): void {
  Bun.password.hash = (plain, algorithm) =>
    hash(plain, algorithm === "argon2id" ? { algorithm, memoryCost: 8, timeCost: 1 } : algorithm);
}

makeHashesCheap();
