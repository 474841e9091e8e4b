import type { Collection } from "../collections/collection.ts";

/** As many fields as a search looks into: a filter has room for 200 comparisons. */
const most = 50;

/** The filter for records in which some open field holds this text; `""` for all. */
export function searchFilter(collection: Collection, search: string): string {
  const wanted = search.trim();
  if (wanted === "") return "";
  const literal = `"${wanted.replace(/[\\"]/g, "\\$&").replaceAll("\0", "")}"`;
  const fields = collection.fields.filter((field) => !field.hidden && field.shape === "scalar").slice(0, most);
  return fields.map((field) => `${field.name} ~ ${literal}`).join(" || ");
}
