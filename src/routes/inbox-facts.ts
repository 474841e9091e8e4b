import type { Viewer } from "../filter/scope.ts";
import type { Submission } from "../forms/answer.ts";
import { type Form, formWithId } from "../forms/form.ts";
import { foreignSites } from "../forms/foreign-sites.ts";
import { gistOf } from "../forms/gist.ts";
import { codeOfReason } from "../forms/shield/weights.ts";
import { type Box, boxes, type InboxAnswer } from "../forms/inbox-list.ts";
import type { Tally } from "../forms/tallies.ts";
import { unlistedCopies } from "../forms/unlisted-copies.ts";
import { stamp } from "../lib/dates.ts";
import { keptHere } from "../mail/post.ts";
import type { FormStats, InboxPageProps } from "../pages/dashboard/inbox-page.tsx";
import type { InboxEntry } from "../pages/dashboard/inbox-entries.tsx";
import type { SubmissionPageProps } from "../pages/dashboard/submission-page.tsx";
import type { JobFacts } from "../pages/dashboard/submission-parts.tsx";
import { type Language, sentence } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { viewRecord } from "../records/read.ts";
import { factsOf, formRecord, ownPlace } from "./owner.ts";

/** What the pages of the inbox show. */

export const perPage = 30;
const chartDays = 30;
/** For how many days it is spoken of what a form did not do for want of a setting: a site refused, a copy not sent. */
const ignoredDays = 7;

interface Asked {
  readonly state?: string;
  readonly search?: string;
  readonly page?: string;
  readonly done?: string;
  readonly failed?: string;
}

/** A page of an inbox, with what stands around the list. */
export async function inboxFacts(
  project: Project,
  viewer: Viewer,
  language: Language,
  slug: string,
  { state, search = "", page: wished, done, failed }: Asked,
): Promise<Omit<InboxPageProps, "language" | "owner">> {
  const { record } = await project.collections.read((set) => formRecord(project, set, viewer, slug));
  const id = String(record["id"]);
  const box: Box = boxes.find((it) => it === state) ?? "inbox";
  const page = Math.max(1, Number(wished ?? 1));
  const [form, list, counts, numbers] = await Promise.all([
    compiledForm(project, id),
    project.inbox.list({ form: id, box, search, page, perPage }),
    project.inbox.counts(id),
    numbersOf(project, id),
  ]);
  const total = search.trim() === "" ? counts[box] : undefined;
  const pages = total === undefined ? page + (list.more ? 1 : 0) : Math.max(1, Math.ceil(total / perPage));
  const notice = done === undefined ? undefined : doneIn(language, Number(done), Number(failed ?? 0));
  const entries = list.items.map((answer) => entryOf(language, form, answer));
  const { counted, ...around } = numbers;
  const firstDay = around.days.at(-ignoredDays)?.day ?? "";
  const lately = counted.filter(({ day }) => day >= firstDay);
  const foreign = form ? foreignSites(form, lately) : [];
  const copies = form ? await unlistedCopies(project.store, form, firstDay) : [];
  const shown = { entries, counts, box, search, page, pages, total };
  return { form: factsOf(record), ...shown, notice, foreign, copies, ...around };
}

function doneIn(language: Language, count: number, failed: number): string {
  if (failed > 0) return sentence(language, "inbox_done_failed", { count, failed });
  return count > 0 ? sentence(language, "inbox_done", { count }) : sentence(language, "inbox_nothing_ticked");
}

function entryOf(language: Language, form: Form | undefined, { submission, values }: InboxAnswer): InboxEntry {
  const { id, created, state, test, starred } = submission;
  const reasons = reasonsIn(language, submission).map(({ words }) => words);
  return { id, created, state, test, starred, reasons, ...gistOf(form, submission, values) };
}

/** Why an answer looks like spam, in words, the heaviest first. */
function reasonsIn(language: Language, { reasons }: Pick<Submission, "reasons">) {
  return reasons.map(({ reason, weight, detail = "" }) => {
    return { weight, words: sentence(language, codeOfReason(reason), { detail }) };
  });
}

/** What happened to a form lately. */
async function numbersOf(
  { inbox, tallies }: Project,
  form: string,
): Promise<{ readonly days: InboxPageProps["days"]; readonly stats: FormStats; readonly counted: readonly Tally[] }> {
  const accepted = await inbox.perDay(form, chartDays);
  const counted = await tallies.since(form, accepted[0]?.day ?? "");
  const sum = (what: string, day?: string) =>
    counted.reduce((total, it) => (it.what === what && (!day || it.day === day) ? total + it.count : total), 0);
  const names = new Set(counted.flatMap(({ what }) => (what.startsWith("problem:") ? [what] : [])));
  const problems = [...names].map((what) => [what.slice("problem:".length), sum(what)] as const);
  return {
    counted,
    days: accepted.map(({ day, count }) => ({ day, sends: count, held: sum("hold", day) })),
    stats: {
      views: sum("view"),
      sends: sum("send"),
      held: sum("hold"),
      refused: sum("refuse"),
      problems: problems.toSorted((left, right) => right[1] - left[1]),
    },
  };
}

/** One entry, with all that is known of it. */
export async function submissionFacts(
  project: Project,
  viewer: Viewer,
  language: Language,
  id: string,
): Promise<Omit<SubmissionPageProps, "language" | "owner">> {
  const { submission, values } = await project.inbox.find(id);
  const { form, compiled } = await formFacts(project, viewer, submission.form);
  const collection = project.collections.find(submission.collection);
  const jobs = await project.jobs.list({ about: id, limit: 50 });
  const lies = collection && values && !submission.parked;
  return {
    form,
    submission,
    who: gistOf(compiled, submission, values).who,
    questions: compiled ? compiled.fields : [],
    values,
    reasons: reasonsIn(language, submission),
    jobs: jobs.map(({ id, kind, state, outcome, ended, due }): JobFacts => {
      return { id, kind, state, kept: outcome === keptHere, outcome, when: stamp(ended ?? due) };
    }),
    ...(lies
      ? {
          record: {
            href: `/_/collections/${encodeURIComponent(collection.name)}/${encodeURIComponent(submission.record)}`,
            collection: collection.name,
          },
        }
      : {}),
  };
}

/** A form by its id, and what is made of it where its collection still is there. */
export async function formFacts(project: Project, viewer: Viewer, id: string) {
  const record = await project.collections.read((set) => viewRecord(project, ownPlace(set, "_forms", viewer), id));
  return { form: factsOf(record), compiled: await compiledForm(project, id) };
}

function compiledForm(project: Project, id: string): Promise<Form | undefined> {
  return project.collections.read((set) => formWithId(project, set, id));
}
