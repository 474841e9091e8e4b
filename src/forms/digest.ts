import type { Collection } from "../collections/collection.ts";
import { clock, stamp } from "../lib/dates.ts";
import { isObject, parseJson } from "../lib/json.ts";
import { composeMail } from "../mail/compose.ts";
import type { Block, Mail, MailRow } from "../mail/mail.ts";
import type { Composer } from "../mail/post.ts";
import type { Jobs } from "../jobs/queue.ts";
import { sentence } from "../phrases/index.ts";
import { findRow } from "../records/read.ts";
import { type Row, statementsOf } from "../records/row.ts";
import type { Store } from "../store/engine.ts";
import { type Sql, sql } from "../store/sql.ts";
import { type Reason, type Submission, submissionOf, submissionsIn } from "./answer.ts";
import { type Form, formWithId } from "./form.ts";
import { linkTo, type NoticeParts, ownersLanguage, rowsOf, wayTo } from "./notice-mails.ts";
import { digestMail } from "./notices.ts";
import { codeOfReason } from "./shield/weights.ts";

/** The hour, on the form's own clock, from which on the day's mail may go. */
const morning = 7;
/** Entries that one mail lists. */
export const mostListed = 20;
/** Milliseconds within which an answer may have got its moment, and not be on disk yet: it is told of the next time. */
const unsettled = 60_000;
/** Characters of what was typed, for each. */
const longest = 200;

/** Up to when a form has been told of, and on which day that was. */
interface Told {
  readonly until: string;
  readonly day: string;
}

/**
 * Queues the mail of the day for each form whose morning has come: what is new, where the form wants it once a day, and what was
 * held, always. Nothing new, no mail. Made again and again through the day; `moment` in milliseconds since 1970.
 */
export async function sendDigests(
  parts: NoticeParts & { readonly jobs: Pick<Jobs, "add"> },
  moment = clock(),
): Promise<void> {
  const forms = await parts.store.all<{ id: string; created: string }>(
    sql`SELECT id, created FROM _forms WHERE notify IS NOT NULL AND notify NOT IN ('null', '[]') AND NOT test`,
  );
  await parts.store.write((tx) =>
    tx.run(sql`DELETE FROM _params WHERE key LIKE 'digest:%' AND SUBSTR(key, 8) NOT IN (SELECT id FROM _forms)`),
  );
  for (const { id, created } of forms) {
    const form = await formWithId(parts, parts.collections.current, id);
    if (!form || form.mail.notify.length === 0) continue;
    const { day, hour } = clockIn(form.timeZone, moment);
    const told = await toldOf(parts.store, id);
    // A form of today is told of tomorrow.
    if (hour < morning || day === (told?.day ?? clockIn(form.timeZone, Date.parse(created)).day)) continue;
    const since = told?.until ?? created;
    const until = stamp(moment - unsettled);
    const counts = await countsOf(parts.store, id, { since, until });
    const worth = counts.held > 0 || (form.mail.daily && counts.fresh > 0);
    const value = JSON.stringify({ until, day } satisfies Told);
    await parts.store.write(async (tx) => {
      if (worth)
        await parts.jobs.add(tx, { kind: "mail", form: id, payload: { compose: digestMail, form: id, since, until } });
      await tx.run(
        sql`INSERT INTO _params (key, value) VALUES (${keyOf(id)}, ${value})
            ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
      );
    });
  }
}

/** How the mails of `sendDigests` are made of their jobs. */
export function digestComposer(parts: NoticeParts): Composer {
  return {
    compose: async ({ form: id, since, until }) => {
      const form = await formWithId(parts, parts.collections.current, String(id ?? ""));
      return form && digest(parts, form, { since: String(since ?? ""), until: String(until ?? "") });
    },
  };
}

interface Span {
  readonly since: string;
  readonly until: string;
}

async function digest(parts: NoticeParts, form: Form, span: Span): Promise<Mail | undefined> {
  const { title, mail, id } = form;
  const language = ownersLanguage;
  const counts = await countsOf(parts.store, id, span);
  const fresh = mail.daily ? await listed(parts, form, span, sql`state IN ('new', 'read')`) : [];
  const held = await listed(parts, form, span, sql`state = 'spam' AND held`);
  if (fresh.length === 0 && held.length === 0) return undefined;
  return composeMail({
    language,
    to: mail.notify,
    subject: sentence(language, mail.daily ? "page_mail_digest_subject" : "page_mail_digest_subject_held", {
      title,
      fresh: counts.fresh,
      held: counts.held,
    }),
    blocks: [
      { kind: "heading", text: title },
      ...(fresh.length > 0
        ? [heading(sentence(language, "mail_digest_fresh", { count: counts.fresh })), ...listing(fresh, counts.fresh)]
        : []),
      ...(held.length > 0
        ? [
            heading(sentence(language, "mail_digest_held", { count: counts.held })),
            { kind: "text", text: sentence(language, "mail_digest_held_help") } as const,
            ...listing(held, counts.held),
          ]
        : []),
      wayTo(language, linkTo(parts, `/_/forms/${form.slug}/inbox`), "page_mail_digest_inbox"),
      { kind: "small", text: sentence(language, "mail_notice_why", { title }) },
    ],
  });
}

/** Some of so many, and how many more there are. */
export function listing(rows: readonly MailRow[], total: number): Block[] {
  const more = sentence(ownersLanguage, "mail_digest_more", { count: total - rows.length });
  return [{ kind: "rows", rows }, ...(total > rows.length ? [{ kind: "text", text: more } as const] : [])];
}

function heading(text: string): Block {
  return { kind: "heading", text };
}

async function listed(parts: NoticeParts, form: Form, span: Span, state: Sql): Promise<MailRow[]> {
  const submissions = submissionsIn(parts.collections.current);
  const rows = await parts.store.all<Row>(
    sql`${statementsOf(submissions).select} WHERE ${between(form.id, span)} AND ${state} ORDER BY created DESC LIMIT ${mostListed}`,
  );
  return Promise.all(rows.map((row) => lineOf(parts, form, submissions, row)));
}

/** An answer in a line: who sent it or when it came, the beginning of what it says and, for what was held, why. */
export async function lineOf(parts: NoticeParts, form: Form, submissions: Collection, row: Row): Promise<MailRow> {
  const it: Submission = submissionOf(submissions, row);
  const values = it.parked ?? (await findRow(parts.store, form.collection, it.record));
  const typed = rowsOf(form, values ?? {})
    .map(({ value }) => value.replaceAll(/\s+/g, " "))
    .join(" · ");
  const short = typed.length > longest ? `${typed.slice(0, longest)}…` : typed;
  const why = it.state === "spam" ? it.reasons.map(said).join(" ") : "";
  const reasons = why && sentence(ownersLanguage, "mail_digest_reasons", { reasons: why });
  const href = linkTo(parts, `/_/submissions/${it.id}`);
  return {
    label: it.email || `${it.created.slice(0, 16)} UTC`,
    value: [short, reasons].filter((text) => text !== "").join("\n") || it.id,
    ...(href ? { href } : {}),
  };
}

function said({ reason, detail = "" }: Reason): string {
  return sentence(ownersLanguage, codeOfReason(reason), { detail });
}

async function countsOf(
  store: Pick<Store, "first">,
  form: string,
  span: Span,
): Promise<{ readonly fresh: number; readonly held: number }> {
  const row = await store.first<{ fresh: number; held: number }>(
    sql`SELECT COUNT(*) FILTER (WHERE state IN ('new', 'read')) AS fresh, COUNT(*) FILTER (WHERE state = 'spam' AND held) AS held
        FROM _submissions WHERE ${between(form, span)}`,
  );
  return row ?? { fresh: 0, held: 0 };
}

function between(form: string, { since, until }: Span): Sql {
  return sql`form = ${form} AND created > ${since} AND created <= ${until} AND NOT test`;
}

async function toldOf(store: Pick<Store, "first">, form: string): Promise<Told | undefined> {
  const row = await store.first<{ value: string }>(sql`SELECT value FROM _params WHERE key = ${keyOf(form)}`);
  const told = parseJson(row?.value ?? "")?.value;
  if (!isObject(told)) return undefined;
  return { until: String(told["until"] ?? ""), day: String(told["day"] ?? "") };
}

function keyOf(form: string): string {
  return `digest:${form}`;
}

/** What the clock on a wall in that time zone says. */
function clockIn(timeZone: string, moment: number): { readonly day: string; readonly hour: number } {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    hourCycle: "h23",
  });
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  return { day: `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`, hour: Number(parts.get("hour")) };
}
