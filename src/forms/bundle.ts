import type { Json } from "../fields/field.ts";
import { NotYet } from "../jobs/job.ts";
import { clock, spoken, stamp } from "../lib/dates.ts";
import { composeMail } from "../mail/compose.ts";
import type { Mail } from "../mail/mail.ts";
import type { Composer } from "../mail/post.ts";
import { sentence } from "../phrases/index.ts";
import { type Row, statementsOf } from "../records/row.ts";
import { type Sql, sql } from "../store/sql.ts";
import { submissionsIn } from "./answer.ts";
import { lineOf, listing, mostListed } from "./digest.ts";
import { type Form, formWithId } from "./form.ts";
import { linkTo, type NoticeParts, ownersLanguage, wayTo } from "./notice-mails.ts";
import { bundleDue, heldWords, hourEnd } from "./notice-ledger.ts";
import { noticeMail } from "./notices.ts";

/** Of which hour it tells, and whom: `""` for whom the form tells of answers, otherwise somebody who gets copies. */
interface Bundle {
  readonly since: number;
  readonly copy: string;
}

/** How the mail is made that tells of what a form's notices held back within an hour. */
export function bundleComposer(parts: NoticeParts): Composer {
  return {
    compose: async (payload) => {
      const form = await formWithId(parts, parts.collections.current, String(payload["form"] ?? ""));
      return form && bundle(parts, form, bundleOf(payload));
    },
    spared: async (payload) => {
      const form = await formWithId(parts, parts.collections.current, String(payload["form"] ?? ""));
      const its = bundleOf(payload);
      if (!form?.mail.daily || form.mail.notify.length === 0 || its.copy !== "") return undefined;
      return (await countHeld(parts, form, its)) > 0 ? sentence("en", "mail_bundle_daily") : undefined;
    },
    admit: async (payload, _job, send) => {
      const { since } = bundleOf(payload);
      // Whoever had it sent early would never hear of what is held back after that.
      if (clock() < bundleDue(since))
        throw new NotYet(sentence("en", "mail_bundle_early", { until: stamp(hourEnd(since)).slice(0, 16) }));
      return send();
    },
  };
}

function bundleOf({ since, copy }: { [key: string]: Json }): Bundle {
  return { since: Number(since ?? 0), copy: String(copy ?? "") };
}

async function bundle(parts: NoticeParts, form: Form, { since, copy }: Bundle): Promise<Mail | undefined> {
  const { title, timeZone } = form;
  const language = ownersLanguage;
  const to = receivers(form, copy);
  const among = heldIn(form, { since, copy }, parts);
  const submissions = submissionsIn(parts.collections.current);
  const rows = await parts.store.scan<Row>(
    sql`${statementsOf(submissions).select} WHERE ${among} ORDER BY created DESC LIMIT ${mostListed}`,
  );
  if (to.length === 0 || rows.length === 0) return undefined;
  const count = await countHeld(parts, form, { since, copy });
  const lines = await Promise.all(rows.map((row) => lineOf(parts, form, submissions, row)));
  const span = {
    since: spoken(stamp(since), language, timeZone),
    until: spoken(stamp(hourEnd(since)), language, timeZone),
  };
  return composeMail({
    language,
    to,
    subject: sentence(language, "page_mail_bundle_subject", { title, count }),
    blocks: [
      { kind: "heading", text: title },
      { kind: "text", text: sentence(language, "mail_bundle_lead", span) },
      ...listing(lines, count),
      wayTo(language, linkTo(parts, `/_/forms/${form.slug}/inbox`), "page_mail_digest_inbox"),
      { kind: "small", text: sentence(language, "mail_notice_why", { title }) },
    ],
  });
}

async function countHeld(parts: NoticeParts, form: Form, its: Bundle): Promise<number> {
  const [{ count = 0 } = {}] = await parts.store.scan<{ count: number }>(
    sql`SELECT COUNT(*) AS count FROM _submissions WHERE ${heldIn(form, its, parts)}`,
  );
  return count;
}

/** As things stand now: a form that is told of once a day by now has this among that day's mail. */
function receivers({ mail }: Form, copy: string): readonly string[] {
  if (copy === "") return mail.daily ? [] : mail.notify;
  return mail.cc.filter((address) => address.toLowerCase() === copy.toLowerCase());
}

/** Submissions that were held back, and still count. */
function heldIn({ id }: Form, { since, copy }: Bundle, { store: { dialect } }: NoticeParts): Sql {
  const wished = sql`EXISTS (SELECT 1 FROM json_each(wishes, '$.cc') AS its WHERE LOWER(its.value) = ${copy.toLowerCase()})`;
  return sql`${dialect.tick} AND id IN (
      SELECT about FROM _jobs WHERE ended >= ${since} AND ended <= ${bundleDue(since)} AND form = ${id} AND kind = 'mail'
        AND state = 'done' AND payload ->> 'compose' = ${noticeMail} AND outcome = ${heldWords(since)})
    AND state IN ('new', 'read')${copy === "" ? sql`` : sql` AND ${wished}`}`;
}
