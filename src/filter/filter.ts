import { clock } from "../lib/dates.ts";
import { Lru } from "../lib/lru.ts";
import type { Sql } from "../store/sql.ts";
import { type Fill, filled, type Moment, type Scalar, Sheet } from "./joins.ts";
import type { Token } from "./lexer.ts";
import { clientLimits, type Limits, ruleLimits } from "./limits.ts";
import { literalOf, parse, read } from "./parser.ts";
import { contextOf, resolve } from "./resolver.ts";
import type { Condition, Scope, ScopeCollection } from "./scope.ts";
import { type Chooser, write } from "./to-sql.ts";

export { renameNames } from "./rename.ts";
export { compileSort } from "./sort.ts";

/** How many ways one text may be written for different requests before the one used least is forgotten. */
const mostVariants = 32;

/** How many texts (of different shape) a collection remembers. */
const mostTexts = 200;

/** Longer texts are read anew each time: few are asked twice. */
const longestKept = 500;

/** A text that has been read. */
interface Reading {
  readonly template: Template;
  readonly literals: readonly Scalar[];
}

/** What a collection remembers: texts as they were sent, and what they have in common. */
interface Known {
  readonly readings: Lru<string, Reading>;
  readonly templates: Lru<string, Template>;
}

const compiled = new WeakMap<ScopeCollection, Known>();

/**
 * A client's filter as a condition. Texts that differ only in their literals are compiled once for a collection, which belongs to
 * one set of collections for ever; they give few shapes of SQL, always the same objects, with only the values set per request.
 * Throws a Refusal: "bad request" with the character (`position`, from 1) and what was `found` there, or "forbidden" for
 * what only superusers may ask. The empty text is true for every row.
 */
export function compileFilter(text: string, scope: Scope): Condition {
  return compile(text, scope, clientLimits);
}

/** The same for what owners write, which may be longer. */
export function compileRule(text: string, scope: Scope): Condition {
  return compile(text, scope, ruleLimits);
}

function compile(text: string, scope: Scope, limits: Limits): Condition {
  if (text === "") return () => true;
  let known = compiled.get(scope.collection);
  if (!known) compiled.set(scope.collection, (known = { readings: new Lru(mostTexts), templates: new Lru(mostTexts) }));
  const from = [scope.trusted ? "all" : "shown", ...scope.from.shape.parts].join("\n");
  const whole = `${from}\n${text}`;
  let reading = known.readings.get(whole);
  if (!reading) {
    reading = readingOf(text, scope, limits, from, known.templates);
    if (text.length <= longestKept) known.readings.set(whole, reading);
  }
  const { template, literals } = reading;
  return (ask) => template.at({ ask, time: clock(), literals });
}

function readingOf(
  text: string,
  scope: Scope,
  limits: Limits,
  from: string,
  templates: Lru<string, Template>,
): Reading {
  const tokens = read(text, limits);
  const key = [from, ...tokens.map(shapeOf)].join("\n");
  let template = templates.get(key);
  if (!template) templates.set(key, (template = new Template(text, tokens, scope, limits)));
  return { template, literals: tokens.flatMap((token) => literalOf(token) ?? []) };
}

/** A token without its value, if it has one. Whether a text is empty decides how it is compared. */
function shapeOf({ kind, text }: Token): string {
  return kind === "number" ? "1" : kind !== "text" ? text : text === "" ? "''" : "'a'";
}

/** A filter whose literals and request are left open. */
class Template {
  readonly #choosers: Chooser[] = [];
  readonly #write: (choices: readonly string[]) => Variant | boolean;
  readonly #variants = new Lru<string, Variant | boolean>(mostVariants);

  constructor(text: string, tokens: readonly Token[], scope: Scope, limits: Limits) {
    const literal = (_: unknown, index: number) => (moment: Moment) => moment.literals[index] ?? null;
    const context = contextOf(text, scope, this.#choosers, limits, literal);
    const plan = resolve(parse(text, tokens, limits), context);
    this.#write = (choices) => {
      const sheet = new Sheet(choices, limits);
      const result = write(plan, scope.from, sheet);
      return typeof result === "boolean" ? result : new Variant(result, sheet.fills);
    };
    // Written before anybody asks, so that what cannot be written is refused now.
    this.#variant(this.#choosers.map(() => ""));
  }

  at(moment: Moment): Sql | boolean {
    const variant = this.#variant(this.#choosers.map((choose) => choose(moment)));
    return typeof variant === "boolean" ? variant : variant.at(moment);
  }

  #variant(choices: readonly string[]): Variant | boolean {
    const key = choices.join();
    let variant = this.#variants.get(key);
    if (variant === undefined) this.#variants.set(key, (variant = this.#write(choices)));
    return variant;
  }
}

/** SQL whose holes wait to be filled. */
class Variant {
  readonly #sql: Sql;
  readonly #fills: readonly Fill[];

  constructor(sql: Sql, fills: readonly Fill[]) {
    this.#sql = sql;
    this.#fills = sql.values.map((hole) => fills[Number(hole)] ?? null);
  }

  at(moment: Moment): Sql {
    return this.#sql.with(this.#fills.map((fill): Scalar => filled(fill, moment)));
  }
}
