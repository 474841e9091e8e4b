import { Refusal } from "../lib/errors.ts";

/** Where the files of records lie. A key is `COLLECTION/RECORD/NAME`; what lies under one never changes. */
export interface Storage {
  /**
   * Keeps a copy of the file at `path`, which stays where it is. Once it answers, the copy survives a crash. Refusal "no room" where
   * there is none for it.
   */
  put(key: string, path: string): Promise<void>;
  /** The file under a key; nothing where there is none. */
  open(key: string): Promise<StoredFile | undefined>;
  /** Makes the same file under another key, as durable as by `put`. Throws where there is none to copy. */
  copy(from: string, to: string): Promise<void>;
  /** Removes files. What cannot be removed now is left for whoever looks for files that nobody mentions. */
  remove(keys: readonly string[]): Promise<void>;
  /** Removes whatever lies below `COLLECTION/RECORD` or `COLLECTION`. */
  removeAll(prefix: string): Promise<void>;
  /** What lies directly below `""`, `COLLECTION` or `COLLECTION/RECORD`: the next parts of keys. */
  list(prefix: string): AsyncIterable<string>;
}

export interface StoredFile {
  /** Bytes. */
  readonly size: number;
  /** When it was stored: milliseconds since 1970. */
  readonly modified: number;
  /** Its first bytes, `headSize` of them at most. */
  head(): Promise<Uint8Array>;
  /** Its bytes from `start` to `end`, which is not among them; all of it without. Nobody holds it in memory. */
  body(start?: number, end?: number): Blob | ReadableStream<Uint8Array>;
}

export function keyOf(collectionId: string, recordId: string, name: string): string {
  return `${collectionId}/${recordId}/${name}`;
}

/** Whether a file can lie there; a record may name what no file is called, where somebody else has written it. */
export function isKey(key: string): boolean {
  return key.split("/").length === 3 && key.split("/").every(isPart);
}

/** The parts of a key or prefix, none of which can lead anywhere else. Refusal "not found" for what cannot be one. */
export function partsOf(key: string): readonly string[] {
  const parts = key === "" ? [] : key.split("/");
  if (parts.length > 3 || !parts.every(isPart)) throw new Refusal("not found", "not_found");
  return parts;
}

function isPart(part: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return part !== "" && !part.startsWith(".") && !/[\\:\0-\x1f]/.test(part) && Buffer.byteLength(part) <= 255;
}
