import type { CompiledField, Values } from "../collections/collection.ts";
import type { Json } from "../fields/field.ts";
import type { Problems } from "../lib/errors.ts";
import { parseJson } from "../lib/json.ts";
import { labelOf } from "../lib/writing.ts";
import { aside, leftOut, type Target } from "./columns.ts";

/** One row of a file, told apart by what its columns become. */
export interface ImportRow {
  /** Cells by the name of their target; without those that are blank. */
  readonly cells: ReadonlyMap<string, string>;
  /** What is kept aside, by heading. */
  readonly aside: ReadonlyMap<string, string>;
}

/** What became of a row: something new, nothing since it is there already, or nothing since something is wrong. */
export type Fate =
  { readonly kind: "made" } | { readonly kind: "known" } | { readonly kind: "wrong"; readonly problems: Problems };

/** What the rows of a file are to become, for looking through it once. */
export interface ImportAim {
  readonly targets: readonly Target[];
  guess(headings: readonly string[]): string[];
  /** What a column can become beside a target. */
  readonly otherwise: readonly string[];
  /** Makes what a row says, or with `dry` finds out whether that is possible and takes it back. */
  save(row: ImportRow, dry: boolean): Promise<Fate>;
}

export function targetOf(field: CompiledField, label = labelOf(field.name)): Target {
  return { name: field.name, label };
}

/** Fields that a cell can hold: files do not come with a table. */
export function importable(field: CompiledField): boolean {
  return !field.kind.uploads;
}

/** The values that cells have for these fields, as JSON carries them. */
export function valuesIn(fields: readonly CompiledField[], cells: ImportRow["cells"]): Record<string, Json> {
  const values: Record<string, Json> = {};
  for (const field of fields) {
    const cell = cells.get(field.name);
    if (cell === undefined || field.kind.given) continue;
    values[field.name] = field.shape === "list" ? itemsIn(field, cell) : cell;
  }
  return values;
}

/** Moments that the server would give otherwise, for fields that say when something was made or changed. */
export function momentsIn(fields: readonly CompiledField[], cells: ImportRow["cells"]): Values {
  const moments: Record<string, Json> = {};
  for (const { name, kind, definition } of fields) {
    const cell = kind.given ? cells.get(name) : undefined;
    const reading = cell === undefined ? undefined : kind.fromJson(cell, definition);
    if (reading && !reading.problem && reading.value !== "") moments[name] = reading.value;
  }
  return moments;
}

/** A list is JSON in our own files; in those of others its items stand between commas or the like, unless all of it is one item. */
function itemsIn({ kind, definition }: CompiledField, cell: string): Json {
  const list = cell.startsWith("[") ? parseJson(cell)?.value : undefined;
  if (Array.isArray(list)) return list;
  if (kind.problems([cell], definition) === undefined) return [cell];
  return cell.split(/\s*[,;|\n]\s*/).filter((item) => item !== "");
}

/** A row of a file as its columns were chosen. */
export function rowOf(headings: readonly string[], choices: readonly string[], cells: readonly string[]): ImportRow {
  const byTarget = new Map<string, string>();
  const kept = new Map<string, string>();
  for (const [at, choice] of choices.entries()) {
    const cell = cells[at] ?? "";
    if (cell === "" || choice === leftOut) continue;
    if (choice === aside) kept.set(headings[at] || `column ${at + 1}`, cell);
    else byTarget.set(choice, cell);
  }
  return { cells: byTarget, aside: kept };
}
