import type { Params } from "../../lib/errors.ts";
import { type Code, type Language, sentence } from "../../phrases/index.ts";

/** Says a sentence of ours in the language of one page. */
export type Words = (code: Code, params?: Params) => string;

export function words(language: Language): Words {
  return (code, params) => sentence(language, code, params);
}

const rightToLeft: ReadonlySet<string> = new Set(["ar", "fa", "he", "ur"]);

export function direction(language: Language): "ltr" | "rtl" {
  return rightToLeft.has(language) ? "rtl" : "ltr";
}

/** A field's name as people read it, where nobody gave it a label: `birth_date` and `birthDate` are `Birth date`. */
export function labelOf(name: string): string {
  const spaced = name
    .replaceAll("_", " ")
    .replace(/([a-z0-9])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`)
    .trim();
  return spaced === "" ? name : spaced[0]?.toUpperCase() + spaced.slice(1);
}
