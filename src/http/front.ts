import { Elysia } from "elysia";
import { guest } from "../filter/scope.ts";
import { randomText } from "../lib/ids.ts";
import type { AddressOf } from "./address.ts";
import type { Turnstile } from "./turnstile.ts";
import { demandUsableHost, isSafe, type Origins, pathOf, standingOf } from "./guard.ts";
import { openDisk, type Space } from "./arriving.ts";
import { asItIs } from "./faults.ts";
import { firstHeaders } from "./headers.ts";
import { preflight } from "./preflight.ts";
import { tellRedirect } from "./reply.ts";
import { Body, fixedLimit, type Incoming, openIncoming, readTyped, usualLimit } from "./incoming.ts";
import { type Memory, openMemory } from "./memory.ts";
import { type Keeper, openPatience, type PatienceOptions } from "./patience.ts";
import { type Recogniser, recognise, tokenOf } from "./viewer.ts";
import { unseen, type Visit } from "./visits.ts";

export interface Front extends Recogniser {
  readonly origins: Origins;
  /** Where files lie until somebody keeps them. */
  readonly tempFolder: string;
  /** The user's own files, which are answered before anything else is asked. */
  readonly site?: (request: Request, path: string) => Response | undefined;
  /** Where on the network a request came from; nobody knows when absent. */
  readonly address?: AddressOf;
  /** The very address, of which `address` is the network. */
  readonly machine?: AddressOf;
  /** What the owner has set about who may come, and how often. */
  readonly admit?: Turnstile;
  /** Whether what is posted to a path is shown again by its route, which then refuses by itself. */
  readonly showsAgain?: (path: string) => boolean;
  /** Whoever listens, and can keep a slow connection open. */
  readonly keeper?: () => Keeper | null | undefined;
  readonly patience?: PatienceOptions;
  readonly memory?: Memory;
  readonly disk?: Space;
  /** Hears of every request that was answered. */
  logRequest(method: string, path: string, status: number, milliseconds: number, id: string): void;
}

const unknown: AddressOf = () => "";

/**
 * The first thing a request meets, after CORS: its size, its origin, its headers, the user's files, and who is asking. Gives
 * every handler `visit`, `viewer`, `address(request)` and `machine(request)`, and routes the parsers `typed` (plain values, for the route's schema)
 * and `payload` (an `Incoming`, read by the handler once it knows that it wants to).
 */
export function front(parts: Front) {
  const start = `${randomText(6)}-`;
  const vary = parts.origins.some ? "Accept, Origin" : "Accept";
  const patience = openPatience(parts.keeper ?? (() => null), parts.patience);
  const { tempFolder: folder, memory = openMemory(), disk = openDisk() } = parts;
  const intake = { folder, memory, disk, patience };
  let count = 0;
  return new Elysia({ name: "front" })
    .wrap((handle, request) => (request.method === "HEAD" ? lengthless(handle) : handle))
    .decorate("visit", unseen)
    .decorate("viewer", guest)
    .decorate("address", parts.address ?? unknown)
    .decorate("machine", parts.machine ?? unknown)
    .onRequest(async (context) => {
      const { request, set } = context;
      const since = performance.now();
      const id = start + (++count).toString(36);
      set.headers = firstHeaders(set.headers, id, vary);
      const path = pathOf(request.url);
      const arrived: Visit = { id, path, standing: "as guest", held: undefined, since };
      context.visit = arrived;
      demandUsableHost(request.url);
      const asks = request.method === "OPTIONS";
      const known = asks ? preflight(request, set.headers, parts.origins) : parts.site?.(request, path);
      if (known) {
        // Elysia tells nobody of what a hook like this one answers.
        parts.logRequest(request.method, path, known.status, performance.now() - since, id);
        return asItIs(set, known);
      }
      // Only who sends something can be slow at it; holding every request would cost each of them a tenth.
      if (!isSafe(request.method)) patience.begin(request);
      const standing = standingOf(request, path, parts.origins);
      const visit: Visit = { ...arrived, standing };
      context.visit = visit;
      const token = tokenOf(request, path, standing);
      if (token !== undefined) {
        const { viewer, held } = await recognise(parts, token);
        context.visit = { ...visit, held };
        context.viewer = viewer;
        // Not even in the browser: after signing out, its Back button would show what was there.
        if (viewer.kind !== "guest") set.headers["cache-control"] = "no-store";
      }
      const refused = parts.admit?.(request, path, context.viewer);
      if (!refused) return undefined;
      // Who must not come at all is shown nothing; who comes too often gets back what they typed.
      const isForm = request.method === "POST" && refused.kind === "too many";
      if (!isForm || !parts.showsAgain?.(path)) throw refused;
      context.visit = { ...context.visit, refused };
      return undefined;
    })
    .onBeforeHandle({ as: "global" }, ({ visit }) => {
      // An app that takes ours in may have routes of its own at our addresses, which know nothing of visits.
      if (visit.refused && !visit.shownAgain) throw visit.refused;
    })
    .onAfterHandle({ as: "global" }, ({ request, set }) => {
      tellRedirect(request, set);
    })
    .onAfterResponse({ as: "global" }, ({ request, set, visit: { id, path, since } }) => {
      patience.end(request);
      const status = typeof set.status === "number" ? set.status : 200;
      parts.logRequest(request.method, path, status, performance.now() - since, id);
    })
    .parser("typed", ({ request, viewer }) => {
      return readTyped(request, viewer.kind === "superuser" ? usualLimit : fixedLimit, intake);
    })
    .parser("payload", ({ request }) => openIncoming(request, intake));
}

/** Elysia tells each HEAD a length: 0, where what has not changed since is not sent at all. */
function lengthless(handle: (...given: unknown[]) => unknown) {
  return async (...given: unknown[]) => {
    const answer = await handle(...given);
    if (answer instanceof Response && answer.status === 304) answer.headers.delete("content-length");
    return answer;
  };
}

/** For routes whose handler reads the body: spread it into the route's options. Files nobody moved away are removed. */
export const takesPayload = {
  parse: "payload",
  body: Body,
  afterResponse: ({ body }: { readonly body: Incoming }) => body?.release(),
} as const;
