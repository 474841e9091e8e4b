import type { Collection, Collections, Values } from "../collections/collection.ts";
import { unpack } from "../fields/lists.ts";
import { keyOf, type Storage, type StoredFile } from "../files/storage.ts";
import type { Ask } from "../filter/scope.ts";
import { Refusal } from "../lib/errors.ts";
import type { Store } from "../store/engine.ts";
import { findRow } from "./read.ts";
import { closedTo, demand } from "./rules.ts";
import { fileFields } from "./uploads.ts";
import { homeOf } from "./view-files.ts";

/** A file that a record names. */
export interface HeldFile {
  readonly name: string;
  readonly file: StoredFile;
  /** Not everybody may have it. */
  readonly protected: boolean;
}

/**
 * A file of a record, whose name must be among its values. Anyone may have it who knows the name, unless the field is protected: then
 * the view rule decides, asked as `ask` answers it. Refusal "not found" for whatever is not there or not for this viewer.
 */
export async function findFile(
  { store, files }: { readonly store: Store; readonly files: Storage },
  { collection, set }: { readonly collection: Collection; readonly set: Collections },
  id: string,
  name: string,
  ask: () => Promise<Ask>,
): Promise<HeldFile> {
  const record = fileFields(collection).length > 0 ? await findRow(store, collection, id) : undefined;
  const field = record && fieldNaming(collection, record, name);
  if (!field) throw new Refusal("not found", "not_found");
  const isProtected = field.definition["protected"] === true;
  if (isProtected) await demandView(store, collection, id, await ask());
  const isView = collection.type === "view";
  const home = isView
    ? await homeOf(store, set, { view: collection, field: field.name, file: name })
    : { collection, id };
  if (!home) throw new Refusal("not found", "not_found");
  return { ...(await openFile(files, home.collection.id, home.id, name)), protected: isProtected };
}

/** A file of a record under one of its names; whoever asks has looked whether the record names it. Refusal "not found". */
export async function openFile(files: Storage, collectionId: string, id: string, name: string) {
  const file = await files.open(keyOf(collectionId, id, name));
  if (!file) throw new Refusal("not found", "not_found");
  return { name, file };
}

/** The field whose value names a file. */
export function fieldNaming(collection: Collection, record: Values, name: string) {
  return fileFields(collection).find((field) => unpack(record[field.name] ?? "").includes(name));
}

async function demandView(store: Store, collection: Collection, id: string, ask: Ask): Promise<void> {
  const seen =
    !closedTo(collection, "view", ask) && (await findRow(store, collection, id, demand(collection, "view", ask)));
  if (seen) return;
  throw new Refusal("not found", "not_found");
}
