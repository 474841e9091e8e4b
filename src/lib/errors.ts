/**
 * The two ways in which something does not work: problems, which people can fix by typing something else, and
 * refusals, which nobody can. Both carry codes and params; the sentences are in `phrases/`.
 */

export type Params = Readonly<Record<string, string | number>>;

/** What is wrong with one field. */
export interface Problem {
  readonly code: string;
  readonly params?: Params;
  /** The sentence itself, where people's own code has found the problem; otherwise it is made from the code. */
  readonly message?: string;
}

/** What is wrong, per field; nested where a field has parts (`fields.0.name`). */
export interface Problems {
  [field: string]: Problem | Problems;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: Problems };

export function good<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function bad<T>(problems: Problems): Outcome<T> {
  return { ok: false, problems };
}

export function problem(code: string, params?: Params): Problem {
  return params ? { code, params } : { code };
}

/** True for a single problem, false for a nested map of them (in which `code` can only be another map). */
export function isProblem(it: Problem | Problems): it is Problem {
  return typeof it.code === "string";
}

export function any(problems: Problems): boolean {
  for (const _ in problems) return true;
  return false;
}

export type RefusalKind =
  | "bad request"
  | "signed out"
  | "forbidden"
  | "not found"
  | "conflict"
  | "too large"
  | "too slow"
  | "too many"
  | "no room"
  | "unavailable";

/** Thrown for what nobody can fix by retyping; `code` names a sentence in `phrases/`. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly kind: RefusalKind,
    readonly code: string,
    readonly params: Params = {},
  ) {
    super(code);
  }
}
