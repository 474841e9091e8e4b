/** Whose session a cookie holds: of people on the site, or of owners in the dashboard. */
export type CookieOwner = "person" | "owner";

const names = { person: "formstead", owner: "formstead-owner" } as const;

/** Over TLS the prefix makes browsers refuse a cookie of this name that a neighbouring host has set. */
export function cookieName(owner: CookieOwner, secure: boolean): string {
  return secure ? `__Host-${names[owner]}` : names[owner];
}

/** The `Set-Cookie` header of a session that ends after `seconds`. */
export function sessionCookie(owner: CookieOwner, token: string, seconds: number, secure: boolean): string {
  const flags = `Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax`;
  return `${cookieName(owner, secure)}=${token}; ${flags}${secure ? "; Secure" : ""}`;
}

/** The `Set-Cookie` header that ends a session. */
export function endedCookie(owner: CookieOwner, secure: boolean): string {
  return sessionCookie(owner, "", 0, secure);
}

/** The name of the cookie that says which drafts were kept for this browser. */
export function draftCookieName(secure: boolean): string {
  return secure ? "__Host-formstead-drafts" : "formstead-drafts";
}

/** The `Set-Cookie` header with such marks, for an hour. */
export function draftCookie(marks: readonly string[], secure: boolean): string {
  const flags = "Path=/; Max-Age=3600; HttpOnly; SameSite=Lax";
  return `${draftCookieName(secure)}=${marks.join(".")}; ${flags}${secure ? "; Secure" : ""}`;
}

/** The value of one cookie; of several with the same name, the first. */
export function readCookie(header: string, name: string): string | undefined {
  for (const pair of header.split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim() || undefined;
  }
  return undefined;
}

/** Whether any of our cookies came. */
export function hasOurCookie(header: string, secure: boolean): boolean {
  return (
    readCookie(header, cookieName("person", secure)) !== undefined ||
    readCookie(header, cookieName("owner", secure)) !== undefined
  );
}
