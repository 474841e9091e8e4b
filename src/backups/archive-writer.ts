import type { FileHandle } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { crc32, createDeflateRaw } from "node:zlib";

/** Sizes as they are in the archive's own words: bytes, and SHA-256 as hexadecimal characters. */
export interface Written {
  readonly size: number;
  readonly sha256: string;
}

type Bytes = AsyncIterable<Uint8Array>;

/**
 * Writes a zip archive as a stream of its entries, one after another: what is in memory is a chunk of one of them, and some hundred
 * bytes for each that was written. What is not plain zip (more than 4 GB, or 65,535 entries) is zip64.
 */
export class ArchiveWriter {
  readonly #file: FileHandle;
  readonly #directory: Buffer[] = [];
  readonly #made: Date;
  #at = 0;

  constructor(file: FileHandle, made: Date) {
    this.#file = file;
    this.#made = made;
  }

  /** Adds an entry of about `size` bytes. One that fails leaves nothing behind: the next is written in its place. */
  async add(name: string, size: number, bytes: Bytes, { compressed = false } = {}): Promise<Written> {
    const entry = { name: Buffer.from(name), made: this.#made, method: compressed ? 8 : 0, large: size > nearlyLarge };
    const start = this.#at;
    const room = localHeader({ ...entry, ...nothing }).length;
    const hasher = new Bun.CryptoHasher("sha256");
    const facts = { ...nothing };
    const packed = compressed ? deflated(counted(bytes, hasher, facts)) : counted(bytes, hasher, facts);
    // Small ones are written in one turn, with what is known of them at their end.
    let waiting: Uint8Array[] = [];
    let held = 0;
    for await (const chunk of packed) {
      waiting.push(chunk);
      held += chunk.length;
      facts.packed += chunk.length;
      if (held < mostHeld) continue;
      await this.#write(Buffer.concat(waiting), start + room + facts.packed - held);
      waiting = [];
      held = 0;
    }
    if (!entry.large && Math.max(facts.size, facts.packed) >= most32)
      throw new Error(`${name} grew while it was read.`);
    const header = localHeader({ ...entry, ...facts });
    if (held === facts.packed) {
      await this.#write(Buffer.concat([header, ...waiting]), start);
    } else {
      await this.#write(Buffer.concat(waiting), start + room + facts.packed - held);
      await this.#write(header, start);
    }
    this.#directory.push(centralHeader({ ...entry, ...facts, start }));
    this.#at = start + room + facts.packed;
    return { size: facts.size, sha256: hasher.digest("hex") };
  }

  /** Writes what makes it an archive: the list of its entries. */
  async end(): Promise<void> {
    const start = this.#at;
    for (let at = 0; at < this.#directory.length; at += 1000) {
      const headers = Buffer.concat(this.#directory.slice(at, at + 1000));
      await this.#write(headers, this.#at);
      this.#at += headers.length;
    }
    const end = endOf({ count: this.#directory.length, start, size: this.#at - start });
    await this.#write(end, this.#at);
    await this.#file.truncate(this.#at + end.length);
  }

  async #write(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, position + done);
      done += bytesWritten;
    }
  }
}

const mostHeld = 1024 * 1024;
const most16 = 0xffff;
const most32 = 0xffffffff;
/** What is packed may be a little larger than it was. */
const nearlyLarge = 0xf0000000;
/** The version of the format that knows zip64, written on Unix: others do not read the rights of a file. */
const version = 45;
const madeBy = (3 << 8) | version;
const isUtf8 = 1 << 11;
const ownerOnly = 0o100600;
const nothing = { size: 0, packed: 0, crc: 0 };

interface Header {
  readonly name: Buffer;
  readonly made: Date;
  readonly method: number;
  readonly large: boolean;
  readonly size: number;
  readonly packed: number;
  readonly crc: number;
}

async function* counted(bytes: Bytes, hasher: Bun.CryptoHasher, facts: { size: number; crc: number }): Bytes {
  for await (const chunk of bytes) {
    hasher.update(chunk);
    facts.crc = crc32(chunk, facts.crc);
    facts.size += chunk.length;
    yield chunk;
  }
}

async function* deflated(bytes: Bytes): Bytes {
  const deflate = createDeflateRaw({ level: 1 });
  pipeline(Readable.from(bytes), deflate, () => {});
  for await (const chunk of deflate) if (chunk instanceof Uint8Array) yield chunk;
}

/** What both kinds of header say: from the version needed to the length of the name. */
function common({ name, made, method, crc }: Header, packed: number, size: number): Buffer {
  const bytes = Buffer.alloc(26);
  bytes.writeUInt16LE(version, 0);
  bytes.writeUInt16LE(isUtf8, 2);
  bytes.writeUInt16LE(method, 4);
  bytes.writeUInt16LE(
    (made.getUTCHours() << 11) | (made.getUTCMinutes() << 5) | Math.floor(made.getUTCSeconds() / 2),
    6,
  );
  bytes.writeUInt16LE(((made.getUTCFullYear() - 1980) << 9) | ((made.getUTCMonth() + 1) << 5) | made.getUTCDate(), 8);
  bytes.writeUInt32LE(crc, 10);
  bytes.writeUInt32LE(packed, 14);
  bytes.writeUInt32LE(size, 18);
  bytes.writeUInt16LE(name.length, 22);
  return bytes;
}

function localHeader(header: Header): Buffer {
  const { large, size, packed } = header;
  const extra = large ? zip64(size, packed) : Buffer.alloc(0);
  const bytes = large ? common(header, most32, most32) : common(header, packed, size);
  bytes.writeUInt16LE(extra.length, 24);
  return Buffer.concat([signature(0x04034b50), bytes, header.name, extra]);
}

function centralHeader(header: Header & { readonly start: number }): Buffer {
  const large = header.large || header.start >= most32;
  const extra = large ? zip64(header.size, header.packed, header.start) : Buffer.alloc(0);
  const bytes = large ? common(header, most32, most32) : common(header, header.packed, header.size);
  bytes.writeUInt16LE(extra.length, 24);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((ownerOnly << 16) >>> 0, 6);
  rest.writeUInt32LE(large ? most32 : header.start, 10);
  const by = Buffer.alloc(2);
  by.writeUInt16LE(madeBy);
  return Buffer.concat([signature(0x02014b50), by, bytes, rest, header.name, extra]);
}

function endOf({
  count,
  start,
  size,
}: {
  readonly count: number;
  readonly start: number;
  readonly size: number;
}): Buffer {
  const parts: Buffer[] = [];
  if (count >= most16 || start >= most32 || size >= most32) {
    const large = Buffer.alloc(52);
    large.writeBigUInt64LE(44n, 0);
    large.writeUInt16LE(madeBy, 8);
    large.writeUInt16LE(version, 10);
    [count, count, size, start].forEach((number, at) => large.writeBigUInt64LE(BigInt(number), 20 + 8 * at));
    const locator = Buffer.alloc(16);
    locator.writeBigUInt64LE(BigInt(start + size), 4);
    locator.writeUInt32LE(1, 12);
    parts.push(signature(0x06064b50), large, signature(0x07064b50), locator);
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Math.min(count, most16), 4);
  end.writeUInt16LE(Math.min(count, most16), 6);
  end.writeUInt32LE(Math.min(size, most32), 8);
  end.writeUInt32LE(Math.min(start, most32), 12);
  return Buffer.concat([...parts, signature(0x06054b50), end]);
}

function zip64(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 8 * numbers.length);
  bytes.writeUInt16LE(1, 0);
  bytes.writeUInt16LE(8 * numbers.length, 2);
  numbers.forEach((number, at) => bytes.writeBigUInt64LE(BigInt(number), 4 + 8 * at));
  return bytes;
}

function signature(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(number);
  return bytes;
}
