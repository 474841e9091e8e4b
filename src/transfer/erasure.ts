import type { Registry } from "../collections/registry.ts";
import { byOwner } from "../filter/scope.ts";
import type { Drafts } from "../forms/drafts.ts";
import type { Inbox } from "../forms/inbox.ts";
import { giveWay } from "../lib/courtesy.ts";
import { Refusal } from "../lib/errors.ts";
import { deleteRecord } from "../records/remove.ts";
import type { WriteParts } from "../records/write.ts";
import { sql } from "../store/sql.ts";
import { findPerson, type PersonGroup } from "./person.ts";

export interface ErasureParts extends WriteParts {
  readonly collections: Registry;
  readonly inbox: Pick<Inbox, "purge">;
  readonly drafts: Pick<Drafts, "expire">;
}

/** What became of one group. */
export interface Erased {
  readonly group: PersonGroup;
  readonly gone: number;
  /** What could not go, and why. */
  readonly kept: readonly { readonly id: string; readonly why: Refusal }[];
}

/** Answers first, since their records are among those that accounts are pointed at by. */
const order: readonly PersonGroup["kind"][] = ["answers", "related", "records", "jobs", "drafts"];

/**
 * Erases what is known of a person in these groups (their keys), each thing as an owner would: records with their files and under
 * what requires them, answers for good. What refuses to go is answered with the reason, and the rest goes all the same.
 */
export async function erasePerson(parts: ErasureParts, email: string, keys: readonly string[]): Promise<Erased[]> {
  const found = await parts.collections.read((set) => findPerson(parts, set, email));
  const chosen = found.filter(({ key, erasable }) => erasable && keys.includes(key));
  const sorted = chosen.toSorted((left, right) => order.indexOf(left.kind) - order.indexOf(right.kind));
  const erased: Erased[] = [];
  for (const group of sorted) erased.push(await eraseGroup(parts, group));
  return erased;
}

async function eraseGroup(parts: ErasureParts, group: PersonGroup): Promise<Erased> {
  const { kind, ids } = group;
  if (kind === "jobs" || kind === "drafts") {
    const list = JSON.stringify(ids);
    const gone = await parts.store.write((tx) =>
      tx.run(
        kind === "jobs"
          ? sql`DELETE FROM _jobs WHERE id IN (SELECT value FROM json_each(${list}))`
          : sql`UPDATE _drafts SET ends = 0 WHERE token IN (SELECT value FROM json_each(${list}))`,
      ),
    );
    // It removes what is past, with its files.
    if (kind === "drafts") await parts.drafts.expire();
    return { group, gone, kept: [] };
  }
  let gone = 0;
  const kept: { id: string; why: Refusal }[] = [];
  for (const id of ids) {
    const since = performance.now();
    try {
      await eraseOne(parts, group, id);
      gone++;
    } catch (error) {
      if (!(error instanceof Refusal) || error.kind === "unavailable") throw error;
      // It went with something else.
      if (error.kind === "not found") gone++;
      else kept.push({ id, why: error });
    }
    await giveWay(performance.now() - since);
  }
  return { group, gone, kept };
}

function eraseOne(parts: ErasureParts, { kind, collection: its }: PersonGroup, id: string): Promise<void> {
  if (kind === "answers") return parts.inbox.purge(id);
  return parts.collections.write(async (set) => {
    const collection = set.find(its?.id ?? "");
    if (!collection) throw new Refusal("not found", "not_found");
    await deleteRecord(parts, { collection, set, ask: byOwner }, id);
  });
}
