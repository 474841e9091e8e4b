import { Kind, type TObject, type TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { isObject } from "../lib/json.ts";
import { isProblem, type Problem, type Problems, problem } from "../lib/errors.ts";

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
    // Of a value of another shape, what it lacks inside says nothing more.
    put(problems, inGroups(schema, path), meaning(error.schema));
  }
  return problems;
}

/** As much of a path as leads through groups and lists of them, to the option that is wrong. */
function inGroups(schema: TSchema | undefined, path: readonly string[]): readonly string[] {
  const [first, ...rest] = path;
  if (first === undefined || !schema) return [];
  if (isGroup(schema)) return [first, ...inGroups(schema.properties[first], rest)];
  const items: TSchema | undefined = schema[Kind] === "Array" ? schema["items"] : undefined;
  return items && isGroup(items) ? [first, ...inGroups(items, rest)] : [];
}

function put(problems: Problems, [first = "", ...rest]: readonly string[], found: Problem): void {
  const known = problems[first];
  if (rest.length === 0) problems[first] ??= found;
  else if (known === undefined || !isProblem(known)) put((problems[first] = known ?? {}), rest, found);
}

function isGroup(schema: TSchema): schema is TObject {
  return schema[Kind] === "Object";
}

function meaning(schema: TSchema): Problem {
  if (schema[Kind] === "Literal" || schema[Kind] === "Union") return problem("validation_in_invalid");
  return problem("validation_invalid_value");
}
