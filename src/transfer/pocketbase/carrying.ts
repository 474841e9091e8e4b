import type { Collection, CompiledField, Values } from "../../collections/collection.ts";
import { isSecret } from "../../collections/compile.ts";
import type { Json } from "../../fields/field.ts";
import { isObject } from "../../lib/json.ts";
import type { Value } from "../../store/sql.ts";
import { type SourceRow, textOf } from "./data-directory.ts";

/** A row of the source as it is put into our table. */
export interface Carried {
  readonly values: Values;
  /** In the order of the fields. */
  readonly columns: readonly Value[];
  /** What our fields would have refused: the field and the code. Carried all the same. */
  readonly refused: readonly (readonly [field: string, code: string])[];
}

/**
 * Makes rows for a collection. A value is written as its field writes what it reads of it; what it reads as nothing although something is
 * there stays as it is. `ids`: what collections are called here that have another id in the source.
 */
export function carrier(collection: Collection, ids: ReadonlyMap<string, string>): (row: SourceRow) => Carried {
  const fields = collection.fields.map((field) => ({
    field,
    carry: carryOne(field),
    secret: isHash(collection, field),
  }));
  const follows = ids.size > 0 && collection.definition.system;
  return (row) => {
    const values: Record<string, Json> = {};
    const columns: Value[] = [];
    const refused: (readonly [string, string])[] = [];
    for (const { field, carry, secret } of fields) {
      const stored = row[field.name] ?? null;
      const its = follows && field.name === "collectionRef" ? (ids.get(String(stored)) ?? stored) : stored;
      const { value, column, unread } = carry(its);
      values[field.name] = value;
      columns.push(column);
      const code = secret ? undefined : unread ? "validation_invalid_value" : field.check(value)?.code;
      if (code) refused.push([field.name, code]);
    }
    return { values, columns, refused };
  };
}

/** What is checked before it is stored: a hash is no password, and a key that tokens are made of is as long as it is. */
function isHash(collection: Collection, field: CompiledField): boolean {
  return field.kind.seal !== undefined || isSecret(collection, field);
}

interface One {
  readonly value: Json;
  readonly column: Value;
  /** The field cannot read what is there. */
  readonly unread: boolean;
}

function carryOne(field: CompiledField): (stored: Value) => One {
  const blank = field.toColumn(field.zero);
  const nothing: One = { value: field.zero, column: blank, unread: false };
  return (given) => {
    const stored = given instanceof Uint8Array ? textOf(given) : given;
    if (stored === null || stored === blank) return nothing;
    const value = field.fromColumn(stored);
    const column = field.toColumn(value);
    if (column === blank) return isNothing(stored) ? nothing : { value, column: stored, unread: true };
    // JSON is kept as it was written: its numbers may be longer than ours.
    // A text that is none, or nested too deep, is read as the text that it is.
    if (field.shape === "json") return { value, column: stored, unread: typeof value === "string" && value === stored };
    return { value, column, unread: false };
  };
}

const nothings: ReadonlySet<unknown> = new Set(["", "[]", "{}", "null", "0", "false", 0, false]);

function isNothing(stored: Value): boolean {
  return nothings.has(stored) || isOrigin(stored);
}

/** Zero degrees east and north, however it is written. */
function isOrigin(stored: Value): boolean {
  if (typeof stored !== "string" || !stored.startsWith("{")) return false;
  try {
    const point: unknown = JSON.parse(stored);
    return isObject(point) && Object.values(point).every((it) => !it);
  } catch {
    return false;
  }
}
