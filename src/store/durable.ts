import { closeSync, fsyncSync, openSync } from "node:fs";

/** Waits until a file is on disk, with what it holds. */
export function syncPath(file: string): void {
  // Windows flushes only what is open for writing.
  sync(openSync(file, "r+"));
}

/** Waits until the names in a folder are on disk. Windows does so by itself, and opens no folders. */
export function syncFolder(folder: string): void {
  if (process.platform !== "win32") sync(openSync(folder, "r"));
}

function sync(fd: number): void {
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
