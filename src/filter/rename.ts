import { Refusal } from "../lib/errors.ts";
import { lex, type Token } from "./lexer.ts";

/**
 * A rule of a collection whose fields got other names (old → new): its own fields and those of `@request.body` follow. A text
 * that is no filter stays as it is.
 */
export function renameNames(text: string, renamed: ReadonlyMap<string, string>): string {
  let result = "";
  let done = 0;
  for (const token of tokensOf(text)) {
    if (token.kind !== "name") continue;
    result += text.slice(done, token.at) + renamedName(token.text, renamed);
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

function renamedName(name: string, renamed: ReadonlyMap<string, string>): string {
  const [, before = "", field = "", after = ""] = /^(@request\.body\.)?(\w+)(.*)$/.exec(name) ?? [];
  const to = field === "" ? undefined : renamed.get(field);
  return to === undefined ? name : before + to + after;
}
