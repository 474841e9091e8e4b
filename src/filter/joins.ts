import { Refusal } from "../lib/errors.ts";
import { sqlite as dialect } from "../store/dialect.ts";
import { join, name, type Sql, sql } from "../store/sql.ts";
import { type Limits, mostJoins } from "./limits.ts";
import type { Ask } from "./scope.ts";

export type Scalar = string | number | null;

/** What a written filter is filled in with. */
export interface Moment {
  readonly ask: Ask;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The texts and numbers of the filter, in order. */
  readonly literals: readonly Scalar[];
}

/** What a hole holds: always the same, or what it is at the moment. */
export type Fill = Scalar | ((moment: Moment) => Scalar);

export function filled(fill: Fill, moment: Moment): Scalar {
  return typeof fill === "function" ? fill(moment) : fill;
}

/** What one SQL text is written on: what its holes hold, its aliases, and what the request has decided beforehand. */
export class Sheet {
  readonly fills: Fill[] = [];
  #aliases = 0;
  #joins = 0;

  constructor(
    readonly choices: readonly string[],
    readonly limits: Limits,
  ) {}

  /** A new hole. While the text is being written, the value of a hole is the number of its fill. */
  hole(fill: Fill): number {
    return this.fills.push(fill) - 1;
  }

  bind(fill: Fill): Sql {
    return sql`${this.hole(fill)}`;
  }

  /** Notes that tables are joined, and answers how many were until now; throws a Refusal where that is too many. */
  join(tables: number): number {
    const { joins: max } = this.limits;
    this.#joins += tables;
    if (this.#joins > max) throw new Refusal("bad request", "filter_too_many_steps", { max });
    return this.#joins;
  }

  /** An alias that no collection can have as its name. */
  alias(): Sql {
    return name(`~${++this.#aliases}`);
  }
}

/** One hop from a row to the rows it leads to. */
export interface Step {
  /** The same key from the same row is the same hop: comparisons that share it speak of the same row. */
  readonly key: string;
  /** It may lead to many rows. */
  readonly many: boolean;
  /** The column that tells its rows apart. */
  readonly number: "id" | "_rowid_";
  /** What is joined: a table, or what stands for one. */
  table(from: Sql, sheet: Sheet): Sql;
  /** Which of its rows; all of them where there is no such thing. */
  on?(from: Sql, to: Sql, sheet: Sheet): Sql;
  /** What must hold of the row it leads to, so that the viewer may know of it. */
  guard?(row: Sql, sheet: Sheet): Sql | boolean;
}

/** The paths that a set of comparisons uses. */
export type Used = Set<string>;

/**
 * The rows that paths lead to, as LEFT JOINs: where a path leads nowhere there is one row of NULLs, as PocketBase has it.
 */
export class Joins {
  readonly #joined = new Map<string, Joined>();

  constructor(
    readonly base: Sql,
    readonly sheet: Sheet,
  ) {}

  /** The row at the end of the steps. */
  walk(steps: readonly Step[], used: Used): Sql {
    let row = this.base;
    let path = "";
    for (const step of steps) {
      path += `/${step.key}`;
      let joined = this.#joined.get(path);
      if (!joined) this.#joined.set(path, (joined = joinedBy(step, row, this.sheet)));
      used.add(path);
      row = joined.row;
    }
    return row;
  }

  /** Whether there are rows of which the condition holds. */
  exists(used: Used, condition: Sql): Sql {
    return sql`EXISTS (SELECT 1${this.#from(used, [condition])})`;
  }

  /** What is to be had from one of the rows. */
  first(used: Used, value: Sql): Sql {
    return sql`(SELECT ${value}${this.#from(used, [])} LIMIT 1)`;
  }

  #from(used: Used, conditions: readonly Sql[]): Sql {
    const joined = [...this.#joined].filter(([path]) => used.has(path)).map(([, it]) => it);
    if (joined.length > mostJoins) throw new Refusal("bad request", "filter_too_many_joins", { max: mostJoins });
    this.sheet.join(joined.reduce((sum, { tables }) => sum + tables, 0));
    const texts = joined.map(({ text }) => text);
    const all = [...joined.map(({ visit }) => visit), ...joined.flatMap(({ guard }) => guard ?? []), ...conditions];
    const from = sql` FROM ${dialect.oneRow}${join(texts, "")}`;
    return all.length === 0 ? from : sql`${from} WHERE ${join(all, " AND ")}`;
  }
}

interface Joined {
  readonly row: Sql;
  readonly text: Sql;
  readonly visit: Sql;
  readonly guard: Sql | undefined;
  /** As many as it joins, with those of its guard. */
  readonly tables: number;
}

function joinedBy(step: Step, from: Sql, sheet: Sheet): Joined {
  const row = sheet.alias();
  const visit = dialect.visit(sql`${row}.${name(step.number)}`);
  const on = step.on ? sql`${visit} AND ${step.on(from, row, sheet)}` : visit;
  const text = sql` LEFT JOIN ${step.table(from, sheet)} AS ${row} ON ${on}`;
  const before = sheet.join(0);
  const guard = guardOf(step, row, sheet);
  return { row, text, visit, guard, tables: 1 + sheet.join(0) - before };
}

function guardOf(step: Step, row: Sql, sheet: Sheet): Sql | undefined {
  const guard = step.guard?.(row, sheet) ?? true;
  if (guard === true) return undefined;
  const absent = sql`${row}."id" IS NULL`;
  return guard === false ? absent : sql`(${absent} OR (${guard}))`;
}
