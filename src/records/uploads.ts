import type { Collection, CompiledField, Values } from "../collections/collection.ts";
import type { Payload, Upload, Uploads } from "../fields/payload.ts";
import { unpack } from "../fields/lists.ts";
import { storedName } from "../files/names.ts";
import { keyOf, type Storage } from "../files/storage.ts";
import { type Outcome, Refusal } from "../lib/errors.ts";
import type { Reading } from "../store/engine.ts";
import { sql } from "../store/sql.ts";
import { type Row, statementsOf, toValues } from "./row.ts";

/** What was sent, with names in the place of the files. */
export interface Named extends Payload {
  readonly uploads: Uploads;
}

const none: Uploads = new Map();

/**
 * Gives every upload the name under which it would be stored, and puts that among what was sent as text, in the order in which it
 * came; of a field for one file an upload comes last, since it is to take the place of the other. Files for fields that take none
 * are left as they are.
 */
export function nameUploads(collection: Collection, payload: Payload): Named {
  if (payload.files.size === 0) return { ...payload, uploads: none };
  const uploads = new Map<string, Upload>();
  const form = new Map(payload.form);
  const json = { ...payload.json };
  const files = new Map(payload.files);
  for (const [key, sent] of payload.files) {
    const field = collection.field(key.replace(/^\+|[+-]$/g, ""));
    if (!field?.kind.uploads) continue;
    const stored = Object.hasOwn(json, key) ? [json[key] ?? []].flat().map(String) : [];
    const texts = [...stored, ...(form.get(key) ?? [])];
    const named = sent.map((upload) => ({ upload, name: storedName(upload.filename) }));
    for (const { upload, name } of named) uploads.set(name, upload);
    const places = [...texts, ""].flatMap((text, at) => {
      const here = named.filter(({ upload: { after } }) => at === placeOf(field, after, texts.length));
      return [...here.map(({ name }) => name), ...(at < texts.length ? [text] : [])];
    });
    form.set(key, places);
    delete json[key];
    files.delete(key);
  }
  return { json, form, files, uploads };
}

/** How many of the texts stand before an upload. */
function placeOf({ shape }: CompiledField, after: number | undefined, texts: number): number {
  return shape === "list" && after !== undefined ? Math.min(after, texts) : texts;
}

const fields = new WeakMap<Collection, readonly CompiledField[]>();

/** The fields of a collection that hold files. */
export function fileFields(collection: Collection): readonly CompiledField[] {
  let known = fields.get(collection);
  if (!known) fields.set(collection, (known = collection.fields.filter(({ kind }) => kind.uploads)));
  return known;
}

/** The keys of all files of a record. */
export function filesOf(collection: Collection, values: Values): string[] {
  return fileFields(collection).flatMap(({ name }) => {
    return unpack(values[name] ?? "").map((file) => keyOf(collection.id, String(values["id"]), file));
  });
}

/** The keys of all files of all records of a collection. */
export async function filesIn(reading: Reading, collection: Collection): Promise<string[]> {
  const keys: string[] = [];
  if (fileFields(collection).length === 0) return keys;
  const { select } = statementsOf(collection);
  for (let last = ""; ;) {
    const rows = await reading.all<Row>(sql`${select} WHERE "id" > ${last} ORDER BY "id" LIMIT ${atOnce}`);
    for (const row of rows) keys.push(...filesOf(collection, toValues(collection, row)));
    if (rows.length < atOnce) return keys;
    last = String(rows.at(-1)?.["id"]);
  }
}

const atOnce = 1000;

/**
 * Stores the uploads that are among the values, then does the work that writes the record. Those that the written record does not
 * name are let go: all of them where it was not written. Files first, row second: a crash leaves at worst a file nobody mentions.
 */
export async function storing(
  storage: Storage,
  collection: Collection,
  uploads: Uploads,
  values: Values,
  work: () => Promise<Outcome<Values>>,
): Promise<Outcome<Values>> {
  const wanted = uploads.size === 0 ? [] : filesOf(collection, values).filter((key) => uploads.has(nameIn(key)));
  if (wanted.length === 0) return work();
  let kept: readonly string[] = [];
  try {
    for (const key of wanted) await storage.put(key, uploads.get(nameIn(key))?.path ?? "");
    const written = await work();
    if (written.ok) kept = filesOf(collection, written.value);
    return written;
  } catch (error) {
    // Whether the record is on disk is not known: the sweep finds out.
    if (error instanceof Refusal && (error.kind === "unavailable" || error.kind === "no room")) kept = wanted;
    throw error;
  } finally {
    await storage.remove(wanted.filter((key) => !kept.includes(key)));
  }
}

/** Removes the files that a record no longer names, once that is on disk. */
export async function letGoOf(storage: Storage, collection: Collection, before: Values, after: Values): Promise<void> {
  if (fileFields(collection).length === 0) return;
  const kept = new Set(filesOf(collection, after));
  await storage.remove(filesOf(collection, before).filter((key) => !kept.has(key)));
}

function nameIn(key: string): string {
  return key.split("/").at(-1) ?? "";
}

/** Removes the files of a record that is gone for good, whatever kept them until now. */
export function removeFilesOf(storage: Storage, collectionId: string, recordId: string): Promise<void> {
  return storage.removeAll(`${collectionId}/${recordId}`);
}
