import { Database } from "bun:sqlite";
import { readFileSync } from "node:fs";
import { arch, cpus, release, totalmem, type } from "node:os";
import { root } from "./programs.ts";
import { node } from "./sides.ts";

/** What the figures were measured on, as lines of text; `folder` is where the data lay. */
export function machine(folder: string): readonly string[] {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  return [
    `${cpu?.model.trim()}, ${cpus().length} cores, ${gigabytes} GB; ${type()} ${release()}, ${arch()}; data on ${fileSystem(folder)}`,
    `Bun ${Bun.version} with SQLite ${sqlite()}; ${peer()}; ${printed(["wrk", "-v"]).split(" [")[0]}`,
    `Formstead ${commit()}`,
  ];
}

/** The file system under a folder, since a sync costs nothing in memory. */
function fileSystem(folder: string): string {
  return printed(["findmnt", "-no", "FSTYPE", "-T", folder]) || "an unknown file system";
}

function sqlite(): string {
  const db = new Database(":memory:");
  const row = db.prepare<{ version: string }, []>("SELECT sqlite_version() AS version").get();
  db.close();
  return row?.version ?? "";
}

function peer(): string {
  const manifest: { dependencies: { express: string } } = JSON.parse(
    readFileSync(`${root}/bench/express/package.json`, "utf8"),
  );
  const versions = printed([node(), "-p", "process.versions.node + ' with SQLite ' + process.versions.sqlite"]);
  return `Express ${manifest.dependencies.express} on Node ${versions || "(not installed)"}`;
}

function commit(): string {
  const changed = printed(["git", "status", "--porcelain", "src"]) === "" ? "" : ", with changes";
  return (printed(["git", "rev-parse", "--short", "HEAD"]) || "of no commit") + changed;
}

/** The first line a command prints; `""` when there is no such command. */
function printed(command: string[]): string {
  try {
    const { stdout } = Bun.spawnSync(command, { cwd: root, stderr: "ignore" });
    return stdout.toString().trim().split("\n")[0] ?? "";
  } catch {
    return "";
  }
}
