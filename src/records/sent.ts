import type { CompiledField, Values } from "../collections/collection.ts";
import type { Json } from "../fields/field.ts";
import { has, inferred, keysOf, type Payload, type Uploads } from "../fields/payload.ts";
import { type Ask, withBody } from "../filter/scope.ts";
import { now } from "../lib/dates.ts";
import { untouched } from "./drawn.ts";
import type { Draft } from "./identity.ts";
import { type Modified, readModified } from "./modifiers.ts";
import type { Place } from "./read.ts";
import type { Named } from "./uploads.ts";

/** A draft as it was sent. */
export interface Sent extends Draft {
  /** The fields whose values did not come from ourselves. */
  readonly unchecked: CompiledField[];
  readonly modified: Modified;
  /** The files that came with it, by the names that the values mention. */
  readonly uploads: Uploads;
}

/** Every field's value: what was sent, what the server gives, or zero. */
export function readNew({ collection, ask }: Place, payload: Named): Sent {
  const draft: Draft = { values: {}, problems: {} };
  const unchecked: CompiledField[] = [];
  const moment = now();
  for (const field of collection.fields) {
    const reading = mayWrite(field, ask) ? field.read(payload) : undefined;
    if (reading?.problem) draft.problems[field.name] = reading.problem;
    const value = reading?.value ?? field.zero;
    const given = value === field.zero ? field.kind.fill?.("create", field.definition, moment) : undefined;
    draft.values[field.name] = given ?? value;
    if (given === undefined && (reading || field.required)) unchecked.push(field);
  }
  const modified = readModified(collection, payload, (field) => mayWrite(field, ask), draft);
  const sent = withModified(draft, unchecked, modified, payload.uploads);
  if (modified.size > 0) Object.assign(sent.values, settled(sent, {}));
  return sent;
}

/** Only what was sent, and what the server renews with each change; what hangs on the stored row is not settled yet. */
export function readChanged({ collection, ask }: Place, payload: Named): Sent {
  const draft: Draft = { values: {}, problems: {} };
  const unchecked: CompiledField[] = [];
  const moment = now();
  for (const field of collection.fields) {
    const reading = mayWrite(field, ask) ? field.read(payload) : undefined;
    if (reading?.problem) draft.problems[field.name] = reading.problem;
    const given = field.kind.fill?.("update", field.definition, moment);
    const value = given ?? reading?.value;
    if (value !== undefined) draft.values[field.name] = value;
    if (given === undefined && reading) unchecked.push(field);
  }
  const modified = readModified(collection, payload, (field) => mayWrite(field, ask), draft);
  const kept = untouched(collection, payload).filter(({ name }) => Object.hasOwn(draft.values, name));
  if (kept.length === 0) return withModified(draft, unchecked, modified, payload.uploads);
  const all = new Map([...kept.map((field) => [field, asStored] as const), ...modified]);
  return withModified(draft, unchecked, all, payload.uploads);
}

/** What a form sends back as it was drawn stays as it is, whatever others have made of it. */
function asStored(stored: Json): Json {
  return stored;
}

function withModified(
  { values, problems }: Draft,
  unchecked: CompiledField[],
  modified: Modified,
  uploads: Uploads,
): Sent {
  for (const field of modified.keys()) if (!unchecked.includes(field)) unchecked.push(field);
  return { values, problems, unchecked, modified, uploads };
}

/** The values that hang on the stored ones, where those are these. */
export function settled({ modified }: Sent, stored: Values): Record<string, Json> {
  const values: Record<string, Json> = {};
  for (const [field, change] of modified) values[field.name] = change(stored[field.name] ?? field.zero);
  return values;
}

/** Hidden fields are dropped when others than superusers send them; a password is hidden, and everyone sends theirs. */
function mayWrite({ kind, hidden }: CompiledField, { viewer }: Ask): boolean {
  return !kind.given && (!hidden || kind.type === "password" || viewer.kind === "superuser");
}

/**
 * The request with what was sent, as rules see it: fields as they were read, or, of what hangs on the stored row, as they are
 * `now`; other keys by their look.
 */
export function withSent(
  { collection, ask }: Place,
  payload: Payload,
  { modified, values }: Sent,
  now: Values = {},
): Ask {
  return withBody(ask, () => {
    const body: Record<string, Json> = {};
    for (const key of keysOf(payload)) {
      const value = Object.hasOwn(values, key) ? values[key] : inferred(payload, key);
      if (value !== undefined) body[key] = value;
    }
    // A form may have sent only parts of a field, `place.lon`: what was read of them was sent under the field's own name.
    for (const { name } of collection.fields) {
      const value = has(payload, name) && Object.hasOwn(values, name) ? values[name] : undefined;
      if (value !== undefined) body[name] = value;
    }
    for (const { name } of modified.keys()) body[name] = now[name] ?? values[name] ?? null;
    return body;
  });
}
