/** A part of an SQL text: blanks and comments are none. */
export interface Token {
  readonly kind: "word" | "quoted" | "string" | "number" | "sign";
  /** As it is written. */
  readonly text: string;
  /** A word or quoted name in lower case; of a string what it holds; a sign itself. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const patterns: readonly (readonly [Token["kind"] | "blank", RegExp])[] = [
  ["blank", /(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)/y],
  ["string", /'(?:[^']|'')*'/y],
  ["quoted", /"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]/y],
  ["number", /0[xX][\dA-Fa-f]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["word", /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/y],
  ["sign", /->>?|\|\||<<|>>|<=|>=|<>|==|!=|[-+*/%&|~<>=!(),.;]/y],
];

/**
 * The tokens of an SQL text, as SQLite takes it apart; `undefined` where something begins and does not end, or stands there that
 * has no place in a query without parameters.
 */
export function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const found = match(text, at);
    if (!found) return undefined;
    const [kind, written] = found;
    const token = kind === "blank" ? undefined : { kind, text: written, name: nameOf(kind, written) };
    if (token) tokens.push({ ...token, start: at, end: at + written.length });
    at += written.length;
  }
  return tokens;
}

function match(text: string, at: number): readonly [Token["kind"] | "blank", string] | undefined {
  // What begins as a comment and does not end would be read as two signs.
  const comment = text.startsWith("/*", at);
  for (const [kind, pattern] of comment ? patterns.slice(0, 1) : patterns) {
    pattern.lastIndex = at;
    const written = pattern.exec(text)?.[0];
    if (written) return [kind, written];
  }
  return undefined;
}

function nameOf(kind: Token["kind"], written: string): string {
  if (kind === "string") return written.slice(1, -1).replaceAll("''", "'");
  if (kind !== "quoted") return written.toLowerCase();
  const quote = written.charAt(0);
  const inner = written.slice(1, -1);
  return (quote === "[" ? inner : inner.replaceAll(quote + quote, quote)).toLowerCase();
}

/** Whether the token is one of these keywords. A quoted name is none. */
export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === "word" && words.includes(token.name);
}

/** Whether the token is this sign. */
export function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === "sign" && token.text === sign;
}

/** Where the bracket that opens at `start` closes. */
export function closing(tokens: readonly Token[], start: number): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at++) {
    if (isSign(tokens[at], "(")) depth++;
    if (isSign(tokens[at], ")") && --depth === 0) return at;
  }
  return -1;
}

/** Whether every bracket that opens closes, and none before it has opened. */
export function isBalanced(tokens: readonly Token[]): boolean {
  let depth = 0;
  for (const token of tokens) {
    if (isSign(token, "(")) depth++;
    if (isSign(token, ")") && --depth < 0) return false;
  }
  return depth === 0;
}
