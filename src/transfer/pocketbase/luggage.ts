import type { Collection } from "../../collections/collection.ts";
import type { Storage } from "../../files/storage.ts";
import type { Problem } from "../../lib/errors.ts";
import { filesOf } from "../../records/uploads.ts";
import { statementsOf } from "../../records/row.ts";
import type { Store } from "../../store/engine.ts";
import { glue, name, raw, sql } from "../../store/sql.ts";
import type { Arrival } from "./decision.ts";
import { type Carried, carrier } from "./carrying.ts";
import type { Journey } from "./journey.ts";
import { rowNumber, type Source, type SourceRow } from "./data-directory.ts";
import { bring, isThere, type SourceFile } from "./source-files.ts";

export interface LuggageParts {
  readonly store: Store;
  readonly files: Storage;
  /** The folder of things on their way. */
  readonly folder: string;
}

/** The records of one collection on their way. */
export interface Trip {
  readonly source: Source;
  readonly arrival: Arrival;
  readonly collection: Collection;
  readonly ids: ReadonlyMap<string, string>;
  readonly journey: Journey;
  /** Looks at everything and changes nothing. */
  readonly dry: boolean;
  /** Records are here already, and may be some of these. */
  readonly standing: boolean;
  /** Rows of one batch, where that is not as many as usual. */
  readonly batch?: number | undefined;
  /** Told after each batch. */
  progress(done: number, total: number): void;
}

export interface Carriage {
  /** Records that are here now and were not before. */
  readonly records: number;
  /** Records that were here before, which stay as they are. */
  readonly kept: number;
  readonly files: number;
  /** Files that the source does not have. */
  readonly missing: number;
  readonly findings: readonly Problem[];
}

/**
 * Rows and characters of one unit. Many rows, since each unit writes every page of an index that it touches; and not too many characters,
 * which must not fill the memory.
 */
const most = 5_000;
const longest = 8_000_000;
const filesAtOnce = 16;
/** As many missing files and clashing or nameless records as are named. */
const mostNamed = 20;
/** Seconds of a unit. */
const patience = 120;

/** Carries the records of one collection and their files, batch by batch. */
export async function carry(parts: LuggageParts, trip: Trip): Promise<Carriage> {
  const { source, arrival, collection, journey, progress } = trip;
  const table = arrival.source.name;
  const there = source.columns(table);
  const columns = collection.fields.map((field) => field.name).filter((field) => there.has(field));
  const make = carrier(collection, trip.ids);
  const tally = openTally(collection.name);
  if (there.size === 0)
    return { ...tally.carriage(), findings: [{ code: "cli_pb_table_missing", params: { name: table } }] };
  const total = source.count(table);
  let done = 0;
  const after = trip.dry ? 0 : journey.reached(collection.id);
  for (const rows of batches(source.rows(table, columns, after), trip.batch)) {
    const [named, nameless] = [rows.filter(hasId), rows.filter((row) => !hasId(row))];
    const known = trip.standing ? await knownOf(parts, collection, named) : new Set<string>();
    const fresh = named.filter((row) => !known.has(String(row["id"]))).map(make);
    tally.kept += named.length - fresh.length;
    tally.nameless.push(...nameless.map((row) => String(row[rowNumber])));
    source.mustBeUnchanged();
    await carryFiles(parts, trip, fresh, tally);
    const stored = trip.dry ? new Set(fresh) : await store(parts, trip, fresh, Number(rows.at(-1)?.[rowNumber]));
    tally.clashing.push(...fresh.filter((row) => !stored.has(row)).map(({ values }) => String(values["id"])));
    tally.records += stored.size;
    for (const { refused } of fresh) for (const [field, code] of refused) tally.refuse(field, code);
    done += rows.length;
    progress(done, total);
  }
  return tally.carriage();
}

function hasId(row: SourceRow): boolean {
  const id = row["id"] ?? "";
  return id !== "";
}

function* batches(rows: Iterable<SourceRow>, size = most): Generator<SourceRow[]> {
  let batch: SourceRow[] = [];
  let length = 0;
  for (const row of rows) {
    batch.push(row);
    for (const value of Object.values(row)) {
      if (typeof value === "string" || value instanceof Uint8Array) length += value.length;
    }
    if (batch.length < size && length < longest) continue;
    yield batch;
    batch = [];
    length = 0;
  }
  if (batch.length > 0) yield batch;
}

async function knownOf(
  { store }: LuggageParts,
  collection: Collection,
  rows: readonly SourceRow[],
): Promise<Set<string>> {
  const ids = JSON.stringify(rows.map((row) => row["id"]));
  const known = await store.all<{ id: string }>(
    sql`SELECT "id" FROM ${name(collection.name)} WHERE "id" IN (SELECT value FROM json_each(${ids}))`,
  );
  return new Set(known.map(({ id }) => id));
}

/** All rows of a batch, and how far they bring the import, in one unit. Answers those that are stored: a unique value may be taken. */
function store(parts: LuggageParts, trip: Trip, rows: readonly Carried[], last: number): Promise<Set<Carried>> {
  const { collection, journey } = trip;
  const insert = glue(statementsOf(collection).insert, raw(" ON CONFLICT DO NOTHING"));
  return parts.store.write(
    async (tx) => {
      const stored = new Set<Carried>();
      for (const row of rows) if ((await tx.run(insert.with(row.columns))) > 0) stored.add(row);
      await journey.note(tx, collection.id, last);
      return stored;
    },
    { seconds: patience },
  );
}

/** Files come before the rows that name them: a row without its file would look whole. */
async function carryFiles(parts: LuggageParts, trip: Trip, rows: readonly Carried[], tally: Tally): Promise<void> {
  const { source, arrival, collection, dry } = trip;
  // Two fields may name one file.
  const keys = new Set(rows.flatMap(({ values }) => filesOf(collection, values)));
  const work = keys
    .values()
    .map((key): SourceFile => ({ key, path: arrival.source.id + key.slice(collection.id.length) }));
  const hand = async () => {
    for (const file of work) {
      if (!(await isThere(source.storage, file))) tally.missing.push(file.path);
      else {
        if (!dry) await bring(parts, source.storage, file);
        tally.files++;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(filesAtOnce, keys.size) }, hand));
}

interface Tally {
  records: number;
  kept: number;
  files: number;
  readonly missing: Names;
  readonly clashing: Names;
  /** Rows without an id, by their numbers. */
  readonly nameless: Names;
  refuse(field: string, code: string): void;
  carriage(): Carriage;
}

function openTally(title: string): Tally {
  const refused = new Map<string, number>();
  const [missing, clashing, nameless] = [openNames(), openNames(), openNames()];
  const tally: Tally = {
    records: 0,
    kept: 0,
    files: 0,
    missing,
    clashing,
    nameless,
    refuse: (field, code) => {
      const key = `${field} ${code}`;
      refused.set(key, (refused.get(key) ?? 0) + 1);
    },
    carriage: () => {
      const findings: Problem[] = [...refused].map(([key, count]) => {
        const [field = "", reason = ""] = key.split(" ");
        return { code: "cli_pb_values_refused", params: { name: `${title}.${field}`, count, reason } };
      });
      if (clashing.count > 0) {
        findings.push({
          code: "cli_pb_records_clash",
          params: { name: title, count: clashing.count, ids: clashing.text() },
        });
      }
      if (nameless.count > 0) {
        findings.push({
          code: "cli_pb_records_nameless",
          params: { name: title, count: nameless.count, rows: nameless.text() },
        });
      }
      if (missing.count > 0) {
        findings.push({
          code: "cli_pb_files_missing",
          params: { name: title, count: missing.count, files: missing.text() },
        });
      }
      const { records, kept, files } = tally;
      return { records, kept, files, missing: missing.count, findings };
    },
  };
  return tally;
}

/** Counts names and remembers the first of them. */
interface Names {
  count: number;
  push(...more: readonly string[]): void;
  text(): string;
}

function openNames(): Names {
  const first: string[] = [];
  const names: Names = {
    count: 0,
    push: (...more) => {
      names.count += more.length;
      first.push(...more.slice(0, mostNamed - first.length));
    },
    text: () => first.join(", ") + (names.count > first.length ? ", …" : ""),
  };
  return names;
}
