import { Type } from "@sinclair/typebox";
import { Common, type Field } from "../fields/field.ts";
import { fieldType } from "../fields/index.ts";
import { problem, type Problem } from "../lib/errors.ts";
import { derivedId } from "../lib/ids.ts";
import type { Collection, Collections } from "./collection.ts";
import { isSecret } from "./compile.ts";
import { withDefaults } from "./defaults.ts";
import { nameProblem } from "./definition-fields.ts";
import { closing, isWord, type Token } from "./sql-tokens.ts";
import { pathOf, type Query, type QueryColumn, type Read, unwrapped } from "./view-query.ts";

/** Where a column of a view comes from: the field it shows as it is. */
export interface Origin {
  readonly collection: Collection;
  readonly field: string;
}

/** The fields that a view has by its query: those of the collections it reads where it shows them as they are. */
export function viewFields(query: Query, set: Collections): Read<Field[]> {
  const secret = secretIn(query, set);
  if (secret) return { ok: false, problem: secret };
  const unknown = query.sources.find(({ table }) => table !== "" && !query.own.has(table) && !byTable(set, table));
  if (unknown) return { ok: false, problem: problem("view_no_collection", { name: unknown.table }) };
  const names = new Set<string>();
  const fields: Field[] = [];
  for (const column of query.columns) {
    const wrong = columnProblem(column, names);
    if (wrong) return { ok: false, problem: wrong };
    names.add(column.name.toLowerCase());
    fields.push(column.name === "id" ? idField() : fieldOf(column, query, set));
  }
  if (!names.has("id") || !fields.some(({ name }) => name === "id"))
    return { ok: false, problem: problem("view_no_id") };
  return { ok: true, value: fields };
}

/** The field that a column shows as it is; none for what is computed, and for what a subquery says. */
export function originOf(column: QueryColumn, query: Query, set: Collections): Origin | undefined {
  const path = pathOf(unwrapped(column.tokens));
  if (!path) return undefined;
  const known = query.sources.map((source) => ({
    alias: source.alias,
    collection: query.own.has(source.table) ? undefined : byTable(set, source.table),
  }));
  const among = path.source ? known.filter(({ alias }) => alias === path.source?.name) : known;
  for (const { collection } of among) {
    const field = collection?.fields.find(({ name }) => name.toLowerCase() === path.column.name);
    if (collection && field) return { collection, field: field.name };
  }
  return undefined;
}

/** The collections that a query may read: those whose names stand in it. */
export function readBy(query: Query, set: Collections): Collection[] {
  const named = namesIn(query.tokens);
  return set.all.filter(({ name }) => named.has(name.toLowerCase()));
}

/** Everything that could be a name to SQLite; it takes a string for one, where nothing else makes sense. */
export function namesIn(tokens: readonly Token[]): ReadonlySet<string> {
  return new Set(
    tokens.filter(({ kind }) => kind !== "sign" && kind !== "number").map(({ name }) => name.toLowerCase()),
  );
}

function byTable(set: Collections, table: string): Collection | undefined {
  return set.all.find(({ name }) => name.toLowerCase() === table);
}

/**
 * Passwords and what tokens are made of are nobody's to read, computed with or not. Since they could also come by `*`, that is not
 * for queries that read accounts.
 */
function secretIn(query: Query, set: Collections): Problem | undefined {
  const named = namesIn(query.tokens);
  for (const collection of readBy(query, set)) {
    const secrets = collection.fields.filter((field) => isSecret(collection, field));
    const read = secrets.find(({ name }) => named.has(name.toLowerCase()));
    if (read) return problem("view_secret", { collection: collection.name, field: read.name });
    if (secrets.length > 0 && hasWildcard(query.tokens))
      return problem("view_secret_wildcard", { name: collection.name });
  }
  return undefined;
}

/**
 * Whether a column may show what is hidden where it comes from: where what it is made of names such a field, be it of another collection
 * that has one of that name. What comes out of an inner SELECT may be anything that stands in the query.
 */
function mayShowHidden(column: QueryColumn, query: Query, set: Collections): boolean {
  const plain = !query.compound && query.own.size === 0 && query.sources.every(({ table }) => table !== "");
  const tokens = plain ? column.tokens : query.tokens;
  const named = namesIn(tokens);
  const hidden = readBy(query, set).flatMap(({ definition }) => definition.fields.filter((field) => field.hidden));
  return hidden.some(({ name }) => hasWildcard(tokens) || named.has(name.toLowerCase()));
}

/** A `*` that stands for columns: not that of `COUNT(*)`, and not a multiplication. */
function hasWildcard(tokens: readonly Token[]): boolean {
  return tokens.some((token, at) => {
    if (token.kind !== "sign" || token.text !== "*") return false;
    const [before, opener] = [tokens[at - 1], tokens[at - 2]];
    if (before?.text === "(") return !isWord(opener, "count");
    return before?.text === "," || before?.text === "." || isWord(before, "select", "distinct", "all");
  });
}

function columnProblem({ name }: QueryColumn, names: ReadonlySet<string>): Problem | undefined {
  if (name === "") return problem("view_unnamed");
  if (names.has(name.toLowerCase())) return problem("view_twice", { name });
  return nameProblem(name, "view") ? problem("view_bad_name", { name }) : undefined;
}

function idField(): Field {
  return made("text", {
    id: derivedId("text", "id"),
    name: "id",
    system: true,
    required: true,
    primaryKey: true,
    pattern: "^[a-z0-9]+$",
  });
}

/** The casts that say what a value is. */
const casts: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["int", "integer", "real", "decimal", "numeric"].map((type) => [type, "number"])),
  text: "text",
  bool: "bool",
  boolean: "bool",
};

function fieldOf(column: QueryColumn, query: Query, set: Collections): Field {
  const { name } = column;
  const origin = originOf(column, query, set);
  const field = origin?.collection.field(origin.field);
  if (!origin || !field) {
    const type = computedType(column.tokens);
    return made(type, { id: derivedId("_clone_", `${type} ${name}`), name, hidden: mayShowHidden(column, query, set) });
  }
  const hidden = field.definition.hidden || (query.compound && mayShowHidden(column, query, set));
  const id = derivedId("_clone_", `${origin.collection.id} ${field.id} ${name}`);
  if (field.name === "id") {
    return made("relation", { id, name, collectionId: origin.collection.id, maxSelect: 1, hidden });
  }
  return { ...field.definition, id, name, hidden };
}

function computedType(tokens: readonly Token[]): string {
  const [first, opening] = tokens;
  if (opening?.text !== "(" || closing(tokens, 1) !== tokens.length - 1) return "json";
  if (isWord(first, "count", "total")) return "number";
  const [as, type] = [tokens.at(-3), tokens.at(-2)];
  return isWord(first, "cast") && isWord(as, "as") ? (casts[type?.name ?? ""] ?? "json") : "json";
}

function made(
  type: string,
  options: Readonly<Record<string, unknown>> & { readonly id: string; readonly name: string },
): Field {
  const kind = fieldType(type);
  if (!kind) throw new Error(`There is no field type ${type}.`);
  const schema = Type.Object({ ...Common.properties, ...kind.options.properties });
  return { ...common, ...withDefaults(schema, { ...options, type }), id: options.id, name: options.name, type };
}

const common = { system: false, hidden: false, presentable: false, help: "", required: false };
