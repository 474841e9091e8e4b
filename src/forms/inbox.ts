import type { Collection, Collections, Values } from "../collections/collection.ts";
import type { Registry } from "../collections/registry.ts";
import { byOwner } from "../filter/scope.ts";
import type { Json } from "../fields/field.ts";
import { fromJson } from "../fields/payload.ts";
import type { Jobs } from "../jobs/queue.ts";
import { now } from "../lib/dates.ts";
import { good, type Outcome, Refusal } from "../lib/errors.ts";
import type { Place } from "../records/read.ts";
import { deleteRecord } from "../records/remove.ts";
import { assignments, type Row, statementsOf } from "../records/row.ts";
import { write } from "../records/record-unit.ts";
import { insertRecord, type WriteParts } from "../records/write.ts";
import type { Reading, Unit } from "../store/engine.ts";
import { name, sql } from "../store/sql.ts";
import { type Submission, submissionOf, submissionsIn } from "./answer.ts";
import { consequences } from "./consequences.ts";
import { findFormById, type Form } from "./form.ts";
import type { Lesson } from "./shield/learned.ts";
import type { Shield } from "./shield/shield.ts";
import { typedTexts } from "./shield/texts.ts";
import { filesOfParked } from "./forgetting.ts";
import {
  type Box,
  countBoxes,
  countDays,
  findAnswer,
  type InboxAnswer,
  type InboxPage,
  type InboxQuery,
  listAnswers,
} from "./inbox-list.ts";

export interface InboxParts extends WriteParts {
  readonly collections: Registry;
  readonly jobs: Pick<Jobs, "addAll">;
  readonly shield: Pick<Shield, "learned">;
}

/** The answers to forms, for owners. What changes one is refused as not found where there is none. */
export interface Inbox {
  list(query: InboxQuery): Promise<InboxPage>;
  find(id: string): Promise<InboxAnswer>;
  /** How many lie in each box of a form. */
  counts(form: string): Promise<Readonly<Record<Box, number>>>;
  /** How many were accepted on each of the last days (UTC), today's last; 30 unless said. */
  perDay(form: string, days?: number): Promise<{ readonly day: string; readonly count: number }[]>;

  /** Opened, or not opened yet. Of what is spam or deleted nothing is changed. */
  mark(id: string, state: "new" | "read"): Promise<void>;
  star(id: string, starred: boolean): Promise<void>;
  note(id: string, text: string): Promise<void>;
  /** Takes its record out of the collection and parks it. */
  spam(id: string): Promise<void>;
  /** The same, until it is purged after 30 days. */
  remove(id: string): Promise<void>;
  /**
   * Makes the record again, under its id, and sets going what it has missed: mails and webhook. Problems where the record cannot be
   * made any more; then nothing is changed.
   */
  release(id: string): Promise<Outcome<Submission>>;
  /** Back from the deleted ones: to the spam where that had never been released, to its collection otherwise. */
  restore(id: string): Promise<Outcome<Submission>>;
  /** For good, with its record and its files. */
  purge(id: string): Promise<void>;
}

export function openInbox(parts: InboxParts): Inbox {
  const { store, collections } = parts;

  /** Changes a submission and nothing else. */
  function change(id: string, values: Values, only = sql`1`): Promise<void> {
    return collections.write(async (set) => {
      const submissions = submissionsIn(set);
      await store.write(async (tx) => {
        collections.mustHold(set);
        await rowIn(tx, submissions, id);
        await update(parts, tx, submissions, id, values, only);
      });
    });
  }

  /** Takes a record out of its collection, as far as it is there. */
  function park(id: string, state: "spam" | "deleted"): Promise<void> {
    return collections.write(async (set) => {
      const submissions = submissionsIn(set);
      const submission = await rowIn(store, submissions, id);
      const put = async (tx: Unit, values: Values) => {
        const newest = await rowIn(tx, submissions, id);
        const parked = newest.parked ?? values;
        const lesson = state === "spam" ? await teach(parts, tx, set, newest, parked, "spam") : {};
        await update(parts, tx, submissions, id, { state, parked: { ...parked }, ...lesson });
      };
      const place = submission.parked ? undefined : placeOf(set, submission);
      if (place && (await removed(place, submission.record, put))) return;
      // Parked already, by somebody who was faster perhaps; or the record has gone, and this is all that is left of it.
      await store.write((tx) => {
        collections.mustHold(set);
        return put(tx, { id: submission.record });
      });
    });
  }

  async function removed(place: Place, record: string, beside: (tx: Unit, values: Values) => Promise<void>) {
    try {
      await deleteRecord(parts, place, record, { keepFiles: true, beside });
      return true;
    } catch (error) {
      if (error instanceof Refusal && error.kind === "not found") return false;
      throw error;
    }
  }

  /** Makes a parked record again. */
  function release(id: string, state: "new" | "read"): Promise<Outcome<Submission>> {
    return collections.write(async (set) => {
      const submissions = submissionsIn(set);
      const { form: formId, ...found } = await rowIn(store, submissions, id);
      const form = await findFormById(parts, set, formId);
      const place = placeOf(set, found) ?? { collection: form.collection, set, ask: byOwner };
      let released: Submission = { form: formId, ...found };
      const outcome = await write(parts, place, async (tx) => {
        released = await rowIn(tx, submissions, id);
        const { parked, held, test } = released;
        const values: Values = parked ?? {};
        if (parked && !test) {
          const made = await insertRecord(parts, tx, place, values);
          if (!made.ok) return made;
        }
        const lesson = released.state === "spam" ? await teach(parts, tx, set, released, values, "good") : {};
        const changed = { state, held: false, parked: test ? parked && { ...parked } : null };
        await update(parts, tx, submissions, id, { ...changed, ...lesson });
        released = { ...released, ...changed };
        if (held && !test) await parts.jobs.addAll(tx, consequences(form, released));
        return good(values);
      });
      return outcome.ok ? good(released) : outcome;
    });
  }

  return {
    list: (query) => collections.read((set) => listAnswers(store, set, query)),
    find: (id) => collections.read((set) => findAnswer(store, set, id)),
    counts: (form) => countBoxes(store, form),
    perDay: (form, days = 30) => countDays(store, form, days),
    mark: (id, state) => change(id, { state }, sql`state IN ('new', 'read')`),
    star: (id, starred) => change(id, { starred }),
    note: (id, notes) => change(id, { notes }),
    spam: (id) => park(id, "spam"),
    remove: (id) => park(id, "deleted"),
    release: (id) => release(id, "new"),
    restore: async (id) => {
      const { submission } = await collections.read((set) => findAnswer(store, set, id));
      if (submission.state !== "deleted") return good(submission);
      if (!submission.held) return release(id, "read");
      await change(id, { state: "spam" });
      return good({ ...submission, state: "spam" });
    },
    purge: async (id) => {
      await park(id, "deleted");
      await purgeAll(parts, [id]);
    },
  };
}

/** Tells the word filter what its owner calls an answer, and takes back what it had been told. A try says nothing. */
async function teach(
  { shield: { learned } }: InboxParts,
  tx: Unit,
  set: Collections,
  { form: id, test, lesson: before, extra }: Submission,
  values: Values,
  lesson: Lesson,
): Promise<{ readonly lesson?: Lesson }> {
  if (test || before === lesson) return {};
  const form = await formIn(tx, set, id);
  if (!form) return {};
  const asked = form.fields.map(({ field }): [string, Json] => [field.name, values[field.name] ?? field.zero]);
  const texts = typedTexts(form, fromJson({ ...(isValues(extra) ? extra : {}), ...Object.fromEntries(asked) }));
  if (before !== "") await learned.unlearn(tx, id, texts, before);
  await learned.learn(tx, id, texts, lesson);
  return { lesson };
}

/** Nothing where the form has lost its collection. */
async function formIn(tx: Unit, set: Collections, id: string): Promise<Form | undefined> {
  try {
    return await findFormById({ store: tx }, set, id);
  } catch (error) {
    if (error instanceof Refusal && error.kind === "not found") return undefined;
    throw error;
  }
}

function isValues(it: Json): it is { [key: string]: Json } {
  return typeof it === "object" && it !== null && !Array.isArray(it);
}

/** As many submissions as one unit removes for good. */
export const mostPurged = 200;

/** Removes parked submissions for good, with their files; at most `mostPurged` of them. */
export function purgeAll(parts: InboxParts, ids: readonly string[]): Promise<void> {
  const { store, collections, outbox, files } = parts;
  return collections.write(async (set) => {
    const submissions = submissionsIn(set);
    const list = JSON.stringify(ids.slice(0, mostPurged));
    const gone = await store.write(async (tx) => {
      collections.mustHold(set);
      const which = sql`parked IS NOT NULL AND "id" IN (SELECT value FROM json_each(${list}))`;
      const rows = await tx.all<Row>(sql`${statementsOf(submissions).select} WHERE ${which}`);
      await tx.run(sql`DELETE FROM _submissions WHERE ${which}`);
      const removed = rows.map((row) => submissionOf(submissions, row));
      await outbox.appendAll(
        tx,
        removed.map(({ id }) => ({ collection: submissions.id, record: id, action: "delete" })),
      );
      return removed.flatMap(({ collection, parked }) =>
        filesOfParked(set, { collection, parked: parked && { ...parked } }),
      );
    });
    await files.remove(gone);
  });
}

function placeOf(set: Collections, { collection: id }: Pick<Submission, "collection">): Place | undefined {
  const collection = set.find(id);
  return collection && { collection, set, ask: byOwner };
}

async function rowIn(reading: Reading, submissions: Collection, id: string): Promise<Submission> {
  const row = await reading.first<Row>(statementsOf(submissions).byId.with([id]));
  if (!row) throw new Refusal("not found", "not_found");
  return submissionOf(submissions, row);
}

async function update(
  { outbox }: Pick<InboxParts, "outbox">,
  tx: Unit,
  submissions: Collection,
  id: string,
  values: Values,
  only = sql`1`,
): Promise<void> {
  const set = assignments(submissions, { ...values, updated: now() });
  const changed = await tx.run(sql`UPDATE ${name(submissions.name)} SET ${set} WHERE "id" = ${id} AND ${only}`);
  if (changed > 0) await outbox.append(tx, { collection: submissions.id, record: id, action: "update" });
}
