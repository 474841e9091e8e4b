import type { Collection, Collections, Values } from "../collections/collection.ts";
import { now, stamp } from "../lib/dates.ts";
import { Refusal } from "../lib/errors.ts";
import { findRow } from "../records/read.ts";
import { type Row, statementsOf } from "../records/row.ts";
import type { Reading, Store } from "../store/engine.ts";
import { join, name, type Sql, sql } from "../store/sql.ts";
import { type Submission, submissionOf, submissionsIn } from "./answer.ts";
import { findFormById } from "./form.ts";

/** Where owners find answers: `inbox` is what was accepted, opened or not; `test` holds all tries. */
export const boxes = ["inbox", "new", "read", "spam", "deleted", "test"] as const;
export type Box = (typeof boxes)[number];

export interface InboxQuery {
  /** The form's id. */
  readonly form: string;
  readonly box: Box;
  /** A text that is somewhere in it; `""` for all. */
  readonly search: string;
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
}

/** An answer with its record's values, wherever those are; none where the record has gone. */
export interface InboxAnswer {
  readonly submission: Submission;
  readonly values: Values | undefined;
}

/** The newest first. */
export interface InboxPage {
  readonly items: readonly InboxAnswer[];
  readonly page: number;
  readonly perPage: number;
  /** There are more on the next page. */
  readonly more: boolean;
}

const states: Readonly<Record<Box, readonly (readonly [state: string, test: boolean])[]>> = {
  inbox: [
    ["new", false],
    ["read", false],
  ],
  new: [["new", false]],
  read: [["read", false]],
  spam: [["spam", false]],
  deleted: [["deleted", false]],
  test: [
    ["new", true],
    ["read", true],
    ["spam", true],
    ["deleted", true],
  ],
};

export async function listAnswers(store: Store, set: Collections, query: InboxQuery): Promise<InboxPage> {
  const { box, page, perPage } = query;
  const submissions = submissionsIn(set);
  const search = query.search.trim();
  const among = search === "" ? undefined : (await findFormById({ store }, set, query.form)).collection;
  const places = states[box].map(([state, test]) => ({ form: query.form, state, test }));
  const window = sql`LIMIT ${perPage + 1} OFFSET ${(page - 1) * perPage}`;
  // Each part comes in order from the index, and SQLite merges them: nothing is sorted, and nothing read of what is passed over.
  const all = among
    ? sql`${join(
        places.map((place) => searched(store, submissions, among, place, search)),
        " UNION ALL ",
      )} ORDER BY "created" DESC ${window}`
    : sql`${statementsOf(submissions).select} WHERE _rowid_ IN (SELECT row FROM (${join(
        places.map((place) => numbered(store, place)),
        " UNION ALL ",
      )} ORDER BY created DESC, row DESC ${window})) ORDER BY "created" DESC, _rowid_ DESC`;
  const rows = await store.scan<Row>(all);
  const found = rows.slice(0, perPage).map((row) => submissionOf(submissions, row));
  return { items: await withValues(store, set, found), page, perPage, more: rows.length > perPage };
}

/** Refused as not found where there is none. */
export async function findAnswer(store: Reading, set: Collections, id: string): Promise<InboxAnswer> {
  const submissions = submissionsIn(set);
  const row = await store.first<Row>(statementsOf(submissions).byId.with([id]));
  if (!row) throw new Refusal("not found", "not_found");
  const submission = submissionOf(submissions, row);
  const [found] = await withValues(store, set, [submission]);
  return found ?? { submission, values: undefined };
}

function withValues(store: Reading, set: Collections, found: readonly Submission[]): Promise<InboxAnswer[]> {
  return Promise.all(
    found.map(async (submission) => {
      const collection = submission.parked ? undefined : set.find(submission.collection);
      const values = collection && (await findRow(store, collection, submission.record));
      return { submission, values: submission.parked ?? values };
    }),
  );
}

/** Answers of one form in one state. */
interface AnswerPlace {
  readonly form: string;
  readonly state: string;
  readonly test: boolean;
}

/** Their moments and the numbers of their rows, as the index has them. */
function numbered({ dialect }: Store, { form, state, test }: AnswerPlace): Sql {
  return sql`SELECT created, _rowid_ AS row FROM _submissions
    WHERE ${dialect.tick} AND form = ${form} AND state = ${state} AND test = ${test}`;
}

/** As many fields of a record as a search looks into. */
const mostSearched = 50;

function searched(
  { dialect }: Store,
  submissions: Collection,
  among: Collection,
  { form, state, test }: AnswerPlace,
  search: string,
): Sql {
  const matches = holdsText(among, search);
  const selected = submissions.fields.map((field) => sql`s.${name(field.name)} AS ${name(field.name)}`);
  return sql`SELECT ${join(selected, ", ")} FROM _submissions AS s LEFT JOIN ${name(among.name)} AS r ON r."id" = s."record"
    WHERE ${dialect.visit(sql`s._rowid_`)} AND s.form = ${form} AND s.state = ${state} AND s.test = ${test}
      AND (${matches})`;
}

/** That a text is somewhere in an answer: in its submission `s` or its record `r`. */
export function holdsText(among: Collection, search: string): Sql {
  const like = `%${search.replace(/[\\%_]/g, "\\$&")}%`;
  const own = ["email", "notes", "extra", "parked"].map((column) => sql`s.${name(column)}`);
  const open = among.fields.filter(({ hidden, shape }) => !hidden && shape !== "point").slice(0, mostSearched);
  const columns = [...own, ...open.map((field) => sql`r.${name(field.name)}`)];
  return join(
    columns.map((column) => sql`${column} LIKE ${like} ESCAPE '\\'`),
    " OR ",
  );
}

/** That a submission `s` lies in a box. */
export function liesIn(box: Box): Sql {
  const parts = states[box].map(([state, test]) => sql`(s.state = ${state} AND s.test = ${test})`);
  return sql`(${join(parts, " OR ")})`;
}

/** How many lie in each box of a form. */
export async function countBoxes(store: Store, form: string): Promise<Record<Box, number>> {
  const rows = await store.scan<{ state: string; test: number; total: number }>(
    sql`SELECT state, test, COUNT(*) AS total FROM _submissions WHERE ${store.dialect.tick} AND form = ${form} GROUP BY state, test`,
  );
  const total = (box: Box) => {
    const its = rows.filter((row) =>
      states[box].some(([state, test]) => row.state === state && Boolean(row.test) === test),
    );
    return its.reduce((sum, row) => sum + row.total, 0);
  };
  return {
    inbox: total("inbox"),
    new: total("new"),
    read: total("read"),
    spam: total("spam"),
    deleted: total("deleted"),
    test: total("test"),
  };
}

export interface DayCount {
  /** `2026-01-02`, UTC. */
  readonly day: string;
  readonly count: number;
}

/** How many answers were accepted on each of the last days, those without any among them; today is the last. */
export async function countDays(store: Store, form: string, days: number): Promise<DayCount[]> {
  const today = Date.parse(now().slice(0, 10));
  const names = Array.from({ length: days }, (_, at) => stamp(today - (days - 1 - at) * day).slice(0, 10));
  const rows = await store.scan<DayCount>(
    sql`SELECT substr(created, 1, 10) AS day, COUNT(*) AS count FROM _submissions
        WHERE ${store.dialect.tick} AND form = ${form} AND state IN ('new', 'read') AND test = ${false} AND created >= ${names[0] ?? ""}
        GROUP BY 1`,
  );
  return names.map((it) => ({ day: it, count: rows.find((row) => row.day === it)?.count ?? 0 }));
}

const day = 24 * 60 * 60 * 1000;
