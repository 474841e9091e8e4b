import { readFileSync } from "node:fs";
import type { Embedded } from "../embedded.ts";

/** Slower than zlib's best, and a few percent smaller; each file is packed once. */
const tightly = { library: "libdeflate", level: 12 } as const;

/**
 * Our own files in few bytes, for browsers that take them so: scripts without comments and blanks, everything gzipped once.
 * Whoever does not, and whoever asks for what is not among them, gets `undefined`, and the files as they are from elsewhere.
 */
export function openCompressed(files: readonly Embedded[]): (request: Request, path: string) => Response | undefined {
  const known = new Map(files.map((file) => [file.path, file]));
  const packed = new Map<string, Uint8Array<ArrayBuffer>>();

  function pack({ path, file }: Embedded): Uint8Array<ArrayBuffer> {
    let bytes = packed.get(path);
    if (!bytes) packed.set(path, (bytes = Bun.gzipSync(small(path, readFileSync(file)), tightly)));
    return bytes;
  }

  return (request, path) => {
    const file = known.get(path);
    if (!file || (request.method !== "GET" && request.method !== "HEAD")) return undefined;
    if (!takesGzip(request.headers.get("accept-encoding") ?? "")) return undefined;
    const bytes = pack(file);
    const headers = {
      "content-type": Bun.file(file.file).type,
      "content-encoding": "gzip",
      "content-length": String(bytes.length),
      "cache-control": "public, max-age=3600",
      vary: "Accept-Encoding",
    };
    return new Response(request.method === "HEAD" ? null : bytes, { headers });
  };
}

function small(path: string, source: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | string {
  if (!path.endsWith(".js")) return source;
  return new Bun.Transpiler({ loader: "js", minifyWhitespace: true }).transformSync(source);
}

/** `gzip;q=0` says no. */
function takesGzip(accept: string): boolean {
  return /(?:^|[\s,])gzip(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))\s*(?:[;,]|$)/i.test(accept.slice(0, 1000));
}
