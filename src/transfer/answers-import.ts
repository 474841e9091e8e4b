import type { Values } from "../collections/collection.ts";
import { isAddress } from "../fields/email.tsx";
import type { Json } from "../fields/field.ts";
import { fromJson } from "../fields/payload.ts";
import { byOwner } from "../filter/scope.ts";
import {
  newSubmission,
  type Submission,
  type SubmissionState,
  submissionsIn,
  valuesOf,
  type Wishes,
  wishesIn,
} from "../forms/answer.ts";
import { findFormById, type Form } from "../forms/form.ts";
import { now, parseDate, stamp } from "../lib/dates.ts";
import { problem } from "../lib/errors.ts";
import { isObject, parseJson } from "../lib/json.ts";
import { sha256 } from "../lib/secrets.ts";
import { labelOf } from "../lib/writing.ts";
import { statementsOf, toColumns } from "../records/row.ts";
import { createRecord } from "../records/write.ts";
import type { Reading, Unit } from "../store/engine.ts";
import { type Sql, sql } from "../store/sql.ts";
import { aside, guessed, leftOut, type Target } from "./columns.ts";
import { type Fate, type ImportAim, importable, type ImportRow, targetOf, valuesIn } from "./import-aim.ts";
import type { ImportParts } from "./record-import.ts";

/** What is known of an answer beside its values, and how the services that people come from head such columns. */
const facts: readonly Target[] = [
  fact("created", [
    "_date",
    "created_at",
    "created",
    "date",
    "submitted_at",
    "submission date",
    "timestamp",
    "time",
    "received",
  ]),
  fact("email", ["_replyto", "email", "e-mail", "email address"]),
  fact("state"),
  fact("notes"),
  fact("origin", ["origin"]),
  fact("referrer", ["referrer", "referer"]),
  fact("agent", ["user_agent", "_user_agent"]),
  fact("extra"),
  fact("wishes"),
  fact("id"),
];

/** As our own files head it. */
function fact(fact: string, also: readonly string[] = []): Target {
  return { name: `_${fact}`, label: `_${fact}`, also, fact };
}

/** Where somebody was on the network when they wrote is kept by nobody; traps are empty. Ours say what was wrong with a line. */
const dropped = ["ip", "_ip", "ip address", "_gotcha", "bot-field", "Line", "Reason"];

/** Thrown in a unit that finds out that the answer is there already. */
class Known extends Error {}

/** Rows as answers to a form: a record and a submission each, made when they say. Nobody is mailed. */
export async function answersAim(parts: ImportParts, formId: string): Promise<ImportAim> {
  const form = await parts.collections.read((set) => findFormById(parts, set, formId));
  const targets = [
    ...form.fields
      .filter(({ field }) => importable(field))
      .map(({ field, label }) => {
        const heading = label || labelOf(field.name);
        return { ...targetOf(field, heading), also: [`${heading} (${field.name})`] };
      }),
    ...facts,
  ];
  const contentOf = openContents(formId);
  return {
    targets,
    otherwise: [aside, leftOut],
    guess: (headings) => guessed(headings, targets, { otherwise: aside, dropped }),
    save: (row, dry) => saveAnswer(parts, formId, { ...row, content: contentOf(row) }, dry),
  };
}

/** By what a row is known again when its file comes once more: all it says, and which of those that say just that it is. */
function openContents(formId: string): (row: ImportRow) => string {
  const seen = new Map<number | bigint, number>();
  return ({ cells, aside }) => {
    const said = [formId, cells.get("_created") ?? "", [...cells], [...aside]];
    const key = Bun.hash(JSON.stringify(said));
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    return sha256(JSON.stringify(nth === 1 ? said : [...said, nth]));
  };
}

type KnownRow = ImportRow & { readonly content: string };

async function saveAnswer(parts: ImportParts, formId: string, row: KnownRow, dry: boolean): Promise<Fate> {
  return parts.collections.write(async (set): Promise<Fate> => {
    const form = await findFormById(parts, set, formId);
    const { collection } = form;
    const fields = form.fields.map(({ field }) => field).filter(importable);
    const said = row.cells.get("_created");
    const created = said === undefined ? now() : momentIn(said);
    if (created === undefined) return { kind: "wrong", problems: { _created: problem("import_moment") } };
    const values = valuesIn(fields, row.cells);
    const answer = answerIn(form, row, values, created);
    const { content } = row;
    if (await isKnown(parts.store, answer.id, content)) return { kind: "known" };
    const isParked = answer.state === "spam" || answer.state === "deleted";
    const beside = async (tx: Unit, made: Values) => {
      if (dry) return;
      if (await isKnown(tx, answer.id, content)) throw new Known();
      const submissions = submissionsIn(set);
      const submission = { ...answer, record: String(made["id"]), parked: isParked ? made : null };
      await tx.run(
        statementsOf(submissions).insert.with(
          toColumns(submissions, valuesOf(submission, { address: "", token: "", content })),
        ),
      );
      await parts.outbox.append(tx, { collection: submissions.id, record: submission.id, action: "create" });
    };
    const given = Object.fromEntries(
      collection.fields.filter(({ kind }) => kind.given).map(({ name }) => [name, created]),
    );
    const place = { collection, set, ask: byOwner };
    try {
      const made = await createRecord(parts, place, fromJson(values), { rehearse: dry || isParked, beside, given });
      return made.ok ? { kind: "made" } : { kind: "wrong", problems: made.problems };
    } catch (error) {
      if (error instanceof Known) return { kind: "known" };
      throw error;
    }
  });
}

async function isKnown(reading: Reading, id: string, content: string): Promise<boolean> {
  return (await reading.first(knownQuery(id, content))) !== undefined;
}

/** Asks for an answer with this id, or an imported one with this content. Each part is found by an index of its own. */
export function knownQuery(id: string, content: string): Sql {
  // No visitor's address is known of what was imported, as the index has it.
  return sql`SELECT 1 AS one FROM _submissions WHERE id = ${id}
    UNION ALL SELECT 1 AS one FROM _submissions WHERE content = ${content} AND address = '' LIMIT 1`;
}

function answerIn(
  form: Form,
  { cells, aside }: ImportRow,
  values: Readonly<Record<string, Json>>,
  created: string,
): Submission {
  const text = (name: string, most: number) => (cells.get(name) ?? "").slice(0, most);
  const fresh = newSubmission(form, "");
  const id = text("_id", 15);
  const sender = form.sender ? values[form.sender.name] : undefined;
  const email = [cells.get("_email"), sender].find((it) => typeof it === "string" && isAddress(it));
  return {
    ...fresh,
    id: /^[a-z0-9]{15}$/.test(id) ? id : fresh.id,
    state: stateIn(text("_state", 10)),
    test: false,
    extra: extraIn(cells.get("_extra"), aside),
    wishes: wishesSaid(cells.get("_wishes")),
    email: String(email ?? "").toLowerCase(),
    origin: text("_origin", 255),
    referrer: text("_referrer", 2000),
    agent: text("_agent", 500),
    notes: text("_notes", 20_000),
    created,
  };
}

const states: readonly SubmissionState[] = ["new", "read", "spam", "deleted"];

/** Whoever moves has read what arrived elsewhere, unless the file says something else. */
function stateIn(text: string): SubmissionState {
  return states.find((state) => state === text) ?? "read";
}

function extraIn(said: string | undefined, aside: ReadonlyMap<string, string>): Json {
  const known = said === undefined ? undefined : parseJson(said)?.value;
  const extra = { ...(isObject(known) ? JSON.parse(said ?? "{}") : {}), ...Object.fromEntries(aside) };
  return Object.keys(extra).length > 0 ? extra : null;
}

function wishesSaid(said: string | undefined): Wishes | null {
  const known = said === undefined ? undefined : parseJson(said)?.value;
  return isObject(known) ? wishesIn(JSON.parse(said ?? "{}")) : null;
}

/** A moment however it is written; where no zone is said it is UTC. */
function momentIn(text: string): string | undefined {
  const moment = parseDate(text);
  if (moment !== undefined) return moment;
  const hasZone = /(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})\)?$/i.test(text.trim());
  const time = Date.parse(hasZone ? text : `${text} UTC`);
  return Number.isNaN(time) ? undefined : stamp(time);
}
