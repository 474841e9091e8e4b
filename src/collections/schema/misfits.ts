import type { Json } from "../../fields/field.ts";
import { problem } from "../../lib/errors.ts";
import { sameJson } from "../../lib/json.ts";
import { sentence } from "../../phrases/index.ts";
import type { Reading } from "../../store/engine.ts";
import { name, sql, type Value } from "../../store/sql.ts";
import type { Collection, CompiledField } from "../collection.ts";
import type { Step } from "../plan.ts";
import type { Fault } from "./inputs.ts";

/** Rows read at once. */
const batch = 1000;

/** What the records that are there already mean for a narrower field. */
export interface Misfits {
  /** Values that the field would not hold any more. */
  readonly faults: readonly Fault[];
  /** What is left blank where it must be filled in from now on: told, and asked for when somebody changes the record. */
  readonly told: readonly Step[];
}

/** Looks through every value of the fields whose options change. A new field that must be filled in is blank everywhere. */
export async function findMisfits(reading: Reading, old: Collection, next: Collection): Promise<Misfits> {
  const faults: Fault[] = [];
  const told: Step[] = [];
  for (const field of next.fields) {
    const before = old.fields.find(({ id }) => id === field.id);
    if (before && !narrows(before, field)) continue;
    if (!before && !field.required) continue;
    const found = await look(reading, old, before, field);
    if (found.misfits > 0) {
      const { misfits: count, id, reason } = found;
      faults.push({ of: `${next.name}.${field.name}`, problem: problem("schema_misfits", { count, id, reason }) });
    }
    if (found.blanks > 0) {
      const params = { collection: next.name, field: field.name, count: found.blanks };
      told.push({ code: "schema_blanks", params, sql: [], loses: false });
    }
  }
  return { faults, told };
}

/** What people see of a field does not matter to what it holds, and what is sealed cannot be looked at. */
function narrows(before: CompiledField, field: CompiledField): boolean {
  if (field.kind.seal) return false;
  const holds = ({ definition }: CompiledField) => ({ ...definition, name: "", help: "", hidden: 0, presentable: 0 });
  return !sameJson(holds(before), holds(field));
}

async function look(reading: Reading, old: Collection, before: CompiledField | undefined, field: CompiledField) {
  const table = name(old.name);
  if (!before) {
    const counted = await reading.first<{ total: number }>(sql`SELECT COUNT(*) AS total FROM ${table}`);
    return { blanks: counted?.total ?? 0, misfits: 0, id: "", reason: "" };
  }
  const column = name(before.name);
  const found = { blanks: 0, misfits: 0, id: "", reason: "" };
  for (let after = "", rows: { id: string; value: Value }[] | undefined; !rows || rows.length === batch;) {
    rows = await reading.all<{ id: string; value: Value }>(
      sql`SELECT "id", ${column} AS value FROM ${table} WHERE "id" > ${after} ORDER BY "id" LIMIT ${batch}`,
    );
    for (const row of rows) {
      const wrong = field.check(reshaped(before.fromColumn(row.value), field));
      if (wrong?.code === "validation_required") found.blanks++;
      else if (wrong && ++found.misfits === 1) {
        found.id = row.id;
        found.reason = sentence("en", wrong.code, wrong.params);
      }
      after = row.id;
    }
  }
  return found;
}

/** As the step does it that lets a field hold several values, or one. */
function reshaped(value: Json, { shape }: CompiledField): Json {
  if (shape === "list" && !Array.isArray(value)) return value === "" ? [] : [value];
  if (shape === "scalar" && Array.isArray(value)) return value.at(-1) ?? "";
  return value;
}
