/** JSON deeper than this is refused: SQLite calls more than 1,000 levels malformed. */
export const deepest = 500;

/** Parses JSON text; `undefined` when it is no JSON or nested deeper than `deepest`. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  if (tooDeep(text)) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Looks at the text before it is parsed, so that a parser never has to recurse into what somebody made too deep. */
function tooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (quoted) {
      if (char === 92) at++;
      else if (char === 34) quoted = false;
    } else if (char === 34) quoted = true;
    else if (char === 91 || char === 123) {
      if (++depth > deepest) return true;
    } else if (char === 93 || char === 125) depth--;
  }
  return false;
}

export function isObject(it: unknown): it is Record<string, unknown> {
  return typeof it === "object" && it !== null && !Array.isArray(it);
}

/** Equal as JSON, whatever the order of keys. */
export function sameJson(left: unknown, right: unknown): boolean {
  return Bun.deepEquals(left, right);
}
