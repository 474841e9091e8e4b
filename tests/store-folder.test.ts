import { Database } from "bun:sqlite";
import { afterAll, describe, expect, test } from "bun:test";
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
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Migration, migrations } from "../src/embedded.ts";
import { Refusal } from "../src/lib/errors.ts";
import { type DataDir, openDataDir } from "../src/store/datadir.ts";
import type { Store } from "../src/store/engine.ts";
import { migrate } from "../src/store/migrations.ts";
import { openSqlite } from "../src/store/sqlite.ts";
import { raw, sql } from "../src/store/sql.ts";

const folder = mkdtempSync(join(tmpdir(), "folder-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let folders = 0;
const newFolder = () => join(folder, String(++folders), "data");
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

function refused(work: () => unknown): Refusal {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error("Expected a refusal.");
}

describe("the data folder", () => {
  test("is made with what belongs in it, for nobody else to read", () => {
    const dir = openDataDir(newFolder());
    expect(mode(dir.root)).toBe("700");
    expect(dir.database).toBe(join(dir.root, "formstead.db"));
    for (const path of [dir.files, dir.backups, dir.tmp]) expect(statSync(path).isDirectory()).toBe(true);
    expect(readdirSync(dir.tmp)).toEqual([]);
    expect(openDataDir(dir.root).root).toBe(dir.root);
  });

  test("that was there already, for all to enter, gets files that nobody else can read", async () => {
    const root = newFolder();
    mkdirSync(root, { recursive: true, mode: 0o755 });
    const dir = openDataDir(root);
    const store = await openSqlite({ file: dir.database, queryTimeout: 5 });
    await store.write((tx) => tx.run(sql`CREATE TABLE t (id TEXT)`));
    const release = dir.claim();
    const files = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.map(({ name }) => name)).toContain("formstead.db-wal");
    expect(files.map(({ name }) => [name, mode(join(root, name))])).toEqual(files.map(({ name }) => [name, "600"]));
    release();
    await store.close();
    expect(mode(root)).toBe("755");
  });

  test("that cannot be one is a refusal", () => {
    const file = join(folder, "a-file");
    writeFileSync(file, "");
    expect(refused(() => openDataDir(file))).toMatchObject({ code: "data_unwritable", params: { folder: file } });
    expect(refused(() => openDataDir(join(file, "data"))).code).toBe("data_unwritable");
  });

  test("keeps one secret, for its owner only", () => {
    const dir = openDataDir(newFolder());
    expect(existsSync(join(dir.root, "secret"))).toBe(false);
    const secret = dir.secret();
    expect(secret).toMatch(/^[a-z0-9]{64}$/);
    expect(mode(join(dir.root, "secret"))).toBe("600");
    expect(openDataDir(dir.root).secret()).toBe(secret);
    expect(openDataDir(newFolder()).secret()).not.toBe(secret);
    expect(readdirSync(dir.root).filter((name) => name.startsWith("secret"))).toEqual(["secret"]);
  });

  test("refuses a secret that somebody emptied or shortened, and leaves it as it is", () => {
    const dir = openDataDir(newFolder());
    const file = join(dir.root, "secret");
    for (const text of ["", "short"]) {
      writeFileSync(file, text);
      expect(refused(() => dir.secret())).toMatchObject({ code: "secret_unusable", params: { file } });
      expect(readFileSync(file, "utf8")).toBe(text);
    }
  });

  test("makes one secret where several programs start at once", async () => {
    const root = newFolder();
    const script = join(folder, "secret.ts");
    const module = JSON.stringify(join(import.meta.dir, "../src/store/datadir.ts"));
    await Bun.write(
      script,
      `import { openDataDir } from ${module}; console.log(openDataDir(${JSON.stringify(root)}).secret());`,
    );
    const children = Array.from({ length: 4 }, () => Bun.spawn([process.execPath, script], { stdout: "pipe" }));
    const said = await Promise.all(children.map((child) => new Response(child.stdout).text()));
    expect(new Set(said).size).toBe(1);
    expect(said[0]?.trim()).toBe(openDataDir(root).secret());
  });

  test("serves one server at a time, whatever became of the last one", async () => {
    const dir = openDataDir(newFolder());
    const release = dir.claim();
    expect(refused(() => openDataDir(dir.root).claim())).toMatchObject({ kind: "conflict", code: "data_in_use" });
    release();
    writeFileSync(join(dir.tmp, "half an upload"), "x");
    dir.claim()();
    expect(readdirSync(dir.tmp)).toEqual([]);

    const script = join(folder, "claims.ts");
    const module = JSON.stringify(join(import.meta.dir, "../src/store/datadir.ts"));
    await Bun.write(
      script,
      `import { openDataDir } from ${module}; openDataDir(${JSON.stringify(dir.root)}).claim(); console.log("mine"); setTimeout(() => {}, 20000);`,
    );
    const child = Bun.spawn([process.execPath, script], { stdout: "pipe" });
    await child.stdout.getReader().read();
    expect(refused(() => dir.claim()).code).toBe("data_in_use");
    child.kill(9);
    await child.exited;
    dir.claim()();
  });
});

describe("our own tables", () => {
  const first: Migration = { name: "0001_a", sql: "CREATE TABLE a (id TEXT);\n\nINSERT INTO a VALUES ('x; y');\n" };
  const second: Migration = {
    name: "0002_b",
    sql: "-- A second table; with a comment.\nALTER TABLE a ADD COLUMN more TEXT;\nCREATE TABLE b (id TEXT);",
  };
  const options = (dir: DataDir, all: readonly Migration[], version = "1.0.0") => ({
    migrations: all,
    version,
    backups: dir.backups,
  });

  async function withStore(work: (store: Store, dir: DataDir) => Promise<void>): Promise<void> {
    const dir = openDataDir(newFolder());
    const store = await openSqlite({ file: dir.database, queryTimeout: 5 });
    try {
      await work(store, dir);
    } finally {
      await store.close();
    }
  }

  const tables = async (store: Store) =>
    (await store.all<{ name: string }>(sql`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)).map(
      ({ name }) => name,
    );

  test("are all there after the embedded migrations, and stay as they are the next time", () =>
    withStore(async (store, dir) => {
      for (const round of [1, 2]) {
        await migrate(store, options(dir, migrations()));
        expect(await tables(store)).toEqual(expect.arrayContaining(["_collections", "_history", "_outbox", "_params"]));
        expect(await store.first<object>(raw("PRAGMA user_version"))).toEqual({ user_version: migrations().length });
        if (round === 1) await store.write((tx) => tx.run(sql`INSERT INTO _params (key, value) VALUES ('a', '1')`));
      }
      expect(await store.all<object>(sql`SELECT key, value FROM _params`)).toEqual([{ key: "a", value: "1" }]);
      expect(readdirSync(dir.backups)).toEqual([]);
    }));

  test("grow with a newer version, after a copy of what there was", () =>
    withStore(async (store, dir) => {
      await migrate(store, options(dir, [first]));
      expect(await tables(store)).toEqual(["a"]);
      expect(readdirSync(dir.backups)).toEqual([]);
      await migrate(store, options(dir, [first, second], "1.1.0"));
      expect(await tables(store)).toEqual(["a", "b"]);
      expect(await store.all<object>(sql`SELECT id, more FROM a`)).toEqual([{ id: "x; y", more: null }]);
      expect(readdirSync(dir.backups)).toEqual(["before-1.1.0.db"]);
      const copy = new Database(join(dir.backups, "before-1.1.0.db"), { readonly: true });
      expect(copy.prepare("SELECT * FROM a").all()).toEqual([{ id: "x; y" }]);
      expect(copy.prepare("PRAGMA user_version").get()).toEqual({ user_version: 1 });
      copy.close();
    }));

  test("refuse an older version, which changes nothing", () =>
    withStore(async (store, dir) => {
      await migrate(store, options(dir, [first, second]));
      const older = await migrate(store, options(dir, [first])).catch((error) => error);
      expect(older).toBeInstanceOf(Refusal);
      expect(older).toMatchObject({ code: "data_newer", params: { format: 2, known: 1 } });
      expect(await tables(store)).toEqual(["a", "b"]);
    }));

  test("keep their form when a migration fails half-way, and the copies of both tries", () =>
    withStore(async (store, dir) => {
      await migrate(store, options(dir, [first]));
      const broken: Migration = { name: "0002_b", sql: "CREATE TABLE b (id TEXT);\nCREATE TABLE a (id TEXT);\n" };
      const fault = await migrate(store, options(dir, [first, broken], "1.1.0")).catch((error) => error);
      expect(fault.message).toContain("already exists");
      expect(await tables(store)).toEqual(["a"]);
      await migrate(store, options(dir, [first, second], "1.1.0"));
      expect(await tables(store)).toEqual(["a", "b"]);
      expect(readdirSync(dir.backups).sort()).toEqual(["before-1.1.0-2.db", "before-1.1.0.db"]);
    }));

  test("are made once where two programs start at once", () =>
    withStore(async (store, dir) => {
      const other = await openSqlite({ file: dir.database, queryTimeout: 5 });
      await Promise.all([store, other].map((it) => migrate(it, options(dir, [first, second]))));
      expect(await store.all<object>(sql`SELECT count(*) AS n FROM a`)).toEqual([{ n: 1 }]);
      await other.close();
    }));
});
