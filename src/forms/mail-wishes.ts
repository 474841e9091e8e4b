import { isAddress } from "../fields/email.tsx";
import type { Payload } from "../fields/payload.ts";
import type { Wishes } from "./answer.ts";
import type { Form } from "./form.ts";
import { hiddenText, isHiddenName, subjectNames, textsOf } from "./hidden-names.ts";

const longestSubject = 200;
/** As many copies as are noted that nobody gets: anyone can send names without end. */
const mostUnlisted = 10;

/** What the page that posted wishes of the mail about it. */
export function wishesOf(form: Form, payload: Payload): Wishes | null {
  const subject = subjectOf(form, payload);
  const replyTo = replyToOf(form, payload);
  const wanted = copiesWished(form, payload);
  const among = new Set(wanted);
  const cc = form.mail.cc.filter((it) => among.has(it.toLowerCase()));
  const unlisted = unlistedIn(form, wanted);
  if (!subject && !replyTo && cc.length === 0 && unlisted.length === 0) return null;
  return {
    ...(subject ? { subject } : {}),
    ...(replyTo ? { replyTo } : {}),
    ...(cc.length > 0 ? { cc } : {}),
    ...(unlisted.length > 0 ? { unlisted } : {}),
  };
}

function subjectOf(form: Form, payload: Payload): string | undefined {
  return tidy(hiddenText(form, payload, subjectNames) ?? "").slice(0, longestSubject) || undefined;
}

function replyToOf(form: Form, payload: Payload): string | undefined {
  const text = hiddenText(form, payload, ["_replyto"]);
  return text !== undefined && isAddress(text) ? text : undefined;
}

/** In lower case, and each once. */
function copiesWished(form: Form, payload: Payload): readonly string[] {
  if (!isHiddenName(form, "_cc")) return [];
  const texts = textsOf(payload, "_cc").flatMap((text) => text.split(/[,;]/));
  return [...new Set(texts.map((it) => tidy(it).toLowerCase()))].filter((it) => it !== "");
}

/** Those that the form does not list. Owners read them as addresses, so nothing else can be said to them here. */
export function unlistedIn({ mail }: Pick<Form, "mail">, wanted: readonly string[]): string[] {
  const listed = new Set(mail.cc.map((it) => it.toLowerCase()));
  const unlisted: string[] = [];
  for (const it of wanted) {
    if (unlisted.length === mostUnlisted) break;
    if (!listed.has(it.toLowerCase()) && isAddress(it)) unlisted.push(it);
  }
  return unlisted;
}

/**
 * Whether the value under a hidden name says more than is understood of it, and is to be kept like anything that is not asked for:
 * a telephone number as `_replyto`, a subject that is too long, or a second one.
 */
export function isMisunderstood(form: Form, payload: Payload, key: string): boolean {
  const isSubject = subjectNames.includes(key);
  if (!isHiddenName(form, key) || (!isSubject && key !== "_replyto")) return false;
  const understood = (isSubject ? subjectOf : replyToOf)(form, payload);
  return textsOf(payload, key).some((text) => text.trim() !== "" && tidy(text) !== understood);
}

function tidy(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, " ").trim();
}
