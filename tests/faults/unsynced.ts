/**
 * Formstead with a broken promise, for the test that must notice: `never` syncs nothing, `late` answers first.
 *
 *     bun tests/faults/unsynced.ts never|late serve --dir DIR …
 */
import { fdatasync } from "node:fs";
import { createApp } from "../../src/app.ts";
import { addressOf } from "../../src/cli/serve.ts";
import { readConfig } from "../../src/config.ts";
import { openProject } from "../../src/project.ts";

const [how, ...argv] = process.argv.slice(2);
const start = readConfig(argv, {});
if (!start.ok) throw new Error(start.sentence);

const project = await openProject({
  ...start.config,
  sync: async (fd) => {
    if (how === "late") setTimeout(() => fdatasync(fd, () => {}), 20);
  },
});
const app = await createApp(project);
app.listen({ hostname: start.config.hostname, port: start.config.port, reusePort: false });
console.log(`${how} serves ${addressOf(start.config.hostname, app.server?.port ?? 0)}\ndashboard: none`);
process.once("SIGTERM", () => project.close().then(() => process.exit(0)));
