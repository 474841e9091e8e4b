import type { Collection, Values } from "../collections/collection.ts";
import type { Ask } from "../filter/scope.ts";
import { Refusal } from "../lib/errors.ts";
import type { Reading } from "../store/engine.ts";
import { chain, raw, type Sql } from "../store/sql.ts";
import { newRowOf, toColumns } from "./row.ts";

const and = raw(" WHERE (");
const end = raw(")");

/** Asks a create rule of the row as it would be written. */
export async function demandNew(
  reading: Reading,
  collection: Collection,
  condition: Sql | boolean,
  values: Values,
): Promise<void> {
  if (!(await holdsForNew(reading, collection, condition, values))) {
    throw new Refusal("bad request", "failed_to_create_record");
  }
}

/** Whether a rule's answer can change between asking and writing: it reads more than the request and the values themselves. */
export function readsMore(condition: Sql | boolean): boolean {
  return typeof condition !== "boolean" && condition.shape.parts.some((part) => /\bSELECT\b/i.test(part));
}

async function holdsForNew(
  reading: Reading,
  collection: Collection,
  condition: Sql | boolean,
  values: Values,
): Promise<boolean> {
  if (typeof condition === "boolean") return condition;
  const row = newRowOf(collection).with(toColumns(collection, values));
  return (await reading.first(chain([row, and, condition, end]))) !== undefined;
}

/** Whether the viewer may manage the account that would be made. */
export async function managesNew(reading: Reading, collection: Collection, ask: Ask, values: Values): Promise<boolean> {
  if (collection.type !== "auth" || ask.viewer.kind === "superuser") return ask.viewer.kind === "superuser";
  return holdsForNew(reading, collection, collection.newRule("manage")?.(ask) ?? false, values);
}
