/** Bytes that are sent whole, in part, or not at all where the visitor has them. */
export interface Ranged {
  /** Bytes. */
  readonly size: number;
  /** When they last changed, in milliseconds since 1970. */
  readonly modified: number;
  /** What else the answer says. */
  readonly headers: Readonly<Record<string, string>>;
  /** From `start` to `end`, which is not among them; all of them without. */
  body(start?: number, end?: number): Blob | ReadableStream<Uint8Array>;
}

/** Answers a GET or HEAD: 200, 206 for a range of bytes, 304 for what has not changed since, 416 for a range that is not there. */
export function sendRanged(request: Request, { size, modified, headers: said, body }: Ranged): Response {
  const etag = `W/"${size.toString(36)}-${Math.floor(modified).toString(36)}"`;
  const facts = { etag, modified: Math.floor(modified / 1000) * 1000, size };
  const headers: Record<string, string> = {
    ...said,
    "accept-ranges": "bytes",
    etag,
    "last-modified": new Date(facts.modified).toUTCString(),
  };
  if (isFresh(request, facts)) return new Response(null, { status: 304, headers });
  const range = rangeOf(request, facts);
  if (range === "impossible") {
    headers["content-range"] = `bytes */${size}`;
    return new Response(null, { status: 416, headers });
  }
  const { start, end } = range ?? { start: 0, end: size };
  headers["content-length"] = String(end - start);
  if (range) headers["content-range"] = `bytes ${start}-${end - 1}/${size}`;
  const status = range ? 206 : 200;
  if (request.method === "HEAD" || size === 0) return new Response(null, { status, headers });
  return new Response(range ? body(start, end) : body(), { status, headers });
}

/**
 * The same as a route answers it. Elysia tells a HEAD the length of the body that it is given, whatever the headers say; so this has
 * one of that length, which is sent to nobody.
 */
export function sendRangedByRoute(request: Request, ranged: Ranged): Response {
  const answer = sendRanged(request, ranged);
  const length = Number(answer.headers.get("content-length") ?? 0);
  if (request.method !== "HEAD" || length === 0) return answer;
  return new Response(blank(length), { status: answer.status, headers: answer.headers });
}

const piece = new Uint8Array(1024 * 1024);

/** So many bytes that say nothing. */
function blank(length: number): ReadableStream<Uint8Array> {
  let left = length;
  return new ReadableStream({
    pull(controller) {
      const size = Math.min(left, piece.length);
      if (size === 0) return controller.close();
      left -= size;
      controller.enqueue(piece.subarray(0, size));
    },
  });
}

interface Facts {
  readonly etag: string;
  /** Whole seconds, as headers say them. */
  readonly modified: number;
  readonly size: number;
}

/** Whether the visitor has it as it is. */
function isFresh({ headers }: Request, { etag, modified }: Facts): boolean {
  const known = headers.get("if-none-match");
  if (known !== null) return known === "*" || known.split(",").some((tag) => tag.trim() === etag);
  return modified <= Date.parse(headers.get("if-modified-since") ?? "");
}

/** One range of bytes, `end` not included; several at once, or of another unit, are answered with the whole. */
function rangeOf({ headers, method }: Request, { etag, modified, size }: Facts) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(headers.get("range") ?? "");
  const only = headers.get("if-range");
  const same = only === null || only === etag || only === new Date(modified).toUTCString();
  if (!match || method !== "GET" || !same) return undefined;
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return undefined;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (last !== "" && first !== "" && Number(last) < Number(first)) return undefined;
  return start < size && start < end ? { start, end } : "impossible";
}
