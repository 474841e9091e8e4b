import { Database, type Statement } from "bun:sqlite";
import { Lru } from "../lib/lru.ts";
import type { Dialect } from "./dialect.ts";
import type { Sql, Value } from "./sql.ts";

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
    return this.#statement(text).all(...values) as Row[];
  }

  first<Row>(text: string, values: readonly Value[] = []): Row | undefined {
    return (this.#statement(text).get(...values) ?? undefined) as Row | undefined;
  }

  /** Answers how many rows were changed. */
  run(text: string, values: readonly Value[] = []): number {
    return this.#statement(text).run(...values).changes;
  }

  /**
   * What SQLite would do with a query. Bun does not reset a statement that has run to its end, and one with EXPLAIN then keeps
   * its connection in the state it has read, for every query that follows.
   */
  explain<Row>(how: "EXPLAIN" | "EXPLAIN QUERY PLAN", text: string): Row[] {
    using statement = this.#database.prepare<Row, []>(`${how} ${text}`);
    return statement.all();
  }

  /** Gives SQL a function without arguments; what it throws ends the query. */
  define(name: string, work: () => number): void {
    this.#database.function(name, { directOnly: true }, work);
  }

  close(): void {
    this.#statements.clear();
    this.#database.close(true);
  }

  #statement(text: string): Prepared {
    let statement = this.#statements.get(text);
    if (!statement) this.#statements.set(text, (statement = this.#database.prepare<unknown, Value[]>(text)));
    return statement;
  }
}

/** The text of a query. Bun would bind the values of the run before where none are given, so their number is looked at. */
export function render(query: Sql, dialect: Dialect): string {
  if (query.values.length !== query.shape.parts.length - 1) {
    throw new Error(`The statement has ${query.shape.parts.length - 1} holes and got ${query.values.length} values.`);
  }
  return query.shape.text(dialect.hole);
}
