import type { Collection, Values } from "../collections/collection.ts";
import { isSecret } from "../collections/compile.ts";
import type { Json } from "../fields/field.ts";
import type { Viewer } from "../filter/scope.ts";
import type { Value } from "../store/sql.ts";
import type { Row } from "./row.ts";

/** A record as it is answered. */
export type RecordJson = { [key: string]: Json };

/** Makes the answer of something that has a member for each field. */
type Shaper<From> = (from: From) => RecordJson;

/** Shapers of one collection: for rows as they are stored, and for values. */
interface Shapers {
  readonly row: Shaper<Row>;
  readonly values: Shaper<Values>;
}

const open = new WeakMap<Collection, Shapers>();
const whole = new WeakMap<Collection, Shapers>();

/** A record as this viewer may see it. `managed`: the viewer satisfies the collection's manage rule for this record. */
export function shapeRecord(collection: Collection, values: Values, viewer: Viewer, managed = false): RecordJson {
  return withoutEmail(collection, shapersOf(collection, viewer).values(values), viewer, managed);
}

/** The same of a row as it is stored. */
export function shapeRow(collection: Collection, row: Row, viewer: Viewer, managed = false): RecordJson {
  return withoutEmail(collection, shapersOf(collection, viewer).row(row), viewer, managed);
}

function withoutEmail(collection: Collection, record: RecordJson, viewer: Viewer, managed: boolean): RecordJson {
  if (collection.type !== "auth" || managed || viewer.kind === "superuser") return record;
  const own = viewer.kind === "record" && viewer.collectionId === collection.id && viewer.record["id"] === record["id"];
  if (!own && record["emailVisibility"] !== true) delete record["email"];
  return record;
}

function shapersOf(collection: Collection, viewer: Viewer): Shapers {
  const known = viewer.kind === "superuser" ? whole : open;
  let shapers = known.get(collection);
  if (!shapers) known.set(collection, (shapers = compileShapers(collection, viewer.kind === "superuser")));
  return shapers;
}

function compileShapers(collection: Collection, hiddenToo: boolean): Shapers {
  const shown = collection.fields.filter((field) => !isSecret(collection, field) && (hiddenToo || !field.hidden));
  const names = shown.map(({ name }) => name);
  return {
    row: literal<Value>(
      collection,
      names,
      shown.map((field) => (stored) => field.fromColumn(stored)),
    ),
    values: literal<Json>(
      collection,
      names,
      shown.map(() => (value) => value),
    ),
  };
}

/**
 * A function that makes one object literal with all members at once: measured at a ninth of the time of a loop that adds them
 * one by one. Its text holds nothing but names, as JSON strings.
 */
function literal<Member>(
  { id, name }: Collection,
  names: readonly string[],
  reads: readonly ((member: Member) => Json)[],
): Shaper<Readonly<Record<string, Member>>> {
  const members = names.map((key, at) => `${JSON.stringify(key)}: reads[${at}](from[${JSON.stringify(key)}] ?? null)`);
  const ours = [`"collectionId": ${JSON.stringify(id)}`, `"collectionName": ${JSON.stringify(name)}`];
  const make = new Function("reads", `return (from) => ({ ${[...ours, ...members].join(", ")} });`);
  return make(reads);
}
