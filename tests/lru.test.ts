import { expect, test } from "bun:test";
import fc from "fast-check";
import { Lru } from "../src/lib/lru.ts";

const Step = fc.record({ key: fc.nat(9), act: fc.constantFrom("get", "get", "set", "again", "delete") });

test("an Lru remembers the last ones used, few more than those, and forgets each once", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(Step, { maxLength: 150 }), (limit, steps) => {
      const dropped: object[] = [];
      const lru = new Lru<number, object>(limit, (item) => dropped.push(item));
      const set = new Set<object>();
      /** Those used last, the latest at the end; a deleted one stays in its place. */
      let latest: { readonly key: number; readonly item: object | undefined }[] = [];
      const used = (key: number, item: object | undefined) => {
        latest = [...latest.filter((one) => one.key !== key), { key, item }].slice(-limit);
      };
      for (const { key, act } of steps) {
        const known = latest.find((one) => one.key === key)?.item;
        if (act === "delete") {
          lru.delete(key);
          latest = latest.map((one) => (one.key === key ? { key, item: undefined } : one));
          expect(lru.get(key)).toBeUndefined();
          continue;
        }
        const found = lru.get(key);
        if (known) expect(found).toBe(known);
        if (found) used(key, found);
        if (act === "get") continue;
        const item = act === "again" && found ? found : {};
        lru.set(key, item);
        set.add(item);
        used(key, item);
        expect(lru.size).toBeLessThanOrEqual(2 * limit);
        for (const one of latest) if (one.item) expect(dropped).not.toContain(one.item);
      }
      lru.clear();
      expect(lru.size).toBe(0);
      expect(new Set(dropped).size).toBe(dropped.length);
      expect(new Set(dropped)).toEqual(set);
    }),
  );
});

test("texts asked in turn are all remembered, up to the limit", () => {
  const lru = new Lru<number, number>(500);
  let missed = 0;
  for (let n = 0; n < 5000; n++) {
    if (lru.get(n % 500) === undefined) missed++;
    lru.set(n % 500, n % 500);
  }
  expect(missed).toBe(500);
});
