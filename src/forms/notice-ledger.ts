import type { Job, NewJob } from "../jobs/job.ts";
import type { Jobs } from "../jobs/queue.ts";
import { clock, stamp } from "../lib/dates.ts";
import { sentence } from "../phrases/index.ts";
import { keptHere } from "../mail/post.ts";
import type { Store } from "../store/engine.ts";
import { sql } from "../store/sql.ts";
import type { Submission } from "./answer.ts";
import type { Form } from "./form.ts";
import { bundleMail, copiesFor, noticeMail } from "./notices.ts";

/** Mails of one form in an hour that tell of one answer each: nobody reads more, and mail servers take no flood. */
export const mostInAnHour = 60;

const hour = 60 * 60 * 1000;
/** Milliseconds after an hour until its bundle is written: what was held back at its very end is stored by then. */
const settling = 60_000;

/** What a form has sent since the hour began. */
interface Hour {
  readonly since: number;
  /** Jobs of the mails that go out by themselves. */
  readonly sent: Set<number>;
  /** For whom a bundle is queued. */
  readonly queued: Set<string>;
}

export interface NoticeLedger {
  /**
   * Why a notice is not sent by itself: enough have gone out within the hour, and its receivers are told of it in one mail after
   * that, which is queued. `undefined`: it is sent, as always when somebody asks for it by hand.
   */
  hold(form: Form, submission: Submission, job: Job): Promise<string | undefined>;
}

/**
 * Remembers how many notices each form has sent within the hour: what it knew before a restart stands in the jobs. There is one
 * worker, so that nobody else sends any.
 */
export function openNoticeLedger({
  store,
  jobs,
}: {
  readonly store: Store;
  readonly jobs: Pick<Jobs, "add">;
}): NoticeLedger {
  const hours = new Map<string, { readonly since: number; readonly its: Promise<Hour> }>();

  async function read(form: string, since: number): Promise<Hour> {
    const rows = await store.scan<{ id: number }>(
      sql`SELECT id FROM _jobs WHERE ${store.dialect.tick} AND ended >= ${since} AND form = ${form} AND kind = 'mail' AND state = 'done'
            AND payload ->> 'compose' = ${noticeMail} AND outcome NOT IN (${keptHere}, ${heldWords(since)}) LIMIT ${mostInAnHour}`,
    );
    return { since, sent: new Set(rows.map(({ id }) => id)), queued: new Set() };
  }

  function current(form: string): Promise<Hour> {
    const since = hourOf(clock());
    const known = hours.get(form);
    if (known?.since === since) return known.its;
    // Whatever went out in an hour that begins while this runs is noted here.
    const its = known
      ? Promise.resolve({ since, sent: new Set<number>(), queued: new Set<string>() })
      : read(form, since);
    hours.set(form, { since, its });
    its.catch(() => hours.delete(form));
    return its;
  }

  /** One for whom the form tells of answers, and one for each who gets a copy of this one. */
  async function queue(form: Form, submission: Submission, { since, queued }: Hour): Promise<void> {
    for (const copy of receiversOf(form, submission)) {
      if (queued.has(copy)) continue;
      const payload = { compose: bundleMail, form: form.id, since, copy };
      const job: NewJob = { kind: "mail", form: form.id, payload, due: bundleDue(since) };
      await store.write(async (tx) => {
        const known = await tx.first(
          sql`SELECT id FROM _jobs WHERE state = 'waiting' AND kind = 'mail' AND form = ${form.id} AND payload = ${JSON.stringify(payload)}`,
        );
        if (!known) await jobs.add(tx, job);
      });
      queued.add(copy);
    }
  }

  return {
    hold: async (form, submission, job) => {
      // Something became of it before, and yet it begins anew: somebody wants it now.
      if (job.tries === 0 && job.outcome !== "") return undefined;
      const its = await current(form.id);
      if (its.sent.has(job.id) || its.sent.size < mostInAnHour) {
        its.sent.add(job.id);
        return undefined;
      }
      await queue(form, submission, its);
      return heldWords(its.since);
    },
  };
}

/** `""` stands for all whom the form tells of answers. */
function receiversOf(form: Form, submission: Submission): readonly string[] {
  const { notify, daily } = form.mail;
  const told = daily ? [] : notify;
  const known = new Set(told.map((address) => address.toLowerCase()));
  const copies = copiesFor(form, submission).filter((address) => !known.has(address.toLowerCase()));
  return [...(told.length > 0 ? [""] : []), ...copies];
}

/** The beginning of the hour of a moment, both in milliseconds since 1970. */
function hourOf(moment: number): number {
  return Math.floor(moment / hour) * hour;
}

/** The end of the hour that began then. */
export function hourEnd(since: number): number {
  return since + hour;
}

/** When the bundle of the hour that began then may go. */
export function bundleDue(since: number): number {
  return hourEnd(since) + settling;
}

/** What becomes of a notice that was held back in the hour that began then; by this its bundle finds it. */
export function heldWords(since: number): string {
  return sentence("en", "mail_notice_held", { most: mostInAnHour, until: stamp(hourEnd(since)).slice(0, 16) });
}
