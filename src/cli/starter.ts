import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { closest, type Config } from "../config.ts";
import { type Embedded, starter as findStarter, starters } from "../embedded.ts";
import { Refusal } from "../lib/errors.ts";
import { sentence } from "../phrases/index.ts";
import { openProject } from "../project.ts";
import type { Terminal } from "./terminal.ts";
import { codeOf } from "./trouble.ts";

/** `starter NAME`: its collections, forms and records into the project, its pages into the public folder. */
export async function starter(config: Config, args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = ""] = args;
  const found = findStarter(name);
  if (!found) {
    const meant = closest(name, starters());
    const names = starters().join(", ");
    terminal.complain(
      sentence("en", meant ? "cli_starter_meant" : "cli_starter_unknown", { name, names, meant: meant ?? "" }),
    );
    return 2;
  }
  const project = await openProject(config);
  try {
    await project.applyStarter(found.schema);
  } finally {
    await project.close();
  }
  for (const path of await copyPages(found.files, config.publicDir)) {
    terminal.say(sentence("en", "cli_starter_kept", { path }));
  }
  terminal.say(sentence("en", "cli_starter_done", { name, dir: config.dir, folder: config.publicDir }));
  return 0;
}

/**
 * Copies what is not there yet; answers the files that were, which are left alone.
 * Refusal "unavailable" when the folder cannot be written.
 */
export async function copyPages(files: readonly Embedded[], folder: string): Promise<string[]> {
  const kept: string[] = [];
  for (const { path, file } of files) {
    const target = join(folder, path);
    try {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, await Bun.file(file).bytes(), { flag: "wx" });
    } catch (error) {
      const code = codeOf(error);
      if (code !== "EEXIST" || !existsSync(target)) {
        throw new Refusal("unavailable", "cli_public_unwritable", { folder, code });
      }
      kept.push(target);
    }
  }
  return kept;
}
