import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import busboy from "busboy";
import type { Upload } from "../fields/payload.ts";
import { headSize, kindOf } from "../files/kinds.ts";
import { Refusal } from "../lib/errors.ts";
import { randomText } from "../lib/ids.ts";
import { type Hash, openHash } from "../lib/secrets.ts";
import { type Arrived, tooLarge } from "./arriving.ts";
import { append, type FormValues, mostKeys, safeKey, unreadable } from "./body.ts";
import { removeFiles, store } from "./temporary.ts";

export interface Multipart {
  readonly form: FormValues;
  readonly files: Map<string, Upload[]>;
  /** Every file that was written, for whoever clears up. */
  readonly paths: readonly string[];
}

const longestName = 255;

/**
 * Reads a multipart form: strings exactly as sent, up to `text` bytes of them; files into `folder`, or past it where there is none.
 * Where anything is wrong the files are removed again: Refusal "bad request", "too large" or "no room".
 */
export async function readMultipart(type: string, body: Arrived, text: number, folder?: string): Promise<Multipart> {
  const form: FormValues = new Map();
  const files = new Map<string, Upload[]>();
  const paths: string[] = [];
  const writes: Promise<void>[] = [];
  const parser = openParser(type, text);
  let left = text;

  const wrong = () => parser.destroy(unreadable());
  parser.on("partsLimit", wrong);
  parser.on("field", (name: string | undefined, value, { valueTruncated }) => {
    left -= value.length;
    if (valueTruncated || left < 0) parser.destroy(tooLarge());
    else if (isName(name)) append(form, safeKey(name), value);
    else wrong();
  });
  parser.on("file", (name: string | undefined, stream, { filename }) => {
    // The parser hands its own trouble on to the file it is in; who listens to nothing else must listen to that.
    stream.on("error", () => {});
    // It goes on with the piece in hand after it has been given up, and nobody would ever end such a file.
    if (!folder || parser.destroyed) return void stream.resume();
    const path = join(folder, randomText(20));
    paths.push(path);
    const after = form.get(safeKey(name ?? ""))?.length ?? 0;
    const head: Uint8Array[] = [];
    const hash = openHash();
    const write = store(watched(stream, head, hash), path).then((size) => {
      // An empty file input sends a nameless file without a byte.
      if (size === 0 && !filename) return;
      if (!isName(name)) throw unreadable();
      append(files, safeKey(name), {
        ...{ filename: filename ?? "", mime: kindOf(Buffer.concat(head)), size, path, after },
        digest: hash.end(),
      });
    });
    // Whoever fails first decides what is answered; `allSettled` below waits for the others.
    write.catch((error) => parser.destroy(error));
    writes.push(write);
  });

  try {
    await pipeline(body.pieces(), parser);
    await Promise.all(writes);
  } catch (error) {
    await Promise.allSettled(writes);
    await removeFiles(paths);
    throw refusalOf(error);
  }
  body.holds(text - left);
  return { form, files: ordered(files, paths), paths };
}

/** Keeps the first pieces of a file on its way, by which it is known what it is, and its hash, by which it is known again. */
async function* watched(pieces: AsyncIterable<Uint8Array>, head: Uint8Array[], hash: Hash): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of pieces) {
    if (size < headSize) head.push(piece.slice(0, headSize - size));
    size += piece.length;
    hash.add(piece);
    yield piece;
  }
}

function openParser(type: string, text: number): busboy.Busboy {
  try {
    return busboy({
      headers: { "content-type": type },
      defParamCharset: "utf8",
      limits: { parts: mostKeys, fieldSize: text },
    });
  } catch {
    throw unreadable();
  }
}

function isName(name: string | undefined): name is string {
  return name !== undefined && name.length <= longestName;
}

/** Files of one name in the order in which they came, not in which they were written. */
function ordered(files: Map<string, Upload[]>, paths: readonly string[]): Map<string, Upload[]> {
  for (const uploads of files.values()) uploads.sort((a, b) => paths.indexOf(a.path) - paths.indexOf(b.path));
  return files;
}

/** Trouble of the disk is said as what it is; everything else that goes wrong on the way in is a body that cannot be read. */
function refusalOf(error: unknown): unknown {
  if (error instanceof Refusal) return error;
  const code = error instanceof Error && "code" in error ? error.code : "";
  return ["EACCES", "EROFS", "EIO", "EMFILE"].includes(String(code)) ? error : unreadable();
}
