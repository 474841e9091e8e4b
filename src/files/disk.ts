import {
  constants,
  copyFile,
  link,
  mkdir,
  open,
  opendir,
  readdir,
  rename,
  rm,
  rmdir,
  stat,
  utimes,
} from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { Refusal } from "../lib/errors.ts";
import { clock } from "../lib/dates.ts";
import { headSize } from "./kinds.ts";
import { isKey, partsOf, type Storage } from "./storage.ts";

/**
 * Files in a folder, as `COLLECTION/RECORD/NAME` below it. As long as there is a folder `removed`, what is removed is moved into
 * it, under the same key: somebody copies the data, and the rows that were copied name it.
 */
export function openDiskStorage(folder: string, removed?: string): Storage {
  const pathOf = (key: string) => join(folder, ...partsOf(key));

  async function put(key: string, path: string): Promise<void> {
    const target = pathOf(key);
    try {
      await place(path, target, folder);
      const seconds = clock() / 1000;
      await utimes(target, seconds, seconds);
      await sync(target, "r+");
      await syncFolders(dirname(target), folder);
    } catch (error) {
      await rm(target, { force: true }).catch(() => {});
      throw isFull(error) ? new Refusal("no room", "no_room") : error;
    }
  }

  return {
    put,
    copy: (from, to) => put(to, pathOf(from)),
    open: async (key) => {
      const path = pathOf(key);
      const stats = await quietly(stat(path));
      if (!stats?.isFile()) return undefined;
      const file = Bun.file(path);
      return {
        size: stats.size,
        modified: stats.mtimeMs,
        head: () => file.slice(0, headSize).bytes(),
        body: (start, end) => (start === undefined ? file : file.slice(start, end)),
      };
    },
    remove: async (keys) => {
      for (const key of keys.filter(isKey)) {
        const path = pathOf(key);
        if (!(await setAside(path, removed, key))) await quietly(rm(path, { force: true }));
        await removeEmpty(dirname(path));
      }
    },
    removeAll: async (prefix) => {
      const path = pathOf(prefix);
      if (path !== folder) await setAllAside(path, removed, prefix);
      if (path !== folder) await rm(path, { recursive: true, force: true });
      if (prefix.includes("/")) await removeEmpty(dirname(path));
    },
    list: async function* (prefix) {
      const found = await quietly(opendir(pathOf(prefix)));
      if (!found) return;
      try {
        for await (const { name } of found) if (!name.startsWith(".")) yield name;
      } catch (error) {
        // It is read only now, and may have gone with its last file.
        if (codeOf(error) !== "ENOENT") throw error;
      }
    },
  };
}

/** A second name for the same bytes where the file system knows such, otherwise a copy. Somebody may remove an empty folder meanwhile. */
async function place(path: string, target: string, folder: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    try {
      return await link(path, target).catch((error) => {
        if (codeOf(error) === "ENOENT" || codeOf(error) === "EEXIST") throw error;
        return copyFile(path, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      });
    } catch (error) {
      if (codeOf(error) !== "ENOENT" || tries === 3 || !(await quietly(stat(path)))) throw error;
    }
  }
}

/** The names on the way to a file, up to the folder of all: a crash must not lose a file that its record names. */
async function syncFolders(from: string, folder: string): Promise<void> {
  // Windows syncs folders by itself, and opens none.
  if (process.platform === "win32") return;
  for (let at = from; at.length >= folder.length; at = dirname(at)) await sync(at, "r");
}

/** Windows flushes only what is open for writing. */
async function sync(path: string, flags: string): Promise<void> {
  const file = await open(path, flags);
  await file.sync().finally(() => file.close());
}

/**
 * Whether a file is where a backup finds it: one that cannot be moved stays where it is. The folder itself is not made: it is gone
 * once nobody needs it any more.
 */
async function setAside(path: string, removed: string | undefined, key: string): Promise<boolean> {
  if (removed === undefined) return false;
  const [collection = "", record = "", name = ""] = partsOf(key);
  const target = join(removed, collection, record);
  if (!(await quietly(stat(removed)))) return false;
  await quietly(mkdir(join(removed, collection), { mode: 0o700 }));
  await quietly(mkdir(target, { mode: 0o700 }));
  return rename(path, join(target, name)).then(
    () => true,
    (error) => codeOf(error) !== "ENOENT",
  );
}

async function setAllAside(path: string, removed: string | undefined, prefix: string): Promise<void> {
  if (removed === undefined || !(await quietly(stat(removed)))) return;
  for (const entry of (await quietly(readdir(path, { recursive: true, withFileTypes: true }))) ?? []) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    await setAside(file, removed, [prefix, ...relative(path, file).split(sep)].join("/"));
  }
}

async function removeEmpty(path: string): Promise<void> {
  // Others may still be in it.
  await quietly(rmdir(path));
}

/** What is not there, or cannot be looked at, is as if there were none. */
function quietly<T>(looking: Promise<T>): Promise<T | undefined> {
  return looking.catch(() => undefined);
}

function isFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
