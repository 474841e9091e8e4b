import * as charsets from "./charset.ts";
import type { Charset } from "./charset.ts";

/**
 * The patterns of fields: RE2's syntax, which is what collections from PocketBase bring and what can be matched in linear
 * time. Visitors choose the text that is matched, so a backtracking engine would let one of them stop the server with thirty
 * characters; hence no look-arounds and no back references.
 */
export type Pattern =
  | { readonly kind: "set"; readonly set: Charset }
  | { readonly kind: "at"; readonly place: Place }
  | { readonly kind: "sequence"; readonly items: readonly Pattern[] }
  | { readonly kind: "choice"; readonly items: readonly Pattern[] }
  | { readonly kind: "repeat"; readonly item: Pattern; readonly min: number; readonly max: number };

export type Place = "start" | "end" | "line start" | "line end" | "boundary" | "inside";

const longest = 2000;
const deepest = 100;
const mostRepeats = 1000;

/** Reads a pattern; `undefined` for what is none, or is too long or too deep. */
export function parsePattern(text: string): Pattern | undefined {
  if (text.length > longest) return undefined;
  try {
    return new Parser([...text]).whole();
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

class Malformed extends Error {
  override readonly name = "Malformed";
}

interface Flags {
  readonly fold: boolean;
  readonly lines: boolean;
  readonly dotAll: boolean;
}

class Parser {
  #at = 0;
  #depth = 0;
  #flags: Flags = { fold: false, lines: false, dotAll: false };

  constructor(readonly chars: readonly string[]) {}

  whole(): Pattern {
    const pattern = this.#choice();
    if (this.#at < this.chars.length) throw new Malformed();
    return pattern;
  }

  #choice(): Pattern {
    const items = [this.#sequence()];
    while (this.#take("|")) items.push(this.#sequence());
    return items.length === 1 && items[0] ? items[0] : { kind: "choice", items };
  }

  #sequence(): Pattern {
    const items: Pattern[] = [];
    while (this.#at < this.chars.length && !this.#sees("|") && !this.#sees(")")) {
      if (this.#take("\\Q")) items.push(...this.#quoted());
      else items.push(this.#repeated());
    }
    return { kind: "sequence", items };
  }

  #quoted(): Pattern[] {
    const items: Pattern[] = [];
    while (this.#at < this.chars.length && !this.#take("\\E")) items.push(this.#set(literal(this.#next())));
    return items;
  }

  #repeated(): Pattern {
    const item = this.#atom();
    const bounds = this.#bounds();
    if (!bounds) return item;
    this.#take("?");
    if (this.#sees("*") || this.#sees("+") || this.#sees("?")) throw new Malformed();
    return { kind: "repeat", item, ...bounds };
  }

  #bounds(): { readonly min: number; readonly max: number } | undefined {
    if (this.#take("*")) return { min: 0, max: Infinity };
    if (this.#take("+")) return { min: 1, max: Infinity };
    if (this.#take("?")) return { min: 0, max: 1 };
    const match = /^\{(\d+)(,(\d*))?\}/.exec(this.chars.slice(this.#at, this.#at + 12).join(""));
    if (!match) return undefined;
    this.#at += match[0].length;
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] ? Number(match[3]) : Infinity;
    if (min > mostRepeats || min > max || (max > mostRepeats && max !== Infinity)) throw new Malformed();
    return { min, max };
  }

  #atom(): Pattern {
    const char = this.#next();
    if (char === "(") return this.#group();
    if (char === "[") return this.#set(this.#charClass());
    if (char === ".") {
      return { kind: "set", set: charsets.quick(this.#flags.dotAll ? anything : charsets.complement(newline)) };
    }
    if (char === "^") return { kind: "at", place: this.#flags.lines ? "line start" : "start" };
    if (char === "$") return { kind: "at", place: this.#flags.lines ? "line end" : "end" };
    if (char === "*" || char === "+" || char === "?") throw new Malformed();
    if (char !== "\\") return this.#set(literal(char));
    const place = places[this.chars[this.#at] ?? ""];
    if (!place) return this.#set(this.#escape());
    this.#at++;
    return { kind: "at", place };
  }

  #group(): Pattern {
    if (++this.#depth > deepest) throw new Malformed();
    const outer = this.#flags;
    if (this.#take("?") && !this.#name()) {
      this.#readFlags();
      if (this.#take(")")) {
        this.#depth--;
        return { kind: "sequence", items: [] };
      }
      if (!this.#take(":")) throw new Malformed();
    }
    const pattern = this.#choice();
    if (!this.#take(")")) throw new Malformed();
    this.#flags = outer;
    this.#depth--;
    return pattern;
  }

  #name(): boolean {
    const match = /^P?<([A-Za-z_]\w*)>/.exec(this.chars.slice(this.#at, this.#at + 100).join(""));
    if (match) this.#at += match[0].length;
    return match !== null;
  }

  #readFlags(): void {
    let on = true;
    while (!this.#sees(":") && !this.#sees(")")) {
      const flag = this.#next();
      if (flag === "-" && on) on = false;
      else if (flag === "i") this.#flags = { ...this.#flags, fold: on };
      else if (flag === "m") this.#flags = { ...this.#flags, lines: on };
      else if (flag === "s") this.#flags = { ...this.#flags, dotAll: on };
      else if (flag !== "U") throw new Malformed();
    }
  }

  #charClass(): Charset {
    const negated = this.#take("^");
    const sets: Charset[] = [];
    do sets.push(this.#classItem());
    while (!this.#take("]"));
    const set = charsets.union(sets);
    if (!negated) return set;
    return charsets.complement(this.#flags.fold ? charsets.folded(set) : set);
  }

  #classItem(): Charset {
    if (this.#sees("[") && this.chars[this.#at + 1] === ":") return this.#posix();
    const from = this.#classCode();
    if (typeof from !== "number") return from;
    const ahead = this.chars[this.#at + 1];
    if (!this.#sees("-") || ahead === "]" || ahead === undefined) return charsets.ofCode(from);
    this.#at++;
    const to = this.#classCode();
    if (typeof to !== "number" || to < from) throw new Malformed();
    return charsets.ofRanges([[from, to]]);
  }

  #classCode(): number | Charset {
    const char = this.#next();
    return char === "\\" ? this.#escape() : codeOf(char);
  }

  #posix(): Charset {
    const match = /^\[:(\^?)(\w+):\]/.exec(this.chars.slice(this.#at, this.#at + 12).join(""));
    const ranges = match?.[2] && Object.hasOwn(charsets.posix, match[2]) ? charsets.posix[match[2]] : undefined;
    if (!match || !ranges) throw new Malformed();
    this.#at += match[0].length;
    const set = charsets.ofRanges(ranges);
    return match[1] ? charsets.complement(set) : set;
  }

  /** What stands behind a backslash: one character, or a set of them. */
  #escape(): number | Charset {
    const char = this.#next();
    if (char === "p" || char === "P") return this.#property(char === "P");
    const ranges = Object.hasOwn(charsets.escapes, char.toLowerCase()) && charsets.escapes[char.toLowerCase()];
    if (ranges) {
      const set = charsets.ofRanges(ranges);
      return char === char.toLowerCase() ? set : charsets.complement(set);
    }
    if (Object.hasOwn(controls, char)) return controls[char] ?? 0;
    if (char === "x" || char === "u") return this.#hexadecimal(char);
    if (/^[!-/:-@[-`{-~ ]$/.test(char)) return codeOf(char);
    throw new Malformed();
  }

  #property(negated: boolean): Charset {
    const match = /^(?:([A-Z])|\{(\^?)([\w=]+)\})/.exec(this.chars.slice(this.#at, this.#at + 60).join(""));
    const set = match && charsets.ofProperty(match[1] ?? match[3] ?? "");
    if (!match || !set) throw new Malformed();
    this.#at += match[0].length;
    return negated !== (match[2] === "^") ? charsets.complement(set) : set;
  }

  #hexadecimal(kind: "x" | "u"): number {
    const plain = kind === "x" ? /^([\da-f]{2}|\{[\da-f]{1,6}\})/i : /^[\da-f]{4}/i;
    const match = plain.exec(this.chars.slice(this.#at, this.#at + 8).join(""));
    const code = match ? Number.parseInt(match[0].replace(/[{}]/g, ""), 16) : Infinity;
    if (!match || code > 0x10ffff) throw new Malformed();
    this.#at += match[0].length;
    return code;
  }

  #set(it: number | Charset): Pattern {
    const set = typeof it === "number" ? charsets.ofCode(it) : it;
    return { kind: "set", set: charsets.quick(this.#flags.fold ? charsets.folded(set) : set) };
  }

  #next(): string {
    const char = this.chars[this.#at++];
    if (char === undefined) throw new Malformed();
    return char;
  }

  #sees(char: string): boolean {
    return this.chars[this.#at] === char;
  }

  #take(text: string): boolean {
    for (let n = 0; n < text.length; n++) if (this.chars[this.#at + n] !== text[n]) return false;
    this.#at += text.length;
    return true;
  }
}

const newline = charsets.ofCode(10);
const anything = charsets.ofRanges([[0, 0x10ffff]]);
const controls: Readonly<Record<string, number>> = { a: 7, t: 9, n: 10, v: 11, f: 12, r: 13 };
const places: Readonly<Record<string, Place>> = { A: "start", z: "end", b: "boundary", B: "inside" };

function literal(char: string): number {
  return codeOf(char);
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}
