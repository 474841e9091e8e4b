import { clientLimits } from "../filter/limits.ts";
import type { Collection } from "../collections/collection.ts";

/** As many fields as a search looks into, as far as a filter has room for them. */
const most = 50;

/** The filter for records in which some open field holds this text; `""` for all. */
export function searchFilter(collection: Collection, search: string): string {
  const wanted = search.trim();
  if (wanted === "") return "";
  const literal = `"${wanted.replace(/[\\"]/g, "\\$&").replaceAll("\0", "")}"`;
  const fields = collection.fields.filter((field) => !field.hidden && field.shape === "scalar").slice(0, most);
  const [first = "", ...others] = fields.map((field) => `${field.name} ~ ${literal}`);
  return others.reduce((filter, part) => {
    const longer = `${filter} || ${part}`;
    return longer.length > clientLimits.length ? filter : longer;
  }, first);
}
