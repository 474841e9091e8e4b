import { Database } from "bun:sqlite";
import { writeFileSync } from "node:fs";
import { postId } from "./data.ts";
import { owner, seedFormstead, serveFormstead, signIn } from "./formstead.ts";
import { run, type Server, serve } from "./programs.ts";
import { works } from "./works.ts";
import { parseLoad, script, wrk } from "./wrk.ts";

/** What taking records out of Formstead and into it costs, and what it leaves to others. */
export interface Transfer {
  readonly rows: number;
  readonly formats: readonly Exported[];
  /** Rows a second that an import makes where nobody else wants anything: looked through, and made. */
  readonly checked: number;
  readonly imported: number;
  /** Requests for one record a second, and the p99 in milliseconds, while something else runs. */
  readonly beside: readonly Beside[];
}

interface Exported {
  readonly format: string;
  /** Rows and megabytes a second. */
  readonly rate: number;
  readonly bytes: number;
  /** Megabytes that the process held at most, and before. */
  readonly peak: number;
  readonly before: number;
}

interface Beside {
  readonly what: string;
  readonly rate: number;
  readonly p99: number;
}

export interface TransferOptions {
  /** The command that is Formstead, without arguments. */
  readonly program: readonly string[];
  readonly folder: string;
  readonly rows: number;
  readonly seconds: number;
}

/** Rows of the file that is imported. */
const fileRows = 50_000;
const exports = "/_/collections/posts/export.";

export async function measureTransfer({ program, folder, rows, seconds }: TransferOptions): Promise<Transfer> {
  await seedFormstead(program, folder, 0, []);
  fillAtOnce(`${folder}/formstead.db`, rows);
  const server = await serve((port) => serveFormstead(program, folder, port), `${folder}.log`);
  try {
    const { token } = await signIn(server.address, owner);
    const get = async (time: number) => {
      const file = `${folder}.lua`;
      const work = works.find(({ name }) => name === "get");
      writeFileSync(file, script(work?.shots({ posts: rows, user: "", token: "", run: "" }) ?? []));
      const command = wrk({ address: server.address, connections: 32, seconds: time, file });
      return parseLoad(await run(command, `${folder}.wrk`));
    };
    const formats: Exported[] = [];
    for (const format of ["csv", "json", "ndjson"]) formats.push(await exportOnce(server, token, format, rows));
    await get(1);
    const beside: Beside[] = [{ what: "nothing else", ...(await get(seconds)) }];
    beside.push({ what: "one unrelated busy process", ...(await during(busy, () => get(seconds))) });
    const endless = (signal: AbortSignal) => exportAgainAndAgain(server, token, signal);
    beside.push({ what: "an export", ...(await during(endless, () => get(seconds))) });
    const slow = (signal: AbortSignal) => slowLists(server, signal);
    beside.push({ what: "slow lists of four clients", ...(await during(slow, () => get(seconds))) });
    const file = csv(rows);
    const checking = await sendFile(server, token, file);
    beside.push({ what: "an import", ...(await get(seconds)) });
    await until(server, token, checking);
    const since = performance.now();
    const path = await sendFile(server, token, file);
    await until(server, token, path);
    const checked = fileRows / ((performance.now() - since) / 1000);
    const made = performance.now();
    await carryOut(server, token, path);
    await until(server, token, path);
    const imported = fileRows / ((performance.now() - made) / 1000);
    return { rows, formats, checked, imported, beside };
  } finally {
    await server.stop();
  }
}

export function transferTables({ rows, formats, checked, imported, beside }: Transfer): string {
  const whole = (value: number) => Math.round(value).toLocaleString("en");
  const shared = beside.find(({ what }) => what.startsWith("one"))?.rate ?? 0;
  return [
    `| export of ${whole(rows)} rows | rows a second | MB a second | memory at most | before |`,
    "| --- | --: | --: | --: | --: |",
    ...formats.map(
      (it) =>
        `| ${it.format} | ${whole(it.rate)} | ${whole(it.bytes)} | ${whole(it.peak)} MB | ${whole(it.before)} MB |`,
    ),
    "",
    `Import of ${whole(fileRows)} rows: ${whole(checked)} a second are looked through, ${whole(imported)} a second are made.`,
    "",
    "| get one record beside | requests a second | of what it has beside a busy process | p99 |",
    "| --- | --: | --: | --: |",
    ...beside.map(
      ({ what, rate, p99 }) => `| ${what} | ${whole(rate)} | ${(rate / shared).toFixed(2)} | ${p99.toFixed(1)} ms |`,
    ),
  ].join("\n");
}

/** As many posts as are wanted, past the server, which is not running: its own doors would take minutes. */
function fillAtOnce(file: string, rows: number): void {
  const db = new Database(file);
  const insert = db.prepare(
    "INSERT INTO posts (id, title, body, category, views, published, created, updated) VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?6)",
  );
  const text = "form field paper letter garden river stone window table answer question morning";
  db.transaction(() => {
    for (let n = 0; n < rows; n++) {
      insert.run(postId(n), `a title ${n}`, text, `c${n % 100}`, n % 10_000, "2026-01-02 15:04:05.000Z");
    }
  })();
  db.close();
}

async function exportOnce(server: Server, token: string, format: string, rows: number): Promise<Exported> {
  const before = server.memory() ?? 0;
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, server.memory() ?? 0)), 20);
  const since = performance.now();
  const size = await read(server.address + exports + format, token);
  const seconds = (performance.now() - since) / 1000;
  clearInterval(watch);
  return { format, rate: rows / seconds, bytes: size / 1e6 / seconds, peak, before };
}

async function exportAgainAndAgain(server: Server, token: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await read(`${server.address}${exports}csv`, token, signal).catch(() => {});
}

/** Four clients who look through every body, again and again, for what stands in none of them. */
async function slowLists(server: Server, signal: AbortSignal): Promise<void> {
  const url = `${server.address}/api/collections/posts/records?filter=${encodeURIComponent("body ~ 'zzz'")}&perPage=30`;
  const client = async () => {
    while (!signal.aborted) await read(url, "", signal).catch(() => {});
  };
  await Promise.all(Array.from({ length: 4 }, client));
}

async function read(url: string, token: string, signal?: AbortSignal): Promise<number> {
  const headers: Record<string, string> = token === "" ? {} : { authorization: token };
  const response = await fetch(url, { headers, ...(signal ? { signal } : {}) });
  if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}.`);
  let size = 0;
  for await (const bytes of response.body) size += bytes.length;
  return size;
}

/** Does work while something else runs, and ends that. */
async function during<T>(other: (signal: AbortSignal) => Promise<void>, work: () => Promise<T>): Promise<T> {
  const end = new AbortController();
  const running = other(end.signal);
  try {
    return await work();
  } finally {
    end.abort();
    await running;
  }
}

async function busy(signal: AbortSignal): Promise<void> {
  const child = Bun.spawn([process.execPath, "-e", "const end = Date.now() + 120000; while (Date.now() < end);"]);
  signal.addEventListener("abort", () => child.kill());
  await child.exited;
}

function csv(from: number): string {
  const rows = Array.from(
    { length: fileRows },
    (_, n) => `title ${from + n},some words of a body,c${n % 100},${n},true`,
  );
  return `title,body,category,views,published\n${rows.join("\n")}\n`;
}

const imports = "/_/collections/posts/import";

async function sendFile(server: Server, token: string, file: string): Promise<string> {
  const body = new FormData();
  body.set("file", new File([file], "posts.csv"));
  return moved(
    await fetch(server.address + imports, {
      method: "POST",
      headers: { authorization: token },
      body,
      redirect: "manual",
    }),
  );
}

async function carryOut(server: Server, token: string, path: string): Promise<void> {
  const body = new URLSearchParams({ act: "import" });
  moved(
    await fetch(server.address + path, { method: "POST", headers: { authorization: token }, body, redirect: "manual" }),
  );
}

function moved(response: Response): string {
  const to = response.headers.get("location");
  if (response.status !== 303 || to === null) throw new Error(`${response.url} answered ${response.status}.`);
  return to;
}

async function until(server: Server, token: string, path: string): Promise<void> {
  for (;;) {
    const response = await fetch(server.address + path, { headers: { authorization: token, accept: "text/html" } });
    await response.text();
    if (!response.headers.has("refresh")) return;
    await Bun.sleep(100);
  }
}
