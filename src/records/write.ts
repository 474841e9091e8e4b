import type { Collection, Collections, CompiledField, Values } from "../collections/collection.ts";
import type { Registry } from "../collections/registry.ts";
import type { Outbox } from "../events/outbox.ts";
import type { Json } from "../fields/field.ts";
import type { Payload, Uploads } from "../fields/payload.ts";
import type { Storage } from "../files/storage.ts";
import { any, bad, good, type Outcome, type Problem, type Problems, Refusal } from "../lib/errors.ts";
import { type Store, type Unit } from "../store/engine.ts";
import { name, sql } from "../store/sql.ts";
import { type Around, type Hooks, reconsider, withoutSecrets } from "./around.ts";
import { demandNoClash } from "./drawn.ts";
import { demandNew, managesNew, readsMore } from "./admission.ts";
import { type Guard, identifiedByNow, identifyChanged, identifyNew, sharedId } from "./identity.ts";
import { findRow, manages, type Place } from "./read.ts";
import { write } from "./record-unit.ts";
import { missingRelations } from "./references.ts";
import { assignments, statementsOf, toColumns } from "./row.ts";
import { demand } from "./rules.ts";
import { readChanged, readNew, type Sent, settled, withSent } from "./sent.ts";
import { type RecordJson, shapeRecord } from "./shape.ts";
import { letGoOf, nameUploads, storing } from "./uploads.ts";

export interface WriteParts {
  readonly store: Store;
  /** Where the files of records lie. */
  readonly files: Storage;
  readonly outbox: Outbox;
  readonly collections: Pick<Registry, "mustHold">;
  /** What else must hold for the records of a collection, by its name; asked once the fields themselves are fine. */
  readonly checks: Readonly<Record<string, (values: Values, set: Collections) => Problems>>;
  /** What must hold for the changes of a stored record, in view of what it is; asked in the unit that writes them. */
  readonly lasting?: Readonly<
    Record<string, (tx: Unit, set: Collections, before: Values, changes: Values) => Promise<Problems>>
  >;
  /** Counts who guesses a password, at whatever door. */
  readonly guard?: Guard;
  /** People's own code around records. */
  readonly hooks?: Hooks;
  /**
   * Told in the unit that removes records, for whoever keeps something of them elsewhere: which ones, or without any that it is
   * all of the collection. Answers the keys of files that go with them.
   */
  readonly gone?: (
    tx: Unit,
    set: Collections,
    collection: Collection,
    records?: readonly Values[],
  ) => Promise<readonly string[]>;
}

/** What is done beside making a record. */
export interface Creating {
  /** Answers all the same and stores nothing. */
  readonly pretend?: boolean;
  /** Writes more, in the same unit and before the record; what it throws takes back both. */
  readonly beside?: (tx: Unit, values: Values) => Promise<void>;
  /** Makes the record only to see whether that is possible, and takes it back: what was written beside it stays alone. */
  readonly rehearse?: boolean;
  /** Values in the place of those that the server gives: the moments of what was made elsewhere. */
  readonly given?: Values;
}

/** Takes a rehearsal back. */
class Rehearsed extends Error {}

/**
 * Makes a record. Nobody whom the create rule refuses learns what else is wrong: Refusal `failed_to_create_record` without
 * problems. Answers the record as the viewer may see it, once it is on disk. Throws Outdated, like all that write records, where
 * the place's set of collections has been replaced.
 */
export async function createRecord(
  parts: WriteParts,
  place: Place,
  came: Payload,
  { pretend = false, beside, rehearse = false, given }: Creating = {},
): Promise<Outcome<RecordJson>> {
  const { collection } = place;
  const payload = nameUploads(collection, came);
  const sent = readNew(place, payload);
  const ask = withSent(place, payload, sent);
  const condition = demand(collection, "create", ask);
  // Where the request alone decides that the rule refuses, people's code has nothing to do.
  const around = condition === false || pretend ? undefined : parts.hooks?.around(collection);
  const draft = around ? await seen(around, place, payload, sent) : sent;
  await demandNew(parts.store, collection, condition, draft.values);

  const managed = await managesNew(parts.store, collection, ask, draft.values);
  identifyNew(draft, collection, payload, managed);
  const problems = await allProblems(parts, place, draft, {});
  if (any(problems)) return bad(problems);

  const sealed = await seal(collection, draft.values);
  const values = given ? { ...sealed, ...given } : sealed;
  if (pretend) return good(shapeRecord(collection, values, ask.viewer, managed));
  const make = async (tx: Unit) => {
    if (readsMore(condition)) await demandNew(tx, collection, condition, values);
    if (managed && !(await managesNew(tx, collection, ask, values))) {
      throw new Refusal("bad request", "failed_to_create_record");
    }
    return insertRecord(parts, tx, place, values, around);
  };
  const written = await storing(parts.files, collection, draft.uploads, values, async () => {
    if (rehearse) {
      const possible = await rehearsed(parts, place, make);
      if (!possible.ok) return possible;
    }
    return write(parts, place, async (tx) => {
      await beside?.(tx, values);
      return rehearse ? good(values) : make(tx);
    });
  });
  return written.ok ? good(shapeRecord(collection, values, ask.viewer, managed)) : written;
}

/** Whether a record could be made: it is, and taken back. */
async function rehearsed(
  parts: WriteParts,
  place: Place,
  make: (tx: Unit) => Promise<Outcome<Values>>,
): Promise<Outcome<Values>> {
  try {
    return await write(parts, place, async (tx) => {
      const made = await make(tx);
      if (made.ok) throw new Rehearsed();
      return made;
    });
  } catch (error) {
    if (error instanceof Rehearsed) return good({});
    throw error;
  }
}

/**
 * Writes a new record as it is to be stored, in a unit; nothing is written where there are problems. What an index does not allow
 * is thrown: `write` makes problems of it.
 */
export async function insertRecord(
  parts: Pick<WriteParts, "outbox" | "hooks">,
  tx: Unit,
  { collection, set, ask }: Place,
  values: Values,
  around = parts.hooks?.around(collection),
): Promise<Outcome<Values>> {
  const missing = await missingRelations(tx, set, collection, values);
  if (any(missing)) return bad(missing);
  const shared = await sharedId(tx, set, collection, String(values["id"]));
  if (any(shared)) return bad(shared);
  await tx.run(statementsOf(collection).insert.with(toColumns(collection, values)));
  await parts.outbox.append(tx, { collection: collection.id, record: String(values["id"]), action: "create" });
  if (around) {
    await around.within(tx, { action: "create", viewer: ask.viewer, record: withoutSecrets(collection, values) });
  }
  return good(values);
}

/**
 * Changes what was sent of a record; not found where the update rule does not hold for the stored row. Answers the whole record
 * as the viewer may see it, once the change is on disk. `ownEmail`: people who send their password as `oldPassword` may change
 * their own address, too. `address`: where on the network the request came from. A form may say what it was drawn from: Refusal
 * `record_changed` where somebody else has changed a field since that it would change as well.
 */
export async function updateRecord(
  parts: WriteParts,
  place: Place,
  id: string,
  came: Payload,
  { ownEmail = false, address }: { readonly ownEmail?: boolean; readonly address?: string } = {},
): Promise<Outcome<RecordJson>> {
  const { collection } = place;
  const payload = nameUploads(collection, came);
  const sent = readChanged(place, payload);
  if (sent.modified.size > 0) {
    Object.assign(sent.values, settled(sent, (await findRow(parts.store, collection, id)) ?? {}));
  }
  const ask = withSent(place, payload, sent);
  const condition = demand(collection, "update", ask);
  const stored = await findRow(parts.store, collection, id, condition);
  if (!stored) throw new Refusal("not found", "not_found");

  const managed = await manages(parts.store, collection, id, ask);
  const around = parts.hooks?.around(collection);
  const draft = around ? await seen(around, place, payload, sent, stored) : sent;
  await identifyChanged(draft, collection, stored, payload, managed, { guard: parts.guard, address, ownEmail });
  const problems = await allProblems(parts, place, draft, stored);
  if (any(problems)) return bad(problems);

  const sealed = await seal(collection, draft.values);
  let replaced = stored;
  const change = async (tx: Unit): Promise<Outcome<Values>> => {
    let [changes, demanded] = [sealed, condition];
    if (sent.modified.size > 0) {
      const current = (await findRow(tx, collection, id)) ?? {};
      changes = { ...sealed, ...settled(draft, current) };
      demanded = demand(collection, "update", withSent(place, payload, sent, settled(sent, current)));
    }
    const newest = await findRow(tx, collection, id, demanded);
    if (!newest || (managed && !(await manages(tx, collection, id, ask)))) throw new Refusal("not found", "not_found");
    demandNoClash(collection, payload, () => shapeRecord(collection, newest, ask.viewer, managed));
    const problems = {
      ...problemsByNow(draft, changes, newest),
      ...(managed ? {} : identifiedByNow(draft, collection, stored, newest)),
      ...(await missingRelations(tx, place.set, collection, changes)),
      ...(await lastingOf(parts, collection)?.(tx, place.set, newest, changes)),
    };
    if (any(problems)) return bad(problems);
    if (Object.keys(changes).length > 0) {
      const set = assignments(collection, changes);
      await tx.run(sql`UPDATE ${name(collection.name)} SET ${set} WHERE "id" = ${id}`);
    }
    await parts.outbox.append(tx, { collection: collection.id, record: id, action: "update" });
    const record = { ...newest, ...changes };
    if (around) {
      await around.within(tx, {
        action: "update",
        viewer: ask.viewer,
        record: withoutSecrets(collection, record),
        before: withoutSecrets(collection, newest),
      });
    }
    replaced = newest;
    return good(record);
  };
  const coming = { ...sealed, id };
  const written = await storing(parts.files, collection, draft.uploads, coming, () => write(parts, place, change));
  if (!written.ok) return written;
  await letGoOf(parts.files, collection, replaced, written.value);
  return good(shapeRecord(collection, written.value, ask.viewer, managed));
}

function lastingOf({ lasting }: WriteParts, { name }: Collection) {
  return lasting && Object.hasOwn(lasting, name) ? lasting[name] : undefined;
}

/** What is wrong with values in view of the stored row, now that nobody else can change it. */
function problemsByNow({ unchecked, modified, uploads }: Sent, changes: Values, newest: Values): Problems {
  const problems: Problems = {};
  for (const field of unchecked) {
    const value = changes[field.name];
    if (value === undefined) continue;
    const found =
      (modified.has(field) ? field.check(value) : undefined) ?? changeProblem(field, value, newest, uploads);
    if (found) problems[field.name] = found;
  }
  return problems;
}

/** The draft as people's own code leaves it; what that has set is checked like what was sent. */
async function seen(
  around: Around,
  { collection, ask }: Place,
  payload: Payload,
  sent: Sent,
  stored?: Values,
): Promise<Sent> {
  const draft = await reconsider(around, collection, ask.viewer, payload, sent, stored);
  const more = collection.fields.filter((field) => draft.set.has(field.name) && !sent.unchecked.includes(field));
  const modified = new Map([...sent.modified].filter(([field]) => !draft.set.has(field.name)));
  return { ...draft, unchecked: [...sent.unchecked, ...more], modified };
}

/** Everything that is wrong, in one answer: what could not be read, what the fields refuse, what others demand. */
async function allProblems(
  { store, checks }: WriteParts,
  { collection, set }: Place,
  { values, problems, unchecked, uploads }: Sent,
  stored: Values,
): Promise<Problems> {
  for (const field of unchecked) {
    const value = values[field.name];
    if (value === undefined || Object.hasOwn(problems, field.name)) continue;
    const found = field.check(value) ?? changeProblem(field, value, stored, uploads);
    if (found) problems[field.name] = found;
  }
  if (any(problems)) return { ...(await missingRelations(store, set, collection, values)), ...problems };
  return Object.hasOwn(checks, collection.name) ? (checks[collection.name]?.({ ...stored, ...values }, set) ?? {}) : {};
}

function changeProblem(
  { name, kind, definition, zero }: CompiledField,
  value: Json,
  stored: Values,
  uploads: Uploads,
): Problem | undefined {
  return kind.change?.(value, stored[name] ?? zero, definition, uploads);
}

/** What takes time and must not hold up other writers: done before the unit. */
async function seal(collection: Collection, values: Values): Promise<Values> {
  let sealed: Record<string, Json> | undefined;
  for (const field of collection.fields) {
    const value = Object.hasOwn(values, field.name) ? values[field.name] : undefined;
    if (value === undefined || !field.kind.seal) continue;
    sealed ??= { ...values };
    sealed[field.name] = await field.kind.seal(value, field.definition);
  }
  return sealed ?? values;
}
