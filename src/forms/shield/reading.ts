import { writtenLink } from "./links.ts";

/**
 * Characters that nobody sees and that no language needs inside a word, soft hyphens that come with copied texts, and joiners where the
 * letters beside them do not join.
 */
const invisible =
  /[\u{200b}\u{2060}-\u{2064}\u{feff}\u{180e}\u{00ad}\u{e0000}-\u{e007f}]|(?<=[a-z])[\u{200c}-\u{200f}]+(?=[a-z])/gu;
/** More marks than any letter bears: to put them in order takes time that grows with their square. */
const piledUp = /(\p{M}{4})\p{M}+/gu;

const lookalikes: Readonly<Record<string, string>> = {
  ...{
    а: "a",
    в: "b",
    с: "c",
    ԁ: "d",
    е: "e",
    ғ: "f",
    ɡ: "g",
    н: "h",
    і: "i",
    ј: "j",
    к: "k",
    ӏ: "l",
    м: "m",
    п: "n",
    о: "o",
  },
  ...{
    р: "p",
    ԛ: "q",
    г: "r",
    ѕ: "s",
    т: "t",
    у: "y",
    ѵ: "v",
    ԝ: "w",
    х: "x",
    α: "a",
    β: "b",
    ε: "e",
    ι: "i",
    κ: "k",
    ν: "v",
  },
  ...{ ο: "o", ρ: "p", τ: "t", υ: "u", χ: "x", η: "n" },
};

/** Letters that are no letter with an accent to Unicode, but to whoever types without it. */
const unaccented: Readonly<Record<string, string>> = { ł: "l", ı: "i", ø: "o", đ: "d", ß: "ss", æ: "ae", œ: "oe" };

const disguisedLetters: Readonly<Record<string, string>> = {
  0: "o",
  1: "i",
  3: "e",
  4: "a",
  5: "s",
  7: "t",
  "@": "a",
  $: "s",
};

/** The word that stands for the end of a sentence. */
export const sentenceEnd = ".";

export interface Readable {
  readonly plain: string;
  /** The words outside of links and mail addresses, and the ends of sentences. */
  readonly words: readonly string[];
  readonly asks: boolean;
  readonly calls: boolean;
}

const ends: ReadonlySet<string> = new Set([".", "!", "?", ";"]);
/** Greek and Cyrillic, of whose letters many look like Latin ones. */
export const foreign = /[\u{370}-\u{52f}]/u;
const eachForeign = new RegExp(foreign, "gu");
const longestOnAverage = 40;
/** As many words are read of one answer. */
const mostWords = 2000;

/** What leads somewhere: how it is spelt says little about who wrote it. */
const mailbox = /[^\s@]{1,64}@[^\s@]{1,255}/g;
const mayBeAddress = /\S[.@:]\S/;

const plainWords = /[a-z0-9]+|[%$]|[.!?;](?=\s)/g;
const anyWords = /[\p{L}\p{N}]+|[%$€£₽]|[.!?;](?=\s)/gu;
const beyondAscii = /[^\0-\x7f]/;

/**
 * A text as a reader takes it: in lower case, without accents, and with what was put in to hide a word taken out. Most is ASCII, and
 * has nothing hidden: what it lacks is not looked for a second time.
 */
export function readable(text: string, most = mostWords): Readable {
  const folding = folded(text);
  const plain = revealed(folding);
  const prose = unmixed((mayBeAddress.test(plain) ? withoutAddresses(plain) : plain).slice(0, most * longestOnAverage));
  const isPlain = !beyondAscii.test(prose);
  const found = prose.match(isPlain ? plainWords : anyWords) ?? [];
  const words: string[] = [];
  for (const word of found) {
    if (words.length === most) break;
    if (!ends.has(word)) words.push(word);
    else if (words.at(-1) !== sentenceEnd) words.push(sentenceEnd);
  }
  return { plain, words, asks: prose.includes("?"), calls: prose.includes("!") };
}

function withoutAddresses(plain: string): string {
  const rest = plain.includes("@") ? plain.replace(mailbox, ". ") : plain;
  return rest.replace(writtenLink, ". ");
}

/** In lower case, and without what people leave out when they type. */
export function folded(text: string): string {
  let plain = text.toLowerCase();
  if (beyondAscii.test(plain)) {
    plain = plain.replace(invisible, "").replace(piledUp, "$1");
    plain = plain.normalize("NFKD").replace(/\p{M}/gu, "").normalize("NFC").toLowerCase();
    plain = plain.replace(/[łıøđßæœ]/g, (letter) => unaccented[letter] ?? letter);
  }
  return plain.replace(/['’`´]/g, "");
}

function revealed(text: string): string {
  let plain = text;
  if (/[a-z][01345@$7]/.test(plain)) {
    plain = plain.replace(/(?<=[a-z])[01345@$7]+(?=[a-z])/g, (hidden) =>
      hidden.length > 2 ? hidden : [...hidden].map((it) => disguisedLetters[it] ?? it).join(""),
    );
  }
  // s.e.o and v i a g r a
  if (!/[a-z][ .\-_*|][a-z][ .\-_*|][a-z](?![a-z])/.test(plain)) return plain;
  return plain.replace(/(?<![a-z])(?:[a-z][ .\-_*|]){2,20}[a-z](?![a-z])/g, (spaced) => spaced.replace(/[^a-z]/g, ""));
}

/** Words in Latin letters among which others stand, in Latin letters alone. */
function unmixed(text: string): string {
  if (!foreign.test(text) || !/[a-z]/.test(text)) return text;
  // One letter after another: to look ahead from each for a Latin one takes time that grows with the square of a word.
  return text.replace(/\p{L}+/gu, (word) =>
    foreign.test(word) && /[a-z]/.test(word) ? word.replace(eachForeign, (it) => lookalikes[it] ?? it) : word,
  );
}

/** A text to look for words in, or a word to be looked for: as `folded`, with letters of one script in a word, and single blanks. */
export function spelt(text: string): string {
  return unmixed(folded(text)).replace(/\s+/g, " ");
}
