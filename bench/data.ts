/** The records every side holds: the same numbers in, the same records out, on every machine. */

export const categories = 100;

/** What a person sends for a post. */
export interface Post {
  readonly title: string;
  readonly body: string;
  readonly category: string;
  readonly views: number;
  readonly published: boolean;
}

const words =
  "form field paper letter garden river stone window table answer question morning evening market harbour bridge winter summer bread coffee signal engine window mirror ladder pocket button thread needle lantern".split(
    " ",
  );

/** The `n`-th post: a title of 4 words and a body of 12, about 120 bytes in all. */
export function post(n: number): Post {
  const random = numbers(n + 1);
  const text = (count: number) => Array.from({ length: count }, () => words[random(words.length)]).join(" ");
  return {
    title: `${text(4)} ${n}`,
    body: text(12),
    category: category(random(categories)),
    views: random(10_000),
    published: random(4) > 0,
  };
}

/** The id of the `n`-th post: 15 characters of a-z and 0-9. */
export function postId(n: number): string {
  return `bench${n.toString(36).padStart(10, "0")}`;
}

export function category(n: number): string {
  return `c${n}`;
}

/** When the `n`-th post was written, for the sides that are filled from outside: one each second. */
export function moment(n: number): string {
  return new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString().replace("T", " ");
}

/** Random whole numbers below a limit, the same for the same seed (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = Math.imul(seed, 0x9e3779b1);
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
}
