import { Database, SQLiteError, type Statement } from "bun:sqlite";
import { Lru } from "../lib/lru.ts";
import type { Dialect } from "./dialect.ts";
import { type Sql, sizeOf, type Value } from "./sql.ts";

/** Called while a query runs; each answers 1. */
export interface Counter {
  /** For a row that is looked at. */
  readonly tick: () => number;
  /** Before something that may take this many nanoseconds, where that is known. */
  readonly weigh: (nanoseconds: number | null) => number;
}

type Prepared = Statement<unknown, Value[]>;

/**
 * One connection to a SQLite file with the statements it has prepared. SQLite prepares them anew by itself when the
 * schema changes, so none has to be forgotten. Integers are answered as `number`; nothing we store is beyond 53 bits.
 */
export class Connection {
  readonly #database: Database;
  /** `prepare` and our own cache, since texts come from outside and `query()` keeps what it was given. */
  readonly #statements = new Lru<string, Prepared>(500, (statement) => statement.finalize());

  /** Opens the file, made by the first writer; SQLite never sleeps on a lock for longer than `patience` milliseconds. */
  constructor(file: string, mode: "read" | "write", pragmas: readonly string[] = [], patience = 0) {
    this.#database = new Database(file, mode === "read" ? { readonly: true } : { readwrite: true, create: true });
    this.run(`PRAGMA busy_timeout = ${patience}`);
    for (const pragma of pragmas) this.run(`PRAGMA ${pragma}`);
  }

  /** False outside BEGIN and COMMIT, and once SQLite itself has given up a transaction. */
  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  all<Row>(text: string, values: readonly Value[] = []): Row[] {
    try {
      return this.#statement(text).all(...values) as Row[];
    } catch (error) {
      this.#refresh(error);
      return this.#statement(text).all(...values) as Row[];
    }
  }

  /** The same as `all`; nothing where the rows have more than so many bytes, read no further than to the first that is too many. */
  allWithin<Row>(text: string, values: readonly Value[], bytes: number): Row[] | undefined {
    if (bytes === Number.POSITIVE_INFINITY) return this.all<Row>(text, values);
    try {
      return within(bytes, this.#statement(text).iterate(...values)) as Row[] | undefined;
    } catch (error) {
      this.#refresh(error);
      return within(bytes, this.#statement(text).iterate(...values)) as Row[] | undefined;
    }
  }

  first<Row>(text: string, values: readonly Value[] = []): Row | undefined {
    try {
      return (this.#statement(text).get(...values) ?? undefined) as Row | undefined;
    } catch (error) {
      this.#refresh(error);
      return (this.#statement(text).get(...values) ?? undefined) as Row | undefined;
    }
  }

  /** Answers how many rows were changed. */
  run(text: string, values: readonly Value[] = []): number {
    return this.#statement(text).run(...values).changes;
  }

  /** What SQLite would do with a query. */
  explain<Row>(how: "EXPLAIN" | "EXPLAIN QUERY PLAN", text: string): Row[] {
    try {
      return this.#explain<Row>(`${how} ${text}`);
    } catch (error) {
      this.#refresh(error);
      return this.#explain<Row>(`${how} ${text}`);
    }
  }

  /** Gives SQL what `countTicks` calls; what it throws ends the query. */
  count({ tick, weigh }: Counter): void {
    this.#database.function("tick", { directOnly: true }, tick);
    this.#database.function("visit", { directOnly: true }, (_row) => tick());
    this.#database.function("weigh", { directOnly: true }, weigh);
  }

  close(): void {
    this.#statements.clear();
    this.#database.close(true);
  }

  /**
   * Bun does not reset a statement that has run to its end, and one with EXPLAIN then keeps its connection in the state it has
   * read, for every query that follows.
   */
  #explain<Row>(text: string): Row[] {
    using statement = this.#database.prepare<Row, []>(text);
    return statement.all();
  }

  #statement(text: string): Prepared {
    let statement = this.#statements.get(text);
    if (!statement) this.#statements.set(text, (statement = this.#database.prepare<unknown, Value[]>(text)));
    return statement;
  }

  /**
   * For a query that made no sense: SQLite looks for a newer schema only where a name is missing in the one it knows, not where
   * the name was something else. Running any other statement makes it look. Throws what has another cause.
   */
  #refresh(error: unknown): void {
    if (!(error instanceof SQLiteError) || error.code !== "SQLITE_ERROR" || this.inTransaction) throw error;
    this.#database.run("SELECT 1 FROM sqlite_schema");
  }
}

function within(bytes: number, found: Iterable<unknown>): unknown[] | undefined {
  const rows: unknown[] = [];
  let size = 0;
  for (const row of found) {
    size += sizeOf(row as Readonly<Record<string, unknown>>);
    if (size > bytes) return undefined;
    rows.push(row);
  }
  return rows;
}

/** The text of a query. Bun would bind the values of the run before where none are given, so their number is looked at. */
export function render(query: Sql, dialect: Dialect): string {
  if (query.values.length !== query.shape.parts.length - 1) {
    throw new Error(`The statement has ${query.shape.parts.length - 1} holes and got ${query.values.length} values.`);
  }
  return query.shape.text(dialect.hole);
}
