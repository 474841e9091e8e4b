import { Type } from "@sinclair/typebox";
import { lineOf, type Sheet } from "../forms/sheet.ts";
import { door } from "../http/doors.ts";
import type { Entrance } from "../http/entrance.ts";
import { takesPayload } from "../http/front.ts";
import { loose } from "../http/loose.ts";
import { seeOther } from "../http/reply.ts";
import type { Viewer } from "../filter/scope.ts";
import { good, type Outcome, Refusal } from "../lib/errors.ts";
import { formPath } from "../pages/dashboard/form-layout.tsx";
import { type InboxAct, inboxActs } from "../pages/dashboard/inbox-entries.tsx";
import { InboxPage } from "../pages/dashboard/inbox-page.tsx";
import { SubmissionPage } from "../pages/dashboard/submission-page.tsx";
import { addressWith } from "../pages/parts/record-list.tsx";
import { type Language, sentence, sentences } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { formFacts, inboxFacts, perPage, submissionFacts } from "./inbox-facts.ts";
import { frame, show, signInAndSend, toSignIn, typedIn } from "./owner.ts";
import { FormParams, NoQuery } from "./schemas.ts";

const count = Type.Optional(Type.String({ pattern: "^\\d{1,9}$" }));
const InboxQuery = loose({
  state: Type.Optional(Type.String({ maxLength: 20 })),
  search: Type.Optional(Type.String({ maxLength: 2000 })),
  page: count,
  done: count,
  failed: count,
});
const DoneQuery = loose({ done: Type.Optional(Type.String({ maxLength: 20 })) });
const SubmissionParams = loose({ id: Type.String({ description: "A submission's id." }) });

const described = (summary: string) => door("owners", { summary, tags: ["dashboard"] });

/** What has arrived by forms: the list, and one entry with all that can be done with it. */
export function inboxRoutes(app: Entrance, project: Project) {
  const { inbox } = project;

  return app
    .get(
      "/_/forms/:form/inbox",
      async ({ request, set, params, query, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const its = frame(request, viewer);
        return show(
          set,
          InboxPage({ ...its, ...(await inboxFacts(project, viewer, its.language, params.form, query)) }),
        );
      },
      { ...described("What has arrived by a form"), params: FormParams, query: InboxQuery },
    )
    .post(
      "/_/forms/:form/inbox",
      async ({ request, set, params, query, body, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const sheet = await typedIn(body);
        const { changed, failed } = await actOnAll(project, sheet);
        const { state, search } = query;
        const told = { done: String(changed), failed: failed > 0 ? String(failed) : "" };
        return seeOther(set, addressWith(`${formPath(params.form)}/inbox`, { state, search, ...told }));
      },
      { ...described("Deals with entries of an inbox"), ...takesPayload, params: FormParams, query: InboxQuery },
    )
    .get(
      "/_/submissions/:id",
      async ({ request, set, params, query, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request));
        const { submission } = await inbox.find(params.id);
        if (submission.state === "new") await inbox.mark(params.id, "read");
        const its = frame(request, viewer);
        const facts = await submissionFacts(project, viewer, its.language, params.id);
        return show(set, SubmissionPage({ ...its, ...facts, notice: doneIn(its.language, query.done) }));
      },
      { ...described("One entry"), params: SubmissionParams, query: DoneQuery },
    )
    .post(
      "/_/submissions/:id/state",
      async ({ request, set, params, body, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request, `/_/submissions/${params.id}`));
        const act = lineOf(await typedIn(body), "act");
        if (!isAct(act)) throw new Refusal("bad request", "inbox_act_unknown");
        if (act === "purge") return seeOther(set, await purged(project, viewer, params.id));
        const { held } = (await inbox.find(params.id)).submission;
        const outcome = await actOn(project, params.id, act);
        const its = frame(request, viewer);
        const facts = await submissionFacts(project, viewer, its.language, params.id);
        if (!outcome.ok) {
          const problems = sentences(its.language, outcome.problems);
          return show(set, SubmissionPage({ ...its, ...facts, problems }), 422);
        }
        const stays = act === "good" || act === "restore" || act === "read" || act === "confirm";
        const sends = act === "good" && held && facts.jobs.length > 0;
        if (stays)
          return seeOther(set, `/_/submissions/${params.id}?done=${sends ? "sends" : act === "good" ? act : "saved"}`);
        return seeOther(set, `${formPath(facts.form.slug)}/inbox?done=1`);
      },
      { ...described("Says what an entry is"), ...takesPayload, params: SubmissionParams, query: NoQuery },
    )
    .post(
      "/_/submissions/:id/notes",
      async ({ request, set, params, body, viewer, address }) => {
        if (viewer.kind !== "superuser") {
          const back = `/_/submissions/${params.id}`;
          return signInAndSend(project, request, set, { body, address: address(request), back });
        }
        const notes = lineOf(await typedIn(body), "notes").replace(/\r\n?/g, "\n");
        const its = frame(request, viewer);
        const found = project.collections.find("_submissions")?.field("notes")?.check(notes);
        if (found) {
          const { submission, ...facts } = await submissionFacts(project, viewer, its.language, params.id);
          const problems = sentences(its.language, { notes: found });
          return show(set, SubmissionPage({ ...its, ...facts, submission: { ...submission, notes }, problems }), 422);
        }
        await inbox.note(params.id, notes);
        return seeOther(set, `/_/submissions/${params.id}?done=saved`);
      },
      { ...described("Keeps notes on an entry"), ...takesPayload, params: SubmissionParams, query: NoQuery },
    )
    .post(
      "/_/submissions/:id/star",
      async ({ request, set, params, body, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request, `/_/submissions/${params.id}`));
        await inbox.star(params.id, lineOf(await typedIn(body), "starred") === "true");
        return seeOther(set, `/_/submissions/${params.id}?done=saved`);
      },
      { ...described("Gives an entry a star, or takes it"), ...takesPayload, params: SubmissionParams, query: NoQuery },
    )
    .post(
      "/_/submissions/:id/delete",
      async ({ request, set, params, viewer }) => {
        if (viewer.kind !== "superuser") return seeOther(set, toSignIn(request, `/_/submissions/${params.id}`));
        return seeOther(set, await purged(project, viewer, params.id));
      },
      { ...described("Deletes an entry for good"), ...takesPayload, params: SubmissionParams, query: NoQuery },
    );
}

/** Deletes an entry for good; answers the address of where it was. */
async function purged(project: Project, viewer: Viewer, id: string): Promise<string> {
  const { submission } = await project.inbox.find(id);
  const { form } = await formFacts(project, viewer, submission.form);
  await project.inbox.purge(id);
  return `${formPath(form.slug)}/inbox?state=${submission.test ? "test" : "deleted"}&done=1`;
}

/** What has been done, as the address of the page says. */
function doneIn(language: Language, done: string | undefined): string | undefined {
  if (done === undefined) return undefined;
  const code = done === "sends" ? "inbox_released_sends" : done === "good" ? "inbox_released" : "inbox_saved";
  return sentence(language, code);
}

function isAct(name: string): name is InboxAct {
  return inboxActs.some((act) => act === name);
}

async function actOn({ inbox }: Project, id: string, act: InboxAct): Promise<Outcome<unknown>> {
  if (act === "good") return inbox.release(id);
  if (act === "restore") return inbox.restore(id);
  if (act === "read") await inbox.mark(id, "read");
  if (act === "unread") await inbox.mark(id, "new");
  // What is held stays where it is; that it is spam indeed is a lesson.
  if (act === "spam" || act === "confirm") await inbox.spam(id);
  if (act === "delete") await inbox.remove(id);
  if (act === "purge") await inbox.purge(id);
  return good(undefined);
}

/** The same with every ticked entry. What somebody else has deleted meanwhile is passed over, and what refuses is counted. */
async function actOnAll(project: Project, sheet: Sheet): Promise<{ changed: number; failed: number }> {
  const act = lineOf(sheet, "act");
  const every = lineOf(sheet, "every") === "true";
  const ids = every ? lineOf(sheet, "shown").split(" ") : (sheet.get("id") ?? []);
  let [changed, failed] = [0, 0];
  if (!isAct(act)) return { changed, failed };
  for (const id of new Set(ids.slice(0, perPage))) {
    try {
      if ((await actOn(project, id, act)).ok) changed++;
      else failed++;
    } catch (error) {
      if (!(error instanceof Refusal) || error.kind === "unavailable" || error.kind === "no room") throw error;
      if (error.kind !== "not found") failed++;
    }
  }
  return { changed, failed };
}
