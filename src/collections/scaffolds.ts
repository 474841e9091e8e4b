import type { Json } from "../fields/field.ts";
import { randomText } from "../lib/ids.ts";
import { checkDefinition } from "./check.ts";
import { compileSet } from "./compile.ts";
import { shown } from "./definition.ts";

/** What a new collection of each type looks like before anybody has said anything about it. */
export function scaffolds(): { [type: string]: Json } {
  return { base: scaffold("base"), auth: scaffold("auth"), view: scaffold("view") };
}

/** A definition needs a name and a query; a scaffold has neither. */
function scaffold(type: "base" | "auth" | "view"): Json {
  const name = `_${randomText(15)}`;
  const checked = checkDefinition({ name, type, viewQuery: "SELECT '' AS id" }, undefined, compileSet([]), {
    moment: "",
  });
  if (!checked.ok) throw new Error(`The scaffold of ${type} is wrong: ${JSON.stringify(checked.problems)}`);
  const bare = shown(checked.value);
  const indexes = checked.value.indexes.map((text) =>
    text.replaceAll(name, "").replaceAll(checked.value.id, randomText(10)),
  );
  return { ...bare, id: "", name: "", indexes, ...(type === "view" ? { fields: [], viewQuery: "" } : {}) };
}
