import type { Ask, Viewer } from "../filter/scope.ts";

/** A request as rules may ask about it; what was sent is added once it has been read. */
export function askOf(request: Request, viewer: Viewer, query: Readonly<Record<string, unknown>> = {}): Ask {
  return {
    viewer,
    context: "default",
    method: request.method,
    body: {},
    query: query as Ask["query"],
    headers: () => {
      const headers: Record<string, string> = {};
      request.headers.forEach((value, key) => (headers[key.toLowerCase().replaceAll("-", "_")] = value));
      return headers;
    },
  };
}
