import { type Collection, type Collections } from "../../collections/collection.ts";
import { compileSet } from "../../collections/compile.ts";
import { type Definition, isAuth } from "../../collections/definition.ts";
import type { Problem } from "../../lib/errors.ts";
import { isObject } from "../../lib/json.ts";
import type { Input, SourceCollection } from "./data-directory.ts";
import { mend, said } from "./mending.ts";

export interface Standing {
  readonly set: Collections;
  readonly moment: string;
  /** Whether a collection here has no records yet. */
  isEmpty(collection: Collection): Promise<boolean>;
}

export interface Found {
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly conflicts: readonly Problem[];
  readonly findings: readonly Problem[];
}

/** The definitions as they would stand, with rules that nobody has compiled yet. Views come last, each after those it reads. */
export function candidates(
  sources: readonly SourceCollection[],
  standing: Standing,
  ids: ReadonlyMap<string, string>,
): Found {
  const { set, moment } = standing;
  const definitions = new Map<string, Definition>();
  const conflicts = sources.flatMap(({ name, damage }) => (damage ? [impossible(name, said(damage))] : []));
  if (conflicts.length > 0) return { definitions, conflicts, findings: [] };
  const findings: Problem[] = [];
  const sketched = sources.map((source) => sketch(source, ourId(source, ids)));
  const around = compileSet([
    ...set.all.map(({ definition }) => definition).filter(({ id }) => !sketched.some((it) => it.id === id)),
    ...sketched,
  ]);
  for (const source of sources.filter(({ type }) => type !== "view")) {
    const id = ourId(source, ids);
    const here = isMerged(source, set) ? set.find(source.name) : undefined;
    const input = here ? additions(here.definition, source.input) : { ...source.input, id };
    const mended = mend(input, { set: besides(around, id), moment, ...(here ? { old: here.definition } : {}) });
    if (mended.definition) {
      definitions.set(id, { ...mended.definition, ...dates(here?.definition ?? source.input) });
      findings.push(...mended.left, ...flowsOf(source));
    } else conflicts.push(impossible(source.name, mended.reason));
  }
  if (conflicts.length === 0) addViews(sources, standing, definitions, findings);
  return { definitions, conflicts, findings };
}

function impossible(name: string, reason: string): Problem {
  return { code: "cli_pb_collection_impossible", params: { name, reason } };
}

/** A view that reads another one can be made only after it: each round makes those that can be made. */
function addViews(
  sources: readonly SourceCollection[],
  { set, moment }: Standing,
  definitions: Map<string, Definition>,
  findings: Problem[],
): void {
  let waiting = sources.filter(({ type }) => type === "view");
  for (;;) {
    const failed: { source: SourceCollection; reason: string }[] = [];
    for (const source of waiting) {
      const others = set.all.map(({ definition }) => definition).filter(({ id }) => !definitions.has(id));
      const around = compileSet([...others, ...definitions.values()]);
      const mended = mend(source.input, { set: besides(around, source.id), moment });
      if (!mended.definition) failed.push({ source, reason: mended.reason });
      else {
        definitions.set(source.id, { ...mended.definition, ...dates(source.input) });
        findings.push(...mended.left);
      }
    }
    if (failed.length === waiting.length) {
      for (const { source, reason } of failed) {
        findings.push({ code: "cli_pb_view_left_out", params: { name: source.name, reason } });
      }
      return;
    }
    waiting = failed.map(({ source }) => source);
  }
}

/** As much of a collection as others must know of it, before it is looked at. */
function sketch({ name, type }: SourceCollection, id: string): Definition {
  const rules = { listRule: null, viewRule: null, createRule: null, updateRule: null, deleteRule: null };
  const its = type === "auth" || type === "view" ? type : "base";
  return {
    id,
    name,
    type: its,
    system: false,
    pages: false,
    indexes: [],
    fields: [],
    ...rules,
    created: "",
    updated: "",
  };
}

function besides({ all, find }: Collections, id: string): Collections {
  return {
    all: all.filter((it) => it.id !== id),
    find: (wanted) => {
      const found = find(wanted);
      return found?.id === id ? undefined : found;
    },
  };
}

/** Ours stays as it is, and gets what PocketBase's has beside: fields, indexes over them, and options that we know. */
function additions(here: Definition, { fields, indexes, ...rest }: Input): Input {
  const known = new Set(here.fields.map(({ name }) => name.toLowerCase()));
  const more = (Array.isArray(fields) ? fields : []).filter((field: unknown) => {
    return isObject(field) && !known.has(String(field["name"]).toLowerCase());
  });
  if (more.length === 0) return isAuth(here) ? optionsOf(rest) : {};
  const added = (Array.isArray(indexes) ? indexes.map(String) : []).filter((text) => {
    return more.some((field: unknown) => isObject(field) && text.includes(String(field["name"])));
  });
  return { ...optionsOf(rest), fields: [...here.fields, ...more], indexes: [...here.indexes, ...added] };
}

/** Ways to sign in that are kept as options, while nobody is asked for them. */
function flowsOf({ name, input }: SourceCollection): Problem[] {
  const on = ["mfa", "otp", "oauth2"].filter((flow) => {
    const options = input[flow];
    return isObject(options) && options["enabled"] === true;
  });
  return on.map((flow) => ({ code: `cli_pb_${flow}_later`, params: { name } }));
}

function optionsOf(input: Input): Input {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => isObject(value)));
}

function dates(of: Input | Definition): { created: string; updated: string } {
  return { created: String(of["created"] ?? ""), updated: String(of["updated"] ?? "") };
}

/** One of ours that PocketBase has, too, known by its name. */
export function isMerged({ name }: SourceCollection, set: Collections): boolean {
  return name.startsWith("_") && set.find(name)?.definition.system === true;
}

export function ourId({ id }: SourceCollection, ids: ReadonlyMap<string, string>): string {
  return ids.get(id) ?? id;
}
