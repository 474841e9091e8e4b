import { createApp } from "../app.ts";
import type { Config } from "../config.ts";
import { version } from "../embedded.ts";
import { serverOptionsFor } from "../http/options.ts";
import { sentence } from "../phrases/index.ts";
import { watchPath } from "../jobs/watcher.ts";
import { openProject, type Project } from "../project.ts";
import { applySchemaFile, readSchema, reapplySchemaFile } from "./schema.ts";
import { siteTrouble, withOwnSite } from "./site-folder.ts";
import type { Terminal } from "./terminal.ts";
import { trouble } from "./trouble.ts";

/** Milliseconds that answers under way have once the server was told to stop; platforms kill after ten seconds. */
const patience = 8_000;

/** Serves until the process is told to stop, finishes what is in hand, and answers the exit code. */
export async function serve(given: Config, terminal: Terminal): Promise<number> {
  const config = withOwnSite(given);
  const schema = await readSchema(config);
  const project = await openProject(config);
  let release = () => {};
  const mortal = outlive(project);
  let unwatch = () => {};
  try {
    release = project.dir.claim();
    if (schema) await applySchemaFile(project, schema, terminal);
    const app = await createApp(project);
    const stop = askedToStop();
    app.listen({ ...serverOptionsFor(config.queryTimeout), hostname: config.hostname, port: config.port });
    const { server } = app;
    if (!server) throw new Error("Elysia listens but has no server.");
    // Before anybody is told that it serves: who then changes a file at once is seen.
    if (config.dev) {
      const hooks = watchPath(config.hooksDir, () => reload(project, server, terminal));
      const described = watchPath(config.schemaFile, () => reapplySchemaFile(project, terminal));
      unwatch = () => [hooks, described].forEach((end) => end());
    }
    const address = addressOf(config.hostname, server.port ?? config.port);
    terminal.say(sentence("en", "cli_serving", { version, address }));
    terminal.say(siteTrouble(config) ?? sentence("en", "cli_site", { folder: config.publicDir }));
    terminal.say(sentence("en", "cli_dashboard", { address }));
    if (!project.settings.current.smtp.enabled) terminal.say(sentence("en", "cli_mailbox", { address }));
    const token = await project.setup.token();
    if (token) terminal.say(sentence("en", "cli_setup", { link: `${address}/_/setup?token=${token}` }));
    await stop;
    terminal.say(sentence("en", "cli_stopping"));
    await Promise.race([server.stop(), hurried()]);
    await server.stop(true);
    return 0;
  } finally {
    unwatch();
    await project.close();
    mortal();
    release();
  }
}

/** Answers with the hooks as they are on disk now; where they cannot be used, the ones of before go on. */
async function reload(project: Project, server: Bun.Server<unknown>, terminal: Terminal): Promise<void> {
  try {
    const app = await createApp(project, { server: () => server });
    app.compile();
    app.server = server;
    server.reload({ fetch: (request) => app.fetch(request) });
    terminal.say(sentence("en", "cli_hooks_reloaded"));
  } catch (error) {
    const told = trouble(error, project.config) ?? Bun.inspect(error);
    terminal.complain(sentence("en", "cli_hooks_kept", { trouble: told }));
  }
}

/** What people's code threw where nobody waited for it goes into the log, and ends nobody's request. Answers how to undo it. */
function outlive({ logs }: Project): () => void {
  const tell = (error: unknown) => logs.fault("nobody waited for", error);
  process.on("unhandledRejection", tell);
  process.on("uncaughtException", tell);
  return () => {
    process.off("unhandledRejection", tell);
    process.off("uncaughtException", tell);
  };
}

/** Where a browser on this machine finds it. */
export function addressOf(hostname: string, port: number): string {
  const host = hostname === "0.0.0.0" || hostname === "::" ? "127.0.0.1" : hostname;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function askedToStop(): Promise<void> {
  return new Promise((stop) => {
    process.once("SIGTERM", () => stop());
    process.once("SIGINT", () => stop());
  });
}

/** Settles when waiting has to end: after a while, or when somebody asks a second time. */
async function hurried(): Promise<void> {
  const late = Bun.sleep(patience);
  // One Ctrl-C may arrive twice, from the terminal and from a program in between.
  await Bun.sleep(500);
  await Promise.race([late, askedToStop()]);
}
