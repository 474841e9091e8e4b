import type { Collections } from "../collections/collection.ts";
import type { Ask } from "../filter/scope.ts";
import { Refusal } from "../lib/errors.ts";
import type { Place } from "../records/read.ts";

/** Where a request looks: a collection by id or name, among those it holds. Refusal "not found", told as `missing` says. */
export function placeOf(set: Collections, idOrName: string, ask: Ask, missing = "missing_collection_context"): Place {
  const collection = set.find(idOrName);
  if (!collection) throw new Refusal("not found", missing);
  return { collection, set, ask };
}
