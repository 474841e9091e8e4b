import { Refusal } from "../lib/errors.ts";
import { type Connection, render } from "./connection.ts";
import type { Dialect } from "./dialect.ts";
import type { Unit } from "./engine.ts";
import { translate } from "./failures.ts";
import type { Sql, Value } from "./sql.ts";

/** The `tx` of one unit. SQLite answers at once; the promises are those of the contract. */
export class Work implements Unit {
  alive = true;
  /** What made SQLite give up the whole transaction. Whatever ran after it would be stored on its own. */
  failure: unknown;

  constructor(
    readonly connection: Connection,
    readonly dialect: Dialect,
    /** When its time is over, as `performance.now()` tells it. */
    readonly until: number,
  ) {}

  async all<Row>(query: Sql): Promise<Row[]> {
    return this.#ask(query, (text, values) => this.connection.all<Row>(text, values));
  }

  async first<Row>(query: Sql): Promise<Row | undefined> {
    return this.#ask(query, (text, values) => this.connection.first<Row>(text, values));
  }

  async run(statement: Sql): Promise<number> {
    return this.#ask(statement, (text, values) => this.connection.run(text, values));
  }

  #ask<T>(query: Sql, work: (text: string, values: readonly Value[]) => T): T {
    if (!this.alive) throw new Error("The unit has ended; its tx cannot be used any more.");
    if (this.failure !== undefined) throw translate(this.failure);
    // A unit that waits for nothing else lets no timer in.
    if (performance.now() > this.until) throw new Refusal("unavailable", "unit_overrun");
    try {
      return work(render(query, this.dialect), query.values);
    } catch (error) {
      if (!this.connection.inTransaction) this.failure = error;
      throw translate(error, (index) => this.#tableOf(index));
    }
  }

  #tableOf(index: string): string {
    const text = "SELECT tbl_name AS name FROM sqlite_schema WHERE type = 'index' AND name = ?";
    return this.connection.first<{ name: string }>(text, [index])?.name ?? "";
  }
}
