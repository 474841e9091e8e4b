import { Type } from "@sinclair/typebox";
import type { Json } from "../fields/field.ts";
import { inferred, keysOf, nothing, type Payload, type Upload } from "../fields/payload.ts";
import { type FormValues, objectOf, readBytes, readObject, readUrlencoded, typeOf, unreadable } from "./body.ts";
import { readMultipart, removeFiles } from "./multipart.ts";

/** What a body may weigh where nobody says otherwise (API.md 1.1). */
export const usualLimit = 32 * 1024 * 1024;
/** What strangers may send to a fixed route, before it is known what they want. */
export const smallLimit = 1024 * 1024;

/** A body that has not been read yet. */
export interface Incoming {
  /** Reads it, once. `size` in bytes; Refusal "bad request" or "too large" where it cannot be. */
  read(limits?: { readonly size?: number }): Promise<Payload>;
  /** Removes the files that nobody has moved away. */
  release(): Promise<void>;
}

/** For routes whose body is checked by a Collection; what is documented is any object. */
export const Body = Type.Unsafe<Incoming>(
  Type.Object({}, { additionalProperties: true, description: "Fields by name." }),
);

export function openIncoming(request: Request, folder: string): Incoming {
  let reading: Promise<Read> | undefined;
  return {
    read: async ({ size = usualLimit } = {}) => {
      const read = await (reading ??= readPayload(request, size, folder));
      return read.payload;
    },
    release: async () => {
      if (!reading) return;
      // A reading that failed has removed its files itself, and was answered.
      const read = await reading.catch(() => undefined);
      if (read && read.paths.length > 0) await removeFiles(read.paths);
    },
  };
}

/** A body as plain values: JSON as it is, and the strings of a form exactly as sent (several under a name as a list). */
export async function readTyped(request: Request, limit: number): Promise<Record<string, unknown>> {
  const { json, form } = (await readPayload(request, limit)).payload;
  if (form.size === 0) return json;
  const strings = [...form].map(([key, values]) => [key, values.length > 1 ? values : values[0]]);
  return { ...json, ...Object.fromEntries(strings) };
}

/** Everything that was sent as one object, for `@request.body.*`: form strings as their look says, files by name. */
export function inferredBody(payload: Payload): Record<string, Json> {
  const values = keysOf(payload).map((key): [string, Json] => [key, inferred(payload, key) ?? null]);
  const names = [...payload.files].map(([key, uploads]): [string, Json] => {
    const [first = "", ...others] = uploads.map(({ filename }) => filename);
    return [key, others.length > 0 ? [first, ...others] : first];
  });
  return Object.fromEntries([...values, ...names]);
}

interface Read {
  readonly payload: Payload;
  /** The files it wrote. */
  readonly paths: readonly string[];
}

async function readPayload(request: Request, limit: number, folder?: string): Promise<Read> {
  const none: readonly string[] = [];
  if (!request.body) return { payload: nothing, paths: none };
  switch (typeOf(request)) {
    case "application/json": {
      const bytes = await readBytes(request, limit);
      const json = bytes.length === 0 ? {} : readObject(bytes);
      return { payload: { ...nothing, json }, paths: none };
    }
    case "application/x-www-form-urlencoded":
      return { payload: fromForm(readUrlencoded(await readBytes(request, limit)), new Map()), paths: none };
    case "multipart/form-data": {
      const { form, files, paths } = await readMultipart(request, limit, folder);
      try {
        return { payload: fromForm(form, files), paths };
      } catch (error) {
        await removeFiles(paths);
        throw error;
      }
    }
    default:
      if ((await readBytes(request, limit)).length > 0) throw unreadable();
      return { payload: nothing, paths: none };
  }
}

/** Takes the JSON parts out of a form: the SDK sends objects beside files as `@jsonPayload`. */
function fromForm(form: FormValues, files: ReadonlyMap<string, readonly Upload[]>): Payload {
  const json: Record<string, Json> = {};
  for (const text of form.get("@jsonPayload") ?? []) Object.assign(json, objectOf(text));
  form.delete("@jsonPayload");
  form.delete("__proto__");
  for (const key of form.keys()) delete json[key];
  return { json, form, files };
}
