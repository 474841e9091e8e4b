import { now } from "../lib/dates.ts";
import { any, bad, good, type Outcome, type Problem, problem, type Problems, Refusal } from "../lib/errors.ts";
import { ConstraintError } from "../store/engine.ts";
import { checkDefinition } from "./check.ts";
import type { Collection, Collections } from "./collection.ts";
import { brokenRules, type Change, commit, type Parts, StepError } from "./commit.ts";
import { compileSet } from "./compile.ts";
import type { Definition } from "./definition.ts";
import { plan, type Step } from "./plan.ts";
import { followRenames } from "./renames.ts";

import { sampleOf } from "./view-tables.ts";
import { queryProblem, readView, settleViews, ViewError } from "./views.ts";

export { loadCollections, type Parts } from "./commit.ts";

type Input = Readonly<Record<string, unknown>>;

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

/** Makes several collections in one transaction, or none: the first of them in which something is wrong says what. */
export function createCollections(
  parts: Parts,
  inputs: readonly Input[],
  { builtIn = false }: SaveOptions = {},
): Promise<Outcome<Collections>> {
  return parts.collections.change(async (set) => {
    const after = set.all.map(({ definition }) => definition);
    const changes: Change[] = [];
    for (const input of inputs) {
      const checked = checkDefinition(input, undefined, compileSet(after), { moment: now(), builtIn });
      if (!checked.ok) return checked;
      after.push(checked.value);
      changes.push({ next: checked.value, steps: plan(undefined, checked.value) });
    }
    const broken = brokenRules(compileSet(after));
    return any(broken) ? bad(broken) : good(await commit(parts, set, { changes, after }));
  });
}

/**
 * Changes a collection; what was not sent stays. Fields are told by their ids, so that a rename keeps the values. What depends on
 * how it stands by then may be made of that. Refused for those that `schema.ts` describes.
 */
export function updateCollection(
  parts: Parts,
  id: string,
  input: Input | ((old: Definition) => Input),
  options: SaveOptions = {},
): Promise<Outcome<Saved>> {
  return parts.collections.change(async (set) => {
    const old = found(set, id).definition;
    mustBeOurs(parts, old);
    const sent = typeof input === "function" ? input(old) : input;
    const checked = checkDefinition(sent, old, set, { moment: now(), builtIn: options.builtIn ?? false });
    return checked.ok ? save(parts, set, old, checked.value, options) : checked;
  });
}

/** Removes a collection and its records. Refused while others point at it, for our own, and for those of `schema.ts`. */
export function deleteCollection(parts: Parts, id: string): Promise<void> {
  return parts.collections.change(async (set) => {
    const old = found(set, id).definition;
    if (old.system) throw new Refusal("bad request", "collection_is_system");
    mustBeOurs(parts, old);
    const referring = set.all.filter((other) => {
      return other.id !== id && other.type !== "view" && other.fields.some((field) => field.target === id);
    });
    if (referring.length) {
      throw new Refusal("bad request", "collection_is_referred_to", {
        names: referring.map(({ name }) => name).join(", "),
      });
    }
    const left = set.all.filter((other) => other.id !== id).map((other) => other.definition);
    const { after, problems } = settleViews(left);
    if (any(problems)) throw neededByViews(Object.keys(problems));
    const broken = brokenRules(compileSet(after));
    if (any(broken))
      throw new Refusal("bad request", "collection_is_used_in_rules", { names: Object.keys(broken).join(", ") });
    await commit(parts, set, { changes: [{ old, steps: plan(old, undefined) }], after }).catch((error) => {
      throw error instanceof ViewError ? neededByViews([error.view.name]) : error;
    });
  });
}

function neededByViews(views: readonly string[]): Refusal {
  const names = views.map((view) => view.replace(".viewQuery", "")).join(", ");
  return new Refusal("bad request", "collection_is_used_in_views", { names });
}

function found(set: Collections, id: string): Collection {
  const collection = set.find(id);
  if (!collection) throw new Refusal("not found", "not_found");
  return collection;
}

/** What a file describes is changed in the file. */
export function mustBeOurs({ collections }: Parts, { id, name }: Definition): void {
  const file = collections.declaredIn(id);
  if (file !== undefined) throw new Refusal("bad request", "collection_is_declared", { name, file });
}

/** Compiles the whole next set first, so that a schema that cannot compile is never stored; then one transaction. */
async function save(
  parts: Parts,
  set: Collections,
  old: Definition | undefined,
  definition: Definition,
  { rehearse = false }: SaveOptions,
): Promise<Outcome<Saved>> {
  const view = await viewProblem(parts, set, old, definition);
  if (view) return bad({ viewQuery: view });
  const { after, problems } = settleViews(followRenames(set, old, definition));
  if (any(problems)) return bad(problems);
  for (const other of after) {
    const before = set.find(other.id)?.definition;
    if (other.id !== definition.id && other !== before) mustBeOurs(parts, other);
  }
  const broken = brokenRules(compileSet(after), definition.id);
  if (any(broken)) return bad(broken);

  const steps = plan(old, definition);
  const change = { ...(old ? { old } : {}), next: definition, steps };
  return commit(parts, set, { changes: [change], after, rehearse }).then(
    (next) => good({ collection: found(next, definition.id), steps }),
    (error) => bad(asProblems(error, definition)),
  );
}

/** What the rows of a new query say against it. */
async function viewProblem(
  { store }: Parts,
  set: Collections,
  old: Definition | undefined,
  { id, viewQuery }: Definition,
): Promise<Problem | undefined> {
  if (viewQuery === undefined || viewQuery === old?.viewQuery) return undefined;
  const read = readView({ id, viewQuery }, set);
  const sample = read.ok ? await sampleOf(store, read.value.query, set) : read;
  return sample.ok ? undefined : queryProblem(sample.problem);
}

/** An index or a view that cannot be made is the definition's fault; everything else goes on up. */
function asProblems(error: unknown, saved: Definition): Problems {
  if (error instanceof ViewError) {
    const own = error.view.id === saved.id;
    return { [own ? "viewQuery" : `${error.view.name}.viewQuery`]: queryProblem(error.problem) };
  }
  if (!(error instanceof StepError) || error.step.index === undefined) throw error;
  return { indexes: { [error.step.index]: problem(indexTrouble(error)) } };
}

/** The code for why an index could not be made. */
export function indexTrouble({ cause }: StepError): string {
  return cause instanceof ConstraintError ? "validation_index_not_unique" : "validation_invalid_index_expression";
}
