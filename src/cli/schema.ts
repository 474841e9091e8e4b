import { basename } from "node:path";
import type { Step } from "../collections/plan.ts";
import type { Schema } from "../collections/schema/declare.ts";
import { printSchema } from "../collections/schema/printing.ts";
import { readSchemaFile } from "../collections/schema/source.ts";
import { type Config, standard } from "../config.ts";
import * as library from "../index.ts";
import { Refusal } from "../lib/errors.ts";
import { sentence } from "../phrases/index.ts";
import { openProject, type Project } from "../project.ts";
import type { Terminal } from "./terminal.ts";
import { trouble } from "./trouble.ts";

/** `schema plan` says what the next start would change, `schema print` writes a schema file from what stands. */
export async function schema(config: Config, args: readonly string[], terminal: Terminal): Promise<number> {
  const [act] = args;
  const file = basename(config.schemaFile);
  const wanted = act === "plan" ? await readSchema(config) : undefined;
  if (act === "plan" && !wanted) {
    terminal.complain(sentence("en", "cli_schema_none", { file }));
    return 1;
  }
  const project = await openProject(config);
  try {
    if (!wanted) {
      terminal.say(printSchema(project.collections.current).trimEnd());
      return 0;
    }
    const tell = (all: readonly Step[]) => tellSteps(file, all, terminal);
    const { steps } = await project.applySchema(wanted, { rehearse: true, tell });
    const loses = steps.some((step) => step.loses);
    const code = steps.length === 0 ? "cli_schema_same" : loses ? "cli_schema_possible_loss" : "cli_schema_possible";
    terminal.say(sentence("en", code, { file }));
    return 0;
  } finally {
    await project.close();
  }
}

/** The schema of a project's folder; `undefined` where it has none. Refusal where a file that was asked for is missing. */
export async function readSchema({ schemaFile }: Config): Promise<Schema | undefined> {
  const schema = await readSchemaFile(schemaFile, library);
  if (!schema && schemaFile !== standard.schemaFile) {
    throw new Refusal("not found", "schema_missing", { file: schemaFile });
  }
  return schema;
}

/** Makes the collections as the schema describes them, and says so where that changes something. */
export async function applySchemaFile(project: Project, schema: Schema, terminal: Terminal): Promise<void> {
  const file = basename(project.config.schemaFile);
  const { steps } = await project.applySchema(schema, { tell: (all) => tellSteps(file, all, terminal) });
  if (steps.length > 0) terminal.say(sentence("en", "cli_schema_done", { file }));
}

/** The same while the server runs; a file that cannot be used changes nothing, and the server goes on. */
export async function reapplySchemaFile(project: Project, terminal: Terminal): Promise<void> {
  try {
    const schema = await readSchema(project.config);
    if (schema) await applySchemaFile(project, schema, terminal);
  } catch (error) {
    terminal.complain(trouble(error, project.config) ?? Bun.inspect(error));
  }
}

function tellSteps(file: string, steps: readonly Step[], terminal: Terminal): void {
  terminal.say(sentence("en", "cli_schema_steps", { file }));
  for (const { code, params, loses } of steps) {
    const step = sentence("en", code, params);
    terminal.say(sentence("en", loses ? "cli_schema_loss" : "cli_schema_step", { step }));
  }
}
