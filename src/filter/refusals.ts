import { type Params, Refusal } from "../lib/errors.ts";

/** A refusal that points at a character of the text. `at`: offset in UTF-16 units; people are told the character, from 1. */
export function malformed(code: string, text: string, at: number, found = "", params: Params = {}): Refusal {
  const position = Array.from(text.slice(0, at)).length + 1;
  return new Refusal("bad request", code, { position, found: short(found), ...params });
}

/** `@collection` and `@request` tell more than records do; ordinary viewers may not ask with them. */
export function superusersOnly(found: string): Refusal {
  return new Refusal("forbidden", "filter_superusers_only", { found: short(found) });
}

function short(found: string): string {
  return found.length > 60 ? `${found.slice(0, 60).toWellFormed()}…` : found;
}
