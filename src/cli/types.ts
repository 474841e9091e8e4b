import type { Collections } from "../collections/collection.ts";
import { recordTypes } from "../collections/record-types.ts";
import { moduleTypes } from "../collections/schema/module-types.ts";
import type { Config } from "../config.ts";
import { hookTypes } from "../embedded.ts";
import { sentence } from "../phrases/index.ts";
import { openProject } from "../project.ts";
import { readSchema } from "./schema.ts";
import type { Terminal } from "./terminal.ts";

/** `types`: TypeScript types of the collections, as the schema file has them where there is one; `types schema`: of the words that a schema file imports. */
export async function types(config: Config, args: readonly string[], terminal: Terminal): Promise<number> {
  const [about] = args;
  if (about === "schema") {
    terminal.say(moduleTypes().trimEnd());
    return 0;
  }
  if (about !== undefined) {
    terminal.complain(sentence("en", "cli_types_about"));
    return 2;
  }
  const project = await openProject(config);
  try {
    const schema = await readSchema(config);
    const planned = schema && (await project.applySchema(schema, { rehearse: true }));
    terminal.say(typesOf(planned?.collections ?? project.collections.current).trimEnd());
    return 0;
  } finally {
    await project.close();
  }
}

/** All that `formstead types` prints. */
export function typesOf(set: Collections): string {
  return [sentence("en", "cli_types_head"), recordTypes(set), forHooks(hookTypes())].join("\n");
}

/** The types that hooks are written against, which are global, with your collections in them. */
function forHooks(text: string): string {
  const known = text
    .replace(/(?<=interface FormsteadRecords )\{\s*\}/, "extends Records {}")
    .replaceAll(/^declare /gm, "")
    .replaceAll(/^(?=.)/gm, "  ");
  return `declare global {\n${known.trimEnd()}\n}\n`;
}
