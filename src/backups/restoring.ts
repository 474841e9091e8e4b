import { existsSync } from "node:fs";
import { mkdir, readdir, rm, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { now } from "../lib/dates.ts";
import { Refusal } from "../lib/errors.ts";
import type { DataDir } from "../store/datadir.ts";
import { syncFolder } from "../store/durable.ts";
import { type Archive, openArchive } from "./archive.ts";
import { extract } from "./extracting.ts";
import { databaseName, isFile, secretName } from "./manifest.ts";
import { demandDatabase } from "./soundness.ts";
import { isFull } from "./trouble-codes.ts";

export interface Restored {
  /** When the backup was made: `2026-01-02 15:04:05.000Z`. */
  readonly made: string;
  /** How many files of records are back. */
  readonly files: number;
  /** The folder that holds what was there before; nothing where nothing was. */
  readonly before: string | undefined;
}

/**
 * Puts what an archive holds in the place of a folder's data. All of it is read, checked and on disk before anything else is touched;
 * a process that is ended in between leaves what was there, or what is brought to its end by whoever opens the folder next. Refusals
 * "conflict" (codes `data_in_use`, `data_being_restored`, `backup_under_way`), those of `openArchive` and `demandDatabase`, and "no room".
 */
export async function restoreBackup(dir: DataDir, path: string): Promise<Restored> {
  using opened = new DisposableStack();
  opened.defer(dir.claim());
  opened.defer(dir.claimBackup());
  const archive = await openArchive(path);
  opened.defer(() => archive.close());
  await demandRoom(dir.root, archive.size);
  const isNew = await isEmpty(dir);
  const exchange = dir.openExchange(now().replace(/\D/g, "").slice(0, 14));
  opened.defer(() => exchange.close());
  await layReady(archive, exchange.folder);
  const before = exchange.commit();
  if (isNew) await rm(before, { recursive: true, force: true });
  const { made, entries } = archive.manifest;
  return { made, files: entries.filter(isFile).length, before: isNew ? undefined : before };
}

async function layReady(archive: Archive, folder: string): Promise<void> {
  const folders = new Set<string>();
  const makeFolder = async (path: string) => {
    if (folders.has(path)) return;
    await mkdir(path, { recursive: true, mode: 0o700 });
    for (let at = path; at.length > folder.length; at = dirname(at)) folders.add(at);
  };
  try {
    await makeFolder(join(folder, "files"));
    for (const { name } of archive.manifest.entries) {
      const file = join(folder, name);
      await makeFolder(dirname(file));
      await extract(archive, name, file);
    }
  } catch (error) {
    throw isFull(error) ? new Refusal("no room", "backup_no_room") : error;
  }
  await demandDatabase(join(folder, databaseName));
  for (const path of folders) syncFolder(path);
}

async function demandRoom(root: string, size: number): Promise<void> {
  const { bavail, bsize } = await statfs(root);
  if (bavail * bsize < size) throw new Refusal("no room", "backup_no_room");
}

/** Whether there is nothing worth keeping: the folder was made a moment ago. */
async function isEmpty({ root, database, files }: DataDir): Promise<boolean> {
  const { size } = await stat(database);
  return size === 0 && !existsSync(join(root, secretName)) && (await readdir(files)).length === 0;
}
