import type { Collection, Collections, Values } from "../collections/collection.ts";
import type { Registry } from "../collections/registry.ts";
import { byOwner } from "../filter/scope.ts";
import type { Jobs } from "../jobs/queue.ts";
import { now } from "../lib/dates.ts";
import { good, type Outcome, Refusal } from "../lib/errors.ts";
import { findRow, type Place } from "../records/read.ts";
import { deleteRecord, type Removing } from "../records/remove.ts";
import { assignments, type Row, statementsOf } from "../records/row.ts";
import { write } from "../records/record-unit.ts";
import { insertRecord, type WriteParts } from "../records/write.ts";
import type { Reading, Unit } from "../store/engine.ts";
import { name, sql } from "../store/sql.ts";
import { isAside, type Submission, submissionOf, submissionsIn, valuesOf } from "./answer.ts";
import { consequences } from "./consequences.ts";
import { fit } from "./fitting.ts";
import { findFormById } from "./form.ts";
import type { Shield } from "./shield/shield.ts";
import { filesOfParked } from "./forgetting.ts";
import { demandUnmentioned } from "./mentioned.ts";
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
import { teach } from "./teaching.ts";

export interface InboxParts extends WriteParts {
  readonly collections: Registry;
  readonly jobs: Pick<Jobs, "addAll" | "wake" | "forget">;
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
  /** Takes its record out of the collection and parks it. Refused (`answer_mentioned`) where other records refer to that. */
  spam(id: string): Promise<void>;
  /** The same, until it is purged after 30 days. */
  remove(id: string): Promise<void>;
  /**
   * Makes the record again, under its id, and sets going what it has missed: mails and webhook. What no field takes by now is kept
   * beside what was not asked for. Problems where the record cannot be made any more; then nothing is changed.
   */
  release(id: string): Promise<Outcome<Submission>>;
  /** Back from the deleted ones: to the spam where that had never been released, to its collection otherwise. */
  restore(id: string): Promise<Outcome<Submission>>;
  /** For good, with its record and its files, and with what goes with that record. */
  purge(id: string): Promise<void>;
}

/** As often as others may be faster. */
const mostTurns = 10;

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

  /**
   * Takes a record out of its collection, as far as it is there, and in the same unit does what else belongs to that. Whoever acts on
   * the same answer meanwhile is before it or after it.
   */
  async function takeOut(
    set: Collections,
    id: string,
    keepFiles: boolean,
    work: (tx: Unit, newest: Submission, values: Values) => Promise<void>,
  ): Promise<void> {
    const submissions = submissionsIn(set);
    for (let turn = 1; ; turn++) {
      const submission = await rowIn(store, submissions, id);
      const place = submission.parked ? undefined : placeOf(set, submission);
      const beside = async (tx: Unit, values: Values) => work(tx, await rowIn(tx, submissions, id), values);
      if (place && (await removed(place, submission.record, { keepFiles, beside }, turn))) return;
      const done = await store.write(async (tx) => {
        collections.mustHold(set);
        const newest = await rowIn(tx, submissions, id);
        const here = newest.parked ? undefined : placeOf(set, newest);
        // Somebody has brought it back meanwhile.
        if (here && (await findRow(tx, here.collection, newest.record))) return false;
        // Parked already; or the record has gone, and this is all that is left of it.
        await work(tx, newest, newest.parked ?? { id: newest.record });
        return true;
      });
      if (done) return;
    }
  }

  /** False where it is not there any more, as far as can be believed: a hook may say so for ever. */
  async function removed(place: Place, record: string, removing: Removing, turn: number): Promise<boolean> {
    try {
      await deleteRecord(parts, place, record, removing);
      return true;
    } catch (error) {
      if (error instanceof Refusal && error.code === "not_found" && turn < mostTurns) return false;
      throw error;
    }
  }

  function park(id: string, state: "spam" | "deleted"): Promise<void> {
    return collections.write((set) =>
      takeOut(set, id, true, async (tx, newest, values) => {
        const place = newest.parked ? undefined : placeOf(set, newest);
        if (place) await demandUnmentioned(tx, store.dialect, place, newest.record);
        const lesson = state === "spam" ? await teach(parts, tx, set, newest, values, "spam") : {};
        await update(parts, tx, submissionsIn(set), id, { state, parked: { ...values }, ...lesson });
      }),
    );
  }

  async function purge(id: string): Promise<void> {
    const files: string[] = [];
    await collections.write((set) =>
      takeOut(set, id, false, async (tx, newest, values) => {
        files.length = 0;
        if (newest.parked) files.push(...filesOfParked(set, valuesOf(newest)));
        await forget(parts, tx, set, [{ ...newest, parked: values }]);
      }),
    );
    await parts.files.remove(files);
  }

  /** Brings an answer to the state that is chosen for it as it is by then: none, and it stays as it is. */
  function bringBack(
    id: string,
    choose: (it: Submission) => "new" | "read" | "spam" | undefined,
  ): Promise<Outcome<Submission>> {
    return collections.write(async (set) => {
      const submissions = submissionsIn(set);
      const found = await rowIn(store, submissions, id);
      const place = placeOf(set, found);
      if (!place) throw new Refusal("not found", "form_not_found");
      const form = await findFormById(parts, set, found.form);
      let brought = found;
      const outcome = await write(parts, place, async (tx) => {
        brought = await rowIn(tx, submissions, id);
        const state = choose(brought);
        if (state === undefined) return good({});
        if (state === "spam") {
          await update(parts, tx, submissions, id, { state });
          brought = { ...brought, state };
          return good({});
        }
        const { parked, held, test, extra } = brought;
        const fitted = fit(place.collection, parked ?? {}, extra);
        if (parked && !test) {
          const made = await insertRecord(parts, tx, place, fitted.values);
          if (!made.ok) return made;
        }
        const lesson = brought.state === "spam" ? await teach(parts, tx, set, brought, parked ?? {}, "good") : {};
        const changed = { state, held: false, ...(test ? {} : { parked: null, extra: fitted.extra }) };
        await update(parts, tx, submissions, id, { ...changed, ...lesson });
        brought = { ...brought, ...changed };
        if (held && !test) await parts.jobs.addAll(tx, consequences(form, brought));
        else await parts.jobs.wake(tx, id);
        return good({});
      });
      return outcome.ok ? good(brought) : outcome;
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
    release: (id) => bringBack(id, ({ state }) => (isAside(state) ? "new" : undefined)),
    restore: (id) =>
      bringBack(id, ({ state, held }) => {
        if (state !== "deleted") return undefined;
        return held ? "spam" : "read";
      }),
    purge,
  };
}

/** As many submissions as one unit removes for good. */
export const mostPurged = 200;

/** Removes parked submissions for good, with their files; at most `mostPurged` of them. */
export function purgeAll(parts: InboxParts, ids: readonly string[]): Promise<void> {
  const { store, collections, files } = parts;
  return collections.write(async (set) => {
    const submissions = submissionsIn(set);
    const list = JSON.stringify(ids.slice(0, mostPurged));
    const gone = await store.write(async (tx) => {
      collections.mustHold(set);
      const rows = await tx.all<Row>(
        sql`${statementsOf(submissions).select} WHERE parked IS NOT NULL AND "id" IN (SELECT value FROM json_each(${list}))`,
      );
      const removed = rows.map((row) => submissionOf(submissions, row));
      await forget(parts, tx, set, removed);
      return removed.flatMap((it) => filesOfParked(set, valuesOf(it)));
    });
    await files.remove(gone);
  });
}

/** Removes submissions, what the word filter has learned of them, and what was done about them. */
async function forget(parts: InboxParts, tx: Unit, set: Collections, gone: readonly Submission[]): Promise<void> {
  for (const it of gone) await teach(parts, tx, set, it, it.parked ?? {}, "");
  const ids = gone.map(({ id }) => id);
  await tx.run(sql`DELETE FROM _submissions WHERE "id" IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
  await parts.jobs.forget(tx, ids);
  const { id: collection } = submissionsIn(set);
  await parts.outbox.appendAll(
    tx,
    ids.map((record) => ({ collection, record, action: "delete" })),
  );
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
