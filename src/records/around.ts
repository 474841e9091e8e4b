import type { Collection, Values } from "../collections/collection.ts";
import { isSecret } from "../collections/compile.ts";
import type { Json } from "../fields/field.ts";
import { has, type Payload } from "../fields/payload.ts";
import type { Viewer } from "../filter/scope.ts";
import { isProblem, type Problems, Refusal } from "../lib/errors.ts";
import { sameJson } from "../lib/json.ts";
import type { Unit } from "../store/engine.ts";
import type { Draft } from "./identity.ts";

/** People's own code around the records of a collection. It is handed to this room as a value, by whoever has loaded it. */
export interface Hooks {
  /** What happens around the records of this collection; nothing where nobody cares. */
  around(collection: Collection): Around | undefined;
  /** Whether anybody wants to hear of each record of this collection that has gone, once that is on disk. */
  hearsOfRemoval(collection: Collection): boolean;
}

export interface Around {
  /** Asked before the unit; may take its time, and change `values`. Answers what is wrong. */
  before(change: Coming): Promise<Problems>;
  /** Run in the unit, once the record is written; throws what takes it back. */
  within(tx: Unit, change: Written): Promise<void>;
}

/** A change that somebody wants. Secrets are not among the values that are stored. */
export type Coming =
  | { readonly action: "create"; readonly viewer: Viewer; readonly values: Record<string, Json | undefined> }
  | {
      readonly action: "update";
      readonly viewer: Viewer;
      readonly values: Record<string, Json | undefined>;
      readonly record: Shown;
    }
  | { readonly action: "delete"; readonly viewer: Viewer; readonly record: Shown };

/** A change that has been written, and is not stored yet. `record`: as it is now, or for a delete as it was. */
export interface Written {
  readonly action: "create" | "update" | "delete";
  readonly viewer: Viewer;
  readonly record: Shown;
  /** Of an update: the record as it was. */
  readonly before?: Shown;
}

/** Thrown in a unit, which is then taken back: problems that are found only there. */
export class Undone extends Error {
  override readonly name = "Undone";

  constructor(readonly problems: Problems) {
    super("People's own code found problems.");
  }
}

/** A record as people's own code gets it. */
export type Shown = Values & { readonly id: string };

/** A record without what nobody is ever shown: code that logs or sends it gives nothing away. */
export function withoutSecrets(collection: Collection, values: Values): Shown {
  const shown = collection.fields.filter((field) => !isSecret(collection, field));
  const entries = shown.map(({ name, zero }): [string, Json] => [name, values[name] ?? zero]);
  return { ...Object.fromEntries(entries), id: String(values["id"]) };
}

/** A draft that people's own code has seen: what it `set`, and what of that nobody had sent. */
type Seen<Sent> = Sent & { readonly set: ReadonlySet<string>; readonly given: ReadonlySet<string> };

/**
 * What people's own code makes of a draft. What it sets is read as JSON is. Values that could not be read are missing for it;
 * where it leaves them so, their problems stay.
 */
export async function reconsider<Sent extends Draft>(
  around: Around,
  collection: Collection,
  viewer: Viewer,
  payload: Payload,
  sent: Sent,
  stored?: Values,
): Promise<Seen<Sent>> {
  const shown = Object.fromEntries(
    collection.fields.flatMap(({ name }): [string, Json][] => {
      const value = Object.hasOwn(sent.problems, name) || isTokenKey(collection, name) ? undefined : sent.values[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const values: Record<string, Json | undefined> = structuredClone(shown);
  const problems = await around.before(
    stored
      ? { action: "update", viewer, values, record: withoutSecrets(collection, stored) }
      : { action: "create", viewer, values },
  );
  const draft = { ...sent, values: { ...sent.values }, problems: { ...sent.problems } };
  const set = new Set<string>();
  for (const name of new Set([...Object.keys(shown), ...Object.keys(values)])) {
    const value = asJson(values[name]);
    if (sameJson(value, shown[name])) continue;
    const field = collection.field(name);
    if (!field) throw new Error(`A hook gave ${collection.name} a value for ${name}, which is none of its fields.`);
    set.add(name);
    delete draft.problems[name];
    if (value === undefined) {
      if (stored) delete draft.values[name];
      else draft.values[name] = field.zero;
      continue;
    }
    const reading = field.kind.fromJson(value, field.definition);
    draft.values[name] = reading.value;
    if (reading.problem) draft.problems[name] = reading.problem;
  }
  Object.assign(draft.problems, problems);
  return { ...draft, set, given: new Set([...set].filter((name) => !has(payload, name))) };
}

/** The first of these problems as a refusal, where there is no form in which it could be fixed. */
export function refusalOf(problems: Problems): Refusal {
  const first = Object.values(problems)[0];
  const message = first && isProblem(first) ? first.message : undefined;
  return message === undefined
    ? new Refusal("bad request", "something_wrong")
    : new Refusal("bad request", "hook_says", { message });
}

function isTokenKey({ type }: Collection, name: string): boolean {
  return type === "auth" && name === "tokenKey";
}

/** What code may leave under a field's name, as JSON would carry it: a Date as its text. */
function asJson(value: unknown): Json | undefined {
  const text = JSON.stringify(value);
  return text === undefined ? undefined : JSON.parse(text);
}
