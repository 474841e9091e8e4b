import { existsSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { version } from "../embedded.ts";
import { openDiskStorage } from "../files/disk.ts";
import type { Storage } from "../files/storage.ts";
import { now } from "../lib/dates.ts";
import { Refusal } from "../lib/errors.ts";
import type { DataDir } from "../store/datadir.ts";
import { syncFolder } from "../store/durable.ts";
import { ArchiveWriter } from "./archive-writer.ts";
import { databaseName, isFile, type ManifestEntry, manifestName, nameOf, secretName } from "./manifest.ts";
import { checkArchive } from "./soundness.ts";
import { isFull, systemCode } from "./trouble-codes.ts";

export interface BackupParts {
  readonly dir: DataDir;
  readonly files: Storage;
  readonly store: { copyTo(file: string): Promise<void> };
}

export interface Made {
  /** Where it is. */
  readonly file: string;
  /** Bytes of the archive. */
  readonly size: number;
  /** How many files of records are in it. */
  readonly files: number;
}

/**
 * Makes an archive of the data, its files and the secret, while others read and write, and reads it back. Without a `target` it is put
 * into the folder of backups. Refusals: "conflict" (codes `backup_under_way`, `backup_exists`), "no room", "unavailable" (code
 * `backup_unsound`: it stays where it is, to be looked at).
 *
 * The database is copied first, and files afterwards: they are written before their rows. Those that are removed meanwhile are kept
 * aside until the archive has them, so that none is missing which a row in it names.
 */
export async function makeBackup(parts: BackupParts, target?: string): Promise<Made> {
  const { dir, store } = parts;
  const release = dir.claimBackup();
  try {
    const made = now();
    const file = resolve(target ?? unusedName(dir.backups, made));
    if (existsSync(file)) throw new Refusal("conflict", "backup_exists", { file });
    await clearAway(dir);
    await mkdir(dir.removed, { recursive: true, mode: 0o700 });
    const copy = join(dir.making, databaseName);
    await store.copyTo(copy);
    const count = await write(parts, copy, file, made);
    await endAside(dir);
    await check(file, dir.making);
    return { file, size: (await stat(file)).size, files: count };
  } catch (error) {
    throw isFull(error) ? new Refusal("no room", "no_room") : error;
  } finally {
    await endAside(dir);
    await rm(dir.making, { recursive: true, force: true });
    release();
  }
}

/** What backups have left that were ended in the middle. Nobody else is at it. */
async function clearAway({ making, backups }: DataDir): Promise<void> {
  await rm(making, { recursive: true, force: true });
  for (const name of await readdir(backups)) if (name.endsWith(".zip.part")) await rm(join(backups, name));
}

/** The archive has its name only once all of it is on disk. */
async function write(parts: BackupParts, copy: string, file: string, made: string): Promise<number> {
  const part = `${file}.part`;
  const handle = await openNew(part);
  try {
    const writer = new ArchiveWriter(handle, new Date(made));
    const entries = await Array.fromAsync(addAll(writer, parts, copy));
    const manifest = Buffer.from(JSON.stringify({ format: 1, formstead: version, made, entries }));
    await writer.add(manifestName, manifest.length, once(manifest), { compressed: true });
    await writer.end();
    await handle.sync();
    await rename(part, file);
    syncFolder(dirname(file));
    return entries.filter(isFile).length;
  } finally {
    await handle.close();
    await rm(part, { force: true });
  }
}

async function openNew(part: string) {
  try {
    // One that was ended in the middle has left it.
    await rm(part, { force: true });
    return await open(part, "wx", 0o600);
  } catch (error) {
    const code = systemCode(error);
    if (isFull(error)) throw error;
    throw new Refusal("unavailable", "backup_unwritable", { file: part, code });
  }
}

async function* addAll(
  writer: ArchiveWriter,
  { dir, files }: BackupParts,
  copy: string,
): AsyncGenerator<ManifestEntry> {
  const add = async (name: string, blob: Blob, compressed: boolean) => ({
    name,
    ...(await writer.add(name, blob.size, blob.stream(), { compressed })),
  });
  yield await add(databaseName, Bun.file(copy), true);
  const secret = Bun.file(join(dir.root, secretName));
  if (await secret.exists()) yield await add(secretName, secret, false);
  const removed = openDiskStorage(dir.removed);
  const done = new Set<string>();
  for (const storage of [files, removed]) {
    for await (const key of keysIn(storage)) {
      if (done.has(key)) continue;
      const name = nameOf(key);
      const written = (await addFile(writer, storage, key, name)) ?? (await addFile(writer, removed, key, name));
      if (!written) continue;
      done.add(key);
      yield { name, ...written };
    }
  }
}

/** Nothing where the file is elsewhere by now. */
async function addFile(writer: ArchiveWriter, storage: Storage, key: string, name: string) {
  const file = await storage.open(key);
  if (!file) return undefined;
  try {
    const body = file.body();
    return await writer.add(name, file.size, body instanceof Blob ? body.stream() : body);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Folders that are read at once: beside many who write, each turn takes its time. */
const atOnce = 64;

/** Each folder is read to its end before its files are: who is slower than those who write would never come to it. */
async function* keysIn(storage: Storage): AsyncGenerator<string> {
  for (const collection of await Array.fromAsync(storage.list(""))) {
    const records = await Array.fromAsync(storage.list(collection));
    for (let at = 0; at < records.length; at += atOnce) {
      const found = records.slice(at, at + atOnce).map(async (record) => {
        const names = await Array.fromAsync(storage.list(`${collection}/${record}`));
        return names.map((name) => `${collection}/${record}/${name}`);
      });
      yield* (await Promise.all(found)).flat();
    }
  }
}

/** From now on what is removed is removed. In one step, so that nothing is moved into what is being emptied. */
async function endAside({ removed }: DataDir): Promise<void> {
  if (existsSync(removed)) await rename(removed, `${removed}-done`);
}

async function check(file: string, folder: string): Promise<void> {
  try {
    await checkArchive(file, folder);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal("unavailable", "backup_unsound", { file, code: error.code });
  }
}

function unusedName(backups: string, made: string): string {
  const name = `formstead_backup_${made.replace(/\D/g, "").slice(0, 14)}`;
  for (let n = 1; ; n++) {
    const file = join(backups, `${name}${n === 1 ? "" : `_${n}`}.zip`);
    if (!existsSync(file)) return file;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
