import type { ColumnShape, Json } from "../fields/field.ts";
import type { Sql } from "../store/sql.ts";

/** Who is asking. */
export type Viewer =
  | { readonly kind: "guest" }
  | {
      readonly kind: "record" | "superuser";
      readonly collectionId: string;
      readonly collectionName: string;
      /** Every field of the auth record, hidden ones too. */
      readonly record: Readonly<Record<string, Json>>;
    };

export const guest: Viewer = { kind: "guest" };

/** One request, as rules may ask about it. */
export interface Ask {
  readonly viewer: Viewer;
  readonly context: "default" | "expand" | "realtime" | "protectedFile" | "batch" | "oauth2" | "otp" | "password";
  readonly method: string;
  /** What was sent: values as the fields read them, and what no field knows as it came. */
  readonly body: Readonly<Record<string, Json>>;
  readonly query: Readonly<Record<string, string>>;
  /** Lower case, `-` as `_`. */
  headers(): Readonly<Record<string, string>>;
}

/** The same request with what was sent, which is put together only when a rule asks for it. */
export function withBody(ask: Ask, read: () => Ask["body"]): Ask {
  const { viewer, context, method, query } = ask;
  let body: Ask["body"] | undefined;
  return {
    viewer,
    context,
    method,
    query,
    get body() {
      return (body ??= read());
    },
    headers: () => ask.headers(),
  };
}

/** What a filter needs to know of a field. */
export interface ScopeField {
  readonly name: string;
  readonly type: string;
  readonly shape: ColumnShape;
  readonly hidden: boolean;
  /** The id of the collection a relation points at. */
  readonly target?: string;
  /** No two records have the same value: at most one record refers to another by this field. */
  readonly unique?: boolean;
}

/** What a filter needs to know of a collection. */
export interface ScopeCollection {
  readonly id: string;
  readonly name: string;
  readonly type: "base" | "auth" | "view";
  /** The rule that a client's filter meets when it follows a relation to this collection; absent or `null`: superusers only. */
  readonly listRule?: string | null;
  field(name: string): ScopeField | undefined;
}

/** What a filter is compiled against. */
export interface Scope {
  readonly collection: ScopeCollection;
  /** The table or alias whose columns the names mean. */
  readonly from: Sql;
  /** Finds a collection by id or name. */
  lookup(idOrName: string): ScopeCollection | undefined;
  /** Rules may ask more than what a client sends: hidden fields, `@request`, `@collection`. */
  readonly trusted: boolean;
}

/** A compiled filter or rule: `true` and `false` where the request alone decides it. */
export type Condition = (ask: Ask) => Sql | boolean;

/** What no request asks for, but who has the folder in hand: commands, the setup page. */
export const byOwner: Ask = {
  viewer: { kind: "superuser", collectionId: "", collectionName: "_superusers", record: {} },
  context: "default",
  method: "POST",
  body: {},
  query: {},
  headers: () => ({}),
};
