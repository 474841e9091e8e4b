const base = "http://localhost";

/**
 * Where somebody wants to go on to, as far as that is a page of ours; `otherwise` where it is not, so that no link to our sign-in
 * leads to another site. The answer fits into a header.
 */
export function ownPath(wished: string, otherwise: string): string {
  if (!wished.startsWith("/") || !URL.canParse(wished, base)) return otherwise;
  // As a browser reads it: `/\x` and `/<tab>/x` lead to another host, and so would `/.//x`, read twice.
  const { origin, pathname, search, hash } = new URL(wished, base);
  return origin === base && !pathname.startsWith("//") ? pathname + search + hash : otherwise;
}
