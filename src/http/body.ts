import type { Json } from "../fields/field.ts";
import { Refusal } from "../lib/errors.ts";
import { isObject, parseJson } from "../lib/json.ts";

/** As many keys as a form may have. */
export const mostKeys = 1000;

/** Forms of a key: the strings sent under it, in order. */
export type FormValues = Map<string, string[]>;

const strict = new TextDecoder("utf-8", { fatal: true });
const exact = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const western = new TextDecoder("windows-1252");

/** What every body that cannot be read is refused with. */
export function unreadable(): Refusal {
  return new Refusal("bad request", "failed_to_read_body");
}

/** `application/json` of `Application/JSON; charset=utf-8`; `""` where nothing is said. */
export function typeOf(request: Request): string {
  const header = request.headers.get("content-type") ?? "";
  const end = header.indexOf(";");
  return (end === -1 ? header : header.slice(0, end)).trim().toLowerCase();
}

/** The whole body. Refusal "too large" above `limit` bytes, "bad request" where it breaks off. */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  if (!request.body) return new Uint8Array();
  // What says how long it is cannot be longer, so it is read in one go.
  if (saidLength(request, limit) !== undefined) {
    return request.bytes().catch(() => {
      throw unreadable();
    });
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of chunksOf(request, limit)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The body as it arrives, refused like `readBytes`. */
export async function* chunksOf(request: Request, limit: number): AsyncGenerator<Uint8Array> {
  if (!request.body) return;
  saidLength(request, limit);
  let size = 0;
  const reader = request.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw unreadable();
      });
      if (done) return;
      size += value.length;
      if (size > limit) throw new Refusal("too large", "too_large");
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** An object of JSON; without `__proto__`, which would become the prototype of the first object it is copied into. */
export function readObject(bytes: Uint8Array): Record<string, Json> {
  let text: string;
  try {
    text = strict.decode(bytes);
  } catch {
    throw unreadable();
  }
  return objectOf(text);
}

export function objectOf(text: string): Record<string, Json> {
  const parsed = parseJson(text);
  if (!parsed || !isObject(parsed.value)) throw unreadable();
  if (Object.hasOwn(parsed.value, "__proto__")) delete parsed.value.__proto__;
  return parsed.value as Record<string, Json>;
}

/** A form as browsers send it. Pages in an old encoding send `%FC` for ü, which is read as they mean it. */
export function readUrlencoded(bytes: Uint8Array): FormValues {
  const values: FormValues = new Map();
  const pairs = textOf(bytes).split("&", mostKeys + 1);
  if (pairs.length > mostKeys) throw unreadable();
  for (const pair of pairs) {
    if (pair === "") continue;
    const at = pair.indexOf("=");
    const key = decode(at === -1 ? pair : pair.slice(0, at));
    append(values, key, at === -1 ? "" : decode(pair.slice(at + 1)));
  }
  return values;
}

export function append<Item>(values: Map<string, Item[]>, key: string, value: Item): void {
  const known = values.get(key);
  if (known) known.push(value);
  else values.set(key, [value]);
}

function saidLength(request: Request, limit: number): number | undefined {
  const header = request.headers.get("content-length");
  if (header === null || !/^\d+$/.test(header)) return undefined;
  const length = Number(header);
  if (length > limit) throw new Refusal("too large", "too_large");
  return length;
}

function decode(part: string): string {
  const spaced = part.replaceAll("+", " ");
  if (!spaced.includes("%")) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return textOf(percentBytes(spaced));
  }
}

/** The bytes of a text with `%XX` in it; a `%` that starts no byte stays what it is. */
function percentBytes(text: string): Uint8Array {
  const parts = text.split(/(%[0-9a-f]{2})/i).map((part, at) => {
    return at % 2 === 1 ? Buffer.from(part.slice(1), "hex") : Buffer.from(part);
  });
  return Buffer.concat(parts);
}

function textOf(bytes: Uint8Array): string {
  try {
    return exact.decode(bytes);
  } catch {
    return western.decode(bytes);
  }
}
