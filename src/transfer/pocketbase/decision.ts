import { type Collection, type Collections, ruleNames } from "../../collections/collection.ts";
import { brokenRules, type Change } from "../../collections/commit.ts";
import { compileSet, ruleText } from "../../collections/compile.ts";
import { type Definition, isAuth, tokenKinds } from "../../collections/definition.ts";
import { plan } from "../../collections/plan.ts";
import { settleViews } from "../../collections/views.ts";
import { builtIn } from "../../collections/system.ts";
import type { Problem } from "../../lib/errors.ts";
import { isObject, sameJson } from "../../lib/json.ts";
import { candidates, isMerged, ourId, type Standing } from "./candidates.ts";
import { flat, said } from "./mending.ts";
import type { Input, SourceCollection } from "./data-directory.ts";

/** What becomes of one collection of the source. */
export interface Arrival {
  readonly source: SourceCollection;
  /** As it stands here afterwards. */
  readonly definition: Definition;
  /** It was here already, just like this. */
  readonly known: boolean;
}

/** What becomes of all of them. Nothing is done where there are conflicts. */
export interface Decision {
  readonly arrivals: readonly Arrival[];
  readonly changes: readonly Change[];
  /** Every definition as it stands afterwards. */
  readonly after: readonly Definition[];
  /** Our ids of collections that have another one in the source. */
  readonly ids: ReadonlyMap<string, string>;
  readonly conflicts: readonly Problem[];
  /** What is left out or closed. */
  readonly findings: readonly Problem[];
}

/**
 * Decides what becomes of each collection: made, merged with one of our own, known already, or in conflict with what is here. The
 * order in which they come does not matter: relations may lead to and fro.
 */
export async function decide(sources: readonly SourceCollection[], standing: Standing): Promise<Decision> {
  const { set } = standing;
  const ids = new Map(sources.flatMap((it) => mapped(it, set)));
  const arriving = sources.map((it) => ({ ...it, input: withOurIds(it.input, ids) }));
  const found = candidates(arriving, standing, ids);
  const untouched = set.all.filter(({ id }) => !found.definitions.has(id)).map(({ definition }) => definition);
  const closed = closeRules(untouched, [...found.definitions.values()]);
  const conflicts = [...found.conflicts, ...closed.conflicts];
  const arrivals: Arrival[] = [];
  const changes: Change[] = [];
  const after = new Map(set.all.map(({ definition }) => [definition.id, definition]));
  for (const definition of closed.definitions) {
    const source = arriving.find((it) => ourId(it, ids) === definition.id);
    if (!source) continue;
    const here = set.find(definition.id);
    const known = here !== undefined && isSame(here.definition, definition);
    arrivals.push({ source, definition: known ? here.definition : definition, known });
    if (known) continue;
    if (!here) changes.push({ next: definition, steps: plan(undefined, definition) });
    else if (isMerged(source, set))
      changes.push({ old: here.definition, next: definition, steps: plan(here.definition, definition) });
    else if (isPristine(here.definition) && (await standing.isEmpty(here))) {
      changes.push({ old: here.definition, steps: plan(here.definition, undefined) });
      changes.push({ next: definition, steps: plan(undefined, definition) });
    } else conflicts.push({ code: "cli_pb_conflict", params: { name: source.name, other: here.name } });
    after.set(definition.id, definition);
  }
  const settled = settleViews([...after.values()]);
  for (const { path, it } of flat(settled.problems)) {
    conflicts.push({ code: "cli_pb_conflict_view", params: { name: path[0]?.split(".")[0] ?? "", reason: said(it) } });
  }
  return {
    arrivals,
    changes,
    after: settled.after,
    ids,
    conflicts,
    findings: [...found.findings, ...closed.findings],
  };
}

function mapped(source: SourceCollection, set: Collections): (readonly [string, string])[] {
  const here = isMerged(source, set) ? set.find(source.name) : undefined;
  return here && here.id !== source.id ? [[source.id, here.id]] : [];
}

/** Relations and rules that name a collection by an id which is another one here. */
function withOurIds(input: Input, ids: ReadonlyMap<string, string>): Input {
  if (ids.size === 0) return input;
  const rules = ruleNames.flatMap((rule) => {
    const text = input[`${rule}Rule`];
    if (typeof text !== "string") return [];
    return [[`${rule}Rule`, text.replaceAll(/\w+/g, (word) => ids.get(word) ?? word)] as const];
  });
  const fields = (Array.isArray(input["fields"]) ? input["fields"] : []).map((field: unknown) => {
    const ours = isObject(field) ? ids.get(String(field["collectionId"])) : undefined;
    return isObject(field) && ours !== undefined ? { ...field, collectionId: ours } : field;
  });
  return { ...input, ...Object.fromEntries(rules), fields };
}

interface Closed {
  readonly definitions: readonly Definition[];
  readonly conflicts: readonly Problem[];
  readonly findings: readonly Problem[];
}

/** A rule that does not compile lets nobody in but superusers. One that was here already must go on as it is. */
function closeRules(untouched: readonly Definition[], arriving: readonly Definition[]): Closed {
  const conflicts: Problem[] = [];
  const findings: Problem[] = [];
  const shut = new Map<string, Record<string, null>>();
  for (const { path, it } of flat(brokenRules(compileSet([...untouched, ...arriving])))) {
    const [name = "", rule = ""] = (path[0] ?? "").split(".");
    if (!arriving.some((definition) => definition.name === name)) {
      conflicts.push({ code: "cli_pb_conflict_rule", params: { name: `${name}.${rule}`, reason: said(it) } });
      continue;
    }
    shut.set(name, { ...shut.get(name), [rule]: null });
    const text = ruleText(arriving.find((definition) => definition.name === name) as Definition, ruleOf(rule));
    findings.push({
      code: "cli_pb_rule_closed",
      params: { name: `${name}.${rule}`, rule: text ?? "", reason: said(it) },
    });
  }
  return { definitions: arriving.map((it) => ({ ...it, ...shut.get(it.name) })), conflicts, findings };
}

function ruleOf(key: string) {
  return ruleNames.find((name) => `${name}Rule` === key) ?? "list";
}

/** Nobody has changed it since it was made. */
function isPristine({ id, created, updated }: Definition): boolean {
  return created === updated && builtIn.some((it) => it.id === id);
}

/** The same, whenever it was made and whatever its secrets are. An index that could not be made here is none there. */
function isSame(here: Definition, arriving: Definition): boolean {
  const [left, right] = [comparable(here), comparable(arriving)];
  return sameJson(left, right) && here.indexes.every((text) => arriving.indexes.includes(text));
}

function comparable(definition: Definition): unknown {
  const { created: _c, updated: _u, indexes: _i, pages: _p, broken: _b, ...rest } = definition;
  const copy: Record<string, unknown> = JSON.parse(JSON.stringify(rest));
  for (const kind of tokenKinds) {
    const options = copy[kind];
    if (isObject(options)) copy[kind] = { ...options, secret: "" };
  }
  return copy;
}
