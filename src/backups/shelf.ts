import { constants, copyFile, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Upload } from "../fields/payload.ts";
import { stamp } from "../lib/dates.ts";
import { bad, good, type Outcome, problem, Refusal } from "../lib/errors.ts";
import { syncFolder, syncPath } from "../store/durable.ts";
import { type BackupParts, type Made, makeBackup } from "./making.ts";
import { checkArchive } from "./soundness.ts";
import { isFull } from "./trouble-codes.ts";

/** A backup in the folder of them. */
export interface Shelved {
  /** The name of its file. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** When it was made or sent: `2026-01-02 15:04:05.000Z`. */
  readonly modified: string;
}

/** The backups in the data folder, as their owner has them in hand while the server runs. Names are `[a-z0-9_-]` with `.zip`. */
export interface Shelf {
  /** The newest first. */
  list(): Promise<Shelved[]>;
  /** Makes one, as `makeBackup`; the name is made, too, unless said. Problems with `name`. */
  make(name?: string): Promise<Outcome<Made>>;
  /** Keeps one that was sent, under its own name, once it has been looked through. Problems with `file`; Refusals of `openArchive`. */
  keep(upload: Upload): Promise<Outcome<void>>;
  /** Where one is. Refusal "not found". */
  find(key: string): Promise<string>;
  /** Refusal "not found". */
  remove(key: string): Promise<void>;
}

const fitting = /^[a-z0-9_-]{1,100}\.zip$/;

export function openShelf(parts: BackupParts): Shelf {
  const { dir } = parts;

  async function sizeOf(key: string) {
    const stats = fitting.test(key) ? await stat(join(dir.backups, key)).catch(() => undefined) : undefined;
    return stats?.isFile() ? { size: stats.size, modified: stats.mtimeMs } : undefined;
  }

  async function find(key: string): Promise<string> {
    if (await sizeOf(key)) return join(dir.backups, key);
    throw new Refusal("not found", "not_found");
  }

  return {
    list: async () => {
      const found: (Shelved & { readonly at: number })[] = [];
      for (const key of await readdir(dir.backups)) {
        const facts = await sizeOf(key);
        if (facts) found.push({ key, size: facts.size, modified: stamp(facts.modified), at: facts.modified });
      }
      return found.sort((a, b) => b.at - a.at).map(({ key, size, modified }) => ({ key, size, modified }));
    },
    make: async (name) => {
      if (name === undefined) return good(await makeBackup(parts));
      if (!fitting.test(name)) return bad({ name: problem("backup_name") });
      if (await sizeOf(name)) return bad({ name: problem("validation_backup_name_exists") });
      return good(await makeBackup(parts, join(dir.backups, name)));
    },
    keep: async ({ filename, path }) => {
      const file = join(dir.backups, filename);
      if (!fitting.test(filename)) return bad({ file: problem("backup_name") });
      const release = dir.claimBackup();
      try {
        if (await sizeOf(filename)) return bad({ file: problem("validation_backup_name_exists") });
        await checkArchive(path, dir.making);
        const part = `${file}.part`;
        await rm(part, { force: true });
        await copyFile(path, part, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
        syncPath(part);
        await rename(part, file);
        syncFolder(dir.backups);
        return good(undefined);
      } catch (error) {
        await rm(`${file}.part`, { force: true });
        throw isFull(error) ? new Refusal("no room", "no_room") : error;
      } finally {
        await rm(dir.making, { recursive: true, force: true });
        release();
      }
    },
    find,
    remove: async (key) => rm(await find(key)),
  };
}
