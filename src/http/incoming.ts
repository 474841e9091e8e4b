import { Type } from "@sinclair/typebox";
import type { Json } from "../fields/field.ts";
import { inferred, keysOf, nothing, type Payload, type Upload } from "../fields/payload.ts";
import { arrival, type Intake, type Limits, saidLength } from "./arriving.ts";
import { type FormValues, objectOf, readObject, readUrlencoded, typeOf, unreadable } from "./body.ts";
import { readMultipart } from "./multipart.ts";
import { removeFiles } from "./temporary.ts";

/** What a body may weigh that means anything to us (API.md 1.1). */
export const usualLimit = 32 * 1024 * 1024;
/** What anybody but a superuser may send to a fixed route, which asks for a few short strings: it never leaves the memory. */
export const fixedLimit = 64 * 1024;
/** What strangers may send before it is known what they want, or beside what they are asked for. */
export const smallLimit = 1024 * 1024;

/** A body that has not been read yet. */
export interface Incoming {
  /**
   * Reads it, once: who asks again gets the same. Without limits a little is read, and where only `size` is given all of that may be
   * text. Refusal "bad request", "too large", "too slow", "no room" or "unavailable" where it cannot be.
   */
  read(limits?: Partial<Limits>): Promise<Payload>;
  /** Refusal "too large" where it says itself that it weighs more than that; not a byte of it is read. */
  weigh(limits: Limits): void;
  /** Lets go of it, and removes the files that nobody has moved away. */
  release(): Promise<void>;
}

/** For routes whose body is checked by a Collection; what is documented is any object. */
export const Body = Type.Unsafe<Incoming>(
  Type.Object({}, { additionalProperties: true, description: "Fields by name." }),
);

export function openIncoming(request: Request, intake: Intake): Incoming {
  let reading: Promise<Read> | undefined;
  return {
    read: async ({ size = smallLimit, text = size } = {}) => {
      const read = await (reading ??= readPayload(request, { size, text }, intake, true));
      return read.payload;
    },
    weigh: (limits) => void saidLength(request, sizeFor(request, limits)),
    release: async () => {
      // A reading that failed has let go of everything itself, and was answered.
      const read = await reading?.catch(() => undefined);
      await read?.release();
    },
  };
}

/** A body as plain values: JSON as it is, and the strings of a form exactly as sent (several under a name as a list). */
export async function readTyped(request: Request, limit: number, intake: Intake): Promise<Record<string, unknown>> {
  const { payload, release } = await readPayload(request, { size: limit, text: limit }, intake, false);
  await release();
  const { json, form } = payload;
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
  /** Lets go of the memory it takes, and of its files. */
  release(): Promise<void>;
}

const empty: Read = { payload: nothing, release: async () => {} };

async function readPayload(request: Request, limits: Limits, intake: Intake, withFiles: boolean): Promise<Read> {
  if (!request.body) return empty;
  const type = typeOf(request);
  const { text } = limits;
  const body = await arrival(request, { size: sizeFor(request, limits), text }, intake);
  let paths: readonly string[] = [];
  const release = async () => {
    await body.release();
    if (paths.length > 0) await removeFiles(paths);
  };
  try {
    if (type === multipart) {
      const header = request.headers.get("content-type") ?? "";
      const read = await readMultipart(header, body, text, withFiles ? intake.folder : undefined);
      paths = read.paths;
      return { payload: fromForm(read.form, read.files), release };
    }
    return { payload: payloadOf(type, await body.bytes()), release };
  } catch (error) {
    await release();
    throw error;
  }
}

const multipart = "multipart/form-data";

function sizeFor(request: Request, { size, text }: Limits): number {
  return typeOf(request) === multipart ? size : Math.min(size, text);
}

function payloadOf(type: string, bytes: Uint8Array): Payload {
  if (bytes.length === 0) return nothing;
  if (type === "application/json") return { ...nothing, json: readObject(bytes) };
  if (type === "application/x-www-form-urlencoded") return fromForm(readUrlencoded(bytes), new Map());
  throw unreadable();
}

/** Takes the JSON parts out of a form: the SDK sends objects beside files as `@jsonPayload`. */
function fromForm(form: FormValues, files: ReadonlyMap<string, readonly Upload[]>): Payload {
  const texts = form.get("@jsonPayload");
  if (!texts) return { json: {}, form, files };
  form.delete("@jsonPayload");
  const json: Record<string, Json> = Object.assign({}, ...texts.map(objectOf));
  for (const key of form.keys()) delete json[key];
  return { json, form, files };
}
