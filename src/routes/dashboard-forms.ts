import { Type } from "@sinclair/typebox";
import type { Collection } from "../collections/collection.ts";
import type { Viewer } from "../filter/scope.ts";
import { beginForm, type Beginning, isFieldSet } from "../forms/beginnings.ts";
import { fillable, findForm } from "../forms/form.ts";
import { lineOf, type Sheet, sheetOf } from "../forms/sheet.ts";
import { siblings } from "../forms/siblings.ts";
import { reasonKinds, reasonNames, thresholds } from "../forms/shield/weights.ts";
import { stateOf, waiting } from "../forms/standing.ts";
import { door } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { takesPayload } from "../http/front.ts";
import { ownAddress } from "../http/guard.ts";
import { loose } from "../http/loose.ts";
import { seeOther } from "../http/reply.ts";
import { isProblem, type Outcome, problem, type Problems, Refusal } from "../lib/errors.ts";
import { DeleteFormPage } from "../pages/dashboard/delete-form-page.tsx";
import { FormCodePage } from "../pages/dashboard/form-code-page.tsx";
import { FormEditorPage, type FormEditorPageProps } from "../pages/dashboard/form-editor-page.tsx";
import type { Askable, ShieldFacts } from "../pages/dashboard/form-tables.tsx";
import { formPath } from "../pages/dashboard/form-layout.tsx";
import { editedNames } from "../pages/dashboard/form-questions.tsx";
import { type FormEntry, FormsPage } from "../pages/dashboard/forms-page.tsx";
import { NewFormPage } from "../pages/dashboard/new-form-page.tsx";
import { type Language, sentence, sentences } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { drawnFrom, drawnKey } from "../records/drawn.ts";
import { listRecords, mostPerPage, type Place } from "../records/read.ts";
import { deleteRecord } from "../records/remove.ts";
import type { RecordJson } from "../records/shape.ts";
import { aimOf, saveForm } from "./form-saving.ts";
import { factsOf, formRecord, frame, ownPlace, show, signInAndSend, toSignIn, typedIn } from "./owner.ts";
import { FormParams, NoQuery } from "./schemas.ts";

const flag = Type.Optional(Type.String({ maxLength: 20 }));
const DoneQuery = loose({ done: flag });

const described = (summary: string) => door("owners", { summary, tags: ["dashboard"] });

/** The owner's pages for forms: all of them, a new one, one to edit, its code, its end. */
export function dashboardFormRoutes(app: Entrance, project: Project) {
  const find = (viewer: Viewer, slug: string) =>
    project.collections.read((set) => formRecord(project, set, viewer, slug));

  return app
    .get(
      "/_/forms",
      async ({ request, set, query, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const its = frame(request, viewer);
        const notice = query.done === "deleted" ? sentence(its.language, "form_deleted") : undefined;
        return show(set, FormsPage({ ...its, forms: await formEntries(project, viewer), notice }));
      },
      { ...described("All forms"), query: DoneQuery },
    )
    .get(
      "/_/forms/new",
      ({ request, set, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const its = frame(request, viewer);
        const typed = new Map([["notify", [its.owner]]]);
        return show(set, NewFormPage({ ...its, collections: formable(project), typed }));
      },
      { ...described("The page for a new form"), query: NoQuery },
    )
    .post(
      "/_/forms/new",
      async ({ request, set, body, viewer, address }) => {
        if (viewer.kind !== "superuser") {
          return signInAndSend(project, request, set, { body, address: address(request) });
        }
        const typed = await typedIn(body);
        const made = await begin(project, typed);
        if (made.ok) return seeOther(set, `${formPath(made.value)}/code?done=made`);
        const its = frame(request, viewer);
        const { collection, ...others } = made.problems;
        const problems = sentences(its.language, collection ? { from: collection, ...others } : others);
        const suggested = freeSlugIn(others);
        const shown = suggested === undefined ? typed : new Map([...typed, ["slug", [suggested]]]);
        return show(set, NewFormPage({ ...its, collections: formable(project), typed: shown, problems }), 422);
      },
      { ...described("Makes a form"), ...takesPayload, query: NoQuery },
    )
    .get(
      "/_/forms/:form",
      async ({ request, set, params, query, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const { place, record } = await find(viewer, params.form);
        const its = frame(request, viewer);
        const sheet = sheetOf(record, aimOf(place.set, record));
        const facts = await editorFacts(project, its.language, place, record, sheet);
        return show(set, FormEditorPage({ ...its, ...facts, saved: query.done === "saved" }));
      },
      { ...described("One form, to edit"), params: FormParams, query: DoneQuery },
    )
    .post(
      "/_/forms/:form",
      async ({ request, set, params, body, viewer, address }) => {
        if (viewer.kind !== "superuser") {
          return signInAndSend(project, request, set, { body, address: address(request) });
        }
        const sheet = await typedIn(body);
        const its = frame(request, viewer);
        const again = async (
          status: number,
          why: Partial<Pick<FormEditorPageProps, "problems" | "notice">>,
          hidden?: Record<string, string>,
        ) => {
          const { place, record } = await find(viewer, params.form);
          const facts = await editorFacts(project, its.language, place, record, sheet);
          return show(set, FormEditorPage({ ...its, ...facts, hidden: hidden ?? facts.hidden, ...why }), status);
        };
        try {
          const saved = await saveForm(project, viewer, params.form, sheet);
          if (saved.ok) return seeOther(set, `${formPath(String(saved.value["slug"]))}?done=saved`);
          const drawn = { [drawnKey]: lineOf(sheet, drawnKey) };
          return await again(422, { problems: sentences(its.language, saved.problems) }, drawn);
        } catch (error) {
          if (!(error instanceof Refusal) || error.code !== "record_changed") throw error;
          return again(409, { notice: sentence(its.language, "form_edit_clash") });
        }
      },
      { ...described("Changes a form"), ...takesPayload, params: FormParams, query: NoQuery },
    )
    .get(
      "/_/forms/:form/code",
      async ({ request, set, params, query, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const form = await project.collections.read((collections) => findForm(project, collections, params.form));
        const { slug, title, fields, button, consent } = form;
        const markup = { address: ownAddress(request), slug, fields, button, consent };
        const facts = { form: { slug, title }, markup, made: query.done === "made" };
        return show(set, FormCodePage({ ...frame(request, viewer), ...facts }));
      },
      { ...described("What to copy to use a form"), params: FormParams, query: DoneQuery },
    )
    .get(
      "/_/forms/:form/delete",
      async ({ request, set, params, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const { place, record } = await find(viewer, params.form);
        const its = ownPlace(place.set, "_submissions", viewer);
        const filter = `form = "${String(record["id"])}"`;
        const { totalItems: count } = await listRecords(project, its, { ...one, filter });
        const collection = aimOf(place.set, record)?.name;
        return show(set, DeleteFormPage({ ...frame(request, viewer), form: factsOf(record), count, collection }));
      },
      { ...described("Asks before a form is deleted"), params: FormParams, query: NoQuery },
    )
    .post(
      "/_/forms/:form/delete",
      async ({ request, set, params, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        await project.collections.write(async (collections) => {
          const { place, record } = await formRecord(project, collections, viewer, params.form);
          await deleteRecord(project, place, String(record["id"]));
        });
        return seeOther(set, "/_/forms?done=deleted");
      },
      { ...described("Deletes a form and its inbox"), ...takesPayload, params: FormParams, query: NoQuery },
    );
}

const one = { page: 1, perPage: 1, sort: "", skipTotal: false };

/** All forms, those with new answers first. */
export async function formEntries(project: Project, viewer: Viewer): Promise<FormEntry[]> {
  const waits = await waiting(project);
  const { set, items } = await project.collections.read(async (set) => {
    const place = ownPlace(set, "_forms", viewer);
    const query = { page: 1, perPage: mostPerPage, sort: "title", filter: "", skipTotal: true };
    return { set, items: (await listRecords(project, place, query)).items };
  });
  const entries = items.map((record): FormEntry => {
    const { unread = 0, held = 0 } = waits.get(String(record["id"])) ?? {};
    const opening = { opens: String(record["opens"]), closes: String(record["closes"]), test: record["test"] === true };
    return { ...factsOf(record), unread, held, state: aimOf(set, record) ? stateOf(opening) : "lost" };
  });
  return entries.toSorted((left, right) => Number(right.unread > 0) - Number(left.unread > 0));
}

/** The collections that can have a form. */
function formable({ collections }: Project): { readonly id: string; readonly name: string }[] {
  const own = collections.current.all.filter(({ type, definition }) => type === "base" && !definition.system);
  return own.map(({ id, name }) => ({ id, name }));
}

/** The address to take instead of one that is taken. */
function freeSlugIn({ slug }: Problems): string | undefined {
  const free = slug && isProblem(slug) ? slug.params?.["free"] : undefined;
  return typeof free === "string" ? free : undefined;
}

function begin(project: Project, typed: Sheet): Promise<Outcome<string>> | Outcome<string> {
  const [kind = "", ...rest] = lineOf(typed, "from").split(":");
  const name = rest.join(":");
  const from: Beginning["from"] | undefined =
    kind === "set" && isFieldSet(name) ? { set: name } : kind === "collection" ? { collection: name } : undefined;
  if (!from) return { ok: false, problems: { from: problem("form_new_unknown") } };
  const notify = lineOf(typed, "notify").trim();
  const [title, slug] = [lineOf(typed, "title").trim(), lineOf(typed, "slug").trim()];
  return beginForm(project, { title, slug, from, notify: notify ? [notify] : [] });
}

async function editorFacts(
  project: Project,
  language: Language,
  { set, collection: forms }: Place,
  record: RecordJson,
  sheet: Sheet,
) {
  const aim = aimOf(set, record);
  return {
    form: factsOf(record),
    forms,
    collection: aim && (await askable(project, aim, String(record["id"]))),
    sheet,
    shield: shieldFacts(language),
    hidden: { [drawnKey]: drawnFrom(record, editedNames) },
    ...(aim ? {} : { notice: sentence(language, "form_edit_lost", { collection: String(record["collection"]) }) }),
  };
}

async function askable(project: Project, aim: Collection, form: string): Promise<Askable> {
  return {
    name: aim.name,
    fields: aim.fields.filter(fillable),
    file: project.collections.declaredIn(aim.id),
    others: (await siblings(project, aim, form)).map(({ title }) => title),
  };
}

function shieldFacts(language: Language): ShieldFacts {
  const signs = reasonNames.map((reason) => {
    const { weight } = reasonKinds[reason];
    return { reason, weight, words: sentence(language, `shield_${reason}`, { detail: "…" }) };
  });
  return { signs, usual: thresholds };
}
