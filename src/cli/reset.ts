import type { Config } from "../config.ts";
import { any } from "../lib/errors.ts";
import { sentence } from "../phrases/index.ts";
import { openProject } from "../project.ts";
import { standardSettings } from "../settings/settings.ts";
import { isDataDir } from "../store/datadir.ts";
import type { Terminal } from "./terminal.ts";
import { lines } from "./trouble.ts";

/** `settings reset GROUP`: the way back for whom the settings have shut out; answers the exit code. */
export async function resetSettings(config: Config, args: readonly string[], terminal: Terminal): Promise<number> {
  const [, group = ""] = args;
  if (!isDataDir(config.dir)) {
    terminal.complain(sentence("en", "cli_settings_nowhere", { dir: config.dir }));
    return 1;
  }
  const project = await openProject(config);
  try {
    const standing = new Map<string, unknown>(Object.entries(standardSettings));
    const outcome = await project.settings.change({ [group]: standing.get(group) });
    if (!outcome.ok && any(outcome.problems)) {
      for (const line of lines(outcome.problems)) terminal.complain(line);
      return 1;
    }
    terminal.say(sentence("en", "cli_settings_reset", { group }));
    return 0;
  } finally {
    await project.close();
  }
}
