import { fieldType } from "../fields/index.ts";
import { name, type Sql, sql } from "../store/sql.ts";
import type { Definition } from "./definition.ts";
import { columnsOf, parseIndex } from "./indexes.ts";

/** What a change does to the indexes that we make on our own: before all its other steps, and after them. */
export interface RelationIndexes {
  readonly drop: readonly Sql[];
  readonly create: readonly Sql[];
}

/**
 * Every relation to one record has an index, so that the records which refer to another are found without reading all of them:
 * whoever deletes a record waits for that. It is ours, and no part of the definition; there is none where an index of the
 * definition begins with the field. Lists of ids cannot have one.
 */
export function relationIndexes(old: Definition | undefined, next: Definition): RelationIndexes {
  const before = old ? indexed(old) : new Map<string, string>();
  const after = indexed(next);
  const gone = [...before.keys()].filter((id) => !after.has(id));
  const added = [...after].filter(([id]) => !before.has(id));
  return {
    drop: gone.map((id) => sql`DROP INDEX IF EXISTS ${indexName(next, id)}`),
    create: added.map(([id, field]) => sql`CREATE INDEX ${indexName(next, id)} ON ${name(next.name)} (${name(field)})`),
  };
}

/** The fields that have an index of ours, by their ids. */
function indexed({ fields, indexes }: Definition): ReadonlyMap<string, string> {
  const covered = new Set(indexes.map(firstColumn));
  const single = fields.filter((field) => {
    const kind = fieldType(field.type);
    return kind?.target && kind.shape(field) === "scalar" && !covered.has(field.name);
  });
  return new Map(single.map((field) => [field.id, field.name]));
}

/** The field by whose values an index finds all rows; none where it leaves rows out, or compares in its own way. */
function firstColumn(text: string): string | undefined {
  const index = parseIndex(text);
  return index && index.where === "" && !/\bcollate\b/i.test(index.columns) ? columnsOf(index)?.[0] : undefined;
}

/** Made of ids, so that it stays when table and column get other names. */
function indexName(collection: Definition, field: string): Sql {
  return name(`~relation ${collection.id} ${field}`);
}
