import type { Collection, Collections } from "../../collections/collection.ts";
import { type Change, commit, type Parts, StepError } from "../../collections/commit.ts";
import { compileSet } from "../../collections/compile.ts";
import type { Definition } from "../../collections/definition.ts";
import { plan } from "../../collections/plan.ts";
import { ViewError } from "../../collections/views.ts";
import { now } from "../../lib/dates.ts";
import type { Problem } from "../../lib/errors.ts";
import { isObject } from "../../lib/json.ts";
import type { Reading } from "../../store/engine.ts";
import { name, sql } from "../../store/sql.ts";
import type { SettingsBook } from "../../settings/settings.ts";
import { type Arrival, decide, type Decision } from "./decision.ts";
import { openJourney } from "./journey.ts";
import { carry, type LuggageParts } from "./luggage.ts";
import { said } from "./mending.ts";
import type { Source } from "./data-directory.ts";
import { carrySettings } from "./source-settings.ts";

export type MovingParts = Parts & LuggageParts & { readonly settings: SettingsBook };

/** A collection that is about to be carried. */
export interface Announced extends Arrival {
  /** How many records it has in the source. Those of a view are not counted. */
  readonly records: number;
}

export interface MovingOptions {
  /** Looks at everything and changes nothing. */
  readonly dry: boolean;
  /** Records of one batch, where that is not as many as usual. */
  readonly batch?: number;
  /** Told what was decided before a record is carried. */
  decided(arrivals: readonly Announced[]): void;
  /** Told after each batch of records. */
  progress(collection: string, done: number, total: number): void;
}

/** What has come over, or would. */
export interface Moved {
  readonly collections: number;
  readonly records: number;
  /** Records that were here before, which stay as they are. */
  readonly kept: number;
  readonly files: number;
  readonly missing: number;
  /** What was left out, closed, or carried although it would be refused. */
  readonly findings: readonly Problem[];
}

/** What must not be done over what is here; nothing was changed. */
export class Conflicts extends Error {
  override readonly name = "Conflicts";

  constructor(readonly conflicts: readonly Problem[]) {
    super(conflicts.map(({ code }) => code).join(" "));
  }
}

/**
 * Takes over a data directory of PocketBase: first all collections, in one transaction; then records and files, in batches; then settings.
 * Ended in the middle and begun anew it goes on where it was. Records that are here by their ids stay as they are. Throws Conflicts, and a
 * Refusal "conflict" (code `cli_pb_changing`) where PocketBase writes meanwhile.
 */
export async function moveIn(parts: MovingParts, source: Source, options: MovingOptions): Promise<Moved> {
  const { dry } = options;
  source.mustBeUnchanged();
  const decision = await parts.collections.change((set) => settle(parts, set, source, dry));
  options.decided(decision.arrivals.map((it) => ({ ...it, records: countOf(source, it) })));
  const findings = [...decision.findings];
  const set = compileSet(decision.after);
  const journey = await openJourney(parts.store, source.stamp);
  const sums = { records: 0, kept: 0, files: 0, missing: 0 };
  for (const arrival of decision.arrivals) {
    const collection = set.find(arrival.definition.id);
    if (!collection || collection.type === "view") continue;
    const progress = (done: number, total: number) => options.progress(collection.name, done, total);
    const here = parts.collections.find(collection.id);
    const standing = here !== undefined && !(await hasNoRows(parts.store, here));
    const trip = {
      source,
      arrival,
      collection,
      ids: decision.ids,
      journey,
      dry,
      standing,
      batch: options.batch,
      progress,
    };
    const { findings: more, ...carried } = await carry(parts, trip);
    findings.push(...more);
    for (const key of ["records", "kept", "files", "missing"] as const) sums[key] += carried[key];
  }
  source.mustBeUnchanged();
  if (sums.missing > 0 && keepsElsewhere(source)) findings.push({ code: "cli_pb_files_elsewhere" });
  findings.push(...(await carryAllSettings(parts.settings, source, dry)));
  if (!dry) await parts.store.write((tx) => journey.end(tx));
  return { collections: decision.arrivals.length, ...sums, findings };
}

interface Settled extends Omit<Decision, "conflicts" | "changes"> {}

/** Makes the collections, or rehearses it. An index that cannot be made is left out. */
async function settle(parts: Parts, set: Collections, source: Source, dry: boolean): Promise<Settled> {
  const isEmpty = (collection: Collection) => hasNoRows(parts.store, collection);
  const decision = await decide(source.collections, { set, moment: now(), isEmpty });
  if (decision.conflicts.length > 0) throw new Conflicts(decision.conflicts);
  const { arrivals, after, ids, findings } = decision;
  return { arrivals, ids, ...(await run(parts, set, { changes: decision.changes, after, findings }, dry)) };
}

interface Run {
  readonly changes: readonly Change[];
  readonly after: readonly Definition[];
  readonly findings: readonly Problem[];
}

async function run(parts: Parts, set: Collections, it: Run, dry: boolean): Promise<Omit<Run, "changes">> {
  if (it.changes.length === 0) return it;
  try {
    await commit(parts, set, { changes: it.changes, after: it.after, rehearse: dry });
    return it;
  } catch (error) {
    if (error instanceof ViewError) return run(parts, set, withBrokenView(it, error), dry);
    const index = error instanceof StepError ? error.step.index : undefined;
    const change = error instanceof StepError && it.changes.find(({ steps }) => steps.includes(error.step));
    if (index === undefined || !change || !change.next) throw error;
    return run(parts, set, withoutIndex(it, change, change.next, index), dry);
  }
}

function withoutIndex({ changes, after, findings }: Run, change: Change, next: Definition, index: number): Run {
  const indexes = next.indexes.toSpliced(index, 1);
  const definition = { ...next, indexes };
  const steps = plan(change.old, definition);
  return {
    changes: changes.map((it) => (it === change ? { ...change, next: definition, steps } : it)),
    after: after.map((it) => (it.id === definition.id ? definition : it)),
    findings: [
      ...findings,
      { code: "cli_pb_index_left_out", params: { name: next.name, index: next.indexes[index] ?? "" } },
    ],
  };
}

function countOf(source: Source, { source: { name, type } }: Arrival): number {
  return type !== "view" && source.columns(name).size > 0 ? source.count(name) : 0;
}

/** It is kept as it is, and closed, until somebody mends its query. */
function withBrokenView({ changes, after, findings }: Run, { view, problem }: ViewError): Run {
  const reason = said(problem);
  const change = changes.find(({ next }) => next?.id === view.id);
  if (!change) throw new Conflicts([{ code: "cli_pb_conflict_view", params: { name: view.name, reason } }]);
  const definition = { ...view, broken: reason, listRule: null, viewRule: null };
  return {
    changes: changes.map((it) => (it === change ? { ...change, next: definition } : it)),
    after: after.map((it) => (it.id === definition.id ? definition : it)),
    findings: [...findings, { code: "cli_pb_view_closed", params: { name: view.name, reason } }],
  };
}

async function hasNoRows(reading: Pick<Reading, "first">, collection: Collection): Promise<boolean> {
  return !(await reading.first(sql`SELECT 1 AS one FROM ${name(collection.name)} LIMIT 1`));
}

async function carryAllSettings(book: SettingsBook, { settings }: Source, dry: boolean): Promise<readonly Problem[]> {
  if (settings === undefined) return [];
  if (settings === "encrypted") return [{ code: "cli_pb_settings_encrypted" }];
  return carrySettings(book, settings.groups, dry);
}

function keepsElsewhere({ settings }: Source): boolean {
  const s3 = typeof settings === "object" ? settings.groups["s3"] : undefined;
  return isObject(s3) && s3["enabled"] === true;
}
