import { Readable } from "node:stream";
import { pipeline } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { Refusal } from "../lib/errors.ts";
import { armed } from "./export-lines.ts";

const separators = [",", ";", "\t"] as const;

/** How a CSV file is written, and what tells it from others. */
export interface CsvNature {
  readonly encoding: "utf-8" | "utf-16le" | "windows-1252";
  readonly separator: (typeof separators)[number];
  /** SHA-256 of its bytes. */
  readonly hash: string;
}

export interface CsvRow {
  /** The line on which it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Characters of one row at most: in a file with a quote that never ends the rest would be one row. */
const longestRow = 16 * 1024 * 1024;
/** As many columns as anybody means. */
const mostColumns = 1000;

/** Looks through a file. What is not UTF-8 was mostly written by a spreadsheet on Windows. */
export async function natureOf(path: string): Promise<CsvNature> {
  const hasher = new Bun.CryptoHasher("sha256");
  const strict = new TextDecoder("utf-8", { fatal: true });
  let isUtf8 = true;
  let head = new Uint8Array();
  for await (const bytes of piecesOf(path)) {
    if (head.length < headSize) head = Buffer.concat([head, bytes.subarray(0, headSize - head.length)]);
    hasher.update(bytes);
    isUtf8 &&= decodes(strict, bytes);
  }
  const encoding = head[0] === 0xff && head[1] === 0xfe ? "utf-16le" : isUtf8 ? "utf-8" : "windows-1252";
  const text = new TextDecoder(encoding).decode(head);
  return { encoding, separator: separatorIn(text), hash: hasher.digest("hex") };
}

const headSize = 64 * 1024;

/**
 * The rows of a file, as they are in it, a few at a time in memory; the first are its headings. Blank rows are passed over. Refusal
 * "bad request" for what is no table (codes `csv_unreadable`, `csv_row_too_long`).
 */
export async function* readCsv(path: string, { encoding, separator }: CsvNature): AsyncGenerator<CsvRow> {
  const parser = parse({
    delimiter: separator,
    bom: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: longestRow,
  });
  // What goes wrong on the way in comes out of the parser.
  pipeline(Readable.from(textsOf(path, encoding)), parser, () => {});
  let line = 1;
  try {
    for await (const it of parser) {
      const { record, info } = it as { record: string[]; info: { lines: number } };
      if (record.length > mostColumns) throw new Refusal("bad request", "csv_too_wide", { most: mostColumns });
      if (!isHint(record, line)) yield { line, cells: record.map(armed) };
      line = info.lines + 1;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const code = error.code === "CSV_MAX_RECORD_SIZE" ? "csv_row_too_long" : "csv_unreadable";
    throw new Refusal("bad request", code, { line: Number(error["lines"] ?? line) });
  } finally {
    parser.destroy();
  }
}

/** Bytes that are parsed without letting anybody else have their turn. */
const pieceSize = 8 * 1024;

async function* textsOf(path: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  for await (const bytes of piecesOf(path)) {
    for (let at = 0; at < bytes.length; at += pieceSize) {
      yield decoder.decode(bytes.subarray(at, at + pieceSize), { stream: true });
    }
  }
  yield decoder.decode();
}

function piecesOf(path: string): AsyncIterable<Uint8Array> {
  return Bun.file(path).stream();
}

function decodes(decoder: TextDecoder, bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** A first line `sep=;` is meant for Excel. */
const hint = /^\u{feff}?sep=([,;\t])\r?$/u;

function isHint(record: readonly string[], line: number): boolean {
  return line === 1 && /^sep=/.test(record[0] ?? "") && record.slice(1).every((cell) => cell === "");
}

/** What there is most of in the first line, outside of quotes. */
function separatorIn(text: string): CsvNature["separator"] {
  const [first = ""] = text.split("\n", 1);
  const said = separators.find((separator) => separator === hint.exec(first)?.[1]);
  if (said) return said;
  const counts = new Map<string, number>();
  let quoted = false;
  for (const char of text) {
    if (char === '"') quoted = !quoted;
    else if (char === "\n" && !quoted) break;
    else if (!quoted) counts.set(char, (counts.get(char) ?? 0) + 1);
  }
  const count = (separator: string) => counts.get(separator) ?? 0;
  return separators.toSorted((left, right) => count(right) - count(left))[0] ?? ",";
}
