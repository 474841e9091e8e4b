import type { HTTPHeaders } from "elysia/types";
import type { Config } from "../config.ts";
import { Refusal } from "../lib/errors.ts";
import { hasOurCookie } from "./cookies.ts";
import { largestRequest } from "./options.ts";

/** By whose leave a request goes on: its token, its cookie, or nobody's (no cookie is read, and none set). */
export type Standing = "by token" | "with cookie" | "as guest";

/** What a request says about where it comes from. */
export interface Provenance {
  readonly path: string;
  /** It has an `Authorization` header. */
  readonly authorization: boolean;
  /** `Sec-Fetch-Site` */
  readonly fetchSite: string | null;
  /** `Origin` */
  readonly origin: string | null;
  /** `origin` is our own address. */
  readonly ours: boolean;
  /** `origin` is listed by name. */
  readonly listed: boolean;
  /** A cookie of ours came. */
  readonly cookie: boolean;
}

/** The doors that strangers' sites may knock at. */
const open = ["/api/", "/forms/", "/f/"];

/** Who may write, first line that fits. Only for methods that change something. */
export function mayWrite(it: Provenance): Standing | "refused" {
  if (it.authorization) return "by token";
  if (it.fetchSite === "same-origin" || it.fetchSite === "none") return "with cookie";
  if (it.fetchSite === null && it.ours) return "with cookie";
  if (it.listed) return "with cookie";
  if (it.fetchSite === null && it.origin === null && !it.cookie) return "as guest";
  if (open.some((prefix) => it.path.startsWith(prefix))) return "as guest";
  return "refused";
}

/**
 * How a request stands. Refusal "forbidden" for one that another site makes in somebody's name, "too large" where it says
 * that it is, before a byte is read.
 */
export function standingOf(request: Request, path: string, origins: Origins): Standing {
  const { headers } = request;
  const authorization = headers.has("authorization");
  if (isSafe(request.method)) return authorization ? "by token" : "with cookie";
  if (Number(headers.get("content-length")) > largestRequest) throw new Refusal("too large", "too_large");
  const secure = isSecure(request);
  const origin = headers.get("origin");
  const standing = mayWrite({
    path,
    authorization,
    fetchSite: headers.get("sec-fetch-site"),
    origin,
    ours: origin !== null && isOurs(origin, request),
    listed: origins.lists(origin),
    cookie: hasOurCookie(headers.get("cookie") ?? "", secure),
  });
  if (standing === "refused") throw new Refusal("forbidden", "foreign_origin");
  return standing;
}

export function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

/** Where a proxy ends TLS, it says so; whoever lies about it only gets a cookie that their browser refuses. */
export function isSecure(request: Request): boolean {
  return request.url.startsWith("https:") || /^https\b/i.test(request.headers.get("x-forwarded-proto") ?? "");
}

/** The address under which this request found us, without a path: `https://me.example`. */
export function ownAddress(request: Request): string {
  return `${isSecure(request) ? "https" : "http"}://${new URL(request.url).host}`;
}

/** The page of the web that a request came from, where that is another one; of a page on another site browsers say only the site. */
export function cameFrom(request: Request): URL | undefined {
  const text = request.headers.get("referer") ?? "";
  if (!URL.canParse(text)) return undefined;
  const from = new URL(text);
  // Bun leaves the host out where it makes no sense.
  const here = new URL(request.url, "http://localhost");
  const web = from.protocol === "http:" || from.protocol === "https:";
  return web && !(from.host === here.host && from.pathname === here.pathname) ? from : undefined;
}

/**
 * Whether a form takes what was sent from there: any page where it lists no origins (a file on one's own disk, which says
 * `null`, too), our own, the listed ones, and programs, which name none.
 */
export function formMayPost(request: Request, listed: readonly string[]): boolean {
  const origin = request.headers.get("origin");
  return listed.length === 0 || origin === null || listed.includes(origin) || isOurs(origin, request);
}

/** The same host; `http` only where this request did not come by TLS either. */
function isOurs(origin: string, request: Request): boolean {
  const { host } = new URL(request.url);
  return origin === `https://${host}` || (origin === `http://${host}` && !isSecure(request));
}

/** The path, as far as there is one. */
export function pathOf(url: string): string {
  const start = url.startsWith("http") ? Math.max(0, url.indexOf("/", 8)) : 0;
  const end = url.indexOf("?", start);
  return end === -1 ? url.slice(start) : url.slice(start, end);
}

/** Refusal "bad request" for a host that would make the router see another path than we do. */
export function demandUsableHost(url: string): void {
  // Elysia starts to look for the path at the eleventh character; Bun leaves the host out where it makes no sense.
  if (url.indexOf("/", 11) !== url.indexOf("/", 8) || !url.startsWith("http")) {
    throw new Refusal("bad request", "unusable_host");
  }
}

/** The origins that may call with credentials. */
export interface Origins {
  /** Every origin may call, without credentials. */
  readonly everyone: boolean;
  /** Some may call with credentials. */
  readonly some: boolean;
  lists(origin: string | null): boolean;
}

export function openOrigins({ origins, dev }: Pick<Config, "origins" | "dev">): Origins {
  const named = new Set(origins.map((origin) => origin.toLowerCase().replace(/\/$/, "")));
  const everyone = named.delete("*");
  const local = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
  return {
    everyone,
    some: named.size > 0 || dev,
    lists: (origin) => origin !== null && (named.has(origin) || (dev && local.test(origin))),
  };
}

/**
 * Settings for `@elysiajs/cors`: credentials only for origins that are named. It goes before `front`, which sets `Vary` and answers
 * preflights: the plugin would answer them unseen, and as different for everyone (`Vary: *`).
 */
export function corsSettings(origins: Origins) {
  const common = {
    preflight: false,
    exposeHeaders: "Content-Disposition, Content-Range, ETag, Location, X-Request-Id",
    allowedHeaders: [],
  };
  if (origins.everyone && !origins.some) return { ...common, origin: "*", credentials: false };
  return {
    ...common,
    origin: (request: Request) => origins.everyone || origins.lists(request.headers.get("origin")),
    credentials: !origins.everyone,
  };
}

/** For where everyone may call and some of them with credentials, which the plugin cannot say. Goes before it. */
export function lendCredentials(origins: Origins) {
  return ({ request, set }: { readonly request: Request; readonly set: { headers: HTTPHeaders } }): void => {
    if (origins.lists(request.headers.get("origin"))) set.headers["access-control-allow-credentials"] = "true";
  };
}
