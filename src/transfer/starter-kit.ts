import { Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { createCollection, type Parts, updateCollection } from "../collections/apply.ts";
import type { Collections } from "../collections/collection.ts";
import { builtIn } from "../collections/system.ts";
import type { Json } from "../fields/field.ts";
import { fromJson } from "../fields/payload.ts";
import { byOwner } from "../filter/scope.ts";
import { type Outcome, type Problems, Refusal } from "../lib/errors.ts";
import { isObject } from "../lib/json.ts";
import { createRecord, type WriteParts } from "../records/write.ts";
import { name as tableName, sql } from "../store/sql.ts";

/** What a starter brings beside its site: collections as the API takes them, and records by collection. */
const Starter = Type.Object({
  collections: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  records: Type.Record(Type.String(), Type.Array(Type.Record(Type.String(), Type.Unsafe<Json>(Type.Unknown())))),
});

/**
 * Makes the collections and records of a starter, in order. A collection that exists already is left alone with its records; in a
 * project that has none yet but the built-in ones, those take the options that the starter names. Throws a Refusal that names
 * the first thing that could not be made.
 */
export async function applyStarter(parts: Parts & WriteParts, starter: unknown): Promise<void> {
  if (!Value.Check(Starter, starter)) throw new Refusal("bad request", "starter_unreadable");
  const made = new Set<string>();
  const untouched = parts.collections.current.all.every((it) => builtIn.some((ours) => ours["name"] === it.name));
  for (const definition of starter.collections) {
    const name = String(definition["name"]);
    const existing = parts.collections.find(name);
    if (existing && untouched && !made.has(name)) must(name, await updateCollection(parts, existing.id, definition));
    if (existing) continue;
    must(name, await createCollection(parts, withTargets(definition, parts.collections.current)));
    made.add(name);
  }
  for (const [name, records] of Object.entries(starter.records)) {
    const collection = parts.collections.find(name);
    if (!collection) throw new Refusal("bad request", "starter_collection_missing", { name });
    const existing = made.has(name)
      ? undefined
      : await parts.store.first(sql`SELECT 1 AS one FROM ${tableName(name)} LIMIT 1`);
    if (existing) continue;
    const place = { collection, set: parts.collections.current, ask: byOwner };
    for (const record of records) must(name, await createRecord(parts, place, fromJson(record)));
  }
}

/** In a starter a relation may name its collection by `collection`, since the ids are made when it is applied. */
function withTargets(definition: Readonly<Record<string, unknown>>, set: Collections): Record<string, unknown> {
  const fields = Array.isArray(definition["fields"]) ? definition["fields"] : [];
  const pointed = fields.map((field: unknown) => {
    if (!isObject(field) || typeof field["collection"] !== "string") return field;
    return { ...field, collectionId: set.find(field["collection"])?.id };
  });
  return { ...definition, fields: pointed };
}

function must(name: string, outcome: Outcome<unknown>): void {
  if (!outcome.ok) throw new Refusal("bad request", "starter_failed", { name, problems: told(outcome.problems) });
}

function told(problems: Problems): string {
  return JSON.stringify(problems);
}
