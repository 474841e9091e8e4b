import type { Collection, Collections } from "../collections/collection.ts";
import { keyOf, type Storage } from "../files/storage.ts";
import { clock } from "../lib/dates.ts";
import type { Reading, Store } from "../store/engine.ts";
import { sql } from "../store/sql.ts";
import { type Row, statementsOf, toValues } from "./row.ts";
import { filesOf } from "./uploads.ts";

export interface SweepParts {
  readonly store: Pick<Store, "write">;
  readonly files: Storage;
  readonly collections: { read<T>(work: (set: Collections) => Promise<T>): Promise<T> };
  /** Keys of files that somebody else than these records mentions. */
  mentioned(reading: Reading, collection: Collection, ids: readonly string[]): Promise<readonly string[]>;
}

/** Younger files may be those of a record that is just being written; the longest that one waits for it is an hour, in a draft. */
const youngest = 2 * 60 * 60 * 1000;
const atOnce = 200;

/**
 * Removes files that no record names: what a crash has left between a file and its record, and what a field or collection that is
 * gone has held. Answers how many.
 */
export async function sweepFiles(parts: SweepParts, before = clock() - youngest): Promise<number> {
  let removed = 0;
  for await (const collectionId of parts.files.list("")) {
    const ids: string[] = [];
    for await (const id of parts.files.list(collectionId)) {
      ids.push(id);
      if (ids.length === atOnce) removed += await sweepSome(parts, collectionId, ids.splice(0), before);
    }
    removed += await sweepSome(parts, collectionId, ids, before);
  }
  return removed;
}

async function sweepSome(
  { store, files, collections, mentioned }: SweepParts,
  collectionId: string,
  ids: readonly string[],
  before: number,
): Promise<number> {
  if (ids.length === 0) return 0;
  const named = await collections.read(async (set) => {
    const collection = set.find(collectionId);
    if (!collection) return new Set<string>();
    const { select } = statementsOf(collection);
    const known = JSON.stringify(ids);
    // In a unit: what moves between a record and those others meanwhile would be seen in neither.
    return store.write(async (tx) => {
      const rows = await tx.all<Row>(sql`${select} WHERE "id" IN (SELECT value FROM json_each(${known}))`);
      const own = rows.flatMap((row) => filesOf(collection, toValues(collection, row)));
      return new Set([...own, ...(await mentioned(tx, collection, ids))]);
    });
  });
  let removed = 0;
  for (const id of ids) {
    for await (const name of files.list(`${collectionId}/${id}`)) {
      const key = keyOf(collectionId, id, name);
      const file = named.has(key) ? undefined : await files.open(key);
      if (!file || file.modified >= before) continue;
      await files.remove([key]);
      removed++;
    }
  }
  return removed;
}
