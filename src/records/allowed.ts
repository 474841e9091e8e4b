import type { Json } from "../fields/field.ts";
import { type Ask, withBody } from "../filter/scope.ts";
import { findRow, type Place, type ReadParts } from "./read.ts";
import { closedTo, demand } from "./rules.ts";
import type { RecordJson } from "./shape.ts";

/** What somebody may do, asked before they do it: what pages offer. The rule itself is asked again when they do. */

/**
 * Whether a rule may let the viewer in, as far as the request alone tells: `false` is certain. What will be sent is not known
 * yet, so a create rule that asks for it may.
 */
export function mayOpen({ collection, ask }: Place, rule: "list" | "view" | "create"): boolean {
  if (closedTo(collection, rule, ask)) return false;
  if (demand(collection, rule, ask) !== false) return true;
  return rule === "create" && (collection.definition.createRule ?? "").includes("@request.body.");
}

/**
 * Whether a rule lets the viewer do something to a record. An update rule may ask for what will be sent, so it is asked of nothing
 * and of `body`, the values that a form would send back.
 */
export async function allows(
  parts: ReadParts,
  place: Place,
  rule: "view" | "update" | "delete",
  id: string,
  body: Ask["body"] = {},
): Promise<boolean> {
  if (closedTo(place.collection, rule, place.ask)) return false;
  return (await holds(parts, place, rule, id, {})) || (await holds(parts, place, rule, id, body));
}

/**
 * The fields that rules leave to be sent, of those in `record`: an update rule may refuse some whatever their value
 * (`@request.body.role:isset = false`), and a form that has them could never be sent.
 */
export async function sendable(parts: ReadParts, place: Place, id: string, record: RecordJson): Promise<string[]> {
  const values = place.collection.fields.flatMap(({ name }): [string, Json][] =>
    Object.hasOwn(record, name) ? [[name, record[name] ?? null]] : [],
  );
  const names = values.map(([name]) => name);
  if (await holds(parts, place, "update", id, Object.fromEntries(values))) return names;
  if (!(await holds(parts, place, "update", id, {}))) return names;
  const alone = await Promise.all(values.map(([name, value]) => holds(parts, place, "update", id, { [name]: value })));
  return names.filter((_, at) => alone[at]);
}

/** The same for a new record, as far as the request alone tells. */
export function sendableNew({ collection, ask }: Place): string[] {
  const may = (body: Ask["body"]) =>
    demand(
      collection,
      "create",
      withBody(ask, () => body),
    ) !== false;
  const names = collection.fields.map(({ name }) => name);
  return may({}) ? names.filter((name) => may({ [name]: collection.field(name)?.zero ?? null })) : names;
}

async function holds(
  { store }: ReadParts,
  { collection, ask }: Place,
  rule: "view" | "update" | "delete",
  id: string,
  body: Ask["body"],
): Promise<boolean> {
  const condition = demand(
    collection,
    rule,
    withBody(ask, () => body),
  );
  return (await findRow(store, collection, id, condition)) !== undefined;
}
