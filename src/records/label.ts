import type { Collection, CompiledField } from "../collections/collection.ts";
import type { RecordJson } from "./shape.ts";

/** What records are usually called by, where the collection names no field as presentable. */
const usual = ["name", "title", "label", "subject", "username", "email"];

/** The fields by which people call the records of a collection; none where it has only ids. */
export function labelFields(collection: Collection): readonly CompiledField[] {
  const named = collection.fields.filter(({ target, hidden }) => target === undefined && !hidden);
  const presentable = named.filter(({ definition }) => definition.presentable);
  return presentable.length > 0
    ? presentable
    : usual.flatMap((name) => named.find((field) => field.name === name) ?? []);
}

/** What stands for a record in a sentence or a list of choices; its id where the viewer sees nothing better. */
export function labelRecord(collection: Collection, record: RecordJson): string {
  const texts = labelFields(collection).map(({ name, kind, definition, zero }) =>
    kind.cell(record[name] ?? zero, definition),
  );
  const label = isNamed(collection) ? texts.filter(Boolean).join(" ") : texts.find(Boolean);
  return label || String(record["id"]);
}

/** The collection says itself by what its records are called. */
function isNamed({ fields }: Collection): boolean {
  return fields.some(({ definition, hidden, target }) => definition.presentable && !hidden && target === undefined);
}
