import { now } from "../lib/dates.ts";
import type { Store } from "../store/engine.ts";
import { sql } from "../store/sql.ts";

/** What waits in a form's inbox: answers that nobody has opened, and answers that look like spam. */
export interface Waiting {
  readonly unread: number;
  readonly held: number;
}

/** What waits for each form, by the form's id; forms for which nothing does are not in it. Tries do not count. */
export async function waiting({ store }: { readonly store: Store }): Promise<ReadonlyMap<string, Waiting>> {
  const rows = await store.scan<{ form: string; unread: number; held: number }>(
    sql`SELECT form, SUM(state = 'new') AS unread, SUM(state = 'spam') AS held FROM _submissions
        WHERE state IN ('new', 'spam') AND NOT test GROUP BY form`,
  );
  return new Map(rows.map(({ form, unread, held }) => [form, { unread, held }]));
}

/** Whether a form takes answers. `soon`: it opens at a moment, as it is stored. */
export type FormState = "open" | "closed" | "test" | { readonly soon: string };

export function stateOf({ opens, closes, test }: { opens: string; closes: string; test: boolean }): FormState {
  const moment = now();
  if (closes !== "" && moment >= closes) return "closed";
  if (opens !== "" && moment < opens) return { soon: opens };
  return test ? "test" : "open";
}
