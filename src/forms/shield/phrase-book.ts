import { folded, sentenceEnd } from "./reading.ts";

/** A phrase, and what its owner says about it. */
interface Phrase<Note> {
  readonly index: number;
  readonly text: string;
  readonly note: Note;
  /** What stands in each place, as the number of a place; `gap` for up to four words of any kind. */
  readonly places: readonly number[];
}

export interface Finding<Note> {
  readonly text: string;
  readonly note: Note;
  /** The words it stands at, as `[from, to)`. */
  readonly from: number;
  readonly to: number;
}

export interface PhraseBook<Note> {
  /** Where phrases stand in these words, each a few times at most. */
  find(words: readonly string[]): Finding<Note>[];
  /** Phrases in letters that have no blanks between words, wherever they stand. */
  findWithin(plain: string): Finding<Note>[];
}

/** What is known of a word: the places it fits, and the phrases it may begin. */
interface Known<Note> {
  readonly fits: Set<number>;
  readonly begins: Phrase<Note>[];
}

const gap = -1;
/** As many words may stand in a gap. */
const widest = 4;
/** As often a phrase is found in one text. */
const mostTimes = 3;
/** A word tells by its first letters which beginnings of words it may have. */
const indexed = 2;
const mostRecent = 5000;

const unspaced = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Hang}\p{sc=Arab}]/u;

/** Makes phrases (as `vocabulary.ts` writes them) ready to be looked for in one pass. */
export function openPhraseBook<Note>(written: Iterable<readonly [text: string, note: Note]>): PhraseBook<Note> {
  const exact = new Map<string, Known<Note>>();
  const beginnings = new Map<string, { readonly start: string; readonly known: Known<Note> }[]>();
  const numbers = new Map<string, number>();
  const within: Phrase<Note>[] = [];
  /** Words that came lately, as they were found to be. */
  const recent = new Map<string, Known<Note>>();
  const unknown: Known<Note> = { fits: new Set(), begins: [] };
  let count = 0;

  for (const [text, note] of written) {
    const plain = folded(text);
    const parts = plain.split(" ");
    const phrase = { index: count++, text: plain, note, places: parts.map((it) => (it === ".." ? gap : numberOf(it))) };
    if (unspaced.test(plain)) within.push(phrase);
    else for (const choice of parts[0]?.split("|") ?? []) knownFor(choice).begins.push(phrase);
  }
  // What fits as a beginning fits whole words as well.
  for (const [word, known] of exact) {
    for (const its of startsOf(word)) {
      for (const place of its.fits) known.fits.add(place);
      known.begins.push(...its.begins);
    }
  }

  /** The number of a place, the same for all that ask for the same. */
  function numberOf(choices: string): number {
    let number = numbers.get(choices);
    if (number !== undefined) return number;
    numbers.set(choices, (number = numbers.size));
    for (const choice of choices.split("|")) knownFor(choice).fits.add(number);
    return number;
  }

  function knownFor(choice: string): Known<Note> {
    const fresh: Known<Note> = { fits: new Set(), begins: [] };
    if (!choice.endsWith("*")) {
      const known = exact.get(choice) ?? fresh;
      exact.set(choice, known);
      return known;
    }
    const start = choice.slice(0, -1);
    let bucket = beginnings.get(start.slice(0, indexed));
    if (!bucket) beginnings.set(start.slice(0, indexed), (bucket = []));
    const found = bucket.find((it) => it.start === start);
    if (found) return found.known;
    bucket.push({ start, known: fresh });
    return fresh;
  }

  function startsOf(word: string): Known<Note>[] {
    const found: Known<Note>[] = [];
    for (const { start, known } of beginnings.get(word.slice(0, indexed)) ?? []) {
      if (word.startsWith(start)) found.push(known);
    }
    return found;
  }

  function knownOf(word: string): Known<Note> | undefined {
    const known = exact.get(word) ?? recent.get(word);
    if (known) return known === unknown ? undefined : known;
    // Numbers, of which there is no end, and most names begin as nothing does that is looked for.
    if (!beginnings.has(word.slice(0, indexed))) return undefined;
    const [first, ...more] = startsOf(word);
    const made = first && more.length > 0 ? together([first, ...more]) : first;
    if (recent.size >= mostRecent) recent.clear();
    recent.set(word, made ?? unknown);
    return made;
  }

  function together(all: readonly Known<Note>[]): Known<Note> {
    return { fits: new Set(all.flatMap((it) => [...it.fits])), begins: [...new Set(all.flatMap((it) => it.begins))] };
  }

  return {
    find: (words) => {
      const known = words.map(knownOf);
      const times = new Map<number, number>();
      const found: Finding<Note>[] = [];
      for (let from = 0; from < words.length; from++) {
        for (const { index, places, text, note } of known[from]?.begins ?? []) {
          if ((times.get(index) ?? 0) >= mostTimes) continue;
          const to = endOf(places, words, known, from);
          if (to < 0) continue;
          times.set(index, (times.get(index) ?? 0) + 1);
          found.push({ text, note, from, to });
        }
      }
      return found;
    },
    findWithin: (plain) => {
      if (!unspaced.test(plain)) return [];
      const found = within.filter(({ text }) => plain.includes(text));
      return found.map(({ text, note }) => ({ text, note, from: 0, to: 0 }));
    },
  };
}

/** Where a phrase that begins at a word ends; -1 where it does not stand there. */
function endOf(
  places: readonly number[],
  words: readonly string[],
  known: readonly ({ readonly fits: ReadonlySet<number> } | undefined)[],
  from: number,
): number {
  // That the first word fits is why it is asked.
  let next = from + 1;
  let wide = 0;
  for (let at = 1; at < places.length; at++) {
    const place = places[at] ?? gap;
    if (place === gap) {
      wide = widest;
      continue;
    }
    const last = Math.min(next + wide, words.length - 1);
    while (next <= last && words[next] !== sentenceEnd && !known[next]?.fits.has(place)) next++;
    if (next > last || words[next] === sentenceEnd) return -1;
    next++;
    wide = 0;
  }
  return next;
}
