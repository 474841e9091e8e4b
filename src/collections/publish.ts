import type { Json } from "../fields/field.ts";
import type { Viewer } from "../filter/scope.ts";
import type { Collection, Collections } from "./collection.ts";
import { isSecret } from "./compile.ts";

/** The JSON Schema of each collection's records, by name: those that are not for superusers only, unless one asks. */
export function collectionSchemas(set: Collections, viewer: Viewer): { [name: string]: Json } {
  const known = set.all.filter((collection) => viewer.kind === "superuser" || isOpen(collection));
  return Object.fromEntries(known.map((collection) => [collection.name, schemaOf(collection, viewer)]));
}

/** Somebody else than superusers can read or write it, so that its fields are no secret. Those of our own are nobody's concern. */
function isOpen({ definition }: Collection): boolean {
  if (definition.system) return false;
  const { listRule, viewRule, createRule, updateRule } = definition;
  return [listRule, viewRule, createRule, updateRule].some((rule) => rule !== null);
}

function schemaOf(collection: Collection, viewer: Viewer): Json {
  const shown = collection.fields.filter((field) => {
    return !isSecret(collection, field) && (!field.hidden || viewer.kind === "superuser");
  });
  const properties = shown.map((field): [string, Json] => {
    const schema: { [key: string]: Json } = JSON.parse(JSON.stringify(field.kind.value(field.definition)));
    return [field.name, { ...schema, ...(field.definition.help ? { description: field.definition.help } : {}) }];
  });
  return {
    type: "object",
    properties: {
      ...Object.fromEntries(properties),
      collectionId: { type: "string" },
      collectionName: { type: "string" },
    },
  };
}
