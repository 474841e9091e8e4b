import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Upload } from "../fields/payload.ts";
import { giveWay } from "../lib/courtesy.ts";
import { clock } from "../lib/dates.ts";
import { any, type Problem, problem, type Problems, isProblem, Refusal } from "../lib/errors.ts";
import { randomText } from "../lib/ids.ts";
import { chosenColumns } from "./columns.ts";
import { type CsvNature, natureOf, readCsv } from "./csv-reader.ts";
import { csvCells } from "./export-lines.ts";
import { type Fate, type ImportAim, rowOf } from "./import-aim.ts";
import type { ImportMemory } from "./import-memory.ts";

export type ImportPhase = "checking" | "checked" | "importing" | "done" | "failed";

/** One thing that is wrong in a file. */
export interface ImportFault {
  readonly line: number;
  /** Its heading; `""` where no column is to blame. */
  readonly column: string;
  readonly problem: Problem;
}

/** A file on its way to becoming records: looked through first, then imported. */
export interface ImportRun {
  readonly id: string;
  /** What its rows become, so that nobody continues it elsewhere. */
  readonly into: string;
  readonly filename: string;
  readonly headings: readonly string[];
  /** What each column becomes. */
  readonly choices: readonly string[];
  readonly phase: ImportPhase;
  /** Rows: looked at; that were or would be made; that were there already; that are left out. */
  readonly read: number;
  readonly made: number;
  readonly known: number;
  readonly left: number;
  /** The first of what is wrong. */
  readonly faults: readonly ImportFault[];
  /** Why it could not go on. */
  readonly failure?: Refusal;
  /** When the very same file was imported before. */
  readonly before?: string;
}

export interface ImportRuns {
  /** Takes an upload over and begins to look through it. */
  begin(into: string, upload: Upload, aim: ImportAim, words: Words): Promise<ImportRun>;
  /** Refused as not found where there is none, or it was for something else. */
  find(id: string, into: string): ImportRun;
  /** Looks through it again, with other columns. */
  check(id: string, into: string, choices: readonly string[], aim: ImportAim, words: Words): void;
  /** Makes what it says. */
  carryOut(id: string, into: string, choices: readonly string[], aim: ImportAim, words: Words): void;
  /** The rows that were left out, as CSV, each with its line and the reason. */
  leftOut(id: string, into: string): Blob;
  /** Waits until it is done, or some milliseconds have passed. */
  settled(id: string, milliseconds: number): Promise<void>;
  /** Removes what nobody has asked for in an hour. */
  expire(): Promise<void>;
  close(): Promise<void>;
}

/** Says problems in the language of whoever imports. */
export type Words = (problems: Problems) => Readonly<Record<string, string>>;

interface Held {
  run: ImportRun;
  readonly path: string;
  readonly nature: CsvNature;
  touched: number;
  working: Promise<void> | undefined;
}

const hour = 60 * 60 * 1000;
const mostFaults = 50;
/** Rows that are made beside each other, which share commits; and while others want the time. */
const atOnce = { alone: 100, beside: 20 };
const untouched = { read: 0, made: 0, known: 0, left: 0, faults: [] };

export interface ImportRunsParts {
  readonly folder: string;
  readonly memory: ImportMemory;
  fault(error: unknown): void;
}

/** Files lie in `folder` while somebody decides; none of them outlives the process. */
export function openImportRuns({ folder, memory, fault }: ImportRunsParts): ImportRuns {
  const held = new Map<string, Held>();
  let closed = false;

  function its(id: string, into: string): Held {
    const found = held.get(id);
    if (!found || found.run.into !== into) throw new Refusal("not found", "import_gone");
    found.touched = clock();
    return found;
  }

  function start(it: Held, aim: ImportAim, words: Words, phase: "checking" | "importing"): void {
    if (it.working) throw new Refusal("conflict", "import_busy");
    const { failure: _, ...before } = it.run;
    it.run = { ...before, ...untouched, phase };
    it.working = work(it, aim, words, phase === "checking")
      .catch((error) => {
        if (!(error instanceof Refusal)) fault(error);
        const failure = error instanceof Refusal ? error : new Refusal("unavailable", "something_wrong");
        it.run = { ...it.run, phase: "failed", failure };
      })
      .finally(() => {
        it.working = undefined;
        it.touched = clock();
      });
  }

  async function work(it: Held, aim: ImportAim, words: Words, dry: boolean): Promise<void> {
    const left = Bun.file(leftPath(it)).writer();
    let size = atOnce.beside;
    try {
      left.write(`\u{feff}${csvCells([...it.run.headings, "Line", "Reason"], ",")}\r\n`);
      for await (const rows of batches(readCsv(it.path, it.nature), () => size)) {
        if (closed) throw new Refusal("unavailable", "store_closed");
        const since = performance.now();
        const fates = await Promise.all(rows.map(({ cells }) => fateOf(it, aim, cells, dry)));
        for (const [at, fate] of fates.entries()) {
          const row = rows[at];
          if (!row) continue;
          it.run = counted(it.run, row.line, fate);
          if (fate.kind !== "wrong") continue;
          const reason = Object.values(words(fate.problems)).join(" ");
          left.write(`${csvCells([...cellsFor(it.run, row.cells), String(row.line), reason], ",")}\r\n`);
        }
        await left.flush();
        size = (await giveWay(performance.now() - since)) ? atOnce.beside : atOnce.alone;
      }
    } finally {
      await left.end();
    }
    if (!dry && it.run.made > 0) await memory.note(it.run.into, it.nature.hash);
    it.run = { ...it.run, phase: dry ? "checked" : "done" };
  }

  async function forget(it: Held): Promise<void> {
    held.delete(it.run.id);
    await Promise.all([rm(it.path, { force: true }), rm(leftPath(it), { force: true })]);
  }

  const again =
    (phase: "checking" | "importing"): ImportRuns["check"] =>
    (id, into, choices, aim, words) => {
      const it = its(id, into);
      const sound = chosenColumns(choices, it.run.choices, aim.targets, aim.otherwise);
      if (!it.working) it.run = { ...it.run, choices: sound };
      start(it, aim, words, phase);
    };

  return {
    begin: async (into, upload, aim, words) => {
      const id = randomText(20);
      const path = join(folder, `import-${id}`);
      await rename(upload.path, path);
      try {
        const nature = await natureOf(path);
        const headings = await headingsOf(path, nature);
        const choices = aim.guess(headings);
        const before = await memory.last(into, nature.hash);
        const run: ImportRun = {
          id,
          into,
          filename: upload.filename,
          headings,
          choices,
          phase: "checking",
          ...untouched,
          ...(before === undefined ? {} : { before }),
        };
        const it: Held = { run, path, nature, touched: clock(), working: undefined };
        held.set(id, it);
        start(it, aim, words, "checking");
        return it.run;
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
    },
    find: (id, into) => its(id, into).run,
    check: again("checking"),
    carryOut: again("importing"),
    leftOut: (id, into) => {
      const it = its(id, into);
      if (it.working) throw new Refusal("conflict", "import_busy");
      return Bun.file(leftPath(it));
    },
    settled: async (id, milliseconds) => {
      const working = held.get(id)?.working;
      if (working) await Promise.race([working, Bun.sleep(milliseconds)]);
    },
    expire: async () => {
      for (const it of held.values()) if (!it.working && it.touched < clock() - hour) await forget(it);
    },
    close: async () => {
      closed = true;
      await Promise.all([...held.values()].map(({ working }) => working));
      for (const it of held.values()) await forget(it);
    },
  };
}

function leftPath({ path }: Held): string {
  return `${path}.left`;
}

/** Refusal "bad request" (code `csv_empty`) for a file without headings. */
async function headingsOf(path: string, nature: CsvNature): Promise<string[]> {
  for await (const { cells } of readCsv(path, nature)) return cells.map((cell) => cell.trim());
  throw new Refusal("bad request", "csv_empty");
}

/** The rows after the headings, some at a time. */
async function* batches<Row>(rows: AsyncIterable<Row>, size: () => number): AsyncGenerator<Row[]> {
  let batch: Row[] = [];
  let isHeading = true;
  for await (const row of rows) {
    if (isHeading) {
      isHeading = false;
      continue;
    }
    batch.push(row);
    if (batch.length < size()) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** What cannot be helped in one row is told of that row; what ends all of them is thrown. */
async function fateOf({ run }: Held, aim: ImportAim, cells: readonly string[], dry: boolean): Promise<Fate> {
  const tooMany = cells.slice(run.headings.length).some((cell) => cell !== "");
  if (tooMany) return { kind: "wrong", problems: { "": problem("import_ragged", { columns: run.headings.length }) } };
  try {
    const fate = await aim.save(rowOf(run.headings, run.choices, cells), dry);
    return fate.kind === "wrong" && !any(fate.problems)
      ? { kind: "wrong", problems: { "": problem("something_wrong") } }
      : fate;
  } catch (error) {
    if (!(error instanceof Refusal) || !["bad request", "forbidden"].includes(error.kind)) throw error;
    return { kind: "wrong", problems: { "": problem(error.code, error.params) } };
  }
}

function counted(run: ImportRun, line: number, fate: Fate): ImportRun {
  const read = run.read + 1;
  if (fate.kind === "made") return { ...run, read, made: run.made + 1 };
  if (fate.kind === "known") return { ...run, read, known: run.known + 1 };
  const faults = run.faults.length < mostFaults ? [...run.faults, ...faultsOf(run, line, fate.problems)] : run.faults;
  return { ...run, read, left: run.left + 1, faults: faults.slice(0, mostFaults) };
}

function faultsOf({ headings, choices }: ImportRun, line: number, problems: Problems): ImportFault[] {
  return Object.entries(problems).map(([field, it]) => {
    const at = choices.indexOf(field);
    return { line, column: at < 0 ? field : (headings[at] ?? field), problem: firstOf(it) };
  });
}

function firstOf(it: Problem | Problems): Problem {
  if (isProblem(it)) return it;
  const [first] = Object.values(it);
  return first ? firstOf(first) : problem("something_wrong");
}

/** As many cells as there are headings, so that what comes after them stands under its own. */
function cellsFor({ headings }: ImportRun, cells: readonly string[]): string[] {
  const first = headings.map((_, at) => cells[at] ?? "");
  return cells.length > headings.length ? [...first.slice(0, -1), cells.slice(headings.length - 1).join(" | ")] : first;
}
