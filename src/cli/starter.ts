import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { closest, type Config } from "../config.ts";
import { type Embedded, starter as findStarter, starters } from "../embedded.ts";
import { Refusal } from "../lib/errors.ts";
import { sentence } from "../phrases/index.ts";
import { openProject } from "../project.ts";
import type { Terminal } from "./terminal.ts";
import { withOwnSite } from "./site-folder.ts";
import { codeOf } from "./trouble.ts";

/** `starter NAME`: its collections, forms and records into the project, its pages and hooks into their folders. */
export async function starter(given: Config, args: readonly string[], terminal: Terminal): Promise<number> {
  const [name = ""] = args;
  const found = findStarter(name);
  if (!found) {
    const meant = closest(name, starters());
    const names = starters().join(", ");
    const code = name === "" ? "cli_starter_unnamed" : meant ? "cli_starter_meant" : "cli_starter_unknown";
    terminal.complain(sentence("en", code, { name, names, meant: meant ?? "", first: starters()[0] ?? "" }));
    return 2;
  }
  const config = withOwnSite(given);
  const project = await openProject(config);
  let release = () => {};
  try {
    // A server that runs on this folder would not hear of the new collections.
    release = project.dir.claim();
    await project.applyStarter(found.schema);
  } finally {
    await project.close();
    release();
  }
  const kept = [
    ...(await copyFiles(found.files, config.publicDir, "cli_public_unwritable")),
    ...(await copyFiles(found.hooks, config.hooksDir, "cli_hooks_unwritable")),
  ];
  for (const path of kept) terminal.say(sentence("en", "cli_starter_kept", { path }));
  terminal.say(sentence("en", "cli_starter_done", { name, dir: config.dir, folder: config.publicDir }));
  return 0;
}

/**
 * Copies what is not there yet; answers the files that were, which are left alone.
 * Refusal "unavailable" with the code `unwritable` when the folder cannot be written.
 */
async function copyFiles(files: readonly Embedded[], folder: string, unwritable: string): Promise<string[]> {
  const kept: string[] = [];
  for (const { path, file } of files) {
    const target = join(folder, path);
    try {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, await Bun.file(file).bytes(), { flag: "wx" });
    } catch (error) {
      const code = codeOf(error);
      if (code !== "EEXIST" || !existsSync(target)) {
        throw new Refusal("unavailable", unwritable, { folder, code });
      }
      kept.push(target);
    }
  }
  return kept;
}
