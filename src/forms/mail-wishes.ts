import { isAddress } from "../fields/email.tsx";
import type { Payload } from "../fields/payload.ts";
import type { Wishes } from "./answer.ts";
import type { Form } from "./form.ts";
import { hiddenText, isHiddenName, subjectNames, textsOf } from "./hidden-names.ts";

const longestSubject = 200;

/** What the page that posted wishes of the mail about it. */
export function wishesOf(form: Form, payload: Payload): Wishes | null {
  const subject = tidy(hiddenText(form, payload, subjectNames) ?? "").slice(0, longestSubject);
  const replyTo = hiddenText(form, payload, ["_replyto"]);
  const wanted = (hiddenText(form, payload, ["_cc"]) ?? "").split(/[,;]/).map((it) => it.trim().toLowerCase());
  const cc = form.mail.cc.filter((it) => wanted.includes(it.toLowerCase()));
  const answerable = replyTo !== undefined && isAddress(replyTo);
  if (!subject && !answerable && cc.length === 0) return null;
  return {
    ...(subject ? { subject } : {}),
    ...(answerable ? { replyTo } : {}),
    ...(cc.length > 0 ? { cc } : {}),
  };
}

/**
 * Whether the value under a hidden name says more than is understood of it, and is to be kept like anything that is not asked for:
 * a telephone number as `_replyto`, a subject that is too long, or a second one.
 */
export function isMisunderstood(form: Form, payload: Payload, key: string): boolean {
  const isSubject = subjectNames.includes(key);
  if (!isHiddenName(form, key) || (!isSubject && key !== "_replyto")) return false;
  const understood = isSubject ? wishesOf(form, payload)?.subject : wishesOf(form, payload)?.replyTo;
  return textsOf(payload, key).some((text) => text.trim() !== "" && tidy(text) !== understood);
}

function tidy(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, " ").trim();
}
