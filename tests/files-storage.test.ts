import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDiskStorage } from "../src/files/disk.ts";
import { headSize } from "../src/files/kinds.ts";
import { keyOf, type Storage } from "../src/files/storage.ts";

/** A storage that is empty, and where its files come from. Gone at the end of `await using`. */
interface Case extends AsyncDisposable {
  readonly storage: Storage;
  /** Makes a file to be stored. */
  file(content: string): string;
}

/** What every storage does, wherever it has its files. */
const storages: Readonly<Record<string, () => Case>> = {
  "a folder": () => {
    const dir = mkdtempSync(join(tmpdir(), "formstead-storage-"));
    mkdirSync(join(dir, "files"));
    let count = 0;
    return {
      storage: openDiskStorage(join(dir, "files")),
      file: (content) => {
        const path = join(dir, `upload-${count++}`);
        writeFileSync(path, content);
        return path;
      },
      [Symbol.asyncDispose]: async () => rmSync(dir, { recursive: true, force: true }),
    };
  },
};

const key = keyOf("coll", "rec", "a_1234567890.txt");

async function textOf(storage: Storage, key: string, start?: number, end?: number): Promise<string | undefined> {
  const file = await storage.open(key);
  return file && new Response(file.body(start, end)).text();
}

async function listed(storage: Storage, prefix: string): Promise<string[]> {
  return (await Array.fromAsync(storage.list(prefix))).sort();
}

for (const [name, open] of Object.entries(storages)) {
  describe(`${name} as a storage`, () => {
    test("gives back what it was given, which stays where it was", async () => {
      await using it = open();
      const path = it.file("hello");
      await it.storage.put(key, path);
      expect(await textOf(it.storage, key)).toBe("hello");
      expect(await textOf(it.storage, key, 1, 3)).toBe("el");
      expect(existsSync(path)).toBe(true);
      rmSync(path);
      expect(await textOf(it.storage, key)).toBe("hello");
      const file = await it.storage.open(key);
      expect(file?.size).toBe(5);
      expect(Math.abs(Date.now() - (file?.modified ?? 0))).toBeLessThan(60_000);
    });

    test("shows the first bytes of a file, and no more", async () => {
      await using it = open();
      await it.storage.put(key, it.file("x".repeat(headSize + 5)));
      expect((await (await it.storage.open(key))?.head())?.length).toBe(headSize);
      await it.storage.put(`${key}2`, it.file(""));
      expect((await (await it.storage.open(`${key}2`))?.head())?.length).toBe(0);
    });

    test("has nothing under a key it was not given", async () => {
      await using it = open();
      expect(await it.storage.open(key)).toBeUndefined();
      await it.storage.put(key, it.file("hello"));
      expect(await it.storage.open(keyOf("coll", "rec", "b"))).toBeUndefined();
      expect(await it.storage.open("coll/rec")).toBeUndefined();
    });

    test("copies, and each copy lives by itself", async () => {
      await using it = open();
      await it.storage.put(key, it.file("hello"));
      await it.storage.copy(key, "coll/other/b.txt");
      await it.storage.remove([key]);
      expect(await textOf(it.storage, "coll/other/b.txt")).toBe("hello");
      expect(await it.storage.open(key)).toBeUndefined();
      expect(it.storage.copy(key, "coll/other/c.txt")).rejects.toThrow();
    });

    test("removes some, all of a record and all of a collection", async () => {
      await using it = open();
      const keys = ["c/one/a", "c/one/b", "c/two/a", "d/one/a"];
      for (const key of keys) await it.storage.put(key, it.file(key));
      await it.storage.remove(["c/one/a", "c/nope/a"]);
      expect(await listed(it.storage, "c/one")).toEqual(["b"]);
      expect(await listed(it.storage, "c")).toEqual(["one", "two"]);
      await it.storage.removeAll("c/one");
      expect(await listed(it.storage, "c")).toEqual(["two"]);
      await it.storage.removeAll("c");
      await it.storage.removeAll("c");
      expect(await listed(it.storage, "")).toEqual(["d"]);
      expect(await listed(it.storage, "d/one")).toEqual(["a"]);
    });

    test("takes many at once, also while records are removed beside them", async () => {
      await using it = open();
      const path = it.file("x");
      await Promise.all(
        Array.from({ length: 40 }, async (_, n) => {
          await it.storage.put(`c/r${n % 4}/${n}`, path);
          if (n % 2) await it.storage.remove([`c/r${n % 4}/${n}`]);
        }),
      );
      const left = await Promise.all([0, 1, 2, 3].map((n) => listed(it.storage, `c/r${n}`)));
      expect(left.flat()).toHaveLength(20);
    });

    test.each(["../x", "a/../b", "a/b/../../c", "/etc/passwd", "a//b", "a/b/c/d", ".env", "a/.b/c", "a/b/c\0", "a\\b"])(
      "%j is no key",
      async (key) => {
        await using it = open();
        expect(it.storage.open(key)).rejects.toMatchObject({ kind: "not found" });
        expect(it.storage.put(key, it.file("x"))).rejects.toMatchObject({ kind: "not found" });
        expect(it.storage.removeAll(key)).rejects.toMatchObject({ kind: "not found" });
      },
    );
  });
}

test("a folder leaves no empty folders of records behind, and nothing of what could not be stored", async () => {
  const dir = mkdtempSync(join(tmpdir(), "formstead-storage-"));
  const storage = openDiskStorage(dir);
  writeFileSync(join(dir, "..", "upload-of-ours"), "x");
  await storage.put("c/r/a", join(dir, "..", "upload-of-ours"));
  await storage.remove(["c/r/a"]);
  expect(readdirSync(join(dir, "c"))).toEqual([]);
  expect(storage.put("c/r/b", join(dir, "nope"))).rejects.toThrow();
  expect(await storage.open("c/r/b")).toBeUndefined();
  rmSync(dir, { recursive: true });
  rmSync(join(dir, "..", "upload-of-ours"));
});
