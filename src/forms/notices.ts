import type { NewJob } from "../jobs/job.ts";
import type { Form } from "./form.ts";

/** As much of a submission as decides which mails it causes. */
interface Noticed {
  readonly id: string;
  readonly email: string;
  readonly test: boolean;
  readonly wishes?: { readonly cc?: readonly string[] } | null;
}

/** Names of what makes the mails, as their jobs carry them; `openPost` is given one composer for each. */
export const [noticeMail, answerMail, digestMail, bundleMail] = ["notice", "answer", "digest", "bundle"] as const;

/**
 * The mails that an accepted submission causes, as jobs for the unit that accepts it: one to whom the form tells of answers, unless
 * they want one a day, and one to the sender, where the form says so. They hold ids alone: a mail is written when it is sent.
 */
export function noticesFor(form: Form, submission: Noticed): NewJob[] {
  if (form.test || submission.test) return [];
  const { notify, daily, answer } = form.mail;
  const jobOf = (compose: string): NewJob => {
    return { kind: "mail", about: submission.id, form: form.id, payload: { compose, submission: submission.id } };
  };
  const copied = copiesFor(form, submission).length > 0;
  return [
    ...((notify.length > 0 && !daily) || copied ? [jobOf(noticeMail)] : []),
    ...(answer && submission.email !== "" ? [jobOf(answerMail)] : []),
  ];
}

/** Who gets a copy, of those whom the posting page wished for: only whom the owner has listed. */
export function copiesFor({ mail }: Pick<Form, "mail">, { wishes }: Pick<Noticed, "wishes">): readonly string[] {
  const listed = new Map(mail.cc.map((address) => [address.toLowerCase(), address]));
  return (wishes?.cc ?? []).flatMap((address) => listed.get(address.trim().toLowerCase()) ?? []);
}
