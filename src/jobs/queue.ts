import type { Hub } from "../events/hub.ts";
import { clock } from "../lib/dates.ts";
import { Refusal } from "../lib/errors.ts";
import type { Store, Unit } from "../store/engine.ts";
import { join, type Sql, sql } from "../store/sql.ts";
import { Hands, type WaitingQuery } from "./hands.ts";
import type { Job, Kind, NewJob } from "./job.ts";

export { GivenUp, NotYet, type Job, type JobState, type Kind, type NewJob } from "./job.ts";

export interface JobQuery {
  readonly id?: number | undefined;
  readonly kind?: string | undefined;
  readonly about?: string | undefined;
  readonly form?: string | undefined;
  readonly state?: string | undefined;
  /** Only those with a lower id. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/**
 * What must still be done, written in the unit of the change that wants it and done once that is on disk: at least once, and once
 * only while nothing crashes.
 */
export interface Jobs {
  add(tx: Unit, job: NewJob): Promise<void>;
  /** The same for many, with one statement. */
  addAll(tx: Unit, jobs: readonly NewJob[]): Promise<void>;
  /** From now on these are done, by kind, beginning with what has been waiting. What nobody does, waits. */
  work(kinds: Readonly<Record<string, Kind>>): void;
  /** Does it once more, and at once: by hand, whatever became of it. Refused as not found where there is none. */
  again(id: number): Promise<void>;
  /** What still waits to be done about a submission or record is done at once. */
  wake(tx: Unit, about: string): Promise<void>;
  /** Forgets all that was, or must still be, done about these submissions or records. */
  forget(tx: Unit, about: readonly string[]): Promise<void>;
  /** The newest first. */
  list(query: JobQuery): Promise<Job[]>;
  /** Removes what ended more than 30 days ago. */
  sweep(): Promise<void>;
  /** Waits until everything that is due has been tried. */
  settled(): Promise<void>;
  /** Begins nothing more; what is in hand has a second, and is done again after the next start where that is too little. */
  close(): Promise<void>;
}

export interface JobsParts {
  readonly store: Store;
  readonly hub: Hub;
  readonly logs: { say(line: string): void; fault(id: string, error: unknown): void };
}

const kept = 30 * 24 * 60 * 60 * 1000;
/** As many as one unit removes, so that nobody is held up. */
const sweepAtOnce = 1000;
const columns = sql`id, kind, about, form, payload, state, tries, due, outcome, created, ended`;

/** Opens the jobs of a project. Nothing is done before `work`: a command beside a running server only adds. */
export function openJobs(parts: JobsParts): Jobs {
  const { store, hub } = parts;
  const hands = new Hands({ ...parts, waiting: waitingOf, nextDue });
  const deafen = hub.listen(() => hands.wake());

  async function addAll(tx: Unit, jobs: readonly NewJob[]): Promise<void> {
    if (jobs.length === 0) return;
    const moment = clock();
    const rows = jobs.map(({ payload, ...job }) => ({ ...job, payload: JSON.stringify(payload) }));
    await tx.run(
      sql`INSERT INTO _jobs (kind, about, form, payload, due, created)
          SELECT value ->> 'kind', COALESCE(value ->> 'about', ''), COALESCE(value ->> 'form', ''), value ->> 'payload',
                 COALESCE(value ->> 'due', ${moment}), ${moment}
          FROM json_each(${JSON.stringify(rows)}) ORDER BY key`,
    );
    hands.expect();
  }

  return {
    add: (tx, job) => addAll(tx, [job]),
    addAll,
    work: (kinds) => hands.work(kinds),
    again: async (id) => {
      const changed = await store.write((tx) => {
        hands.again(id);
        return tx.run(
          sql`UPDATE _jobs SET due = ${clock()}, ended = NULL, state = 'waiting',
                tries = CASE state WHEN 'waiting' THEN tries ELSE 0 END WHERE id = ${id}`,
        );
      });
      if (changed === 0) throw new Refusal("not found", "not_found");
    },
    wake: async (tx, about) => {
      await tx.run(sql`UPDATE _jobs SET due = ${clock()} WHERE about = ${about} AND about != '' AND state = 'waiting'`);
      hands.expect();
    },
    forget: async (tx, about) => {
      await tx.run(
        sql`DELETE FROM _jobs WHERE about != '' AND about IN (SELECT value FROM json_each(${JSON.stringify(about)}))`,
      );
    },
    list: async ({ limit, ...query }) => {
      const rows = await store.scan<JobRow>(
        sql`SELECT ${columns} FROM _jobs WHERE ${store.dialect.tick} AND ${asked(query)} ORDER BY id DESC LIMIT ${limit}`,
      );
      return rows.map(toJob);
    },
    sweep: async () => {
      const before = clock() - kept;
      for (;;) {
        const removed = await store.write((tx) =>
          tx.run(
            sql`DELETE FROM _jobs WHERE id IN
                  (SELECT id FROM _jobs WHERE ended IS NOT NULL AND ended < ${before} LIMIT ${sweepAtOnce})`,
          ),
        );
        if (removed < sweepAtOnce) return;
      }
    },
    settled: () => hands.settled(),
    close: () => {
      deafen();
      return hands.stop();
    },
  };
}

interface JobRow extends Omit<Job, "payload"> {
  readonly payload: string;
}

function toJob(row: JobRow): Job {
  return { ...row, payload: JSON.parse(row.payload) };
}

function asked({ before, ...query }: Omit<JobQuery, "limit">): Sql {
  const conditions = [
    query.id === undefined ? undefined : sql`id = ${query.id}`,
    query.kind === undefined ? undefined : sql`kind = ${query.kind}`,
    query.about === undefined ? undefined : sql`about = ${query.about} AND about != ''`,
    query.form === undefined ? undefined : sql`form = ${query.form}`,
    query.state === undefined ? undefined : sql`state = ${query.state}`,
    before === undefined ? undefined : sql`id < ${before}`,
  ].filter((it) => it !== undefined);
  return conditions.length > 0 ? join(conditions, " AND ") : sql`TRUE`;
}

/** What is due of a kind, the longest waiting first. */
async function waitingOf(tx: Unit, { kind, limit, perForm, inHand, full }: WaitingQuery): Promise<Job[]> {
  const due = sql`state = 'waiting' AND kind = ${kind} AND due <= ${clock()}
    AND id NOT IN (SELECT value FROM json_each(${JSON.stringify(inHand)}))`;
  const next = (after: Sql) =>
    sql`(SELECT MIN(form) FROM _jobs WHERE state = 'waiting' AND kind = ${kind} AND ${after})`;
  // From form to form by the index, however many jobs one of them has.
  const rows = await tx.all<JobRow>(
    perForm === undefined
      ? sql`SELECT ${columns} FROM _jobs WHERE ${due} ORDER BY due, id LIMIT ${limit}`
      : sql`WITH RECURSIVE forms (it) AS (
              SELECT ${next(sql`TRUE`)}
              UNION ALL SELECT ${next(sql`form > forms.it`)} FROM forms WHERE forms.it IS NOT NULL
            )
            SELECT ${columns} FROM _jobs WHERE id IN (
              SELECT its.value FROM forms, json_each((
                SELECT json_group_array(id) FROM (
                  SELECT id FROM _jobs WHERE form = forms.it AND ${due} ORDER BY due, id LIMIT ${perForm})
              )) AS its
              WHERE forms.it NOT IN (SELECT value FROM json_each(${JSON.stringify(full)}))
            ) ORDER BY due, id LIMIT ${limit}`,
  );
  return rows.map(toJob);
}

/** When the next of a kind is due that is not yet. */
async function nextDue(tx: Unit, kind: string): Promise<number | undefined> {
  const row = await tx.first<{ due: number | null }>(
    sql`SELECT MIN(due) AS due FROM _jobs WHERE state = 'waiting' AND kind = ${kind} AND due > ${clock()}`,
  );
  return row?.due ?? undefined;
}
