import type { Json } from "../fields/field.ts";
import type { Problems, Refusal, RefusalKind } from "../lib/errors.ts";
import { explain, type Language, sentence } from "../phrases/index.ts";
import { typeOf } from "./body.ts";
import { pageHeaders } from "./headers.ts";
import { picked } from "./picked.ts";

/** Elysia's `set`: what the answer's status and headers will be. Answers are strings, which Elysia sends without a detour. */
export interface Answer {
  headers: Record<string, string | number | undefined>;
  status?: number | string;
}

export const statuses: Readonly<Record<RefusalKind, number>> = {
  "bad request": 400,
  "signed out": 401,
  forbidden: 403,
  "not found": 404,
  conflict: 409,
  "too slow": 408,
  "too large": 413,
  "too many": 429,
  unavailable: 503,
  "no room": 507,
};

/** What browsers use by themselves. */
const formMethods = ["GET", "HEAD", "POST"];

/**
 * Whether a page is wanted rather than JSON (FORMS.md 1). Under `/api/` never; otherwise what `Accept` likes better, and
 * without a preference JSON for who sent JSON, or used a method that only scripts can use.
 */
export function wantsPage(request: Request, path: string): boolean {
  if (path.startsWith("/api/") || path === "/api") return false;
  const accept = request.headers.get("accept");
  if (accept !== null && accept !== "*/*") {
    const page = Math.max(weight(accept, "text/html"), weight(accept, "application/xhtml+xml"));
    const json = weight(accept, "application/json");
    if (page !== json) return page > json;
    if (page > 0) return accept.indexOf("text/html") < accept.indexOf("application/json");
  }
  return formMethods.includes(request.method) && typeOf(request) !== "application/json";
}

/** 200 and the value, as much of it as `?fields=` asks for. */
export function json(set: Answer, value: Json, fields?: string): string {
  set.headers["content-type"] = "application/json";
  return JSON.stringify(fields === undefined ? value : picked(value, fields));
}

/** 204, nothing to say. */
export function empty(set: Answer): string {
  set.status = 204;
  return "";
}

/** 303: look there next. `cookie` is a whole `Set-Cookie` header. */
export function seeOther(set: Answer, location: string, cookie?: string): string {
  set.status = 303;
  set.headers.location = location;
  if (cookie) set.headers["set-cookie"] = cookie;
  return "";
}

/**
 * Tells `forms.js` where a redirect leads. A script that is answered by a 303 only gets what comes after it: the next page is
 * then asked for twice, and one on another site, which the page's policy keeps from it, looks like a network that is down.
 */
export function tellRedirect({ headers }: Request, set: Answer): void {
  if (set.status === 303 && headers.get("x-requested-with") === "forms.js") set.status = 204;
}

/** A page; `status` 422 for a form with problems. `formTargets` as in `pageHeaders`. */
export function page(set: Answer, html: string, status = 200, formTargets?: readonly string[]): string {
  set.status = status;
  // Whoever is signed in has been given the stricter one.
  const kept = set.headers["cache-control"] === "no-store" ? "no-store" : "private, no-cache";
  Object.assign(set.headers, pageHeaders(formTargets), { "cache-control": kept });
  return html;
}

/** Problems in the envelope of the API; `code` names the sentence about the whole. */
export function problemsJson(set: Answer, language: Language, code: string, problems: Problems, status = 400): string {
  return envelope(set, status, sentence(language, code), explain(language, problems));
}

/** A refusal in the envelope of the API. */
export function refusalJson(set: Answer, language: Language, refusal: Refusal): string {
  return envelope(set, refusalStatus(set, refusal), sentence(language, refusal.code, refusal.params), {});
}

/** The status of a refusal. One that says how many `seconds` to wait says so in the answer's `Retry-After`. */
export function refusalStatus(set: Answer, { kind, params }: Refusal): number {
  if (typeof params["seconds"] === "number") set.headers["retry-after"] = params["seconds"];
  return statuses[kind];
}

/** 500: what went wrong stays here. */
export function faultJson(set: Answer, language: Language): string {
  return envelope(set, 500, sentence(language, "something_wrong"), {});
}

function envelope(set: Answer, status: number, message: string, data: object): string {
  set.status = status;
  set.headers["content-type"] = "application/json";
  return JSON.stringify({ data, message, status });
}

/** How much a type is liked, 0 to 1; wildcards say nothing. */
function weight(accept: string, type: string): number {
  for (const entry of accept.slice(0, 1000).split(",")) {
    const [name = "", ...options] = entry.split(";");
    if (name.trim().toLowerCase() !== type) continue;
    const q = options.map((option) => option.trim()).find((option) => option.startsWith("q="));
    return q === undefined ? 1 : Math.min(1, Math.max(0, Number(q.slice(2)) || 0));
  }
  return 0;
}
