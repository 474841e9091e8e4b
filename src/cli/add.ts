import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { asBun, type Config } from "../config.ts";
import { Refusal } from "../lib/errors.ts";
import { sentence } from "../phrases/index.ts";
import type { Terminal } from "./terminal.ts";
import { codeOf } from "./trouble.ts";

/** `add PACKAGE`: an npm package for hooks, into their folder; answers the exit code. */
export async function add({ hooksDir }: Config, [name = ""]: readonly string[], terminal: Terminal): Promise<number> {
  if (name === "" || name.startsWith("-")) {
    terminal.complain(sentence("en", "cli_add_unnamed", { name: JSON.stringify(name) }));
    return 2;
  }
  await prepare(hooksDir);
  const child = Bun.spawn([process.execPath, "add", name], {
    cwd: hooksDir,
    env: asBun(),
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
  });
  const code = await child.exited;
  if (code === 0) terminal.say(sentence("en", "cli_add_done", { name, folder: hooksDir }));
  else terminal.complain(sentence("en", "cli_add_failed", { name }));
  return code === 0 ? 0 : 1;
}

/** Without a package.json of its own the package would be added to that of a folder above. */
async function prepare(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    const about = join(folder, "package.json");
    if (!existsSync(about)) await writeFile(about, '{ "private": true }\n');
  } catch (error) {
    throw new Refusal("unavailable", "cli_hooks_unwritable", { folder, code: codeOf(error) });
  }
}
