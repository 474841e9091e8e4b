import { constants, Database } from "bun:sqlite";
import { chmodSync, copyFileSync, constants as copying, existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { render } from "./connection.ts";
import { sqlite } from "./dialect.ts";
import type { Sql, Value } from "./sql.ts";

/** A SQLite file of another program, which is only read: nothing of it, and nothing in its folder, is ever changed. */
export interface Foreign {
  all<Row>(query: Sql): Row[];
  /** The rows one by one: nobody holds all of them. */
  each<Row>(query: Sql): Iterable<Row>;
  /** Says which state of the file was opened; another one after the other program has written. */
  readonly stamp: string;
  /** Whether the other program has written since it was opened: what was read may then be of two states. */
  changed(): boolean;
  close(): void;
}

/** What SQLite keeps beside a file: what is in the first two belongs to the data. */
const beside = ["-wal", "-journal"] as const;

/**
 * Opens a file. Where its log holds what is not in the file yet, both are copied into `folder` first (it is made, and removed when this is
 * closed), since SQLite would write beside the file to read them together. What SQLite cannot read throws its error.
 */
export function openForeign(file: string, folder: string): Foreign {
  const stamp = stampOf(file);
  const logs = beside.filter((end) => sizeOf(file + end) > 0);
  const copied = logs.length > 0;
  const database = copied ? openCopy(file, logs, folder) : openStill(file);
  const undo = () => {
    database.close();
    if (copied) rmSync(folder, { recursive: true, force: true });
  };
  try {
    // A file that somebody else has made may hold anything.
    for (const pragma of ["trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "cache_size = -16000"]) {
      database.run(`PRAGMA ${pragma}`);
    }
    database.query("SELECT 1 FROM sqlite_schema").get();
  } catch (error) {
    undo();
    throw error;
  }
  return {
    all: <Row>(query: Sql) => {
      using statement = database.prepare<Row, Value[]>(render(query, sqlite));
      return statement.all(...query.values);
    },
    each: function* <Row>(query: Sql) {
      using statement = database.prepare<Row, Value[]>(render(query, sqlite));
      yield* statement.iterate(...query.values);
    },
    stamp,
    changed: () => stampOf(file) !== stamp,
    close: undo,
  };
}

/** `immutable`: SQLite takes no locks and looks for no log, so it makes none either. */
function openStill(file: string): Database {
  return new Database(
    `${pathToFileURL(file).href}?immutable=1`,
    constants.SQLITE_OPEN_READONLY | constants.SQLITE_OPEN_URI,
  );
}

function openCopy(file: string, logs: readonly string[], folder: string): Database {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const copy = join(folder, basename(file));
  for (const end of ["", ...logs]) {
    copyFileSync(file + end, copy + end, copying.COPYFILE_FICLONE);
    chmodSync(copy + end, 0o600);
  }
  return new Database(copy, { readwrite: true, create: false });
}

function stampOf(file: string): string {
  return ["", ...beside].map((end) => (existsSync(file + end) ? statOf(file + end) : "")).join(" ");
}

function statOf(path: string): string {
  const { size, mtimeMs, ino } = statSync(path);
  return size === 0 ? "" : `${ino}:${size}:${mtimeMs}`;
}

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}
