import { textKind } from "./text-kinds.ts";

/** As much of a file as is looked at, in bytes. */
export const headSize = 8192;

/**
 * What a file is by its first bytes, as a MIME type; neither its name nor what a browser says of it counts. Nothing is unpacked.
 * `application/octet-stream` for what nobody knows.
 */
export function kindOf(start: Uint8Array): string {
  const head = Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, headSize));
  const known = markedBy(marks, head) ?? textKind(head) ?? markedBy(shortMarks, head);
  if (known !== undefined) return known;
  if (holds(head, "RIFF")) return riffs[ascii(head, 8, 4)] ?? unknown;
  if (holds(head, "ftyp", 4)) return brands[ascii(head, 8, 4).trim()] ?? "video/mp4";
  if (holds(head, "PK\x03\x04") || holds(head, "PK\x05\x06")) return packed(head);
  if (holds(head, "\x1aE\xdf\xa3")) return head.includes("webm") ? "video/webm" : "video/x-matroska";
  if (holds(head, "OggS")) return head.includes("OpusHead") || !head.includes("theora") ? "audio/ogg" : "video/ogg";
  return holds(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") ? office(head) : unknown;
}

const unknown = "application/octet-stream";

type Mark = readonly [mime: string, mark: string, at?: number];

function markedBy(among: readonly Mark[], head: Buffer): string | undefined {
  return among.find(([, mark, at]) => holds(head, mark, at))?.[0];
}

/** Kinds that are known by bytes at one place. */
const marks: readonly Mark[] = [
  ["image/png", "\x89PNG\r\n\x1a\n"],
  ["image/jpeg", "\xff\xd8\xff"],
  ["image/gif", "GIF87a"],
  ["image/gif", "GIF89a"],
  ["image/tiff", "II*\0"],
  ["image/tiff", "MM\0*"],
  ["image/x-icon", "\0\0\x01\0"],
  ["image/vnd.adobe.photoshop", "8BPS"],
  ["image/jxl", "\xff\x0a"],
  ["image/jxl", "\0\0\0\x0cJXL \r\n\x87\n"],
  ["application/pdf", "%PDF-"],
  ["application/postscript", "%!PS"],
  ["application/rtf", "{\\rtf"],
  ["application/gzip", "\x1f\x8b\x08"],
  ["application/x-xz", "\xfd7zXZ\0"],
  ["application/zstd", "(\xb5/\xfd"],
  ["application/x-7z-compressed", "7z\xbc\xaf'\x1c"],
  ["application/x-rar-compressed", "Rar!\x1a\x07"],
  ["application/x-tar", "ustar", 257],
  ["audio/mpeg", "\xff\xfb"],
  ["audio/mpeg", "\xff\xfa"],
  ["audio/mpeg", "\xff\xf3"],
  ["audio/mpeg", "\xff\xf2"],
  ["audio/aac", "\xff\xf1"],
  ["audio/aac", "\xff\xf9"],
  ["audio/flac", "fLaC"],
  ["audio/amr", "#!AMR"],
  ["video/x-flv", "FLV\x01"],
  ["video/mpeg", "\0\0\x01\xba"],
  ["video/mpeg", "\0\0\x01\xb3"],
  ["video/x-ms-asf", "0&\xb2u\x8ef\xcf\x11\xa6\xd9\0\xaa\0b\xcel"],
  ["font/woff", "wOFF"],
  ["font/woff2", "wOF2"],
  ["font/otf", "OTTO\0"],
  ["font/ttf", "\0\x01\0\0\0"],
  ["application/wasm", "\0asm"],
  ["application/vnd.sqlite3", "SQLite format 3\0"],
  ["application/x-elf", "\x7fELF"],
];

/** Letters with which a text may begin as well. */
const shortMarks: readonly Mark[] = [
  ["image/bmp", "BM"],
  ["audio/mpeg", "ID3"],
  ["audio/midi", "MThd"],
  ["application/x-bzip2", "BZh"],
  ["application/vnd.microsoft.portable-executable", "MZ"],
];

const riffs: Readonly<Record<string, string>> = { WEBP: "image/webp", WAVE: "audio/wav", "AVI ": "video/x-msvideo" };

const brands: Readonly<Record<string, string>> = {
  avif: "image/avif",
  avis: "image/avif",
  heic: "image/heic",
  heix: "image/heic",
  heim: "image/heic",
  mif1: "image/heif",
  msf1: "image/heif",
  qt: "video/quicktime",
  M4A: "audio/mp4",
  M4B: "audio/mp4",
  "3gp4": "video/3gpp",
  "3gp5": "video/3gpp",
  "3gp6": "video/3gpp",
  crx: "image/x-canon-cr3",
};

/** Formats that are zip archives, by the name of a file in them. */
const inside: readonly (readonly [start: string, mime: string])[] = [
  ["word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  ["xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
  ["ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"],
  ["AndroidManifest.xml", "application/vnd.android.package-archive"],
  ["META-INF/MANIFEST.MF", "application/java-archive"],
];

/** Some say what they are in a first file `mimetype`, which is not compressed; others are known by the names in them. */
function packed(head: Buffer): string {
  const names: string[] = [];
  for (let at = 0; at >= 0 && names.length < 50; at = head.indexOf("PK\x03\x04", at + 4, "latin1")) {
    if (at + 30 > head.length) break;
    const name = ascii(head, at + 30, head.readUInt16LE(at + 26));
    if (name === "mimetype" && at === 0) {
      const said = ascii(head, 38 + head.readUInt16LE(28), Math.min(100, head.readUInt32LE(18)));
      if (/^application\/(epub\+zip|vnd\.oasis\.opendocument\.[\w-]+)$/.test(said)) return said;
    }
    names.push(name);
  }
  return inside.find(([start]) => names.some((name) => name.startsWith(start)))?.[1] ?? "application/zip";
}

/** Old Office files name what they hold in UTF-16, further on than anybody looks; without that they are only of its family. */
function office(head: Buffer): string {
  if (head.includes("WordDocument", 0, "utf16le")) return "application/msword";
  if (head.includes("Workbook", 0, "utf16le")) return "application/vnd.ms-excel";
  if (head.includes("PowerPoint Document", 0, "utf16le")) return "application/vnd.ms-powerpoint";
  return "application/x-ole-storage";
}

function holds(head: Buffer, mark: string, at = 0): boolean {
  return head.length >= at + mark.length && ascii(head, at, mark.length) === mark;
}

/** One character for each byte. */
function ascii(head: Buffer, at: number, length: number): string {
  return head.toString("latin1", at, at + length);
}
