import type { Config } from "../config.ts";
import { any, type Params, problem } from "../lib/errors.ts";
import { sameJson } from "../lib/json.ts";
import { sentence } from "../phrases/index.ts";
import { openProject } from "../project.ts";
import { isDataDir } from "../store/datadir.ts";
import type { Terminal } from "./terminal.ts";
import { lines } from "./trouble.ts";

/** `superuser upsert|create|update|delete EMAIL [PASSWORD]`; answers the exit code. */
export async function superuser(config: Config, args: readonly string[], terminal: Terminal): Promise<number> {
  const [action = "", email = "", given] = args;
  if (action === "delete" && given !== undefined) return refused(terminal, "cli_password_needless", 2);
  // These two are about somebody who is there already; a mistyped folder would be made, and found empty.
  if ((action === "update" || action === "delete") && !isDataDir(config.dir)) {
    return refused(terminal, "cli_superuser_nowhere", 1, { dir: config.dir });
  }
  const password = action === "delete" ? "" : (given ?? (await ask(email, terminal)));
  if (password === undefined) return refused(terminal, "cli_password_differs", 1);
  if (password === "" && action !== "delete") return refused(terminal, "cli_password_missing", 2);
  const project = await openProject(config);
  try {
    const { superusers } = project;
    if (action === "delete") {
      await superusers.delete(email);
    } else {
      const verb = action === "create" ? "create" : action === "update" ? "update" : "upsert";
      const outcome = await superusers[verb](email, password);
      if (
        !outcome.ok &&
        action === "create" &&
        sameJson(outcome.problems, { email: problem("validation_not_unique") })
      ) {
        return refused(terminal, "cli_superuser_exists", 1, { email });
      }
      if (!outcome.ok && any(outcome.problems)) {
        for (const line of lines(outcome.problems)) terminal.complain(line);
        return 1;
      }
    }
    const done = action.endsWith("e") ? `${action}d` : `${action}ed`;
    terminal.say(sentence("en", `cli_superuser_${done}`, { email }));
    return 0;
  } finally {
    await project.close();
  }
}

function ask(email: string, terminal: Terminal): Promise<string | undefined> {
  return terminal.newPassword(sentence("en", "cli_password", { email }), sentence("en", "cli_password_again"));
}

function refused(terminal: Terminal, code: string, exit: number, params: Params = {}): number {
  terminal.complain(sentence("en", code, params));
  return exit;
}
