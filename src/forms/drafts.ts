import { copyFile, link, readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Payload, Upload } from "../fields/payload.ts";
import { clock } from "../lib/dates.ts";
import type { Problems } from "../lib/errors.ts";
import { randomText } from "../lib/ids.ts";
import { sha256 } from "../lib/secrets.ts";
import type { Store, Unit } from "../store/engine.ts";
import { sql, type Sql } from "../store/sql.ts";

/**
 * What a failed send keeps for an hour: `files` that need not be chosen again, everything for the way `back` to the page of another
 * site, everything to send it `again` after signing in.
 */
export type Purpose = "files" | "back" | "again";

export interface NewDraft {
  readonly purpose: Purpose;
  /** The form's id, or the path it was sent to. */
  readonly target: string;
  readonly form: ReadonlyMap<string, readonly string[]>;
  readonly files: ReadonlyMap<string, readonly Upload[]>;
  readonly problems?: Problems;
  /** Names a sentence, where no field is to blame. */
  readonly code?: string;
  /** Says where on the network it came from: each place has a share of the room. */
  readonly address: string;
  /** The token of the draft in whose place it comes. */
  readonly replacing?: string | undefined;
}

export interface Draft {
  readonly target: string;
  readonly form: ReadonlyMap<string, readonly string[]>;
  readonly files: ReadonlyMap<string, readonly Upload[]>;
  readonly problems: Problems;
  readonly code: string | undefined;
}

/** What became of a wish to keep something. */
export interface Kept {
  /** Asks for it, once; nothing where nothing was kept. */
  readonly token?: string;
  /** There was no room for the files: they have to be chosen again. */
  readonly filesLost: boolean;
}

export interface Drafts {
  keep(draft: NewDraft): Promise<Kept>;
  /** The draft of a token, as long as it is kept; only for who it was kept for. It stays. */
  find(token: string, purpose: readonly Purpose[], target?: string): Promise<Draft | undefined>;
  /** The same, for once: it is gone afterwards, and its files with it. */
  take(token: string, purpose: Purpose, target?: string): Promise<Draft | undefined>;
  /** Forgets a draft that is needed no more. */
  drop(token: string): Promise<void>;
  /** Removes what is past, and files that nobody asks for any more. */
  expire(): Promise<void>;
}

export interface DraftLimits {
  /** Milliseconds. */
  readonly lasting: number;
  /** Bytes that each draft and each of its files counts at least: a small row is not free either. */
  readonly least: number;
  /** Bytes for each address, and in all. */
  readonly each: number;
  readonly all: number;
}

const usual: DraftLimits = { lasting: 60 * 60 * 1000, least: 16 * 1024, each: 20 * 1024 * 1024, all: 1024 ** 3 };

/** As many that are past are removed in one unit. */
const mostExpired = 500;

interface Row {
  readonly target: string;
  readonly payload: string;
}

/** A draft as it is stored; files by the name they have in the folder. */
interface Stored {
  readonly form: readonly (readonly [string, readonly string[]])[];
  readonly files: readonly (readonly [key: string, file: Upload])[];
  readonly problems?: Problems;
  readonly code?: string;
}

/** `folder` outlives a restart, as the table does. */
export function openDrafts(
  { store, folder }: { readonly store: Store; readonly folder: string },
  limits: DraftLimits = usual,
): Drafts {
  function isKept(token: string, purposes: readonly Purpose[], target?: string): Sql {
    const its = sql`token = ${sha256(token)} AND ends > ${clock()}
                    AND purpose IN (SELECT value FROM json_each(${JSON.stringify(purposes)}))`;
    return target === undefined ? its : sql`${its} AND target = ${target}`;
  }

  async function reserve(tx: Unit, draft: NewDraft, stored: Stored, token: string): Promise<boolean> {
    const payload = JSON.stringify(stored);
    const counted = (size: number) => Math.max(size, limits.least);
    const bytes = counted(payload.length) + stored.files.reduce((sum, [, { size }]) => sum + counted(size), 0);
    const paths = JSON.stringify(stored.files.map(([, { path }]) => path));
    const from = draft.address;
    const moment = clock();
    const old = sql`token = ${sha256(draft.replacing ?? "")}`;
    const taken = await tx.first<{ its: number; all: number; old: number; mine: number }>(
      sql`SELECT (SELECT COALESCE(SUM(bytes), 0) FROM _drafts WHERE address = ${from}) AS its,
                 (SELECT COALESCE(SUM(bytes), 0) FROM _drafts) AS "all",
                 COALESCE((SELECT bytes FROM _drafts WHERE ${old}), 0) AS old,
                 COALESCE((SELECT bytes FROM _drafts WHERE ${old} AND address = ${from}), 0) AS mine`,
    );
    if (!taken || taken.its - taken.mine + bytes > limits.each || taken.all - taken.old + bytes > limits.all)
      return false;
    await tx.run(
      sql`INSERT INTO _drafts (token, purpose, target, files, payload, address, bytes, ends)
          VALUES (${sha256(token)}, ${draft.purpose}, ${draft.target}, ${paths}, ${payload}, ${from}, ${bytes},
                  ${moment + limits.lasting})`,
    );
    return true;
  }

  /** Whoever comes first has them: what is removed is nobody else's. */
  async function remove(which: Sql): Promise<readonly (Row & { readonly files: string })[]> {
    const rows = await store.write((tx) =>
      tx.all<Row & { files: string }>(sql`DELETE FROM _drafts WHERE ${which} RETURNING target, files, payload`),
    );
    const paths = rows.flatMap(({ files }) => pathsIn(files));
    await Promise.all(paths.map((path) => rm(join(folder, basename(path)), { force: true })));
    return rows;
  }

  async function drop(token: string): Promise<void> {
    await remove(isKept(token, ["files", "back", "again"]));
  }

  return {
    keep: async (draft) => {
      const uploads = [...draft.files].flatMap(([key, files]) => files.map((file) => [key, file] as const));
      const placed = uploads.map(([key, file]) => [key, { ...file, path: randomText(20) }] as const);
      const { problems, code } = draft;
      const whole: Stored = {
        form: [...draft.form],
        files: placed,
        ...(problems ? { problems } : {}),
        ...(code === undefined ? {} : { code }),
      };
      const token = randomText(32);
      let kept = await store.write((tx) => reserve(tx, draft, whole, token));
      let filesLost = false;
      if (!kept && uploads.length > 0) {
        filesLost = true;
        const worthIt = draft.purpose !== "files";
        kept = worthIt && (await store.write((tx) => reserve(tx, draft, { ...whole, files: [] }, token)));
      }
      if (kept && !filesLost) {
        for (const [at, [, { path }]] of uploads.entries()) await place(path, join(folder, placed[at]?.[1].path ?? ""));
      }
      if (draft.replacing) await drop(draft.replacing);
      return kept ? { token, filesLost } : { filesLost };
    },
    find: async (token, purpose, target) => {
      const row = await store.first<Row>(
        sql`SELECT target, payload FROM _drafts WHERE ${isKept(token, purpose, target)}`,
      );
      return row && draftIn(row, folder);
    },
    take: async (token, purpose, target) => {
      const [row] = await remove(isKept(token, [purpose], target));
      return row && draftIn(row, folder);
    },
    drop,
    expire: async () => {
      const past = sql`token IN (SELECT token FROM _drafts WHERE ends <= ${clock()} LIMIT ${mostExpired})`;
      while ((await remove(past)).length === mostExpired);
      await sweep();
    },
  };

  /** What a crash has left: files of no draft, unless they may just be on their way into one. */
  async function sweep(): Promise<void> {
    const rows = await store.all<{ files: string }>(sql`SELECT files FROM _drafts WHERE files != '[]'`);
    const known = new Set(rows.flatMap(({ files }) => pathsIn(files)));
    for (const name of await readdir(folder)) {
      if (known.has(name)) continue;
      const path = join(folder, name);
      const stats = await stat(path).catch(() => undefined);
      if (stats && clock() - stats.mtimeMs > 2 * limits.lasting) await rm(path, { force: true });
    }
  }
}

/** A second name for the same bytes where the file system knows such, otherwise a copy. */
async function place(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}

function pathsIn(files: string): string[] {
  return JSON.parse(files);
}

function storedIn({ payload }: Row): Stored {
  return JSON.parse(payload);
}

function draftIn(row: Row, folder: string): Draft {
  const { form, files, problems = {}, code } = storedIn(row);
  const byKey = new Map<string, Upload[]>();
  for (const [key, file] of files) {
    byKey.set(key, [...(byKey.get(key) ?? []), { ...file, path: join(folder, basename(file.path)) }]);
  }
  return { target: row.target, form: new Map(form), files: byKey, problems, code };
}

/** Under these names a form sends the token of what was kept, and which of the kept files are not wanted any more. */
export const draftKey = "_draft";
export const unwantedKey = "_draft_remove";

/** What names a kept file in a form: `photos/0`. */
export function keptName(key: string, at: number): string {
  return `${key}/${at}`;
}

/** The token that was sent along; `undefined` for none. */
export function draftTokenOf({ form }: Payload): string | undefined {
  return form.get(draftKey)?.at(-1) || undefined;
}

/** Says which of the kept files go with what was sent; `undefined` where it says nothing of any. */
export function keptBy(payload: Payload): readonly string[] | undefined {
  const token = draftTokenOf(payload);
  return token === undefined ? undefined : [token, ...(payload.form.get(unwantedKey) ?? []).toSorted()];
}

/**
 * What was sent with the files that were kept of the last time, but for those that others were chosen for, or that are not wanted
 * any more; without what is only said about drafts.
 */
export function withKeptFiles(payload: Payload, draft: Draft | undefined): Payload {
  const form = new Map(payload.form);
  form.delete(draftKey);
  form.delete(unwantedKey);
  const unwanted = payload.form.get(unwantedKey) ?? [];
  const files = new Map(payload.files);
  for (const [key, kept] of draft?.files ?? []) {
    const wanted = kept.filter((_, at) => !unwanted.includes(keptName(key, at)));
    if (!files.has(key) && wanted.length > 0) files.set(key, wanted);
  }
  return { json: payload.json, form, files };
}

/** What was typed, without these keys: passwords are never kept. */
export function withoutKeys(
  typed: ReadonlyMap<string, readonly string[]>,
  secret: readonly string[],
): Map<string, readonly string[]> {
  const ours = [draftKey, unwantedKey, ...secret];
  return new Map([...typed].filter(([key]) => !ours.includes(key)));
}
