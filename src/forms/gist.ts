import type { Values } from "../collections/collection.ts";
import { labelRecord } from "../records/label.ts";
import type { Submission } from "./answer.ts";
import type { Form } from "./form.ts";

/** As many characters as a line of the inbox has room for. */
const longest = 84;

/** An answer in one line: who sent it, and the beginning of what. */
export function gistOf(
  form: Pick<Form, "collection" | "fields"> | undefined,
  { id, email }: Pick<Submission, "id" | "email">,
  values: Values | undefined,
): { readonly who: string; readonly what: string } {
  if (!form || !values) return { who: email || id, what: "" };
  const cells = form.fields.flatMap(({ field: { name, kind, definition, zero } }) => {
    // A tick says nothing without its question.
    const cell = typeof values[name] === "boolean" ? "" : kind.cell(values[name] ?? zero, definition);
    return cell === "" ? [] : [cell];
  });
  const label = labelRecord(form.collection, { ...values });
  const who = label !== values["id"] ? label : email || cells[0] || id;
  const what = cells.filter((cell) => cell !== who).join(" · ");
  return { who, what: what.length > longest ? `${what.slice(0, longest).trimEnd()}…` : what };
}
