import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ArchiveWriter } from "../src/backups/archive-writer.ts";
import { openArchive } from "../src/backups/archive.ts";
import { makeBackup } from "../src/backups/making.ts";
import { restoreBackup } from "../src/backups/restoring.ts";
import { checkArchive } from "../src/backups/soundness.ts";
import { migrations, version } from "../src/embedded.ts";
import { openDiskStorage } from "../src/files/disk.ts";
import { Refusal } from "../src/lib/errors.ts";
import { openDataDir } from "../src/store/datadir.ts";
import { exchanging } from "../src/store/exchange.ts";
import { migrate } from "../src/store/migrations.ts";
import { openSqlite } from "../src/store/sqlite.ts";
import { Opened } from "./testing.ts";

/** A folder for one test. */
function newFolder() {
  const path = mkdtempSync(join(tmpdir(), "formstead-backups-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

async function refused(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "nothing",
    (error) => {
      if (error instanceof Refusal) return error.code;
      throw error;
    },
  );
}

async function albums(it: Opened): Promise<void> {
  await it.collection({
    name: "albums",
    fields: [
      { name: "title", type: "text" },
      { name: "photos", type: "file", maxSelect: 3 },
    ],
  });
}

/** Makes an album with files of these contents; answers its id. */
async function upload(it: Opened, title: string, ...contents: string[]): Promise<string> {
  const body = new FormData();
  body.append("title", title);
  for (const content of contents) body.append("photos", new Blob([content]), "photo.txt");
  const url = "http://localhost/api/collections/albums/records";
  const made = await it.app.handle(new Request(url, { method: "POST", body }));
  if (made.status !== 200) throw new Error(await made.text());
  return (await made.json()).id;
}

const remove = (it: Opened, id: string) =>
  it.send({ json: ["DELETE", `/api/collections/albums/records/${id}`] }).then(({ status }) => expect(status).toBe(204));

/** Every album with what its files hold; throws where a row names a file that is not there. */
function albumsIn(root: string): Record<string, readonly string[]> {
  const database = new Database(join(root, "formstead.db"));
  try {
    const { id: collection } = database.query("SELECT id FROM _collections WHERE name = 'albums'").get() as {
      id: string;
    };
    const rows = database.query("SELECT id, title, photos FROM albums ORDER BY title").all();
    const read = (id: string, name: string) => readFileSync(join(root, "files", collection, id, name), "utf8");
    return Object.fromEntries(
      (rows as { id: string; title: string; photos: string }[]).map(({ id, title, photos }) => [
        title,
        (JSON.parse(photos || "[]") as string[]).map((name) => read(id, name)),
      ]),
    );
  } finally {
    database.close();
  }
}

/** All that is below a folder, with what it holds: to see that nothing has changed. */
function contents(root: string): Record<string, string> {
  const found = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(
    found
      .filter((path) => !path.endsWith(".lock"))
      .map((path) => [path, statSync(join(root, path)).isFile() ? readFileSync(join(root, path), "hex") : "folder"]),
  );
}

describe("a backup", () => {
  test("brings everything back somewhere else", async () => {
    await using it = await Opened.open();
    await albums(it);
    await upload(it, "one", "first", "second");
    await upload(it, "two");
    const secret = readFileSync(join(it.dir, "secret"), "utf8");
    writeFileSync(join(it.dir, "drafts", "draft"), "somebody's");
    const made = await makeBackup(it.project);
    expect(made.file).toMatch(/backups\/formstead_backup_20\d{12}\.zip$/);
    expect([statSync(made.file).mode & 0o777, statSync(made.file).size]).toEqual([0o600, made.size]);
    expect(readdirSync(join(it.dir, "backups"))).toHaveLength(1);
    expect(existsSync(it.project.dir.making)).toBe(false);
    const archive = await openArchive(made.file);
    archive.close();
    const { manifest } = archive;
    expect(manifest).toMatchObject({ format: 1, formstead: version, made: expect.stringMatching(/^20.*Z$/) });
    const names = manifest.entries.map(({ name }) => name.replace(/^files\/.*/, "files/…"));
    expect(names).toEqual(["formstead.db", "secret", "files/…", "files/…"]);

    using folder = newFolder();
    const dir = openDataDir(join(folder.path, "data"));
    const restored = await restoreBackup(dir, made.file);
    expect(restored).toEqual({ made: manifest.made, files: 2, before: undefined });
    expect(albumsIn(dir.root)).toEqual({ one: ["first", "second"], two: [] });
    expect(readFileSync(join(dir.root, "secret"), "utf8")).toBe(secret);
    expect(readdirSync(dir.backups)).toEqual([]);
    await using again = await Opened.open({ dir: dir.root });
    await upload(again, "three", "third");
    expect(Object.keys(albumsIn(dir.root))).toHaveLength(3);
  });

  test("has the files of rows that are removed once the database was copied", async () => {
    await using it = await Opened.open();
    await albums(it);
    const ids = [await upload(it, "deleted", "gone"), await upload(it, "also", "gone too", "and this")];
    const collection = it.project.collections.find("albums")?.id ?? "";
    const store = {
      copyTo: async (file: string) => {
        await it.project.store.copyTo(file);
        for (const id of ids) await remove(it, id);
        expect(readdirSync(join(it.dir, "files", collection))).toEqual([]);
        await upload(it, "later", "not in the copy");
      },
    };
    const { file } = await makeBackup({ ...it.project, store });
    using folder = newFolder();
    const dir = openDataDir(folder.path);
    await restoreBackup(dir, file);
    expect(albumsIn(dir.root)).toEqual({ deleted: ["gone"], also: ["gone too", "and this"] });
    expect(existsSync(it.project.dir.making)).toBe(false);
  });

  test("made while 64 write and files come and go: every row has its files", async () => {
    await using it = await Opened.open();
    await albums(it);
    for (let n = 0; n < 20; n++) await upload(it, `from the start ${n}`, `start ${n}`);
    let writes = 0;
    let going = true;
    const writers = Array.from({ length: 64 }, async (_, writer) => {
      for (let turn = 0; going; turn++, writes++) {
        const id = await upload(it, `${writer}-${turn}`, `content of ${writer}-${turn}`);
        if (turn % 3 > 0) await remove(it, id);
        await Bun.sleep(100);
      }
    });
    const stop = () => {
      going = false;
      return Promise.all(writers);
    };
    while (writes < 100) await Bun.sleep(5);
    const { file } = await makeBackup(it.project).finally(stop);
    using folder = newFolder();
    const dir = openDataDir(folder.path);
    await restoreBackup(dir, file);
    const found = Object.entries(albumsIn(dir.root));
    expect(found.length).toBeGreaterThan(20);
    for (const [title, held] of found) {
      expect(held).toEqual([
        title.startsWith("from") ? title.replace("from the start", "start") : `content of ${title}`,
      ]);
    }
  }, 20_000);

  test("is made once at a time, and never over a file that is there", async () => {
    await using it = await Opened.open();
    using folder = newFolder();
    const file = join(folder.path, "mine.zip");
    const both = await Promise.allSettled([makeBackup(it.project, file), makeBackup(it.project)]);
    expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(await refused(makeBackup(it.project, file))).toBe("backup_exists");
    expect(await refused(makeBackup(it.project, join(folder.path, "no", "x.zip")))).toBe("backup_unwritable");
  });

  test("that finds no room leaves nothing that looks like one", async () => {
    await using it = await Opened.open();
    await albums(it);
    await upload(it, "one", "first");
    const files = {
      ...it.project.files,
      open: async () => {
        throw Object.assign(new Error("full"), { code: "ENOSPC" });
      },
    };
    expect(await refused(makeBackup({ ...it.project, files }))).toBe("no_room");
    expect(readdirSync(it.project.dir.backups)).toEqual([]);
    expect(existsSync(it.project.dir.making)).toBe(false);
  });

  test("that was ended in the middle is cleared away by the next one, or by the next server", async () => {
    await using it = await Opened.open();
    const { dir } = it.project;
    const leave = () => {
      mkdirSync(join(dir.removed, "collection"), { recursive: true });
      writeFileSync(join(dir.backups, "formstead_backup_20260101000000.zip.part"), "half");
    };
    leave();
    const release = dir.claimBackup();
    dir.clearBackup();
    expect(existsSync(dir.removed)).toBe(true);
    release();
    dir.claim()();
    expect(existsSync(dir.making)).toBe(false);
    leave();
    await makeBackup(it.project);
    expect(readdirSync(dir.backups)).toEqual([expect.stringMatching(/\.zip$/)]);
    expect(existsSync(dir.making)).toBe(false);
  });

  test("that is not what was written says so, and stays", async () => {
    await using it = await Opened.open();
    using folder = newFolder();
    const file = join(folder.path, "x.zip");
    const store = {
      copyTo: async (copy: string) => {
        await it.project.store.copyTo(copy);
        writeFileSync(copy, readFileSync(copy).fill(7, 4096, 12_000));
      },
    };
    expect(await refused(makeBackup({ ...it.project, store }, file))).toBe("backup_unsound");
    expect(existsSync(file)).toBe(true);
  });

  test("in a folder storage without anybody copying, files are removed for good", async () => {
    using folder = newFolder();
    const removed = join(folder.path, "removed");
    const storage = openDiskStorage(join(folder.path, "files"), removed);
    const upload = join(folder.path, "upload");
    writeFileSync(upload, "x");
    for (const key of ["c/one/a.txt", "c/one/b.txt", "c/two/a.txt", "d/one/a.txt"]) await storage.put(key, upload);
    await storage.remove(["c/one/a.txt"]);
    expect(existsSync(removed)).toBe(false);
    mkdirSync(removed);
    await storage.removeAll("c");
    await storage.remove(["d/one/a.txt", "d/one/none.txt"]);
    expect(readdirSync(join(folder.path, "files"))).not.toContain("c");
    const kept = await Array.fromAsync(openDiskStorage(removed).list("c"));
    expect([kept.sort(), readdirSync(join(removed, "c", "one"))]).toEqual([["one", "two"], ["b.txt"]]);
    expect(readdirSync(join(removed, "d", "one"))).toEqual(["a.txt"]);
  });
});

/** What a hostile or unlucky archive has in it. */
interface Made {
  readonly entries?: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>;
  /** How large entries are said to be before they are written. */
  readonly size?: number;
  /** What the manifest says beside, or instead. */
  readonly says?: Readonly<Record<string, unknown>>;
  readonly listed?: (entries: { name: string; size: number; sha256: string }[]) => unknown;
  /** Changes the bytes of the whole archive. */
  readonly bent?: (bytes: Buffer) => Uint8Array;
}

/** A database as an empty project has it. */
async function emptyDatabase(change = ""): Promise<Uint8Array<ArrayBuffer>> {
  using folder = newFolder();
  const dir = openDataDir(folder.path);
  const store = await openSqlite({ file: dir.database, queryTimeout: 5 });
  await migrate(store, { migrations: migrations(), version, backups: dir.backups });
  await store.close();
  const database = new Database(dir.database);
  database.run("PRAGMA journal_mode = DELETE");
  if (change !== "") database.run(change);
  database.close();
  return Uint8Array.from(readFileSync(dir.database));
}

async function writeArchive(
  file: string,
  { entries = {}, size, says = {}, listed = (it) => it, bent }: Made,
): Promise<void> {
  const handle = await open(file, "w");
  const writer = new ArchiveWriter(handle, new Date(Date.UTC(2026, 0, 2)));
  const all = { "formstead.db": await emptyDatabase(), ...entries };
  const noted: { name: string; size: number; sha256: string }[] = [];
  const add = (name: string, content: string | Uint8Array<ArrayBuffer>) =>
    writer.add(name, size ?? content.length, new Blob([content]).stream(), { compressed: true });
  for (const [name, content] of Object.entries(all)) {
    // Objects have one of a name, archives any number.
    const real = name.replace(/#.*/, "");
    noted.push({ name: real, ...(await add(real, content)) });
  }
  const manifest = { format: 1, formstead: "0.1.0", made: "2026-01-02 00:00:00.000Z", entries: listed(noted), ...says };
  await add("manifest.json", JSON.stringify(manifest));
  await writer.end();
  await handle.close();
  if (bent) writeFileSync(file, bent(readFileSync(file)));
}

/** Where the list of entries says something about one of them. */
function centralAt(bytes: Buffer, name: string): number {
  const at = bytes.lastIndexOf(name) - 46;
  if (bytes.readUInt32LE(at) !== 0x02014b50) throw new Error(`${name} is not listed.`);
  return at;
}

const key = "files/c/r/a.txt";

describe("restoring refuses, and changes nothing:", () => {
  const table: readonly (readonly [why: string, made: Made, code: string])[] = [
    ["a name that leads out of the folder", { entries: { "files/../../evil": "x" } }, "backup_damaged"],
    ["an absolute name", { entries: { "/tmp/evil": "x" } }, "backup_damaged"],
    ["a name for Windows", { entries: { "files\\c\\..\\..\\evil": "x" } }, "backup_damaged"],
    ["a drive", { entries: { "C:/evil": "x" } }, "backup_damaged"],
    ["a name with a point", { entries: { "files/c/r/.htaccess": "x" } }, "backup_foreign"],
    ["a file that has no place", { entries: { "public/index.html": "x" } }, "backup_foreign"],
    ["a file above records", { entries: { "files/c": "x" } }, "backup_foreign"],
    ["a log of its own", { entries: { "formstead.db-wal": "x" } }, "backup_foreign"],
    ["two of one name", { entries: { [key]: "x", [`${key}#2`]: "y" } }, "backup_foreign"],
    [
      "two of one name, one listed",
      { entries: { [key]: "x", [`${key}#2`]: "y" }, listed: (it) => it.slice(0, 2) },
      "backup_foreign",
    ],
    ["more than is listed", { entries: { [key]: "x" }, listed: (it) => it.slice(0, 1) }, "backup_foreign"],
    ["less than is listed", { listed: (it) => [...it, { ...it[0], name: key }] }, "backup_damaged"],
    ["no database", { listed: (it) => it.slice(1) }, "backup_foreign"],
    [
      "another size",
      { entries: { [key]: "x" }, listed: (it) => it.map((one) => ({ ...one, size: 5 })) },
      "backup_damaged",
    ],
    [
      "another hash",
      { entries: { [key]: "x" }, listed: (it) => it.map((one) => ({ ...one, sha256: "0".repeat(64) })) },
      "backup_damaged",
    ],
    [
      "more than there is room for",
      {
        size: 5 * 2 ** 30,
        entries: { [key]: "x" },
        listed: (it) => it.map((one) => (one.name === key ? { ...one, size: 2 ** 52 } : one)),
        bent: (bytes) => {
          bytes.writeBigUInt64LE(2n ** 52n, centralAt(bytes, key) + 46 + key.length + 4);
          return bytes;
        },
      },
      "backup_no_room",
    ],
    [
      "a link",
      {
        entries: { [key]: "/etc/passwd" },
        bent: (bytes) => {
          bytes.writeUInt32LE((0o120777 << 16) >>> 0, centralAt(bytes, key) + 38);
          return bytes;
        },
      },
      "backup_foreign",
    ],
    [
      "a bomb: more bytes than it says",
      {
        entries: { [key]: new Uint8Array(5_000_000) },
        listed: (it) => it.map((one) => (one.name === key ? { ...one, size: 10 } : one)),
        bent: (bytes) => {
          bytes.writeUInt32LE(10, centralAt(bytes, key) + 24);
          return bytes;
        },
      },
      "backup_damaged",
    ],
    [
      "an encrypted entry",
      {
        entries: { [key]: "x" },
        bent: (bytes) => {
          bytes.writeUInt16LE(1, centralAt(bytes, key) + 8);
          return bytes;
        },
      },
      "backup_foreign",
    ],
    ["half of it", { bent: (bytes) => bytes.subarray(0, bytes.length / 2) }, "backup_foreign"],
    ["no archive", { bent: () => Buffer.from("hello") }, "backup_foreign"],
    ["nothing", { bent: () => Buffer.alloc(0) }, "backup_foreign"],
    ["another archive", { says: { format: "zip" } }, "backup_foreign"],
    ["an archive of a newer version", { says: { format: 2, entries: "elsewhere" } }, "backup_newer"],
    ["no database inside the database", { entries: { "formstead.db": "not a database" } }, "backup_database"],
  ];
  test.each(table)("%s", async (_why, made, code) => {
    using folder = newFolder();
    const file = join(folder.path, "x.zip");
    await writeArchive(file, made);
    const dir = openDataDir(join(folder.path, "data"));
    writeFileSync(join(dir.root, "secret"), "of before");
    const before = contents(folder.path);
    expect(await refused(restoreBackup(dir, file))).toBe(code);
    expect(contents(folder.path)).toEqual(before);
  });

  test.each([
    ["of a newer version", `PRAGMA user_version = ${migrations().length + 1}`, "data_newer"],
    ["of something else", "DROP TABLE _collections", "backup_foreign_database"],
    ["that no version has written", "PRAGMA user_version = 0", "backup_foreign_database"],
  ])("a database %s", async (_why, change, code) => {
    using folder = newFolder();
    const file = join(folder.path, "x.zip");
    await writeArchive(file, { entries: { "formstead.db": await emptyDatabase(change) } });
    const dir = openDataDir(join(folder.path, "data"));
    const before = contents(folder.path);
    expect(await refused(restoreBackup(dir, file))).toBe(code);
    expect(contents(folder.path)).toEqual(before);
  });

  test("what is not there, and a folder", async () => {
    using folder = newFolder();
    const dir = openDataDir(folder.path);
    expect(await refused(restoreBackup(dir, join(folder.path, "none.zip")))).toBe("backup_missing");
    expect(await refused(restoreBackup(dir, folder.path))).toBe("backup_foreign");
  });

  test("while a server, a backup or another program is at the data", async () => {
    await using it = await Opened.open();
    const { file } = await makeBackup(it.project);
    const dir = openDataDir(it.dir);
    const release = it.project.dir.claim();
    expect(await refused(restoreBackup(dir, file))).toBe("data_in_use");
    release();
    const done = it.project.dir.claimBackup();
    expect(await refused(restoreBackup(dir, file))).toBe("backup_under_way");
    done();
    expect(await refused(restoreBackup(dir, file))).toBe("data_in_use");
    expect(readdirSync(it.dir).filter((name) => name.startsWith("restoring"))).toEqual([]);
  });
});

test("bent anywhere, an archive is refused or what it was", async () => {
  using folder = newFolder();
  const file = join(folder.path, "x.zip");
  await writeArchive(file, { entries: { [key]: "content", secret: "s".repeat(40) } });
  const whole = readFileSync(file);
  const read = async () => {
    const archive = await openArchive(file);
    try {
      const entries = archive.manifest.entries.map(async ({ name }) => {
        return [name, Buffer.concat(await Array.fromAsync(archive.read(name))).toString("hex")];
      });
      return JSON.stringify(await Promise.all(entries));
    } finally {
      archive.close();
    }
  };
  const right = await read();
  const bend = fc.oneof(
    fc.record({ at: fc.nat(whole.length - 1), by: fc.integer({ min: 1, max: 255 }) }),
    fc.record({
      at: fc.integer({ min: whole.length - 400, max: whole.length - 1 }),
      by: fc.integer({ min: 1, max: 255 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(bend, fc.boolean(), async ({ at, by }, cut) => {
      const bent = Buffer.from(cut ? whole.subarray(0, at) : whole);
      if (!cut) bent[at] = (bent[at] ?? 0) ^ by;
      writeFileSync(file, bent);
      const outcome = await read().catch((error) => {
        if (error instanceof Refusal) return error;
        throw error;
      });
      if (!(outcome instanceof Refusal)) expect(outcome).toBe(right);
      if (cut) expect(outcome).toBeInstanceOf(Refusal);
    }),
    { numRuns: 60 },
  );
});

describe("restoring over data", () => {
  /** Data that can be told from other data in each of its parts. */
  function fill(root: string, called: string): void {
    for (const file of ["formstead.db", "formstead.db-wal", "secret"]) writeFileSync(join(root, file), called);
    mkdirSync(join(root, "files", called, "r"), { recursive: true });
    writeFileSync(join(root, "files", called, "r", "a.txt"), called);
  }

  const parts = (root: string) => [
    readFileSync(join(root, "formstead.db"), "utf8"),
    existsSync(join(root, "formstead.db-wal")),
    readFileSync(join(root, "secret"), "utf8"),
    readdirSync(join(root, "files")),
  ];

  test("keeps what was there, and older data is brought to today's form", async () => {
    using folder = newFolder();
    const file = join(folder.path, "x.zip");
    const old = openDataDir(join(folder.path, "old"));
    const store = await openSqlite({ file: old.database, queryTimeout: 5 });
    await migrate(store, { migrations: migrations().slice(0, 1), version: "0.0.1", backups: old.backups });
    await makeBackup({ dir: old, store, files: openDiskStorage(old.files) }, file);
    await store.close();
    await using it = await Opened.open();
    await albums(it);
    await upload(it, "one", "first");
    await it.project.close();
    const { before = "" } = await restoreBackup(openDataDir(it.dir), file);
    expect(before).toMatch(/backups\/before-restore-20\d{12}$/);
    expect(albumsIn(before)).toEqual({ one: ["first"] });
    expect(readdirSync(join(it.dir, "files"))).toEqual([]);
    await using again = await Opened.open({ dir: it.dir });
    expect(again.project.collections.find("albums")).toBeUndefined();
    expect(existsSync(join(it.dir, "backups", `before-${version}.db`))).toBe(true);
  });

  test("ended after any step, it is brought to its end by whoever opens the folder next", () => {
    for (let steps = 0, done = false; !done; steps++) {
      using folder = newFolder();
      const root = openDataDir(folder.path).root;
      fill(root, "old");
      const ready = join(root, "restoring-20260102030405");
      mkdirSync(ready);
      fill(ready, "new");
      rmSync(join(ready, "formstead.db-wal"));
      const moving = exchanging(root);
      for (let n = 0; n < steps; n++) done = moving.next().done === true;
      openDataDir(root);
      expect([steps, ...parts(root)]).toEqual([steps, "new", false, "new", ["new"]]);
      expect(existsSync(ready)).toBe(false);
      const before = join(root, "backups", "before-restore-20260102030405");
      expect(parts(before)).toEqual(["old", true, "old", ["old"]]);
      if (done) expect(steps).toBeGreaterThan(6);
    }
  });

  test("ended before it was decided, nothing has happened", () => {
    using folder = newFolder();
    const root = openDataDir(folder.path).root;
    fill(root, "old");
    mkdirSync(join(root, "restoring-part"));
    fill(join(root, "restoring-part"), "new");
    openDataDir(root);
    expect([existsSync(join(root, "restoring-part")), ...parts(root)]).toEqual([false, "old", true, "old", ["old"]]);
  });

  test("nobody opens the folder meanwhile", () => {
    using folder = newFolder();
    const dir = openDataDir(folder.path);
    const exchange = dir.openExchange("20260102030405");
    expect(() => openDataDir(folder.path)).toThrow("data_being_restored");
    exchange.close();
    openDataDir(folder.path);
  });
});

test("an archive of more than four gigabytes says its sizes as zip64 does", async () => {
  using folder = newFolder();
  const file = join(folder.path, "x.zip");
  const handle = await open(file, "w");
  const writer = new ArchiveWriter(handle, new Date(Date.UTC(2026, 0, 2)));
  await writer.add("large", 5 * 2 ** 30, new Blob(["as if it were large"]).stream());
  await writer.add("small", 5, new Blob(["small"]).stream(), { compressed: true });
  await writer.end();
  await handle.close();
  expect(await refused(checkArchive(file, folder.path))).toBe("backup_foreign");
  const { openPromise } = await import("yauzl");
  const zip = await openPromise(file, { lazyEntries: true });
  const found: unknown[] = [];
  for await (const entry of zip.eachEntry()) {
    const read = await Array.fromAsync(await zip.openReadStreamPromise(entry));
    found.push([entry.fileName, entry.uncompressedSize, Buffer.concat(read).toString()]);
  }
  expect(found).toEqual([
    ["large", 19, "as if it were large"],
    ["small", 5, "small"],
  ]);
});
