import type { Collection, Collections } from "../collections/collection.ts";
import type { Registry } from "../collections/registry.ts";
import type { Json } from "../fields/field.ts";
import { guest } from "../filter/scope.ts";
import type { WebhookDelivery } from "../jobs/webhooks.ts";
import { now } from "../lib/dates.ts";
import { labelOf } from "../lib/writing.ts";
import { type Row, statementsOf } from "../records/row.ts";
import { type RecordJson, shapeRecord, shapeRow } from "../records/shape.ts";
import { type SettingsBook, standardSettings } from "../settings/settings.ts";
import type { Reading } from "../store/engine.ts";
import { sql } from "../store/sql.ts";
import { isAside, submissionOf, submissionsIn } from "./answer.ts";
import { type Form, formWithId } from "./form.ts";
import { nobodysAddress, specimenOf } from "./specimen.ts";

export interface WebhookParts {
  readonly store: Reading;
  readonly collections: Pick<Registry, "read">;
  readonly settings: Pick<SettingsBook, "current">;
}

/** Of the records of a try, which are stored nowhere. */
const noId = "0".repeat(15);

/**
 * What a form's webhook is to be told of a submission, as things stand now; without one, of a try. Nothing where the form or its
 * webhook has gone, or the submission is none that anybody is told of; `aside` where it is among the spam or deleted, and may come back.
 */
export function findDelivery(
  parts: WebhookParts,
  form: string,
  submission: string | undefined,
): Promise<WebhookDelivery | "aside" | undefined> {
  return parts.collections.read(async (set) => {
    const found = await formWithId(parts, set, form);
    if (!found?.webhook) return undefined;
    const { id, slug, title, webhook } = found;
    const told = submission === undefined ? aTry(found) : await answerOf(parts.store, set, found, submission);
    if (!told || told === "aside") return told;
    const path = submission === undefined ? `forms/${slug}/webhook` : `submissions/${submission}`;
    const { appURL } = parts.settings.current.meta;
    // Until somebody has said where this server is, a link would lead to the reader's own machine.
    const link = appURL === standardSettings.meta.appURL ? "" : `${appURL.replace(/\/+$/, "")}/_/${path}`;
    return { webhook, event: { ...told, form: { id, slug, title }, lines: linesOf(found, told.record), link } };
  });
}

/** The senders of submissions by their ids, for an owner who looks at what was delivered. */
export async function sendersOf(store: Reading, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await store.all<{ id: string; email: string }>(
    sql`SELECT id, email FROM _submissions WHERE id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
  );
  return new Map(rows.map(({ id, email }) => [id, email]));
}

/** The same members as an answer has, so that a receiver can be written by it. */
function aTry({ collection, fields, sender }: Form) {
  const created = now();
  const asked = new Set(fields.map(({ field }) => field.name));
  const values = collection.fields.map((field): [string, Json] => {
    const filled = asked.has(field.name) || field.type === "autodate";
    return [field.name, field.name === "id" ? noId : filled ? specimenOf(field, created) : field.zero];
  });
  const email = sender ? nobodysAddress : "";
  const submission = { id: noId, created, email, origin: "", referrer: "", language: "en", extra: null };
  const record = shapeRecord(collection, Object.fromEntries(values), guest);
  return { type: "webhook.test" as const, created, submission, record };
}

async function answerOf(store: Reading, set: Collections, { collection }: Form, id: string) {
  const submissions = submissionsIn(set);
  const row = await rowOf(store, submissions, id);
  const submission = row && submissionOf(submissions, row);
  if (!submission || submission.test) return undefined;
  if (isAside(submission.state)) return "aside";
  const record = await rowOf(store, collection, submission.record);
  if (!record) return undefined;
  const { created, email, origin, referrer, language, extra } = submission;
  return {
    type: "submission.created" as const,
    created,
    submission: { id, created, email, origin, referrer, language, extra },
    record: shapeRow(collection, record, guest),
  };
}

function rowOf(store: Reading, collection: Collection, id: string): Promise<Row | undefined> {
  return store.first<Row>(sql`${statementsOf(collection).select} WHERE id = ${id}`);
}

/** In the form's order and words. */
function linesOf({ fields }: Form, record: RecordJson): [string, string][] {
  return fields
    .map(({ field, label }): [string, string] => [label || labelOf(field.name), inWords(record[field.name])])
    .filter(([, value]) => value !== "");
}

function inWords(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map(inWords).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
