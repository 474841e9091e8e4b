import type { Payload } from "../../fields/payload.ts";
import type { Form } from "../form.ts";
import { hiddenText, trapped } from "../hidden-names.ts";
import { gibberishSignals } from "./gibberish.ts";
import { letterSignals } from "./letters.ts";
import { linkSignals, throwawaySignals } from "./links.ts";
import { foundIn, without } from "./own-words.ts";
import { paceSignals } from "./pace.ts";
import { markupSignals } from "./probes.ts";
import { proves } from "./proof.ts";
import { readable, spelt } from "./reading.ts";
import { type Imprint, imprintOf } from "./repeats.ts";
import type { Shield } from "./shield.ts";
import { type TypedText, typedTexts } from "./texts.ts";
import type { TokenReading } from "./token.ts";
import type { Visit } from "./visit.ts";
import { type ReasonName, type Signal, thresholds, weigh, type Weighed } from "./weights.ts";

/** What is judged: made by `lookAt`. */
export interface Look {
  readonly form: Form;
  readonly payload: Payload;
  readonly visit: Visit;
  /** What was typed. */
  readonly texts: readonly TypedText[];
  readonly imprint: Imprint;
  readonly token: TokenReading;
  /** The answer that came with the same token before, where one is stored; its sender's address in lower case. */
  readonly earlier?: { readonly email: string } | undefined;
}

export function lookAt(
  { tokens }: Pick<Shield, "tokens">,
  form: Form,
  payload: Payload,
  visit: Visit,
  earlier?: Look["earlier"],
): Look {
  const texts = typedTexts(form, payload);
  const text = hiddenText(form, payload, ["_token"]) ?? "";
  const token = tokens.read(form.id, text, visit.moment, form.shield.seconds ?? thresholds.seconds);
  return { form, payload, visit, texts, imprint: imprintOf(form.id, texts, visit.address), token, earlier };
}

/** Judges an answer that is about to be stored. Asks the database only where the form has learned from its owner. */
export async function judge(shield: Shield, look: Look): Promise<Weighed> {
  const { form, texts, visit, token } = look;
  const signals = [
    ...hiddenSignals(look),
    ...paceSignals(look),
    ...originSignals(look),
    ...shield.repeats.signals(look),
    ...linkSignals(look),
    ...letterSignals(texts),
    ...markupSignals(texts),
    ...gibberishSignals(texts),
    ...throwawaySignals(texts),
    ...ownerSignals(look),
    ...wordSignals(shield, look),
    ...(await shield.learned.signals(form.id, texts, visit.moment)),
  ];
  if (look.earlier && !shield.repeats.knows(token.nonce)) signals.push(earlierSignal(look.earlier.email, texts));
  const weighed = weigh(signals, form.shield);
  return weighed.decision === "refuse" && isTrapAlone(signals, form) ? { ...weighed, decision: "hold" } : weighed;
}

/** Browsers fill in what people do not see, too: a trap that nothing else speaks for loses nothing. */
function isTrapAlone(signals: readonly Signal[], form: Form): boolean {
  const others = signals.filter(({ reason }) => reason !== "honeypot");
  return others.length < signals.length && weigh(others, form.shield).decision !== "refuse";
}

/** Keeps in mind what was judged, to know it when it comes again: for what is stored or refused, not for what has problems. */
export function remember(shield: Shield, look: Look): void {
  shield.repeats.remember(look);
}

/** What programs fill in, and what they do not have. */
function hiddenSignals({ form, payload, token: { state } }: Look): Signal[] {
  const signals: Signal[] = [];
  if (trapped(form, payload)) signals.push({ reason: "honeypot", amount: 1 });
  if (state === "forged") signals.push({ reason: "token_forged", amount: 1 });
  if (state === "foreign") signals.push({ reason: "token_foreign", amount: 1 });
  if (state === "old") signals.push({ reason: "token_old", amount: 1 });
  if (state === "strange") signals.push({ reason: "token_strange", amount: 1 });
  if ((state === "missing" || state === "strange") && form.usesScript)
    signals.push({ reason: "token_missing", amount: 1 });
  return [...signals, ...proofSignals(form, payload)];
}

function proofSignals(form: Form, payload: Payload): Signal[] {
  const proof = hiddenText(form, payload, ["_proof"]);
  if (proof === undefined) return form.usesScript ? [{ reason: "proof_missing", amount: 1 }] : [];
  const token = hiddenText(form, payload, ["_token"]) ?? "";
  return proves(token, proof) ? [] : [{ reason: "proof_wrong", amount: 1 }];
}

/** Posts from elsewhere are refused before they come here, where that can be told. */
function originSignals({ form, visit }: Look): Signal[] {
  if (form.origins.length === 0) return [];
  return visit.origin === "" ? [{ reason: "origin_missing", amount: 1 }] : [];
}

/** The words of the owner's own list. */
function ownerSignals({ form, texts }: Look): Signal[] {
  const { words = [] } = form.shield;
  if (words.length === 0) return [];
  // What looks like a hidden letter may be one, or an address.
  const found = foundIn(texts.map(({ text }) => `${spelt(text)}\n${readable(text, 0).plain}`).join("\n"), words);
  return found.length === 0 ? [] : [{ reason: "owner_words", amount: 1, detail: found.slice(0, 5).join(", ") }];
}

/** What is known of words before an owner has taught anything, but for what the owner says belongs here. */
function wordSignals({ prior }: Shield, { form, texts }: Look): Signal[] {
  const { welcome = [] } = form.shield;
  const prose = proseOf(texts);
  return prior.signals(readable(welcome.length > 0 ? without(prose, welcome) : prose));
}

/** What is read for its words; a name or an address is not prose. */
function proseOf(texts: readonly TypedText[]): string {
  let prose = "";
  for (const { role, text } of texts) {
    if (role === "message" || role === "subject" || role === "markup") prose += `${text}\n. \n`;
  }
  return prose;
}

function earlierSignal(email: string, texts: readonly TypedText[]): Signal {
  const same = email !== "" && texts.some(({ role, text }) => role === "email" && text.trim().toLowerCase() === email);
  return { reason: same ? "token_again" : "token_used", amount: 1 };
}
