import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Migration } from "../embedded.ts";
import { Refusal } from "../lib/errors.ts";
import type { Reading, Store, Unit } from "./engine.ts";
import { raw } from "./sql.ts";

export interface MigrateOptions {
  /** All there are, first to last; the list only ever grows at its end. */
  readonly migrations: readonly Migration[];
  /** The version of this program, for the name of the copy. */
  readonly version: string;
  /** The folder of copies. */
  readonly backups: string;
}

/**
 * Brings our own tables to the form this program knows, each migration in a unit of its own. The file names its format: how
 * many migrations it has had (`PRAGMA user_version`). Data that an older version wrote is first copied to
 * `before-VERSION.db` in `backups`. Throws a Refusal (code `data_newer`) for data that a newer version has written.
 */
export async function migrate(store: Store, { migrations, version, backups }: MigrateOptions): Promise<void> {
  const format = await formatOf(store);
  if (format > migrations.length) throw newer(format, migrations.length);
  if (format > 0 && format < migrations.length) await store.copyTo(unusedName(backups, version));
  for (const [before, migration] of migrations.entries()) {
    if (before >= format) await apply(store, migration, before);
  }
}

/** The number of migrations that the data has had; 0 for a new file. */
async function formatOf(reading: Reading): Promise<number> {
  return (await reading.first<{ user_version: number }>(raw("PRAGMA user_version")))?.user_version ?? 0;
}

/** Seconds that a migration of large data may take; nobody is served meanwhile. */
const patience = 3600;

/** Two programs may start at once on one folder, so the format is asked again where nobody else can change it. */
function apply(store: Store, { sql }: Migration, before: number): Promise<void> {
  const work = async (tx: Unit) => {
    const format = await formatOf(tx);
    if (format > before) return;
    for (const statement of statementsOf(sql)) await tx.run(raw(statement));
    await tx.run(raw(`PRAGMA user_version = ${before + 1}`));
  };
  return store.write(work, { seconds: patience });
}

/** A statement ends with a `;` at the end of a line; those inside a trigger stand before the end of theirs. */
function statementsOf(sql: string): string[] {
  return sql
    .replace(/^\s*--.*$/gm, "")
    .split(/;[ \t]*(?:\r?\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}

/** A copy from an earlier try is kept: it may be the only one from before any migration. */
function unusedName(backups: string, version: string): string {
  for (let n = 1; ; n++) {
    const file = join(backups, `before-${version}${n === 1 ? "" : `-${n}`}.db`);
    if (!existsSync(file)) return file;
  }
}

function newer(format: number, known: number): Refusal {
  return new Refusal("unavailable", "data_newer", { format, known });
}
