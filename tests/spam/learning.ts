import { divisor } from "../../src/forms/shield/prior.ts";
import { readable } from "../../src/forms/shield/reading.ts";
import { eachTerm } from "../../src/forms/shield/terms.ts";
import { type Message, proseOf } from "./messages.ts";

/** What has been learned: a number for each term, and for each pair of terms that follow one another (`free trial`). */
export interface Learned {
  readonly weights: ReadonlyMap<string, number>;
  readonly bias: number;
}

/** In so many messages a term stands at least. */
const fewest = 2;
const rounds = 20;
const step = 1;
/** As if so much had been learned of each term before: what stands in two messages does not count like what stands in many. */
const calm = 0.1;
/** How much large numbers are held back. */
const restraint = 0.003;
/** No term alone says more than this: what stands in few messages may stand there by chance. */
const loudest = 2.5;
/** The score from which on a message is to be held: that of hardly any good one, when others than its set were learned from. */
const held = 1;
/** Numbers are kept to so much. */
const grain = 0.1;

/**
 * Learns to tell bad messages from good ones: logistic regression by stochastic gradient descent with a step of its own for each
 * term (AdaGrad: Duchi, Hazan and Singer, 2011). A score of 1 is to be held. The same messages give the same numbers.
 */
export function learn(messages: readonly Message[]): Learned {
  const sets = messages.map((message) => termsOf(proseOf(message)));
  const counts = new Map<string, number>();
  for (const set of sets) for (const term of set) counts.set(term, (counts.get(term) ?? 0) + 1);
  const terms = [...counts].filter(([, count]) => count >= fewest).map(([term]) => term);
  const { weights, bias } = fit(messages, sets, terms);
  const kept = (weight: number) => {
    const its = Math.max(-loudest, Math.min(loudest, weight));
    return Number((Math.round(its / held / grain) * grain).toFixed(1));
  };
  const known = terms.map((term, at) => [term, kept(weights[at] ?? 0)] as const).filter(([, weight]) => weight !== 0);
  return { weights: new Map(known), bias: kept(bias) };
}

/** As `prior-terms.txt` holds it. */
export function written({ weights, bias }: Learned): string {
  const lines = new Map<number, string[]>();
  for (const [term, weight] of weights) lines.set(weight, [...(lines.get(weight) ?? []), term]);
  const sorted = [...lines].sort(([left], [right]) => left - right);
  return [`${bias}\tbegin`, ...sorted.map(([weight, terms]) => `${weight}\t${terms.sort().join("|")}`), ""].join("\n");
}

/** The terms of a text and their pairs, each once. */
function termsOf(text: string): Set<string> {
  const terms = new Set<string>();
  eachTerm(readable(text), (term, before) => {
    terms.add(term);
    if (before !== "") terms.add(`${before} ${term}`);
  });
  return terms;
}

function fit(messages: readonly Message[], sets: readonly ReadonlySet<string>[], terms: readonly string[]) {
  const numbers = new Map(terms.map((term, number) => [term, number]));
  const rows = sets.map((set) => [...set].flatMap((term) => numbers.get(term) ?? []));
  const bias = terms.length;
  const weights = new Float64Array(bias + 1);
  const moved = new Float64Array(bias + 1).fill(calm);
  const change = (number: number, slope: number) => {
    const its = slope + restraint * (weights[number] ?? 0);
    moved[number] = (moved[number] ?? 0) + its * its;
    weights[number] = (weights[number] ?? 0) - (step * its) / Math.sqrt(moved[number] ?? 1);
  };
  const dice = seeded(1);
  const order = rows.map((_, at) => at);
  for (let round = 0; round < rounds; round++) {
    shuffle(order, dice);
    for (const at of order) {
      const row = rows[at] ?? [];
      const share = 1 / divisor(row.length);
      const sum = row.reduce((all, number) => all + (weights[number] ?? 0), 0);
      const score = (weights[bias] ?? 0) + sum * share;
      const error = 1 / (1 + Math.exp(-score)) - (messages[at]?.bad ? 1 : 0);
      for (const number of row) change(number, error * share);
      change(bias, error);
    }
  }
  return { weights, bias: weights[bias] ?? 0 };
}

function shuffle(order: number[], dice: (below: number) => number): void {
  for (let at = order.length - 1; at > 0; at--) {
    const other = dice(at + 1);
    [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
  }
}

/** Numbers that look random and are the same each time (a linear congruential generator). */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
