import type { Collection, Collections } from "../collections/collection.ts";
import type { Viewer } from "../filter/scope.ts";
import { reshape } from "../forms/new-question.ts";
import { asksNothing, payloadOf, type Sheet } from "../forms/sheet.ts";
import { bad, isProblem, type Outcome, problem, type Problems } from "../lib/errors.ts";
import type { Project } from "../project.ts";
import { drawnKey } from "../records/drawn.ts";
import type { RecordJson } from "../records/shape.ts";
import { updateRecord } from "../records/write.ts";
import { formRecord } from "./owner.ts";

/** The collection a form is about, where that still is there. */
export function aimOf(set: Collections, record: RecordJson): Collection | undefined {
  return set.find(String(record["collection"]));
}

/**
 * Saves a form as its sheet says, and what the sheet says of its collection: both, or neither. Answers the stored form, or what is
 * wrong by the names of the sheet.
 */
export async function saveForm(
  project: Project,
  viewer: Viewer,
  slug: string,
  sheet: Sheet,
): Promise<Outcome<RecordJson>> {
  const { record, collection } = await project.collections.read(async (set) => {
    const { record } = await formRecord(project, set, viewer, slug);
    return { record, collection: aimOf(set, record) };
  });
  if (!collection) return store(project, viewer, slug, sheet);
  const reshaped = await reshape(project, collection, String(record["id"]), sheet);
  if (!reshaped.ok) return reshaped;
  const { sheet: whole, undo } = reshaped.value;
  const saved = await store(project, viewer, slug, whole).catch(async (error: unknown) => {
    await undo();
    throw error;
  });
  if (!saved.ok) await undo();
  return saved;
}

/** Everything is checked where records are; only a form without questions is something that a sheet alone can say. */
function store(project: Project, viewer: Viewer, slug: string, sheet: Sheet): Promise<Outcome<RecordJson>> {
  return project.collections.write(async (set) => {
    const { place, record } = await formRecord(project, set, viewer, slug);
    const collection = aimOf(set, record);
    if (collection && asksNothing(sheet, collection)) return bad({ fields: problem("form_edit_fields_none") });
    const payload = payloadOf(sheet, place.collection, collection);
    const drawn = sheet.get(drawnKey);
    if (drawn) payload.form.set(drawnKey, drawn);
    const saved = await updateRecord(project, place, String(record["id"]), payload);
    return saved.ok ? saved : bad(inWords(saved.problems));
  });
}

/** What owners are told where the words for any field would leave them guessing. */
const wordsFor: Readonly<Record<string, readonly [of: string, says: string]>> = {
  slug: ["validation_invalid_format", "form_edit_slug_wrong"],
  redirect: ["validation_invalid_url", "form_edit_redirect_wrong"],
};

function inWords(problems: Problems): Problems {
  const said = { ...problems };
  for (const [name, [of, says]] of Object.entries(wordsFor)) {
    const found = said[name];
    if (found && isProblem(found) && found.code === of) said[name] = problem(says);
  }
  return said;
}
