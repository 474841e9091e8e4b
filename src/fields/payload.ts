import type { Json } from "./field.ts";

/** A file that arrived; it lies in `path` until somebody keeps it. */
export interface Upload {
  readonly filename: string;
  /** What it is by its first bytes, whatever was said about it. */
  readonly mime: string;
  /** Bytes. */
  readonly size: number;
  readonly path: string;
  /** SHA-256 of its bytes, where it has just come over the network. */
  readonly digest?: string;
  /** How many texts had come before it under the same key; all of them when absent. */
  readonly after?: number;
}

/** Uploads by the names under which they are to be stored. */
export type Uploads = ReadonlyMap<string, Upload>;

/** What somebody sent, before it means anything. A key is in `json` or in `form`, never in both. */
export interface Payload {
  /** Keys that came as JSON: a JSON body, or the `@jsonPayload` parts of a form. */
  readonly json: Readonly<Record<string, Json>>;
  /** Keys that came as strings of a form, exactly as sent, in order. */
  readonly form: ReadonlyMap<string, readonly string[]>;
  /** Files by key; empty file inputs are not among them. */
  readonly files: ReadonlyMap<string, readonly Upload[]>;
}

export const nothing: Payload = { json: {}, form: new Map(), files: new Map() };

export function fromJson(json: Readonly<Record<string, Json>>): Payload {
  return { json, form: new Map(), files: new Map() };
}

/** Whether anything was sent under this name (or one of its parts, `place.lon`). */
export function has(payload: Payload, name: string): boolean {
  if (Object.hasOwn(payload.json, name) || payload.form.has(name) || payload.files.has(name)) return true;
  for (const key of payload.form.keys()) if (key.startsWith(name + ".")) return true;
  return false;
}

/** The value under a key as JSON: JSON as it came; strings of a form as their look says (`true`, `12`; several are a list). */
export function inferred(payload: Payload, key: string): Json | undefined {
  if (Object.hasOwn(payload.json, key)) return payload.json[key];
  const sent = payload.form.get(key);
  if (!sent) return undefined;
  return sent.length === 1 ? inferredOne(sent[0] ?? "") : sent.map(inferredOne);
}

/** A number only when the number's own text is what was sent: `007`, `1.0` and `+1` stay strings. */
function inferredOne(text: string): Json {
  if (text === "true") return true;
  if (text === "false") return false;
  return text !== "" && Number.isFinite(Number(text)) && String(Number(text)) === text ? Number(text) : text;
}

/** Everything that was typed, as a form would have sent it: to show it once more. */
export function typedIn({ form, json }: Payload): ReadonlyMap<string, readonly string[]> {
  const texts = Object.entries(json).map(([key, value]): [string, string[]] => {
    return [key, [value].flat().map((it) => (typeof it === "string" ? it : JSON.stringify(it)))];
  });
  return new Map([...texts, ...form]);
}

/** The keys of everything that was sent, files aside. */
export function keysOf(payload: Payload): string[] {
  return [...Object.keys(payload.json), ...payload.form.keys()];
}
