import { parseArgs } from "node:util";
import { type Side, sides } from "./sides.ts";
import { type Work, works } from "./works.ts";

export interface Options {
  readonly works: readonly Work[];
  readonly sides: readonly Side[];
  readonly rounds: number;
  /** How long each row is driven, and before that, unmeasured, so that the code is warm. */
  readonly seconds: number;
  readonly warm: number;
  readonly posts: number;
  readonly profile: boolean;
  readonly json: string | undefined;
  readonly write: boolean;
  /** How many records are exported, beside the rows; nothing of the kind is measured when absent. */
  readonly transfer: number | undefined;
  /** The command that is Formstead, without arguments. */
  readonly program: readonly string[];
}

export const usage = `Drives the ceiling, Express and Formstead in turn on this machine and prints their ratios.

  bin/bench                    3 rounds, 4 s for each row
  bin/bench --quick            one round, 2 s for each row
  bin/bench --profile ROW      Formstead alone, one row, under Bun's profiler

  --only ROW,ROW     of ${works.map(({ name }) => name).join(", ")}
  --sides SIDE,SIDE  of ${sides(undefined)
    .map(({ name }) => name)
    .join(", ")}
  --rounds N         how often each side has its turn
  --seconds N        how long each row is driven
  --posts N          how many records there are (100000)
  --program FILE     a built Formstead instead of the source
  --json FILE        writes all that was measured
  --transfer N       also exports N records (1000000), imports some, and looks at what that leaves to others
  --write            puts the tables into docs/performance.md
`;

/** Reads the arguments; `undefined` when help is wanted. Throws a sentence when they make no sense. */
export function readOptions(args: readonly string[]): Options | undefined {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { ...flag, short: "h" },
      quick: flag,
      write: flag,
      only: text,
      sides: text,
      rounds: text,
      seconds: text,
      posts: text,
      program: text,
      profile: text,
      json: text,
      transfer: text,
    },
  });
  if (values.help) return undefined;
  const profile = values.profile !== undefined;
  return {
    works: chosen("--only", works, values.profile ?? values.only),
    sides: chosen("--sides", sides(values.program), values.sides ?? (profile ? "formstead" : undefined)),
    rounds: profile ? 1 : count("--rounds", values.rounds ?? (values.quick ? "1" : "3")),
    seconds: count("--seconds", values.seconds ?? (values.quick ? "2" : "4")),
    warm: 1,
    posts: count("--posts", values.posts ?? "100000"),
    profile,
    json: values.json,
    write: values.write,
    transfer: values.transfer === undefined ? undefined : count("--transfer", values.transfer),
    program: values.program === undefined ? [process.execPath, "src/main.ts"] : [values.program],
  };
}

function chosen<T extends { readonly name: string }>(option: string, all: readonly T[], list: string | undefined) {
  const names = list?.split(",") ?? all.map(({ name }) => name);
  const unknown = names.find((name) => all.every((one) => one.name !== name));
  if (unknown === undefined) return all.filter(({ name }) => names.includes(name));
  throw new Error(`${option} does not know ${unknown}; use ${all.map(({ name }) => name).join(", ")}.`);
}

function count(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`${option} needs a whole number above 0, not ${text}.`);
}
