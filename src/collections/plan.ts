import type { ColumnShape, Field, FieldType } from "../fields/field.ts";
import { fieldType } from "../fields/index.ts";
import type { Params } from "../lib/errors.ts";
import { join, name, raw, type Sql, sql } from "../store/sql.ts";
import { type Definition, renamedFields } from "./definition.ts";
import { followIndex, mentions, parseIndex, writeIndex } from "./indexes.ts";
import { type RelationIndexes, relationIndexes } from "./relation-indexes.ts";

/** One step of a schema change: what it does in words (a code of `phrases/`), and the SQL that does it. */
export interface Step {
  readonly code: string;
  readonly params: Params;
  readonly sql: readonly Sql[];
  /** Data is lost by it. */
  readonly loses: boolean;
  /** The position of the index the step makes. */
  readonly index?: number;
}

/**
 * The steps from one definition to another, in the order they run; `undefined` is a collection that does not exist. Fields are
 * the same when their ids are, so a renamed field keeps its values.
 */
export function plan(old: Definition | undefined, next: Definition | undefined): Step[] {
  if ((next ?? old)?.type === "view") return planView(old, next);
  if (!next)
    return old ? [step("schema_drop_collection", { name: old.name }, [sql`DROP TABLE ${name(old.name)}`], true)] : [];
  if (!old) return besides(relationIndexes(old, next), [createTable(next), ...createIndexes(next, [])]);
  const kept = keptIndexes(old, next);
  return besides(relationIndexes(old, next), [
    ...old.indexes.filter((text) => !kept.has(text)).map(dropIndex),
    ...renameTable(old, next),
    ...dropColumns(old, next),
    ...renameColumns(old, next),
    ...next.fields.flatMap((field) => changeColumn(old, next, field)),
    ...createIndexes(next, [...kept.values()]),
  ]);
}

/** In words alone: all views are made anew around the steps that change what they read. */
function planView(old: Definition | undefined, next: Definition | undefined): Step[] {
  if (!next) return old ? [step("schema_drop_view", { name: old.name }, [])] : [];
  if (!old) return [step("schema_create_view", { name: next.name }, [])];
  const renames =
    old.name !== next.name ? [step("schema_rename_collection", { from: old.name, to: next.name }, [])] : [];
  const changes = old.viewQuery !== next.viewQuery ? [step("schema_change_view", { name: next.name }, [])] : [];
  return [...renames, ...changes];
}

/** What nobody has asked for is no step of its own: it goes with the first and the last one. */
function besides({ drop, create }: RelationIndexes, steps: readonly Step[]): Step[] {
  return steps.map((it, n) => ({
    ...it,
    sql: [...(n === 0 ? drop : []), ...it.sql, ...(n === steps.length - 1 ? create : [])],
  }));
}

/**
 * The indexes that stay, before → after: SQLite itself lets them follow other names. A column that goes or is written anew must
 * not have one while that is done.
 */
function keptIndexes(old: Definition, next: Definition): Map<string, string> {
  const renamed = renamedFields(old, next);
  const moved = old.fields.filter((field) => {
    const after = next.fields.find(({ id }) => id === field.id);
    return !after || shapeOf(after) !== shapeOf(field);
  });
  const columns = new Set(moved.map((field) => field.name.toLowerCase()));
  const kept = new Map<string, string>();
  for (const text of old.indexes) {
    const index = parseIndex(text);
    const after = index && writeIndex(followIndex(index, next.name, renamed));
    if (after && next.indexes.includes(after) && !mentions(index, columns)) kept.set(text, after);
  }
  return kept;
}

function step(code: string, params: Params, statements: readonly Sql[], loses = false): Step {
  return { code, params, sql: statements, loses };
}

function createTable(next: Definition): Step {
  const columns = next.fields.map((field) => {
    return field.name === "id" ? raw(`"id" TEXT PRIMARY KEY NOT NULL`) : sql`${name(field.name)} ${columnType(field)}`;
  });
  const statement = sql`CREATE TABLE ${name(next.name)} (${join(columns, ", ")})`;
  return step("schema_create_collection", { name: next.name }, [statement]);
}

function renameTable(old: Definition, next: Definition): Step[] {
  if (old.name === next.name) return [];
  // Through a name no table can have: to SQLite `posts` and `Posts` are the same, and it refuses to rename one to the other.
  const between = name("~renamed");
  const statements = [
    sql`ALTER TABLE ${name(old.name)} RENAME TO ${between}`,
    sql`ALTER TABLE ${between} RENAME TO ${name(next.name)}`,
  ];
  return [step("schema_rename_collection", { from: old.name, to: next.name }, statements)];
}

function dropColumns(old: Definition, next: Definition): Step[] {
  return old.fields
    .filter((field) => !next.fields.some((other) => other.id === field.id))
    .map((field) => {
      const statement = sql`ALTER TABLE ${name(next.name)} DROP COLUMN ${name(field.name)}`;
      return step("schema_drop_field", { collection: next.name, field: field.name }, [statement], true);
    });
}

/** Through names that no field can have, so that two fields can swap theirs. */
function renameColumns(old: Definition, next: Definition): Step[] {
  const renames = [...renamedFields(old, next)].map(([from, to]) => ({ from, to }));
  const table = name(next.name);
  const away = renames.map(({ from }, n) => {
    return sql`ALTER TABLE ${table} RENAME COLUMN ${name(from)} TO ${name(`~renamed ${n}`)}`;
  });
  return renames.map(({ from, to }, n) => {
    const statement = sql`ALTER TABLE ${table} RENAME COLUMN ${name(`~renamed ${n}`)} TO ${name(to)}`;
    const statements = n === 0 ? [...away, statement] : [statement];
    return step("schema_rename_field", { collection: next.name, from, to }, statements);
  });
}

function changeColumn(old: Definition, next: Definition, field: Field): Step[] {
  const before = old.fields.find((other) => other.id === field.id);
  const params = { collection: next.name, field: field.name };
  const table = name(next.name);
  const column = name(field.name);
  if (!before) {
    const statement = sql`ALTER TABLE ${table} ADD COLUMN ${column} ${columnType(field)}`;
    return [step("schema_add_field", params, [statement])];
  }
  const from = shapeOf(before);
  const to = shapeOf(field);
  if (from === to) return [];
  const spare = name("~changed");
  const statements = [
    sql`ALTER TABLE ${table} ADD COLUMN ${spare} ${columnType(field)}`,
    sql`UPDATE ${table} SET ${spare} = ${reshaped(column, from, to)}`,
    sql`ALTER TABLE ${table} DROP COLUMN ${column}`,
    sql`ALTER TABLE ${table} RENAME COLUMN ${spare} TO ${column}`,
  ];
  return [step(`schema_field_to_${to}`, params, statements, to === "scalar")];
}

/** One value becomes a list of one; of a list the last stays, as a form would send it. */
function reshaped(column: Sql, from: ColumnShape, to: ColumnShape): Sql {
  if (from === "scalar" && to === "list") return sql`CASE WHEN ${column} = '' THEN '[]' ELSE json_array(${column}) END`;
  if (from === "list" && to === "scalar") return sql`COALESCE(json_extract(${column}, '$[#-1]'), '')`;
  return column;
}

function dropIndex(text: string): Step {
  const index = indexName(text);
  return step("schema_drop_index", { name: index }, [sql`DROP INDEX ${name(index)}`]);
}

function createIndexes(next: Definition, kept: readonly string[]): Step[] {
  return next.indexes.flatMap((text, index) => {
    if (kept.includes(text)) return [];
    return [{ ...step("schema_create_index", { name: indexName(text) }, [raw(text)]), index }];
  });
}

function indexName(text: string): string {
  return parseIndex(text)?.name ?? "";
}

function kindOf(field: Field): FieldType {
  const kind = fieldType(field.type);
  if (!kind) throw new Error(`The field ${field.name} has the unknown type ${field.type}.`);
  return kind;
}

function shapeOf(field: Field): ColumnShape {
  return kindOf(field).shape(field);
}

function columnType(field: Field): Sql {
  const column = kindOf(field).column(field);
  const nullable = column.default.toUpperCase() === "NULL" ? "" : " NOT NULL";
  return raw(`${column.type} DEFAULT ${column.default}${nullable}`);
}
