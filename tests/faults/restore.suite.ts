import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeBackup } from "../../src/backups/making.ts";
import { openDiskStorage } from "../../src/files/disk.ts";
import { openProject } from "../../src/index.ts";
import { openDataDir } from "../../src/store/datadir.ts";

const main = join(import.meta.dir, "..", "..", "src", "main.ts");
const rounds = 40;
const files = 300;

/** Makes data that can be told from other data in each of its parts. */
async function fill(root: string, called: string): Promise<void> {
  const project = await openProject({ dir: root, write: () => {} });
  await project.superusers.create(`${called}@example.com`, "a good password");
  await project.close();
  writeFileSync(join(root, "secret"), called.padEnd(40, "x"));
  for (let n = 0; n < files; n++) {
    mkdirSync(join(root, "files", "c", `r${n}`), { recursive: true });
    writeFileSync(join(root, "files", "c", `r${n}`, "a.txt"), called);
  }
}

/** Whose the parts of it are: one name where they belong together. */
function owners(root: string): string[] {
  const database = new Database(join(root, "formstead.db"));
  const rows = database.query("SELECT email FROM _superusers").all() as { email: string }[];
  const whole = database.query("PRAGMA integrity_check").get();
  database.close();
  expect(whole).toEqual({ integrity_check: "ok" });
  const records = readdirSync(join(root, "files", "c"));
  expect(records).toHaveLength(files);
  const texts = records.map((record) => readFileSync(join(root, "files", "c", record, "a.txt"), "utf8"));
  const secret = readFileSync(join(root, "secret"), "utf8").replace(/x+$/, "");
  return [...new Set([...rows.map(({ email }) => email.split("@")[0] ?? ""), ...texts, secret])];
}

/** Waits until a restore has decided. */
async function deciding(root: string, { exited }: Bun.Subprocess): Promise<void> {
  let over = false;
  void exited.then(() => (over = true));
  while (!over && !readdirSync(root).some((name) => /^restoring-\d+$/.test(name))) await Bun.sleep(0);
}

test("killed at any moment, a restore leaves the old data or the new", async () => {
  const folder = mkdtempSync(join(tmpdir(), "formstead-killed-"));
  const archive = async (called: string) => {
    const dir = openDataDir(join(folder, called));
    await fill(dir.root, called);
    const store = { copyTo: async (to: string) => void new Database(dir.database).run("VACUUM INTO ?", [to]) };
    return (await makeBackup({ dir, store, files: openDiskStorage(dir.files) }, join(folder, `${called}.zip`))).file;
  };
  const archives = [await archive("old"), await archive("new")];
  const root = join(folder, "data");
  await fill(root, "old");
  const restore = (file: string) =>
    Bun.spawn([process.execPath, main, "restore", file, "--dir", root], { stdout: "ignore", stderr: "ignore" });
  const at = performance.now();
  expect(await restore(archives[0] ?? "").exited).toBe(0);
  const usual = performance.now() - at;
  const seen = { killed: 0, old: 0, new: 0 };
  for (let round = 0; round < rounds; round++) {
    const before = owners(root)[0];
    const wanted = before === "old" ? archives[1] : archives[0];
    const child = restore(wanted ?? "");
    // Every second one where the folders change places, which is over in a moment.
    if (round % 2 > 0) await deciding(root, child);
    else await Bun.sleep((usual * round) / rounds);
    await Bun.sleep(round % 7);
    child.kill("SIGKILL");
    await child.exited;
    seen.killed += child.signalCode === "SIGKILL" ? 1 : 0;
    openDataDir(root);
    const now = owners(root);
    expect([round, now.length]).toEqual([round, 1]);
    seen[now[0] === before ? "old" : "new"]++;
    expect(readdirSync(root).filter((name) => name.startsWith("restoring"))).toEqual([]);
    for (const name of readdirSync(join(root, "backups"))) {
      if (!name.startsWith("before-restore-")) continue;
      expect(owners(join(root, "backups", name))).toEqual([before ?? ""]);
      rmSync(join(root, "backups", name), { recursive: true });
    }
  }
  console.log(seen);
  expect(Math.min(seen.killed, seen.old, seen.new)).toBeGreaterThan(3);
  expect(existsSync(join(root, "formstead.db-wal"))).toBe(false);
  rmSync(folder, { recursive: true, force: true });
}, 120_000);
