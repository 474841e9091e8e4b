/** A file that arrived; it lies in `path` until somebody keeps it. */
export interface Upload {
  readonly filename: string;
  readonly mime: string;
  readonly size: number;
  readonly path: string;
}

/** What somebody sent, before it means anything. A key is in `json` or in `form`, never in both. */
export interface Payload {
  /** Keys that came as JSON: a JSON body, or the `@jsonPayload` parts of a form. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Keys that came as strings of a form, exactly as sent, in order. */
  readonly form: ReadonlyMap<string, readonly string[]>;
  /** Files by key; empty file inputs are not among them. */
  readonly files: ReadonlyMap<string, readonly Upload[]>;
}

export const nothing: Payload = { json: {}, form: new Map(), files: new Map() };

export function fromJson(json: Readonly<Record<string, unknown>>): Payload {
  return { json, form: new Map(), files: new Map() };
}

/** Whether anything was sent under this name (or one of its parts, `place.lon`). */
export function has(payload: Payload, name: string): boolean {
  if (Object.hasOwn(payload.json, name) || payload.form.has(name) || payload.files.has(name)) return true;
  for (const key of payload.form.keys()) if (key.startsWith(name + ".")) return true;
  return false;
}
