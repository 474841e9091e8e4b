import type { Viewer } from "../filter/scope.ts";
import { Refusal } from "../lib/errors.ts";
import type { Visit } from "./visits.ts";

/**
 * Who gets through a route: `anyone`; whom the collection's `rules` let in; `form`: strangers, as far as the form's own
 * settings go; who is `signed in`; `superusers`; `owners`: superusers by their cookie, everyone else is shown to the
 * dashboard's sign-in by the route itself; `people`: who is signed in to the site, everyone else is shown to its sign-in likewise.
 */
export type Door = "anyone" | "rules" | "form" | "signed in" | "superusers" | "owners" | "people";

/** What a route's options say about it, and what is looked at before its schemas are. Spread it into them. */
export function door(policy: Door, detail: Readonly<Record<string, unknown>> = {}) {
  return {
    detail: { ...detail, "x-door": policy },
    transform: ({ viewer }: { readonly viewer: Viewer }) => {
      admit(policy, viewer);
    },
  };
}

/** Refusal "signed out" for guests and "forbidden" for others, where a door is not for them. */
export function admit(policy: Door, viewer: Viewer): void {
  if (policy !== "signed in" && policy !== "superusers") return;
  if (viewer.kind === "guest") throw new Refusal("signed out", "superuser_token_required");
  if (policy === "superusers" && viewer.kind !== "superuser") throw new Refusal("forbidden", "record_not_allowed");
}

/**
 * Goes around the door of a route that a page's form is sent to, and that shows the form again with everything typed: where such
 * a request goes no further, the route says so itself, and throws the visit's `refused` before it does anything. `at` says at
 * which of its paths it is so.
 */
export function showsAgain(its: ReturnType<typeof door>, at: (path: string) => boolean = () => true) {
  return {
    detail: { ...its.detail, [again]: at },
    transform: (context: { readonly viewer: Viewer; visit: Visit }) => {
      its.transform(context);
      if (context.visit.refused) context.visit = { ...context.visit, shownAgain: true };
    },
  };
}

const again = "x-shows-again";

/**
 * Whether what is posted to a path comes to a route that `showsAgain`, whatever else may: people's own routes can have the same
 * addresses, and know nothing of visits.
 */
export function isShownAgain(routes: readonly Route[], path: string): boolean {
  const fitting = routes.filter((it) => (it.method === "POST" || it.method === "ALL") && mayFit(it.path, path));
  const exact = fitting.filter((it) => it.path === path);
  const shown = (exact.length > 0 ? exact : fitting).map(({ hooks }) => detailOf(hooks, again));
  return shown.every((at) => typeof at === "function") && shown.some((at) => at(path) === true);
}

/** Rather too often than not: what comes after a wildcard, or may be left out, is not looked at. */
function mayFit(pattern: string, path: string): boolean {
  const [parts, sent] = [pattern.split("/"), path.split("/")];
  const open = parts.findIndex((part) => part.includes("*") || part.endsWith("?"));
  if (open === -1 ? parts.length !== sent.length : sent.length < open) return false;
  return parts
    .slice(0, open === -1 ? parts.length : open)
    .every((part, at) => part.includes(":") || part === sent[at] || encodeURI(part) === sent[at]);
}

/** A route as Elysia lists it. */
interface Route {
  readonly method: string;
  readonly path: string;
  readonly hooks: object;
}

/**
 * What each route lacks: its door, or one of the schemas that say what it takes; and which of them would refuse what they do
 * not name, as Elysia makes every object that is not `loose`. For a test; empty is good.
 */
export function unguarded(routes: readonly Route[]): string[] {
  return routes.flatMap(({ method, path, hooks }) => {
    const said: Partial<Record<string, unknown>> = { ...hooks };
    const wanted = ["query"];
    if (/[:*]/.test(path)) wanted.push("params");
    if (!["GET", "HEAD", "OPTIONS"].includes(method)) wanted.push("body");
    const missing = wanted.filter((part) => said[part] === undefined);
    if (doorOf(hooks) === undefined) missing.unshift("door");
    const closed = ["query", "body"].filter((part) => isClosed(said[part]));
    return [
      ...missing.map((part) => `${method} ${path} has no ${part}`),
      ...closed.map((part) => `${method} ${path} refuses keys that its ${part} does not name`),
    ];
  });
}

function isClosed(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null || !("type" in schema) || schema.type !== "object") return false;
  return !("additionalProperties" in schema) || schema.additionalProperties === false;
}

/** The door of a route, as it was written. */
export function doorOf(hooks: object): unknown {
  return detailOf(hooks, "x-door");
}

function detailOf(hooks: object, name: string): unknown {
  if (!("detail" in hooks) || typeof hooks.detail !== "object" || hooks.detail === null) return undefined;
  const detail: Partial<Record<string, unknown>> = { ...hooks.detail };
  return detail[name];
}
