import { randomBelow } from "../lib/ids.ts";
import { Lru } from "../lib/lru.ts";
import type { Charset } from "./charset.ts";
import { parsePattern, type Pattern } from "./pattern.ts";

/** Makes one random text. */
export type Generator = () => string;

/** How often `*`, `+` and `{n,}` repeat at most beyond what they must. */
const mostExtra = 10;
const longest = 5000;
const mostCandidates = 256;
const generators = new Lru<string, { readonly generator: Generator | undefined }>(500);

/**
 * A generator of texts that a pattern describes: literals, classes, groups, alternatives and repetitions; `^` and `$` mean
 * nothing here. `undefined` for any other pattern, and for one whose texts could be longer than 5,000 characters.
 */
export function generatorOf(text: string): Generator | undefined {
  let known = generators.get(text);
  if (!known) {
    const pattern = parsePattern(text);
    known = { generator: pattern && length(pattern) <= longest ? build(pattern) : undefined };
    generators.set(text, known);
  }
  return known.generator;
}

function build(pattern: Pattern): Generator | undefined {
  switch (pattern.kind) {
    case "set":
      return pick(candidates(pattern.set));
    case "at":
      return pattern.place === "start" || pattern.place === "end" ? () => "" : undefined;
    case "sequence": {
      const items = buildAll(pattern.items);
      return items && (() => items.map((make) => make()).join(""));
    }
    case "choice": {
      const items = buildAll(pattern.items);
      return items && (() => items[randomBelow(items.length)]?.() ?? "");
    }
    case "repeat": {
      const item = build(pattern.item);
      const extra = most(pattern) - pattern.min + 1;
      return item && (() => repeated(item, pattern.min + randomBelow(extra)));
    }
  }
}

function repeated(item: Generator, times: number): string {
  let text = "";
  for (let count = 0; count < times; count++) text += item();
  return text;
}

function buildAll(patterns: readonly Pattern[]): Generator[] | undefined {
  const generators: Generator[] = [];
  for (const pattern of patterns) {
    const generator = build(pattern);
    if (!generator) return undefined;
    generators.push(generator);
  }
  return generators;
}

function pick(chars: readonly string[]): Generator | undefined {
  return chars.length === 0 ? undefined : () => chars[randomBelow(chars.length)] ?? "";
}

/** The printable ASCII characters of a set; where it has none, the first others. */
function candidates(set: Charset): string[] {
  const ascii = among(set, 32, 126);
  return ascii.length > 0 ? ascii : [...among(set, 0, 31), ...among(set, 127, 0xd7ff), ...among(set, 0xe000, 0x1ffff)];
}

function among(set: Charset, from: number, to: number): string[] {
  const chars: string[] = [];
  for (let code = from; code <= to && chars.length < mostCandidates; code++) {
    if (set.has(code)) chars.push(String.fromCodePoint(code));
  }
  return chars;
}

function most({ min, max }: { readonly min: number; readonly max: number }): number {
  return max === Infinity ? min + mostExtra : max;
}

/** The length of the longest text that may be made. */
function length(pattern: Pattern): number {
  switch (pattern.kind) {
    case "set":
      return 1;
    case "at":
      return 0;
    case "sequence":
      return pattern.items.reduce((sum, item) => sum + length(item), 0);
    case "choice":
      return Math.max(...pattern.items.map(length));
    case "repeat":
      return most(pattern) * Math.max(1, length(pattern.item));
  }
}
