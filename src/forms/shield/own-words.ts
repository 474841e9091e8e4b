import { spelt } from "./reading.ts";

const spelled = new WeakMap<readonly string[], readonly Phrase[]>();

/** A word, or several in a row, as an owner wrote it and as it is looked for. */
interface Phrase {
  readonly written: string;
  readonly text: string;
}

const spacedStart = /^[\p{sc=Latin}\p{sc=Cyrl}\p{sc=Grek}\p{N}]/u;
const spacedEnd = /[\p{sc=Latin}\p{sc=Cyrl}\p{sc=Grek}\p{N}]$/u;
const partOfWord = /[\p{L}\p{N}]/u;

/** Those of an owner's phrases that stand in one of the texts, which are `spelt`. */
export function foundIn(texts: string, phrases: readonly string[]): string[] {
  return phrasesOf(phrases).flatMap(({ written, text }) => (placeOf(texts, text, 0) < 0 ? [] : [written]));
}

/** A text without an owner's phrases, as it is `spelt`; the end of a sentence stands in the place of each. */
export function without(text: string, phrases: readonly string[]): string {
  // The longest first: of two that begin alike, the one that is there as a whole.
  const longestFirst = phrasesOf(phrases).toSorted((left, right) => right.text.length - left.text.length);
  return longestFirst.reduce((rest, phrase) => cutOut(rest, phrase.text), spelt(text));
}

function phrasesOf(phrases: readonly string[]): readonly Phrase[] {
  let known = spelled.get(phrases);
  if (!known) {
    known = phrases.map((written) => ({ written, text: spelt(written.trim()) })).filter(({ text }) => text !== "");
    spelled.set(phrases, known);
  }
  return known;
}

function cutOut(text: string, phrase: string): string {
  let [rest, from] = ["", 0];
  for (let at = placeOf(text, phrase, 0); at >= 0; at = placeOf(text, phrase, from)) {
    rest += `${text.slice(from, at)}. `;
    from = at + phrase.length;
  }
  return from === 0 ? text : rest + text.slice(from);
}

/** Where it stands next, as words of their own where they are written in letters that have blanks between words; -1 for nowhere. */
function placeOf(text: string, phrase: string, from: number): number {
  for (let at = text.indexOf(phrase, from); at >= 0; at = text.indexOf(phrase, at + 1)) {
    const goesOnBefore = spacedStart.test(phrase) && partOfWord.test(text[at - 1] ?? " ");
    const goesOnAfter = spacedEnd.test(phrase) && partOfWord.test(text[at + phrase.length] ?? " ");
    if (!goesOnBefore && !goesOnAfter) return at;
  }
  return -1;
}
