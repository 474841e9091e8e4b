import type { Json } from "../fields/field.ts";
import { Refusal } from "../lib/errors.ts";
import { isObject } from "../lib/json.ts";
import { sql } from "../store/sql.ts";
import { compare } from "./comparison.ts";
import {
  badModifier,
  type Context,
  elementTerm,
  follow,
  idStep,
  listStep,
  type DottedName,
  type Segment,
} from "./field-paths.ts";
import type { Moment, Scalar } from "./joins.ts";
import { malformed } from "./refusals.ts";
import type { Ask } from "./scope.ts";
import { type Later, mapFill, type Term, valueTerm } from "./term.ts";

type Read = (ask: Ask) => Json | undefined;

/** `@request.…`: what the request itself says. What it does not say is NULL. */
export function requestTerm(context: Context, path: DottedName): Term | Later {
  const [, group, ...rest] = path.segments;
  const [head, ...deeper] = rest;
  switch (group?.text) {
    case "context":
    case "method":
      if (head) break;
      return readTerm(context, group.text === "method" ? (ask) => ask.method : (ask) => ask.context, path.modifier, {});
    case "query":
    case "headers": {
      if (!head || deeper.length > 0) break;
      const from = group.text === "query" ? (ask: Ask) => ask.query : (ask: Ask) => ask.headers();
      const read: Read = (ask) => own(from(ask), head.text);
      return readTerm(context, read, path.modifier, { isset: true });
    }
    case "auth":
      if (!head) break;
      return deeper.length > 0
        ? viewerTerm(context, { segments: rest, modifier: path.modifier })
        : readTerm(context, (ask) => viewerValue(ask, head.text), path.modifier, { list: `@auth.${head.text}` });
    case "body":
      if (head) return bodyTerm(context, rest, path.modifier);
  }
  const at = path.segments[head ? 2 : 0]?.at ?? 0;
  throw malformed("filter_name_unknown", context.source, at, context.source.slice(at));
}

/** A value of the request. `isset`: it may be asked whether it was sent; `list`: it may be asked for its elements, by that key. */
function readTerm(
  context: Context,
  read: Read,
  modifier: Segment | undefined,
  { isset = false, list }: { readonly isset?: boolean; readonly list?: string },
): Term {
  const plain = ({ ask }: Moment) => scalar(read(ask));
  if (!modifier) return valueTerm(plain);
  const wanted = modifier.text;
  if (wanted === "lower") return valueTerm(mapFill(plain, lower));
  if (wanted === "isset" && isset) return valueTerm(({ ask }) => (read(ask) === undefined ? 0 : 1));
  if (wanted === "length" && list) return valueTerm(({ ask }) => elements(read(ask)).length);
  if (wanted === "each" && list) {
    return elementTerm([listStep(list, (_, sheet) => sheet.bind(({ ask }) => JSON.stringify(elements(read(ask)))))]);
  }
  throw badModifier(context, modifier);
}

function own<T>(from: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(from, key) ? from[key] : undefined;
}

function viewerValue({ viewer }: Ask, key: string): Json | undefined {
  if (viewer.kind === "guest") return undefined;
  if (key === "collectionId" || key === "collectionName") return viewer[key];
  return own(viewer.record, key);
}

/** A JSON value as SQL compares it; lists and objects as their text. */
function scalar(value: Json | undefined): Scalar {
  if (value === undefined || value === null) return null;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "object") return JSON.stringify(value);
  // LIKE and LOWER end at a NUL, so that a rule would see less than what is stored.
  return typeof value === "string" && value.includes("\0") ? null : value;
}

/** What SQLite's LOWER does: ASCII alone. */
function lower(value: Scalar): Scalar {
  return value === null ? null : String(value).replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function elements(value: Json | undefined): Json[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null || value === "" ? [] : [value];
}

/** `@request.auth.org.name`: the fields depend on the collection the viewer belongs to. */
function viewerTerm(context: Context, path: DottedName): Later {
  return {
    choose: ({ ask: { viewer } }) => (viewer.kind === "guest" ? "" : viewer.collectionId),
    settle: (collectionId) => {
      const collection = collectionId === "" ? undefined : context.lookup(collectionId);
      if (!collection) return valueTerm(null);
      const self = idStep("@auth", collection, (_, sheet) => sheet.bind(({ ask }) => scalar(viewerValue(ask, "id"))));
      return orNull(() => follow(context, { collection, steps: [self], many: false, trusted: true }, path));
    },
  };
}

/** People of one collection may lack what people of another have. */
function orNull(resolve: () => Term): Term {
  try {
    return resolve();
  } catch (error) {
    if (error instanceof Refusal && error.code === "filter_name_unknown") return valueTerm(null);
    throw error;
  }
}

function bodyTerm(context: Context, segments: readonly Segment[], modifier: Segment | undefined): Term {
  const [head, ...deeper] = segments;
  const field = context.collection.field(head?.text ?? "");
  if (field?.target !== undefined && deeper.length > 0) {
    const collection = context.lookup(field.target);
    if (!collection) throw malformed("filter_relation_expected", context.source, head?.at ?? 0, field.name);
    const key = `@body.${field.name}`;
    const many = field.shape === "list";
    const sent = (ask: Ask) => own(ask.body, field.name);
    const steps = many
      ? [
          listStep(key, (_, sheet) => sheet.bind(({ ask }) => JSON.stringify(elements(sent(ask))))),
          idStep(key, collection, (from) => sql`${from}.value`),
        ]
      : [idStep(key, collection, (_, sheet) => sheet.bind(({ ask }) => scalar(sent(ask))))];
    return follow(context, { collection, steps, many, trusted: true }, { segments: deeper, modifier });
  }
  const keys = segments.map(({ text }) => text);
  const read: Read = (ask) => within(ask.body, keys);
  if (modifier?.text === "changed" && field && deeper.length === 0) return changedTerm(context, field.name, read);
  return readTerm(context, read, modifier, { isset: true, list: `@body.${keys.join(".")}` });
}

function within(value: Json | Readonly<Record<string, Json>>, keys: readonly string[]): Json | undefined {
  let at: Json | Readonly<Record<string, Json>> | undefined = value;
  for (const key of keys) {
    if (Array.isArray(at)) at = /^\d+$/.test(key) ? at[Number(key)] : undefined;
    else if (isObject(at)) at = own(at as Readonly<Record<string, Json>>, key);
    else return undefined;
  }
  return at as Json | undefined;
}

/** Whether a field was sent with another value than the stored one. */
function changedTerm(context: Context, field: string, read: Read): Term {
  const start = { collection: context.collection, steps: [], many: false, trusted: true };
  const stored = follow(context, start, { segments: [{ text: field, at: 0 }], modifier: undefined });
  const sent = valueTerm(({ ask }) => scalar(read(ask)));
  return {
    many: false,
    strict: false,
    nullable: false,
    write: (joins, used) => {
      const left = { term: stored, sql: stored.write(joins, used) };
      const right = { term: sent, sql: sent.write(joins, used) };
      const wasSent = joins.sheet.bind(({ ask }) => (read(ask) === undefined ? 0 : 1));
      return sql`(${wasSent} AND ${compare("!=", left, right, joins.sheet)})`;
    },
  };
}
