import type { Collection, CompiledField } from "../collections/collection.ts";
import { isSecret } from "../collections/compile.ts";
import type { Json } from "../fields/field.ts";
import { keysOf, type Payload } from "../fields/payload.ts";
import { Refusal } from "../lib/errors.ts";
import { sha256 } from "../lib/secrets.ts";
import type { RecordJson } from "./shape.ts";

/** What a form was drawn from, so that of two people who edit one record neither overwrites the other unseen. */

/** Under this name a form sends what it was drawn from; no field can have it. */
export const drawnKey = "@drawn";

/** What somebody else has changed since a form was drawn. */
export interface Meanwhile {
  /** Fields that the form sends back as they were drawn: they stay as the others have made them. */
  readonly renewed: ReadonlySet<string>;
  /** Fields that the form would change as well, to something else. */
  readonly clashing: ReadonlySet<string>;
}

/** What a form with these fields sends along: `title:9f86d081884c7d65 …`, a mark of each value that the viewer sees. */
export function drawnFrom(record: RecordJson, names: readonly string[]): string {
  const shown = names.filter((name) => Object.hasOwn(record, name));
  return shown.map((name) => `${name}:${mark(record[name] ?? null)}`).join(" ");
}

/** The fields that a form sends back as it was drawn. */
export function untouched(collection: Collection, payload: Payload): CompiledField[] {
  const drawn = drawnIn(payload);
  if (drawn.size === 0) return [];
  return collection.fields.filter((field) => {
    // What is stored of a secret is shown to no form, and must not take the place of what was sent.
    if (!drawn.has(field.name) || isSecret(collection, field)) return false;
    return markSent(field, payload) === drawn.get(field.name);
  });
}

/** What has become of a record since a form was drawn from it, as far as the viewer may see it; `now`: as it is stored. */
export function meanwhile({ fields }: Collection, payload: Payload, now: RecordJson): Meanwhile {
  const [renewed, clashing] = [new Set<string>(), new Set<string>()];
  const drawn = drawnIn(payload);
  for (const field of drawn.size > 0 ? fields : []) {
    const { name } = field;
    const before = drawn.get(name);
    if (before === undefined || !Object.hasOwn(now, name)) continue;
    const theirs = mark(now[name] ?? null);
    const mine = theirs === before ? undefined : markSent(field, payload);
    if (mine === undefined || mine === theirs) continue;
    (mine === before ? renewed : clashing).add(name);
  }
  return { renewed, clashing };
}

/** Refusal `record_changed` where a form would change what somebody else has changed since. To be asked in the unit that writes. */
export function demandNoClash(collection: Collection, payload: Payload, now: () => RecordJson): void {
  if (!payload.form.has(drawnKey)) return;
  if (meanwhile(collection, payload, now()).clashing.size > 0) throw new Refusal("conflict", "record_changed");
}

function drawnIn({ form }: Payload): ReadonlyMap<string, string> {
  const drawn = new Map<string, string>();
  for (const entry of form.get(drawnKey)?.at(-1)?.split(" ") ?? []) {
    const [name = "", sent] = entry.split(":");
    if (sent) drawn.set(name, sent);
  }
  return drawn;
}

/** The names under which something was sent, or that the form was drawn with. */
export function namesSent(payload: Payload): string[] {
  const keys = [...keysOf(payload), ...payload.files.keys()].map(
    (key) => key.split(".")[0]?.replace(/^\+|[+-]$/g, "") ?? "",
  );
  return [...keys, ...drawnIn(payload).keys()];
}

/** Nothing where nothing was sent; what cannot be read is no value's mark. */
function markSent(field: CompiledField, payload: Payload): string | undefined {
  const reading = field.read(payload);
  return reading && (reading.problem ? "" : mark(reading.value));
}

/** 64 bits: enough that nobody meets two values with the same one by chance. */
function mark(value: Json): string {
  return sha256(JSON.stringify(value)).slice(0, 16);
}
