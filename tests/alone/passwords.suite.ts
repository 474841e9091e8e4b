import { expect, test } from "bun:test";
import { burnPassword, hashPassword, verifyPassword } from "../../src/lib/passwords.ts";
import { makeHashesDear } from "../passwords.ts";

makeHashesDear();

/** Ratios, with nothing else on the machine: who is told that a password is wrong must not learn from the time whose it was not. */
test("for nobody take as long as for somebody", async () => {
  const hash = await hashPassword("hunter2");
  const imported = await Bun.password.hash("hunter2", { algorithm: "bcrypt", cost: 10 });
  const took = async (work: () => Promise<unknown>) => {
    let least = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 2; round++) {
      const began = performance.now();
      await work();
      least = Math.min(least, performance.now() - began);
    }
    return least;
  };
  const somebody = await took(() => verifyPassword("wrong", hash));
  for (const work of [
    () => burnPassword("wrong"),
    () => burnPassword(""),
    () => burnPassword("x".repeat(100_000)),
    () => verifyPassword("wrong", "no hash"),
    () => verifyPassword("", hash),
    () => verifyPassword("wrong", imported),
  ]) {
    const ratio = (await took(work)) / somebody;
    expect(ratio).toBeGreaterThan(0.4);
    expect(ratio).toBeLessThan(4);
  }
});
