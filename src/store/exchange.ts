import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { Refusal } from "../lib/errors.ts";
import { Connection } from "./connection.ts";
import { syncFolder } from "./durable.ts";
import { isBusy } from "./failures.ts";

/**
 * Other data taking the place of a folder's own. It is laid ready in a folder beside; giving that its name decides, in one step
 * that the disk does whole or not at all. The renames that follow are done again by whoever opens the folder next, until none is left.
 */
export interface Exchange {
  /** Where the other data is laid ready: `formstead.db`, `files`, and `secret` unless the old one stays. */
  readonly folder: string;
  /**
   * Puts it in its place, and answers where what was there is now. All of it is on disk before. Refusal "conflict" (code
   * `data_in_use`) while another program has the database open, "unavailable" (code `data_mounted`) where a part of it is a disk of its own,
   * which cannot change places with a folder.
   */
  commit(): string;
  /** Lets go of the folder; what was not committed is removed. */
  close(): void;
}

const lock = "restore.lock";
const preparing = "restoring-part";
const decided = /^restoring-(\d{14})$/;

/** `stamp` is fourteen digits, for the name of the folder that keeps the old data: `before-restore-STAMP`. */
export function openExchange(root: string, stamp: string): Exchange {
  const path = join(root, lock);
  // It stays for ever: one that is removed could be locked by two at once, each having its own.
  if (!existsSync(path)) closeSync(openSync(path, "a", 0o600));
  const release = held(path);
  if (!release) throw new Refusal("conflict", "data_being_restored");
  const folder = join(root, preparing);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  return {
    folder,
    commit: () => {
      mustBeMovable(root);
      const free = unused(root, stamp);
      foldLog(join(root, "formstead.db"));
      syncFolder(folder);
      renameSync(folder, join(root, `restoring-${free}`));
      syncFolder(root);
      for (const _ of exchanging(root));
      return keptIn(root, free);
    },
    close: () => {
      rmSync(folder, { recursive: true, force: true });
      release();
    },
  };
}

/** Ends what a process has left in the middle. Refusal "conflict" (code `data_being_restored`) while one is at it. */
export function finishExchange(root: string): void {
  if (!isUnderWay(root)) return;
  const release = held(join(root, lock));
  if (!release) throw new Refusal("conflict", "data_being_restored");
  try {
    for (const _ of exchanging(root));
    rmSync(join(root, preparing), { recursive: true, force: true });
  } finally {
    release();
  }
}

/**
 * Does what is decided, a rename at a time; stopped anywhere and begun anew it goes on. As long as a thing lies ready, what stands in
 * its place is the old one. The log goes before the database it belongs to, since afterwards nobody could tell whose it is.
 */
export function* exchanging(root: string): Generator<void> {
  const ready = readdirSync(root).find((name) => decided.test(name));
  if (ready === undefined) return;
  const folder = join(root, ready);
  const kept = keptIn(root, decided.exec(ready)?.[1] ?? "");
  mkdirSync(kept, { recursive: true, mode: 0o700 });
  const things = [["formstead.db-wal", "formstead.db-shm", "formstead.db"], ["secret"], ["files"]];
  for (const parts of things) {
    const decider = join(folder, parts.at(-1) ?? "");
    if (!existsSync(decider)) continue;
    for (const part of parts) {
      if (!existsSync(join(root, part))) continue;
      renameSync(join(root, part), join(kept, part));
      syncFolder(kept);
      syncFolder(root);
      yield;
    }
    renameSync(decider, join(root, parts.at(-1) ?? ""));
    syncFolder(root);
    yield;
  }
  rmSync(folder, { recursive: true, force: true });
  syncFolder(root);
}

function isUnderWay(root: string): boolean {
  return readdirSync(root).some((name) => name === preparing || decided.test(name));
}

/** Among the backups, unless they are on a disk of their own: nothing can be moved there in one step. */
function keptIn(root: string, stamp: string): string {
  const backups = join(root, "backups");
  const folder = existsSync(backups) && statSync(backups).dev === statSync(root).dev ? backups : root;
  return join(folder, `before-restore-${stamp}`);
}

function mustBeMovable(root: string): void {
  const { dev } = statSync(root);
  for (const part of ["formstead.db", "secret", "files"]) {
    const path = join(root, part);
    if (existsSync(path) && lstatSync(path).dev !== dev) throw new Refusal("unavailable", "data_mounted", { path });
  }
}

function unused(root: string, stamp: string): string {
  let free = stamp;
  while (existsSync(keptIn(root, free))) free = String(BigInt(free) + 1n);
  return free;
}

/**
 * Puts the log of a database into its file, as only the last one who has it open can. A database that cannot be read is moved as it
 * is: it may be why somebody restores a backup.
 */
function foldLog(file: string): void {
  let connection: Connection | undefined;
  try {
    connection = new Connection(file, "write");
    connection.first("PRAGMA journal_mode = DELETE");
    connection.run("BEGIN EXCLUSIVE");
    connection.run("COMMIT");
  } catch (error) {
    if (isBusy(error)) throw new Refusal("conflict", "data_in_use");
  } finally {
    connection?.close();
  }
}

/** Locks a file until the answered function is called or the process ends; nothing where another has it. */
export function held(file: string): (() => void) | undefined {
  const connection = new Connection(file, "write");
  try {
    connection.run("BEGIN EXCLUSIVE");
  } catch (error) {
    connection.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  locks.add(connection);
  return () => {
    locks.delete(connection);
    connection.close();
  };
}

/** A connection that nobody holds is collected, and its lock with it. */
const locks = new Set<Connection>();
