import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import busboy from "busboy";
import type { Upload } from "../fields/payload.ts";
import { Refusal } from "../lib/errors.ts";
import { randomText } from "../lib/ids.ts";
import { append, chunksOf, type FormValues, mostKeys, unreadable } from "./body.ts";

export interface Multipart {
  readonly form: FormValues;
  readonly files: Map<string, Upload[]>;
  /** Every file that was written, for whoever clears up. */
  readonly paths: readonly string[];
}

const longestName = 255;

/**
 * Reads a multipart form of up to `limit` bytes: strings exactly as sent, files into `folder`, or past it where there is none.
 * Where anything is wrong the files are removed again: Refusal "bad request", "too large" or "no room".
 */
export async function readMultipart(request: Request, limit: number, folder?: string): Promise<Multipart> {
  const form: FormValues = new Map();
  const files = new Map<string, Upload[]>();
  const paths: string[] = [];
  const writes: Promise<void>[] = [];
  const parser = openParser(request);

  const wrong = () => parser.destroy(unreadable());
  parser.on("partsLimit", wrong);
  parser.on("field", (name: string | undefined, value) => {
    if (isName(name)) append(form, name, value);
    else wrong();
  });
  parser.on("file", (name: string | undefined, stream, { filename, mimeType }) => {
    // The parser hands its own trouble on to the file it is in; who listens to nothing else must listen to that.
    stream.on("error", () => {});
    if (!folder) return void stream.resume();
    const path = join(folder, randomText(20));
    paths.push(path);
    const write = store(stream, folder, path).then((size) => {
      // An empty file input sends a nameless file without a byte.
      if (size === 0 && !filename) return;
      if (!isName(name)) throw unreadable();
      append(files, name, { filename: filename ?? "", mime: mimeType, size, path });
    });
    // Whoever fails first decides what is answered; `allSettled` below waits for the others.
    write.catch((error) => parser.destroy(error));
    writes.push(write);
  });

  try {
    await pipeline(chunksOf(request, limit), parser);
    await Promise.all(writes);
  } catch (error) {
    await Promise.allSettled(writes);
    await removeFiles(paths);
    throw refusalOf(error);
  }
  return { form, files: ordered(files, paths), paths };
}

/** Removes what is still there. What cannot be removed now is left for the sweep of the folder at the next start. */
export async function removeFiles(paths: readonly string[]): Promise<void> {
  await Promise.allSettled(paths.map((path) => rm(path, { force: true })));
}

function openParser(request: Request): busboy.Busboy {
  try {
    return busboy({
      headers: { "content-type": request.headers.get("content-type") ?? "" },
      defParamCharset: "utf8",
      limits: { parts: mostKeys, fieldSize: Number.POSITIVE_INFINITY },
    });
  } catch {
    throw unreadable();
  }
}

function isName(name: string | undefined): name is string {
  return name !== undefined && name.length <= longestName && name !== "__proto__";
}

/** Writes one file and answers its size. */
async function store(stream: Readable, folder: string, path: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const file = createWriteStream(path, { flags: "wx", mode: 0o600 });
  await pipeline(stream, file);
  return file.bytesWritten;
}

/** Files of one name in the order in which they came, not in which they were written. */
function ordered(files: Map<string, Upload[]>, paths: readonly string[]): Map<string, Upload[]> {
  for (const uploads of files.values()) uploads.sort((a, b) => paths.indexOf(a.path) - paths.indexOf(b.path));
  return files;
}

/** A full disk is said as what it is; everything else that goes wrong on the way in is a body that cannot be read. */
function refusalOf(error: unknown): unknown {
  if (error instanceof Refusal) return error;
  const code = error instanceof Error && "code" in error ? error.code : "";
  if (code === "ENOSPC" || code === "EDQUOT") return new Refusal("no room", "no_room");
  if (code === "EACCES" || code === "EROFS" || code === "EIO" || code === "EMFILE") return error;
  return unreadable();
}
