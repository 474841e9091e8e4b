import { existsSync } from "node:fs";
import { restoreBackup } from "../backups/restoring.ts";
import type { Config } from "../config.ts";
import { spoken } from "../lib/dates.ts";
import { Refusal } from "../lib/errors.ts";
import { sentence } from "../phrases/index.ts";
import { openDataDir } from "../store/datadir.ts";
import type { Terminal } from "./terminal.ts";

/** `restore FILE`; answers the exit code. */
export async function restore({ dir }: Config, [file = ""]: readonly string[], terminal: Terminal): Promise<number> {
  // Before the folder is made: a mistyped name leaves nothing behind.
  if (!existsSync(file)) throw new Refusal("not found", "backup_missing", { file });
  const { made, files, before } = await restoreBackup(openDataDir(dir), file);
  terminal.say(sentence("en", "cli_restore_done", { dir, made: spoken(made, "en"), files }));
  if (before !== undefined) terminal.say(sentence("en", "cli_restore_before", { before }));
  terminal.say(sentence("en", "cli_restore_next", { dir }));
  return 0;
}
