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
import { openDiskStorage } from "./files/disk.ts";
import type { Storage } from "./files/storage.ts";
import { bundleComposer } from "./forms/bundle.ts";
import { digestComposer, sendDigests } from "./forms/digest.ts";
import { type Drafts, openDrafts } from "./forms/drafts.ts";
import { submissionProblems } from "./forms/answer.ts";
import { openForgetting } from "./forms/forgetting.ts";
import { formProblems } from "./forms/form.ts";
import { type Inbox, openInbox } from "./forms/inbox.ts";
import { formMoved, submissionMoved } from "./forms/lasting.ts";
import { followForms } from "./forms/renaming.ts";
import { type KnownForms, openKnownForms } from "./forms/known-forms.ts";
import { openRepetitions, type Repetitions } from "./forms/repetition.ts";
import { retire } from "./forms/retention.ts";
import { openShield, type Shield } from "./forms/shield/shield.ts";
import { openTallies, type Tallies } from "./forms/tallies.ts";
import { noticeComposers } from "./forms/notice-mails.ts";
import { bundleMail, digestMail } from "./forms/notices.ts";
import { findDelivery } from "./forms/webhook-events.ts";
import { type HookPatience, type HookSet, openHookSet } from "./hooks/hook-set.ts";
import { type LoadedHooks, loadHooks } from "./hooks/loader.ts";
import type { Pace } from "./jobs/follower.ts";
import { type Followers, openFollowers } from "./jobs/followers.ts";
import { type Jobs, openJobs } from "./jobs/queue.ts";
import { openRounds, type Rounds } from "./jobs/rounds.ts";
import { webhookKind, type WebhookPace } from "./jobs/webhooks.ts";
import { type Logs, openLogs } from "./logs/logs.ts";
import { openPost, type Post, type PostOptions } from "./mail/post.ts";
import { openFingerprints } from "./lib/secrets.ts";
import { openTogether, type Together } from "./lib/together.ts";
import { parkedFiles } from "./forms/parked-files.ts";
import { sweepFiles } from "./records/leftovers.ts";
import type { WriteParts } from "./records/write.ts";
import { type DataDir, openDataDir } from "./store/datadir.ts";
import { openSettings, type SettingsBook } from "./settings/settings.ts";
import type { Store } from "./store/engine.ts";
import { migrate } from "./store/migrations.ts";
import { openSqlite } from "./store/sqlite.ts";
import { openImportMemory } from "./transfer/import-memory.ts";
import { type ImportRuns, openImportRuns } from "./transfer/import-runs.ts";
import { applyStarter } from "./transfer/starter-kit.ts";

/** An opened folder and everything in it. */
export interface Project extends WriteParts, AsyncDisposable {
  readonly config: Config;
  readonly dir: DataDir;
  readonly store: Store;
  /** The files of records. */
  readonly files: Storage;
  readonly collections: Registry;
  readonly outbox: Outbox;
  readonly tokens: Tokens;
  readonly people: People;
  readonly attempts: Attempts;
  readonly superusers: Superusers;
  readonly setup: Setup;
  /** What owners change while it runs. */
  readonly settings: SettingsBook;
  readonly logs: Logs;
  readonly hooks: HookSet;
  readonly followers: Followers;
  readonly jobs: Jobs;
  readonly rounds: Rounds;
  readonly shield: Shield;
  readonly tallies: Tallies;
  readonly repetitions: Repetitions;
  readonly knownForms: KnownForms;
  /** Resolves for all form posts that arrive at once. */
  readonly together: Together;
  readonly inbox: Inbox;
  /** What failed sends keep. */
  readonly drafts: Drafts;
  /** Files that are being looked through and imported. */
  readonly imports: ImportRuns;
  /** What is remembered of an address on the network: says which one it was, and nothing about it. `""` stays so. */
  hashAddress(address: string): string;
  readonly post: Post;
  /** From now on jobs and rounds are done. Not for a command beside a running server, which would do them a second time. */
  work(): void;
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
  /** How mails are sent, where that differs from the usual. */
  readonly mail?: PostOptions;
  /** How webhooks are delivered, where that differs from the usual. */
  readonly webhooks?: WebhookPace;
  /** Where log lines go; standard output when absent. */
  readonly write?: (text: string) => void;
  /** Megabytes of the database that the one who writes keeps in memory, where that shall be more than usual. */
  readonly cache?: number;
  /** Makes what was written durable; for tests that hold it back or let it fail. */
  readonly sync?: (fd: number) => Promise<void>;
}

const hour = 60 * 60 * 1000;
const day = 24 * hour;

/**
 * Opens a folder, making what is missing. The site's own files are in `public` inside it, and hooks in `hooks`, unless said. Throws
 * a Refusal that says in one sentence why it cannot be.
 */
export async function openProject(options: ProjectOptions): Promise<Project> {
  const { schema, hookPatience, hookPace, mail, webhooks, write, cache, sync, ...settings } = options;
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
    ...(cache ? { cache } : {}),
    ...(sync ? { sync } : {}),
  });
  try {
    await migrate(store, { migrations: migrations(), version, backups: dir.backups });
    const outbox = openOutbox();
    const collections = openRegistry();
    const hooks = openHookSet(say, hookPatience);
    const attempts = openAttempts();
    const checks = { _forms: formProblems, _submissions: submissionProblems };
    const lasting = { _forms: formMoved, _submissions: submissionMoved };
    const jobs = openJobs({ store, hub, logs });
    const secret = config.secret ?? dir.secret();
    const shield = openShield({ store, secret });
    const parts = {
      store,
      files: openDiskStorage(dir.files, dir.removed),
      outbox,
      collections,
      hooks,
      checks,
      lasting,
      guard: attempts.show,
      gone: openForgetting({ outbox, jobs, shield }),
      follow: followForms,
    };
    await loadCollections({ ...parts, say });
    await makeBuiltIn(parts);
    const superusers = openSuperusers(parts);
    const followers = openFollowers({ store, outbox, hub, collections, logs }, hookPace);
    const rounds = openRounds({ store, logs });
    rounds.every("jobs", hour, () => jobs.sweep());
    const tallies = openTallies({ store, logs });
    rounds.every("tallies", day, () => tallies.sweep());
    const hash = openFingerprints(secret, 10_000);
    const inbox = openInbox({ ...parts, jobs, shield });
    rounds.every("retention", hour, async () => {
      const kept = await retire({ ...parts, jobs, shield, inbox, logs });
      if (kept > 0)
        say(
          `Answers that are to be forgotten and are still here: ${kept}. Remove the records that need them, or look at your hooks.`,
        );
    });
    const drafts = openDrafts({ store, folder: dir.drafts });
    rounds.every("drafts", hour / 6, () => drafts.expire());
    const imports = openImportRuns({
      folder: dir.tmp,
      memory: openImportMemory(store),
      fault: (error) => logs.fault("import", error),
    });
    rounds.every("imports", hour / 6, () => imports.expire());
    rounds.every("backups", hour, async () => dir.clearBackup());
    rounds.every("files", day, async () => void (await sweepFiles({ ...parts, mentioned: parkedFiles })));
    const book = await openSettings(store);
    const wired = { ...parts, jobs, settings: book };
    const composers = {
      ...noticeComposers(wired),
      [digestMail]: digestComposer(wired),
      [bundleMail]: bundleComposer(wired),
    };
    const post = openPost({ ...wired, composers, ...mail });
    const webhook = webhookKind({
      find: (form, submission) => findDelivery(wired, form, submission),
      allowPrivate: config.allowPrivateAddresses,
      ...webhooks,
    });
    rounds.every("digest", hour / 6, () => sendDigests(wired));
    const file = basename(config.schemaFile);
    const close = async () => {
      await Promise.all([followers.close(), rounds.close(), jobs.close(), tallies.close(), imports.close()]);
      post.close();
      await store.close();
      await logs.close();
    };
    const project: Project = {
      ...parts,
      config,
      dir,
      logs,
      tokens: openTokens(secret),
      people: openPeople(parts),
      attempts,
      superusers,
      setup: openSetup(superusers),
      settings: book,
      applySchema: (wanted, options) => applySchema(parts, wanted, { file, acceptLoss: config.acceptLoss, ...options }),
      applyStarter: (starter) => applyStarter(parts, starter),
      followers,
      jobs,
      rounds,
      shield,
      tallies,
      repetitions: openRepetitions({ store }),
      knownForms: openKnownForms({ store, hub }),
      together: openTogether(),
      inbox,
      drafts,
      imports,
      hashAddress: (address) => (address === "" ? "" : hash(`address ${address}`)),
      post,
      work: () => {
        jobs.work({ mail: post.kind, webhook });
        rounds.start();
      },
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
