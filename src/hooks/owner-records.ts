import type { Registry } from "../collections/registry.ts";
import type { Json } from "../fields/field.ts";
import { fromJson, type Payload } from "../fields/payload.ts";
import { byOwner } from "../filter/scope.ts";
import type { Outcome, Problems } from "../lib/errors.ts";
import { sentences } from "../phrases/index.ts";
import type { Shown } from "../records/around.ts";
import { findRow, listRecords, type Place } from "../records/read.ts";
import { deleteRecord } from "../records/remove.ts";
import { shapeRecord, type RecordJson } from "../records/shape.ts";
import { createRecord, updateRecord, type WriteParts } from "../records/write.ts";

export interface OwnerParts extends WriteParts {
  readonly collections: Registry;
}

/** Thrown by code that works with records where a form would be shown again: what is wrong, a sentence by field. */
export class Unfit extends Error {
  override readonly name = "Unfit";
  readonly problems: Readonly<Record<string, string>>;

  constructor(collection: string, problems: Problems) {
    const told = sentences("en", problems);
    super(
      `${collection}: ${Object.entries(told)
        .map(([field, it]) => `${field}: ${it}`)
        .join(" ")}`,
    );
    this.problems = told;
  }
}

/** The records of a collection as its owner meets them: no rule is asked, everything else is as for everyone. */
export function ownerRecords(parts: OwnerParts, collection: string): Formstead.Records {
  const { collections } = parts;
  const read = <T>(work: (place: Place) => Promise<T>) => collections.read((set) => work(placeIn(set, collection)));
  const write = <T>(work: (place: Place) => Promise<T>) => collections.write((set) => work(placeIn(set, collection)));
  const saved = (outcome: Outcome<RecordJson>): Shown => {
    if (!outcome.ok) throw new Unfit(collection, outcome.problems);
    return identified(outcome.value);
  };
  return {
    find: (id) =>
      read(async (place) => {
        const values = await findRow(parts.store, place.collection, id);
        return values && identified(shapeRecord(place.collection, values, byOwner.viewer, true));
      }),
    list: ({ filter = "", sort = "", page = 1, perPage = 30 } = {}) =>
      read(async (place) => {
        const query = { filter, sort, page, perPage: Math.min(perPage, 1000), skipTotal: true };
        return (await listRecords(parts, place, query)).items.map(identified);
      }),
    create: async (values) => saved(await write((place) => createRecord(parts, place, payloadOf(values)))),
    update: async (id, values) => saved(await write((place) => updateRecord(parts, place, id, payloadOf(values)))),
    delete: (id) => write((place) => deleteRecord(parts, place, id)),
  };
}

function identified(record: RecordJson): Shown {
  return { ...record, id: String(record["id"]) };
}

function placeIn(set: Registry["current"], name: string): Place {
  const collection = set.find(name);
  if (!collection) throw new Error(`There is no collection ${name}.`);
  return { collection, set, ask: byOwner };
}

/** Dates and the like become the texts that JSON has for them; what is undefined is not sent. */
function payloadOf(values: Readonly<Record<string, unknown>>): Payload {
  const json: Record<string, Json> = JSON.parse(JSON.stringify(values));
  return fromJson(json);
}
