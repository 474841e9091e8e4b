import { Lru } from "../../lib/lru.ts";
import type { Look } from "./judge.ts";
import type { TypedText } from "./texts.ts";
import type { Signal } from "./weights.ts";

/** What came before, as far as this process remembers: the latest, as hashes. */
export interface Repeats {
  /** What is noticed about an answer by what came before it. */
  signals(look: Look): Signal[];
  /** Whether an answer with this token is remembered. */
  knows(nonce: string): boolean;
  remember(look: Look): void;
}

/** By what one answer is told from another: hashes. */
export interface Imprint {
  /** The form and all that was typed. */
  readonly answer: number;
  /** The message; nothing where it is short. */
  readonly message: number | undefined;
  /** What messages have in common that a program made of one: how they begin and how they end, numbers aside. */
  readonly alike: readonly number[];
  /** The address it was sent with, in lower case. */
  readonly sender: string;
}

const mostAnswers = 20_000;
const mostMessages = 10_000;
const mostTokens = 5000;
const mostAddresses = 10_000;
const mostAlikes = 20_000;
/** As many forms, senders and addresses are told apart for one message. */
const mostTold = 10;

const hour = 60 * 60 * 1000;
const answersLast = hour;
const messagesLast = 24 * hour;
const addressesLast = hour / 6;

/** Shorter messages are the same by chance. */
const shortest = 40;
/** So many come from one address in ten minutes where it is one person's, and so many where a crowd is behind it. */
const usualFromOne = 20;
const usualOfCrowd = 600;
/** So many words a crowd does not begin, or end, with in the same way. */
const wordsAlike = 8;
/** As many characters of a message's start, and of its end, are compared. */
const mostAlike = 200;

interface Message {
  since: number;
  readonly forms: string[];
  readonly senders: string[];
  readonly addresses: string[];
}

export function openRepeats(): Repeats {
  const answers = new Lru<number, { since: number; times: number }>(mostAnswers);
  const messages = new Lru<number, Message>(mostMessages);
  const tokens = new Lru<string, { readonly times: number; readonly print: Print }>(mostTokens);
  const addresses = new Lru<string, { since: number; times: number }>(mostAddresses);
  const alikes = new Lru<number, { since: number; times: number }>(mostAlikes);

  /** What is remembered under a key, unless that was too long ago. */
  function fresh<Key, Item extends { since: number }>(known: Lru<Key, Item>, key: Key, last: number, now: number) {
    const item = known.get(key);
    return item && now - item.since < last ? item : undefined;
  }

  return {
    knows: (nonce) => nonce !== "" && tokens.get(nonce) !== undefined,

    signals: ({ form, texts, visit, imprint, token: { nonce } }) => {
      const signals: Signal[] = [];
      const used = nonce === "" ? undefined : tokens.get(nonce);
      if (used) {
        const its = printOf(texts);
        const same = its.all === used.print.all;
        // A double click is answered like the first; who goes back to correct something leaves most as it was.
        if (!same)
          signals.push({
            reason: used.times > 1 || !isCorrected(used.print, its) ? "token_used" : "token_again",
            amount: 1,
          });
      }
      const times = fresh(answers, imprint.answer, answersLast, visit.moment)?.times ?? 0;
      if (times > 1) signals.push({ reason: "same_answer", amount: Math.min(times - 1, 6), detail: String(times + 1) });
      const key = imprint.message;
      const message = key === undefined ? undefined : fresh(messages, key, messagesLast, visit.moment);
      const amount = message ? spread(message, form.id, imprint.sender, visit.address) : 0;
      if (amount > 0) signals.push({ reason: "same_message", amount });
      if (visit.address !== "") fromOne(signals, visit.address, imprint, visit.moment);
      return signals;
    },

    remember: ({ form, texts, visit, imprint, token: { nonce } }) => {
      const now = visit.moment;
      if (nonce !== "") tokens.set(nonce, { times: (tokens.get(nonce)?.times ?? 0) + 1, print: printOf(texts) });
      count(answers, imprint.answer, answersLast, now);
      if (visit.address !== "") {
        count(addresses, visit.address, addressesLast, now);
        for (const key of imprint.alike) count(alikes, key, addressesLast, now);
      }
      const key = imprint.message;
      if (key === undefined) return;
      let message = fresh(messages, key, messagesLast, now);
      if (!message) {
        message = { since: now, forms: [], senders: [], addresses: [] };
        messages.set(key, message);
      }
      tell(message.forms, form.id);
      tell(message.senders, imprint.sender);
      tell(message.addresses, visit.address);
    },
  };

  /** Behind a proxy nobody has told of, everybody has one address: its crowd writes much, but not the same. */
  function fromOne(signals: Signal[], address: string, imprint: Imprint, now: number): void {
    let alike = 0;
    for (const key of imprint.alike) alike = Math.max(alike, fresh(alikes, key, addressesLast, now)?.times ?? 0);
    const surplus = alike - usualFromOne + 2;
    if (surplus > 0)
      signals.push({ reason: "alike_from_one", amount: Math.min(surplus / 8, 6), detail: String(alike + 1) });
    const many = fresh(addresses, address, addressesLast, now)?.times ?? 0;
    // From a thousand on it holds by itself.
    const flood = Math.max(0, many - usualOfCrowd) / 40;
    if (many >= usualFromOne)
      signals.push({ reason: "many_from_one", amount: Math.min(1 + flood, 14), detail: String(many + 1) });
  }

  function count<Key>(known: Lru<Key, { since: number; times: number }>, key: Key, last: number, now: number): void {
    const item = fresh(known, key, last, now);
    if (item) item.times++;
    else known.set(key, { since: now, times: 1 });
  }
}

/** One message in many forms, or in many people's names from many places, is nobody's own. */
function spread(message: Message, form: string, sender: string, address: string): number {
  const [forms, senders, addresses] = [
    sizeWith(message.forms, form),
    sizeWith(message.senders, sender),
    sizeWith(message.addresses, address),
  ];
  const places = senders > 1 && addresses > 1 ? 2 * Math.min(addresses - 1, 3) : 0;
  const boxes = forms > 2 ? 2 * (forms - 2) : 0;
  const names = senders > 2 ? Math.min((senders - 2) / 4, 1) : 0;
  return Math.min(Math.max(places, boxes, names), 6);
}

function sizeWith(told: readonly string[], item: string): number {
  return item === "" || told.includes(item) ? told.length : told.length + 1;
}

function tell(told: string[], item: string): void {
  if (item !== "" && told.length < mostTold && !told.includes(item)) told.push(item);
}

/** What is compared of an answer to a form from an address, `""` where that is not known. */
export function imprintOf(form: string, texts: readonly TypedText[], address: string): Imprint {
  const message = messageOf(texts)?.text ?? "";
  const plain = message.length < shortest ? "" : message.toLowerCase().replace(/\s+/g, " ").trim();
  return {
    answer: answerKey(form, texts),
    message: plain.length < shortest ? undefined : hash(plain),
    alike: address === "" || plain === "" ? [] : alikeKeys(address, plain),
    sender: senderOf(texts),
  };
}

function senderOf(texts: readonly TypedText[]): string {
  const typed = texts.find(({ role }) => role === "email")?.text ?? "";
  return typed.trim().toLowerCase().slice(0, 200);
}

function alikeKeys(address: string, plain: string): number[] {
  const begins = wordsIn(plain.slice(0, mostAlike)).slice(0, wordsAlike);
  if (begins.length < wordsAlike) return [];
  const ends = wordsIn(plain.slice(-mostAlike)).slice(-wordsAlike);
  return [hash(`${address}\0begins ${begins.join(" ")}`), hash(`${address}\0ends ${ends.join(" ")}`)];
}

function wordsIn(text: string): string[] {
  return text.match(foreign.test(text) ? /\p{L}+/gu : /[a-z]+/g) ?? [];
}

const foreign = /[^\0-\x7f]/;

/** The longest text of those that may be the message. */
function messageOf(texts: readonly TypedText[]): TypedText | undefined {
  let longest: TypedText | undefined;
  for (const it of texts) {
    const prose = it.role === "message" || it.role === "markup";
    if (prose && it.text.length > (longest?.text.length ?? 0)) longest = it;
  }
  return longest;
}

function answerKey(form: string, texts: readonly TypedText[]): number {
  let all = form;
  for (const { name, text } of texts) all += `\0${name}\0${text}`;
  return hash(all);
}

/** What an answer says, as hashes. */
interface Print {
  readonly all: number;
  /** The words of its message. */
  readonly words: ReadonlySet<number>;
  /** Its other texts, short ones aside: many people write `yes`. */
  readonly others: ReadonlySet<number>;
}

const mostPrinted = 50;

function printOf(texts: readonly TypedText[]): Print {
  const message = messageOf(texts);
  const words = message?.text.toLowerCase().split(/\s+/, mostPrinted) ?? [];
  const others = texts.filter((it) => it !== message && it.text.trim().length > 3).slice(0, mostPrinted);
  return {
    all: answerKey("", texts),
    words: new Set(words.map((word) => Bun.hash.crc32(word))),
    others: new Set(others.map(({ name, text }) => hash(`${name}\0${text.trim()}`))),
  };
}

/** Half of the message stayed, and something of who wrote it. */
function isCorrected(before: Print, now: Print): boolean {
  const words = shared(before.words, now.words) * 2 >= Math.max(before.words.size, now.words.size);
  return words && (now.others.size === 0 || shared(before.others, now.others) > 0);
}

function shared<Item>(left: ReadonlySet<Item>, right: ReadonlySet<Item>): number {
  let count = 0;
  for (const item of right) if (left.has(item)) count++;
  return count;
}

/** Among 20,000 that are remembered one strange text in 200,000 is taken for a known one. */
function hash(text: string): number {
  return Bun.hash.xxHash32(text);
}
