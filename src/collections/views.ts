import { problem, type Problem, type Problems } from "../lib/errors.ts";
import { sameJson } from "../lib/json.ts";
import { sentence } from "../phrases/index.ts";
import type { Collections } from "./collection.ts";
import { compileSet } from "./compile.ts";
import type { Definition } from "./definition.ts";
import { namesIn, viewFields } from "./view-fields.ts";
import { type Query, type Read, readQuery } from "./view-query.ts";

/** A view that SQLite does not take, or not as it was read: found when it is made. */
export class ViewError extends Error {
  override readonly name = "ViewError";

  constructor(
    readonly view: Definition,
    readonly problem: Problem,
  ) {
    super(`The view ${view.name} cannot be made.`);
  }
}

/** The problem of a definition whose query cannot be used. */
export function queryProblem({ code, params }: Problem): Problem {
  return problem("validation_invalid_view_query", { reason: sentence("en", code, params) });
}

/** The views among these definitions, each after those that it reads. Some that read each other come last, and find nothing. */
export function inOrder(definitions: readonly Definition[]): Definition[] {
  const left = new Set(definitions.filter(({ type }) => type === "view"));
  const ordered: Definition[] = [];
  const names = new Map([...left].map((view) => [view, namesOf(view)]));
  for (let found = true; found;) {
    found = false;
    for (const view of left) {
      const waits = [...left].some((other) => other !== view && names.get(view)?.has(other.name.toLowerCase()));
      if (waits) continue;
      ordered.push(view);
      left.delete(view);
      found = true;
    }
  }
  return [...ordered, ...left];
}

function namesOf({ viewQuery = "" }: Definition): ReadonlySet<string> {
  const query = readQuery(viewQuery);
  return query.ok ? namesIn(query.value.tokens) : new Set();
}

/** Reads the query of a view, and what its fields are. A view may not read itself. */
export function readView(
  { id, viewQuery = "" }: Pick<Definition, "id" | "viewQuery">,
  set: Collections,
): Read<{ readonly query: Query; readonly fields: Definition["fields"] }> {
  const query = readQuery(viewQuery);
  if (!query.ok) return query;
  const others = { ...set, all: set.all.filter((other) => other.id !== id) };
  const fields = viewFields(query.value, others);
  return fields.ok ? { ok: true, value: { query: query.value, fields: fields.value } } : fields;
}

/**
 * The same definitions with the views as they follow from what they read. Problems are of views that would break: by their names.
 * One that is broken already stays as it is.
 */
export function settleViews(definitions: readonly Definition[]): {
  readonly after: Definition[];
  readonly problems: Problems;
} {
  const problems: Problems = {};
  let after = [...definitions];
  let set = compileSet(after);
  for (const view of inOrder(definitions)) {
    const read = readView(view, set);
    if (!read.ok) {
      if (view.broken === undefined) problems[`${view.name}.viewQuery`] = queryProblem(read.problem);
    } else if (!sameJson(read.value.fields, view.fields)) {
      const next = { ...view, fields: read.value.fields };
      after = after.map((it) => (it.id === view.id ? next : it));
      set = compileSet(after);
    }
  }
  return { after, problems };
}
