import type { Outbox } from "../events/outbox.ts";
import { now } from "../lib/dates.ts";
import { any, bad, good, type Outcome, problem, type Problems, Refusal } from "../lib/errors.ts";
import { recordId } from "../lib/ids.ts";
import { sentence } from "../phrases/index.ts";
import { ConstraintError, type Store, type Unit } from "../store/engine.ts";
import { sql } from "../store/sql.ts";
import { checkDefinition } from "./check.ts";
import { type Collection, type Collections, ruleNames } from "./collection.ts";
import { compileRule, compileSet, newRow, ruleText } from "./compile.ts";
import type { Definition } from "./definition.ts";
import { plan, type Step } from "./plan.ts";
import type { Registry } from "./registry.ts";
import { followRenames } from "./renames.ts";

export interface Parts {
  readonly store: Store;
  readonly collections: Registry;
  readonly outbox: Outbox;
  /** Told in the unit that changes a collection, for whoever keeps names of collections and fields elsewhere. */
  readonly follow?: (tx: Unit, old: Definition, saved: Definition) => Promise<void>;
}

type Input = Readonly<Record<string, unknown>>;

/** Reads the stored definitions and makes them the current set. */
export async function loadCollections({ store, collections }: Pick<Parts, "store" | "collections">): Promise<void> {
  const rows = await store.all<{ definition: string }>(sql`SELECT definition FROM _collections ORDER BY rowid`);
  collections.swap(compileSet(rows.map((row): Definition => JSON.parse(row.definition))));
}

export interface SaveOptions {
  /** Our own collections may call themselves and their fields `system`. */
  readonly builtIn?: boolean;
  /** Runs every step and takes it back: says what would happen, changes nothing. */
  readonly rehearse?: boolean;
}

/** A collection as it stands (or would stand) after the steps that were run. */
export interface Saved {
  readonly collection: Collection;
  readonly steps: readonly Step[];
}

/** Makes a collection. Answers it once it can be used, or what is wrong with the definition. */
export function createCollection(parts: Parts, input: Input, options: SaveOptions = {}): Promise<Outcome<Saved>> {
  return parts.collections.change(async (set) => {
    const checked = checkDefinition(input, undefined, set, { moment: now(), builtIn: options.builtIn ?? false });
    return checked.ok ? save(parts, set, undefined, checked.value, options) : checked;
  });
}

/** Changes a collection; what was not sent stays. Fields are told by their ids, so that a rename keeps the values. */
export function updateCollection(
  parts: Parts,
  id: string,
  input: Input,
  options: SaveOptions = {},
): Promise<Outcome<Saved>> {
  return parts.collections.change(async (set) => {
    const old = found(set, id).definition;
    const checked = checkDefinition(input, old, set, { moment: now() });
    return checked.ok ? save(parts, set, old, checked.value, options) : checked;
  });
}

/** Removes a collection and its records. Refused while others point at it, and for our own. */
export function deleteCollection(parts: Parts, id: string): Promise<void> {
  return parts.collections.change(async (set) => {
    const old = found(set, id).definition;
    if (old.system) throw new Refusal("bad request", "collection_is_system");
    const referring = set.all.filter((other) => other.id !== id && other.fields.some((field) => field.target === id));
    if (referring.length) {
      throw new Refusal("bad request", "collection_is_referred_to", {
        names: referring.map(({ name }) => name).join(", "),
      });
    }
    const next = compileSet(set.all.filter((other) => other.id !== id).map((other) => other.definition));
    const broken = brokenRules(next);
    if (any(broken))
      throw new Refusal("bad request", "collection_is_used_in_rules", { names: Object.keys(broken).join(", ") });
    const steps = plan(old, undefined);
    await apply(parts, next, async (tx) => {
      await run(tx, steps);
      await tx.run(sql`DELETE FROM _collections WHERE id = ${id}`);
      await remember(parts, tx, old, steps);
    });
  });
}

function found(set: Collections, id: string): Collection {
  const collection = set.find(id);
  if (!collection) throw new Refusal("not found", "not_found");
  return collection;
}

/** Compiles the whole next set first, so that a schema that cannot compile is never stored; then one transaction. */
async function save(
  parts: Parts,
  set: Collections,
  old: Definition | undefined,
  definition: Definition,
  { rehearse = false }: SaveOptions,
): Promise<Outcome<Saved>> {
  const before = set.all.map((other) => other.definition);
  const after = followRenames(set, old, definition);
  const next = compileSet(after);
  const broken = brokenRules(next, definition.id);
  if (any(broken)) return bad(broken);

  const steps = plan(old, definition);
  const problems = await apply(parts, next, async (tx) => {
    await run(tx, steps);
    for (const other of after) if (!before.includes(other)) await store(tx, other);
    if (old) await parts.follow?.(tx, old, definition);
    await remember(parts, tx, definition, steps);
    if (rehearse) throw new Rehearsed();
  }).then(() => undefined, asProblems);
  return problems ? bad(problems) : good({ collection: found(next, definition.id), steps });
}

/** One unit; whatever comes after it in the same commit already knows the next set. */
async function apply(parts: Parts, next: Collections, work: (tx: Unit) => Promise<void>): Promise<void> {
  const { collections } = parts;
  try {
    await parts.store.write(async (tx) => {
      await work(tx);
      collections.swap(next);
    });
  } catch (error) {
    // Where the disk failed behind the unit, only the file itself can tell which schema it has.
    if (collections.current === next) await loadCollections(parts);
    throw error;
  }
}

function store(tx: Unit, definition: Definition): Promise<number> {
  const { id, name, type, system, created, updated } = definition;
  return tx.run(
    sql`INSERT INTO _collections (id, name, type, system, definition, created, updated)
        VALUES (${id}, ${name}, ${type}, ${system}, ${JSON.stringify(definition)}, ${created}, ${updated})
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, definition = excluded.definition, updated = excluded.updated`,
  );
}

/** Thrown at the end of a rehearsal, so that the unit takes everything back. */
class Rehearsed extends Error {}

/** A step that failed because of what the definition says, as opposed to the disk. */
class StepError extends Error {
  constructor(
    readonly step: Step,
    override readonly cause: unknown,
  ) {
    super(`${step.code} failed: ${String(cause)}`);
  }
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

/** An index that cannot be made is the definition's fault; everything else goes on up. */
function asProblems(error: unknown): Problems | undefined {
  if (error instanceof Rehearsed) return undefined;
  if (!(error instanceof StepError) || error.step.index === undefined) throw error;
  const code =
    error.cause instanceof ConstraintError ? "validation_index_not_unique" : "validation_invalid_index_expression";
  return { indexes: { [error.step.index]: problem(code) } };
}

async function remember({ outbox }: Parts, tx: Unit, definition: Definition, steps: readonly Step[]): Promise<void> {
  const told = JSON.stringify(steps.map(({ code, params, loses }) => ({ code, params, loses })));
  await tx.run(
    sql`INSERT INTO _history (id, collection, steps, created) VALUES (${recordId()}, ${definition.id}, ${told}, ${now()})`,
  );
  await outbox.append(tx, { collection: definition.id, record: "", action: "schema" });
}

/** Rules that do not compile against the set: of the collection that is saved by their name, of others with theirs before it. */
function brokenRules(set: Collections, saved?: string): Problems {
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
