import type { Viewer } from "../filter/scope.ts";
import { Refusal } from "../lib/errors.ts";

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
  if (!("detail" in hooks) || typeof hooks.detail !== "object" || hooks.detail === null) return undefined;
  return "x-door" in hooks.detail ? hooks.detail["x-door"] : undefined;
}
