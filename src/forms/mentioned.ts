import { Refusal } from "../lib/errors.ts";
import type { Place } from "../records/read.ts";
import { mentions, referrersOf } from "../records/references.ts";
import type { Dialect } from "../store/dialect.ts";
import type { Reading } from "../store/engine.ts";

/** Refused (`answer_mentioned`) where other records refer to this one: they would lose it, or go, and not come back with it. */
export async function demandUnmentioned(
  reading: Reading,
  dialect: Dialect,
  { collection, set }: Place,
  record: string,
): Promise<void> {
  for (const referrer of referrersOf(set, collection)) {
    const own = referrer.collection === collection ? record : undefined;
    for await (const found of mentions(reading, dialect, referrer, [record])) {
      if (found.every(({ id }) => id === own)) continue;
      throw new Refusal("conflict", "answer_mentioned", { collection: referrer.collection.name });
    }
  }
}
