import type { Dialect } from "./dialect.ts";
import type { Sql } from "./sql.ts";

/** What can be asked of the data. Every engine answers promises. */
export interface Reading {
  all<Row>(query: Sql): Promise<Row[]>;
  first<Row>(query: Sql): Promise<Row | undefined>;
}

/** One unit of work: all of it is stored, or nothing. Dead once its unit has ended; using it then throws. */
export interface Unit extends Reading {
  /** Answers how many rows were changed. Throws `ConstraintError` when the data does not allow it. */
  run(statement: Sql): Promise<number>;
}

export interface WriteOptions {
  /** How long the unit may take: its next statement after that is refused (code `unit_overrun`), and with it the unit. */
  readonly seconds?: number;
}

export interface Store extends Reading {
  readonly dialect: Dialect;

  /**
   * For queries that may read a whole table: the same as `all`, run beside the main thread where it takes longer than a
   * moment, stopped after the query timeout (Refusal "unavailable", code `query_timeout`) or once `gone` is aborted. The query
   * carries `dialect.tick` in its WHERE clause. Its rows hold no bytes: those of a worker come as JSON. `aside`: it never runs
   * on the main thread, since nothing counts what it does before its first row. `bytes`: rows that have more than these
   * (`sizeOf`) are read no further (Refusal "bad request", code `answer_too_large`).
   */
  scan<Row>(query: Sql, gone?: AbortSignal, aside?: boolean, bytes?: number): Promise<Row[]>;

  /**
   * Runs one unit of work and answers its result once it is on disk. The unit may be run together with others, but fails
   * alone. It waits for nothing but `tx`, has 5 s unless said, and may not call `write` itself.
   * Throws what the unit threw, or a Refusal ("no room", "unavailable") when the engine could not store it.
   */
  write<T>(work: (tx: Unit) => Promise<T>, options?: WriteOptions): Promise<T>;

  /** Writes a consistent copy of the data to `file`, which does not exist yet. */
  copyTo(file: string): Promise<void>;

  /** Waits for what is under way, folds the log into the file, and closes it. */
  close(): Promise<void>;
}

/**
 * The data does not allow it: `columns` names what must be unique, where the engine can tell. For an index that holds an
 * expression SQLite tells only its name, as `index:NAME`.
 */
export class ConstraintError extends Error {
  override readonly name = "ConstraintError";

  constructor(
    readonly kind: "unique" | "other",
    readonly table: string,
    readonly columns: readonly string[],
    override readonly cause: unknown,
  ) {
    super(`${kind} constraint of ${table} (${columns.join(", ")})`);
  }
}
