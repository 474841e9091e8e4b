import { clock } from "../lib/dates.ts";
import { sentence } from "../phrases/index.ts";
import type { Store } from "../store/engine.ts";
import { sql } from "../store/sql.ts";
import { answerMail } from "./notices.ts";

const hour = 60 * 60 * 1000;
const day = 24 * hour;
/** Answer mails of one form in an hour: a form is no machine to flood others with. */
const mostInAnHour = 50;

/** What became of those that were not sent. */
const unsent = ["mail_answer_once", "mail_answer_many", "mail_gone"].map((code) => sentence("en", code));

interface Sent {
  /** Its job may send it once more. */
  readonly job: number;
  readonly address: string;
  readonly at: number;
}

export interface AnswerLedger {
  /** Sends, unless this address has had an answer of this form within a day, or the form has sent too many: then says so. */
  once(
    mail: { readonly form: string; readonly address: string; readonly job: number },
    send: () => Promise<string>,
  ): Promise<string>;
}

/**
 * Remembers which answer mails have gone out, of each form for a day: what it knew before a restart stands in the jobs. There is one
 * worker, so that nobody else sends any.
 */
export function openAnswerLedger({ store }: { readonly store: Pick<Store, "all"> }): AnswerLedger {
  const sent = new Map<string, Promise<Sent[]>>();

  async function read(form: string): Promise<Sent[]> {
    return store.all<Sent>(
      sql`SELECT _jobs.id AS job, _submissions.email AS address, _jobs.ended AS at
          FROM _jobs JOIN _submissions ON _submissions.id = _jobs.about
          WHERE _jobs.ended > ${clock() - day} AND _jobs.form = ${form} AND _jobs.kind = 'mail' AND _jobs.state = 'done'
            AND _jobs.payload ->> 'compose' = ${answerMail}
            AND _jobs.outcome NOT IN (SELECT value FROM json_each(${JSON.stringify(unsent)}))
          ORDER BY _jobs.ended`,
    );
  }

  function known(form: string): Promise<Sent[]> {
    let its = sent.get(form);
    if (!its) {
      its = read(form);
      its.catch(() => sent.delete(form));
      sent.set(form, its);
    }
    return its;
  }

  return {
    once: async ({ form, address, job }, send) => {
      const its = await known(form);
      const moment = clock();
      while (its[0] && its[0].at < moment - day) its.shift();
      const own = its.some((it) => it.job === job);
      if (!own && its.some((it) => it.address === address)) return sentence("en", "mail_answer_once");
      if (!own && its.filter(({ at }) => at > moment - hour).length >= mostInAnHour)
        return sentence("en", "mail_answer_many");
      const entry: Sent = { job, address, at: moment };
      its.push(entry);
      try {
        return await send();
      } catch (error) {
        its.splice(its.indexOf(entry), 1);
        throw error;
      }
    },
  };
}
