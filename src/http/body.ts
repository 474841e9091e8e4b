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

/** An object of JSON. */
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
  const object = parsed.value as Record<string, Json>;
  if (!Object.hasOwn(object, "__proto__")) return object;
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [safeKey(key), value]));
}

/** A form as browsers send it. Pages in an old encoding send `%FC` for ü, which is read as they mean it. */
export function readUrlencoded(bytes: Uint8Array): FormValues {
  const values: FormValues = new Map();
  const pairs = textOf(bytes).split("&", mostKeys + 1);
  if (pairs.length > mostKeys) throw unreadable();
  for (const pair of pairs) {
    if (pair === "") continue;
    const at = pair.indexOf("=");
    const key = safeKey(decode(at === -1 ? pair : pair.slice(0, at)));
    append(values, key, at === -1 ? "" : decode(pair.slice(at + 1)));
  }
  return values;
}

/** A name under which anything can be kept: `__proto__` would become the prototype of the first object it is copied into. */
export function safeKey(key: string): string {
  return key === "__proto__" ? "__proto___" : key;
}

export function append<Item>(values: Map<string, Item[]>, key: string, value: Item): void {
  const known = values.get(key);
  if (known) known.push(value);
  else values.set(key, [value]);
}

/** What was meant by `%XX` and `+`, in one pass, whatever it is; a `%` that starts no byte stays what it is. */
function decode(part: string): string {
  if (!part.includes("%")) return part.replaceAll("+", " ");
  const bytes = Buffer.from(part);
  let end = 0;
  for (let at = 0; at < bytes.length; at++) {
    let byte = bytes[at] ?? 0;
    if (byte === plus) byte = blank;
    else if (byte === percent) {
      const high = digitOf(bytes[at + 1]);
      const low = digitOf(bytes[at + 2]);
      if (high >= 0 && low >= 0) {
        byte = high * 16 + low;
        at += 2;
      }
    }
    bytes[end++] = byte;
  }
  return textOf(bytes.subarray(0, end));
}

const [blank, percent, plus] = [0x20, 0x25, 0x2b];

/** What a hexadecimal digit is worth; -1 for what is none. */
function digitOf(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}

function textOf(bytes: Uint8Array): string {
  try {
    return exact.decode(bytes);
  } catch {
    return western.decode(bytes);
  }
}
