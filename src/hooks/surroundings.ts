import { AsyncLocalStorage } from "node:async_hooks";
import { any, type Problems, Refusal } from "../lib/errors.ts";
import { type Around, type Coming, Undone, type Written } from "../records/around.ts";
import { inTime } from "./deadline.ts";
import type { Before, From, Handlers, Within } from "./handlers.ts";
import { lend } from "./transaction.ts";

/** Milliseconds that people's code has before a change, and within it. */
export interface Patience {
  readonly before: number;
  readonly within: number;
}

/** Of hooks that make changes which other hooks meet, and so on: as many as may be on their way at once. */
const deepest = 10;

/** Which changes this one was made by, outermost first. */
export type Path = AsyncLocalStorage<readonly string[]>;

export interface SurroundingsParts {
  readonly path: Path;
  readonly patience: Patience;
  say(line: string): void;
}

/** Runs the handlers of one collection around its changes. */
export function surround(
  collection: string,
  { before, within }: Pick<Handlers, "before" | "within">,
  { path, patience, say }: SurroundingsParts,
): Around {
  return {
    before: async (change) => {
      for (const { file, on } of before) {
        if (!on[change.action]) continue;
        const verdict = await path.run(deeper(path, `${collection} ${change.action}`), () =>
          inTime(
            patience.before,
            () => askBefore(on, collection, change),
            () => {
              say(`${file}: before ${change.action} of ${collection} was cut off after ${patience.before} ms.`);
              return new Refusal("unavailable", "hook_slow");
            },
          ),
        );
        const problems = problemsOf(file, verdict);
        if (any(problems)) return problems;
      }
      return {};
    },
    within: async (unit, change) => {
      for (const { file, on } of within) {
        if (!on[change.action]) continue;
        const held = () => {
          say(`${file}: within ${change.action} of ${collection} was cut off after ${patience.within} ms.`);
          return new Refusal("unavailable", "hook_held_up");
        };
        const { tx, end } = lend(unit, patience.within);
        let verdict: unknown;
        try {
          verdict = await inTime(patience.within, () => askWithin(on, collection, change, tx), held);
        } finally {
          // What it made of being told so does not count, neither an answer nor an error of its own.
          if (end()) throw held();
        }
        const problems = problemsOf(file, verdict);
        if (any(problems)) throw new Undone(problems);
      }
    },
  };
}

function askBefore(on: Before, collection: string, change: Coming) {
  switch (change.action) {
    case "create":
      return on.create?.({ ...change, collection, refuse });
    case "update":
      return on.update?.({ ...change, collection, refuse });
    case "delete":
      return on.delete?.({ ...change, collection, refuse });
  }
}

function askWithin(on: Within, collection: string, change: Written, tx: Formstead.Tx) {
  const { action, viewer, record, before = record } = change;
  switch (action) {
    case "create":
      return on.create?.({ action, viewer, record, collection, refuse, tx });
    case "update":
      return on.update?.({ action, viewer, record, before, collection, refuse, tx });
    case "delete":
      return on.delete?.({ action, viewer, record, collection, refuse, tx });
  }
}

function refuse(sentence: string, kind: Formstead.RefusalKind = "bad request"): never {
  throw new Refusal(kind, "hook_says", { message: sentence });
}

/** What a handler found, as problems of ours. Throws where its answer means nothing, since that could mean no. */
function problemsOf(file: string, verdict: unknown): Problems {
  const problems: Problems = {};
  if (verdict === undefined || verdict === null) return problems;
  if (typeof verdict !== "object")
    throw new TypeError(`${file} answered with ${Bun.inspect(verdict)}, not with problems.`);
  for (const [field, it] of Object.entries(verdict)) {
    const { code, message } = typeof it === "string" ? { code: "validation_refused", message: it } : Object(it);
    if (typeof code !== "string" || typeof message !== "string") {
      throw new TypeError(`${file} says no sentence about ${field}: ${Bun.inspect(it)}`);
    }
    problems[field] = { code, message };
  }
  return problems;
}

function deeper(path: Path, step: string): readonly string[] {
  const steps = [...(path.getStore() ?? []), step];
  if (steps.length > deepest) throw new Error(`Hooks call each other in a circle: ${steps.join(", ")}.`);
  return steps;
}
