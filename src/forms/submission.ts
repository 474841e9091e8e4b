import type { Collections, Values } from "../collections/collection.ts";
import { isAddress } from "../fields/email.tsx";
import type { Payload } from "../fields/payload.ts";
import type { Ask, Viewer } from "../filter/scope.ts";
import type { Jobs } from "../jobs/queue.ts";
import { bad, good, type Outcome, Refusal } from "../lib/errors.ts";
import type { Logs } from "../logs/logs.ts";
import { findRow, type Place } from "../records/read.ts";
import { statementsOf, toColumns } from "../records/row.ts";
import { type RecordJson, shapeRecord } from "../records/shape.ts";
import { createRecord, type WriteParts } from "../records/write.ts";
import { ConstraintError, type Reading, type Unit } from "../store/engine.ts";
import { sql } from "../store/sql.ts";
import { newSubmission, type Submission, submissionsIn, valuesOf } from "./answer.ts";
import { agreementTo, consentName, consentProblems } from "./agreement.ts";
import { extraTexts, lostProblems, tellApart, tellLost, type Told } from "./asked.ts";
import { consequences } from "./consequences.ts";
import type { Form } from "./form.ts";
import { hiddenText, nextNames, subjectNames } from "./hidden-names.ts";
import { demandOpen, demandRoom } from "./opening.ts";
import { wishesOf } from "./mail-wishes.ts";
import { contentOf, type Earlier, type Likeness, type Repetitions, tokenKey, type Turn } from "./repetition.ts";
import { judge, lookAt, remember } from "./shield/judge.ts";
import type { Shield } from "./shield/shield.ts";
import type { Visit } from "./shield/visit.ts";
import type { Tallies } from "./tallies.ts";

export interface SubmissionParts extends WriteParts {
  readonly logs: Pick<Logs, "say">;
  readonly jobs: Pick<Jobs, "addAll">;
  readonly tallies: Pick<Tallies, "count">;
  readonly shield: Shield;
  readonly repetitions: Repetitions;
}

/**
 * Stores an answer to a form, under its collection's create rule: the record, the submission, what is in the outbox and the jobs
 * in one unit. Spam and tries are parked: no record, and nobody is told. The same once more is answered like the first time, what
 * fills a honeypot like a success. `sent`: the same before kept files were added to it, by which it is known again. Refusals: the
 * form is not open, is full, or the shield refuses (code `form_shielded`).
 */
export async function submit(
  parts: SubmissionParts,
  form: Form,
  { set, ask }: { readonly set: Collections; readonly ask: Ask },
  { payload, sent = payload }: { readonly payload: Payload; readonly sent?: Payload },
  visit: Visit,
): Promise<Outcome<RecordJson>> {
  const place: Place = { collection: form.collection, set, ask };
  const told = tellApart(form, payload);
  const it = likenessOf(parts.shield, form, { told, sent, viewer: ask.viewer }, visit);
  const turn = await parts.repetitions.take(it);
  if (turn.first) return repeated(parts, place, turn.first);
  let stored: string | undefined;
  try {
    return await take(parts, form, place, { payload, told, visit, it, turn }, (id) => (stored = id));
  } catch (error) {
    if (error instanceof Refusal || it.token === "") throw error;
    // Somebody was faster: whoever comes after them in line sees what they have stored. They may also have used up the kept files.
    const used = await parts.store.write((tx) => parts.repetitions.findUsed(tx, it.token));
    if (used || isRepetition(error)) stored = used?.id;
    if (used?.content === it.content) return repeated(parts, place, used);
    if (!isRepetition(error)) throw error;
  } finally {
    turn.end(stored);
  }
  return submit(parts, form, { set, ask }, { payload, sent }, visit);
}

/** What was sent, and what is known of it. */
interface Sent {
  readonly payload: Payload;
  readonly told: Told;
  readonly visit: Visit;
  readonly it: Likeness;
  readonly turn: Turn;
}

/** Judges and stores an answer that has not come before; `made` hears the id of its submission before that is stored. */
async function take(
  parts: SubmissionParts,
  form: Form,
  place: Place,
  { payload, told, visit, it, turn }: Sent,
  made: (id: string) => void,
): Promise<Outcome<RecordJson>> {
  demandOpen(form);
  const look = lookAt(parts.shield, form, payload, visit, turn.used);
  const verdict = await judge(parts.shield, look);
  const count = (what: string) => parts.tallies.count(form.id, what);
  if (verdict.decision === "refuse") {
    remember(parts.shield, look);
    count("refuse");
    if (!verdict.reasons.some(({ reason }) => reason === "honeypot")) throw new Refusal("forbidden", "form_shielded");
    return createRecord(parts, place, told.asked, { pretend: true });
  }
  const beyond = { ...lostProblems(told.lost), ...consentProblems(form, payload) };
  if (Object.keys(beyond).length > 0) {
    tellLost(parts.logs, form, told.lost);
    const rest = await createRecord(parts, place, told.asked, { pretend: true });
    return counted(bad({ ...(rest.ok ? {} : rest.problems), ...beyond }), form, count);
  }

  const held = verdict.decision === "hold";
  const parked = held || form.test;
  const beside = async (tx: Unit, values: Values) => {
    const submission: Submission = {
      ...newSubmission(form, String(values["id"])),
      ...saidBy(visit),
      state: held ? "spam" : "new",
      parked: parked ? values : null,
      held,
      extra: told.extra,
      reasons: verdict.reasons,
      score: verdict.score,
      email: emailOf(form, payload, values),
      consent: form.consent === "" ? null : agreementTo(form.consent),
      wishes: wishesOf(form, payload),
    };
    made(submission.id);
    const marks = { address: it.address, token: turn.key, content: it.content };
    const submissions = submissionsIn(place.set);
    await tx.run(statementsOf(submissions).insert.with(toColumns(submissions, valuesOf(submission, marks))));
    await parts.outbox.append(tx, { collection: submissions.id, record: submission.id, action: "create" });
    await demandRoom(tx, form, visit.address);
    if (parked) return;
    const jobs = consequences(form, submission);
    if (jobs.length > 0) await parts.jobs.addAll(tx, jobs);
  };
  const outcome = await createRecord(parts, place, told.asked, { beside, rehearse: parked });
  if (!outcome.ok) return counted(outcome, form, count);
  remember(parts.shield, look);
  count(held ? "hold" : "send");
  return outcome;
}

function isRepetition(error: unknown): boolean {
  return error instanceof ConstraintError && error.table === "_submissions" && error.columns.includes("token");
}

function likenessOf(
  { tokens }: Shield,
  form: Form,
  { told, sent, viewer }: { readonly told: Told; readonly sent: Payload; readonly viewer: Viewer },
  visit: Visit,
): Likeness {
  const token = hiddenText(form, sent, ["_token"]) ?? "";
  const { nonce, age } = tokens.read(form.id, token, visit.moment, 0);
  const issued = visit.moment - age;
  return {
    form: form.id,
    token: tokenKey(nonce, issued),
    issued,
    content: contentOf(form.id, viewer, told, sent),
    address: visit.address,
    agent: visit.agent.slice(0, 500),
  };
}

/** Answers like the first time, once that is on disk: a reader may see it before. */
function repeated(
  { store }: SubmissionParts,
  { collection, ask }: Place,
  first: Earlier,
): Promise<Outcome<RecordJson>> {
  return store.write(async (tx) => {
    const values = (await findRow(tx, collection, first.record)) ?? (await parkedIn(tx, first)) ?? { id: first.record };
    return good(shapeRecord(collection, values, ask.viewer));
  });
}

async function parkedIn(reading: Reading, { id }: Earlier): Promise<Values | undefined> {
  const row = await reading.first<{ parked: string | null }>(sql`SELECT parked FROM _submissions WHERE id = ${id}`);
  return row?.parked ? JSON.parse(row.parked) : undefined;
}

/** Owners see with what visitors have trouble. */
function counted<T>(outcome: Outcome<T>, { collection }: Form, count: (what: string) => void): Outcome<T> {
  if (outcome.ok) return outcome;
  for (const key of [...collection.fields.map(({ name }) => name), consentName]) {
    if (Object.hasOwn(outcome.problems, key)) count(`problem:${key}`);
  }
  return outcome;
}

/** What the request says of who sent it, as far as there is room. */
function saidBy({ origin, referrer, agent, language }: Visit) {
  return {
    origin: origin.slice(0, 255),
    referrer: referrer.slice(0, 2000),
    agent: agent.slice(0, 500),
    language: language.slice(0, 255),
  };
}

function emailOf(form: Form, payload: Payload, values: Values): string {
  const own = form.sender ? values[form.sender.name] : undefined;
  const text = typeof own === "string" && own !== "" ? own : (hiddenText(form, payload, ["_replyto"]) ?? "");
  return isAddress(text) ? text.toLowerCase() : "";
}

/** What was sent beside what the form asks for, to be sent along when the form is shown again. */
export function sentAlong(form: Form, payload: Payload): Record<string, readonly string[]> {
  const names = [...nextNames, ...subjectNames, "_replyto", "_cc"];
  const wishes = names.flatMap((name) => {
    const text = hiddenText(form, payload, [name]);
    return text === undefined ? [] : [[name, [text]] as const];
  });
  return Object.fromEntries([...wishes, ...extraTexts(form, payload)]);
}

/**
 * Where a visitor goes after a success: what the posting page asked for when it is a path or an address of `ours` or of the
 * form's origins, then the form's own redirect, then our thank-you page. `ignored` hears of a wish that is not followed.
 */
export function nextPage(form: Form, payload: Payload, ours: () => string, ignored: (wish: string) => void): string {
  for (const name of nextNames) {
    const wish = hiddenText(form, payload, [name]);
    const next = wish === undefined ? undefined : allowedNext(form, wish, ours());
    if (next) return next;
    if (wish !== undefined) ignored(wish);
  }
  return form.redirect || `/forms/${form.slug}/thanks`;
}

/**
 * The address as a browser reads it, so that `//evil.example` and `/\\evil.example` are not taken for paths of ours; nor is the
 * path of `/.//evil.example`, which would be read as another site's address once more.
 */
function allowedNext(form: Form, wish: string, ours: string): string | undefined {
  if (!URL.canParse(wish, ours)) return undefined;
  const url = new URL(wish, ours);
  const web = url.protocol === "http:" || url.protocol === "https:";
  if (web && url.origin === new URL(ours).origin) {
    return url.pathname.replace(/^\/+/, "/") + url.search + url.hash;
  }
  return web && form.origins.includes(url.origin) ? url.href : undefined;
}
