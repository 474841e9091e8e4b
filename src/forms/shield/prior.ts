import said from "./prior-terms.txt" with { type: "text" };
import type { Readable } from "./reading.ts";
import { eachTerm } from "./terms.ts";
import { WeightTable } from "./weight-table.ts";
import type { Signal } from "./weights.ts";

/** Scores above this say something; at 1 they count so much that a message is held for its words alone. */
const silent = 0.2;
const points = 5;
const mostPoints = 8;
/** Of a text of whose terms less is known nothing is said, and from so much on all: a language may hardly have been learned. */
const [few, enough] = [0.4, 0.7];

export interface Prior {
  /** How much a text reads like the unwanted messages that everybody gets. */
  signals(text: Readable): Signal[];
}

/** How much each term, and each two that follow one another, speak for spam; where counting begins. */
interface Known {
  readonly weights: Pick<WeightTable, "get">;
  readonly begin: number;
}

/**
 * What is known of words before an owner has taught anything: logistic regression over words and pairs of words, learned from the
 * messages in `tests/spam` by the program beside them. It is a sum of numbers, all of which can be read in `prior-terms.txt`.
 */
export function openPrior(lines: string = said): Prior {
  let known: Known | undefined;
  return {
    signals: (text) => {
      // Reading it takes some milliseconds, which no start has to wait for.
      known ??= knownFrom(lines);
      const score = scoreOf(known, text);
      if (score <= silent) return [];
      const amount = Math.min((points * (score - silent)) / (1 - silent), mostPoints);
      return [{ reason: "usual_in_spam", amount, detail: tellingOf(known, text) }];
    },
  };
}

/** By how much the sum of so many terms is divided: a long text has more of everything. */
export function divisor(terms: number): number {
  return Math.max(3, Math.sqrt(terms));
}

function scoreOf({ weights, begin }: Known, text: Readable): number {
  const counted = new Set<number>();
  let [sum, terms, understood] = [0, 0, 0];
  const add = (key: number): boolean => {
    const weight = weights.get(key);
    if (weight === undefined) return false;
    if (!counted.has(key)) sum += weight;
    counted.add(key);
    return true;
  };
  let last = 0;
  eachTerm(text, (term, before) => {
    const key = keyOf(term);
    terms++;
    if (add(key)) understood++;
    if (before !== "") add(pairOf(last, key));
    last = key;
  });
  const share = understood / Math.max(1, terms);
  const sure = Math.min(1, Math.max(0, share - few) / (enough - few));
  return sure * (begin + sum / divisor(counted.size));
}

/** Numbers, which are all one, and signs would tell an owner nothing. */
const isWords = /^\p{L}[\p{L}\p{N}]*(?: \p{L}[\p{L}\p{N}]*)?$/u;

/** The words that say most, for an owner to read. */
function tellingOf({ weights }: Known, text: Readable): string {
  const found = new Map<string, number>();
  eachTerm(text, (term, before) => {
    found.set(term, weights.get(keyOf(term)) ?? 0);
    if (before !== "") found.set(`${before} ${term}`, weights.get(pairOf(keyOf(before), keyOf(term))) ?? 0);
  });
  const sorted = [...found].filter(([term, weight]) => weight > 0 && isWords.test(term));
  sorted.sort(([, left], [, right]) => right - left);
  const most: string[] = [];
  for (const [term] of sorted) {
    // A word that stands in one of the pairs is not said twice.
    if (most.length < 5 && !most.some((it) => it.split(" ").some((word) => term.split(" ").includes(word))))
      most.push(term);
  }
  return most.join(", ").slice(0, 200);
}

/** Each line has a number and the terms that it stands for; the first one says where counting begins. */
function knownFrom(lines: string): Known {
  const weights = new WeightTable();
  let begin = 0;
  for (const line of lines.split("\n")) {
    const [number = "", terms = ""] = line.split("\t");
    if (terms === "begin") begin = Number(number);
    else for (const term of terms.split("|")) weights.set(keyOfEntry(term), Number(number));
  }
  return { weights, begin };
}

function keyOfEntry(entry: string): number {
  const [first = "", second] = entry.split(" ");
  return second === undefined ? keyOf(first) : pairOf(keyOf(first), keyOf(second));
}

/** FNV-1a (Fowler, Noll and Vo). Among 50,000 entries one strange term in 80,000 is taken for a known one. */
function keyOf(term: string): number {
  let key = 0x811c9dc5;
  for (let at = 0; at < term.length; at++) key = Math.imul(key ^ term.charCodeAt(at), 0x01000193);
  return key;
}

function pairOf(first: number, second: number): number {
  return Math.imul(first ^ (first >>> 15), 0x9e3779b1) ^ second;
}
