import { type Finding, openPhraseBook, type PhraseBook } from "./phrase-book.ts";
import type { Readable } from "./reading.ts";
import type { Signal } from "./weights.ts";
import { english, type Part, parts, type Topic, topics, type Vocabulary } from "./vocabulary.ts";
import { families } from "./vocabulary-families.ts";
import { worldwide } from "./vocabulary-world.ts";

type Heading = Topic | Part | "asks";

/** What a phrase counts, and for what. */
interface Note {
  readonly heading: Heading;
  readonly points: number;
}

/** Of one heading no more than this counts, however often it is said. */
const mostPoints: Readonly<Record<Heading, number>> = {
  ...{ money: 6, gambling: 6, medicine: 6, adult: 6, fraud: 6, goods: 6, ranking: 6, placement: 6, praise: 4 },
  ...{ seller: 2, target: 2, hype: 2, call: 2, asks: 4 },
};

export interface Wording {
  /** What a text says that unwanted messages say. */
  signals(text: Readable): Signal[];
}

/** The vocabularies, ready to be looked for. */
export function openWording(): Wording {
  // Reading the vocabularies takes a few milliseconds, which no start has to wait for.
  let book: PhraseBook<Note> | undefined;
  return {
    signals: ({ plain, words }) => {
      book ??= openPhraseBook(phrases());
      const found = new Map<Heading, Found>();
      for (const finding of settled([...book.find(words), ...book.findWithin(plain)])) note(found, finding, words);
      return signalsOf(found);
    },
  };
}

/** Of phrases that claim the same words under one heading the one worth most stands; each phrase counts once. */
function settled(findings: Finding<Note>[]): Finding<Note>[] {
  findings.sort((left, right) => right.note.points - left.note.points || left.from - right.from);
  const standing: Finding<Note>[] = [];
  const taken = new Map<Heading, Set<number>>();
  const counted = new Set<string>();
  for (const finding of findings) {
    const { heading } = finding.note;
    let its = taken.get(heading);
    if (!its) taken.set(heading, (its = new Set()));
    const key = `${heading} ${finding.text}`;
    if (counted.has(key) || isTaken(its, finding)) continue;
    for (let at = finding.from; at < finding.to; at++) its.add(at);
    counted.add(key);
    standing.push(finding);
  }
  return standing;
}

function isTaken(words: ReadonlySet<number>, { from, to }: Finding<Note>): boolean {
  for (let at = from; at < to; at++) if (words.has(at)) return true;
  return false;
}

function note(found: Map<Heading, Found>, { text, note, from, to }: Finding<Note>, words: readonly string[]): void {
  const its = found.get(note.heading) ?? { points: 0, most: 0, texts: [] };
  its.points += note.points;
  its.most = Math.max(its.most, note.points);
  its.texts.push(to > from ? words.slice(from, to).join(" ") : text);
  found.set(note.heading, its);
}

/** What was found under one heading. */
interface Found {
  points: number;
  most: number;
  readonly texts: string[];
}

function signalsOf(found: ReadonlyMap<Heading, Found>): Signal[] {
  const signals: Signal[] = [];
  if (found.size === 0) return signals;
  const amountOf = (heading: Heading) => Math.min(found.get(heading)?.points ?? 0, mostPoints[heading]);
  for (const topic of topics) {
    // Words that everybody uses say little where nothing stronger is beside them.
    const amount = amountOf(topic) * ((found.get(topic)?.most ?? 0) < 2 ? 0.5 : 1);
    if (amount > 0) signals.push({ reason: `words_${topic}`, amount, detail: said(found.get(topic)?.texts ?? []) });
  }
  const present = parts.filter((part) => amountOf(part) >= 1);
  const letter = parts.reduce((sum, part) => sum + amountOf(part), 0) * (shares[present.length] ?? 1);
  if (letter > 0) {
    const texts = parts.flatMap((part) => found.get(part)?.texts ?? []);
    signals.push({ reason: "words_offer", amount: letter, detail: said(texts) });
  }
  const subjects = topics.reduce((sum, topic) => sum + amountOf(topic), 0) - amountOf("praise");
  const wishes = amountOf("asks");
  // Who asks an agency about its trade uses the words of those who offer it; who wants nothing for himself, sells.
  const trade = letter + amountOf("ranking");
  const wares = amountOf("goods") + amountOf("money") + amountOf("medicine") + amountOf("gambling");
  const sells = amountOf("seller") >= 1.4 ? 0.4 : 1;
  const asks = sells * Math.min(wishes, 0.7 * trade + 0.25 * wares);
  if (asks > 0) signals.push({ reason: "asks", amount: asks, detail: said(found.get("asks")?.texts ?? []) });
  const pushed = 0.4 * subjects + 0.2 * letter;
  if (wishes === 0 && pushed >= 0.5) signals.push({ reason: "asks_nothing", amount: Math.min(pushed, 2.5) });
  return signals;
}

/** What a letter's parts count, by how many of them there are: one alone says little. */
const shares = [0.2, 0.35, 0.7, 1, 1.1];

/** The first few, for an owner to read. */
function said(texts: readonly string[]): string {
  return texts.slice(0, 5).join(", ").slice(0, 200);
}

function* phrases(): Iterable<readonly [text: string, note: Note]> {
  for (const vocabulary of [english, ...families, ...worldwide]) {
    for (const heading of [...topics, ...parts, "asks"] as const) {
      for (const [points, ...texts] of vocabulary[heading] ?? []) {
        for (const text of texts) yield [text, { heading, points }];
      }
    }
  }
}
