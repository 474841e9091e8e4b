import { createCollection, deleteCollection, type Parts } from "../collections/apply.ts";
import type { FieldInput } from "../collections/system.ts";
import { isAddress } from "../fields/email.tsx";
import { fromJson } from "../fields/payload.ts";
import { byOwner } from "../filter/scope.ts";
import { any, bad, good, type Outcome, problem, type Problems, Refusal } from "../lib/errors.ts";
import { createRecord, type WriteParts } from "../records/write.ts";
import { sql } from "../store/sql.ts";

/** Ways to begin a form when there is nothing yet. */

const email: FieldInput = { name: "email", type: "email", required: true };
const name: FieldInput = { name: "name", type: "text", required: true, max: 200, presentable: true };
const message: FieldInput = { name: "message", type: "text", required: true, max: 5000, multiline: true };

/** What is commonly asked, ready to be made into a collection. */
export const fieldSets = {
  contact: [name, email, message],
  newsletter: [{ ...email, presentable: true }],
  feedback: [
    { name: "rating", type: "select", required: true, values: ["5", "4", "3", "2", "1"] },
    message,
    { ...email, required: false },
  ],
  registration: [
    name,
    email,
    { name: "phone", type: "text", max: 60 },
    { name: "people", type: "number", required: true, onlyInt: true, min: 1, max: 100 },
    { ...message, name: "remarks", required: false },
  ],
} as const satisfies Readonly<Record<string, readonly FieldInput[]>>;

export type FieldSet = keyof typeof fieldSets;

export function isFieldSet(name: string): name is FieldSet {
  return Object.hasOwn(fieldSets, name);
}

/** A form to be. */
export interface Beginning {
  readonly title: string;
  /** Its address; where it is absent, one is made of the title. */
  readonly slug?: string;
  /** The set of fields that becomes a collection, or the id of a collection that exists. */
  readonly from: { readonly set: FieldSet } | { readonly collection: string };
  /** Who is told of answers. */
  readonly notify: readonly string[];
}

/**
 * Makes a form, and where it has none its collection, which nobody but superusers can read. Answers the form's slug, or what is
 * wrong with `title`, `slug`, `collection` or `notify`; then nothing is made. Of a slug that is taken, `free` in its problem is one
 * that is not.
 */
export async function beginForm(
  parts: Parts & WriteParts,
  { title, slug: wished = "", from, notify }: Beginning,
): Promise<Outcome<string>> {
  const slug = wished || slugOf(title) || ("set" in from ? from.set : "form");
  const problems = problemsOf(parts, { title, slug, notify });
  if (any(problems)) return bad(problems);
  const free = await freeSlug(parts, slug);
  if (free !== slug) return bad({ slug: problem("form_new_slug_taken", { slug, free }) });
  const made = "set" in from ? await makeCollection(parts, from.set, slug) : undefined;
  if (made && !made.ok) return made;
  const collection = made ? made.value : "collection" in from ? from.collection : "";
  const form = await parts.collections.write(async (set) => {
    const forms = set.find("_forms");
    if (!forms) throw new Refusal("not found", "not_found");
    const values = { slug, collection, title, notify: [...notify] };
    return createRecord(parts, { collection: forms, set, ask: byOwner }, fromJson(values));
  });
  if (form.ok) return good(slug);
  if (made) await deleteCollection(parts, collection);
  return bad(form.problems);
}

/** Looked at first, so that no collection is made for a form that cannot be. */
function problemsOf(
  { collections }: Pick<Parts, "collections">,
  { title, slug, notify }: Pick<Beginning, "title" | "notify"> & { readonly slug: string },
): Problems {
  const problems: Problems = {};
  const forms = collections.find("_forms");
  const found = forms?.field("title")?.check(title);
  if (found) problems["title"] = found;
  if (forms?.field("slug")?.check(slug)) problems["slug"] = problem("form_edit_slug_wrong");
  if (!notify.every(isAddress)) problems["notify"] = problem("validation_form_addresses");
  return problems;
}

async function makeCollection(parts: Parts, set: FieldSet, slug: string): Promise<Outcome<string>> {
  const wished = slug.replaceAll("-", "_").replace(/^(?=\d)/, "form_");
  const called = firstFree(wished, "_", (it) => parts.collections.find(it) !== undefined);
  const stamps = [
    { name: "created", type: "autodate", onCreate: true },
    { name: "updated", type: "autodate", onCreate: true, onUpdate: true },
  ];
  const fields = [...fieldSets[set], ...stamps];
  const made = await createCollection(parts, { name: called, type: "base", createRule: "", fields });
  return made.ok ? good(made.value.collection.id) : bad({ collection: problem("validation_form_collection") });
}

async function freeSlug({ store }: Pick<Parts, "store">, wished: string): Promise<string> {
  const taken = await store.all<{ slug: string }>(sql`SELECT slug FROM _forms`);
  // The dashboard has a page of its own under this name.
  const slugs = new Set(["new", ...taken.map(({ slug }) => slug)]);
  return firstFree(wished, "-", (it) => slugs.has(it));
}

/** `contact`, or `contact-2` where that is taken, and so on. */
export function firstFree(wished: string, between: string, isTaken: (it: string) => boolean): string {
  let it = wished;
  for (let n = 2; isTaken(it); n++) it = `${wished}${between}${n}`;
  return it;
}

/** A title as a part of an address: `Über uns!` is `uber-uns`; `""` where nothing of it can be. */
export function slugOf(title: string): string {
  const plain = title.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain
    .replaceAll("ß", "ss")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 50)
    .replace(/^-+|-+$/g, "");
}
