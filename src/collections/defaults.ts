import { Kind, type TObject, type TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { isObject } from "../lib/json.ts";
import { type Problem, type Problems, problem } from "../lib/errors.ts";

/** Takes from `input` what the schema knows; what is missing, or `null` where that means nothing, has its default. */
export function withDefaults(schema: TObject, input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const taken: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(schema.properties)) {
    const given = Object.hasOwn(input, key) ? input[key] : undefined;
    if (isGroup(option)) taken[key] = withDefaults(option, isObject(given) ? given : {});
    else if (given === undefined || (given === null && !Value.Check(option, null))) taken[key] = Value.Create(option);
    else taken[key] = given;
  }
  return taken;
}

/** What the schema does not allow, by option. */
export function optionProblems(schema: TObject, value: unknown): Problems {
  const problems: Problems = {};
  for (const error of Value.Errors(schema, value)) {
    const path = error.path.split("/").slice(1);
    const [first = "", second] = path;
    const option = schema.properties[first];
    if (second !== undefined && option && isGroup(option)) {
      const group = problems[first];
      problems[first] = { ...(isObject(group) ? group : {}), [second]: meaning(error.schema) };
    } else problems[first] ??= meaning(error.schema);
  }
  return problems;
}

function isGroup(schema: TSchema): schema is TObject {
  return schema[Kind] === "Object";
}

function meaning(schema: TSchema): Problem {
  if (schema[Kind] === "Literal" || schema[Kind] === "Union") return problem("validation_in_invalid");
  return problem("validation_invalid_value");
}
