import { featuresOf } from "../src/forms/shield/prior.ts";
import { readable } from "../src/forms/shield/reading.ts";
import { bad, good, type Sample } from "./spam-corpus.ts";
import type { Held } from "./spam-held-out.ts";
import { styles } from "./spam-blind.ts";
import { proseBad, proseGood } from "./spam-prose.ts";

/** A word that stands in one message says a little less than nothing is known of it. */
const doubt = 0.8;

/** Counts the words of what is good and bad here: the odds of each, to a half, as `prior-words.ts` holds them. */
export function countPrior(): Record<string, string> {
  const letters = [...proseGood, ...once(good, "good"), ...styles.flatMap((style) => style.good.map(messageOf))];
  const spam = [...proseBad, ...once(bad, "prose"), ...styles.flatMap((style) => style.bad.map(messageOf))];
  const counts = new Map<string, { good: number; bad: number }>();
  const count = (texts: readonly string[], kind: "good" | "bad") => {
    for (const text of texts) {
      for (const word of featuresOf(readable(text, 2000))) {
        const its = counts.get(word) ?? { good: 0, bad: 0 };
        its[kind]++;
        counts.set(word, its);
      }
    }
  };
  count(letters, "good");
  count(spam, "bad");
  const byOdds = new Map<number, string[]>();
  for (const [word, its] of counts) {
    const share = (part: number, all: number) => (part + doubt) / (all + 2 * doubt);
    const odds = Math.round(2 * Math.log(share(its.bad, spam.length) / share(its.good, letters.length))) / 2;
    if (odds !== 0) byOdds.set(odds, [...(byOdds.get(odds) ?? []), word]);
  }
  return Object.fromEntries(
    [...byOdds].sort(([left], [right]) => left - right).map(([odds, words]) => [String(odds), words.sort().join(" ")]),
  );
}

function once(samples: readonly Sample[], kind: string): string[] {
  const its = samples.filter((sample) => sample.kind.startsWith(kind));
  return [...new Map(its.map((sample) => [sample.kind, sample.fields["message"] ?? ""])).values()];
}

function messageOf(sample: string | Held): string {
  return typeof sample === "string" ? sample : sample[2];
}
