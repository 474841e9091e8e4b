import type { CompiledField } from "../collections/collection.ts";
import type { Json } from "../fields/field.ts";
import { sentence } from "../phrases/index.ts";

/** The address of somebody who does not exist. */
export const nobodysAddress = "someone@example.com";

/** A value such as an answer may bring, by the type of its field; the zero value where the type says too little. */
export function specimenOf({ type, definition, kind, zero }: CompiledField, moment: string): Json {
  switch (type) {
    case "text":
      return definition["multiline"] === true
        ? sentence("en", "webhook_try_value")
        : sentence("en", "webhook_try_line");
    case "email":
      return nobodysAddress;
    case "url":
      return "https://example.com";
    case "number":
      return typeof definition["min"] === "number" ? definition["min"] : 1;
    case "bool":
      return true;
    case "date":
    case "autodate":
      return moment;
    case "select": {
      const [first = ""] = Array.isArray(definition["values"]) ? definition["values"].map(String) : [];
      return kind.shape(definition) === "list" ? [first] : first;
    }
    default:
      return zero;
  }
}
