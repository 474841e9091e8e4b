import type { Json } from "../fields/field.ts";
import { excerptOf } from "./excerpt.ts";

/** What `?fields=` asks for: names, each with what is wanted below it. */
interface Wish {
  readonly below: Map<string, Wish>;
  excerpt?: { readonly max: number; readonly ellipsis: boolean };
}

/** More wishes than this, or deeper ones, are not looked at. */
const mostWishes = 200;
const deepestWish = 20;

/**
 * Keeps only the fields asked for (API.md 1.1): dot paths, `*` for every name, `:excerpt(max, withEllipsis?)` on texts. A page
 * of a list is kept as it is but for its `items`. Names that are not there are left out without a word.
 */
export function picked(answer: Json, fields: string | undefined): Json {
  if (!fields?.trim()) return answer;
  const wish = wishOf(fields);
  if (isMap(answer) && Array.isArray(answer.items) && "page" in answer && "perPage" in answer) {
    return { ...answer, items: pick(answer.items, wish) };
  }
  return pick(answer, wish);
}

function wishOf(fields: string): Wish {
  const wish: Wish = { below: new Map() };
  // A comma between brackets belongs to the modifier.
  for (const text of (fields.match(/[^,()]+(?:\([^()]*\))?/g) ?? []).slice(0, mostWishes)) {
    const [path = "", modifier = ""] = text.trim().split(":", 2);
    if (path === "") continue;
    let at = wish;
    for (const name of path.split(".", deepestWish)) {
      const next = at.below.get(name) ?? { below: new Map() };
      at.below.set(name, next);
      at = next;
    }
    const match = /^excerpt\(\s*(\d{1,9})\s*(?:,\s*(true|false|1|0)\s*)?\)$/.exec(modifier.trim());
    if (match) at.excerpt = { max: Number(match[1]), ellipsis: match[2] === "true" || match[2] === "1" };
  }
  return wish;
}

function pick(value: Json, wish: Wish): Json {
  if (wish.below.size === 0) return excerpted(value, wish);
  if (Array.isArray(value)) return value.map((entry) => pick(entry, wish));
  if (!isMap(value)) return value;
  const star = wish.below.get("*");
  const kept: [string, Json][] = [];
  for (const [name, inner] of Object.entries(value)) {
    const wanted = wish.below.get(name) ?? star;
    if (wanted) kept.push([name, pick(inner, wanted)]);
  }
  return Object.fromEntries(kept);
}

function excerpted(value: Json, { excerpt }: Wish): Json {
  return excerpt && typeof value === "string" ? excerptOf(value, excerpt.max, excerpt.ellipsis) : value;
}

function isMap(value: Json): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
