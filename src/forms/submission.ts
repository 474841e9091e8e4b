import type { Collections } from "../collections/collection.ts";
import type { Json } from "../fields/field.ts";
import { has, inferred, keysOf, type Payload } from "../fields/payload.ts";
import type { Ask } from "../filter/scope.ts";
import type { Outcome } from "../lib/errors.ts";
import type { Logs } from "../logs/logs.ts";
import type { RecordJson } from "../records/shape.ts";
import { createRecord, type WriteParts } from "../records/write.ts";
import type { Form } from "./form.ts";

/** Fields people never see, and only programs fill in. */
const honeypots = ["_gotcha", "_honeypot", "_honey", "bot-field", "botcheck"];

/** Where to go after a success may be said by the page that posts, under these names. */
const nextNames = ["_next", "_redirect", "redirect"];

/** Names that mean something to us, or to services like us. */
const understood = [...honeypots, ...nextNames, "subject", "form-name"];

/** Stores an answer to a form, under its collection's create rule. What fills a honeypot is answered alike, and not stored. */
export async function submit(
  parts: WriteParts & { readonly logs: Pick<Logs, "say"> },
  form: Form,
  { set, ask }: { readonly set: Collections; readonly ask: Ask },
  payload: Payload,
): Promise<Outcome<RecordJson>> {
  const pretend = trapped(form, payload);
  tellUnasked(parts.logs, form, payload);
  return createRecord(parts, { collection: form.collection, set, ask }, asked(form, payload), { pretend });
}

/** What a page said about where to go next, to be sent along when the form is shown again. */
export function wishes(form: Form, payload: Payload): Record<string, string> {
  const sent = nextNames.filter((key) => !form.collection.field(key) && payload.form.has(key));
  return Object.fromEntries(sent.map((key) => [key, payload.form.get(key)?.at(-1) ?? ""]));
}

function trapped(form: Form, payload: Payload): boolean {
  return honeypots.some((key) => !form.collection.field(key) && isFilled(inferred(payload, key)));
}

/** A script may send an unticked box as `false`, or a field twice. */
function isFilled(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some(isFilled);
  return value !== undefined && value !== null && value !== "" && value !== false;
}

/** Only what the form asks for reaches the record. */
function asked(form: Form, payload: Payload): Payload {
  return {
    json: Object.fromEntries(Object.entries(payload.json).filter(([key]) => isAsked(form, key))),
    form: new Map([...payload.form].filter(([key]) => isAsked(form, key))),
    files: new Map([...payload.files].filter(([key]) => isAsked(form, key))),
  };
}

function isAsked({ fields }: Form, key: string): boolean {
  return fields.some(({ field }) => key === field.name || key.startsWith(`${field.name}.`));
}

/** The names that the owner was told of, for each form. */
const told = new WeakMap<Form, Set<string>>();
/** Anyone can send names without end. */
const mostTold = 20;
const longestTold = 60;

/** An owner who wrote `Name` where the field is called `name` finds out why nothing arrives. What was typed is nobody's business. */
function tellUnasked(logs: Pick<Logs, "say">, form: Form, payload: Payload): void {
  for (const key of [...keysOf(payload), ...payload.files.keys()]) {
    if (isAsked(form, key) || key.startsWith("_") || understood.includes(key)) continue;
    let names = told.get(form);
    if (!names) told.set(form, (names = new Set()));
    const name = JSON.stringify(key.length > longestTold ? `${key.slice(0, longestTold)}…` : key);
    if (names.size >= mostTold || names.has(name)) continue;
    names.add(name);
    logs.say(`The form ${JSON.stringify(form.slug)} was sent ${name}, which it does not ask for, and did not keep it.`);
  }
}

/**
 * Where a visitor goes after a success: what the posting page asked for when it is a path or an address of `ours` or of the
 * form's origins, then the form's own redirect, then our thank-you page.
 */
export function nextPage(form: Form, payload: Payload, ours: string): string {
  for (const key of nextNames) {
    const wish = form.collection.field(key) || !has(payload, key) ? undefined : inferred(payload, key);
    const next = typeof wish === "string" && wish !== "" ? allowedNext(form, wish, ours) : undefined;
    if (next) return next;
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
