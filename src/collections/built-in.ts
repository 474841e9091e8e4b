import type { Outcome } from "../lib/errors.ts";
import { createCollections, type Parts, updateCollection } from "./apply.ts";
import type { Definition } from "./definition.ts";
import { builtIn, type BuiltIn } from "./system.ts";

/** The collections of our own, as this version has them: missing ones are made, and older ones get the fields they lack. */
export async function makeBuiltIn(parts: Parts): Promise<void> {
  const { current } = parts.collections;
  const standing = builtIn.map((input) => ({
    input,
    old: (current.find(input.id ?? "") ?? current.find(input.name))?.definition,
  }));
  const missing = standing.flatMap(({ input, old }) => (old ? [] : [input]));
  if (missing.length > 0) mustBeRight(await createCollections(parts, missing, { builtIn: true }));
  for (const { input, old } of standing) {
    const more = old?.system ? additions(old, input) : undefined;
    if (old && more) mustBeRight(await updateCollection(parts, old.id, more, { builtIn: true }));
  }
}

/** What the collection lacks, among what it has; nothing where it lacks nothing. */
function additions(
  old: Definition,
  { fields, indexes = [] }: BuiltIn,
): Pick<BuiltIn, "fields" | "indexes"> | undefined {
  const newFields = fields.filter(({ name }) => !old.fields.some((field) => field.name === name));
  const newIndexes = indexes.filter((index) => !old.indexes.includes(index));
  if (newFields.length === 0 && newIndexes.length === 0) return undefined;
  return { fields: [...old.fields, ...newFields], indexes: [...old.indexes, ...newIndexes] };
}

function mustBeRight(made: Outcome<unknown>): void {
  if (!made.ok) throw new Error(`A built-in collection is wrong: ${JSON.stringify(made.problems)}`);
}
