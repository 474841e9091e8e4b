/** Which collection a name or an id means. */
export type Known = (idOrName: string) => { readonly name: string } | undefined;

/** What is done under `/api/collections/:collection/` beside records. */
const actions: Readonly<Record<string, string>> = {
  "auth-methods": "listAuthMethods",
  "auth-refresh": "authRefresh",
  "auth-with-password": "authWithPassword",
  "auth-with-oauth2": "authWithOAuth2",
  "auth-with-otp": "authWithOTP",
  "request-otp": "requestOTP",
  "request-password-reset": "requestPasswordReset",
  "confirm-password-reset": "confirmPasswordReset",
  "request-verification": "requestVerification",
  "confirm-verification": "confirmVerification",
  "request-email-change": "requestEmailChange",
  "confirm-email-change": "confirmEmailChange",
};

/** Pages that do the same, by method and path. */
const pages: Readonly<Record<string, readonly [collection: string, action: string]>> = {
  "POST /login": ["users", "authWithPassword"],
  "POST /register": ["users", "create"],
  "POST /profile": ["users", "update"],
  "PATCH /profile": ["users", "update"],
  "PUT /profile": ["users", "update"],
  "POST /_/login": ["_superusers", "authWithPassword"],
};

const listing: Readonly<Record<string, string>> = { GET: "list", POST: "create" };
const single: Readonly<Record<string, string>> = {
  GET: "view",
  POST: "update",
  PATCH: "update",
  PUT: "update",
  DELETE: "delete",
};

/** Whether people look at its answers; programs are told what PocketBase tells them. */
export function isPageOfOurs(path: string): boolean {
  return !path.startsWith("/api/");
}

/**
 * The labels that a rule for this request may have, the most particular first; the last are its path with and without the
 * method. What a page or a form does counts as what the API does with the same collection, and HEAD, which does the same, as GET.
 */
export function labelsOf(asked: string, path: string, find: Known): readonly string[] {
  const method = asked === "HEAD" ? "GET" : asked;
  const plain = decoded(path);
  const [collection, action] = actionOf(method, plain, find);
  const labels: string[] = [];
  if (action !== undefined) {
    const names = action.startsWith("authWith") ? [action, "auth"] : [action];
    if (collection !== undefined) labels.push(...names.map((it) => `${collection}:${it}`));
    labels.push(...names.map((it) => `*:${it}`));
  }
  if (asked !== method) labels.push(`${asked} ${plain}`);
  return [...labels, `${method} ${plain}`, plain];
}

type Act = readonly [collection?: string | undefined, action?: string | undefined];

function actionOf(method: string, path: string, find: Known): Act {
  const page = pages[`${method} ${path}`];
  if (page) return page;
  const [first = "", second = "", third = "", fourth = "", fifth = ""] = path.slice(1).split("/");
  if (first === "forms" || first === "f") return method === "POST" ? [undefined, "create"] : [];
  if (first === "api" && second === "files") return third === "token" ? [] : [find(third)?.name, "file"];
  if (first === "api") {
    if (second !== "collections") return [];
    const name = find(third)?.name;
    if (fourth === "records") return [name, (fifth === "" ? listing : single)[method]];
    return [name, Object.hasOwn(actions, fourth) ? actions[fourth] : undefined];
  }
  const name = first === "" || first === "_" ? undefined : find(first)?.name;
  if (name === undefined) return [];
  if (second === "" || second === "new") return [name, listing[method]];
  return [name, third === "delete" && method === "POST" ? "delete" : single[method]];
}

/** As the router reads it: a rule must not be passed by writing a letter as `%6F`. */
function decoded(path: string): string {
  try {
    return path.includes("%") ? decodeURIComponent(path) : path;
  } catch {
    return path;
  }
}
