import type { HTTPHeaders } from "elysia/types";

/**
 * What every answer begins with (API.md 1.1). Of what the CORS plugin has said only that is kept which an answer needs, as
 * each header costs every request; the rest is for preflights, which are answered elsewhere.
 */
export function firstHeaders(said: HTTPHeaders, requestId: string, vary: string): HTTPHeaders {
  const headers: HTTPHeaders = {
    "x-request-id": requestId,
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "x-xss-protection": "1; mode=block",
    vary,
  };
  const origin = said["access-control-allow-origin"];
  if (origin === undefined) return headers;
  headers["access-control-allow-origin"] = origin;
  headers["access-control-expose-headers"] = said["access-control-expose-headers"];
  const credentials = said["access-control-allow-credentials"];
  if (credentials !== undefined) headers["access-control-allow-credentials"] = credentials;
  return headers;
}

/**
 * Lets scripts of any site read an answer that they may ask for anyway, whoever `--origins` names: never with a cookie, which
 * browsers do not allow beside `*`.
 */
export function readableElsewhere({
  headers,
}: {
  readonly headers: Record<string, string | number | undefined>;
}): void {
  if (headers["access-control-allow-origin"] !== undefined) return;
  headers["access-control-allow-origin"] = "*";
  headers["access-control-expose-headers"] = "Location, Retry-After, X-Request-Id";
}

/**
 * On every page of ours: nothing but what comes from here runs or is shown. `formTargets` are the other sites a form of
 * this page may lead on to (browsers count the redirect after a post as well). `same-origin`, since `no-referrer` would turn
 * a form's own `Origin` into `null`.
 */
export function pageHeaders(formTargets: readonly string[] = []): Record<string, string> {
  return {
    "content-type": "text/html;charset=utf-8",
    "content-security-policy": [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "media-src 'self'",
      "font-src 'self'",
      "connect-src 'self'",
      // `forms.js` works out its proofs beside the page.
      "worker-src blob:",
      "manifest-src 'self'",
      `form-action ${["'self'", ...formTargets.filter(isOrigin)].join(" ")}`,
      "frame-ancestors 'self'",
      "base-uri 'none'",
    ].join("; "),
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
  };
}

/** Only a bare origin may enter the header: `;` and blanks would end the directive. */
function isOrigin(text: string): boolean {
  return /^https?:\/\/[\w.:[\]-]+$/.test(text);
}
