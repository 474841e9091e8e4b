import type { Params } from "../../lib/errors.ts";
import { type Code, type Language, sentence } from "../../phrases/index.ts";

export { direction, labelOf } from "../../lib/writing.ts";

/** Says a sentence of ours in the language of one page. */
export type Words = (code: Code, params?: Params) => string;

export function words(language: Language): Words {
  return (code, params) => sentence(language, code, params);
}
