import type { ShieldChanges } from "./changes.ts";

/** What a reason is: how much it weighs at first, and whether it leaves no doubt. */
interface ReasonKind {
  readonly weight: number;
  /** Nobody does this by accident: only with such a reason an answer is refused, others can hold it. */
  readonly certain?: true;
}

/**
 * Every reason, in the order owners see them. Its sentence is `shield_NAME` in `phrases/`, with `{detail}`. A reason counts its
 * weight times its amount: once for what is there or not, several times where several things were found.
 */
export const reasonKinds = {
  honeypot: { weight: 10, certain: true },
  token_forged: { weight: 6, certain: true },
  token_foreign: { weight: 5, certain: true },
  token_used: { weight: 6, certain: true },
  token_again: { weight: 1 },
  token_old: { weight: 1 },
  token_missing: { weight: 1.5 },
  token_strange: { weight: 0.5 },
  proof_wrong: { weight: 4 },
  proof_missing: { weight: 1 },
  too_fast: { weight: 5 },
  fast: { weight: 2 },
  origin_missing: { weight: 2 },
  links: { weight: 1 },
  links_only: { weight: 2.5 },
  link_marks: { weight: 4.5 },
  link_in_name: { weight: 5 },
  link_shortened: { weight: 3 },
  link_disguised: { weight: 2.5 },
  letters_mixed: { weight: 1 },
  letters_invisible: { weight: 3 },
  markup: { weight: 4 },
  gibberish: { weight: 1 },
  name_joined: { weight: 2 },
  all_the_same: { weight: 3 },
  mail_throwaway: { weight: 1 },
  owner_words: { weight: 5 },
  usual_in_spam: { weight: 1 },
  learned_spam: { weight: 6 },
  learned_good: { weight: -3 },
  same_answer: { weight: 1 },
  same_message: { weight: 1 },
  alike_from_one: { weight: 1 },
  many_from_one: { weight: 0.5 },
} as const satisfies Readonly<Record<string, ReasonKind>>;

export type ReasonName = keyof typeof reasonKinds;

export const reasonNames = Object.keys(reasonKinds).filter(isReason);

/** From this score on an answer is held, and from that one refused; so many seconds nobody needs less than. */
export const thresholds = { hold: 5, refuse: 10, seconds: 2 } as const;

/** Something that was noticed. */
export interface Signal {
  readonly reason: ReasonName;
  /** How much of it there is, from 0 on; 1 where it is there or not. */
  readonly amount: number;
  /** What was found, in the visitor's own words; for owners alone. */
  readonly detail?: string;
}

/** Why an answer was judged as it was, as it is stored. `weight` is what it added to the score. */
export interface Reason {
  readonly reason: ReasonName;
  readonly weight: number;
  readonly detail?: string;
}

export type Decision = "accept" | "hold" | "refuse";

export interface Weighed {
  readonly decision: Decision;
  readonly score: number;
  /** Those that weigh most first. */
  readonly reasons: readonly Reason[];
}

/** Adds up what was noticed, by an owner's weights and thresholds, ours where there is none. */
export function weigh(signals: readonly Signal[], own: ShieldChanges = {}): Weighed {
  const reasons: Reason[] = [];
  let [sum, certain] = [0, false];
  for (const { reason, amount, detail } of signals) {
    const weight = rounded(weightOf(reason, own) * amount);
    if (weight === 0) continue;
    sum += weight;
    certain ||= weight > 0 && "certain" in reasonKinds[reason];
    reasons.push(detail === undefined ? { reason, weight } : { reason, weight, detail });
  }
  reasons.sort((left, right) => right.weight - left.weight);
  const score = rounded(sum);
  const { hold = thresholds.hold, refuse = thresholds.refuse } = own;
  const decision = certain && score >= refuse ? "refuse" : score >= Math.min(hold, refuse) ? "hold" : "accept";
  return { decision, score, reasons };
}

/** What a reason weighs for this form. */
export function weightOf(reason: ReasonName, own: ShieldChanges): number {
  const changed = own.weights && Object.hasOwn(own.weights, reason) ? own.weights[reason] : undefined;
  return changed ?? reasonKinds[reason].weight;
}

/** The code of a reason's sentence; that of what an earlier version has noticed tells so. */
export function codeOfReason(reason: string): string {
  return isReason(reason) ? `shield_${reason}` : "shield_earlier";
}

export function isReason(name: string): name is ReasonName {
  return Object.hasOwn(reasonKinds, name);
}

function rounded(number: number): number {
  return Math.round(number * 100) / 100;
}
