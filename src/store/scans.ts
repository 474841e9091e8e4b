import { Refusal } from "../lib/errors.ts";
import { Lru } from "../lib/lru.ts";
import type { Connection } from "./connection.ts";
import { countTicks, rowOfNothing } from "./dialect.ts";
import { isOutdated } from "./failures.ts";
import type { Scanners } from "./scanners.ts";
import type { Asked } from "./task.ts";

/** Tables with more rows than this stall the main thread where nothing counts what is read of them. */
const large = 300;
/** What a query may look at, and for how many milliseconds, before it is moved off the main thread. */
const allowedRows = 2000;
const allowedTime = 4;
/** Rows from one look at the clock to the next. */
const every = 4;
/** Nanoseconds that one comparison may take there. */
const allowedEffort = 4_000_000;
/** Milliseconds for which what is known about tables counts. */
const fresh = 1000;

const enough = new Error("The query looks at more rows than the main thread has time for.");

/** What is known about the text of a query. */
interface Plan {
  /** Those it reads, where that matters. */
  readonly tables: readonly string[];
  /** It reads whole tables where no tick counts them: in an inner loop, or before the first row. */
  readonly hidden: boolean;
  /** The text with its ticks counted. */
  readonly counted: string;
  /** It took too long the last time. */
  slow: boolean;
}

/**
 * Decides where a query runs that may look at many rows. What SQLite plans says which tables it reads and how; how many rows
 * that will be, and how long each takes, depends on the values (`author = ?` may find ten or half a million). So the main
 * thread counts what it looks at and asks the clock, and leaves the query to a worker once it is too much.
 */
export class Scans {
  readonly #plans = new Lru<string, Plan>(500);
  readonly #sizes = new Map<string, number>();
  #schema = -1;
  #checked = Number.NEGATIVE_INFINITY;
  #ticks = 0;
  #until = 0;

  constructor(
    readonly reader: Connection,
    readonly scanners: Scanners,
  ) {
    reader.count({ tick: () => this.#tick(), weigh: (nanoseconds) => this.#weigh(nanoseconds) });
  }

  async scan<Row>(
    { text, values, bytes = Number.POSITIVE_INFINITY }: Asked,
    gone?: AbortSignal,
    aside = false,
  ): Promise<Row[]> {
    if (gone?.aborted) throw new Refusal("unavailable", "client_gone");
    this.#refresh();
    const plan = this.#plan(text);
    const hidden = plan.hidden && plan.tables.some((table) => this.#size(table) > large);
    // What took long with other values is not worth a wait behind what takes long with these.
    if (!hidden && !aside && (!plan.slow || this.scanners.full)) {
      try {
        this.#ticks = 0;
        this.#until = performance.now() + allowedTime;
        return small(this.reader.allWithin<Row>(plan.counted, values, bytes));
      } catch (error) {
        if (error !== enough) throw error;
      }
    }
    plan.slow = true;
    const scanned = await this.scanners.scan({ text: plan.counted, values, bytes }, gone);
    plan.slow = scanned.ticks > allowedRows || scanned.time > allowedTime;
    return JSON.parse(small(scanned.rows));
  }

  #tick(): number {
    if (++this.#ticks > allowedRows || (this.#ticks % every === 0 && performance.now() > this.#until)) throw enough;
    return 1;
  }

  #weigh(nanoseconds: number | null): number {
    if ((nanoseconds ?? 0) > allowedEffort || performance.now() > this.#until) throw enough;
    return 1;
  }

  #refresh(): void {
    const now = performance.now();
    if (now - this.#checked < fresh) return;
    this.#checked = now;
    this.#sizes.clear();
    const schema = this.reader.first<{ schema_version: number }>("PRAGMA schema_version")?.schema_version ?? 0;
    if (schema !== this.#schema) this.#plans.clear();
    this.#schema = schema;
  }

  #plan(text: string): Plan {
    const known = this.#plans.get(text);
    if (known) return known;
    const counted = countTicks(text);
    const steps = this.reader.explain<{ detail: string }>("EXPLAIN QUERY PLAN", counted).map(({ detail }) => detail);
    const hidden =
      counted === text || steps.slice(1).some(readsAll) || steps.some((step) => step.includes(" AUTOMATIC "));
    const plan: Plan = { tables: hidden ? this.#tables(counted) : [], hidden, counted, slow: false };
    this.#plans.set(text, plan);
    return plan;
  }

  /** The plan calls tables by their alias; the program that SQLite makes of the query says which b-trees it opens. */
  #tables(text: string): string[] {
    const opened = this.reader
      .explain<{ opcode: string; p2: number; p3: number }>("EXPLAIN", text)
      .filter(({ opcode, p3 }) => opcode === "OpenRead" && p3 === 0)
      .map(({ p2 }) => p2);
    return this.reader
      .all<{ name: string }>(
        "SELECT DISTINCT tbl_name AS name FROM sqlite_schema WHERE rootpage IN (SELECT value FROM json_each(?))",
        [JSON.stringify(opened)],
      )
      .map(({ name }) => name);
  }

  /** At most this many rows: the largest row number, which SQLite finds without counting. A table without is called large. */
  #size(table: string): number {
    const known = this.#sizes.get(table);
    if (known !== undefined) return known;
    const size = this.#largestRow(table);
    this.#sizes.set(table, size);
    return size;
  }

  #largestRow(table: string): number {
    const text = `SELECT max(_rowid_) AS rows FROM "${table.replaceAll('"', '""')}"`;
    try {
      return this.reader.first<{ rows: number | null }>(text)?.rows ?? 0;
    } catch (error) {
      if (isOutdated(error)) return Number.POSITIVE_INFINITY;
      throw error;
    }
  }
}

function small<Rows>(rows: Rows | undefined): Rows {
  if (rows === undefined) throw new Refusal("bad request", "answer_too_large");
  return rows;
}

const oneRow = ["SCAN CONSTANT ROW", `SCAN ${rowOfNothing}`];

function readsAll(step: string): boolean {
  return step.startsWith("SCAN ") && !oneRow.includes(step) && !step.includes(" VIRTUAL TABLE");
}
