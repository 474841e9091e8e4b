import { type Problem, Refusal } from "../../lib/errors.ts";
import { parseJson } from "../../lib/json.ts";
import { placeText } from "../../lib/places.ts";
import { sentence } from "../../phrases/index.ts";
import type { Reading, Unit } from "../../store/engine.ts";
import { name, sql } from "../../store/sql.ts";
import { indexTrouble } from "../apply.ts";
import type { Collections } from "../collection.ts";
import { type Change, commit, type Parts, StepError } from "../commit.ts";
import { compileSet } from "../compile.ts";
import type { Step } from "../plan.ts";
import type { Schema } from "./declare.ts";
import { queryProblem, ViewError } from "../views.ts";
import type { Fault } from "./inputs.ts";
import { findMisfits } from "./misfits.ts";
import { planSchema } from "./planning.ts";

/** What a schema asked for, and all collections as they are (or would be) with it. */
export interface Applied {
  readonly steps: readonly Step[];
  readonly collections: Collections;
}

export interface SchemaOptions {
  /** What people call the schema: the name of its file. */
  readonly file: string;
  /** Data may be lost. */
  readonly acceptLoss?: boolean;
  /** Runs every step and takes it back: says what would happen, changes nothing. */
  readonly rehearse?: boolean;
  /** Hears all steps, where there are some, before anything is done. */
  readonly tell?: (steps: readonly Step[]) => void;
}

/**
 * Makes the collections as a schema has them, all in one transaction, and keeps everybody else from changing those that it
 * describes. Says what it does before it does it. Refusals, with nothing changed: `schema_failed` where the schema, or what the
 * records hold, does not allow it; `schema_loses` where data would be lost that nobody gave up.
 */
export function applySchema(parts: Parts, schema: Schema, options: SchemaOptions): Promise<Applied> {
  const { collections, store } = parts;
  const { file, acceptLoss = false, rehearse = false, tell } = options;
  return collections.change(async (set) => {
    const before = await describedBefore(store);
    const { changes: planned, after, described, faults } = planSchema(schema, set, before);
    mustBeFine(file, faults);
    const changes = await Promise.all(planned.map((change) => withoutFalseAlarm(store, change)));
    const wanted = compileSet(after);
    const misfits = await allMisfits(store, set, changes, wanted);
    const steps = [...changes.flatMap((change) => change.steps), ...misfits.told];
    if (steps.length > 0) tell?.(steps);
    mustBeFine(file, misfits.faults);
    if (!rehearse && !acceptLoss && steps.some(({ loses }) => loses)) {
      throw new Refusal("bad request", "schema_loses", { file });
    }
    // Records may have been made since that was asked.
    const first = async (tx: Unit) => {
      if (rehearse) return;
      if (!acceptLoss) {
        const found = await Promise.all(planned.map((change) => withoutFalseAlarm(tx, change)));
        if (found.some(({ steps }) => steps.some(({ loses }) => loses))) {
          throw new Refusal("bad request", "schema_loses", { file });
        }
      }
      mustBeFine(file, (await allMisfits(tx, set, changes, wanted)).faults);
    };
    let then = set;
    const isNew = described.join() !== before.join();
    if (changes.length > 0 || (isNew && !rehearse)) {
      const beside = (tx: Unit) => note(tx, described);
      then = await commit(parts, set, { changes, after, rehearse, first, beside }).catch((error) => {
        if (error instanceof ViewError)
          throw failed(file, [{ of: error.view.name, problem: queryProblem(error.problem) }]);
        throw error instanceof StepError ? failed(file, [faultOf(error)]) : error;
      });
    }
    if (!rehearse) collections.declare(file, described);
    return { steps, collections: then };
  });
}

/** Where there are no records, nothing is lost. */
async function withoutFalseAlarm(reading: Reading, change: Change): Promise<Change> {
  const { old, steps } = change;
  if (!old || !steps.some(({ loses }) => loses)) return change;
  const any = await reading.first(sql`SELECT 1 AS one FROM ${name(old.name)} LIMIT 1`);
  return any ? change : { ...change, steps: steps.map((step) => ({ ...step, loses: false })) };
}

async function allMisfits(reading: Reading, set: Collections, changes: readonly Change[], after: Collections) {
  const faults: Fault[] = [];
  const told: Step[] = [];
  for (const { old, next } of changes) {
    const [before, then] = [set.find(old?.id ?? ""), after.find(next?.id ?? "")];
    if (!before || !then || then.type === "view") continue;
    const found = await findMisfits(reading, before, then);
    faults.push(...found.faults);
    told.push(...found.told);
  }
  return { faults, told };
}

/** The ids of the collections that a schema has described the last time there was one. */
async function describedBefore(reading: Reading): Promise<string[]> {
  const row = await reading.first<{ value: string }>(sql`SELECT value FROM _params WHERE key = 'schema'`);
  const noted = parseJson(row?.value ?? "[]")?.value;
  return Array.isArray(noted) ? noted.filter((id) => typeof id === "string") : [];
}

function note(tx: Unit, described: readonly string[]): Promise<number> {
  const value = JSON.stringify(described);
  return tx.run(
    sql`INSERT INTO _params (key, value) VALUES ('schema', ${value}) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
  );
}

/** A step that the database did not take. */
function faultOf(error: StepError): Fault {
  const { code, params, index } = error.step;
  const problem: Problem =
    index === undefined
      ? { code: "schema_step_failed", params: { reason: String(error.cause) } }
      : { code: indexTrouble(error) };
  return { of: sentence("en", code, params), problem };
}

function mustBeFine(file: string, faults: readonly Fault[]): void {
  if (faults.length > 0) throw failed(file, faults);
}

/** One line for each thing that is wrong: where, of what, and what to do about it. */
function failed(file: string, faults: readonly Fault[]): Refusal {
  const lines = faults.map(({ of, place, problem }) => {
    const where = place && placeText(place);
    return `  ${where ? `${where}: ` : ""}${of.replace(/\.$/, "")}: ${sentence("en", problem.code, problem.params)}`;
  });
  return new Refusal("bad request", "schema_failed", { file, problems: `\n${lines.join("\n")}` });
}
