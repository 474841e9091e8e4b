import { createApp } from "../app.ts";
import type { Config } from "../config.ts";
import { version } from "../embedded.ts";
import { sentence } from "../phrases/index.ts";
import { openProject } from "../project.ts";
import type { Terminal } from "./terminal.ts";

/** Milliseconds that answers under way have once the server was told to stop; platforms kill after ten seconds. */
const patience = 8_000;

/** Serves until the process is told to stop, finishes what is in hand, and answers the exit code. */
export async function serve(config: Config, terminal: Terminal): Promise<number> {
  const project = await openProject(config);
  let release = () => {};
  try {
    release = project.dir.claim();
    const app = await createApp(project);
    const stop = askedToStop();
    // Without `reusePort: false` a second server on the same port would start without a word.
    app.listen({ hostname: config.hostname, port: config.port, reusePort: false });
    const { server } = app;
    if (!server) throw new Error("Elysia listens but has no server.");
    const address = addressOf(config.hostname, server.port ?? config.port);
    terminal.say(sentence("en", "cli_serving", { version, address }));
    terminal.say(sentence("en", "cli_site", { folder: config.publicDir }));
    terminal.say(sentence("en", "cli_dashboard", { address }));
    const token = await project.setup.token();
    if (token) terminal.say(sentence("en", "cli_setup", { link: `${address}/_/setup?token=${token}` }));
    await stop;
    terminal.say(sentence("en", "cli_stopping"));
    await Promise.race([server.stop(), hurried()]);
    await server.stop(true);
    return 0;
  } finally {
    await project.close();
    release();
  }
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
