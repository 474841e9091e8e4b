import type { Collections, Values } from "../collections/collection.ts";
import { problem, type Problems } from "../lib/errors.ts";
import { sameJson } from "../lib/json.ts";
import type { Reading } from "../store/engine.ts";
import { sql } from "../store/sql.ts";

/** Where an answer is and what is owed for it: the inbox alone changes these, together. */
const fixed = ["form", "collection", "record", "parked", "held", "test", "lesson", "token", "content", "address"];

/** What is wrong with changing a submission so, in view of what it is. */
export async function submissionMoved(
  _reading: Reading,
  _set: Collections,
  before: Values,
  changes: Values,
): Promise<Problems> {
  const changed = fixed.filter((name) => Object.hasOwn(changes, name) && !sameJson(changes[name], before[name]));
  const said = problem("validation_submission_fixed", { id: String(before["id"]) });
  return Object.fromEntries(changed.map((name) => [name, said]));
}

/** The same of a form: its answers lie in its collection, and would not be found beside another one. */
export async function formMoved(
  reading: Reading,
  set: Collections,
  before: Values,
  changes: Values,
): Promise<Problems> {
  const its = set.find(String(before["collection"]));
  const next = Object.hasOwn(changes, "collection") ? set.find(String(changes["collection"])) : its;
  if (!its || its === next) return {};
  const answer = await reading.first(
    sql`SELECT 1 AS one FROM _submissions WHERE form = ${String(before["id"])} AND collection = ${its.id} LIMIT 1`,
  );
  return answer ? { collection: problem("validation_form_moved") } : {};
}
