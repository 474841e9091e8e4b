import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { Config } from "../config.ts";
import { type Problem, Refusal } from "../lib/errors.ts";
import { sentence } from "../phrases/index.ts";
import { openProject, type Project } from "../project.ts";
import { type DataDir, isDataDir, openDataDir } from "../store/datadir.ts";
import { Conflicts, moveIn, type MovingOptions } from "../transfer/pocketbase/moving-in.ts";
import { openSource, type Source } from "../transfer/pocketbase/data-directory.ts";
import type { Terminal } from "./terminal.ts";

/** Records between two lines that say how far it is. */
const stride = 100_000;

/** Megabytes: ids come in no order, so that a batch touches pages all over their index. */
const cache = 64;

/** `import-pocketbase PB_DATA`; answers the exit code. With `--dry-run` it only says what would be done. */
export async function importPocketbase(
  config: Config,
  [folder = ""]: readonly string[],
  terminal: Terminal,
): Promise<number> {
  // Before the folder of the data is made: a mistyped name leaves nothing behind.
  if (!existsSync(join(folder, "data.db"))) throw new Refusal("bad request", "cli_pb_missing", { folder });
  if (isInside(config.dir, folder)) throw new Refusal("bad request", "cli_pb_inside", { dir: config.dir });
  await using open = new AsyncDisposableStack();
  const dir = openFolder(config, open);
  const source = openSource(folder, join(dir.tmp, "pocketbase"));
  open.defer(() => source.close());
  // Moving in once to try and once for good keeps everybody signed in.
  if (!config.dryRun && config.secret === undefined) dir.secret(source.secret);
  const project = await openProject({ ...config, dir: dir.root, cache });
  open.defer(() => project.close());
  return await take(project, source, { folder, config, terminal });
}

/** The folder, for this command alone. A rehearsal for one that is not there yet has one of its own, which goes with it. */
function openFolder(config: Config, open: AsyncDisposableStack): DataDir {
  const nowhere = config.dryRun && !isDataDir(config.dir);
  const root = nowhere ? mkdtempSync(join(tmpdir(), "formstead-")) : config.dir;
  if (nowhere) open.defer(() => rmSync(root, { recursive: true, force: true }));
  const dir = openDataDir(root);
  if (!config.dryRun) open.defer(dir.claim());
  return dir;
}

interface Telling {
  readonly folder: string;
  readonly config: Config;
  readonly terminal: Terminal;
}

async function take(project: Project, source: Source, { folder, config, terminal }: Telling): Promise<number> {
  const dry = config.dryRun;
  const say = (code: string, params = {}) => terminal.say(sentence("en", code, params));
  const told = new Map<string, number>();
  const options: MovingOptions = {
    dry,
    decided: (arrivals) => {
      say(dry ? "cli_pb_would" : "cli_pb_taking", { folder });
      for (const { definition, known, records } of arrivals) {
        const { name } = definition;
        if (definition.type === "view") say("cli_pb_view", { name });
        else say(known ? "cli_pb_collection_known" : "cli_pb_collection", { name, total: records });
      }
    },
    progress: (name, done, total) => {
      if (done < (told.get(name) ?? 0) + stride) return;
      told.set(name, done);
      say("cli_pb_progress", { name, done, total });
    },
  };
  try {
    const moved = await moveIn({ ...project, folder: project.dir.tmp }, source, options);
    list(moved.findings, "cli_pb_findings", terminal);
    const { collections, records, files, kept } = moved;
    say(dry ? "cli_pb_possible" : "cli_pb_done", { collections, records, files });
    if (kept > 0) say("cli_pb_kept", { kept });
    if (!dry) say("cli_pb_next", { dir: config.dir });
    return 0;
  } catch (error) {
    if (!(error instanceof Conflicts)) throw error;
    list(error.conflicts, "cli_pb_conflicts", terminal);
    return 1;
  }
}

function list(findings: readonly Problem[], title: string, terminal: Terminal): void {
  if (findings.length > 0) terminal.say(sentence("en", title));
  for (const { code, params } of findings) {
    terminal.say(sentence("en", "cli_pb_finding", { finding: sentence("en", code, params) }));
  }
}

function isInside(inner: string, outer: string): boolean {
  const [within, around] = [real(inner), real(outer)];
  return within === around || within.startsWith(around + sep);
}

/** Without links, as far as it is there. */
function real(path: string): string {
  const whole = resolve(path);
  if (existsSync(whole) || dirname(whole) === whole) return realpathSync(whole);
  return join(real(dirname(whole)), basename(whole));
}
