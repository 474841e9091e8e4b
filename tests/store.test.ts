import { Database } from "bun:sqlite";
import { afterAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Refusal } from "../src/lib/errors.ts";
import { ConstraintError, type Store, type Unit } from "../src/store/engine.ts";
import { isOutdated } from "../src/store/failures.ts";
import { openSqlite, type SqliteOptions } from "../src/store/sqlite.ts";
import { raw, sql } from "../src/store/sql.ts";
import { diskSync } from "../src/store/wal.ts";

const folder = mkdtempSync(join(tmpdir(), "store-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newFile = () => join(folder, `${++files}.db`);

/** Runs a test on a store of its own, with the table `notes (id, title)`. */
function withStore(
  work: (store: Store, file: string) => Promise<void>,
  options: Partial<SqliteOptions> = {},
): () => Promise<void> {
  return async () => {
    const file = newFile();
    const store = await openSqlite({ file, queryTimeout: 30, ...options });
    try {
      await store.write((tx) => tx.run(raw("CREATE TABLE notes (id TEXT PRIMARY KEY NOT NULL, title TEXT)")));
      await work(store, file);
    } finally {
      await store.close();
    }
  };
}

const add = (tx: Unit, id: string, title = "") => tx.run(sql`INSERT INTO notes (id, title) VALUES (${id}, ${title})`);
const ids = async (store: Store) =>
  (await store.all<{ id: string }>(sql`SELECT id FROM notes ORDER BY id`)).map(({ id }) => id);

/** What a promise was refused with; fails when it was not. */
async function refusal(promise: Promise<unknown>): Promise<Refusal> {
  const error = await promise.then(
    () => "answered",
    (thrown) => thrown,
  );
  if (!(error instanceof Refusal)) throw new Error(`Expected a refusal, got ${error}`);
  return error;
}

/**
 * What a promise failed with, in words; `""` when it did not. (`expect().rejects` holds the event loop, so that no worker's
 * message arrives.)
 */
const thrown = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "",
    (error) => error.message,
  );

/** A sync that waits for `release` or fails on demand. */
function heldSync() {
  const gates: PromiseWithResolvers<void>[] = [];
  const state = { hold: false, fail: false, started: 0, flying: 0, most: 0 };
  const sync = async (fd: number) => {
    state.started++;
    state.most = Math.max(state.most, ++state.flying);
    try {
      if (state.hold) {
        const gate = Promise.withResolvers<void>();
        gates.push(gate);
        await gate.promise;
      }
      if (state.fail) throw Object.assign(new Error("EIO: i/o error, fdatasync"), { code: "EIO" });
      await diskSync(fd);
    } finally {
      state.flying--;
    }
  };
  const release = () => {
    state.hold = false;
    for (const gate of gates.splice(0)) gate.resolve();
  };
  return { sync, state, gates, release };
}

async function until(condition: () => boolean | Promise<boolean>, milliseconds = 3000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error("It did not become true in time.");
    await Bun.sleep(2);
  }
}

/** The longest time the event loop was held while `work` ran, in milliseconds. */
async function longestHold(work: () => Promise<unknown>): Promise<number> {
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1);
  await work();
  clearInterval(timer);
  return Math.max(longest, performance.now() - last);
}

describe("a unit", () => {
  test(
    "is stored as a whole, and seen by whoever reads after it",
    withStore(async (store) => {
      const title = await store.write(async (tx) => {
        await add(tx, "a", "one");
        await add(tx, "b", "two");
        return (await tx.first<{ title: string }>(sql`SELECT title FROM notes WHERE id = ${"b"}`))?.title;
      });
      expect(title).toBe("two");
      expect(await store.first<{ title: string }>(sql`SELECT title FROM notes WHERE id = ${"a"}`)).toEqual({
        title: "one",
      });
      expect(await store.first(sql`SELECT title FROM notes WHERE id = ${"z"}`)).toBeUndefined();
    }),
  );

  test(
    "fails alone, and leaves nothing",
    withStore(async (store) => {
      const results = await Promise.allSettled([
        store.write((tx) => add(tx, "a")),
        store.write(async (tx) => {
          await add(tx, "b");
          throw new Error("changed my mind");
        }),
        store.write((tx) => add(tx, "c")),
      ]);
      expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      expect(await ids(store)).toEqual(["a", "c"]);
    }),
  );

  test(
    "may go on after a statement that the data does not allow",
    withStore(async (store) => {
      await store.write((tx) => add(tx, "a"));
      await store.write(async (tx) => {
        await add(tx, "a").catch(() => add(tx, "a2"));
      });
      expect(await ids(store)).toEqual(["a", "a2"]);
    }),
  );

  test(
    "leaves behind a tx that cannot be used",
    withStore(async (store) => {
      let kept: Unit | undefined;
      await store.write(async (tx) => {
        kept = tx;
      });
      let failed: Unit | undefined;
      await store
        .write(async (tx) => {
          failed = tx;
          throw new Error("no");
        })
        .catch(() => {});
      expect(await thrown(add(kept as Unit, "late"))).toContain("has ended");
      expect(await thrown((kept as Unit).all(sql`SELECT 1`))).toContain("has ended");
      expect(await thrown(add(failed as Unit, "late"))).toContain("has ended");
      expect(await ids(store)).toEqual([]);
    }),
  );

  test(
    "may not write beside itself, also not after waiting, but others may",
    withStore(async (store) => {
      const nested = store.write(async (tx) => {
        await add(tx, "a");
        await store.write((inner) => add(inner, "b"));
      });
      const waited = store.write(async (tx) => {
        await tx.all(sql`SELECT 1`);
        await Promise.resolve();
        await store.write((inner) => add(inner, "c"));
      });
      const other = store.write((tx) => add(tx, "d"));
      const results = await Promise.allSettled([nested, waited, other]);
      expect(results.map((it) => (it.status === "rejected" ? it.reason.message : ""))).toEqual([
        expect.stringContaining("inside a unit"),
        expect.stringContaining("inside a unit"),
        "",
      ]);
      await store.write((tx) => add(tx, "e")).then(() => store.write((tx) => add(tx, "f")));
      expect(await ids(store)).toEqual(["d", "e", "f"]);
    }),
  );

  test(
    "that overruns is taken back and refused; the others go on",
    withStore(
      async (store) => {
        const late = Promise.withResolvers<void>();
        let tx: Unit | undefined;
        const before = store.write((it) => add(it, "before"));
        const slow = store.write(async (it) => {
          tx = it;
          await add(it, "slow");
          await late.promise;
          await add(it, "later");
        });
        const after = store.write((it) => add(it, "after"));
        expect((await refusal(slow)).code).toBe("unit_overrun");
        await Promise.all([before, after]);
        late.resolve();
        await Bun.sleep(5);
        expect(await thrown(add(tx as Unit, "much later"))).toContain("has ended");
        expect(await ids(store)).toEqual(["after", "before"]);
      },
      { unitTimeout: 0.05 },
    ),
  );

  test(
    "is stored as it was told, though one after it is taken back",
    withStore(async (store) => {
      const dice = (id: string) => (tx: Unit) =>
        tx.all<{ title: string }>(sql`INSERT INTO notes SELECT ${id}, hex(randomblob(8)) RETURNING title`);
      const fails = async (tx: Unit) => {
        await add(tx, "gone");
        throw new Error("no");
      };
      const [first, , second, , third] = await Promise.allSettled([
        store.write(dice("a")),
        store.write(fails),
        store.write(dice("b")),
        store.write(fails),
        store.write((tx) => add(tx, "c", "plain")),
      ]);
      const told = [first, second].map((it) => (it.status === "fulfilled" ? it.value[0]?.title : "refused"));
      expect(await store.all(sql`SELECT id, title FROM notes ORDER BY id`)).toEqual([
        { id: "a", title: told[0] },
        { id: "b", title: told[1] },
        { id: "c", title: "plain" },
      ]);
      expect(third.status).toBe("fulfilled");
    }),
  );

  test(
    "of many statements is whole as well, whatever its neighbours do",
    withStore(async (store) => {
      const many = (from: number) => async (tx: Unit) => {
        for (let n = 0; n < 300; n++) await add(tx, String(from + n).padStart(4, "0"));
      };
      const failing = (from: number) => async (tx: Unit) => {
        await many(from)(tx);
        throw new Error("no");
      };
      await Promise.allSettled([
        store.write((tx) => add(tx, "first")),
        store.write(failing(1000)),
        store.write(many(2000)),
        store.write(failing(3000)),
        store.write(async (tx) => {
          await tx.run(raw("UPDATE notes SET title = 'seen'"));
        }),
      ]);
      const rows = await store.all<{ first: string; n: number; titles: number }>(
        sql`SELECT substr(id, 1, 1) AS first, count(*) AS n, count(DISTINCT title) AS titles FROM notes GROUP BY 1 ORDER BY 1`,
      );
      expect(rows).toEqual([
        { first: "2", n: 300, titles: 1 },
        { first: "f", n: 1, titles: 1 },
      ]);
    }),
  );

  test(
    "sees neither half of another, whatever fails in between",
    withStore(async (store) => {
      const Unit = fc.record({
        keys: fc.array(fc.nat(12), { maxLength: 4 }),
        fails: fc.boolean(),
        turns: fc.nat(3),
        isFickle: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(Unit, { maxLength: 12 }), async (units) => {
          await store.write((tx) => tx.run(raw("DELETE FROM notes")));
          const model = new Set<string>();
          const expected = units.map(({ keys, fails }) => {
            const mine = new Set(model);
            for (const key of keys.map(String)) {
              if (mine.has(key)) return "rejected";
              mine.add(key);
            }
            if (fails) return "rejected";
            for (const key of mine) model.add(key);
            return "fulfilled";
          });
          const results = await Promise.allSettled(
            units.map(({ keys, fails, turns, isFickle }) =>
              store.write(async (tx) => {
                for (const key of keys) {
                  for (let turn = 0; turn < turns; turn++) await undefined;
                  await add(tx, String(key));
                  if (isFickle) await tx.run(sql`UPDATE notes SET title = random() WHERE id = ${String(key)}`);
                }
                if (fails) throw new Error("no");
              }),
            ),
          );
          expect(results.map(({ status }): string => status)).toEqual(expected);
          expect(await ids(store)).toEqual([...model].sort());
        }),
        { numRuns: 100 },
      );
    }),
  );
});

describe("on disk before answered", () => {
  test("those who wait share a sync, and two run at most", async () => {
    const { sync, state } = heldSync();
    await withStore(
      async (store) => {
        state.started = 0;
        await Promise.all(Array.from({ length: 200 }, (_, n) => store.write((tx) => add(tx, String(n)))));
        expect(state.started).toBeLessThan(20);
        expect(state.most).toBeLessThanOrEqual(2);
        expect((await ids(store)).length).toBe(200);
      },
      { sync },
    )();
  });

  test("with the sync held back nobody is answered", async () => {
    const { sync, state, release } = heldSync();
    await withStore(
      async (store) => {
        state.hold = true;
        const answered: string[] = [];
        const write = (id: string) => store.write((tx) => add(tx, id)).then(() => answered.push(id));
        const first = write("a");
        await until(() => state.flying === 1);
        const second = write("b");
        await until(() => state.flying === 2);
        const third = write("c");
        await Bun.sleep(30);
        expect(answered).toEqual([]);
        expect(state.flying).toBe(2);
        expect(await ids(store)).toEqual(["a", "b"]);
        release();
        await Promise.all([first, second, third]);
        expect(answered).toEqual(["a", "b", "c"]);
      },
      { sync },
    )();
  });

  test("a sync that is done early does not answer before the one ahead of it", async () => {
    const { sync, state, gates, release } = heldSync();
    await withStore(
      async (store) => {
        state.hold = true;
        let answered = false;
        const first = store.write((tx) => add(tx, "a"));
        await until(() => state.flying === 1);
        const second = store.write((tx) => add(tx, "b")).then(() => (answered = true));
        await until(() => state.flying === 2);
        gates[1]?.resolve();
        await until(() => state.flying === 1);
        await Bun.sleep(10);
        expect(answered).toBe(false);
        release();
        await Promise.all([first, second]);
      },
      { sync },
    )();
  });

  test("a failing sync refuses its group and all behind it, until the log is safe again", async () => {
    const { sync, state, release } = heldSync();
    const lines: string[] = [];
    await withStore(
      async (store) => {
        state.hold = true;
        const group = [store.write((tx) => add(tx, "a")), store.write((tx) => add(tx, "b"))];
        await until(() => state.flying === 1);
        const behind = store.write((tx) => add(tx, "c"));
        await until(() => state.flying === 2);
        state.fail = true;
        release();
        for (const promise of [...group, behind]) expect((await refusal(promise)).code).toBe("sync_failed");
        expect((await refusal(store.write((tx) => add(tx, "d")))).kind).toBe("unavailable");
        expect(await ids(store)).not.toContain("d");

        state.fail = false;
        const works = () =>
          store
            .write((tx) => add(tx, "e"))
            .then(
              () => true,
              () => false,
            );
        await until(works);
        expect(await ids(store)).toContain("e");
        expect(lines.some((line) => line.includes("could not be synced"))).toBe(true);
      },
      { sync, log: (line) => lines.push(line) },
    )();
  });

  test("a sync that finds no room says so", async () => {
    const full = async () => {
      throw Object.assign(new Error("ENOSPC: no space left on device, fdatasync"), { code: "ENOSPC" });
    };
    const store = await openSqlite({ file: newFile(), queryTimeout: 1, sync: full });
    const make = () => store.write((tx) => tx.run(raw("CREATE TABLE IF NOT EXISTS a (b)")));
    expect((await refusal(make())).code).toBe("sync_failed");
    expect(await refusal(make())).toMatchObject({ kind: "no room", code: "no_room" });
    await store.close();
  });
});

describe("when the data cannot be written", () => {
  test(
    "a full disk refuses, changes nothing, and writing goes on when there is room",
    withStore(async (store) => {
      await store.write((tx) => add(tx, "a"));
      await store.write((tx) => tx.run(raw("PRAGMA max_page_count = 20")));
      const blob = "x".repeat(200_000);
      const inside: string[] = [];
      const group = [
        store.write((tx) => add(tx, "innocent")),
        store.write(async (tx) => {
          for (const title of [blob, "small"]) await add(tx, "b", title).catch((error) => inside.push(error.code));
        }),
      ];
      const next = store.write((tx) => add(tx, "next"));
      for (const promise of group) expect(await refusal(promise)).toMatchObject({ kind: "no room", code: "no_room" });
      expect(inside).toEqual(["no_room", "no_room"]);
      await next;
      expect(await ids(store)).toEqual(["a", "next"]);
      await store.write((tx) => tx.run(raw("PRAGMA max_page_count = 100000")));
      await store.write((tx) => add(tx, "big", blob));
      expect(await ids(store)).toEqual(["a", "big", "next"]);
    }),
  );

  test(
    "a lock of somebody else is waited for by timer, with the event loop free",
    withStore(async (store, file) => {
      const other = new Database(file);
      other.run("BEGIN IMMEDIATE");
      let answered = false;
      const write = store.write((tx) => add(tx, "a")).then(() => (answered = true));
      const held = await longestHold(() => Bun.sleep(300));
      expect(answered).toBe(false);
      expect(held).toBeLessThan(150);
      expect(await ids(store)).toEqual([]);
      other.run("COMMIT");
      other.close(true);
      await write;
      expect(await ids(store)).toEqual(["a"]);
    }),
  );

  test("a lock that is held for too long is a refusal", async () => {
    const file = newFile();
    const store = await openSqlite({ file, queryTimeout: 0.05 });
    const other = new Database(file);
    other.run("BEGIN IMMEDIATE");
    expect((await refusal(store.write((tx) => tx.run(raw("CREATE TABLE a (b)"))))).code).toBe("store_busy");
    other.run("ROLLBACK");
    other.close(true);
    await store.write((tx) => tx.run(raw("CREATE TABLE a (b)")));
    await store.close();
  });

  test(
    "two programs write side by side",
    withStore(async (store, file) => {
      const other = await openSqlite({ file, queryTimeout: 30 });
      await Promise.all(
        Array.from({ length: 40 }, (_, n) => (n % 2 ? store : other).write((tx) => add(tx, String(n + 10)))),
      );
      expect((await ids(store)).length).toBe(40);
      await other.close();
      await store.write((tx) => add(tx, "last"));
      expect((await ids(store)).length).toBe(41);
    }),
  );

  test("what is no database, or cannot be opened, is a refusal", async () => {
    const file = newFile();
    await Bun.write(file, "not a database, but long enough to look like one at first sight".repeat(20));
    expect((await refusal(openSqlite({ file, queryTimeout: 1 }))).code).toBe("data_damaged");
    expect((await refusal(openSqlite({ file: join(folder, "no", "such.db"), queryTimeout: 1 }))).kind).toBe(
      "unavailable",
    );
  });

  test("nothing is taken after close()", async () => {
    const store = await openSqlite({ file: newFile(), queryTimeout: 1 });
    const under = store.write((tx) => tx.run(raw("CREATE TABLE a (b)")));
    await Promise.all([store.close(), store.close()]);
    await under;
    expect((await refusal(store.write((tx) => tx.run(raw("CREATE TABLE b (b)"))))).code).toBe("store_closed");
  });
});

describe("constraints", () => {
  test(
    "name the table and what must be unique",
    withStore(async (store) => {
      await store.write(async (tx) => {
        await tx.run(raw(`CREATE TABLE people (id TEXT PRIMARY KEY NOT NULL, mail TEXT, team TEXT, nick TEXT)`));
        await tx.run(raw("CREATE UNIQUE INDEX people_pair ON people (team, nick)"));
        await tx.run(raw("CREATE UNIQUE INDEX people_mail ON people (lower(mail))"));
        await tx.run(raw("INSERT INTO people VALUES ('1', 'a@b.example', 'red', 'ann')"));
      });
      const fault = (text: string) => store.write((tx) => tx.run(raw(text))).catch((error) => error);
      const same = await fault("INSERT INTO people VALUES ('1', 'c', 'red', 'cem')");
      expect(same).toBeInstanceOf(ConstraintError);
      expect(same).toMatchObject({ kind: "unique", table: "people", columns: ["id"] });
      expect(await fault("INSERT INTO people VALUES ('2', 'c', 'red', 'ann')")).toMatchObject({
        kind: "unique",
        columns: ["team", "nick"],
      });
      expect(await fault("INSERT INTO people VALUES ('2', 'A@B.example', 'red', 'bob')")).toMatchObject({
        kind: "unique",
        table: "people",
        columns: ["index:people_mail"],
      });
      expect(await fault("INSERT INTO people VALUES (NULL, '', '', '')")).toMatchObject({
        kind: "other",
        table: "people",
        columns: ["id"],
      });
    }),
  );
});

describe("values and statements", () => {
  test(
    "come back as they went in",
    withStore(async (store) => {
      const text = "ü\u0000'\"; DROP TABLE notes --";
      const row = await store.first(
        sql`SELECT ${text} AS text, ${true} AS yes, ${false} AS no, ${null} AS none, ${1.5} AS real,
                   ${3_000_000_000} AS large, ${12n} AS big, ${new Uint8Array([0, 255])} AS bytes`,
      );
      expect(row).toEqual({
        text,
        yes: 1,
        no: 0,
        none: null,
        real: 1.5,
        large: 3_000_000_000,
        big: 12,
        bytes: new Uint8Array([0, 255]),
      });
    }),
  );

  test(
    "with too few values are refused before they run with those of the run before",
    withStore(async (store) => {
      const query = sql`SELECT ${"secret"} AS value`;
      await store.first(query);
      expect(await thrown(store.first(query.with([])))).toContain("1 holes and got 0 values");
      expect(await thrown(store.write((tx) => tx.run(query.with(["a", "b"]))))).toContain("got 2 values");
    }),
  );

  test(
    "live through changes of the schema",
    withStore(async (store) => {
      const all = raw("SELECT * FROM notes");
      const titles = raw("SELECT title FROM notes");
      await store.write((tx) => add(tx, "a", "one"));
      expect(await store.all(all)).toEqual([{ id: "a", title: "one" }]);
      expect(await store.all(titles)).toEqual([{ title: "one" }]);
      await store.write(async (tx) => {
        await tx.run(raw("ALTER TABLE notes ADD COLUMN body TEXT DEFAULT 'b'"));
        expect(await tx.all(all)).toEqual([{ id: "a", title: "one", body: "b" }]);
        await tx.run(raw("ALTER TABLE notes RENAME COLUMN title TO name"));
      });
      expect(await store.all(all)).toEqual([{ id: "a", name: "one", body: "b" }]);
      const gone = await store.all(titles).catch((error) => error);
      expect(isOutdated(gone)).toBe(true);
      await store.write((tx) => tx.run(raw("ALTER TABLE notes RENAME COLUMN name TO title")));
      expect(await store.all(titles)).toEqual([{ title: "one" }]);
    }),
  );

  test(
    "are forgotten when there are too many, and made again",
    withStore(async (store) => {
      const texts = Array.from({ length: 700 }, (_, n) => raw(`SELECT ${n} AS n`));
      for (const text of texts) await store.first(text);
      for (const [n, text] of texts.entries()) expect(await store.first<{ n: number }>(text)).toEqual({ n });
    }),
  );
});

describe("a scan", () => {
  /** 20,000 rows of one author and 20 of another. */
  const fill = (store: Store) =>
    store.write(async (tx) => {
      await tx.run(raw("CREATE TABLE posts (id INTEGER PRIMARY KEY, author TEXT, title TEXT, created INTEGER)"));
      await tx.run(
        raw(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20020)
             INSERT INTO posts SELECT i, CASE WHEN i > 20000 THEN 'few' ELSE 'many' END, 'title ' || i, i * 7 % 20021 FROM n`),
      );
      await tx.run(raw("CREATE INDEX posts_author ON posts (author, created)"));
    });
  const posts = (store: Store, where: string, rest = "") =>
    sql`SELECT id, title FROM posts WHERE ${store.dialect.tick} AND ${raw(where)} ${raw(rest)}`;
  /** Half a billion rows. */
  const endless = (store: Store) =>
    sql`SELECT count(*) AS n FROM posts a, posts b WHERE ${store.dialect.tick} AND a.title || b.title LIKE '%zzz%'`;

  test(
    "answers what all() answers, wherever it runs",
    withStore(async (store) => {
      await fill(store);
      const queries = [
        posts(store, "title LIKE '%99%'", "ORDER BY id"),
        posts(store, "title LIKE '%nothing%'"),
        posts(store, "author = 'few'", "ORDER BY created DESC LIMIT 30"),
        posts(store, "author = 'many'", "ORDER BY created DESC LIMIT 30"),
        posts(store, "author = 'many' AND title LIKE '%123%'", "ORDER BY created"),
        posts(store, "author = 'many'", "ORDER BY created LIMIT 10 OFFSET 15000"),
        posts(store, "EXISTS (SELECT 1 FROM posts p WHERE p.created = posts.id + 20000)", "ORDER BY id"),
      ];
      for (const round of ["first", "again"]) {
        for (const query of queries) {
          expect([round, await store.scan(query)]).toEqual([round, await store.all(query)]);
        }
      }
    }),
  );

  test(
    "runs on the main thread's own connection while tables are small, and sees what was just written",
    withStore(async (store) => {
      await store.write((tx) => add(tx, "a", "hello"));
      const query = sql`SELECT id FROM notes WHERE ${store.dialect.tick} AND title LIKE ${"%ell%"}`;
      expect(await store.scan<{ id: string }>(query)).toEqual([{ id: "a" }]);
    }),
  );

  test(
    "needs a worker only where it looks at many rows",
    withStore(
      async (store) => {
        await fill(store);
        for (const round of [1, 2]) {
          for (const where of ["author = 'few'", "author = 'many'", "author = 'few' AND title LIKE '%nothing%'"]) {
            const query = posts(store, where, "ORDER BY created DESC LIMIT 10");
            expect([round, (await store.scan(query)).length]).toEqual([round, where.includes("LIKE") ? 0 : 10]);
          }
          expect((await store.scan(posts(store, "1", "ORDER BY id LIMIT 30"))).length).toBe(30);
        }
        for (const query of [
          posts(store, "title LIKE '%nothing%'", "ORDER BY id LIMIT 30"),
          posts(store, "author = 'many' AND title LIKE '%nothing%'", "ORDER BY created LIMIT 30"),
          posts(store, "1", "ORDER BY title LIMIT 30"),
          posts(store, "1", "ORDER BY id LIMIT 30 OFFSET 10000"),
          posts(store, "EXISTS (SELECT 1 FROM posts p WHERE p.title = posts.author)", "LIMIT 30"),
          endless(store),
        ]) {
          expect(await thrown(store.scan(query))).not.toBe("");
        }
      },
      { workerEntry: join(folder, "no-such-worker.ts") },
    ),
  );

  test(
    "of a large table sees what was just written, in a worker too",
    withStore(async (store) => {
      await fill(store);
      const query = sql`SELECT id FROM posts WHERE ${store.dialect.tick} AND title LIKE ${"%fresh%"}`;
      expect(await store.scan(query)).toEqual([]);
      await store.write((tx) => tx.run(raw("INSERT INTO posts (id, title) VALUES (30000, 'a fresh one')")));
      expect(await store.scan<object>(query)).toEqual([{ id: 30000 }]);
    }),
  );

  test(
    "leaves no old state behind on the connection that others read from",
    withStore(async (store) => {
      await fill(store);
      const count = sql`SELECT count(*) AS n FROM notes`;
      for (const [n, query] of [posts(store, "title LIKE '%1%'"), posts(store, "id < 50"), endless(store)].entries()) {
        const gone = new AbortController();
        const scan = store.scan(query, gone.signal).catch(() => []);
        gone.abort();
        await scan;
        await store.write((tx) => add(tx, `n${n}`));
        expect(await store.first<object>(count)).toEqual({ n: n + 1 });
      }
    }),
  );

  test(
    "that takes long holds up nobody, and is stopped when its time is over",
    withStore(
      async (store) => {
        await fill(store);
        const started = performance.now();
        const slow = refusal(store.scan(endless(store)));
        const held = await longestHold(async () => {
          for (let n = 0; n < 50; n++) {
            await store.first(sql`SELECT id FROM notes WHERE id = ${"a"}`);
            await store.write((tx) => add(tx, `n${n}`));
            await Bun.sleep(1);
          }
        });
        expect(held).toBeLessThan(250);
        expect(await slow).toMatchObject({ kind: "unavailable", code: "query_timeout" });
        expect(performance.now() - started).toBeLessThan(4000);
        expect(await store.scan(posts(store, "title LIKE '% 777'"))).toEqual([{ id: 777, title: "title 777" }]);
      },
      { queryTimeout: 0.5 },
    ),
  );

  test(
    "stops when whoever asked has gone, also while it waits",
    withStore(async (store) => {
      await fill(store);
      const gone = new AbortController();
      const scans = Array.from({ length: 6 }, () => refusal(store.scan(endless(store), gone.signal)));
      await Bun.sleep(100);
      gone.abort();
      for (const scan of scans) expect((await scan).code).toBe("client_gone");
      expect((await refusal(store.scan(endless(store), gone.signal))).code).toBe("client_gone");
      expect((await store.scan(posts(store, "title LIKE '% 777'"))).length).toBe(1);
    }),
  );

  test(
    "with a mistake in it says so",
    withStore(async (store) => {
      await fill(store);
      expect(await thrown(store.scan(raw("SELECT nope FROM posts")))).toContain("no such column: nope");
    }),
  );
});

describe("the file", () => {
  test(
    "is folded while it is written, and left without a log",
    withStore(async (store, file) => {
      const page = "x".repeat(3000);
      for (let n = 0; n < 140; n++) {
        await Promise.all(Array.from({ length: 200 }, (_, m) => store.write((tx) => add(tx, `${n}-${m}`, page))));
      }
      await until(() => statSync(file).size > 40_000_000, 5000);
      expect(statSync(`${file}-wal`).size).toBeLessThan(80_000_000);
      await store.close();
      expect(existsSync(`${file}-wal`)).toBe(false);
      const again = await openSqlite({ file, queryTimeout: 1 });
      expect((await ids(again)).length).toBe(28_000);
      await again.close();
    }),
  );

  test(
    "can be copied while it is written; a copy is whole or not there",
    withStore(async (store) => {
      await store.write((tx) => add(tx, "a"));
      const to = newFile();
      const writing = Promise.all(Array.from({ length: 50 }, (_, n) => store.write((tx) => add(tx, `n${n}`))));
      await store.copyTo(to);
      await writing;
      const copy = new Database(to, { readonly: true });
      expect(copy.prepare("SELECT id FROM notes WHERE id = 'a'").all()).toEqual([{ id: "a" }]);
      expect(copy.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
      copy.close();
      expect(await thrown(store.copyTo(to))).toContain("exists already");
      const nowhere = join(folder, "nowhere", "copy.db");
      expect(await thrown(store.copyTo(nowhere))).toBe("disk_failed");
      expect(existsSync(`${nowhere}.part`)).toBe(false);
    }),
  );

  test("close() lets the process end, whatever ran in workers", async () => {
    const script = join(folder, "ends.ts");
    await Bun.write(
      script,
      `import { openSqlite } from ${JSON.stringify(join(import.meta.dir, "../src/store/sqlite.ts"))};
       import { raw } from ${JSON.stringify(join(import.meta.dir, "../src/store/sql.ts"))};
       const store = await openSqlite({ file: ${JSON.stringify(newFile())}, queryTimeout: 30 });
       await store.write((tx) => tx.run(raw("CREATE TABLE t (a)")));
       await store.write((tx) => tx.run(raw("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) INSERT INTO t SELECT i FROM n")));
       console.log((await store.scan(raw("SELECT count(*) AS n FROM t WHERE /*tick*/1 AND a LIKE '%9%'")))[0].n);
       store.scan(raw("SELECT count(*) AS n FROM t a, t b WHERE /*tick*/1 AND a.a = b.a + 0.5")).catch((error) => console.log(error.message || error.code));
       await store.copyTo(${JSON.stringify(newFile())});
       await store.close();
       console.log("closed");`,
    );
    const child = Bun.spawn([process.execPath, script], { stdout: "pipe", stderr: "inherit" });
    const timer = setTimeout(() => child.kill(9), 8000);
    const said = (await new Response(child.stdout).text()).trim().split("\n");
    clearTimeout(timer);
    expect(await child.exited).toBe(0);
    expect(said.at(-1)).toBe("closed");
    expect(Number(said[0])).toBe(2440);
  });
});
