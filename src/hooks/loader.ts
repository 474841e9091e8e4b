import { readdirSync, realpathSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { Refusal } from "../lib/errors.ts";
import { loadModule } from "../lib/modules.ts";
import { placeIn } from "../lib/places.ts";
import { inTime } from "./deadline.ts";
import { type Handlers, handlersOf, mustBeHandlers, type Wishes } from "./handlers.ts";
import { type OwnerParts, ownerRecords } from "./owner-records.ts";
import { openPeopleApp, type PeopleApp } from "./people-app.ts";

/** Milliseconds that a file has to start. */
const patience = 10_000;

/** What hook files have said. */
export interface LoadedHooks {
  readonly wishes: Wishes;
  /** The files, as people call them. */
  readonly files: readonly string[];
  /**
   * To be called once our own routes are there; `check` throws where the routes there are cannot be told apart. Refusal
   * "unavailable" for a route that cannot be added.
   */
  addRoutes(check: () => void): void;
}

export interface LoaderParts extends OwnerParts {
  /** Writes a line to the log. */
  say(line: string): void;
}

/**
 * Runs the files of a folder in the order of their names; none where there is no folder. Their middleware is in the app
 * afterwards. Refusal "unavailable" that names file and line where one cannot be loaded or started.
 */
export async function loadHooks(parts: LoaderParts, folder: string, target: object): Promise<LoadedHooks> {
  const files = filesIn(folder).map((name) => join(folder, name));
  if (files.length > 0) forget(folder);
  const wishes: Wishes = new Map();
  const apps: [file: string, app: PeopleApp][] = [];
  for (const file of files) {
    const people = openPeopleApp(target);
    apps.push([file, people]);
    const loaded = await loadModule(resolve(file));
    if (!loaded.ok) throw unusable(file, loaded.place, loaded.reason);
    const start = loaded.exports["default"];
    if (typeof start !== "function") throw new Refusal("unavailable", "hook_without_default", { file });
    const context = { app: people.app, project: projectFor(parts, file, wishes) };
    await inFile(file, () =>
      inTime(
        patience,
        () => Promise.resolve(Reflect.apply(start, undefined, [context])),
        () => new Refusal("unavailable", "hook_start_slow", { file, seconds: patience / 1000 }),
      ),
    );
  }
  for (const [file, people] of apps) await inFile(file, () => people.useAll());
  tellUnknown(parts, wishes);
  return {
    wishes,
    files,
    addRoutes: (check) => {
      for (const [file, people] of apps) {
        try {
          if (people.addRoutes()) check();
        } catch (error) {
          throw unstarted(file, error);
        }
      }
    },
  };
}

/** The hook files themselves: what lies in folders below, tests and declarations are there for them to use. */
function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && /^[^.].*(?<!\.d|\.test|\.spec)\.ts$/.test(entry.name))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    const code = String(Object(error).code);
    if (code === "ENOENT") return [];
    throw new Refusal("unavailable", "hooks_unreadable", { folder, code });
  }
}

/** A slip of the pen in a name would otherwise mean that nothing ever happens. */
function tellUnknown({ collections, say }: LoaderParts, wishes: Wishes): void {
  for (const [name, { before, within, after }] of wishes) {
    if (collections.find(name)) continue;
    const files = new Set([...before, ...within, ...after].map(({ file }) => file));
    say(`${[...files].join(", ")}: there is no collection ${name}, so nothing happens around its records yet.`);
  }
}

/** Files that were imported once are not read again, unless they are forgotten; packages stay. */
function forget(folder: string): void {
  const inside = realpathSync(folder) + sep;
  for (const path of Object.keys(require.cache)) {
    if (path.startsWith(inside) && !path.includes(`${sep}node_modules${sep}`)) delete require.cache[path];
  }
}

function unstarted(file: string, error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const path = realpathSync(file);
  const reason = error instanceof Error ? error.message || error.name : Bun.inspect(error);
  return unusable(file, placeIn(path, error) ?? "", reason);
}

/** `place` as `orders.ts:12`. */
function unusable(file: string, place: string, reason: string): Refusal {
  const name = /^Cannot find package '([^']+)'/.exec(reason)?.[1];
  if (name !== undefined) return new Refusal("unavailable", "hook_package_missing", { file, name });
  const where = place === "" ? file : join(file, "..", place);
  const [line = ""] = reason.split("\n");
  return new Refusal("unavailable", "hook_unusable", { where, reason: line.replace(/\.$/, "") });
}

async function inFile(file: string, work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw unstarted(file, error);
  }
}

/** What a hook file is given beside the app. */
interface PeopleProject {
  records(collection: string): Formstead.HookedRecords;
  log(line: string): void;
}

function projectFor(parts: LoaderParts, file: string, wishes: Wishes): PeopleProject {
  return {
    records: (collection) => {
      const wish = <When extends keyof Handlers>(when: When) => {
        return (on: Handlers[When][number]["on"]) => {
          mustBeHandlers(when, on);
          const list: { file: string; on: typeof on }[] = handlersOf(wishes, collection)[when];
          list.push({ file, on });
        };
      };
      return {
        ...ownerRecords(parts, collection),
        before: wish("before"),
        within: wish("within"),
        after: wish("after"),
      };
    },
    log: (line) => parts.say(`${file}: ${line}`),
  };
}
