import { copyFile, link, readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Payload, Upload } from "../fields/payload.ts";
import { clock } from "../lib/dates.ts";
import type { Problems } from "../lib/errors.ts";
import { randomText } from "../lib/ids.ts";
import { sha256 } from "../lib/secrets.ts";
import type { Store, Unit } from "../store/engine.ts";
import { sql } from "../store/sql.ts";

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
  /** Bytes for each address, and in all. */
  readonly each: number;
  readonly all: number;
}

const usual: DraftLimits = { lasting: 60 * 60 * 1000, each: 20 * 1024 * 1024, all: 1024 ** 3 };

interface Row {
  readonly token: string;
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
  async function rowOf(token: string, purposes: readonly Purpose[], target?: string): Promise<Row | undefined> {
    const row = await store.first<Row>(
      sql`SELECT token, target, payload FROM _drafts WHERE token = ${sha256(token)} AND ends > ${clock()}
          AND purpose IN (SELECT value FROM json_each(${JSON.stringify(purposes)}))`,
    );
    return row && (target === undefined || row.target === target) ? row : undefined;
  }

  async function reserve(tx: Unit, draft: NewDraft, stored: Stored, token: string): Promise<boolean> {
    const bytes = JSON.stringify(stored).length + stored.files.reduce((sum, [, { size }]) => sum + size, 0);
    const from = draft.address;
    const moment = clock();
    const taken = await tx.first<{ its: number; all: number }>(
      sql`SELECT COALESCE(SUM(CASE WHEN address = ${from} THEN bytes END), 0) AS its, COALESCE(SUM(bytes), 0) AS "all"
          FROM _drafts WHERE token != ${sha256(draft.replacing ?? "")}`,
    );
    if ((taken?.its ?? 0) + bytes > limits.each || (taken?.all ?? 0) + bytes > limits.all) return false;
    await tx.run(
      sql`INSERT INTO _drafts (token, purpose, target, payload, address, bytes, ends)
          VALUES (${sha256(token)}, ${draft.purpose}, ${draft.target}, ${JSON.stringify(stored)}, ${from}, ${bytes},
                  ${moment + limits.lasting})`,
    );
    return true;
  }

  async function remove(row: Row): Promise<void> {
    const { files } = storedIn(row);
    await store.write((tx) => tx.run(sql`DELETE FROM _drafts WHERE token = ${row.token}`));
    await Promise.all(files.map(([, { path }]) => rm(join(folder, basename(path)), { force: true })));
  }

  async function drop(token: string): Promise<void> {
    const row = await rowOf(token, ["files", "back", "again"]);
    if (row) await remove(row);
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
      const row = await rowOf(token, purpose, target);
      return row && draftIn(row, folder);
    },
    take: async (token, purpose, target) => {
      const row = await rowOf(token, [purpose], target);
      if (!row) return undefined;
      await remove(row);
      return draftIn(row, folder);
    },
    drop,
    expire: async () => {
      const past = await store.all<Row>(sql`SELECT token, target, payload FROM _drafts WHERE ends <= ${clock()}`);
      for (const row of past) await remove(row);
      await sweep();
    },
  };

  /** What a crash has left: files of no draft, unless they may just be on their way into one. */
  async function sweep(): Promise<void> {
    const rows = await store.all<Row>(sql`SELECT token, target, payload FROM _drafts`);
    const known = new Set(rows.flatMap((row) => storedIn(row).files.map(([, { path }]) => path)));
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
