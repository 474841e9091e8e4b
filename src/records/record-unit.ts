import type { Collection, Values } from "../collections/collection.ts";
import type { Registry } from "../collections/registry.ts";
import { bad, type Outcome, problem, type Problems } from "../lib/errors.ts";
import { ConstraintError, type Store, type Unit } from "../store/engine.ts";
import { Undone } from "./around.ts";
import type { Place } from "./read.ts";

interface UnitParts {
  readonly store: Store;
  readonly collections: Pick<Registry, "mustHold">;
}

/** One unit; what the indexes do not allow becomes a problem of the field, and nothing is changed. */
export async function write(
  { store, collections }: UnitParts,
  { collection, set }: Place,
  work: (tx: Unit) => Promise<Outcome<Values>>,
): Promise<Outcome<Values>> {
  try {
    return await store.write((tx) => {
      collections.mustHold(set);
      return work(tx);
    });
  } catch (error) {
    if (error instanceof Undone) return bad(error.problems);
    if (!(error instanceof ConstraintError) || error.kind !== "unique" || error.table !== collection.name) throw error;
    return bad(notUnique(collection, error.columns));
  }
}

function notUnique(collection: Collection, columns: readonly string[]): Problems {
  const fields = columns.filter((column) => collection.field(column));
  const problems: Problems = {};
  for (const field of fields.length ? fields : ["id"]) {
    problems[field] = problem(field === "id" ? "validation_invalid_or_existing_id" : "validation_not_unique");
  }
  return problems;
}
