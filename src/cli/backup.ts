import { makeBackup } from "../backups/making.ts";
import type { Config } from "../config.ts";
import { openDiskStorage } from "../files/disk.ts";
import { bytesIn } from "../lib/writing.ts";
import { sentence } from "../phrases/index.ts";
import { isDataDir, openDataDir } from "../store/datadir.ts";
import { openSqlite } from "../store/sqlite.ts";
import type { Terminal } from "./terminal.ts";

/** `backup [FILE]`; answers the exit code. The data is copied as it is: whichever version of Formstead serves it. */
export async function backup(config: Config, [target]: readonly string[], terminal: Terminal): Promise<number> {
  if (!isDataDir(config.dir)) {
    terminal.complain(sentence("en", "cli_backup_nowhere", { dir: config.dir }));
    return 1;
  }
  const dir = openDataDir(config.dir);
  const store = await openSqlite({ file: dir.database, queryTimeout: config.queryTimeout });
  try {
    const { file, size, files } = await makeBackup({ dir, store, files: openDiskStorage(dir.files) }, target);
    terminal.say(sentence("en", "cli_backup_done", { file, size: bytesIn("en", size), files }));
    return 0;
  } finally {
    await store.close();
  }
}
