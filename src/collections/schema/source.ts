import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { Refusal } from "../../lib/errors.ts";
import { isObject } from "../../lib/json.ts";
import { loadModule, offerModule } from "../../lib/modules.ts";
import type { Schema } from "./declare.ts";

/**
 * Reads the schema that a file exports, as it is on disk now; `undefined` where there is no such file. What the file imports from
 * "formstead" is `library`, since nothing is installed beside the binary. Refusal, with file and line, where it cannot be read.
 */
export async function readSchemaFile(
  file: string,
  library: Readonly<Record<string, unknown>>,
): Promise<Schema | undefined> {
  const path = resolve(file);
  if (!existsSync(path)) return undefined;
  offerModule("formstead", library);
  const loaded = await loadModule(path);
  if (!loaded.ok) {
    const { place, reason } = loaded;
    throw new Refusal("bad request", "schema_unreadable", { place, reason });
  }
  const schema = loaded.exports["default"];
  if (!isSchema(schema)) throw new Refusal("bad request", "schema_not_exported", { file: basename(file) });
  return schema;
}

/** What stands in it is looked at where it is read. */
function isSchema(it: unknown): it is Schema {
  return isObject(it) && isObject(it["collections"]);
}
