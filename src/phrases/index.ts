import { isProblem, type Params, type Problem, type Problems } from "../lib/errors.ts";
import { direction } from "../lib/writing.ts";
import { ar } from "./ar.ts";
import type { Catalogue, Code } from "./catalogue.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";

export type { Catalogue, Code };

const languages = { en, de, ar } satisfies Readonly<Record<string, Catalogue>>;

/** A language that there is a file for, named as browsers name it. */
export type Language = keyof typeof languages;

/** A problem as it is answered. */
export interface Explanation {
  readonly code: string;
  readonly message: string;
  readonly params?: Params;
}

export interface Explanations {
  [field: string]: Explanation | Explanations;
}

/** The sentence of a code, with its `{params}` in place. A code that nobody knows has the most general sentence. */
export function sentence(language: Language, code: string, params: Params = {}): string {
  const catalogue: Partial<Record<Code, string>> = languages[language];
  const its = known(code);
  return (catalogue[its] ?? en[its]).replace(/\{(\w+)\}/g, (hole, name: string) =>
    Object.hasOwn(params, name) ? embedded(language, String(params[name])) : hole,
  );
}

/** Written from right to left, an address or a file's name within a sentence would take its full stop to the wrong side. */
function embedded(language: Language, text: string): string {
  return direction(language) === "rtl" ? `\u2068${text}\u2069` : text;
}

/** Problems as the API answers them: `{code, message, params?}`, nested as they are. */
export function explain(language: Language, problems: Problems): Explanations {
  const explained = Object.entries(problems).map(([field, it]) => [
    field,
    isProblem(it) ? explainOne(language, it) : explain(language, it),
  ]);
  return Object.fromEntries(explained);
}

export function explainOne(language: Language, { code, params, message: own }: Problem): Explanation {
  const message = own ?? sentence(language, code, params);
  return params ? { code, message, params } : { code, message };
}

/** The language of ours that an `Accept-Language` header asks for first; English when there is none. */
export function languageOf(accept: string | null | undefined): Language {
  const wishes = (accept ?? "").slice(0, 1000).split(",").map(wish);
  wishes.sort((left, right) => right.weight - left.weight);
  for (const { name, weight } of wishes) if (weight > 0 && isLanguage(name)) return name;
  return "en";
}

function wish(text: string): { readonly name: string; readonly weight: number } {
  const [tag = "", ...options] = text.split(";");
  const weight = options.map((option) => option.trim()).find((option) => option.startsWith("q="));
  return { name: tag.trim().split("-")[0]?.toLowerCase() ?? "", weight: weight ? Number(weight.slice(2)) || 0 : 1 };
}

function isLanguage(name: string): name is Language {
  return Object.hasOwn(languages, name);
}

function known(code: string): Code {
  if (isCode(code)) return code;
  return code.startsWith("validation_") ? "validation_invalid_value" : "something_wrong";
}

function isCode(code: string): code is Code {
  return Object.hasOwn(en, code);
}

/** One sentence per field, for pages: of nested problems the first. */
export function sentences(language: Language, problems: Problems): Record<string, string> {
  const told: Record<string, string> = {};
  for (const [field, it] of Object.entries(problems)) {
    const first = isProblem(it) ? explainOne(language, it).message : Object.values(sentences(language, it))[0];
    if (first !== undefined) told[field] = first;
  }
  return told;
}
