import { openPeople } from "./auth/people.ts";
import type { People } from "./auth/sessions.ts";
import { openSetup, type Setup } from "./auth/setup.ts";
import { openSuperusers, type Superusers } from "./auth/superusers.ts";
import { openTokens, type Tokens } from "./auth/tokens.ts";
import { createCollection, loadCollections } from "./collections/apply.ts";
import { openRegistry, type Registry } from "./collections/registry.ts";
import { builtIn } from "./collections/system.ts";
import type { Config } from "./config.ts";
import { migrations, version, workerEntry } from "./embedded.ts";
import { openOutbox, type Outbox } from "./events/outbox.ts";
import { followForms, formProblems } from "./forms/form.ts";
import { type Logs, openLogs } from "./logs/logs.ts";
import type { WriteParts } from "./records/write.ts";
import { type DataDir, openDataDir } from "./store/datadir.ts";
import type { Store } from "./store/engine.ts";
import { migrate } from "./store/migrations.ts";
import { openSqlite } from "./store/sqlite.ts";
import { applyStarter } from "./transfer/starter-kit.ts";

/** An opened folder and everything in it. */
export interface Project extends WriteParts {
  readonly config: Config;
  readonly dir: DataDir;
  readonly store: Store;
  readonly collections: Registry;
  readonly outbox: Outbox;
  readonly tokens: Tokens;
  readonly people: People;
  readonly superusers: Superusers;
  readonly setup: Setup;
  readonly logs: Logs;
  /** Makes the collections and records of a starter. */
  applyStarter(starter: unknown): Promise<void>;
  /** Waits for what is under way and closes everything that was opened. */
  close(): Promise<void>;
}

export interface ProjectOptions {
  /** Where log lines go; standard output when absent. */
  readonly write?: (text: string) => void;
  /** Makes what was written durable; for tests that hold it back or let it fail. */
  readonly sync?: (fd: number) => Promise<void>;
}

/** Opens the folder of `config`, making what is missing. Throws a Refusal that says in one sentence why it cannot be. */
export async function openProject(config: Config, options: ProjectOptions = {}): Promise<Project> {
  const logs = openLogs(options.write ? { write: options.write } : {});
  const dir = openDataDir(config.dir);
  const store = await openSqlite({
    file: dir.database,
    queryTimeout: config.queryTimeout,
    workerEntry,
    log: (line) => logs.say(line),
    ...(options.sync ? { sync: options.sync } : {}),
  });
  try {
    await migrate(store, { migrations: migrations(), version, backups: dir.backups });
    const outbox = openOutbox();
    const collections = openRegistry();
    const parts = { store, outbox, collections, checks: { _forms: formProblems }, follow: followForms };
    await loadCollections(parts);
    await makeBuiltIn(parts);
    const superusers = openSuperusers(parts);
    return {
      ...parts,
      config,
      dir,
      logs,
      tokens: openTokens(config.secret ?? dir.secret()),
      people: openPeople(parts),
      superusers,
      setup: openSetup(superusers),
      applyStarter: (starter) => applyStarter(parts, starter),
      close: async () => {
        await store.close();
        await logs.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function makeBuiltIn(parts: Pick<Project, "store" | "outbox" | "collections">): Promise<void> {
  for (const definition of builtIn) {
    if (parts.collections.find(String(definition["name"]))) continue;
    const made = await createCollection(parts, definition, { builtIn: true });
    if (!made.ok) throw new Error(`A built-in collection is wrong: ${JSON.stringify(made.problems)}`);
  }
}
