import { Refusal } from "../lib/errors.ts";
import { chain, sizeOf, sql } from "../store/sql.ts";
import { among, type Relation, relationOf } from "./expansions.ts";
import { type Place, type ReadParts, shapeRows } from "./read.ts";
import { idsOf } from "./references.ts";
import { closedTo, demand } from "./rules.ts";
import type { Row } from "./row.ts";
import type { RecordJson } from "./shape.ts";

/** Relations behind relations; what is asked for behind those is left out. */
const deepest = 6;

/** Relations that one request follows, all paths taken together. */
const mostRelations = 100;

/** Records that an answer holds by `expand`, each as often as it is written there: a few relations can lead to billions. */
const mostExpanded = 20_000;

/** Bytes that they have there, each time counted: writing more would hold everyone up, and fill the memory. */
const mostBytes = 10_000_000;

/** Milliseconds for which one answer holds everyone up at a time. */
const longest = 10;

/** What is wanted of a record: names of relations, each with what is wanted behind it. */
type Wishes = Map<string, Wishes>;

/** A record, and how often the answer holds it. */
interface Standing {
  readonly record: RecordJson;
  readonly times: number;
}

/**
 * Puts into each of these records, of the collection of `place`, what `expand` asks for (API.md 1.2.2):
 * `author,tags,comments_via_post.user`. Of what a relation leads to there is what its view rule shows this viewer; names that
 * lead nowhere are left out without a word. Each relation is one query for all records of a level. Throws a Refusal ("bad
 * request") where that is more than one answer may hold.
 */
export async function expandRecords(
  parts: ReadParts,
  { collection, set, ask }: Place,
  records: readonly RecordJson[],
  expand = "",
  gone?: AbortSignal,
): Promise<void> {
  const wishes = wishesOf(expand);
  if (wishes.size === 0) return;
  const place: Place = { collection, set, ask: { ...ask, context: "expand" } };
  const standings = records.map((record) => ({ record, times: 1 }));
  await new Expansion(parts, gone).fill(place, standings, wishes);
}

/** Spaces and dots too many are as clients write them; paths that begin alike are one. */
function wishesOf(expand: string): Wishes {
  const wishes: Wishes = new Map();
  let count = 0;
  for (const path of expand.split(",")) {
    const names = path.replace(/\s+|^[\s.]+|[\s.]+$/g, "").split(".", deepest);
    let at = wishes;
    for (const name of names[0] === "" ? [] : names) {
      let next = at.get(name);
      if (!next) {
        if (++count > mostRelations) throw new Refusal("bad request", "expand_too_many", { max: mostRelations });
        at.set(name, (next = new Map()));
      }
      at = next;
    }
  }
  return wishes;
}

class Expansion {
  /** How many records the answer has room for, and how many bytes of them. */
  #room = mostExpanded;
  #bytes = mostBytes;
  readonly #sizes = new Map<RecordJson, number>();
  #since = performance.now();

  constructor(
    readonly parts: ReadParts,
    readonly gone: AbortSignal | undefined,
  ) {}

  async fill(place: Place, standings: readonly Standing[], wishes: Wishes): Promise<void> {
    for (const [name, behind] of standings.length > 0 ? wishes : []) {
      const relation = relationOf(place, name);
      if (!relation || closedTo(relation.collection, "view", place.ask)) continue;
      const target = { ...place, collection: relation.collection };
      const next = this.#place(name, relation, standings, await this.#found(target, relation, standings));
      await this.fill(target, next, behind);
    }
  }

  /** What the relation of each record leads to, by the id of that record. */
  async #found(
    target: Place,
    relation: Relation,
    standings: readonly Standing[],
  ): Promise<ReadonlyMap<string, readonly RecordJson[]>> {
    const { store } = this.parts;
    const { column } = relation;
    const ends = standings.map(({ record }) => (column ? idsOf(record[column]) : [String(record["id"])]));
    const ids = [...new Set(ends.flat())];
    const rule = demand(target.collection, "view", target.ask);
    if (ids.length === 0 || rule === false) return new Map();
    await this.#breathe();
    const query = relation.query(store.dialect, JSON.stringify(ids), rule);
    // Each row is written at least once; one more than fit is asked for.
    const rows = await store.scan<Row>(
      chain([query, sql` LIMIT ${this.#room + 1}`]),
      this.gone,
      false,
      Math.max(0, this.#bytes),
    );
    if (rows.length > this.#room) throw tooMany();
    const shaped = await shapeRows(store, target, rows);
    shaped.forEach((record, n) => this.#sizes.set(record, sizeOf(rows[n] ?? {})));
    if (!column) return groupedBy(rows, shaped);
    const byId = new Map(shaped.map((record) => [String(record["id"]), record]));
    const ordered = ends.map((ids) => ids.map((id) => byId.get(id)).filter((record) => record !== undefined));
    return new Map(standings.map(({ record }, n) => [String(record["id"]), ordered[n] ?? []]));
  }

  /** Puts what was found where it belongs, and answers it. */
  #place(
    name: string,
    { many }: Relation,
    standings: readonly Standing[],
    found: ReadonlyMap<string, readonly RecordJson[]>,
  ): Standing[] {
    const times = new Map<RecordJson, number>();
    for (const { record, times: often } of standings) {
      const expanded: RecordJson = (record["expand"] as RecordJson | undefined) ?? {};
      record["expand"] = expanded;
      const records = found.get(String(record["id"])) ?? [];
      const [first] = records;
      if (!first) continue;
      expanded[name] = many ? [...records] : first;
      this.#room -= often * (many ? records.length : 1);
      if (this.#room < 0) throw tooMany();
      for (const one of many ? records : [first]) {
        times.set(one, (times.get(one) ?? 0) + often);
        this.#bytes -= often * (this.#sizes.get(one) ?? 0);
      }
      if (this.#bytes < 0) throw new Refusal("bad request", "answer_too_large");
    }
    return [...times].map(([record, times]) => ({ record, times }));
  }

  async #breathe(): Promise<void> {
    if (performance.now() - this.#since < longest) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#since = performance.now();
  }
}

function tooMany(): Refusal {
  return new Refusal("bad request", "expand_too_much", { max: mostExpanded });
}

/** Rows that say which record they refer to; one that refers to several is one record. */
function groupedBy(rows: readonly Row[], shaped: readonly RecordJson[]): ReadonlyMap<string, readonly RecordJson[]> {
  const known = new Map<string, RecordJson>();
  const groups = new Map<string, Set<RecordJson>>();
  rows.forEach((row, n) => {
    const record = shaped[n];
    if (!record) return;
    const id = String(record["id"]);
    const one = known.get(id) ?? record;
    known.set(id, one);
    const parent = String(row[among]);
    const group = groups.get(parent);
    if (group) group.add(one);
    else groups.set(parent, new Set([one]));
  });
  return new Map([...groups].map(([parent, records]) => [parent, [...records]]));
}
