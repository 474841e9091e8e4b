import { basename, join } from "node:path";
import { type Attempts, openAttempts } from "./auth/attempts.ts";
import { openPeople } from "./auth/people.ts";
import type { People } from "./auth/sessions.ts";
import { openSetup, type Setup } from "./auth/setup.ts";
import { openSuperusers, type Superusers } from "./auth/superusers.ts";
import { openTokens, type Tokens } from "./auth/tokens.ts";
import { loadCollections } from "./collections/apply.ts";
import { openRegistry, type Registry } from "./collections/registry.ts";
import { type Applied, applySchema, type SchemaOptions } from "./collections/schema/applying.ts";
import type { Schema } from "./collections/schema/declare.ts";
import { makeBuiltIn } from "./collections/built-in.ts";
import { type Config, standard } from "./config.ts";
import { migrations, version, workerEntry } from "./embedded.ts";
import { openOutbox, type Outbox } from "./events/outbox.ts";
import { openHub } from "./events/hub.ts";
import { followForms, formProblems } from "./forms/form.ts";
import { type HookPatience, type HookSet, openHookSet } from "./hooks/hook-set.ts";
import { type LoadedHooks, loadHooks } from "./hooks/loader.ts";
import type { Pace } from "./jobs/follower.ts";
import { type Followers, openFollowers } from "./jobs/followers.ts";
import { type Logs, openLogs } from "./logs/logs.ts";
import type { WriteParts } from "./records/write.ts";
import { type DataDir, openDataDir } from "./store/datadir.ts";
import type { Store } from "./store/engine.ts";
import { migrate } from "./store/migrations.ts";
import { openSqlite } from "./store/sqlite.ts";
import { applyStarter } from "./transfer/starter-kit.ts";

/** An opened folder and everything in it. */
export interface Project extends WriteParts, AsyncDisposable {
  readonly config: Config;
  readonly dir: DataDir;
  readonly store: Store;
  readonly collections: Registry;
  readonly outbox: Outbox;
  readonly tokens: Tokens;
  readonly people: People;
  readonly attempts: Attempts;
  readonly superusers: Superusers;
  readonly setup: Setup;
  readonly logs: Logs;
  readonly hooks: HookSet;
  readonly followers: Followers;
  /** Runs the files in the hooks folder against an app. What they want holds once `hooks` uses it. */
  loadHooks(app: object): Promise<LoadedHooks>;
  /** Makes the collections as a schema describes them, or says why not. */
  applySchema(schema: Schema, options?: Partial<SchemaOptions>): Promise<Applied>;
  /** Makes the collections and records of a starter. */
  applyStarter(starter: unknown): Promise<void>;
  /** Waits for what is under way and closes everything that was opened; `await using` calls it, too. */
  close(): Promise<void>;
}

/** What a project is opened with: its folder, and what differs from the standard settings. */
export interface ProjectOptions extends Partial<Config> {
  readonly dir: string;
  /** The collections it has, as a `schema.ts` exports them. */
  readonly schema?: Schema;
  /** How long people's hooks may take, in milliseconds. */
  readonly hookPatience?: Partial<HookPatience>;
  /** How often, and after which times, an `after` hook that fails is tried again. */
  readonly hookPace?: Pace;
  /** Where log lines go; standard output when absent. */
  readonly write?: (text: string) => void;
  /** Makes what was written durable; for tests that hold it back or let it fail. */
  readonly sync?: (fd: number) => Promise<void>;
}

/**
 * Opens a folder, making what is missing. The site's own files are in `public` inside it, and hooks in `hooks`, unless said. Throws
 * a Refusal that says in one sentence why it cannot be.
 */
export async function openProject(options: ProjectOptions): Promise<Project> {
  const { schema, hookPatience, hookPace, write, sync, ...settings } = options;
  const inside = { publicDir: join(settings.dir, "public"), hooksDir: join(settings.dir, "hooks") };
  const config: Config = { ...standard, ...inside, ...settings };
  const logs = openLogs(write ? { write } : {});
  const say = (line: string) => logs.say(line);
  const hub = openHub();
  const dir = openDataDir(config.dir);
  const store = await openSqlite({
    file: dir.database,
    queryTimeout: config.queryTimeout,
    workerEntry,
    stored: hub.wake,
    log: say,
    ...(sync ? { sync } : {}),
  });
  try {
    await migrate(store, { migrations: migrations(), version, backups: dir.backups });
    const outbox = openOutbox();
    const collections = openRegistry();
    const hooks = openHookSet(say, hookPatience);
    const attempts = openAttempts();
    const checks = { _forms: formProblems };
    const parts = { store, outbox, collections, hooks, checks, guard: attempts.show, follow: followForms };
    await loadCollections(parts);
    await makeBuiltIn(parts);
    const superusers = openSuperusers(parts);
    const followers = openFollowers({ store, outbox, hub, collections, logs }, hookPace);
    const file = basename(config.schemaFile);
    const close = async () => {
      await followers.close();
      await store.close();
      await logs.close();
    };
    const project: Project = {
      ...parts,
      config,
      dir,
      logs,
      tokens: openTokens(config.secret ?? dir.secret()),
      people: openPeople(parts),
      attempts,
      superusers,
      setup: openSetup(superusers),
      applySchema: (wanted, options) => applySchema(parts, wanted, { file, acceptLoss: config.acceptLoss, ...options }),
      applyStarter: (starter) => applyStarter(parts, starter),
      followers,
      loadHooks: (app) => loadHooks({ ...parts, say }, config.hooksDir, app),
      close,
      [Symbol.asyncDispose]: close,
    };
    if (schema) await project.applySchema(schema);
    return project;
  } catch (error) {
    await store.close();
    throw error;
  }
}
