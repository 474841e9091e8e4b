import type { Collection, CompiledField } from "../collections/collection.ts";
import { labelRecord } from "./label.ts";
import { listRecords, type Place, type ReadParts, viewAmong } from "./read.ts";
import { idsOf } from "./references.ts";
import { closedTo } from "./rules.ts";
import type { RecordJson } from "./shape.ts";

/** What the relations of one field lead to. */
export interface Related {
  readonly collection: Collection;
  /** What the records are called that the viewer may see: id → label. */
  readonly labels: ReadonlyMap<string, string>;
}

/** By the name of the relation field. */
export type Relations = ReadonlyMap<string, Related>;

/** Id and label of each record that can be chosen. */
type ChoiceList = readonly (readonly [id: string, label: string])[];

/** By the name of the relation field. */
export type Choices = ReadonlyMap<string, ChoiceList>;

/** As many records as somebody can choose from; of more the id is asked. */
const mostChoices = 200;
/** As many relations of one field as are looked up for a page. */
const mostLabels = 500;

/** The labels of everything that these records point at, under the view rules of what they point at. */
export async function findRelated(parts: ReadParts, place: Place, records: readonly RecordJson[]): Promise<Relations> {
  const found = relationsOf(place).map(async ({ field, target }): Promise<[string, Related]> => {
    const ids = new Set(records.flatMap((record) => idsOf(record[field.name])));
    const seen = await viewAmong(parts, target, [...ids].slice(0, mostLabels));
    const labels = new Map(seen.map((record) => [String(record["id"]), labelRecord(target.collection, record)]));
    return [field.name, { collection: target.collection, labels }];
  });
  return new Map(await Promise.all(found));
}

/**
 * What can be chosen for each of these relation fields, under the list rules of what they point at, with what the record has
 * already. Fields that point at more than can be chosen from, or at what the viewer may not list, are left out.
 */
export async function findChoices(parts: ReadParts, place: Place, record: RecordJson = {}): Promise<Choices> {
  const chosen = await findRelated(parts, place, [record]);
  const found = relationsOf(place).map(async ({ field, target }): Promise<[string, ChoiceList] | undefined> => {
    if (closedTo(target.collection, "list", place.ask)) return undefined;
    const query = { page: 1, perPage: mostChoices + 1, sort: "", filter: "", skipTotal: true };
    const { items } = await listRecords(parts, target, query);
    if (items.length > mostChoices) return undefined;
    const labels = new Map(items.map((item) => [String(item["id"]), labelRecord(target.collection, item)]));
    for (const [id, label] of chosen.get(field.name)?.labels ?? []) labels.set(id, label);
    return [field.name, [...labels].sort(([, left], [, right]) => left.localeCompare(right, "en"))];
  });
  return new Map((await Promise.all(found)).filter((entry) => entry !== undefined));
}

/** The relation fields of a place that the viewer may know of, each with where it leads. */
function relationsOf({ collection, set, ask }: Place): { readonly field: CompiledField; readonly target: Place }[] {
  return collection.fields.flatMap((field) => {
    const target = field.hidden ? undefined : set.find(field.target ?? "");
    return target ? [{ field, target: { collection: target, set, ask: { ...ask, context: "expand" as const } } }] : [];
  });
}
