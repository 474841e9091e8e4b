import type { Registry } from "../collections/registry.ts";
import type { Collections } from "../collections/collection.ts";
import { isSecret } from "../collections/compile.ts";
import { fromJson } from "../fields/payload.ts";
import { byOwner } from "../filter/scope.ts";
import { Refusal } from "../lib/errors.ts";
import { createRecord, type WriteParts } from "../records/write.ts";
import { guessed, leftOut } from "./columns.ts";
import { type ImportAim, importable, momentsIn, targetOf, valuesIn } from "./import-aim.ts";

export interface ImportParts extends WriteParts {
  readonly collections: Registry;
}

/** Rows as records of a collection, made as the owner makes them. */
export function recordAim(parts: ImportParts, collectionId: string): ImportAim {
  const fieldsIn = (set: Collections) => {
    const collection = set.find(collectionId);
    if (!collection || collection.type === "view") throw new Refusal("not found", "not_found");
    const fields = collection.fields.filter(
      (field) => importable(field) && (!isSecret(collection, field) || field.type === "password"),
    );
    return { collection, fields };
  };
  const targets = fieldsIn(parts.collections.current).fields.map((field) => targetOf(field));
  return {
    targets,
    otherwise: [leftOut],
    guess: (headings) => guessed(headings, targets),
    save: (row, dry) =>
      parts.collections.write(async (set) => {
        const { collection, fields } = fieldsIn(set);
        const values = valuesIn(fields, row.cells);
        // Who signs up says a password twice.
        const said = values["password"] === undefined ? values : { passwordConfirm: values["password"], ...values };
        const place = { collection, set, ask: byOwner };
        const given = momentsIn(fields, row.cells);
        const made = await createRecord(parts, place, fromJson(said), { rehearse: dry, given });
        return made.ok ? { kind: "made" } : { kind: "wrong", problems: made.problems };
      }),
  };
}
