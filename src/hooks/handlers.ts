/** What people's code wants to do, as it was said while their files were run. */

type Hooked = Formstead.HookedRecords;
export type Before = Parameters<Hooked["before"]>[0];
export type Within = Parameters<Hooked["within"]>[0];
export type After = Parameters<Hooked["after"]>[0];

/** Handlers, and the file they stand in. */
export interface From<Handlers> {
  readonly file: string;
  readonly on: Handlers;
}

/** All that happens around the records of one collection, in the order of files and lines. */
export interface Handlers {
  readonly before: From<Before>[];
  readonly within: From<Within>[];
  readonly after: From<After>[];
}

/** By the names of collections. */
export type Wishes = Map<string, Handlers>;

export function handlersOf(wishes: Wishes, collection: string): Handlers {
  let known = wishes.get(collection);
  if (!known) wishes.set(collection, (known = { before: [], within: [], after: [] }));
  return known;
}

const actions = ["create", "update", "delete"];

/** Throws where handlers are none, so that a slip of the pen does not mean that nothing happens. */
export function mustBeHandlers(when: keyof Handlers, on: unknown): void {
  const entries = typeof on === "object" && on !== null ? Object.entries(on) : [];
  if (entries.length === 0) throw new TypeError(`${when}() takes an object with ${actions.join(", ")}.`);
  for (const [action, handler] of entries) {
    if (!actions.includes(action)) throw new TypeError(`${when}() knows ${actions.join(", ")}, not ${action}.`);
    if (typeof handler !== "function") throw new TypeError(`${when}() takes a function for ${action}.`);
  }
}
