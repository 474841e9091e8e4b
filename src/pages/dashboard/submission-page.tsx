/** @jsxImportSource preact */
import type { ComponentChild, VNode } from "preact";
import type { CompiledField, Values } from "../../collections/collection.ts";
import { textareaText } from "../../html/index.ts";
import { spoken } from "../../lib/dates.ts";
import { isObject } from "../../lib/json.ts";
import type { Code, Language } from "../../phrases/index.ts";
import { Notice } from "../parts/notice.tsx";
import { labelOf, words, type Words } from "../parts/words.ts";
import { FormLayout, formPath, type FormPageProps } from "./form-layout.tsx";
import { type InboxAct, stateClass } from "./inbox-entries.tsx";
import {
  Fact,
  type JobFacts,
  Jobs,
  Origin,
  type ReasonFacts,
  Reasons,
  type SubmissionFacts,
  WishList,
} from "./submission-parts.tsx";

export interface SubmissionPageProps extends FormPageProps {
  readonly submission: SubmissionFacts;
  /** Who sent it. */
  readonly who: string;
  /** What the form asks, with its own labels. */
  readonly questions: readonly { readonly field: CompiledField; readonly label: string }[];
  /** What was answered; absent where the record has been deleted elsewhere. */
  readonly values: Values | undefined;
  /** Where the record is, while it is in its collection. */
  readonly record?: { readonly href: string; readonly collection: string };
  /** What the spam shield saw, in words, the heaviest first. */
  readonly reasons: readonly ReasonFacts[];
  readonly jobs: readonly JobFacts[];
  /** What has just been done. */
  readonly notice?: string | undefined;
  /** Why it could not be done: sentences by field. */
  readonly problems?: Readonly<Record<string, string>>;
}

const acts: Readonly<Record<SubmissionFacts["state"], readonly InboxAct[]>> = {
  new: ["unread", "spam", "delete"],
  read: ["unread", "spam", "delete"],
  spam: ["good", "confirm", "delete"],
  deleted: ["restore"],
};

/** One answer to a form, and everything that is known of it. */
export function SubmissionPage(props: SubmissionPageProps): VNode {
  const { submission, who, questions, values, record, reasons, jobs, notice, problems = {}, ...frame } = props;
  const { language } = frame;
  const t = words(language);
  const { id, state, test, extra, consent } = submission;
  const here = `/_/submissions/${id}`;
  return (
    <FormLayout {...frame} title={who} tab="inbox">
      {notice ? (
        <Notice kind="good">
          <p>{notice}</p>
        </Notice>
      ) : null}
      {Object.keys(problems).length > 0 ? (
        <Notice kind="problem" title={t("inbox_not_restored")}>
          <ul>
            {Object.entries(problems).map(([name, problem]) => (
              <li>
                {labelOf(name)}: {problem}
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
      <div class="headed">
        <h2>{who}</h2>
        <span class={`state${stateClass[state]}`}>{t(`inbox_state_${state}`)}</span>
      </div>
      <Hint t={t} state={state} test={test} gone={values === undefined} />
      <div class="bulk">
        {submission.email ? (
          <a class="button small" href={replyTo(submission.email, frame.form.title)}>
            {t("inbox_reply")}
          </a>
        ) : null}
        <form action={`${here}/state`} method="post">
          {acts[state]
            .filter((act) => !test || act === "unread")
            .map((act) => (
              <button type="submit" class="small" name="act" value={act}>
                {t(`inbox_act_${act}`)}
              </button>
            ))}
        </form>
        {state === "deleted" || test ? (
          <form action={`${here}/delete`} method="post">
            <button type="submit" class="small grave">
              {t("inbox_act_purge")}
            </button>
          </form>
        ) : null}
        <form action={`${here}/star`} method="post">
          <button type="submit" class="small" name="starred" value={String(!submission.starred)}>
            {submission.starred ? `★ ${t("inbox_unstar")}` : `☆ ${t("inbox_star")}`}
          </button>
        </form>
      </div>
      {values ? (
        <dl>
          {questions.map(({ field, label }) => (
            <Fact key={field.name} label={label || labelOf(field.name)}>
              {shown(field, values, language, `${here}/files`) || <span class="faded">{t("page_empty_value")}</span>}
            </Fact>
          ))}
        </dl>
      ) : null}
      {record ? (
        <p>
          <a href={record.href}>{t("inbox_record", { collection: record.collection })}</a>
        </p>
      ) : null}
      {isObject(extra) && Object.keys(extra).length > 0 ? (
        <>
          <h3>{t("inbox_extra")}</h3>
          <p class="help">{t("inbox_extra_help")}</p>
          <dl>
            {Object.entries(extra).map(([name, value]) => (
              <Fact key={name} label={name}>
                {typeof value === "string" ? value : JSON.stringify(value)}
              </Fact>
            ))}
          </dl>
        </>
      ) : null}
      <WishList t={t} wishes={submission.wishes} />
      {consent ? (
        <>
          <h3>{t("inbox_consent")}</h3>
          <blockquote>{consent.text}</blockquote>
          <p class="help">
            {t("inbox_consent_at", { moment: spoken(consent.at, language), version: consent.version })}
          </p>
        </>
      ) : null}
      <h3>{t("inbox_notes")}</h3>
      <form class="narrow" action={`${here}/notes`} method="post" accept-charset="utf-8">
        <p class="help" id="notes-help">
          {t("inbox_notes_help")}
        </p>
        <textarea
          class="lines"
          name="notes"
          rows={3}
          dir="auto"
          aria-label={t("inbox_notes")}
          aria-describedby="notes-help"
        >
          {textareaText(submission.notes)}
        </textarea>
        <p class="actions">
          <button type="submit" class="small">
            {t("inbox_notes_save")}
          </button>
        </p>
      </form>
      <Reasons t={t} reasons={reasons} score={submission.score} />
      <Origin t={t} submission={submission} language={language} />
      <Jobs t={t} language={language} jobs={jobs} />
      <p>
        <a href={`${formPath(frame.form.slug)}/inbox`}>{t("inbox_title", { title: frame.form.title })}</a>
      </p>
    </FormLayout>
  );
}

/** Opens the mail program of whoever reads it. */
function replyTo(email: string, title: string): string {
  return `mailto:${encodeURIComponent(email)}?subject=${encodeURIComponent(`Re: ${title}`)}`;
}

/** An answer in full; `files`: where its files are. */
function shown(field: CompiledField, values: Values, language: Language, files: string): ComponentChild {
  const { name, kind, definition, zero } = field;
  const value = values[name] ?? zero;
  if (kind.show) return kind.show(value, definition, { language, whole: true, files });
  const cell = kind.cell(value, definition);
  return typeof value === "string" && cell !== "" ? value : cell;
}

/** What the state means for what happens next. */
function Hint({
  t,
  state,
  test,
  gone,
}: {
  t: Words;
  state: SubmissionFacts["state"];
  test: boolean;
  gone: boolean;
}): VNode | null {
  const code: Code | undefined = gone
    ? "inbox_gone"
    : state === "deleted"
      ? "inbox_deleted_note"
      : test
        ? "inbox_test_note"
        : state === "spam"
          ? "inbox_held_note"
          : undefined;
  return code ? <p class="help">{t(code)}</p> : null;
}
