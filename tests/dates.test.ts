import { expect, test } from "bun:test";
import fc from "fast-check";
import { momentIn, parseDate, spoken, stamp, wallIn } from "../src/lib/dates.ts";

const zones = ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"];
const times = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2037, 0, 1) });

test("what clocks show is the moment at which they show it", () => {
  fc.assert(
    fc.property(times, fc.constantFrom(...zones), (time, zone) => {
      const shown = wallIn(stamp(time), zone);
      const read = momentIn(shown, zone) ?? "";
      // An hour that comes twice is its first one; either way the clocks showed that.
      expect(wallIn(read, zone)).toBe(shown);
      expect(Date.parse(read)).toBeLessThanOrEqual(time);
    }),
  );
});

test("what clocks skip is as if they had not yet", () => {
  expect(momentIn("2026-03-29T02:30", "Europe/Berlin")).toBe("2026-03-29 01:30:00.000Z");
  expect(momentIn("2026-10-25T02:30", "Europe/Berlin")).toBe("2026-10-25 00:30:00.000Z");
});

test("a moment that names its zone, or is none, is nobody else's", () => {
  for (const text of [
    "2026-01-02T03:04Z",
    "2026-01-02 03:04+02:00",
    "2026-01-02 03:04 UTC",
    "tomorrow",
    "",
    "2026-02-30",
  ]) {
    expect([text, momentIn(text, "Europe/Berlin")]).toEqual([text, undefined]);
  }
  expect(momentIn("2026-01-02", "Europe/Berlin")).toBe("2026-01-01 23:00:00.000Z");
  expect(parseDate("2026-01-02")).toBe("2026-01-02 00:00:00.000Z");
});

test("a moment is said by the clocks of a zone", () => {
  expect(spoken("2026-01-02 15:04:05.000Z", "en")).toMatch(/^Jan 2, 2026, 3:04\sPM UTC$/);
  expect(spoken("2026-01-02 15:04:05.000Z", "en", "Europe/Berlin")).toMatch(/^Jan 2, 2026, 4:04\sPM Europe\/Berlin$/);
});
