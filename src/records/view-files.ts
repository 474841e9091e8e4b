import type { Collection, Collections } from "../collections/collection.ts";
import { originOf } from "../collections/view-fields.ts";
import { readQuery } from "../collections/view-query.ts";
import type { Store } from "../store/engine.ts";
import { name, sql } from "../store/sql.ts";

/** The record whose file a view shows. */
export interface FileHome {
  readonly collection: Collection;
  readonly id: string;
}

/**
 * Whose file it is that a view shows in a field: a record of the collection that the field comes from, itself perhaps a view. No
 * record of another one can name it, since we make up the names.
 */
export async function homeOf(
  store: Pick<Store, "scan" | "dialect">,
  set: Collections,
  shown: { readonly view: Collection; readonly field: string; readonly file: string },
): Promise<FileHome | undefined> {
  const { view, field, file } = shown;
  const query = readQuery(view.definition.viewQuery ?? "");
  const column = query.ok ? query.value.columns.find((it) => it.name === field) : undefined;
  const origin = query.ok && column ? originOf(column, query.value, set) : undefined;
  if (!origin) return undefined;
  if (origin.collection.type === "view") {
    return homeOf(store, set, { view: origin.collection, field: origin.field, file });
  }
  const stored = name(origin.field);
  const [row] = await store.scan<{ id: string }>(
    sql`SELECT "id" FROM ${name(origin.collection.name)} WHERE ${store.dialect.tick}
        AND (${stored} = ${file} OR EXISTS (SELECT 1 FROM ${store.dialect.elements(stored)} WHERE value = ${file})) LIMIT 1`,
  );
  return row && { collection: origin.collection, id: row.id };
}
