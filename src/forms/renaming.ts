import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { type Definition, renamedFields } from "../collections/definition.ts";
import { parseJson } from "../lib/json.ts";
import type { Unit } from "../store/engine.ts";
import { join, type Sql, sql } from "../store/sql.ts";
import { FieldChoice, nameOf } from "./form.ts";

/** Forms go on to name their collection and its fields when those are called something else. */
export async function followForms(tx: Unit, old: Definition, saved: Definition): Promise<void> {
  const renamed = renamedFields(old, saved);
  if (renamed.size > 0) await followParked(tx, old.id, [...renamed]);
  if (old.name === saved.name && renamed.size === 0) return;
  const forms = await tx.all<{ id: string; collection: string; fields: string | null }>(
    sql`SELECT id, collection, fields FROM _forms WHERE collection IN (${old.name}, ${old.id})`,
  );
  for (const { id, collection, fields } of forms) {
    const choices = parseJson(fields ?? "")?.value;
    const followed = Value.Check(Type.Array(FieldChoice), choices)
      ? choices.map((it) => follow(it, renamed))
      : undefined;
    await tx.run(
      sql`UPDATE _forms SET collection = ${collection === old.name ? saved.name : collection},
                            fields = ${followed ? JSON.stringify(followed) : fields} WHERE id = ${id}`,
    );
  }
}

function follow(choice: Static<typeof FieldChoice>, renamed: ReadonlyMap<string, string>): Static<typeof FieldChoice> {
  const name = renamed.get(nameOf(choice)) ?? nameOf(choice);
  return typeof choice === "string" ? name : { ...choice, name };
}

/** What is parked goes on to name the fields of its collection when those are called something else. */
async function followParked(tx: Unit, collection: string, renamed: readonly [string, string][]): Promise<void> {
  const path = (name: string) => `$.${JSON.stringify(name)}`;
  const before = renamed.map(([name]) => sql`${path(name)}`);
  const after = renamed.map(([name, next]): Sql => sql`${path(next)}, json(parked -> ${path(name)})`);
  await tx.run(
    sql`UPDATE _submissions SET parked = json_set(json_remove(parked, ${join(before, ", ")}), ${join(after, ", ")})
        WHERE collection = ${collection} AND parked IS NOT NULL`,
  );
}
