import type { Collection, Values } from "../collections/collection.ts";
import { parseJson } from "../lib/json.ts";
import { filesOf } from "../records/uploads.ts";
import type { Reading } from "../store/engine.ts";
import { sql } from "../store/sql.ts";

interface Row {
  readonly record: string;
  readonly parked: string;
}

/** The keys of the files of those of these records that are parked with their submissions, and in no collection. */
export async function parkedFiles(
  reading: Reading,
  collection: Collection,
  records: readonly string[],
): Promise<string[]> {
  const rows = await reading.all<Row>(
    sql`SELECT record, parked FROM _submissions WHERE parked IS NOT NULL AND collection = ${collection.id}
        AND record IN (SELECT value FROM json_each(${JSON.stringify(records)}))`,
  );
  return rows.flatMap(({ record, parked }) => filesOf(collection, { ...valuesIn(parked), id: record }));
}

function valuesIn(text: string): Values {
  const value = parseJson(text)?.value;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
