import { constants, copyFile, chmod, lstat, realpath, rm } from "node:fs/promises";
import { join, sep } from "node:path";
import { isKey, type Storage } from "../../files/storage.ts";
import { randomText } from "../../lib/ids.ts";

export interface FileParts {
  readonly files: Storage;
  /** The folder of things on their way. */
  readonly folder: string;
}

/** Where the source keeps a file: its collection may have another id there. */
export interface SourceFile {
  /** What it is called here: `COLLECTION/RECORD/NAME`. */
  readonly key: string;
  readonly path: string;
}

/** Whether the source has it, below `storage`: a link could lead to what is nobody's upload. */
export async function isThere(storage: string, { key, path }: SourceFile): Promise<boolean> {
  if (!isKey(key)) return false;
  const file = join(storage, path);
  const [its, real] = await Promise.all([lstat(file).catch(() => undefined), realpath(file).catch(() => "")]);
  return its?.isFile() === true && real.startsWith(storage + sep);
}

/**
 * Copies a file of a record that is not here yet to where ours are. What lies there already is what an import left that was ended in the
 * middle. The bytes are copied, since a second name for the same ones would tie our file to theirs.
 */
export async function bring(parts: FileParts, storage: string, { key, path }: SourceFile): Promise<void> {
  const from = join(storage, path);
  await parts.files.remove([key]);
  const copy = join(parts.folder, `pocketbase-${randomText(15)}`);
  try {
    await copyFile(from, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await chmod(copy, 0o600);
    await parts.files.put(key, copy);
  } finally {
    await rm(copy, { force: true });
  }
}
