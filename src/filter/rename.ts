import { Refusal } from "../lib/errors.ts";
import { lex, type Token } from "./lexer.ts";

/** The same filter with other names: `rename` is told each name whole (`author.name:lower`). A text that is no filter stays. */
export function renameNames(text: string, rename: (name: string) => string): string {
  let result = "";
  let done = 0;
  for (const token of tokensOf(text)) {
    if (token.kind !== "name") continue;
    result += text.slice(done, token.at) + rename(token.text);
    done = token.end;
  }
  return result + text.slice(done);
}

function tokensOf(text: string): Token[] {
  try {
    return lex(text);
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}
