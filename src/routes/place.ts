import type { Collection, Collections, CompiledField } from "../collections/collection.ts";
import type { Payload } from "../fields/payload.ts";
import type { Ask, Viewer } from "../filter/scope.ts";
import type { Limits } from "../http/arriving.ts";
import { type Incoming, smallLimit, usualLimit } from "../http/incoming.ts";
import { isTurnedAway, type Visit } from "../http/visits.ts";
import { type Outcome, Refusal } from "../lib/errors.ts";
import type { Project } from "../project.ts";
import type { Place } from "../records/read.ts";
import { closedTo, demandTable } from "../records/rules.ts";
import type { RecordJson } from "../records/shape.ts";
import { createRecord } from "../records/write.ts";
import { takenIn } from "./account.ts";

/** Where a request looks: a collection by id or name, among those it holds. Refusal "not found", told as `missing` says. */
export function placeOf(set: Collections, idOrName: string, ask: Ask, missing = "missing_collection_context"): Place {
  const collection = set.find(idOrName);
  if (!collection) throw new Refusal("not found", missing);
  return { collection, set, ask };
}

/**
 * What was sent for a record; not a byte of it is read where the rule is for superusers only. It may take its time, and the schema
 * change meanwhile.
 */
export async function readFor(
  { collections }: Pick<Project, "collections">,
  { collection, set, ask }: Place,
  rule: "create" | "update",
  body: Incoming,
  limits = limitsOf(collection.fields),
): Promise<Payload> {
  demandTable(collection);
  body.weigh(limits);
  if (closedTo(collection, rule, ask)) throw new Refusal("forbidden", "superusers_only");
  const payload = await body.read(limits);
  collections.mustHold(set);
  return payload;
}

/**
 * Makes a record. Of accounts, whoever is no superuser makes only so many from one address, at whatever door; to learn that there
 * is one counts as much.
 */
export function createCounted(
  project: Project,
  place: Place,
  payload: Payload,
  address: () => string,
): Promise<Outcome<RecordJson>> {
  const work = () => createRecord(project, place, payload);
  if (place.collection.type !== "auth" || place.ask.viewer.kind === "superuser") return work();
  return project.attempts.register(address(), work, (made) => made.ok || takenIn(made.problems).length > 0);
}

/** Bytes by which files may be too large together, so that it is said by their field, beside everything that was typed. */
const mostTooMuch = 32 * 1024 * 1024;

/** What a body may weigh that is sent to a form or a page: what these fields may hold, however it is spelt, and a little more. */
export function limitsOf(fields: readonly CompiledField[]): Limits {
  const { texts, files } = weightOf(fields);
  // A byte may be sent as three (`%20`), in JSON even as six (`\u0020`), which few are.
  const text = smallLimit + 3 * texts;
  return { size: text + files + (files > 0 ? mostTooMuch : 0), text };
}

/** The same for one that is read only to be shown again. */
export function limitsAgain(visit: Visit, viewer: Viewer, fields: readonly CompiledField[]): Limits {
  return isTurnedAway(visit, viewer) ? { size: smallLimit, text: smallLimit } : limitsOf(fields);
}

/** What a body may weigh in the API, where clients send along what they please (API.md 1.1). */
export function apiLimitsOf({ fields }: Collection): Limits {
  const { texts, files } = weightOf(fields.filter(({ kind }) => kind.spacious));
  const text = usualLimit + texts;
  return { size: text + files, text };
}

function weightOf(fields: readonly CompiledField[]): { readonly texts: number; readonly files: number } {
  let [texts, files] = [0, 0];
  for (const { kind, weight } of fields) {
    if (kind.uploads) files += weight;
    else texts += weight;
  }
  return { texts, files };
}
