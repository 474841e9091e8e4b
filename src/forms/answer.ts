import type { Collection, Collections, Values } from "../collections/collection.ts";
import type { Json } from "../fields/field.ts";
import { now } from "../lib/dates.ts";
import { problem, type Problems, Refusal } from "../lib/errors.ts";
import { recordId } from "../lib/ids.ts";
import { isObject } from "../lib/json.ts";
import { type Row, toValues } from "../records/row.ts";
import type { Form } from "./form.ts";
import type { Lesson } from "./shield/learned.ts";

export type SubmissionState = "new" | "read" | "spam" | "deleted";

/** It was accepted by nobody, or is no more: its record is parked. */
export function isAside(state: SubmissionState): boolean {
  return state === "spam" || state === "deleted";
}

/** One answer to a form, as it is stored. */
export interface Submission {
  readonly id: string;
  /** The ids of the form and its collection, and of the record, which keeps it while it is parked. */
  readonly form: string;
  readonly collection: string;
  readonly record: string;
  readonly state: SubmissionState;
  /** The record's values while they are not in the collection, as for spam; `null` while they are. */
  readonly parked: Values | null;
  /** Its mails and its webhook have not been asked for yet. */
  readonly held: boolean;
  /** What was sent and not asked for. */
  readonly extra: Json;
  readonly reasons: readonly Reason[];
  readonly score: number;
  readonly test: boolean;
  readonly starred: boolean;
  readonly notes: string;
  /** The sender's, in lower case. */
  readonly email: string;
  readonly origin: string;
  readonly referrer: string;
  readonly agent: string;
  readonly language: string;
  readonly consent: Consent | null;
  readonly wishes: Wishes | null;
  /** What the word filter has learned of it. */
  readonly lesson: Lesson | "";
  readonly created: string;
  readonly updated: string;
}

/** Why an answer looks like spam, or like none. */
export interface Reason {
  readonly reason: string;
  readonly weight: number;
  readonly detail?: string;
}

/** What somebody agreed to: the words, their version, and when. */
export interface Consent {
  readonly text: string;
  readonly version: string;
  readonly at: string;
}

/** What the page that posted wished of the mail about it. */
export interface Wishes {
  readonly subject?: string;
  readonly replyTo?: string;
  readonly cc?: readonly string[];
  /** Whom it wished to have a copy, and the form did not list: they get none. */
  readonly unlisted?: readonly string[];
}

/** The collection of all submissions. */
export function submissionsIn(set: Collections): Collection {
  const collection = set.find("_submissions");
  if (!collection) throw new Refusal("not found", "missing_collection_context");
  return collection;
}

/** What is wrong with changing a submission by itself: its record has to move with its state, which the inbox sees to. */
export function submissionProblems(values: Values): Problems {
  const aside = values["state"] === "spam" || values["state"] === "deleted" || values["test"] === true;
  if (aside === (values["parked"] !== null)) return {};
  return { state: problem("validation_submission_state", { id: String(values["id"]) }) };
}

/** A submission that is being made, of a record with this id. */
export function newSubmission({ id, collection, test }: Form, record: string): Submission {
  const moment = now();
  return {
    // The record's own, so that either is found by the other, unless it may be one that another collection has as well.
    id: /^[a-z0-9]{15}$/.test(record) ? record : recordId(),
    form: id,
    collection: collection.id,
    record,
    state: "new",
    parked: null,
    held: false,
    extra: null,
    reasons: [],
    score: 0,
    test,
    starred: false,
    notes: "",
    email: "",
    origin: "",
    referrer: "",
    agent: "",
    language: "",
    consent: null,
    wishes: null,
    lesson: "",
    created: moment,
    updated: moment,
  };
}

/** What of a submission only the server reads: by what it is known again. */
export interface Marks {
  readonly address: string;
  readonly token: string;
  readonly content: string;
}

const unmarked: Marks = { address: "", token: "", content: "" };

/** As the fields of its collection take it; named one by one, since taking some out of a large object and copying the rest is slow. */
export function valuesOf(submission: Submission, { address, token, content }: Marks = unmarked): Values {
  const { parked, reasons, consent, wishes } = submission;
  return {
    id: submission.id,
    form: submission.form,
    collection: submission.collection,
    record: submission.record,
    state: submission.state,
    held: submission.held,
    parked: parked && { ...parked },
    extra: submission.extra,
    reasons: reasons.map((reason) => ({ ...reason })),
    score: submission.score,
    test: submission.test,
    starred: submission.starred,
    notes: submission.notes,
    email: submission.email,
    origin: submission.origin,
    referrer: submission.referrer,
    agent: submission.agent,
    language: submission.language,
    address,
    token,
    content,
    consent: consent && { ...consent },
    lesson: submission.lesson,
    wishes: wishes && fromWishes(wishes),
    created: submission.created,
    updated: submission.updated,
  };
}

function fromWishes({ cc, unlisted, ...texts }: Wishes): Json {
  return { ...texts, ...(cc ? { cc: [...cc] } : {}), ...(unlisted ? { unlisted: [...unlisted] } : {}) };
}

/** A submission as its row says. */
export function submissionOf(collection: Collection, row: Row): Submission {
  const values = toValues(collection, row);
  const text = (name: string) => String(values[name] ?? "");
  const reasons = values["reasons"];
  return {
    id: text("id"),
    form: text("form"),
    collection: text("collection"),
    record: text("record"),
    state: stateOf(text("state")),
    parked: isObject(values["parked"]) ? values["parked"] : null,
    held: values["held"] === true,
    extra: values["extra"] ?? null,
    reasons: Array.isArray(reasons) ? reasons.flatMap(reasonOf) : [],
    score: Number(values["score"] ?? 0),
    test: values["test"] === true,
    starred: values["starred"] === true,
    notes: text("notes"),
    email: text("email"),
    origin: text("origin"),
    referrer: text("referrer"),
    agent: text("agent"),
    language: text("language"),
    consent: consentOf(values["consent"]),
    wishes: wishesIn(values["wishes"]),
    lesson: lessonOf(text("lesson")),
    created: text("created"),
    updated: text("updated"),
  };
}

const states: readonly SubmissionState[] = ["new", "read", "spam", "deleted"];

function stateOf(text: string): SubmissionState {
  return states.find((state) => state === text) ?? "new";
}

function lessonOf(text: string): Lesson | "" {
  return text === "spam" || text === "good" ? text : "";
}

function reasonOf(json: Json): Reason[] {
  if (!isObject(json) || typeof json["reason"] !== "string") return [];
  const { reason, weight, detail } = json;
  return [{ reason, weight: Number(weight ?? 0), ...(typeof detail === "string" ? { detail } : {}) }];
}

function consentOf(json: Json | undefined): Consent | null {
  if (!isObject(json)) return null;
  const { text, version, at } = json;
  return { text: String(text ?? ""), version: String(version ?? ""), at: String(at ?? "") };
}

/** Wishes as they are stored. */
export function wishesIn(json: Json | undefined): Wishes | null {
  if (!isObject(json)) return null;
  const { subject, replyTo, cc, unlisted } = json;
  return {
    ...(typeof subject === "string" ? { subject } : {}),
    ...(typeof replyTo === "string" ? { replyTo } : {}),
    ...(Array.isArray(cc) ? { cc: cc.map(String) } : {}),
    ...(Array.isArray(unlisted) ? { unlisted: unlisted.map(String) } : {}),
  };
}
