import {
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { Refusal } from "../lib/errors.ts";
import { randomText } from "../lib/ids.ts";
import { syncFolder, syncPath } from "./durable.ts";
import { type Exchange, finishExchange, held, openExchange } from "./exchange.ts";

/** Every path inside the data folder. */
export interface DataDir {
  readonly root: string;
  readonly database: string;
  readonly logs: string;
  readonly files: string;
  readonly backups: string;
  /** Uploads on their way. */
  readonly tmp: string;
  /** Files of failed sends, for an hour. */
  readonly drafts: string;
  /** A user's own site, where it lies beside the data. */
  readonly public: string;
  /** What a backup needs while it is made; there only then. */
  readonly making: string;
  /** As long as it is there, files of records that are removed are moved into it, for the backup that is being made. */
  readonly removed: string;
  /**
   * The application secret, made when it is first asked for: `first` where there is one, of 32 characters at least. Throws a Refusal
   * (code `secret_unusable`).
   */
  secret(first?: string): string;
  /**
   * Takes the folder for one server, and empties `tmp`, until the answered function is called or the process ends, however it ends. Throws a
   * Refusal (code `data_in_use`) while another server has it. Commands need no such claim: SQLite lets them read and write beside a
   * server. Two servers would send mails twice and miss each other's live events.
   */
  claim(): () => void;
  /** Takes the folder for one who makes or reads a backup, likewise. Throws a Refusal (code `backup_under_way`). */
  claimBackup(): () => void;
  /** Removes what a backup has left that was ended in the middle. */
  clearBackup(): void;
  /** Begins to put other data in the place of this. `stamp` is fourteen digits. Throws a Refusal (code `data_being_restored`). */
  openExchange(stamp: string): Exchange;
}

/** Opens the data folder, making it with what belongs in it. Throws a Refusal (code `data_unwritable`). */
export function openDataDir(dir: string): DataDir {
  const root = resolve(dir);
  const inside = (name: string) => join(root, name);
  const folders = { files: inside("files"), backups: inside("backups"), tmp: inside("tmp"), drafts: inside("drafts") };
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    finishExchange(root);
    for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true, mode: 0o700 });
    tryWriting(inside(`tmp/.${randomText(15)}`));
    makePrivate(inside("formstead.db"));
    makePrivate(inside("serving.lock"));
    makePrivate(inside("backup.lock"));
    syncFolder(root);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal("unavailable", "data_unwritable", { folder: root });
  }
  const making = inside("backup-part");
  const removed = join(making, "removed");
  const clearBackup = () => {
    const release = existsSync(making) && held(inside("backup.lock"));
    if (!release) return;
    rmSync(making, { recursive: true, force: true });
    release();
  };
  return {
    root,
    ...folders,
    making,
    removed,
    database: inside("formstead.db"),
    logs: inside("logs.db"),
    public: inside("public"),
    secret: (first) => readSecret(inside("secret"), first),
    claim: () => {
      const release = claim(inside("serving.lock"), "data_in_use");
      empty(folders.tmp);
      clearBackup();
      return release;
    },
    claimBackup: () => claim(inside("backup.lock"), "backup_under_way"),
    clearBackup,
    openExchange: (stamp) => openExchange(root, stamp),
  };
}

/** Whether the folder is one that `openDataDir` has opened before. */
export function isDataDir(dir: string): boolean {
  return existsSync(join(dir, "formstead.db"));
}

/** SQLite would make a file that everyone may read where the folder lets them in; its log and its lock are like the file. */
function makePrivate(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, "a", 0o600));
}

/** What a server left behind that ended in the middle of an upload: nobody will ask for it again. */
function empty(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
}

function tryWriting(file: string): void {
  writeFileSync(file, "");
  rmSync(file);
}

const shortest = 32;

function readSecret(file: string, first?: string): string {
  try {
    if (!existsSync(file)) writeSecret(file, first ?? randomText(64));
    const secret = readFileSync(file, "utf8").trim();
    if (secret.length >= shortest) return secret;
  } catch {
    // Told below: whatever the reason, somebody must look at the file.
  }
  throw new Refusal("unavailable", "secret_unusable", { file, shortest });
}

/**
 * The file gets its name only once all of it is on disk. A link, not a rename: where two programs start at once the second
 * finds the first one's secret in place and uses it.
 */
function writeSecret(file: string, secret: string): void {
  const part = `${file}.${randomText(15)}`;
  try {
    writeFileSync(part, `${secret}\n`, { mode: 0o600, flag: "wx" });
    chmodSync(part, 0o600);
    syncPath(part);
    link(part, file);
    syncFolder(join(file, ".."));
  } finally {
    rmSync(part, { force: true });
  }
}

function link(part: string, file: string): void {
  try {
    linkSync(part, file);
  } catch {
    // Some file systems (exFAT, some network shares) know no links.
    if (!existsSync(file)) renameSync(part, file);
  }
}

/** An exclusive SQLite transaction on a file of its own: a lock that the system lets go of when the process ends. */
function claim(file: string, code: string): () => void {
  const release = held(file);
  if (!release) throw new Refusal("conflict", code);
  return release;
}
