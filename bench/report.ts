import type { Side, SideName } from "./sides.ts";
import type { Work, WorkName } from "./works.ts";
import { type Transfer, transferTables } from "./transfer.ts";
import type { Load } from "./wrk.ts";

/** What was seen of a side while it was driven. */
export interface Measured extends Load {
  /** Microseconds of CPU for each request, of all its threads. */
  readonly cpu: number | undefined;
}

/** One side driven with one work in one round. */
export interface Sample extends Measured {
  readonly round: number;
  readonly side: SideName;
  readonly work: WorkName;
}

/** One side started, driven with all works, and ended: milliseconds and megabytes. */
export interface Visit {
  readonly round: number;
  readonly side: SideName;
  readonly start: number;
  readonly idle: number | undefined;
  readonly after: number | undefined;
}

export interface Results {
  readonly machine: readonly string[];
  readonly rounds: number;
  readonly seconds: number;
  readonly posts: number;
  readonly samples: readonly Sample[];
  readonly visits: readonly Visit[];
  /** A sentence for each thing that did not work. */
  readonly faults: readonly string[];
  readonly transfer?: Transfer | undefined;
}

export function median(numbers: readonly number[]): number | undefined {
  const sorted = numbers.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const low = sorted[Math.ceil(half) - 1];
  const high = sorted[Math.floor(half)];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** The ratio of two sides: the median of what it was in each round, since a machine is not the same from minute to minute. */
export function ratio(
  samples: readonly Sample[],
  of: readonly [SideName, WorkName],
  to: readonly [SideName, WorkName],
): number | undefined {
  const rate = (round: number, [side, work]: readonly [SideName, WorkName]) =>
    samples.find((one) => one.round === round && one.side === side && one.work === work)?.rate;
  const rounds = [...new Set(samples.map(({ round }) => round))];
  return median(
    rounds.flatMap((round) => {
      const [above, below] = [rate(round, of), rate(round, to)];
      return above === undefined || below === undefined ? [] : [above / below];
    }),
  );
}

/** The whole report in Markdown. */
export function report(results: Results, sides: readonly Side[], works: readonly Work[]): string {
  const { machine, rounds, seconds, posts, faults, transfer } = results;
  const parts = [
    [
      ...machine.map((line) => `- ${line}`),
      `- ${rounds} ${rounds === 1 ? "round" : "rounds"} of ${seconds} s, ${posts.toLocaleString("en")} posts; requests a second and p99 are medians, ratios medians of each round's ratio`,
    ].join("\n"),
    ratios(results, works),
    rates(results, sides, works),
    costs(results, sides),
    transfer ? transferTables(transfer) : "",
    faults.map((fault) => `- ${fault}`).join("\n"),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** Formstead's share of the others, a line for each work. */
function ratios({ samples }: Results, works: readonly Work[]): string {
  const lines = works.map(({ name, title, against, goal }) => [
    title,
    share(ratio(samples, ["formstead", name], ["ceiling", against])),
    goal === undefined ? "–" : `≥ ${goal}`,
    share(ratio(samples, ["formstead", name], ["alone", against])),
    share(ratio(samples, ["formstead", name], ["express", name])),
  ]);
  return table(["Formstead's", "of the ceiling", "goal", "of the ceiling, each commit alone", "of Express"], lines);
}

/** What each side did, a line for each work. */
function rates({ samples }: Results, sides: readonly Side[], works: readonly Work[]): string {
  const cell = (side: Side, work: Work) => {
    const own = samples.filter((one) => one.side === side.name && one.work === work.name);
    const [rate, p99] = [median(own.map((one) => one.rate)), median(own.map((one) => one.p99))];
    if (rate === undefined || p99 === undefined) return "–";
    const part = share(ratio(samples, [side.name, work.name], ["ceiling", work.against]));
    const cpu = median(own.flatMap((one) => one.cpu ?? []));
    return `${rounded(rate)}/s · ${part} · ${p99.toFixed(1)} ms · ${cpu === undefined ? "–" : `${Math.round(cpu)} µs`}`;
  };
  const lines = works.map((work) => [work.title, ...sides.map((side) => cell(side, work))]);
  return table(["requests a second · of the ceiling · p99 · CPU each", ...sides.map(({ title }) => title)], lines);
}

/** What each side costs to have. */
function costs({ visits }: Results, sides: readonly Side[]): string {
  const lines = sides.map(({ name, title }) => {
    const own = visits.filter(({ side }) => side === name);
    const known = (pick: (visit: Visit) => number | undefined, unit: string) => {
      const middle = median(own.flatMap((visit) => pick(visit) ?? []));
      return middle === undefined ? "–" : `${Math.round(middle)} ${unit}`;
    };
    return [title, known((one) => one.start, "ms"), known((one) => one.idle, "MB"), known((one) => one.after, "MB")];
  });
  return table(["side", "start to first answer", "memory idle", "memory after the rows"], lines);
}

const begin = "<!-- figures: written by bin/bench --write -->";
const end = "<!-- end of figures -->";

/** The page with the figures between its two marks replaced. Throws when it lacks them. */
export function withFigures(page: string, figures: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The page needs the lines ${begin} and ${end}, in this order.`);
  return `${page.slice(0, from + begin.length)}\n\n${figures}\n${page.slice(to)}`;
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [row(head), row(head.map((_, n) => (n === 0 ? "---" : "--:"))), ...lines.map(row)].join("\n");
}

function share(value: number | undefined): string {
  return value === undefined ? "–" : value >= 10 ? value.toFixed(0) : value.toFixed(2);
}

function rounded(rate: number): string {
  return (rate < 1000 ? Math.round(rate) : Math.round(rate / 100) * 100).toLocaleString("en");
}
