import { afterAll, describe, expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { copyFileSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { workerEntry } from "../src/embedded.ts";
import { Refusal } from "../src/lib/errors.ts";
import type { Store } from "../src/store/engine.ts";
import { Scanners } from "../src/store/scanners.ts";
import { openSqlite, type SqliteOptions } from "../src/store/sqlite.ts";
import { raw, sql } from "../src/store/sql.ts";
import { Opened } from "./testing.ts";

const folder = mkdtempSync(join(tmpdir(), "store-scans-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newFile = () => join(folder, `${++files}.db`);

async function withStore(options: Partial<SqliteOptions>, work: (store: Store, file: string) => Promise<void>) {
  const file = newFile();
  const store = await openSqlite({ file, queryTimeout: 30, ...options });
  try {
    await work(store, file);
  } finally {
    await store.close();
  }
}

async function until(condition: () => boolean | Promise<boolean>, milliseconds = 10_000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error("It did not become true in time.");
    await Bun.sleep(5);
  }
}

/** The code a promise was refused with; `""` when it was answered. */
const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "",
    (error) => (error instanceof Refusal ? error.code : String(error)),
  );

/** How often the event loop came round while `work` ran: hardly ever where the main thread did it. */
async function turnsBeside<T>(work: () => Promise<T>): Promise<{ turns: number; value: T }> {
  let turns = 0;
  let ended = false;
  const turn = () => {
    turns++;
    if (!ended) setTimeout(turn, 1);
  };
  setTimeout(turn, 1);
  const value = await work();
  ended = true;
  return { turns, value };
}

/** `items` that refer to one of a few `cats`, all of it open to guests. */
async function shop(opened: Opened, { items, cats = 1, text }: { items: number; cats?: number; text: string }) {
  await opened.collection({ name: "cats", fields: [{ name: "label", type: "text" }] });
  const target = opened.project.collections.find("cats")?.id;
  await opened.collection({
    name: "items",
    fields: [
      { name: "t", type: "text", max: 5000 },
      { name: "cat", type: "relation", collectionId: target, maxSelect: 1 },
    ],
  });
  await opened.project.store.write(async (tx) => {
    for (let n = 0; n < cats; n++) await tx.run(sql`INSERT INTO cats (id, label) VALUES (${`cat${n}`}, ${`c${n}`})`);
    for (let n = 0; n < items; n++) {
      await tx.run(sql`INSERT INTO items (id, t, cat) VALUES (${`item${n}`}, ${text}, ${`cat${n % cats}`})`);
    }
  });
}

const list = (opened: Opened, filter: string, more = "") =>
  opened.send({
    json: ["GET", `/api/collections/items/records?perPage=1&${more}&filter=${encodeURIComponent(filter)}`],
  });

const there = (hops: number) => `cat.${"items_via_cat.cat.".repeat(hops - 1)}items_via_cat.t`;

describe("a stranger's filter", () => {
  test("that multiplies rows by going there and back leaves the main thread", async () => {
    await using opened = await Opened.open();
    await shop(opened, { items: 40, text: "hello" });
    const { turns, value } = await turnsBeside(() => list(opened, `${there(3)} ?= 'zzz'`, "skipTotal=1"));
    expect([value.status, value.body["items"]]).toEqual([200, []]);
    expect(turns).toBeGreaterThan(20);
  }, 20_000);

  test("may go to many records three times in a row, and is told so", async () => {
    await using opened = await Opened.open();
    await shop(opened, { items: 2, text: "hello" });
    expect((await list(opened, `${there(3)} ?= 'hello'`)).body["totalItems"]).toBe(2);
    const refused = await list(opened, `${there(4)} ?= 'hello'`);
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("more than 3 times")]);
    const sorted = await opened.send({ json: ["GET", `/api/collections/items/records?sort=${there(4)}`] });
    expect(sorted.status).toBe(400);
  });

  test("is stopped when its time is over, and the next one is answered", async () => {
    await using opened = await Opened.open({ queryTimeout: 0.3 });
    await shop(opened, { items: 350, text: "hello" });
    for (const operator of ["?=", "?~", "!="]) {
      const late = await list(opened, `${there(3)} ${operator} 'zzz'`, "skipTotal=1");
      expect([operator, late.status, late.body["items"]]).toEqual([operator, 503, undefined]);
    }
    expect((await list(opened, "t ~ 'ell'")).body["totalItems"]).toBe(350);
  });

  test("is counted on small tables, too, by what it compares", async () => {
    await using opened = await Opened.open();
    await shop(opened, { items: 400, text: "lorem ipsum ".repeat(200) });
    const many = Array.from({ length: 200 }, (_, n) => `t~'z${n}'`).join("||");
    const { turns, value } = await turnsBeside(() => list(opened, many, "skipTotal=1"));
    expect([value.status, value.body["items"]]).toEqual([200, []]);
    expect(turns).toBeGreaterThan(3);
  });

  test("may look for a text of 500 bytes at most", async () => {
    await using opened = await Opened.open();
    await shop(opened, { items: 12, text: "a".repeat(5000) });
    for (const filter of [`t ~ '${"a".repeat(501)}'`, `t !~ "${"ü".repeat(251)}"`, `t ?~ '${"a%".repeat(251)}'`]) {
      const refused = await list(opened, filter);
      expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("500 bytes")]);
    }
    const longest = Array.from({ length: 6 }, () => `t~'${"a".repeat(497)}b'`).join("||");
    const { turns, value } = await turnsBeside(() => list(opened, longest, "skipTotal=1"));
    expect([value.status, value.body["items"]]).toEqual([200, []]);
    expect(turns).toBeGreaterThan(5);
  }, 20_000);
});

describe("tables with the names of SQLite's own", () => {
  const odd = (name: string) => ({ type: "base", listRule: "", name, fields: [{ name: "t", type: "text" }] });

  test("are refused, or break no list", async () => {
    await using opened = await Opened.open();
    await opened.person("owner", {}, "_superusers");
    await opened.collection({
      name: "notes",
      fields: [{ name: "tags", type: "select", values: ["a", "b"], maxSelect: 2 }],
    });
    await opened.record("notes", { tags: ["a"] });
    const database = new Database(":memory:");
    const modules = database.prepare<{ name: string }, []>("PRAGMA module_list").all();
    const pragmas = database.prepare<{ name: string }, []>("PRAGMA pragma_list").all();
    const own = ["json_each", "json_tree", "jsonb_each", "jsonb_tree", "JSON_EACH", "generate_series", "bytecode"];
    const reserved = [...modules, ...pragmas.map((it) => ({ name: `pragma_${it.name}` }))].map(({ name }) => name);
    database.close();
    expect(reserved.length).toBeGreaterThan(60);
    const make = async (name: string) =>
      (await opened.send({ as: "owner", json: ["POST", "/api/collections", odd(name)] })).status;
    for (const name of [...own, ...reserved]) expect([name, await make(name)]).toEqual([name, 400]);
    const others = ["new", "old", "excluded", "rowid", "json", "lower", "tick", "values", "select", "temp", "main"];
    for (const name of others) {
      const made = await make(name);
      const answers = [
        await opened.send({ json: ["GET", "/api/collections/notes/records?filter=tags:each='a'"] }),
        ...(made === 200 ? [await opened.send({ json: ["GET", `/api/collections/${name}/records`] })] : []),
        ...(made === 200 ? [await opened.send({ as: "owner", json: ["DELETE", `/api/collections/${name}`] })] : []),
        await opened.send({ json: ["GET", "/api/collections/notes/records?filter=tags:each='a'"] }),
      ];
      expect([name, ...answers.map(({ status }) => status)].join(" ")).toMatch(/^\w+ 200( 200 204)? 200$/);
    }
  });

  test("that an older version let in break no list once they are gone", () =>
    withStore({}, async (store) => {
      const query = sql`SELECT value FROM ${store.dialect.elements(sql`${'["a"]'}`)} WHERE ${store.dialect.tick}`;
      expect(await store.scan<object>(query)).toEqual([{ value: "a" }]);
      await store.write((tx) => tx.run(raw("CREATE TABLE json_each (id TEXT)")));
      await store.scan(query).catch(() => {});
      await store.write((tx) => tx.run(raw("DROP TABLE json_each")));
      expect(await store.scan<object>(query)).toEqual([{ value: "a" }]);
    }));
});

describe("a unit", () => {
  test("that overruns without ever waiting is taken back at its next statement", () =>
    withStore({ unitTimeout: 0.05 }, async (store) => {
      await store.write((tx) => tx.run(raw("CREATE TABLE t (a)")));
      const end = performance.now() + 1000;
      const slow = store.write(async (tx) => {
        while (performance.now() < end) await tx.run(sql`INSERT INTO t VALUES (${1})`);
      });
      const next = store.write((tx) => tx.run(sql`INSERT INTO t VALUES (${2})`));
      expect(await refusal(slow)).toBe("unit_overrun");
      await next;
      expect(await store.all<object>(raw("SELECT a FROM t"))).toEqual([{ a: 2 }]);
    }));

  test("has the time it was given", () =>
    withStore({ unitTimeout: 0.05 }, async (store) => {
      await store.write(
        async (tx) => {
          await tx.run(raw("CREATE TABLE t (a)"));
          const end = performance.now() + 100;
          while (performance.now() < end) await tx.first(raw("SELECT 1"));
        },
        { seconds: 5 },
      );
      expect(await store.all(raw("SELECT a FROM t"))).toEqual([]);
    }));
});

describe("a worker that does not hear", () => {
  test("is replaced, and does not keep the process from ending", async () => {
    const script = join(folder, "deaf.ts");
    await Bun.write(
      script,
      `import { openSqlite } from ${JSON.stringify(join(import.meta.dir, "../src/store/sqlite.ts"))};
       import { raw, sql } from ${JSON.stringify(join(import.meta.dir, "../src/store/sql.ts"))};
       const store = await openSqlite({ file: ${JSON.stringify(newFile())}, queryTimeout: 0.2, log: (line) => console.log(line) });
       await store.write((tx) => tx.run(raw("CREATE TABLE t (a)")));
       await store.write((tx) => tx.run(raw("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) INSERT INTO t SELECT i FROM n")));
       const deaf = raw("SELECT count(*) AS n FROM t a, t b, t c WHERE a.a + b.a + c.a < 0");
       const told = (promise) => promise.then((rows) => JSON.stringify(rows), (error) => error.code);
       console.log(await told(store.scan(deaf)));
       for (let n = 0; n < 40; n++) {
         const answer = await told(store.scan(raw("SELECT count(*) AS n FROM t WHERE /*tick*/1 AND a LIKE '%9%'")));
         if (n === 39 || answer.startsWith("[")) { console.log(answer); break; }
       }
       await store.close();
       console.log("closed");
       process.exit(0);`,
    );
    const child = Bun.spawn([process.execPath, script], { stdout: "pipe", stderr: "inherit" });
    const timer = setTimeout(() => child.kill(9), 15_000);
    const said = (await new Response(child.stdout).text()).trim().split("\n");
    clearTimeout(timer);
    expect([await child.exited, said[0], said.at(-2), said.at(-1)]).toEqual([
      0,
      "query_timeout",
      '[{"n":2440}]',
      "closed",
    ]);
    expect(said.some((line) => line.includes("does not stop"))).toBe(true);
  }, 20_000);
});

describe("scans", () => {
  test("that are short do not wait for others, even where the same query once was long", () =>
    withStore({}, async (store) => {
      await store.write(async (tx) => {
        await tx.run(raw("CREATE TABLE t (a)"));
        await tx.run(raw("CREATE INDEX by_a ON t (a)"));
        await tx.run(
          raw("WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t SELECT 1 FROM n"),
        );
        await tx.run(raw("INSERT INTO t VALUES (2)"));
      });
      const find = (a: number) => store.scan(sql`SELECT a FROM t WHERE ${store.dialect.tick} AND a = ${a}`);
      expect((await find(1)).length).toBe(5000);
      const gone = new AbortController();
      const endless = sql`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE ${store.dialect.tick}) SELECT max(i) FROM n`;
      const running = Array.from({ length: 8 }, () => refusal(store.scan(endless, gone.signal)));
      expect(await Promise.race([find(2), Promise.race(running), Bun.sleep(2000)])).toEqual([{ a: 2 }]);
      gone.abort();
      expect(new Set(await Promise.all(running))).toEqual(new Set(["client_gone"]));
    }));

  test("read no more bytes than they may, on the main thread and beside it", () =>
    withStore({}, async (store) => {
      const rows = (bytes: number, aside: boolean) =>
        store.scan(raw("SELECT value, hex(zeroblob(500)) AS a FROM json_each('[1,2,3]')"), undefined, aside, bytes);
      for (const aside of [false, true]) {
        expect((await rows(3 * 1008, aside)).length).toBe(3);
        expect(await refusal(rows(3 * 1008 - 1, aside))).toBe("answer_too_large");
        expect((await rows(3 * 1008, aside)).length).toBe(3);
      }
    }));

  test("let those who need it be alone, and go on afterwards", () =>
    withStore({}, async (store, file) => {
      await store.write((tx) => tx.run(raw("CREATE TABLE t (a)")));
      const most = Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1));
      const scanners = new Scanners(workerEntry, file, 5000, () => {});
      const gone = new AbortController();
      const endless = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE tick()) SELECT max(i) FROM n`;
      const running = Array.from({ length: most }, () =>
        refusal(scanners.scan({ text: endless, values: [] }, gone.signal)),
      );
      const happened: string[] = [];
      const alone = scanners.alone(async () => {
        happened.push(`alone ${scanners.busy}`);
        await Bun.sleep(20);
        happened.push("done");
      });
      const later = scanners.scan({ text: "SELECT 1 AS one", values: [] }).then(({ rows = "" }) => happened.push(rows));
      await Bun.sleep(50);
      expect([scanners.busy, happened]).toEqual([true, []]);
      gone.abort();
      await Promise.all([alone, later, ...running]);
      expect(happened).toEqual(["alone false", "done", '[{"one":1}]']);
      await scanners.close();
    }));
});

describe("the log", () => {
  const page = "x".repeat(3000);
  const fill = (store: Store, pages: number) =>
    store.write(async (tx) => {
      for (let n = 0; n < pages; n++) await tx.run(sql`INSERT INTO t VALUES (${page})`);
    });

  test("that a reader keeps from being folded is told to the operator", async () => {
    const lines: string[] = [];
    await withStore({ log: (line) => lines.push(line) }, async (store, file) => {
      await store.write((tx) => tx.run(raw("CREATE TABLE t (a)")));
      const other = new Database(file, { readonly: true });
      other.run("BEGIN");
      other.prepare("SELECT count(*) FROM t").get();
      await fill(store, 6000);
      const says = async (text: string) => {
        await fill(store, 1);
        return lines.some((line) => line.includes(text));
      };
      await until(() => says("cannot be folded"));
      other.run("COMMIT");
      other.close(true);
      await until(() => says("folded again"));
      expect(lines.filter((line) => line.includes("cannot be folded")).length).toBe(1);
    });
  }, 20_000);

  test("that was left long is folded when the data is opened", async () => {
    const [file, left] = [newFile(), newFile()];
    const database = new Database(file);
    database.run("PRAGMA journal_mode = WAL");
    database.run("PRAGMA wal_autocheckpoint = 0");
    database.run("CREATE TABLE t (a)");
    database.transaction(() => {
      const insert = database.prepare("INSERT INTO t VALUES (?)");
      for (let n = 0; n < 5000; n++) insert.run(page);
      insert.finalize();
    })();
    copyFileSync(file, left);
    copyFileSync(`${file}-wal`, `${left}-wal`);
    database.close(true);
    expect(statSync(left).size).toBeLessThan(1_000_000);
    const store = await openSqlite({ file: left, queryTimeout: 1 });
    await until(() => statSync(left).size > 16_000_000);
    expect(await store.all<object>(raw("SELECT count(*) AS n FROM t"))).toEqual([{ n: 5000 }]);
    await store.close();
  });
});
