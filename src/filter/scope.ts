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
  readonly headers: Readonly<Record<string, string>>;
}

/** What a filter needs to know of a field. */
export interface ScopeField {
  readonly name: string;
  readonly type: string;
  readonly shape: ColumnShape;
  readonly hidden: boolean;
  /** The id of the collection a relation points at. */
  readonly target?: string;
}

/** What a filter needs to know of a collection. */
export interface ScopeCollection {
  readonly id: string;
  readonly name: string;
  readonly type: "base" | "auth" | "view";
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
