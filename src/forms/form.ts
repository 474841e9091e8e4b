import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { Collection, Collections, CompiledField, Values } from "../collections/collection.ts";
import { isAddress } from "../fields/email.tsx";
import type { WebhookShape } from "../jobs/webhook-shapes.ts";
import { problem, type Problems, Refusal } from "../lib/errors.ts";
import { sameJson } from "../lib/json.ts";
import { Lru } from "../lib/lru.ts";
import { ShieldChanges } from "./shield/changes.ts";
import { type Row, statementsOf, toValues } from "../records/row.ts";
import type { Reading } from "../store/engine.ts";
import { type Sql, sql } from "../store/sql.ts";

/** A field of a form: its name alone, or with words of the form's own. */
export const FieldChoice = Type.Union([
  Type.String(),
  Type.Object({ name: Type.String(), label: Type.Optional(Type.String()), help: Type.Optional(Type.String()) }),
]);
const FieldChoices = Type.Union([Type.Null(), Type.Array(FieldChoice, { maxItems: 200 })]);
const Texts = Type.Union([Type.Null(), Type.Array(Type.String({ maxLength: 255 }), { maxItems: 100 })]);

export interface FormField {
  readonly field: CompiledField;
  /** The form's own words; `""` where it has none, and the field's name is shown. */
  readonly label: string;
  readonly help: string;
}

/** A public face of a collection for strangers. */
export interface Form {
  readonly id: string;
  readonly slug: string;
  readonly collection: Collection;
  readonly title: string;
  readonly introduction: string;
  readonly fields: readonly FormField[];
  /** The field in which visitors give their own address. */
  readonly sender?: CompiledField;
  readonly button: string;
  readonly thanks: string;
  readonly redirect: string;
  /** Whose pages may post; none listed: anyone's. */
  readonly origins: readonly string[];
  /** Problems lead back to the page that sent. */
  readonly back: boolean;
  /** Moments as they are stored; `""` for none. */
  readonly opens: string;
  readonly closes: string;
  /** As many answers in all, and from one visitor; 0 for no limit. */
  readonly maxAnswers: number;
  readonly maxPerVisitor: number;
  /** What people must agree to; `""` for nothing. */
  readonly consent: string;
  /** In which dates are typed, as IANA calls it. */
  readonly timeZone: string;
  readonly mail: {
    /** The addresses that are told of answers, each time or once a day. */
    readonly notify: readonly string[];
    readonly daily: boolean;
    readonly subject: string;
    /** Addresses that the posting page may have a copy sent to. */
    readonly cc: readonly string[];
    /** What the sender is answered; nothing where it is absent. */
    readonly answer?: { readonly subject: string; readonly text: string };
  };
  readonly webhook?: { readonly url: string; readonly shape: WebhookShape; readonly secret: string };
  readonly shield: ShieldChanges;
  /** The pages that post here load `forms.js`, so that what it adds may be expected. */
  readonly usesScript: boolean;
  /** Days that answers are kept; 0 for ever. */
  readonly retention: number;
  /** Answers are tries: nobody is told of them. */
  readonly test: boolean;
}

/** What is remembered of one set of collections: how to ask for a form, and forms as they were made of their rows. */
interface Known {
  readonly query: Sql;
  readonly forms: Lru<string, { readonly row: Row; readonly form: Form | undefined }>;
}

const known = new WeakMap<Collection, Known>();
const mostForms = 1000;

interface Parts {
  readonly store: Reading;
}

/** The form with this slug. Refused as not found where there is none, or its collection has gone. */
export async function findForm(parts: Parts, set: Collections, slug: string): Promise<Form> {
  return mustStand(await formWithSlug(parts, set, slug));
}

/** The same of the form with this id. */
export async function findFormById(parts: Parts, set: Collections, id: string): Promise<Form> {
  return mustStand(await formWithId(parts, set, id));
}

/** The form with this id; nothing where there is none any more, or its collection has gone. */
export async function formWithId(parts: Parts, set: Collections, id: string): Promise<Form | undefined> {
  const row = await parts.store.first<{ slug: string }>(sql`SELECT slug FROM _forms WHERE id = ${id}`);
  return row && formWithSlug(parts, set, row.slug);
}

function mustStand(form: Form | undefined): Form {
  if (!form) throw new Refusal("not found", "form_not_found");
  return form;
}

async function formWithSlug({ store }: Parts, set: Collections, slug: string): Promise<Form | undefined> {
  const collection = set.find("_forms");
  if (!collection) return undefined;
  const { query, forms } = knownOf(collection);
  const row = await store.first<Row>(query.with([slug]));
  const last = forms.get(slug);
  const same = row !== undefined && last !== undefined && sameJson(row, last.row);
  const form = same ? last.form : row && formOf(toValues(collection, row), set);
  if (row && !same) forms.set(slug, { row, form });
  return form;
}

function knownOf(collection: Collection): Known {
  let its = known.get(collection);
  if (!its) {
    its = { query: sql`${statementsOf(collection).select} WHERE slug = ${""}`, forms: new Lru(mostForms) };
    known.set(collection, its);
  }
  return its;
}

function formOf(values: Values, set: Collections): Form | undefined {
  const collection = set.find(textOf(values, "collection"));
  if (!collection) return undefined;
  const webhook = textOf(values, "webhook");
  const fields = fieldsOf(values, collection);
  const sender = senderAmong(fields);
  return {
    id: textOf(values, "id"),
    slug: textOf(values, "slug"),
    collection,
    title: textOf(values, "title"),
    introduction: textOf(values, "introduction"),
    fields,
    ...(sender ? { sender } : {}),
    button: textOf(values, "button"),
    thanks: textOf(values, "thanks"),
    redirect: textOf(values, "redirect"),
    origins: textsOf(values, "origins"),
    back: values["back"] === true,
    opens: textOf(values, "opens"),
    closes: textOf(values, "closes"),
    maxAnswers: numberOf(values, "maxAnswers"),
    maxPerVisitor: numberOf(values, "maxPerVisitor"),
    consent: textOf(values, "consent"),
    timeZone: textOf(values, "timeZone") || "UTC",
    mail: {
      notify: textsOf(values, "notify"),
      daily: values["daily"] === true,
      subject: textOf(values, "subject"),
      cc: textsOf(values, "cc"),
      ...(values["answer"] === true
        ? { answer: { subject: textOf(values, "answerSubject"), text: textOf(values, "answerText") } }
        : {}),
    },
    ...(webhook === ""
      ? {}
      : { webhook: { url: webhook, shape: shapeOf(values), secret: textOf(values, "webhookSecret") } }),
    shield: Value.Check(ShieldChanges, values["shield"]) ? values["shield"] : {},
    usesScript: values["usesScript"] === true,
    retention: numberOf(values, "retention"),
    test: values["test"] === true,
  };
}

const shapes: readonly WebhookShape[] = ["standard", "slack", "discord", "ntfy"];

function shapeOf(values: Values): WebhookShape {
  return shapes.find((shape) => shape === values["webhookShape"]) ?? "standard";
}

/** The chosen fields in the chosen order; without a choice, all that a stranger may fill in. */
function fieldsOf(values: Values, collection: Collection): FormField[] {
  const choices = Value.Check(FieldChoices, values["fields"]) ? (values["fields"] ?? []) : [];
  if (!choices.length) return collection.fields.filter(fillable).map((field) => formField(field, {}));
  return choices.flatMap((choice) => {
    const { name, ...words } = typeof choice === "string" ? { name: choice } : choice;
    const field = collection.field(name);
    return field && fillable(field) ? [formField(field, words)] : [];
  });
}

/** Of several addresses the one that is called so. */
function senderAmong(fields: readonly FormField[]): CompiledField | undefined {
  const addresses = fields.map(({ field }) => field).filter(({ type }) => type === "email");
  return addresses.find(({ name }) => name === "email") ?? addresses[0];
}

function formField(field: CompiledField, { label, help }: { label?: string; help?: string }): FormField {
  return { field, label: label ?? "", help: help ?? field.definition.help };
}

export function fillable(field: CompiledField): boolean {
  return !field.hidden && field.name !== "id" && !field.kind.given;
}

/** Nothing can be stored without a value for it, and nobody but who sends it can give one. */
function demanded(field: CompiledField): boolean {
  return field.required && fillable(field) && !field.definition["autogeneratePattern"];
}

/** What is wrong with a form beyond its fields: it must point at what exists. */
export function formProblems(values: Values, set: Collections): Problems {
  const problems: Problems = {};
  const collection = set.find(textOf(values, "collection"));
  // Who signs up says a password twice, which a form cannot ask for.
  if (!collection || collection.definition.system || collection.type !== "base") {
    problems["collection"] = problem("validation_form_collection");
  }
  const choices = values["fields"];
  if (!Value.Check(FieldChoices, choices)) problems["fields"] = problem("validation_form_fields");
  else if (collection) {
    const names = (choices ?? []).map(nameOf);
    const missing = names.find((name) => {
      const field = collection.field(name);
      return !field || !fillable(field);
    });
    const twice = names.find((name, at) => names.indexOf(name) < at);
    const left =
      names.length > 0 ? collection.fields.find((it) => demanded(it) && !names.includes(it.name)) : undefined;
    if (missing !== undefined) problems["fields"] = problem("validation_form_field_missing", { name: missing });
    else if (twice !== undefined) problems["fields"] = problem("validation_form_field_twice", { name: twice });
    else if (left) problems["fields"] = problem("validation_form_field_required", { name: left.name });
  }
  const origins = values["origins"];
  if (!Value.Check(Texts, origins) || !(origins ?? []).every(isOrigin)) {
    problems["origins"] = problem("validation_form_origins");
  }
  for (const name of ["notify", "cc"]) {
    const addresses = values[name];
    if (!Value.Check(Texts, addresses) || !(addresses ?? []).every(isAddress)) {
      problems[name] = problem("validation_form_addresses");
    }
  }
  if (!Value.Check(Type.Union([Type.Null(), ShieldChanges]), values["shield"]))
    problems["shield"] = problem("validation_form_shield");
  if (!isTimeZone(textOf(values, "timeZone"))) problems["timeZone"] = problem("validation_form_time_zone");
  const [opens, closes] = [textOf(values, "opens"), textOf(values, "closes")];
  if (opens !== "" && closes !== "" && closes <= opens) problems["closes"] = problem("validation_form_closes");
  return problems;
}

/** The name of a time zone that is known here; `""` is UTC. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name || "UTC" });
    return true;
  } catch {
    return false;
  }
}

/** Written as browsers send it: no path, no port that goes without saying, in lower case. */
function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

export function nameOf(choice: Static<typeof FieldChoice>): string {
  return typeof choice === "string" ? choice : choice.name;
}

function textOf(values: Values, name: string): string {
  const value = values[name];
  return typeof value === "string" ? value : "";
}

function numberOf(values: Values, name: string): number {
  const value = values[name];
  return typeof value === "number" ? value : 0;
}

function textsOf(values: Values, name: string): readonly string[] {
  const texts = values[name];
  return Value.Check(Texts, texts) ? (texts ?? []) : [];
}
