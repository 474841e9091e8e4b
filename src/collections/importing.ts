import { now } from "../lib/dates.ts";
import { any, bad, good, isProblem, type Outcome, problem, type Problem, type Problems } from "../lib/errors.ts";
import { isObject, sameJson } from "../lib/json.ts";
import { sentence } from "../phrases/index.ts";
import { indexTrouble, mustBeOurs } from "./apply.ts";
import { checkDefinition } from "./check.ts";
import type { Collections } from "./collection.ts";
import { brokenRules, type Change, commit, type Parts, StepError } from "./commit.ts";
import { compileSet } from "./compile.ts";
import type { Definition } from "./definition.ts";
import { freeId } from "./definition-fields.ts";
import { plan } from "./plan.ts";
import { definitionsAfter } from "./renames.ts";
import { inOrder, settleViews, ViewError } from "./views.ts";

type Input = Readonly<Record<string, unknown>>;

/** A collection that is imported, and the one that it takes the place of. */
interface Arrival {
  readonly id: string;
  readonly name: string;
  readonly type: unknown;
  readonly input: Input;
  readonly old: Definition | undefined;
}

export interface ImportOptions {
  /** What is not among them goes: collections that are not our own, and fields of those that are imported. */
  readonly deleteMissing?: boolean;
}

/**
 * Makes collections as they are described, all in one transaction, whatever order they come in: relations may lead to and fro. One
 * that stands under the same id (or name, where it brings no id) is changed and keeps its records. A field is the one that stands under
 * its id, and without `deleteMissing` also the one with its name and type; its values stay. What is lost, without a word, as in PocketBase:
 * with `deleteMissing` what is not among them, without it the values of a field whose name comes with another type and id. The problem says in one text what is
 * wrong with which of them.
 */
export function importCollections(
  parts: Parts,
  inputs: readonly unknown[],
  { deleteMissing = false }: ImportOptions = {},
): Promise<Outcome<Collections>> {
  return parts.collections.change(async (set) => {
    const arrivals = arrivalsOf(inputs, set, deleteMissing);
    if (!arrivals) return failed([["collections", problem("validation_invalid_value")]]);
    const twice = arrivals.find(({ id }, at) => arrivals.findIndex((other) => other.id === id) < at);
    if (twice) return failed([[twice.name, { id: problem("validation_collection_name_id_duplicate") }]]);
    const standing = set.all.map(({ definition }) => definition);
    const isGone = ({ id, system }: Definition) => deleteMissing && !system && !arrivals.some((it) => it.id === id);
    const gone = standing.filter(isGone);
    const staying = standing.filter((definition) => !isGone(definition));

    const checked = checkAll(arrivals, staying);
    if (!checked.ok) return failed(Object.entries(checked.problems));
    const changes = [
      ...gone.map((old): Change => ({ old, steps: plan(old, undefined) })),
      ...arrivals.flatMap(({ id, old }) => changeOf(old, checked.value.get(id))).sort(newLast),
    ];
    const settled = settleViews(definitionsAfter(staying, changes));
    const next = compileSet(settled.after);
    const problems = { ...settled.problems, ...dangling(next), ...brokenRules(next) };
    if (any(problems)) return failed(Object.entries(problems));
    const changed = [...gone, ...settled.after.filter((it) => !standing.includes(it))];
    for (const it of changed.filter(({ id }) => set.find(id))) mustBeOurs(parts, it);
    if (changed.length === 0) return good(set);
    return commit(parts, set, { changes, after: settled.after }).then(good, (error) => failed([faultOf(error)]));
  });
}

function arrivalsOf(inputs: readonly unknown[], set: Collections, deleteMissing: boolean): Arrival[] | undefined {
  const ids = new Set(set.all.map(({ id }) => id));
  const arrivals: Arrival[] = [];
  for (const input of inputs) {
    if (!isObject(input)) return undefined;
    const name = String(input["name"] ?? "");
    const wanted = String(input["id"] ?? "");
    const old = set.all.find((it) => (wanted === "" ? it.name === name : it.id === wanted))?.definition;
    const type = input["type"] ?? old?.type ?? "base";
    const id = old?.id ?? (wanted || freeId("pbc_", `${String(type)}${name}`, (it) => ids.has(it)));
    ids.add(id);
    const whole = { ...(old && !deleteMissing ? withOldFields(input, old) : input), id, type };
    arrivals.push({ id, name: name || (old?.name ?? ""), type, input: whole, old });
  }
  return arrivals;
}

/** Fields that the import does not speak of stay, and so do those that it knows by another id. */
function withOldFields(input: Input, old: Definition): Input {
  if (!Array.isArray(input["fields"])) return input;
  const fields = withOldIds(input["fields"], old);
  const left = old.fields.filter(({ id, name }) => {
    return !fields.some((it: unknown) => isObject(it) && (it["id"] === id || it["name"] === name));
  });
  return { ...input, fields: [...fields, ...left] };
}

/** A field that another server made has another id there; the column is the same. */
function withOldIds(fields: readonly unknown[], old: Definition): unknown[] {
  const sent = new Set(fields.map((it) => isObject(it) && it["id"]));
  return fields.map((it) => {
    if (!isObject(it) || old.fields.some(({ id }) => id === it["id"])) return it;
    const same = old.fields.find(({ name, type }) => name === it["name"] && type === it["type"]);
    return same && !sent.has(same.id) ? { ...it, id: same.id } : it;
  });
}

/** Each is checked beside all others as they will be called. Views come last, each after those it reads. */
function checkAll(
  arrivals: readonly Arrival[],
  staying: readonly Definition[],
): Outcome<ReadonlyMap<string, Definition>> {
  const untouched = staying.filter(({ id }) => !arrivals.some((it) => it.id === id));
  const sketches = arrivals.map(sketch);
  const checked = new Map<string, Definition>();
  const problems: Problems = {};
  const moment = now();
  const check = (arrival: Arrival): Problems | undefined => {
    const around = [...untouched, ...sketches.map((it) => checked.get(it.id) ?? it)];
    const { old, id, input } = arrival;
    const beside = compileSet(around.filter((it) => it.id !== id));
    const outcome = checkDefinition(input, old, beside, { moment, asWritten: Array.isArray(input["indexes"]) });
    if (!outcome.ok) return outcome.problems;
    checked.set(id, outcome.value);
    return undefined;
  };
  for (const arrival of arrivals.filter(({ type }) => type !== "view")) {
    const wrong = check(arrival);
    if (wrong) problems[arrival.name] = wrong;
  }
  if (any(problems)) return bad(problems);
  for (const { id } of inOrder(sketches)) {
    const arrival = arrivals.find((it) => it.id === id);
    const wrong = arrival && check(arrival);
    if (wrong) problems[arrival.name] = wrong;
  }
  if (any(problems)) return bad(problems);
  return good(checked);
}

/** As much of a collection as others must know before it is looked at. */
function sketch({ id, name, type, input, old }: Arrival): Definition {
  const rules = { listRule: null, viewRule: null, createRule: null, updateRule: null, deleteRule: null };
  const texts = Array.isArray(input["indexes"]) ? input["indexes"].map(String) : [];
  const bare = { system: false, pages: false, fields: [], ...rules, created: "", updated: "" };
  const its = type === "auth" || type === "view" ? type : "base";
  const indexes = old && !input["indexes"] ? old.indexes : texts;
  const viewQuery = its === "view" ? { viewQuery: String(input["viewQuery"] ?? old?.viewQuery ?? "") } : {};
  return { ...bare, ...old, id, name, type: its, indexes, ...viewQuery };
}

/** When a collection was changed is no change. */
function changeOf(old: Definition | undefined, next: Definition | undefined): Change[] {
  if (!next || (old && sameJson({ ...old, updated: "" }, { ...next, updated: "" }))) return [];
  return [{ ...(old ? { old } : {}), next, steps: plan(old, next) }];
}

function newLast(left: Change, right: Change): number {
  return Number(!left.old) - Number(!right.old);
}

/** Relations that would point at nothing. */
function dangling(next: Collections): Problems {
  const lost = next.all.filter(({ fields }) => fields.some(({ target }) => target !== undefined && !next.find(target)));
  return Object.fromEntries(
    lost.map(({ name }) => [name, { fields: problem("validation_field_relation_missing_collection") }]),
  );
}

function faultOf(error: unknown): [string, Problem] {
  if (error instanceof ViewError) return [error.view.name, error.problem];
  if (!(error instanceof StepError)) throw error;
  const { code, params, index } = error.step;
  const step = sentence("en", code, params).replace(/\.$/, "");
  return [
    step,
    index === undefined ? problem("schema_step_failed", { reason: String(error.cause) }) : problem(indexTrouble(error)),
  ];
}

function failed<T>(problems: readonly (readonly [string, Problem | Problems])[]): Outcome<T> {
  const reason = problems.map(([name, it]) => `${name}: ${told(it)}`).join(" ");
  return bad({ collections: problem("validation_collections_import_failure", { reason }) });
}

function told(it: Problem | Problems): string {
  if (isProblem(it)) return sentence("en", it.code, it.params);
  return Object.entries(it)
    .map(([key, inner]) => `${key}: ${told(inner)}`)
    .join(" ");
}
