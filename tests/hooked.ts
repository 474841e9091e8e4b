import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ProjectOptions } from "../src/project.ts";
import { Opened } from "./testing.ts";

/** A hook file around this body; `app` and `project` are there. */
export function hook(body: string): string {
  return `export default async ({ app, project }) => {\n${body}\n};\n`;
}

/** Writes files into a folder; paths by what they hold. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/**
 * A project with these hooks, whose folder goes with it. It has the open collections `notes` (a title, a count, an owner, a day, and
 * a hidden secret) and `tallies`.
 */
export async function openHooked(
  files: Readonly<Record<string, string>>,
  options: Partial<ProjectOptions> = {},
): Promise<Opened> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), "formstead-hooked-"));
  writeFiles(join(dir, "hooks"), files);
  const opened = await Opened.open({ ...options, dir, hooksDir: join(dir, "hooks") });
  if (!opened.project.collections.find("notes")) {
    const fields = [
      { name: "title", type: "text", required: true, max: 20 },
      { name: "count", type: "number", max: 100 },
      { name: "owner", type: "relation", collectionId: "_pb_users_auth_", maxSelect: 1 },
      { name: "secret", type: "text", hidden: true },
      { name: "day", type: "date" },
    ];
    await opened.collection({ name: "notes", fields });
    await opened.collection({ name: "tallies", fields: [{ name: "count", type: "number" }] });
  }
  return opened;
}
