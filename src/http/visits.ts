import type { Viewer } from "../filter/scope.ts";
import type { Refusal } from "../lib/errors.ts";
import type { Standing } from "./guard.ts";
import type { Held } from "./viewer.ts";

/** What is known of a request before its handler runs. */
export interface Visit {
  /** Names the request in the log, and in the answer's `X-Request-Id`. */
  readonly id: string;
  readonly path: string;
  readonly standing: Standing;
  /** The token by which the viewer was recognised. */
  readonly held: Held | undefined;
  /** When it arrived, in milliseconds of the process's own clock. */
  readonly since: number;
  /** The refusal "too many" with which it goes no further, where the route is left to say so: one that `showsAgain`. */
  readonly refused?: Refusal | undefined;
  /** It has come to such a route. */
  readonly shownAgain?: boolean;
}

/** What is known before anything is. */
export const unseen: Visit = { id: "", path: "", standing: "as guest", held: undefined, since: 0 };

/** Whether it goes no further, and comes from a stranger: little of it is read to show it again, and nothing is written for it. */
export function isTurnedAway({ refused }: Visit, viewer: Viewer): boolean {
  return refused !== undefined && viewer.kind === "guest";
}
