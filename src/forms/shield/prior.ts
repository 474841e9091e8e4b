import { priorWords } from "./prior-words.ts";
import type { Readable } from "./reading.ts";
import type { Signal } from "./weights.ts";

/** As many words decide: those that say most. Long letters have many that say a little. */
const deciding = 20;
const mostWords = 500;
/** Of long words the start is compared, for the sake of languages that change their ends. */
const stem = 6;

export interface Prior {
  /** How much a text looks like the unwanted messages that everybody gets: above nothing when it does. */
  signals(text: Readable): Signal[];
}

/** What is known of words before an owner has taught anything: the odds that a message with them is unwanted, as logarithms. */
export function openPrior(): Prior {
  let odds: ReadonlyMap<string, number> | undefined;
  return {
    signals: (text) => {
      odds ??= new Map(
        Object.entries(priorWords).flatMap(([value, words]) =>
          words.split(" ").map((it) => [it, Number(value)] as const),
        ),
      );
      const known: [word: string, odds: number][] = [];
      for (const word of featuresOf(text)) {
        const its = odds.get(word);
        if (its !== undefined) known.push([word, its]);
      }
      known.sort((left, right) => Math.abs(right[1]) - Math.abs(left[1]));
      const strongest = known.slice(0, deciding);
      const sum = strongest.reduce((total, [, its]) => total + its, 0);
      const amount = sum > 0 ? Math.min(4.5, 0.7 * Math.max(0, sum - 2)) : Math.max(-2, 0.3 * sum);
      if (Math.abs(amount) < 0.1) return [];
      const words = strongest.filter(([, its]) => its > 0 === sum > 0).slice(0, 5);
      const detail = words.map(([word]) => word).join(", ");
      return [{ reason: sum > 0 ? "usual_in_spam" : "usual_in_letters", amount: Math.abs(amount), detail }];
    },
  };
}

const unspaced = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Hang}]/u;

/** What counts of a text: each word once, numbers as one, pairs of letters where words have no blanks, and how it is said. */
export function featuresOf({ plain, words }: Readable): ReadonlySet<string> {
  const features = new Set<string>();
  const isUnspaced = unspaced.test(plain);
  for (const word of words.slice(0, mostWords)) {
    if (word === ".") continue;
    if (word >= "0" && word < ":") features.add("0");
    else if (isUnspaced && unspaced.test(word)) {
      for (let at = 0; at + 1 < word.length; at++) features.add(word.slice(at, at + 2));
    } else features.add(word.slice(0, stem));
  }
  if (plain.includes("?")) features.add("?");
  if (plain.includes("!")) features.add("!");
  return features;
}
