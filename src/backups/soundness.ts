import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { migrations, workerEntry } from "../embedded.ts";
import { Refusal } from "../lib/errors.ts";
import { Helper } from "../store/helper.ts";
import { type Archive, openArchive } from "./archive.ts";
import { extract } from "./extracting.ts";
import { databaseName, type ManifestEntry } from "./manifest.ts";

/**
 * Reads all of an archive and looks whether each byte is as it was written, and whether its database is whole and ours. `folder` is
 * where the database lies meanwhile. Refusals as those of `openArchive` and `demandDatabase`.
 */
export async function checkArchive(path: string, folder: string): Promise<void> {
  const archive = await openArchive(path);
  const database = join(folder, `check-${databaseName}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await extract(archive, databaseName, database);
    await demandDatabase(database);
    const rest = archive.manifest.entries.values().filter(({ name }) => name !== databaseName);
    await Promise.all(Array.from({ length: atOnce }, () => readThrough(archive, rest)));
  } finally {
    archive.close();
    await rm(database, { force: true });
  }
}

/**
 * Looks at a database beside the main thread, since that takes as long as reading all of it. Refusals "bad request": `backup_database`
 * where it is damaged, `backup_foreign_database` where it is not one of ours, `data_newer`.
 */
export async function demandDatabase(file: string): Promise<void> {
  const helper = new Helper(workerEntry, file);
  const ask = async (text: string) => JSON.parse((await helper.scan({ text, values: [] })).rows ?? "") as unknown;
  try {
    const whole = await ask("PRAGMA integrity_check(1)").catch(() => undefined);
    if (JSON.stringify(whole) !== '[{"integrity_check":"ok"}]') throw new Refusal("bad request", "backup_database");
    const found = JSON.stringify(
      await ask(`SELECT user_version AS format, EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '_collections') AS ours
        FROM pragma_user_version`),
    );
    const [, format = "0"] = /^\[\{"format":(\d+),"ours":1\}\]$/.exec(found) ?? [];
    if (format === "0") throw new Refusal("bad request", "backup_foreign_database");
    const known = migrations().length;
    if (Number(format) > known) throw new Refusal("unavailable", "data_newer", { format: Number(format), known });
  } finally {
    await helper.close();
  }
}

/** Entries that are read at once. */
const atOnce = 8;

/** Reads until nothing is left; others take from the same list. */
async function readThrough(archive: Archive, rest: Iterable<ManifestEntry>): Promise<void> {
  for (const { name } of rest) for await (const _ of archive.read(name));
}
