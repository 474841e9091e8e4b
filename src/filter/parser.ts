import { Refusal } from "../lib/errors.ts";
import { lex, type Token } from "./lexer.ts";
import { deepestBrackets, deepestCalls, type Limits, longestPattern } from "./limits.ts";
import { malformed } from "./refusals.ts";

export type Operator = "=" | "!=" | ">" | ">=" | "<" | "<=" | "~" | "!~";

/** One side of a comparison, as written. `at`: offset in the text; `index`: which of the text's literals it is, from 0. */
export type Operand =
  | { readonly kind: "name"; readonly name: string; readonly at: number }
  | { readonly kind: "literal"; readonly value: string | number; readonly index: number; readonly at: number }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Operand[]; readonly at: number };

export interface Comparison {
  readonly kind: "comparison";
  readonly left: Operand;
  readonly operator: Operator;
  /** One related row is enough (`?=`). */
  readonly any: boolean;
  readonly right: Operand;
}

export type Expression = Comparison | { readonly kind: "and" | "or"; readonly parts: readonly Expression[] };

/** The tokens of a filter; throws a Refusal for what is too long, or that points at what is no token. */
export function read(source: string, limits: Limits): Token[] {
  if (source.length > limits.length) throw new Refusal("bad request", "filter_too_long", { max: limits.length });
  const tokens = lex(source);
  tokens.forEach(({ kind, text, at }, n) => {
    if (kind !== "text" || Buffer.byteLength(text) <= longestPattern) return;
    const before = tokens[n - 1];
    if (before?.kind !== "operator" || !before.text.endsWith("~")) return;
    throw malformed("filter_pattern_too_long", source, at, "", { max: longestPattern });
  });
  return tokens;
}

/** Makes sense of the tokens; throws a Refusal that points at the character where something else was expected. */
export function parse(source: string, tokens: readonly Token[], limits: Limits): Expression {
  return new Parser(source, tokens, limits).filter();
}

/** The value of a token that is a text or a number. */
export function literalOf({ kind, text }: Token): string | number | undefined {
  return kind === "text" ? text : kind === "number" ? Number(text) : undefined;
}

class Parser {
  #next = 0;
  #literals = 0;
  #comparisons = 0;
  #brackets = 0;

  constructor(
    readonly source: string,
    readonly tokens: readonly Token[],
    readonly limits: Limits,
  ) {}

  filter(): Expression {
    if (this.#peek().kind === "end") throw malformed("filter_empty", this.source, 0);
    const expression = this.#or();
    const rest = this.#peek();
    if (rest.kind !== "end") throw malformed("filter_join_expected", this.source, rest.at, this.#written(rest));
    return expression;
  }

  #or(): Expression {
    return this.#chain("||", () => this.#chain("&&", () => this.#group(), "and"), "or");
  }

  #chain(join: string, part: () => Expression, kind: "and" | "or"): Expression {
    const first = part();
    const parts = [first];
    while (this.#takes("join", join)) parts.push(part());
    return parts.length === 1 ? first : { kind, parts };
  }

  #group(): Expression {
    const open = this.#peek();
    if (!this.#takes("bracket", "(")) return this.#comparison();
    if (++this.#brackets > deepestBrackets) {
      throw malformed("filter_too_deep", this.source, open.at, "(", { max: deepestBrackets });
    }
    const inner = this.#or();
    const close = this.#peek();
    if (!this.#takes("bracket", ")")) throw this.#expected("bracket", close);
    this.#brackets--;
    return inner;
  }

  #comparison(): Comparison {
    if (++this.#comparisons > this.limits.comparisons) {
      throw new Refusal("bad request", "filter_too_many", { max: this.limits.comparisons });
    }
    const left = this.#operand(0);
    const token = this.#peek();
    if (token.kind !== "operator") throw this.#expected("operator", token);
    this.#next++;
    const any = token.text.startsWith("?");
    const operator = (any ? token.text.slice(1) : token.text) as Operator;
    return { kind: "comparison", left, operator, any, right: this.#operand(0) };
  }

  #operand(depth: number): Operand {
    const token = this.#peek();
    const { text, at } = token;
    const value = literalOf(token);
    if (value === undefined && token.kind !== "name") throw this.#expected("operand", token);
    this.#next++;
    if (value !== undefined) return { kind: "literal", value, index: this.#literals++, at };
    if (!this.#takes("bracket", "(")) return { kind: "name", name: text, at };
    if (depth === deepestCalls) throw malformed("filter_too_deep", this.source, at, text, { max: deepestCalls });
    return { kind: "call", name: text, args: this.#args(depth + 1), at };
  }

  #args(depth: number): Operand[] {
    const args: Operand[] = [];
    if (this.#takes("bracket", ")")) return args;
    do args.push(this.#operand(depth));
    while (this.#takes("bracket", ","));
    if (!this.#takes("bracket", ")")) throw this.#expected("argument", this.#peek());
    return args;
  }

  #peek(): Token {
    return this.tokens[this.#next] ?? { kind: "end", text: "", at: this.source.length, end: this.source.length };
  }

  #takes(kind: Token["kind"], text: string): boolean {
    const token = this.#peek();
    if (token.kind !== kind || token.text !== text) return false;
    this.#next++;
    return true;
  }

  #expected(what: "operand" | "operator" | "bracket" | "argument", token: Token): Refusal {
    const code = `filter_${what}_${token.kind === "end" ? "missing" : "expected"}`;
    return malformed(code, this.source, token.at, this.#written(token));
  }

  #written(token: Token): string {
    return this.source.slice(token.at, token.end);
  }
}
