import type { VNode } from "preact";
import type { Collection, Collections } from "../collections/collection.ts";
import { byOwner, type Viewer } from "../filter/scope.ts";
import type { Incoming } from "../http/incoming.ts";
import { type Answer, page, seeOther } from "../http/reply.ts";
import { renderHtml } from "../html/index.ts";
import { Refusal } from "../lib/errors.ts";
import type { FormFacts } from "../pages/dashboard/form-layout.tsx";
import type { Typed } from "../pages/parts/form-field.tsx";
import { type Language, languageOf } from "../phrases/index.ts";
import type { Project } from "../project.ts";
import { listRecords, type Place } from "../records/read.ts";
import type { RecordJson } from "../records/shape.ts";
import { keepAll } from "./drafting.ts";

/** What all routes of the dashboard share. */

export function languageFrom(request: Request): Language {
  return languageOf(request.headers.get("accept-language"));
}

/** What every page of the dashboard says about whom it is for. */
export function frame(request: Request, viewer: Viewer): { readonly language: Language; readonly owner: string } {
  const owner = viewer.kind === "guest" ? "" : String(viewer.record["email"] ?? "");
  return { language: languageFrom(request), owner };
}

/** Where everyone goes who is no superuser. What only takes posts has no page to come back to, and leads to one that has: `back`. */
export function toSignIn(request: Request, back = new URL(request.url).pathname): string {
  return `/_/login?next=${encodeURIComponent(back)}`;
}

/** The same for who has typed something, which is kept for an hour, so that it can be sent again after signing in. */
export async function signInAndSend(
  project: Project,
  request: Request,
  set: Answer,
  { body, address, back }: { readonly body: Incoming; readonly address: string; readonly back?: string },
): Promise<string> {
  const payload = await body.read();
  const target = new URL(request.url).pathname;
  const forms = project.collections.find("_forms");
  if (payload.form.size === 0 || !forms) return seeOther(set, toSignIn(request, back));
  const kept = await keepAll(project, { payload, token: undefined, target, address }, forms, { request, set });
  return seeOther(set, toSignIn(request, kept?.token ? `/_/resend/${kept.token}` : back));
}

/** Only to pages of the dashboard: nobody is led elsewhere by a link to our sign-in. */
export function nextOf(next = ""): string {
  return /^\/_\/[\w/-]*$/.test(next) ? next : "/_/";
}

export function newestFirst(collection: Collection): string {
  return collection.field("created") ? "-created" : "-@rowid";
}

/** The strings that a form of the dashboard has sent. */
export async function typedIn(body: Incoming): Promise<Typed> {
  return (await body.read()).form;
}

/** A page of the dashboard. */
export function show(set: Answer, vnode: VNode, status = 200): string {
  return page(set, renderHtml(vnode), status);
}

/** A form as it is stored, whatever it points at. */
export async function formRecord(
  project: Project,
  set: Collections,
  viewer: Viewer,
  slug: string,
): Promise<{ readonly place: Place; readonly record: RecordJson }> {
  const place = ownPlace(set, "_forms", viewer);
  // What has no other characters needs no quoting in a filter.
  const filter = /^[a-z0-9-]+$/.test(slug) ? `slug = "${slug}"` : undefined;
  const query = { page: 1, perPage: 1, sort: "", skipTotal: true };
  const found = filter && (await listRecords(project, place, { ...query, filter })).items[0];
  if (!found) throw new Refusal("not found", "form_not_found");
  return { place, record: found };
}

/** A collection as its owner reads and changes it. */
export function ownPlace(set: Collections, name: string, viewer: Viewer): Place {
  const collection = set.find(name);
  if (!collection) throw new Refusal("not found", "not_found");
  return { collection, set, ask: { ...byOwner, viewer } };
}

export function factsOf(record: RecordJson): FormFacts {
  return { slug: String(record["slug"]), title: String(record["title"]) };
}
