import { checkDefinition } from "../collections/check.ts";
import type { Collections } from "../collections/collection.ts";
import { compileSet } from "../collections/compile.ts";
import type { Read } from "../collections/view-query.ts";
import { sampleOf } from "../collections/view-tables.ts";
import { readView } from "../collections/views.ts";
import type { Json } from "../fields/field.ts";
import { byOwner } from "../filter/scope.ts";
import { randomText } from "../lib/ids.ts";
import type { Store } from "../store/engine.ts";
import { shapeRow } from "./shape.ts";

/** Characters of a query that is tried out. */
export const longestDryRun = 5000;

/** Records of it that are shown. */
const shown = 10;

/** What a view with this query would have for fields, and the first of its records, without making it. */
export async function dryRunView(store: Store, set: Collections, text: string): Promise<Read<{ [key: string]: Json }>> {
  const name = `_${randomText(15)}`;
  const read = readView({ id: name, viewQuery: text }, set);
  if (!read.ok) return read;
  const sample = await sampleOf(store, read.value.query, set);
  if (!sample.ok) return sample;
  const checked = checkDefinition({ name, type: "view", viewQuery: text }, undefined, set, { moment: "" });
  const [view] = checked.ok ? compileSet([checked.value]).all : [];
  const records = view ? sample.value.slice(0, shown).map((row) => shapeRow(view, row, byOwner.viewer)) : [];
  return { ok: true, value: { fields: JSON.parse(JSON.stringify(read.value.fields)), sample: records } };
}
