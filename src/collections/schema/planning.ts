import { now } from "../../lib/dates.ts";
import { isProblem, type Problem, problem, type Problems } from "../../lib/errors.ts";
import { checkDefinition } from "../check.ts";
import type { Collections } from "../collection.ts";
import { brokenRules, type Change } from "../commit.ts";
import { compileSet } from "../compile.ts";
import type { Definition } from "../definition.ts";
import { definitionsAfter } from "../renames.ts";
import { builtIn } from "../system.ts";
import { inOrder, settleViews } from "../views.ts";
import type { Schema } from "./declare.ts";
import { differences } from "./differences.ts";
import type { Fault } from "./inputs.ts";
import { readWishes, type Wish } from "./wishes.ts";

/** What it takes to make the collections as a schema has them. */
export interface SchemaPlan {
  /** In the order in which they can be made: what goes, what changes, what is new. */
  readonly changes: readonly Change[];
  /** Every definition as it stands afterwards. */
  readonly after: readonly Definition[];
  /** Ids of the collections that the schema describes. */
  readonly described: readonly string[];
  /** What is wrong with the schema. Where there is something, the rest of the plan is worth nothing. */
  readonly faults: readonly Fault[];
}

/**
 * Plans the way from what stands to what the schema says; changes nothing. `before` are the ids of the collections that it
 * described the last time: one that it does not name any more goes, unless it is handed back.
 */
export function planSchema(schema: Schema, set: Collections, before: readonly string[]): SchemaPlan {
  const { all: wishes, released, faults } = readWishes(schema, set);
  const wished = new Map(wishes.map((wish) => [wish.id, wish]));
  const goes = ({ id }: Definition) => before.includes(id) && !wished.has(id) && !released.has(id) && !isBuiltIn(id);
  const standing = set.all.map(({ definition }) => definition);
  const gone = standing.filter(goes);
  const staying = standing.filter((definition) => !goes(definition));

  const checked = checkAll(wishes, staying);
  const found = [...faults, ...checked.flatMap((it) => it.faults)];
  const described = wishes.map(({ id }) => id);
  if (found.length > 0) return { changes: [], after: standing, described, faults: found };

  const nexts = new Map(checked.flatMap(({ next }) => (next ? [[next.id, next]] : [])));
  const changes = [
    ...gone.map((old): Change => ({ old, steps: differences(old, undefined) })),
    ...wishes.flatMap(({ id, old }) => changeOf(old, nexts.get(id))).sort(newLast),
  ];
  const { after, problems } = settleViews(definitionsAfter(staying, changes));
  return { changes, after, described, faults: [...viewFaults(problems), ...faultsAfter(after, gone, wishes)] };
}

interface Checked {
  readonly next?: Definition;
  readonly faults: readonly Fault[];
}

/**
 * Each definition is checked beside all others as they will be called, new ones too, so that they may point at each other. Views come
 * last, each after those that it reads, and are checked beside what those are by then.
 */
function checkAll(wishes: readonly Wish[], staying: readonly Definition[]): Checked[] {
  const renamed = staying.map((definition): Definition => {
    const wish = wishes.find(({ id }) => id === definition.id);
    return wish ? { ...definition, name: wish.name, indexes: [...wish.input.indexes] } : definition;
  });
  const born = wishes.filter(({ old }) => !old).map(outline);
  const stage = [...renamed, ...born];
  const moment = now();
  const check = (wish: Wish, around: readonly Definition[]): Checked => {
    const beside = compileSet(wish.old ? around : around.filter(({ id }) => id !== wish.id));
    const outcome = checkDefinition(wish.input, wish.old, beside, { moment, asWritten: true });
    return outcome.ok ? { next: outcome.value, faults: [] } : { faults: faultsOf(wish, outcome.problems) };
  };
  const tables = wishes.filter(({ declared }) => declared.type !== "view").map((wish) => check(wish, stage));
  if (tables.some(({ faults }) => faults.length > 0)) return tables;
  const made = new Map(tables.flatMap(({ next }) => (next ? [[next.id, next]] : [])));
  const views = inOrder(wishes.filter(({ declared }) => declared.type === "view").map(outline)).flatMap(({ id }) => {
    const wish = wishes.find((it) => it.id === id);
    const checked = wish
      ? check(
          wish,
          stage.map((it) => made.get(it.id) ?? it),
        )
      : undefined;
    if (checked?.next) made.set(id, checked.next);
    return checked ? [checked] : [];
  });
  return [...tables, ...views];
}

/** As much of a new collection as others need to know. */
function outline({ id, name, declared }: Wish): Definition {
  const rules = { listRule: null, viewRule: null, createRule: null, updateRule: null, deleteRule: null };
  const { type, options } = declared;
  const bare = {
    id,
    name,
    type,
    system: false,
    indexes: [],
    ...rules,
    pages: false,
    fields: [],
    created: "",
    updated: "",
  };
  return type === "view" ? { ...bare, viewQuery: String(options.query) } : bare;
}

function changeOf(old: Definition | undefined, next: Definition | undefined): Change[] {
  const steps = differences(old, next);
  return next && steps.length > 0 ? [{ ...(old ? { old } : {}), next, steps }] : [];
}

function newLast(left: Change, right: Change): number {
  return Number(!left.old) - Number(!right.old);
}

function viewFaults(problems: Problems): Fault[] {
  return Object.entries(problems).flatMap(([key, it]) => {
    return isProblem(it) ? [{ of: key.replace(".viewQuery", ""), problem: it }] : [];
  });
}

/** What only the whole set shows: rules that would not compile, and relations that would point at nothing. */
function faultsAfter(after: readonly Definition[], gone: readonly Definition[], wishes: readonly Wish[]): Fault[] {
  const set = compileSet(after);
  const place = (name: string) => wishes.find((wish) => wish.name === name)?.declared.place;
  const rules = Object.entries(brokenRules(set)).map(([key, it]): Fault => {
    const [name = "", rule = ""] = key.split(".");
    return {
      of: `${name}, ${rule}`,
      place: place(name),
      problem: isProblem(it) ? it : problem("validation_invalid_value"),
    };
  });
  const dangling = gone.flatMap(({ id, name }) => {
    const names = set.all.filter(({ fields }) => fields.some(({ target }) => target === id)).map((it) => it.name);
    return names.length > 0
      ? [{ of: name, problem: problem("collection_is_referred_to", { names: names.join(", ") }) }]
      : [];
  });
  return [...rules, ...dangling];
}

/** Ours stay whatever a schema says: they would come back, empty, at the next start. */
function isBuiltIn(id: string): boolean {
  return builtIn.some((definition) => definition["id"] === id);
}

/** Problems of a definition, each where the schema says what is wrong. */
function faultsOf({ name, declared, input }: Wish, problems: Problems): Fault[] {
  return Object.entries(problems).flatMap(([part, it]): Fault[] => {
    if (part === "fields" && !isProblem(it)) {
      return Object.entries(it).flatMap(([position, wrong]) => {
        const field = input.fields[Number(position)]?.name ?? position;
        const place = declared.fields[field]?.place ?? declared.place;
        return leaves(wrong).map(([option, problem]) => ({ of: `${name}.${field}${option}`, place, problem }));
      });
    }
    return leaves(it).map(([path, problem]) => ({ of: `${name}, ${part}${path}`, place: declared.place, problem }));
  });
}

function leaves(it: Problem | Problems): [path: string, problem: Problem][] {
  if (isProblem(it)) return [["", it]];
  return Object.entries(it).flatMap(([key, inner]) =>
    leaves(inner).map(([path, found]): [string, Problem] => [`, ${key}${path}`, found]),
  );
}
