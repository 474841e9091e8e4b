import { parseJson } from "../lib/json.ts";
import { malformed } from "./refusals.ts";

export type TokenKind = "name" | "text" | "number" | "operator" | "join" | "bracket" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** As written; of a text its value, without the quotes. */
  readonly text: string;
  /** Offset of the first character. */
  readonly at: number;
  /** Offset behind the last character. */
  readonly end: number;
}

// Between single quotes a backslash counts only before a quote. Between double quotes it always takes the character behind it
// along: SDKs write values as JSON there, and one that ends in a backslash must not open the text that follows.
const pieces = new RegExp(
  [
    String.raw`(?<space>\s+|\/\/[^\n]*)`,
    String.raw`(?<number>-?\d+(?:\.\d+)?(?![\w.]))`,
    String.raw`(?<name>[A-Za-z_@#][\w@#.:]*)`,
    String.raw`(?<text>'(?:[^'\\]|\\'|\\(?!'))*'|"(?:[^"\\]|\\[^])*")`,
    String.raw`(?<join>&&|\|\|)`,
    String.raw`(?<operator>\??(?:!=|!~|>=|<=|=|>|<|~))`,
    String.raw`(?<bracket>[(),])`,
  ].join("|"),
  "y",
);

const wellFormedName = /^[@#]?\w+(?:[.:]\w+)*$/;

/** The tokens of a filter, an `end` behind the last; throws a Refusal that points at what is no token. */
export function lex(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    pieces.lastIndex = at;
    const groups = pieces.exec(source)?.groups;
    if (!groups) throw unreadable(source, at);
    const end = pieces.lastIndex;
    const token = tokenOf(groups, source, at, end);
    if (token) tokens.push(token);
    at = end;
  }
  tokens.push({ kind: "end", text: "", at, end: at });
  return tokens;
}

function tokenOf(groups: Record<string, string | undefined>, source: string, at: number, end: number) {
  const { space, number, name, text, join, operator, bracket } = groups;
  const token = (kind: TokenKind, text: string): Token => ({ kind, text, at, end });
  if (space !== undefined) return undefined;
  if (number !== undefined) {
    if (!Number.isFinite(Number(number))) throw malformed("filter_number_malformed", source, at, number);
    return token("number", number);
  }
  if (name !== undefined) {
    if (!wellFormedName.test(name)) throw malformed("filter_name_malformed", source, at, name);
    return token("name", name);
  }
  if (text !== undefined) {
    const value = unquoted(text);
    if (value.includes("\0")) throw malformed("filter_text_nul", source, at + Math.max(0, text.indexOf("\0")));
    return token("text", value);
  }
  if (join !== undefined) return token("join", join);
  if (operator !== undefined) return token("operator", operator);
  return token("bracket", bracket ?? "");
}

/** What is no JSON keeps its backslashes, which escape % and _ in LIKE, but for those before its own quote. */
function unquoted(text: string): string {
  const quote = text.charAt(0);
  const json = quote === '"' && text.includes("\\") ? parseJson(text) : undefined;
  if (typeof json?.value === "string") return json.value.toWellFormed();
  return text.slice(1, -1).replaceAll(`\\${quote}`, quote);
}

function unreadable(source: string, at: number) {
  const rest = source.slice(at);
  const number = /^-?[\d.][\w.]*/.exec(rest);
  if (number) return malformed("filter_number_malformed", source, at, number[0]);
  if (/^['"]/.test(rest)) return malformed("filter_text_open", source, at, rest.charAt(0));
  return malformed("filter_character_unknown", source, at, String.fromCodePoint(rest.codePointAt(0) ?? 0));
}
