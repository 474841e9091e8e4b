import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readOptions } from "../bench/options.ts";
import { serve, stopAll } from "../bench/programs.ts";
import { median, ratio, report, type Results, type Sample, withFigures } from "../bench/report.ts";
import { sides } from "../bench/sides.ts";
import { prove, works } from "../bench/works.ts";
import { parseLoad } from "../bench/wrk.ts";

describe("the ceiling does the work it is measured by", () => {
  const place = mkdtempSync(join(tmpdir(), "bench-"));
  const posts = 5000;

  afterAll(async () => {
    await stopAll();
    rmSync(place, { recursive: true, force: true });
  });

  for (const side of sides(undefined).filter(({ name }) => name === "ceiling" || name === "alone")) {
    test(side.title, async () => {
      const folder = mkdtempSync(join(place, side.name));
      const person = await side.seed(folder, posts, side.works);
      const server = await serve((port) => side.command(folder, port), `${folder}.log`);
      const scene = { ...person, posts, run: "test" };
      const own = works.filter(({ name }) => side.works.includes(name));
      expect(own).toHaveLength(side.works.length);
      for (const work of own) await prove(work, server.address, scene);
      const forged = { ...scene, token: `${person.token.slice(0, -4)}AAAA` };
      const owner = works.filter(({ name }) => name === "owner");
      for (const work of owner) await expect(prove(work, server.address, forged)).rejects.toThrow("answered 400");
      await server.stop();
    });
  }
});

const sample = (round: number, side: Sample["side"], rate: number): Sample => ({
  round,
  side,
  work: "get",
  requests: 1000,
  rate,
  p50: 1,
  p99: 2.34,
  failures: 0,
  cpu: side === "ceiling" ? 21.4 : undefined,
});

describe("the report", () => {
  const samples = [
    sample(1, "ceiling", 100_000),
    sample(1, "formstead", 80_000),
    sample(2, "ceiling", 50_000),
    sample(2, "formstead", 41_000),
    sample(3, "ceiling", 90_000),
    sample(3, "formstead", 45_000),
  ];

  test("takes the ratio within each round, so that a slow round does not count twice", () => {
    expect(ratio(samples, ["formstead", "get"], ["ceiling", "get"])).toBe(0.8);
    expect(ratio(samples, ["express", "get"], ["ceiling", "get"])).toBeUndefined();
  });

  test("takes the middle of an odd and of an even number", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeUndefined();
  });

  test("prints shares, rates, and a dash where a side was not measured", () => {
    const visit = { round: 1, side: "formstead", start: 51.4, idle: 80.2, after: undefined } as const;
    const results: Results = {
      machine: ["a machine"],
      rounds: 3,
      seconds: 4,
      posts: 100_000,
      samples,
      visits: [visit],
      faults: ["Express: it was not there"],
    };
    const tables = report(results, sides(undefined), works);
    expect(tables).toContain("| get one record | 0.80 | ≥ 0.75 | – | – |");
    expect(tables).toContain(
      "| get one record | 90,000/s · 1.00 · 2.3 ms · 21 µs | – | – | 45,000/s · 0.80 · 2.3 ms · – |",
    );
    expect(tables).toContain("| Formstead | 51 ms | 80 MB | – |");
    expect(tables).toContain("- Express: it was not there");
  });

  test("takes the place of the figures in a page, and of nothing else", async () => {
    const page = await Bun.file(join(import.meta.dir, "../docs/performance.md")).text();
    const once = withFigures(page, "one\n");
    expect(once).toContain("\n\none\n");
    expect(withFigures(once, "two\n")).toBe(once.replace("\n\none\n", "\n\ntwo\n"));
    expect(() => withFigures("no marks", "one")).toThrow("needs the lines");
  });
});

test("what wrk's script prints is read as requests a second and milliseconds", () => {
  const line = '{"requests":30000,"microseconds":3000000,"p50":450,"p99":1200,"failures":2}';
  expect(parseLoad(`Running 3s test\nformstead-bench ${line}\n`)).toEqual({
    requests: 30_000,
    rate: 10_000,
    p50: 0.45,
    p99: 1.2,
    failures: 2,
  });
  expect(() => parseLoad("unable to connect")).toThrow("wrk measured nothing: unable to connect");
});

describe("the options", () => {
  test("are the standard ones when none is given", () => {
    expect(readOptions([])).toMatchObject({ rounds: 3, seconds: 4, posts: 100_000, profile: false });
    expect(readOptions(["--quick"])).toMatchObject({ rounds: 1, seconds: 2 });
    expect(readOptions(["--help"])).toBeUndefined();
  });

  test("choose rows and sides, and a profile is of Formstead alone", () => {
    const chosen = readOptions(["--only", "create,get", "--sides", "express"]);
    expect(chosen?.works.map(({ name }) => name)).toEqual(["get", "create"]);
    expect(chosen?.sides.map(({ name }) => name)).toEqual(["express"]);
    const profile = readOptions(["--profile", "list", "--rounds", "9"]);
    expect(profile).toMatchObject({ profile: true, rounds: 1 });
    expect(profile?.sides.map(({ name }) => name)).toEqual(["formstead"]);
  });

  test("say what they do not understand", () => {
    expect(() => readOptions(["--only", "put"])).toThrow("--only does not know put");
    expect(() => readOptions(["--rounds", "0"])).toThrow("--rounds needs a whole number above 0, not 0.");
  });
});
