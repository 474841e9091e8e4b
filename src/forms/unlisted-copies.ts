import type { Store } from "../store/engine.ts";
import { type Sql, sql } from "../store/sql.ts";
import { wishesIn } from "./answer.ts";
import type { Form } from "./form.ts";
import { unlistedIn } from "./mail-wishes.ts";

/** Somebody whom answers wished to have a copy, and whom the form does not list. */
export interface UnlistedCopy {
  readonly address: string;
  readonly count: number;
}

/** As many of the newest answers of a state are looked at: a page shows this, however many there are. */
const mostSeen = 200;
const mostShown = 5;

/**
 * Whom accepted answers since `day` wished to have a copy and the form still does not list, those wished for most often first. Read
 * from the answers, so that an address is gone from here with the last of them.
 */
export async function unlistedCopies(
  store: Pick<Store, "dialect" | "scan">,
  form: Pick<Form, "id" | "mail">,
  day: string,
): Promise<UnlistedCopy[]> {
  const newest = (state: string): Sql => sql`SELECT wishes FROM (
    SELECT wishes FROM _submissions WHERE ${store.dialect.tick} AND form = ${form.id} AND state = ${state} AND test = ${false}
      AND created >= ${day} ORDER BY created DESC LIMIT ${mostSeen}) WHERE wishes LIKE '%"unlisted"%'`;
  const rows = await store.scan<{ wishes: string }>(sql`${newest("new")} UNION ALL ${newest("read")}`);
  const counts = new Map<string, number>();
  for (const { wishes } of rows) {
    const wanted = wishesIn(JSON.parse(wishes))?.unlisted ?? [];
    for (const address of unlistedIn(form, wanted)) counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  const all = [...counts].map(([address, count]) => ({ address, count }));
  return all.toSorted((left, right) => right.count - left.count).slice(0, mostShown);
}
