import type { Outbox } from "../events/outbox.ts";
import { now } from "../lib/dates.ts";
import { problem, type Problems, Refusal } from "../lib/errors.ts";
import { recordId } from "../lib/ids.ts";
import { sentence } from "../phrases/index.ts";
import type { Store, Unit } from "../store/engine.ts";
import { sql } from "../store/sql.ts";
import { type Collections, ruleNames } from "./collection.ts";
import { compileRule, compileSet, newRow, ruleText } from "./compile.ts";
import type { Definition } from "./definition.ts";
import type { Step } from "./plan.ts";
import type { Registry } from "./registry.ts";

export interface Parts {
  readonly store: Store;
  readonly collections: Registry;
  readonly outbox: Outbox;
  /** Told in the unit that changes a collection, for whoever keeps names of collections and fields elsewhere. */
  readonly follow?: (tx: Unit, old: Definition, saved: Definition) => Promise<void>;
}

/** What becomes of one collection: it is made where there is no `old`, and deleted where there is no `next`. */
export interface Change {
  readonly old?: Definition;
  readonly next?: Definition;
  readonly steps: readonly Step[];
}

/** All that one commit does, in this order. */
export interface Commit {
  readonly changes: readonly Change[];
  /** Every definition as it stands afterwards, in order. */
  readonly after: readonly Definition[];
  /** Takes everything back at the end: says what would happen, changes nothing. */
  readonly rehearse?: boolean;
  /** Asked before anything is done, in the same unit: what it throws leaves everything as it is. */
  readonly first?: (tx: Unit) => Promise<unknown>;
  /** What else belongs into the same unit. */
  readonly beside?: (tx: Unit) => Promise<unknown>;
}

/** Seconds that a change of large tables may take. */
const patience = 600;

/** A step that failed because of what the definition says, as opposed to the disk. */
export class StepError extends Error {
  override readonly name = "StepError";

  constructor(
    readonly step: Step,
    override readonly cause: unknown,
  ) {
    super(`${step.code} failed: ${String(cause)}`);
  }
}

/** Thrown at the end of a rehearsal, so that the unit takes everything back. */
class Rehearsed extends Error {}

/** Reads the stored definitions and makes them the current set. */
export async function loadCollections({ store, collections }: Pick<Parts, "store" | "collections">): Promise<void> {
  const rows = await store.all<{ definition: string }>(sql`SELECT definition FROM _collections ORDER BY rowid`);
  collections.swap(compileSet(rows.map((row): Definition => JSON.parse(row.definition))));
}

/**
 * Runs changes as one: all of them, or none. Belongs inside `collections.change`. Answers the set that is current afterwards (or
 * would be); whatever comes after it in the same group of units already knows that set. Throws StepError.
 */
export async function commit(parts: Parts, set: Collections, work: Commit): Promise<Collections> {
  const { collections } = parts;
  const next = compileSet(work.after);
  const before = new Set(set.all.map(({ definition }) => definition));
  const all = async (tx: Unit) => {
    await work.first?.(tx);
    for (const change of work.changes) await run(tx, change.steps);
    for (const { old, next } of work.changes) {
      if (old && !next) await tx.run(sql`DELETE FROM _collections WHERE id = ${old.id}`);
    }
    for (const definition of work.after) if (!before.has(definition)) await keep(tx, definition);
    for (const { old, next } of work.changes) if (old && next) await parts.follow?.(tx, old, next);
    for (const change of work.changes) await remember(parts, tx, change);
    await work.beside?.(tx);
    if (work.rehearse) throw new Rehearsed();
    collections.swap(next);
  };
  try {
    await parts.store.write(all, { seconds: patience });
  } catch (error) {
    if (error instanceof Rehearsed) return next;
    // Where the disk failed behind the unit, only the file itself can tell which schema it has.
    if (collections.current === next) await loadCollections(parts);
    throw error;
  }
  return next;
}

async function run(tx: Unit, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    for (const statement of step.sql) {
      await tx.run(statement).catch((cause) => {
        throw cause instanceof Refusal ? cause : new StepError(step, cause);
      });
    }
  }
}

function keep(tx: Unit, definition: Definition): Promise<number> {
  const { id, name, type, system, created, updated } = definition;
  return tx.run(
    sql`INSERT INTO _collections (id, name, type, system, definition, created, updated)
        VALUES (${id}, ${name}, ${type}, ${system}, ${JSON.stringify(definition)}, ${created}, ${updated})
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, definition = excluded.definition, updated = excluded.updated`,
  );
}

async function remember({ outbox }: Parts, tx: Unit, { old, next, steps }: Change): Promise<void> {
  const collection = (next ?? old)?.id ?? "";
  const told = JSON.stringify(steps.map(({ code, params, loses }) => ({ code, params, loses })));
  await tx.run(
    sql`INSERT INTO _history (id, collection, steps, created) VALUES (${recordId()}, ${collection}, ${told}, ${now()})`,
  );
  await outbox.append(tx, { collection, record: "", action: "schema" });
}

/** Rules that do not compile against the set: of the collection that is saved by their name, of others with theirs before it. */
export function brokenRules(set: Collections, saved?: string): Problems {
  const problems: Problems = {};
  for (const collection of set.all) {
    for (const rule of ruleNames) {
      if (!ruleText(collection.definition, rule)) continue;
      try {
        compileRule(collection, rule, set, rule === "create" ? newRow : collection.name);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const key = collection.id === saved ? `${rule}Rule` : `${collection.name}.${rule}Rule`;
        problems[key] = problem("validation_invalid_rule", { reason: sentence("en", error.code, error.params) });
      }
    }
  }
  return problems;
}
