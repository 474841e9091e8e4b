import { type Problem, problem, type Problems } from "../lib/errors.ts";

/** A map of problems without those that are none. */
export function gather(found: Readonly<Record<string, Problem | Problems | undefined>>): Problems {
  const problems: Problems = {};
  for (const [name, it] of Object.entries(found)) if (it) problems[name] = it;
  return problems;
}

export function atLeast(value: number, threshold: number): Problem | undefined {
  return value < threshold ? problem("validation_min_greater_equal_than_required", { threshold }) : undefined;
}

export function atMost(value: number, threshold: number): Problem | undefined {
  return value > threshold ? problem("validation_max_less_equal_than_required", { threshold }) : undefined;
}

/** What is wrong with `min` and `max` of a length, where 0 means no limit. */
export function lengthLimits(min: number, max: number): Problems {
  return gather({ min: atLeast(min, 0), max: atLeast(max, 0) ?? (max > 0 ? atLeast(max, min) : undefined) });
}
