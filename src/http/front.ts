import { Elysia } from "elysia";
import { guest } from "../filter/scope.ts";
import { randomText } from "../lib/ids.ts";
import { type Origins, pathOf, type Standing, standingOf } from "./guard.ts";
import { asItIs } from "./faults.ts";
import { firstHeaders } from "./headers.ts";
import { Body, type Incoming, openIncoming, readTyped, smallLimit, usualLimit } from "./incoming.ts";
import { type Held, type Recogniser, recognise, tokenOf } from "./viewer.ts";

/** What is known of a request before its handler runs. */
export interface Visit {
  /** Names the request in the log, and in the answer's `X-Request-Id`. */
  readonly id: string;
  readonly path: string;
  readonly standing: Standing;
  /** The token by which the viewer was recognised. */
  readonly held: Held | undefined;
}

export interface Front extends Recogniser {
  readonly origins: Origins;
  /** Where files lie until somebody keeps them. */
  readonly tempFolder: string;
  /** The user's own files, which are answered before anything else is asked. */
  readonly site?: (request: Request, path: string) => Response | undefined;
}

const nowhere: Visit = { id: "", path: "", standing: "as guest", held: undefined };

/**
 * The first thing a request meets, after CORS: its size, its origin, its headers, the user's files, and who is asking. Gives
 * every handler `visit` and `viewer`, and routes the parsers `typed` (plain values, for the route's schema) and `payload`
 * (an `Incoming`, read by the handler once it knows that it wants to).
 */
export function front(parts: Front) {
  const start = `${randomText(6)}-`;
  const vary = parts.origins.everyone ? "Accept" : "Accept, Origin";
  let count = 0;
  return new Elysia({ name: "front" })
    .decorate("visit", nowhere)
    .decorate("viewer", guest)
    .onRequest(async (context) => {
      const { request, set } = context;
      const id = start + (++count).toString(36);
      set.headers = firstHeaders(set.headers, id, vary);
      const path = pathOf(request.url);
      const file = parts.site?.(request, path);
      if (file) return asItIs(set, file);
      const standing = standingOf(request, path, parts.origins);
      const visit = { id, path, standing, held: undefined };
      context.visit = visit;
      const token = tokenOf(request, path, standing);
      if (token === undefined) return undefined;
      const { viewer, held } = await recognise(parts, token);
      context.visit = { ...visit, held };
      context.viewer = viewer;
      if (viewer.kind !== "guest") set.headers["cache-control"] = "private, no-cache";
      return undefined;
    })
    .parser("typed", ({ request, viewer }) => readTyped(request, viewer.kind === "superuser" ? usualLimit : smallLimit))
    .parser("payload", ({ request }) => openIncoming(request, parts.tempFolder));
}

/** For routes whose handler reads the body: spread it into the route's options. Files nobody moved away are removed. */
export const takesPayload = {
  parse: "payload",
  body: Body,
  afterResponse: ({ body }: { readonly body: Incoming }) => body?.release(),
} as const;
