import { Lru } from "../../lib/lru.ts";
import type { Reading, Unit } from "../../store/engine.ts";
import { sql } from "../../store/sql.ts";
import { linksIn } from "./links.ts";
import { readable } from "./reading.ts";
import { mailboxes } from "./sites.ts";
import type { TypedText } from "./texts.ts";
import type { Signal } from "./weights.ts";

export type Lesson = "spam" | "good";

/** What owners have taught by calling answers spam or good, word by word, for each form by itself (naive Bayes). */
export interface Learned {
  /** Takes one answer as a lesson, in the unit in which its owner marks it. */
  learn(tx: Unit, form: string, texts: readonly TypedText[], lesson: Lesson): Promise<void>;
  /** Takes a lesson back: before the other one is learned. */
  unlearn(tx: Unit, form: string, texts: readonly TypedText[], lesson: Lesson): Promise<void>;
  /** What the lessons say about an answer: nothing until there are some of both. */
  signals(form: string, texts: readonly TypedText[], moment: number): Promise<Signal[]>;
}

/** So many lessons of each before any of them count, and so many before they count in full. */
const fewest = 3;
const enough = 10;
const mostWords = 200;
const mostKept = 5000;
const longestWord = 40;
/** As many words decide: those that say most. */
const deciding = 15;

const mostForms = 50;
/** Milliseconds until the counts are read again: another process may have learned. */
const trusted = 60_000;

/** Under this word stands how many lessons there were. */
const lessons = "";

interface Counts {
  readonly spam: number;
  readonly good: number;
}

interface Row extends Counts {
  readonly word: string;
}

interface Known {
  readonly read: number;
  readonly words: ReadonlyMap<string, Counts>;
}

export function openLearned(store: Reading): Learned {
  const known = new Lru<string, Known>(mostForms);

  async function wordsOf(form: string, moment: number): Promise<Known["words"]> {
    const last = known.get(form);
    if (last && Math.abs(moment - last.read) < trusted) return last.words;
    const rows = await store.all<Row>(sql`SELECT word, spam, good FROM _words WHERE form = ${form}`);
    const words = new Map(rows.map(({ word, spam, good }) => [word, { spam: Number(spam), good: Number(good) }]));
    known.set(form, { read: moment, words });
    return words;
  }

  return {
    learn: async (tx, form, texts, lesson) => {
      const [spam, good] = lesson === "spam" ? [1, 0] : [0, 1];
      for (const word of [lessons, ...tokensOf(texts)]) {
        await tx.run(
          sql`INSERT INTO _words (form, word, spam, good) VALUES (${form}, ${word}, ${spam}, ${good})
              ON CONFLICT (form, word) DO UPDATE SET spam = _words.spam + excluded.spam, good = _words.good + excluded.good`,
        );
      }
      await prune(tx, form);
      known.delete(form);
    },

    unlearn: async (tx, form, texts, lesson) => {
      const [spam, good] = lesson === "spam" ? [1, 0] : [0, 1];
      for (const word of [lessons, ...tokensOf(texts)]) {
        await tx.run(
          sql`UPDATE _words SET spam = CASE WHEN spam > ${spam} THEN spam - ${spam} ELSE 0 END,
                                good = CASE WHEN good > ${good} THEN good - ${good} ELSE 0 END
              WHERE form = ${form} AND word = ${word}`,
        );
      }
      await tx.run(sql`DELETE FROM _words WHERE form = ${form} AND spam = 0 AND good = 0`);
      known.delete(form);
    },

    signals: async (form, texts, moment) => {
      const last = known.get(form);
      const words = last && moment - last.read < trusted ? last.words : await wordsOf(form, moment);
      const all = words.get(lessons);
      if (!all || all.spam < fewest || all.good < fewest) return [];
      return opinion(tokensOf(texts), words, all);
    },
  };
}

async function prune(tx: Unit, form: string): Promise<void> {
  const [count] = await tx.all<{ words: number }>(sql`SELECT count(*) AS words FROM _words WHERE form = ${form}`);
  const surplus = Number(count?.words ?? 0) - mostKept;
  if (surplus <= 0) return;
  await tx.run(
    sql`DELETE FROM _words WHERE form = ${form} AND word IN
          (SELECT word FROM _words WHERE form = ${form} AND word <> ${lessons} ORDER BY spam + good, word LIMIT ${surplus})`,
  );
}

/** Adds up what the words say that say most; a word seen once says less than one seen often. */
function opinion(tokens: readonly string[], words: Known["words"], all: Counts): Signal[] {
  const said = tokens.flatMap((word) => {
    const its = words.get(word);
    if (!its) return [];
    const [spam, good] = [its.spam / all.spam, its.good / all.good];
    const seen = its.spam + its.good;
    const share = (0.5 + seen * (spam / (spam + good))) / (1 + seen);
    return [{ word, odds: Math.log(share / (1 - share)) }];
  });
  said.sort((left, right) => Math.abs(right.odds) - Math.abs(left.odds));
  const strongest = said.slice(0, deciding);
  const sum = strongest.reduce((total, { odds }) => total + odds, 0);
  const sure = Math.min(1, Math.min(all.spam, all.good) / enough);
  // From e¹ to one, hardly an opinion, to e⁴ to one, a clear one.
  const amount = Math.round(100 * sure * Math.min(1, Math.max(0, (Math.abs(sum) - 1) / 3))) / 100;
  if (amount === 0) return [];
  const detail = strongest
    .filter(({ odds }) => odds > 0 === sum > 0)
    .slice(0, 5)
    .map(({ word }) => word)
    .join(", ");
  return [{ reason: sum > 0 ? "learned_spam" : "learned_good", amount, detail }];
}

/** What is learned of an answer: its words, pairs of letters where words have no blanks between them, and the sites it names. */
function tokensOf(texts: readonly TypedText[]): string[] {
  const tokens = new Set<string>();
  for (const { role, text } of texts) {
    if (role === "email") {
      const site = text
        .slice(text.lastIndexOf("@") + 1)
        .trim()
        .toLowerCase();
      if (site !== "" && site.length <= longestWord && !mailboxes.has(site)) tokens.add(`@${site}`);
      continue;
    }
    if (role === "name" || role === "phone") continue;
    for (const { site } of linksIn(text)) if (site.length <= longestWord) tokens.add(`//${site}`);
    for (const word of readable(text, 4 * mostWords).words) {
      if (/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Hang}]/u.test(word)) {
        for (let at = 0; at + 1 < word.length && at < mostWords; at++) tokens.add(word.slice(at, at + 2));
      } else if (word.length > 2 && word.length <= longestWord) tokens.add(word);
    }
  }
  return [...tokens].slice(0, mostWords);
}
