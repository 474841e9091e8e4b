import { Kind, type TSchema } from "@sinclair/typebox";

/** The TypeScript type of the values that a schema takes, as source text. */
export function typeText(schema: TSchema): string {
  const options: readonly TSchema[] | undefined = schema["anyOf"];
  if (options) return [...new Set(options.map(typeText))].join(" | ");
  switch (schema[Kind]) {
    case "Literal":
      return JSON.stringify(schema["const"]);
    case "Array":
      return listText(schema["items"]);
    case "Object":
      return objectText(schema["properties"]);
    case "Integer":
      return "number";
    case "Never":
    case "Null":
    case "Number":
    case "String":
    case "Boolean":
      return schema[Kind].toLowerCase();
    default:
      return "unknown";
  }
}

function listText(items: TSchema): string {
  const item = typeText(items);
  return item.includes(" ") ? `(${item})[]` : `${item}[]`;
}

function objectText(properties: Readonly<Record<string, TSchema>>): string {
  const parts = Object.entries(properties).map(([name, schema]) => `${name}: ${typeText(schema)}`);
  return parts.length > 0 ? `{ ${parts.join("; ")} }` : "object";
}
