import type { NewJob } from "../jobs/job.ts";
import { webhookJob } from "../jobs/webhooks.ts";
import type { Submission } from "./answer.ts";
import type { Form } from "./form.ts";
import { noticesFor } from "./notices.ts";

/** All that an accepted answer sets going, once: the mails about it, and its webhook. */
export function consequences(form: Form, submission: Submission): NewJob[] {
  const webhook = webhookJob(form, submission);
  return [...noticesFor(form, submission), ...(webhook ? [webhook] : [])];
}
