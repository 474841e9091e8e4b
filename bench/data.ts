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

/** Boards have cards, and cards have labels: how many there are of each, and what one holds of the next. */
export const labels = 50;
export const cards = 2000;
export const boards = 1000;
const cardsOfBoard = 4;
const labelsOfCard = 3;
const kinds = 10;

export type Holding = "labels" | "cards" | "boards";

export function holdingId(of: Holding, n: number): string {
  return `${of.slice(0, -1)}${n
    .toString(36)
    .padStart(15, "0")
    .slice(of.length - 1)}`;
}

export function label(n: number) {
  return { id: holdingId("labels", n), title: `label ${n}`, kind: kind(n) };
}

export function kind(n: number): string {
  return `k${n % kinds}`;
}

export function card(n: number) {
  return { id: holdingId("cards", n), title: `card ${n}`, labels: some("labels", labelsOfCard, labels, n) };
}

export function board(n: number) {
  return { id: holdingId("boards", n), title: `board ${n}`, cards: some("cards", cardsOfBoard, cards, n + 7) };
}

/** Different ones. */
function some(of: Holding, count: number, among: number, seed: number): string[] {
  const random = numbers(seed + 1);
  const chosen = new Set<string>();
  while (chosen.size < count) chosen.add(holdingId(of, random(among)));
  return [...chosen];
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
