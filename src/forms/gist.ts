import type { Values } from "../collections/collection.ts";
import { labelRecord } from "../records/label.ts";
import type { Submission } from "./answer.ts";
import type { Form } from "./form.ts";

/** As many characters as a line of the inbox has room for. */
const longest = 84;

/** An answer in one line: who sent it, and the beginning of what, field by field, since each may be written in a direction of its own. */
export function gistOf(
  form: Pick<Form, "collection" | "fields"> | undefined,
  { id, email }: Pick<Submission, "id" | "email">,
  values: Values | undefined,
): { readonly who: string; readonly what: readonly string[] } {
  if (!form || !values) return { who: email || id, what: [] };
  const cells = form.fields.flatMap(({ field: { name, kind, definition, zero } }) => {
    // A tick says nothing without its question.
    const cell = typeof values[name] === "boolean" ? "" : kind.cell(values[name] ?? zero, definition);
    return cell === "" ? [] : [cell];
  });
  const label = labelRecord(form.collection, { ...values });
  const who = label !== values["id"] ? label : email || cells[0] || id;
  return {
    who,
    what: beginningOf(
      cells.filter((cell) => cell !== who),
      longest,
    ),
  };
}

/** As many texts as have room, the last of them perhaps only in part. */
function beginningOf(texts: readonly string[], room: number): string[] {
  const [first, ...others] = texts;
  if (first === undefined) return [];
  if (first.length > room || (others.length > 0 && first.length === room)) {
    return [`${first.slice(0, room).trimEnd()}…`];
  }
  return [first, ...beginningOf(others, room - first.length)];
}
