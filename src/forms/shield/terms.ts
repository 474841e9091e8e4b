import { type Readable, sentenceEnd } from "./reading.ts";

/** As many words are looked at of a text's beginning, and as many of its end. */
const most = 300;

const unspaced = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]/u;
/** Of words without blanks between them, pieces of up to so many letters. */
const longestPiece = 3;

/**
 * Calls `found` for each term of a text: a word, with the one before it in the same sentence, `""` for none. Numbers are all one
 * term. Where words have no blanks between them, the pieces of one to three letters are terms by themselves. That something is asked
 * or called out is a term, too.
 */
export function eachTerm({ words, asks, calls }: Readable, found: (term: string, before: string) => void): void {
  let before = "";
  for (let at = 0; at < words.length; at++) {
    if (at === most && words.length > 2 * most) {
      at = words.length - most;
      before = "";
    }
    const word = words[at] ?? "";
    if (word === sentenceEnd) before = "";
    else if (word >= "\u0e00" && unspaced.test(word)) {
      eachPiece(word, (piece) => found(piece, ""));
      before = "";
    } else {
      const term = word >= "0" && word < ":" ? "0" : word;
      found(term, before);
      before = term;
    }
  }
  if (asks) found("?", "");
  if (calls) found("!", "");
}

function eachPiece(word: string, found: (piece: string) => void): void {
  for (let length = 1; length <= longestPiece; length++) {
    for (let at = 0; at + length <= word.length; at++) found(word.slice(at, at + length));
  }
}
