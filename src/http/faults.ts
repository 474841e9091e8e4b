import { Elysia, type ValidationError } from "elysia";
import { problem, type Problems, Refusal } from "../lib/errors.ts";
import { type Language, languageOf, sentence } from "../phrases/index.ts";
import { unreadable } from "./body.ts";
import { cameFrom } from "./guard.ts";
import { type Answer, faultJson, page, problemsJson, refusalJson, refusalStatus, wantsPage } from "./reply.ts";
import { unseen } from "./visits.ts";

/** What a page about a refusal needs to know. */
export interface RefusalFacts {
  readonly language: Language;
  readonly status: number;
  readonly message: string;
  readonly path: string;
  /** The page it was asked for from. */
  readonly back?: string;
  /** Of faults of ours: names it in the log. */
  readonly requestId?: string;
}

export interface Faults {
  /** Draws the page about a refusal. */
  renderRefusal(facts: RefusalFacts): string;
  /** Keeps what went wrong on our side; none of it is sent. */
  logFault(requestId: string, error: unknown): void;
  /** What answers a path nobody knows, where the user's site wants to. */
  fallback?(request: Request, path: string): Response | undefined;
}

/** A body, query or path that its schema does not allow. */
interface Misfit {
  readonly problems: Problems;
}

/**
 * Everything that is thrown becomes an answer here, and nothing of it but a sentence reaches the wire: neither what was
 * sent, which Elysia's own errors echo, nor a stack. Goes before every route, since a route never sees a later hook.
 */
export function faults(parts: Faults) {
  return new Elysia({ name: "faults" }).decorate("visit", unseen).onError({ as: "global" }, (context) => {
    const { request, set, code, error, visit } = context;
    // People's hooks answer by throwing `status(…)`; that is no fault. Asked by code, since they may bring their own Elysia.
    if (typeof code === "number") return undefined;
    const { pathname } = new URL(request.url, "http://localhost");
    const file = code === "NOT_FOUND" && !visit.refused ? parts.fallback?.(request, pathname) : undefined;
    if (file) return asItIs(set, file);
    const found = context.code === "VALIDATION" ? misfit(context.error) : understood(error, code);
    // Whatever else is wrong with a request that goes no further is nobody's concern.
    const told = found && (visit.refused ?? found);
    const requestId = String(set.headers["x-request-id"] ?? "");
    if (!told) parts.logFault(requestId, error);
    return answered(set, request, pathname, told, requestId, parts);
  });
}

/** Hands a file on without Elysia making it anew, which would cost it its length. */
export function asItIs(set: Answer, file: Response): Response {
  const vary = file.headers.get("vary");
  for (const name in set.headers) file.headers.set(name, String(set.headers[name]));
  if (vary !== null) file.headers.append("vary", vary);
  set.headers = {};
  set.status = 200;
  return file;
}

function answered(
  set: Answer,
  request: Request,
  path: string,
  told: Refusal | Misfit | undefined,
  requestId: string,
  { renderRefusal }: Faults,
): string {
  const language = languageOf(request.headers.get("accept-language"));
  if (wantsPage(request, path)) {
    const back = cameFrom(request)?.href;
    const facts = { language, path, ...(back ? { back } : {}) };
    if (!told) {
      const message = sentence(language, "something_wrong");
      return page(set, renderRefusal({ ...facts, status: 500, message, requestId }), 500);
    }
    const refusal = told instanceof Refusal ? told : unreadable();
    const status = refusalStatus(set, refusal);
    const message = sentence(language, refusal.code, refusal.params);
    return page(set, renderRefusal({ ...facts, status, message }), status);
  }
  if (!told) return faultJson(set, language);
  if (told instanceof Refusal) return refusalJson(set, language, told);
  return problemsJson(set, language, "failed_to_validate", told.problems);
}

/** What was wrong with the request; `undefined` where the fault is ours. */
function understood(error: unknown, code: unknown): Refusal | Misfit | undefined {
  if (error instanceof Refusal) return error;
  if (code === "NOT_FOUND") return new Refusal("not found", "not_found");
  if (code !== "PARSE" || !(error instanceof Error)) return undefined;
  if (error.cause instanceof Refusal) return error.cause;
  return error.cause instanceof SyntaxError ? unreadable() : undefined;
}

/** Per field what its schema misses. Only for bodies; a query or a path has no fields that people could look at. */
function misfit(error: Readonly<ValidationError>): Refusal | Misfit | undefined {
  if (error.type === "response") return undefined;
  if (error.type !== "body") return new Refusal("bad request", "something_wrong");
  const problems: Problems = {};
  for (const { path, value } of error.all) {
    const [, field = ""] = path.split("/");
    if (field === "" || Object.hasOwn(problems, field)) continue;
    problems[field] = problem(value === undefined || value === "" ? "validation_required" : "validation_invalid_value");
  }
  return { problems };
}
