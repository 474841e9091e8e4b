import { type ValueError, ValueErrorType } from "@sinclair/typebox/errors";
import { Value } from "@sinclair/typebox/value";
import { isProblem, problem, type Problem, type Problems } from "../lib/errors.ts";
import { sameJson } from "../lib/json.ts";
import { isNetwork } from "../lib/networks.ts";
import { Groups, type Settings, unbuilt } from "./groups.ts";

/** What is wrong with settings: what their schemas say, per group and name. */
export function shapeProblems(settings: unknown): Problems {
  const problems: Problems = {};
  for (const error of Value.Errors(Groups, settings)) put(problems, error.path.slice(1).split("/"), problemOf(error));
  return problems;
}

/** What is wrong with settings whose shape is right. `standard`: what holds where nothing was changed. */
export function meaningProblems(settings: Settings, standard: Settings): Problems {
  const problems: Problems = {};
  const { meta, smtp, rateLimits, superuserIPs } = settings;
  for (const path of unbuilt) {
    const steps = path.split(".");
    if (!sameJson(at(settings, steps), at(standard, steps))) put(problems, steps, problem("validation_unbuilt"));
  }
  if (!URL.canParse(meta.appURL)) put(problems, ["meta", "appURL"], problem("validation_is_url"));
  if (smtp.enabled && smtp.host === "") put(problems, ["smtp", "host"], problem("validation_required"));
  if (rateLimits.enabled && rateLimits.rules.length === 0) {
    put(problems, ["rateLimits", "rules"], problem("validation_required"));
  }
  rateLimits.rules.forEach(({ label, audience }, n) => {
    const where = ["rateLimits", "rules", String(n), "label"];
    const overlaps = rateLimits.rules
      .slice(0, n)
      .some((it) => it.label === label && (it.audience === audience || it.audience === "" || audience === ""));
    if (overlaps) put(problems, where, problem("validation_conflicting_rate_limit_rule", { label }));
  });
  const networks: readonly (readonly [readonly string[], readonly string[]])[] = [
    [["rateLimits", "excludedIPs"], rateLimits.excludedIPs],
    [["superuserIPs"], superuserIPs],
  ];
  for (const [path, list] of networks) {
    list.forEach((entry, n) => {
      if (!isNetwork(entry)) put(problems, [...path, String(n)], problem("validation_invlaid_ip_or_subnet"));
    });
  }
  return problems;
}

function problemOf({ type, value, schema }: ValueError): Problem {
  if (value === "" && type !== ValueErrorType.Union) return problem("validation_required");
  switch (type) {
    case ValueErrorType.StringMaxLength:
      return problem("validation_length_too_long", { max: schema["maxLength"] });
    case ValueErrorType.StringPattern:
      return problem(typeof schema["code"] === "string" ? schema["code"] : "validation_match_invalid");
    case ValueErrorType.IntegerMinimum:
      if (value === 0) return problem("validation_required");
      return problem("validation_min_greater_equal_than_required", { threshold: schema["minimum"] });
    case ValueErrorType.IntegerMaximum:
      return problem("validation_max_less_equal_than_required", { threshold: schema["maximum"] });
    case ValueErrorType.ArrayMaxItems:
      return problem("validation_length_too_long", { max: schema["maxItems"] });
    case ValueErrorType.Union:
      return problem("validation_in_invalid");
    default:
      return problem("validation_invalid_value");
  }
}

/** Notes a problem where it lies, unless something is known to be wrong there. */
function put(problems: Problems, [first = "", ...rest]: readonly string[], it: Problem): void {
  const known = problems[first];
  if (rest.length === 0) problems[first] ??= it;
  else if (known === undefined) put((problems[first] = {}), rest, it);
  else if (!isProblem(known)) put(known, rest, it);
}

function at(it: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((part, step) => (part as Readonly<Record<string, unknown>>)[step], it);
}
