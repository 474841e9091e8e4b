import type { Collections } from "../collections/collection.ts";
import type { Json } from "../fields/field.ts";
import { has, inferred, type Payload } from "../fields/payload.ts";
import type { Ask } from "../filter/scope.ts";
import type { Outcome } from "../lib/errors.ts";
import type { RecordJson } from "../records/shape.ts";
import { createRecord, type WriteParts } from "../records/write.ts";
import type { Form } from "./form.ts";

/** Fields people never see, and only programs fill in. */
const honeypots = ["_gotcha", "_honeypot", "_honey", "bot-field", "botcheck"];

/** Where to go after a success may be said by the page that posts, under these names. */
const nextNames = ["_next", "_redirect", "redirect"];

/** Stores an answer to a form, under its collection's create rule. What fills a honeypot is answered alike, and not stored. */
export async function submit(
  parts: WriteParts,
  form: Form,
  { set, ask }: { readonly set: Collections; readonly ask: Ask },
  payload: Payload,
): Promise<Outcome<RecordJson>> {
  const pretend = trapped(form, payload);
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
  const isAsked = (key: string) =>
    form.fields.some(({ field }) => key === field.name || key.startsWith(`${field.name}.`));
  return {
    json: Object.fromEntries(Object.entries(payload.json).filter(([key]) => isAsked(key))),
    form: new Map([...payload.form].filter(([key]) => isAsked(key))),
    files: new Map([...payload.files].filter(([key]) => isAsked(key))),
  };
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
