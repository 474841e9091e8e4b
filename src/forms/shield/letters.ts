import { foreign } from "./reading.ts";
import type { TypedText } from "./texts.ts";
import type { Signal } from "./weights.ts";

const latin = /[a-z]/iu;
const eitherOne = /[a-z\u{370}-\u{52f}]{3,40}/giu;
const purelyForeign = /(?<![a-z])[\u{370}-\u{52f}]{3,}(?![a-z])/iu;

/** In the middle of a word; joiners that some scripts need, only between letters of one that does not. */
const hidden =
  /(?<=\p{L})[\u{200b}\u{2060}-\u{2064}\u{feff}\u{e0000}-\u{e007f}](?=\p{L})|(?<=[a-z])[\u{200c}-\u{200f}](?=[a-z])/giu;
const turned = /[\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu;
const turnedScripts = /[\p{sc=Arab}\p{sc=Hebr}]/u;

/** Letters that are there to deceive: of two scripts in one word, and such as nobody sees. */
export function letterSignals(texts: readonly TypedText[]): Signal[] {
  const signals: Signal[] = [];
  const words: string[] = [];
  let unseen = 0;
  for (const { text } of texts) {
    if (!/[^\0-\x7f]/.test(text)) continue;
    if (foreign.test(text)) {
      const bilingual = purelyForeign.test(text);
      for (const word of mixedIn(text)) if (words.length < 50 && (!bilingual || isWoven(word))) words.push(word);
    }
    unseen += count(text, hidden);
    if (!turnedScripts.test(text)) unseen += count(text, turned);
  }
  if (words.length > 0) {
    signals.push({
      reason: "letters_mixed",
      amount: Math.min(1 + words.length, 5),
      detail: words.slice(0, 3).join(", "),
    });
  }
  if (unseen > 0) signals.push({ reason: "letters_invisible", amount: unseen < 3 ? 1 : 1.7, detail: String(unseen) });
  return signals;
}

/** The parts of words, as long as letters of both scripts are to come: found without looking ahead from each letter. */
function* mixedIn(text: string): Iterable<string> {
  for (const [word] of text.matchAll(/\p{L}+/gu)) {
    const last = Math.min(lastOf(word, latin), lastOf(word, foreign));
    for (const { 0: part, index } of last < 0 ? [] : word.matchAll(eitherOne)) {
      if (index > last) break;
      yield part;
    }
  }
}

function lastOf(word: string, letter: RegExp): number {
  let at = word.length - 1;
  while (at >= 0 && !letter.test(word[at] ?? "")) at--;
  return at;
}

/** Not an ending on a foreign word (`pdf` with a Russian one), as people write who use both scripts. */
function isWoven(word: string): boolean {
  let changes = 0;
  for (let at = 1; at < word.length; at++)
    if (foreign.test(word[at] ?? "") !== foreign.test(word[at - 1] ?? "")) changes++;
  return changes > 1;
}

function count(text: string, pattern: RegExp): number {
  let found = 0;
  for (const _ of text.matchAll(pattern)) if (++found >= 100) break;
  return found;
}
