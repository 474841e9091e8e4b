/** Formats that are plain text: what such a file holds cannot tell them apart. */
const plain =
  /^(?:text\/(?!html$|xml$|plain$)[\w.+-]+|application\/(?:(?:[\w.-]+\+)?json|x-ndjson|yaml|toml|sql|x-subrip))$/;

/** Names that mean the same kind; the one that is used here comes last. */
const others: Readonly<Record<string, string>> = {
  "image/jpg": "image/jpeg",
  "image/pjpeg": "image/jpeg",
  "image/svg": "image/svg+xml",
  "image/ico": "image/x-icon",
  "image/vnd.microsoft.icon": "image/x-icon",
  "image/x-ms-bmp": "image/bmp",
  "audio/mp3": "audio/mpeg",
  "audio/x-wav": "audio/wav",
  "audio/wave": "audio/wav",
  "audio/x-m4a": "audio/mp4",
  "audio/x-flac": "audio/flac",
  "video/avi": "video/x-msvideo",
  "application/xml": "text/xml",
  "application/x-pdf": "application/pdf",
  "text/rtf": "application/rtf",
  "application/x-zip-compressed": "application/zip",
  "application/x-gzip": "application/gzip",
  "application/vnd.rar": "application/x-rar-compressed",
};

/** Whether one of these types, `image/*` among them, means a file that by its content is `mime`. None: any file will do. */
export function acceptsMime(accepted: readonly string[], mime: string): boolean {
  return accepted.length === 0 || accepted.some((type) => means(type.trim().toLowerCase().split(";")[0] ?? "", mime));
}

function means(type: string, mime: string): boolean {
  const known = others[type] ?? type;
  if (known === mime || known === "*/*") return true;
  if (known.endsWith("/*")) return mime.startsWith(known.slice(0, -1));
  return mime === "text/plain" && plain.test(known);
}
