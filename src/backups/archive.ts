import { basename } from "node:path";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { Refusal } from "../lib/errors.ts";
import { type Manifest, manifestName, readManifest } from "./manifest.ts";
import { systemCode } from "./trouble-codes.ts";

/** A backup that is read. Whoever has made it: nothing in it is believed before it is looked at. */
export interface Archive {
  readonly manifest: Manifest;
  /** Bytes of everything in it, unpacked. */
  readonly size: number;
  /**
   * The bytes of an entry of the manifest. After the last one it throws a Refusal (code `backup_damaged`) if they were not what the
   * manifest says, and before if there are more.
   */
  read(name: string): AsyncIterable<Uint8Array>;
  close(): void;
}

/** More than any manifest we write: some million entries. It is read whole. */
const longestManifest = 512 * 1024 * 1024;

/**
 * Opens an archive: what it says it holds is exactly what is in it. Refusals "not found" (code `backup_missing`) and "bad request" (codes
 * `backup_foreign`, `backup_damaged`, `backup_newer`).
 */
export async function openArchive(path: string): Promise<Archive> {
  const file = basename(path);
  const zip = await openZip(path);
  try {
    const entries = await entriesOf(zip, file);
    const about = entries.get(manifestName);
    if (!about || about.uncompressedSize > longestManifest) throw foreign(file);
    const said = Buffer.concat(await Array.fromAsync(bytesOf(zip, about, file)));
    const manifest = readManifest(said.toString());
    if (manifest === "newer") throw new Refusal("bad request", "backup_newer", { file });
    if (manifest === "wrong") throw foreign(file);
    for (const { name, size } of manifest.entries) {
      if (entries.get(name)?.uncompressedSize !== size) throw damaged(file, name);
    }
    if (entries.size !== manifest.entries.length + 1) throw foreign(file);
    const known = new Map(manifest.entries.map((it) => [it.name, it]));
    return {
      manifest,
      size: manifest.entries.reduce((sum, { size }) => sum + size, 0),
      read: async function* (name) {
        const [entry, wanted] = [entries.get(name), known.get(name)];
        if (!entry || !wanted) throw damaged(file, name);
        const hasher = new Bun.CryptoHasher("sha256");
        for await (const chunk of bytesOf(zip, entry, file)) {
          hasher.update(chunk);
          yield chunk;
        }
        if (hasher.digest("hex") !== wanted.sha256) throw damaged(file, name);
      },
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function openZip(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true });
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT") throw new Refusal("not found", "backup_missing", { file: path });
    if (code !== "" && code !== "EISDIR") throw error;
    throw foreign(basename(path));
  }
}

/** By name. Two of one name would be two answers to what is in it; a link would lead elsewhere. Folders are made where files need them. */
async function entriesOf(zip: ZipFile, file: string): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      const { fileName: name } = entry;
      if (name.endsWith("/")) continue;
      if (entries.has(name) || isLink(entry) || !entry.canDecodeFileData()) throw foreign(file);
      entries.set(name, entry);
    }
  } catch (error) {
    throw error instanceof Refusal ? error : damaged(file, "");
  }
  return entries;
}

/** The reader stops by itself where there is more than the entry says. */
async function* bytesOf(zip: ZipFile, entry: Entry, file: string): AsyncIterable<Uint8Array> {
  const stream = await zip.openReadStreamPromise(entry).catch(() => {
    throw damaged(file, entry.fileName);
  });
  const chunks = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await chunks.next().catch(() => {
        throw damaged(file, entry.fileName);
      });
      if (next.done) return;
      if (next.value instanceof Uint8Array) yield next.value;
    }
  } finally {
    stream.destroy();
  }
}

function isLink({ externalFileAttributes }: Entry): boolean {
  return ((externalFileAttributes >>> 16) & 0o170000) === 0o120000;
}

function foreign(file: string): Refusal {
  return new Refusal("bad request", "backup_foreign", { file });
}

function damaged(file: string, name: string): Refusal {
  return new Refusal("bad request", "backup_damaged", { file, name: name === "" ? manifestName : name });
}
