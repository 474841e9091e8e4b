import type { Payload } from "../fields/payload.ts";
import { clock } from "../lib/dates.ts";
import type { Form } from "./form.ts";
import { hiddenText } from "./hidden-names.ts";
import { type Repetitions, tokenKey } from "./repetition.ts";
import type { Shield } from "./shield/shield.ts";
import { thresholds } from "./shield/weights.ts";

export interface DrawnTokenParts {
  readonly shield: Pick<Shield, "tokens">;
  readonly repetitions: Pick<Repetitions, "isUsed">;
}

/**
 * The token that a form is drawn again with: the one it came with, so that what counts is how long ago somebody saw the form first,
 * and that a double send is known. A new one of the same age where that has made an answer. Whoever came without one, or a day
 * later, has had the time that a person needs.
 */
export async function tokenAgain(parts: DrawnTokenParts, form: Form, payload: Payload): Promise<string> {
  const { tokens } = parts.shield;
  const moment = clock();
  const sent = hiddenText(form, payload, ["_token"]) ?? "";
  const { state, nonce, age } = tokens.read(form.id, sent, moment, 0);
  if (state !== "fine") return tokens.issue(form.id, moment - (form.shield.seconds ?? thresholds.seconds) * 1000);
  const isUsed = await parts.repetitions.isUsed(tokenKey(nonce, moment - age));
  return isUsed ? tokens.issue(form.id, moment - age) : sent;
}
