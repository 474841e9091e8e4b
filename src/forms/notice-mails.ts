import type { Collections, CompiledField, Values } from "../collections/collection.ts";
import type { Json } from "../fields/field.ts";
import type { Jobs } from "../jobs/queue.ts";
import { isObject } from "../lib/json.ts";
import { labelOf } from "../lib/writing.ts";
import { composeMail } from "../mail/compose.ts";
import type { Block, Mail, MailRow } from "../mail/mail.ts";
import type { Composer } from "../mail/post.ts";
import { type Language, languageOf, sentence } from "../phrases/index.ts";
import { findRow } from "../records/read.ts";
import { type Row, statementsOf } from "../records/row.ts";
import { type Settings, standardSettings } from "../settings/settings.ts";
import type { Store } from "../store/engine.ts";
import { isAside, type Submission, submissionOf, submissionsIn } from "./answer.ts";
import { openAnswerLedger } from "./answer-ledger.ts";
import { type Form, formWithId } from "./form.ts";
import { openNoticeLedger } from "./notice-ledger.ts";
import { answerMail, copiesFor, noticeMail } from "./notices.ts";

export interface NoticeParts {
  readonly store: Store;
  readonly collections: { readonly current: Collections };
  readonly settings: { readonly current: Pick<Settings, "meta"> };
}

/** Owners are written to in English, until they can choose. */
export const ownersLanguage: Language = "en";

/** Characters of one answer: mail servers refuse what is too large, and the inbox has all of it. */
const longest = 20_000;

/** How the mails of `noticesFor` are made of their jobs. */
export function noticeComposers(
  parts: NoticeParts & { readonly jobs: Pick<Jobs, "add"> },
): Readonly<Record<string, Composer>> {
  const ledger = openAnswerLedger(parts);
  const notices = openNoticeLedger(parts);
  const rests = async (payload: { [key: string]: Json }) => {
    const submission = await submissionIn(parts, payload["submission"]);
    return submission !== undefined && isAside(submission.state);
  };
  return {
    [noticeMail]: {
      rests,
      compose: async (payload) => {
        const found = await find(parts, payload["submission"]);
        return found && notice(parts, found);
      },
      hold: async (payload, job) => {
        const found = await find(parts, payload["submission"]);
        return found && notices.hold(found.form, found.submission, job);
      },
    },
    [answerMail]: {
      rests,
      compose: async (payload) => {
        const found = await find(parts, payload["submission"]);
        return found && answer(found);
      },
      admit: async (payload, job, send) => {
        const found = await find(parts, payload["submission"]);
        if (!found) return sentence("en", "mail_gone");
        return ledger.once({ form: found.form.id, address: found.submission.email, job: job.id }, send);
      },
    },
  };
}

interface Found {
  readonly form: Form;
  readonly submission: Submission;
}

async function find(parts: NoticeParts, id: Json | undefined): Promise<Found | undefined> {
  const submission = await submissionIn(parts, id);
  // What has been called spam or thrown away meanwhile is nothing to write of.
  if (!submission || isAside(submission.state)) return undefined;
  const form = await formWithId(parts, parts.collections.current, submission.form);
  return form && { form, submission };
}

async function submissionIn(
  { store, collections }: NoticeParts,
  id: Json | undefined,
): Promise<Submission | undefined> {
  const submissions = submissionsIn(collections.current);
  const row = await store.first<Row>(statementsOf(submissions).byId.with([String(id ?? "")]));
  return row && submissionOf(submissions, row);
}

/** Tells the owner what was sent. */
async function notice(parts: NoticeParts, { form, submission }: Found): Promise<Mail | undefined> {
  const { wishes } = submission;
  const { title, mail } = form;
  const values = submission.parked ?? (await findRow(parts.store, form.collection, submission.record));
  if (!values) return undefined;
  const language = ownersLanguage;
  const inbox = linkTo(parts, `/_/submissions/${submission.id}`);
  const copies = copiesFor(form, submission);
  const told = mail.daily ? [] : mail.notify;
  return composeMail({
    language,
    to: told.length > 0 ? told : copies,
    cc: copies,
    subject: wishes?.subject || mail.subject || sentence(language, "mail_notice_subject", { title }),
    replyTo: wishes?.replyTo ?? submission.email,
    blocks: [
      { kind: "heading", text: title },
      { kind: "rows", rows: rowsOf(form, values, inbox) },
      ...extraOf(language, submission.extra),
      wayTo(language, inbox, "page_mail_notice_inbox"),
      { kind: "small", text: sentence(language, "mail_notice_why", { title }) },
    ],
  });
}

/** Answers the sender, in words of the owner and of ours alone: nobody can have us send a text to somebody else. */
function answer({ form, submission }: Found): Mail | undefined {
  const { answer } = form.mail;
  if (!answer || submission.email === "") return undefined;
  const language = languageOf(submission.language);
  const { title } = form;
  return composeMail({
    language,
    to: [submission.email],
    subject: answer.subject || sentence(language, "mail_answer_subject", { title }),
    answers: true,
    blocks: [
      { kind: "text", text: answer.text || sentence(language, "mail_answer_text", { title }) },
      { kind: "small", text: sentence(language, "mail_answer_why", { title }) },
    ],
  });
}

/** An address of the dashboard; `undefined` where nobody has said in the settings where that is. */
export function linkTo({ settings }: Pick<NoticeParts, "settings">, path: string): string | undefined {
  const { appURL } = settings.current.meta;
  return appURL === standardSettings.meta.appURL ? undefined : appURL.replace(/\/+$/, "") + path;
}

export function wayTo(
  language: Language,
  href: string | undefined,
  code: "page_mail_notice_inbox" | "page_mail_digest_inbox",
): Block {
  if (href === undefined) return { kind: "text", text: sentence(language, "mail_dashboard") };
  return { kind: "link", label: sentence(language, code), href };
}

/** What was answered, with the form's own words for the questions. */
export function rowsOf({ fields }: Pick<Form, "fields">, values: Values, inbox?: string): MailRow[] {
  return fields.flatMap(({ field, label }) => {
    const value = textOf(field, values[field.name] ?? field.zero);
    if (value === "") return [];
    const href = field.kind.uploads ? inbox : undefined;
    return [{ label: label || labelOf(field.name), value, ...(href ? { href } : {}) }];
  });
}

/** All of a text, and of everything else the line that a table shows. */
function textOf({ kind, definition }: CompiledField, value: Json): string {
  const line = kind.cell(value, definition);
  if (line === "") return "";
  const shown = kind.show?.(value, definition, { language: ownersLanguage, whole: true });
  if (typeof shown === "string") return begun(shown);
  return kind.show === undefined && typeof value === "string" ? begun(value) : line;
}

/** Apart from the answers: whoever posts may choose these names. */
function extraOf(language: Language, extra: Json): Block[] {
  if (!isObject(extra)) return [];
  const rows = Object.entries(extra).map(([label, value]) => ({
    label,
    value: begun(typeof value === "string" ? value : JSON.stringify(value)),
  }));
  return [
    { kind: "text", text: sentence(language, "mail_notice_extra") },
    { kind: "rows", rows },
  ];
}

/** All of what people write, and of what machines send the beginning. */
function begun(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
