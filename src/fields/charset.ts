/** A set of characters, as a pattern names it. */
export interface Charset {
  has(code: number): boolean;
}

export type Range = readonly [from: number, to: number];

const last = 0x10ffff;
const digits: readonly Range[] = [[48, 57]];
const upper: readonly Range[] = [[65, 90]];
const lower: readonly Range[] = [[97, 122]];
const letters: readonly Range[] = [...upper, ...lower];
const underscore: Range = [95, 95];

/** What `\d`, `\s` and `\w` mean: ASCII, as in RE2. */
export const escapes: Readonly<Record<string, readonly Range[]>> = {
  d: digits,
  s: [
    [9, 10],
    [12, 13],
    [32, 32],
  ],
  w: [...digits, ...letters, underscore],
};

/** `[[:alpha:]]` and its like. */
export const posix: Readonly<Record<string, readonly Range[]>> = {
  alnum: [...digits, ...letters],
  alpha: letters,
  ascii: [[0, 127]],
  blank: [
    [9, 9],
    [32, 32],
  ],
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  digit: digits,
  graph: [[33, 126]],
  lower,
  print: [[32, 126]],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  space: [
    [9, 13],
    [32, 32],
  ],
  upper,
  word: [...digits, ...letters, underscore],
  xdigit: [...digits, [65, 70], [97, 102]],
};

export function ofRanges(ranges: readonly Range[]): Charset {
  return { has: (code) => ranges.some(([from, to]) => code >= from && code <= to) };
}

export function ofCode(code: number): Charset {
  return { has: (other) => other === code };
}

/** `\p{Letter}`, `\pL`, `\p{Greek}`; `undefined` for a property that Unicode does not know. */
export function ofProperty(name: string): Charset | undefined {
  for (const property of [name, `Script=${name}`]) {
    try {
      const test = new RegExp(`\\p{${property}}`, "u");
      return { has: (code) => test.test(String.fromCodePoint(code)) };
    } catch {
      continue;
    }
  }
  return undefined;
}

export function union(sets: readonly Charset[]): Charset {
  return { has: (code) => sets.some((set) => set.has(code)) };
}

export function complement(set: Charset): Charset {
  return { has: (code) => code <= last && !set.has(code) };
}

/** The same characters, upper and lower case alike. */
export function folded(set: Charset): Charset {
  return { has: (code) => set.has(code) || variants(code).some((variant) => set.has(variant)) };
}

function variants(code: number): readonly number[] {
  const char = String.fromCodePoint(code);
  return [char.toLowerCase(), char.toUpperCase()].flatMap((text) =>
    text.length === 1 || [...text].length === 1 ? [text.codePointAt(0) ?? code] : [],
  );
}

/** The same set, with its answers for ASCII looked up instead of worked out. */
export function quick(set: Charset): Charset {
  const ascii = Uint8Array.from({ length: 128 }, (_, code) => (set.has(code) ? 1 : 0));
  return { has: (code) => (code < 128 ? ascii[code] === 1 : set.has(code)) };
}
