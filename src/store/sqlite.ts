import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import { workerEntry } from "../embedded.ts";
import { Refusal } from "../lib/errors.ts";
import { Connection, render } from "./connection.ts";
import { type Dialect, sqlite } from "./dialect.ts";
import { syncFolder } from "./durable.ts";
import type { Store, Unit, WriteOptions } from "./engine.ts";
import { isBusy, translate } from "./failures.ts";
import { Helper } from "./helper.ts";
import { Keeper } from "./keeper.ts";
import { Scanners } from "./scanners.ts";
import { Scans } from "./scans.ts";
import type { Sql } from "./sql.ts";
import { diskSync, type Sync, Wal } from "./wal.ts";
import { Writer } from "./writer.ts";

export interface SqliteOptions {
  readonly file: string;
  /** Seconds a reading query may take, and that a write waits for a lock which another process holds. */
  readonly queryTimeout: number;
  /** Seconds a unit has. */
  readonly unitTimeout?: number;
  /** Megabytes of the file that the one who writes keeps in memory. */
  readonly cache?: number;
  /** Makes what was written to a file durable; `fdatasync` on the thread pool. */
  readonly sync?: Sync;
  /** What `new Worker()` takes for `worker.ts`. */
  readonly workerEntry?: string;
  /** Told each time that something new is on disk; returns at once. */
  readonly stored?: () => void;
  /** Hears what an operator must know. */
  readonly log?: (line: string) => void;
}

/** Opens a SQLite file, making it if there is none. Throws a Refusal when it cannot be read or written. */
export async function openSqlite(options: SqliteOptions): Promise<Store> {
  const patience = options.queryTimeout * 1000;
  const opened: { close(): void }[] = [];
  try {
    const writing = new Connection(options.file, "write", [
      "wal_autocheckpoint = 0",
      "trusted_schema = OFF",
      "temp_store = MEMORY",
      `cache_size = -${(options.cache ?? 16) * 1000}`,
    ]);
    opened.push(writing);
    const file = realpathSync(options.file);
    await patiently(() => makeDurable(writing, file), patience);
    const wal = new Wal(`${file}-wal`, options.sync ?? diskSync);
    opened.push(wal);
    const reading = new Connection(file, "read", ["trusted_schema = OFF", "cache_size = -32000"]);
    return new SqliteStore({ ...options, file }, writing, reading, wal);
  } catch (error) {
    for (const it of opened.reverse()) it.close();
    throw translate(error);
  }
}

/**
 * The first commit is a FULL one, which makes the log and its place in the folder durable; afterwards SQLite leaves syncing
 * to us. Setting the format to what it is writes a page, so that there is something to commit.
 */
function makeDurable(connection: Connection, file: string): void {
  const mode = connection.first<{ journal_mode: string }>("PRAGMA journal_mode = WAL")?.journal_mode;
  if (mode !== "wal") throw new Refusal("unavailable", "data_without_log");
  connection.run("PRAGMA synchronous = FULL");
  connection.run("BEGIN IMMEDIATE");
  const format = connection.first<{ user_version: number }>("PRAGMA user_version")?.user_version ?? 0;
  connection.run(`PRAGMA user_version = ${format}`);
  connection.run("COMMIT");
  connection.run("PRAGMA synchronous = NORMAL");
  syncFolder(dirname(file));
}

/** Tries again by timer while another connection holds a lock. */
async function patiently<T>(work: () => T, patience: number): Promise<T> {
  const until = performance.now() + patience;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error;
    }
    await Bun.sleep(5);
  }
}

class SqliteStore implements Store {
  readonly dialect: Dialect = sqlite;
  readonly #writing: Connection;
  readonly #reading: Connection;
  readonly #wal: Wal;
  readonly #patience: number;
  readonly #helper: Helper;
  readonly #keeper: Keeper;
  readonly #writer: Writer;
  readonly #scanners: Scanners;
  readonly #scans: Scans;
  #closing: Promise<void> | undefined;

  constructor(options: SqliteOptions, writing: Connection, reading: Connection, wal: Wal) {
    const { file, unitTimeout = 5, workerEntry: entry = workerEntry, log = () => {}, stored = () => {} } = options;
    this.#writing = writing;
    this.#reading = reading;
    this.#wal = wal;
    this.#patience = options.queryTimeout * 1000;
    this.#helper = new Helper(entry, file);
    this.#scanners = new Scanners(entry, file, this.#patience, log);
    this.#keeper = new Keeper(reading, wal, this.#helper, this.#scanners, log);
    const limits = { unit: unitTimeout * 1000, lock: this.#patience };
    this.#writer = new Writer(writing, this.dialect, wal, this.#keeper, limits, stored);
    this.#scans = new Scans(reading, this.#scanners);
    this.#keeper.look();
  }

  async all<Row>(query: Sql): Promise<Row[]> {
    const text = render(query, this.dialect);
    try {
      return this.#reading.all<Row>(text, query.values);
    } catch (error) {
      return this.#again(error, () => this.#reading.all<Row>(text, query.values));
    }
  }

  async first<Row>(query: Sql): Promise<Row | undefined> {
    const text = render(query, this.dialect);
    try {
      return this.#reading.first<Row>(text, query.values);
    } catch (error) {
      return this.#again(error, () => this.#reading.first<Row>(text, query.values));
    }
  }

  async scan<Row>(query: Sql, gone?: AbortSignal, aside = false, bytes = Number.POSITIVE_INFINITY): Promise<Row[]> {
    const asked = { text: render(query, this.dialect), values: query.values, bytes };
    try {
      return await this.#scans.scan<Row>(asked, gone, aside);
    } catch (error) {
      return this.#again(error, () => this.#scans.scan<Row>(asked, gone, aside));
    }
  }

  write<T>(work: (tx: Unit) => Promise<T>, options?: WriteOptions): Promise<T> {
    return this.#writer.write(work, options);
  }

  async copyTo(file: string): Promise<void> {
    try {
      await this.#helper.copy(file);
    } catch (error) {
      throw translate(error);
    }
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    await this.#writer.close();
    await this.#scanners.close();
    await this.#keeper.close();
    this.#reading.close();
    this.#wal.close();
    // The last connection of all processes folds the log into the file and removes it.
    this.#writing.close();
  }

  /** Readers are in nobody's way, except for a moment when another process recovers or removes the log. */
  async #again<T>(error: unknown, work: () => T | Promise<T>): Promise<T> {
    try {
      if (!isBusy(error)) throw error;
      await Bun.sleep(5);
      return await patiently(work, this.#patience);
    } catch (failure) {
      throw translate(failure);
    }
  }
}
