import { Value } from "@sinclair/typebox/value";
import { Type } from "@sinclair/typebox";
import type { Collection } from "../collections/collection.ts";
import { parseJson } from "../lib/json.ts";
import type { Reading } from "../store/engine.ts";
import { sql } from "../store/sql.ts";
import { FieldChoice, nameOf } from "./form.ts";

/** Another form of the same collection. */
export interface Sibling {
  readonly title: string;
  /** What it has chosen to ask; absent where it asks everything. */
  readonly names: readonly string[] | undefined;
}

/** The other forms of a collection, told from `form` by its id. */
export async function siblings(
  { store }: { readonly store: Reading },
  { id, name }: Collection,
  form: string,
): Promise<Sibling[]> {
  const rows = await store.all<{ title: string; fields: string | null }>(
    sql`SELECT title, fields FROM _forms WHERE collection IN (${id}, ${name}) AND id != ${form} ORDER BY title`,
  );
  return rows.map(({ title, fields }) => {
    const choices = parseJson(fields ?? "")?.value;
    const chosen = Value.Check(Type.Array(FieldChoice), choices) && choices.length > 0;
    return { title, names: chosen ? choices.map(nameOf) : undefined };
  });
}
