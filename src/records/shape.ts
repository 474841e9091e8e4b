import type { Collection, Values } from "../collections/collection.ts";
import type { Json } from "../fields/field.ts";
import type { Viewer } from "../filter/scope.ts";

/** A record as it is answered. */
export type RecordJson = { [key: string]: Json };

/** Fields nobody is ever shown: what is sealed, and what tokens are made of. */
function secret(collection: Collection, fieldName: string): boolean {
  return collection.field(fieldName)?.type === "password" || (collection.type === "auth" && fieldName === "tokenKey");
}

interface Shape {
  /** What everyone sees. */
  readonly open: readonly string[];
  /** What superusers see. */
  readonly all: readonly string[];
}

const shapes = new WeakMap<Collection, Shape>();

function shapeOf(collection: Collection): Shape {
  let shape = shapes.get(collection);
  if (!shape) {
    const shown = collection.fields.filter((field) => !secret(collection, field.name));
    const open = shown.filter((field) => !field.hidden);
    shape = { open: open.map(({ name }) => name), all: shown.map(({ name }) => name) };
    shapes.set(collection, shape);
  }
  return shape;
}

/**
 * A record as this viewer may see it. `managed`: the viewer satisfies the collection's manage rule for this record.
 */
export function shapeRecord(collection: Collection, values: Values, viewer: Viewer, managed = false): RecordJson {
  const shape = shapeOf(collection);
  const record: RecordJson = { collectionId: collection.id, collectionName: collection.name };
  for (const key of viewer.kind === "superuser" ? shape.all : shape.open) record[key] = values[key] ?? null;
  if (collection.type === "auth" && !managed && !seesEmail(collection, values, viewer)) delete record["email"];
  return record;
}

function seesEmail(collection: Collection, values: Values, viewer: Viewer): boolean {
  if (values["emailVisibility"] === true || viewer.kind === "superuser") return true;
  return viewer.kind === "record" && viewer.collectionId === collection.id && viewer.record["id"] === values["id"];
}
