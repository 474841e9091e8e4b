import type { Role, TypedText } from "./texts.ts";
import type { Signal } from "./weights.ts";

/** Letters that follow a letter in hardly any word of a language in Latin letters: counted over names and texts of sixty. */
const unheard: Readonly<Record<string, string>> = {
  ...{
    b: "qxz",
    c: "fgjvwx",
    d: "qx",
    f: "cdkpqvwxz",
    g: "fqx",
    h: "cfgpqvxz",
    j: "bfghlqrwxyz",
    k: "qxz",
    l: "qx",
    m: "jqx",
  },
  ...{
    p: "jqvxz",
    q: "bcdefghjkmnpqrstvwxyz",
    r: "x",
    s: "x",
    t: "q",
    v: "bcfghjkmnpqtwxz",
    w: "cfgjpqvxz",
    x: "bdgjknqrvwxz",
  },
  ...{ y: "qxy", z: "fpqrvx" },
};

const keyboard = "qwertyuiopasdfghjklzxcvbnm qwertzuiopasdfghjklyxcvbnm azertyuiopqsdfghjklmwxcvbn";

/** What one such word counts in a field, by what the field is for. */
const amounts: Readonly<Partial<Record<Role, number>>> = { name: 3, subject: 1.5, company: 1.5, email: 1 };

/** Longer texts have something in them that is to be read. */
const longest = 100;

/** Words that nobody has written, and names that programs make of two. */
export function gibberishSignals(texts: readonly TypedText[]): Signal[] {
  const signals: Signal[] = [];
  const found: string[] = [];
  let amount = 0;
  for (const { role, text } of texts) {
    if (
      text.length > longest ||
      (role === "message" && !/^\s*\S+(?:\s+\S+){0,7}\s*$/.test(text)) ||
      role === "markup" ||
      role === "link" ||
      role === "phone"
    )
      continue;
    if (role === "name" && /^\p{Lu}\p{Ll}{3,}\p{Lu}\p{Ll}{2,}$/u.test(text.trim())) {
      signals.push({ reason: "name_joined", amount: 1, detail: text.trim() });
    }
    if (!oddPair.test(text) && !turn.test(text)) continue;
    const words = (role === "email" ? (text.split("@", 1)[0] ?? "") : text).split(/[\s.,_+-]+/);
    const random = words.filter(isRandom);
    if (random.length === 0 || random.length * 2 < words.filter((word) => word.length > 2).length) continue;
    found.push(...random);
    amount += amounts[role] ?? 5;
  }
  if (amount > 0)
    signals.push({
      reason: "gibberish",
      amount: Math.min(amount, 8),
      detail: found.slice(0, 3).join(", ").slice(0, 100),
    });
  const same = sameEverywhere(texts);
  if (same) signals.push({ reason: "all_the_same", amount: same.amount, detail: same.text.slice(0, 100) });
  return signals;
}

/** What a word has in it that dice have thrown; most texts have no such place, and are not looked at word by word. */
const pairs = Object.entries(unheard).map(([letter, followers]) => `${letter}[${followers}]`);
const oddPair = new RegExp(`${pairs.join("|")}|[b-df-hj-np-tv-xz]{8}`, "i");
const turn = /[a-z][A-Z]/;

/** Letters as dice throw them; codes with digits or in capitals, and a row of keys, are something else. */
export function isRandom(word: string): boolean {
  if (word.length < 6 || word.length > 60 || !/^[a-z]+$/i.test(word) || word === word.toUpperCase()) return false;
  const lower = word.toLowerCase();
  if (keyboard.includes(lower)) return false;
  let [turns, run, dense, odd] = [0, 0, 0, ""];
  for (let at = 0; at < word.length; at++) {
    const letter = lower[at] ?? "";
    if (at > 0 && isLower(word[at - 1]) && !isLower(word[at])) turns++;
    if (unheard[letter]?.includes(lower[at + 1] ?? " ")) {
      const pair = lower.slice(at, at + 2);
      if (odd !== "" && odd !== pair) return true;
      odd = pair;
    }
    run = "aeiouy".includes(letter) ? 0 : run + 1;
    dense = Math.max(dense, run);
  }
  if (turns >= 2 && word.length / (turns + 1) < 4) return true;
  return ((odd !== "" && (turns > 0 || dense >= 5)) || dense >= 8) && new Set(lower).size >= 5;
}

function isLower(letter = ""): boolean {
  return letter >= "a" && letter <= "z";
}

/** A text of some length that stands in three fields, or as a name and as a number. */
function sameEverywhere(texts: readonly TypedText[]): { text: string; amount: number } | undefined {
  const seen = new Map<string, number>();
  const phone = texts.find(({ role }) => role === "phone")?.text.trim() ?? "";
  for (const { text, role } of texts) {
    const its = text.trim();
    if (its.length < 5) continue;
    const times = (seen.get(its) ?? 0) + 1;
    if (times === 3) return { text: its, amount: 1 };
    if (role === "name" && its === phone) return { text: its, amount: 0.6 };
    seen.set(its, times);
  }
  return undefined;
}
