import type { Outbox } from "../events/outbox.ts";
import { compileRule as compileText } from "../filter/filter.ts";
import { now } from "../lib/dates.ts";
import { type Problem, problem, type Problems, Refusal } from "../lib/errors.ts";
import { recordId } from "../lib/ids.ts";
import { sentence } from "../phrases/index.ts";
import type { Store, Unit } from "../store/engine.ts";
import { name, sql } from "../store/sql.ts";
import { type Collections, ruleNames } from "./collection.ts";
import { compileRule, compileSet, newRow, ruleText } from "./compile.ts";
import { completed, type Definition, unbuiltFlows } from "./definition.ts";
import type { Step } from "./plan.ts";
import type { Registry } from "./registry.ts";
import { findBroken, putUp, takeDown } from "./view-tables.ts";

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

/**
 * Reads the stored definitions and makes them the current set; options that are newer than what is stored are as they are where
 * nobody says. A view that cannot be read is told by its name, and closed.
 */
export async function loadCollections({
  store,
  collections,
  say,
}: Pick<Parts, "store" | "collections"> & { readonly say?: (line: string) => void }): Promise<void> {
  const rows = await store.all<{ definition: string }>(sql`SELECT definition FROM _collections ORDER BY rowid`);
  const stored = rows.map((row): Definition => completed(JSON.parse(row.definition)));
  const checked = await findBroken(store, stored);
  for (const { name, broken } of checked) {
    if (broken !== undefined) say?.(sentence("en", "view_broken", { name, reason: broken }));
  }
  for (const definition of checked) {
    const flows = unbuiltFlows(definition).filter((flow) => flow !== "authAlert");
    if (flows.length > 0) {
      say?.(sentence("en", "flows_not_yet", { name: definition.name, flows: flows.join(", ") }));
    }
  }
  collections.swap(compileSet(checked));
}

/**
 * Runs changes as one: all of them, or none. Belongs inside `collections.change`. Answers the set that is current afterwards (or
 * would be); whatever comes after it in the same group of units already knows that set. Throws StepError.
 */
export async function commit(parts: Parts, set: Collections, work: Commit): Promise<Collections> {
  const { collections } = parts;
  let next = compileSet(work.after);
  const standing = set.all.map(({ definition }) => definition);
  const before = new Set(standing);
  const touchesTables = work.changes.some(touches);
  const all = async (tx: Unit) => {
    await work.first?.(tx);
    if (touchesTables) await takeDown(tx, standing);
    for (const change of work.changes) await run(tx, change.steps);
    const after = touchesTables ? await putUp(tx, work.after) : work.after;
    next = compileSet(after);
    for (const { old, next } of work.changes) {
      if (old && !next) await tx.run(sql`DELETE FROM _collections WHERE id = ${old.id}`);
    }
    for (const definition of after) if (!before.has(definition)) await keep(tx, definition);
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

/** Whether it changes what views read, or a view itself. */
function touches({ old, next, steps }: Change): boolean {
  return (next ?? old)?.type === "view" || steps.some((step) => step.sql.length > 0);
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
  const mfa = saved === undefined ? undefined : mfaProblem(set, saved);
  return mfa ? { ...problems, mfa: { rule: mfa } } : problems;
}

function mfaProblem(set: Collections, saved: string): Problem | undefined {
  const collection = set.find(saved);
  const rule = collection?.definition.mfa?.rule ?? "";
  if (!collection || rule.trim() === "") return undefined;
  try {
    compileText(rule, { collection, from: name(collection.name), lookup: set.find, trusted: true });
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return problem("validation_invalid_rule", { reason: sentence("en", error.code, error.params) });
  }
}
