import { readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { type Config, standard } from "../config.ts";
import { publicFolder } from "../embedded.ts";
import { Refusal } from "../lib/errors.ts";
import { sentence } from "../phrases/index.ts";
import { codeOf } from "./trouble.ts";

/**
 * The config with a folder for the site that is not the one whose files every Formstead sends: what is put there would be built into
 * the program. Where nobody has named a folder, and `./public` is that one, the site lies beside the data. Refusal
 * `cli_public_embedded` for one that was named.
 */
export function withOwnSite(config: Config): Config {
  const { publicDir, dir } = config;
  // In the binary the embedded folder is no place on the disk, and a site's folder need not be there yet.
  const folder = realPath(publicDir);
  if (folder === undefined || folder !== realPath(publicFolder)) return config;
  if (publicDir === standard.publicDir) return { ...config, publicDir: join(dir, "public") };
  throw new Refusal("unavailable", "cli_public_embedded", { folder: publicDir });
}

/** Why nothing of the site can be shown, as a sentence; `undefined` where all is well, or where there is no folder yet. */
export function siteTrouble({ publicDir }: Config): string | undefined {
  try {
    readdirSync(publicDir);
  } catch (error) {
    const code = codeOf(error);
    if (code !== "ENOENT") return sentence("en", "cli_public_unreadable", { folder: publicDir, code });
  }
  return undefined;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
