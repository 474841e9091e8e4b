import type { HTTPHeaders } from "elysia/types";
import type { Origins } from "./guard.ts";

/** Seconds for which a browser need not ask again. */
const remembered = "600";

/**
 * Answers what a browser asks before a script of another origin may send something unusual. `headers` are those that every answer
 * begins with, which say whether that origin may call at all; what else it may do is added to them.
 */
export function preflight(request: Request, headers: HTTPHeaders, origins: Origins): Response {
  headers["vary"] = "Origin, Access-Control-Request-Headers";
  if (headers["access-control-allow-origin"] !== undefined) {
    // Browsers do not take the star for an answer where credentials are sent.
    const asked = request.headers.get("access-control-request-headers") ?? "";
    headers["access-control-allow-headers"] = origins.some ? asked : "*, Authorization";
    headers["access-control-allow-methods"] = "GET, HEAD, PUT, PATCH, POST, DELETE";
    headers["access-control-max-age"] = remembered;
  }
  return new Response(null, { status: 204 });
}
