import { now } from "../lib/dates.ts";
import { Refusal } from "../lib/errors.ts";
import type { Reading } from "../store/engine.ts";
import { sql } from "../store/sql.ts";
import type { Form } from "./form.ts";

/** Refusal "forbidden" before a form opens (code `form_not_yet`) and after it has closed (`form_over`). */
export function demandOpen({ opens, closes }: Pick<Form, "opens" | "closes">): void {
  const moment = now();
  if (opens !== "" && moment < opens) throw new Refusal("forbidden", "form_not_yet", { moment: opens });
  if (closes !== "" && moment >= closes) throw new Refusal("forbidden", "form_over", { moment: closes });
}

/**
 * Refusal "forbidden" where a form has more answers than it takes at all (code `form_full`), or from this visitor (`form_enough`);
 * with `more` of them to come. What is held, deleted or a try does not count.
 */
export async function demandRoom(
  reading: Reading,
  { id, maxAnswers, maxPerVisitor, test }: Pick<Form, "id" | "maxAnswers" | "maxPerVisitor" | "test">,
  address: string,
  more = 0,
): Promise<void> {
  if (test) return;
  if (maxPerVisitor > 0 && address !== "") {
    const full = await reading.first(
      sql`SELECT 1 AS one FROM _submissions WHERE form = ${id} AND address = ${address} AND state IN ('new', 'read') AND NOT test
          LIMIT 1 OFFSET ${maxPerVisitor - more}`,
    );
    if (full) throw new Refusal("forbidden", "form_enough");
  }
  if (maxAnswers > 0) {
    const full = await reading.first(
      // There are no more of this form than the highest number of a row: mostly nothing has to be counted.
      sql`SELECT 1 AS one FROM _submissions WHERE (SELECT MAX(_rowid_) FROM _submissions) > ${maxAnswers - more}
            AND form = ${id} AND state IN ('new', 'read') AND test = 0 LIMIT 1 OFFSET ${maxAnswers - more}`,
    );
    if (full) throw new Refusal("forbidden", "form_full");
  }
}

/** Why a form takes no answers from here at the moment; nothing where it does. */
export async function closedWhy(
  { store }: { readonly store: Reading },
  form: Pick<Form, "id" | "opens" | "closes" | "maxAnswers" | "maxPerVisitor" | "test">,
  address: string,
): Promise<Refusal | undefined> {
  try {
    demandOpen(form);
    await demandRoom(store, form, address, 1);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
