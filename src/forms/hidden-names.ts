import type { Json } from "../fields/field.ts";
import { inferred, type Payload } from "../fields/payload.ts";
import type { Form } from "./form.ts";

/** Fields people never see, and only programs fill in. */
export const honeypots = ["_gotcha", "_honeypot", "_honey", "bot-field", "botcheck"];

/** Where to go after a success may be said by the page that posts, under these names. */
export const nextNames = ["_next", "_redirect", "redirect"];

/** What the mail about it is to be called. */
export const subjectNames = ["_subject", "subject"];

/** Names that mean something to us, or to services like us, and that no visitor fills in. */
const understood = new Set([
  ...honeypots,
  ...nextNames,
  ...subjectNames,
  ...["_replyto", "_cc", "form-name", "_token", "_proof", "_draft", "_draft_remove", "_back", "_consent"],
  // What puzzles of other services leave in a form.
  ...["g-recaptcha-response", "h-captcha-response", "cf-turnstile-response"],
]);

/** Whether a key is one of the hidden names. A field of the collection that is called so is a field. */
export function isHiddenName({ collection }: Form, key: string): boolean {
  return understood.has(key) && !collection.field(key);
}

/** The text under the first of these hidden names that was sent with one; `undefined` where none was. */
export function hiddenText(form: Form, payload: Payload, names: readonly string[]): string | undefined {
  for (const name of names) {
    const texts = textsOf(payload, name);
    if (texts.length === 0 || !isHiddenName(form, name)) continue;
    const text = texts.findLast((it) => it.trim() !== "");
    if (text !== undefined) return text.trim();
  }
  return undefined;
}

/** Whether something was put where only programs put something. */
export function trapped(form: Form, payload: Payload): boolean {
  return honeypots.some((key) => isHiddenName(form, key) && isFilled(inferred(payload, key)));
}

/** A script may send an unticked box as `false`, or a field twice. */
function isFilled(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some(isFilled);
  return value !== undefined && value !== null && value !== "" && value !== false;
}

/** The texts that were sent under a name, whichever way. */
export function textsOf({ json, form }: Payload, name: string): readonly string[] {
  if (!Object.hasOwn(json, name)) return form.get(name) ?? [];
  return [json[name]].flat().flatMap((it) => (it === null || typeof it === "object" ? [] : [String(it)]));
}
