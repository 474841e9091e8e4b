import type { Collection, Collections, Values } from "../collections/collection.ts";
import { byOwner, type Viewer } from "../filter/scope.ts";
import { any, Refusal } from "../lib/errors.ts";
import type { Unit } from "../store/engine.ts";
import { name, sql } from "../store/sql.ts";
import { refusalOf, Undone, withoutSecrets } from "./around.ts";
import { keepLastSuperuser } from "./identity.ts";
import { findRow, type Place } from "./read.ts";
import { atOnce, mentions, type Referrer, referrersOf, without } from "./references.ts";
import { type Row, statementsOf, toValues } from "./row.ts";
import { demand } from "./rules.ts";
import { filesIn, filesOf } from "./uploads.ts";
import type { WriteParts } from "./write.ts";

type RemoveParts = Pick<WriteParts, "store" | "files" | "outbox" | "collections" | "hooks" | "gone">;

/** One unit that removes records. */
interface Removal {
  readonly parts: RemoveParts;
  readonly tx: Unit;
  readonly set: Collections;
  readonly viewer: Viewer;
  /** The ids of what it has removed. */
  readonly gone: Map<Collection, string[]>;
  /** The keys of their files, which go once it is on disk. */
  readonly files: string[];
  /** To be awaited again and again: lets others have their turn where this has held everyone up for long. */
  readonly pause: () => Promise<void>;
}

/** What is done beside removing a record. */
export interface Removing {
  /** The record's own files stay, for who is to make it again. */
  readonly keepFiles?: boolean;
  /** Writes more, in the same unit and before anything is removed; what it throws takes back both. */
  readonly beside?: (tx: Unit, values: Values) => Promise<void>;
}

/**
 * Removes a record, and with it or from them what refers to it: referrers that cascade go too, the others lose the id. Refused
 * where a required relation would be left empty; then nothing is changed.
 */
export async function deleteRecord(
  parts: RemoveParts,
  { collection, set, ask }: Place,
  id: string,
  { keepFiles = false, beside }: Removing = {},
): Promise<void> {
  const condition = demand(collection, "delete", ask);
  const { viewer } = ask;
  const stored = await findRow(parts.store, collection, id, condition);
  if (!stored) throw new Refusal("not found", "not_found");
  const around = parts.hooks?.around(collection);
  const problems = await around?.before({ action: "delete", viewer, record: withoutSecrets(collection, stored) });
  if (problems && any(problems)) throw refusalOf(problems);
  await unit(parts, set, async (tx) => {
    const values = await findRow(tx, collection, id, condition);
    if (!values) throw new Refusal("not found", "not_found");
    await beside?.(tx, values);
    const removal: Removal = { parts, tx, set, viewer, gone: new Map(), files: [], pause: pauses() };
    await remove(removal, collection, [values]);
    await letGo(removal);
    const own = keepFiles ? new Set(filesOf(collection, values)) : undefined;
    return own ? removal.files.filter((key) => !own.has(key)) : removal.files;
  });
}

/** Removes all records of a collection, in one unit; refused like the removal of one. Records of its own may require each other. */
export async function truncate(parts: RemoveParts, set: Collections, collection: Collection): Promise<void> {
  await unit(parts, set, async (tx) => {
    // Each record by itself only where somebody meets it or hears of it; who only looks on learns that all have gone.
    const { hooks } = parts;
    const met = hooks?.around(collection) !== undefined || hooks?.hearsOfRemoval(collection) === true;
    if (!referrersOf(set, collection).length && !met) {
      const files = await filesIn(tx, collection);
      files.push(...((await parts.gone?.(tx, set, collection)) ?? []));
      await tx.run(sql`DELETE FROM ${name(collection.name)}`);
      await keepLastSuperuser(tx, collection);
      await parts.outbox.append(tx, { collection: collection.id, record: "", action: "delete" });
      return files;
    }
    const removal: Removal = { parts, tx, set, viewer: byOwner.viewer, gone: new Map(), files: [], pause: pauses() };
    for (;;) {
      const rows = await tx.all<Row>(sql`${statementsOf(collection).select} LIMIT ${atOnce}`);
      if (rows.length === 0) break;
      await remove(
        removal,
        collection,
        rows.map((row) => toValues(collection, row)),
      );
    }
    await letGo(removal);
    return removal.files;
  });
}

/**
 * Removes the files that the work answers, once it is on disk. There is no form in which problems of a removal could be fixed, so
 * they refuse it.
 */
async function unit(parts: RemoveParts, set: Collections, work: (tx: Unit) => Promise<string[]>): Promise<void> {
  try {
    const files = await parts.store.write((tx) => {
      parts.collections.mustHold(set);
      return work(tx);
    });
    await parts.files.remove(files);
  } catch (error) {
    throw error instanceof Undone ? refusalOf(error.problems) : error;
  }
}

/** Removes records, and what refers to them by a relation that cascades, and so on. */
async function remove(removal: Removal, collection: Collection, records: readonly Values[]): Promise<void> {
  const { parts, tx, set, pause } = removal;
  const waiting = [{ collection, ids: await drop(removal, collection, records) }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const ids = new Set(next.ids);
    for (const referrer of referrersOf(set, next.collection).filter(cascades)) {
      for await (const found of mentions(tx, parts.store.dialect, referrer, next.ids)) {
        const { emptied, others } = parted(referrer, found, ids);
        const dropped = await drop(removal, referrer.collection, emptied);
        if (dropped.length > 0) waiting.push({ collection: referrer.collection, ids: dropped });
        await clear(removal, referrer, others, ids);
        await pause();
      }
    }
  }
}

/**
 * Takes the ids of what has gone from what still refers to it. Asked at the end, so that a record which goes itself requires
 * nothing any more.
 */
async function letGo(removal: Removal): Promise<void> {
  const { parts, tx, set, gone, pause } = removal;
  for (const [collection, all] of gone) {
    await keepLastSuperuser(tx, collection);
    for (const referrer of referrersOf(set, collection).filter((it) => !cascades(it))) {
      const many = referrer.field.shape === "list" ? 10 * atOnce : atOnce;
      for (let at = 0; at < all.length; at += many) {
        const ids = all.slice(at, at + many);
        const known = new Set(ids);
        for await (const found of mentions(tx, parts.store.dialect, referrer, ids)) {
          if (referrer.field.required && parted(referrer, found, known).emptied.length > 0) {
            throw new Refusal("bad request", "failed_to_delete_record");
          }
          await clear(removal, referrer, found, known);
          await pause();
        }
      }
    }
  }
}

function cascades({ field }: Referrer): boolean {
  return field.definition.cascadeDelete === true;
}

/** Records of which nothing would be left in the relation, and the others. */
function parted({ field }: Referrer, records: readonly Values[], gone: ReadonlySet<string>) {
  const isEmptied = (record: Values) => without(field, record[field.name], gone).empty;
  return { emptied: records.filter(isEmptied), others: records.filter((record) => !isEmptied(record)) };
}

/** Deletes records, and nothing else. Answers their ids. */
async function drop(removal: Removal, collection: Collection, records: readonly Values[]): Promise<string[]> {
  const { parts, tx, set, viewer, gone, files, pause } = removal;
  if (records.length === 0) return [];
  const ids = records.map(({ id }) => String(id));
  for (const record of records) files.push(...filesOf(collection, record));
  files.push(...((await parts.gone?.(tx, set, collection, records)) ?? []));
  await tx.run(statementsOf(collection).remove.with([JSON.stringify(ids)]));
  const before = gone.get(collection);
  if (before) before.push(...ids);
  else gone.set(collection, [...ids]);
  const shown = records.map((record) => withoutSecrets(collection, record));
  await parts.outbox.appendAll(
    tx,
    shown.map((record, n) => ({
      collection: collection.id,
      record: ids[n] ?? "",
      action: "delete",
      before: JSON.stringify(record),
    })),
  );
  const around = parts.hooks?.around(collection);
  if (!around) return ids;
  for (const record of shown) {
    await around.within(tx, { action: "delete", viewer, record });
    await pause();
  }
  return ids;
}

/** Takes ids out of the relation by which these records refer to them. */
async function clear(
  removal: Removal,
  { collection, field }: Referrer,
  records: readonly Values[],
  gone: ReadonlySet<string>,
): Promise<void> {
  const { parts, tx, viewer, pause } = removal;
  if (records.length === 0) return;
  const changes = records.map((before) => ({ before, left: without(field, before[field.name], gone).left }));
  const given = JSON.stringify(changes.map(({ before, left }) => [before["id"] ?? "", field.toColumn(left)]));
  const [table, other] = [name(collection.name), name("~left")];
  await tx.run(
    sql`UPDATE ${table} SET ${name(field.name)} = ${other}.value ->> 1 FROM json_each(${given}) AS ${other}
        WHERE ${table}."id" = ${other}.value ->> 0`,
  );
  await parts.outbox.appendAll(
    tx,
    records.map(({ id }) => ({ collection: collection.id, record: String(id), action: "update" })),
  );
  const around = parts.hooks?.around(collection);
  if (!around) return;
  for (const { before, left } of changes) {
    const shown = withoutSecrets(collection, before);
    await around.within(tx, { action: "update", viewer, record: { ...shown, [field.name]: left }, before: shown });
    await pause();
  }
}

/** Milliseconds for which one removal holds everyone up at a time. */
const longest = 10;

function pauses(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < longest) return;
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
  };
}
