import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { migrations, publicFiles, publicFolder, starter, starters, version, workerEntry } from "../src/embedded.ts";

test("the files for browsers are listed by their paths", () => {
  const files = publicFiles();
  expect(files.map(({ path }) => path)).toContain("/formstead.css");
  for (const { path, file } of files) {
    expect(path).toMatch(/^\/[^/]/);
    expect(file).toBe(`${publicFolder}${path}`);
    expect(readFileSync(file).length).toBeGreaterThan(0);
  }
});

test("migrations come in their order", () => {
  const all = migrations();
  expect(all.length).toBeGreaterThan(0);
  expect(all.map(({ name }) => name)).toEqual(all.map(({ name }) => name).sort());
  for (const { name, sql } of all)
    expect([name, sql]).toEqual([expect.stringMatching(/^\d{4}_\w+$/), expect.stringMatching(/\S/)]);
});

test("starters bring pages and a schema; what is no starter is nothing", () => {
  expect(starters()).toContain("demo");
  for (const name of starters()) {
    const found = starter(name);
    expect(found?.files.map(({ path }) => path)).toContain("/index.html");
    expect(found?.schema).toBeObject();
  }
  for (const name of ["", "nothing", "..", ".", "demo/public", "../migrations"]) expect(starter(name)).toBeUndefined();
});

test("the worker's entry is a file, and the version a version", async () => {
  expect(await Bun.file(workerEntry).exists()).toBe(true);
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});
