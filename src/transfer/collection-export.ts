import type { Collection } from "../collections/collection.ts";
import { isSecret } from "../collections/compile.ts";
import { join, name, raw, sql } from "../store/sql.ts";
import type { ExportSource } from "./export.ts";
import { exportColumn } from "./export-lines.ts";

/** Every record of a collection with every field, hidden ones too; only what nobody is ever shown is left out. */
export function collectionSource(collection: Collection): ExportSource {
  const fields = collection.fields.filter((field) => !isSecret(collection, field));
  const isView = collection.type === "view";
  const row = raw(isView ? 'r."id"' : "r._rowid_");
  return {
    from: sql`${name(collection.name)} AS r`,
    row,
    key: [{ by: row, start: isView ? "" : 0 }],
    weight: join(
      fields.map((field) => sql`coalesce(octet_length(r.${name(field.name)}), 0)`),
      " + ",
    ),
    columns: fields.map((field) => exportColumn(field, sql`r.${name(field.name)}`)),
  };
}
