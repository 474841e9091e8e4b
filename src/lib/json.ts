/** JSON deeper than this is refused: SQLite calls more than 1,000 levels malformed. */
export const deepest = 500;

/** How many values and names a text has at most. */
export interface Parts {
  readonly values: number;
  readonly names: number;
}

/** Of all depths together: parsing more of them would hold up everybody. */
const usual: Parts = { values: 1_000_000, names: 100_000 };
export const everything: Parts = { values: Number.POSITIVE_INFINITY, names: Number.POSITIVE_INFINITY };

/** Parses JSON text; `undefined` when it is no JSON, nested deeper than `deepest`, or has more than `most`: by far more than anybody means. */
export function parseJson(text: string, most = usual): { readonly value: unknown } | undefined {
  if (tooMuch(text, most)) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Looks at the text before it is parsed, so that a parser never has to do what somebody made too deep or too many. */
function tooMuch(text: string, most: Parts): boolean {
  let [depth, values, names] = [0, 1, 0];
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (quoted) {
      if (char === 92) at++;
      else if (char === 34) quoted = false;
    } else if (char === 34) quoted = true;
    else if (char === 44) {
      if (++values > most.values) return true;
    } else if (char === 58) {
      if (++names > most.names) return true;
    } else if (char === 91 || char === 123) {
      if (++values > most.values || ++depth > deepest) return true;
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
