import type { Payload } from "../fields/payload.ts";
import { now } from "../lib/dates.ts";
import { problem, type Problems } from "../lib/errors.ts";
import { sha256 } from "../lib/secrets.ts";
import type { Consent } from "./answer.ts";
import type { Form } from "./form.ts";
import { textsOf } from "./hidden-names.ts";

/** The name of the box that must be ticked where a form has a text to agree to. */
export const consentName = "_consent";

/** What a page sends when the box is ticked: names the words that it showed, and changes with them. */
export function versionOf(text: string): string {
  return sha256(text).slice(0, 12);
}

/** Whether the box was ticked beside the words as they are now. Pages written by hand send `on` or `true`, whatever they show. */
export function agrees({ consent }: Pick<Form, "consent">, payload: Payload): boolean {
  const said = saidIn(payload);
  return said !== "" && !isOutdated(consent, said);
}

/** What is wrong with a missing agreement, or one to words that have been changed meanwhile. */
export function consentProblems(form: Pick<Form, "consent">, payload: Payload): Problems {
  if (form.consent === "" || agrees(form, payload)) return {};
  const code = saidIn(payload) === "" ? "validation_form_consent" : "validation_form_consent_changed";
  return { [consentName]: problem(code) };
}

/** The words themselves, their version, and when: now. */
export function agreementTo(text: string): Consent {
  return { text, version: versionOf(text), at: now() };
}

const unticked = ["", "false", "no", "off", "0"];

/** `""` where the box was not ticked. */
function saidIn(payload: Payload): string {
  const said = textsOf(payload, consentName).at(-1)?.trim().toLowerCase() ?? "";
  return unticked.includes(said) ? "" : said;
}

function isOutdated(consent: string, said: string): boolean {
  return /^[0-9a-f]{12}$/.test(said) && said !== versionOf(consent);
}
