import { SQLiteError } from "bun:sqlite";
import { Refusal } from "../lib/errors.ts";
import { ConstraintError } from "./engine.ts";

/** Somebody else holds a lock; it can be tried again. */
export function isBusy(error: unknown): boolean {
  return code(error).startsWith("SQLITE_BUSY");
}

/** The query names a table or column that is no longer there: it was written for a schema that has been replaced. */
export function isOutdated(error: unknown): boolean {
  return error instanceof Error && /^no such (table|column|index)\b/.test(error.message);
}

/** What the caller of a query is told: a ConstraintError, a Refusal, or the error itself where it is a mistake of ours. */
export function translate(error: unknown, tableOf: (index: string) => string = () => ""): unknown {
  if (code(error).startsWith("SQLITE_CONSTRAINT")) return constraint(error, tableOf);
  return refusal(error) ?? error;
}

/** Why nothing could be stored; never undefined, since the whole group hears it. */
export function lost(error: unknown): Refusal {
  return refusal(error) ?? new Refusal("unavailable", "disk_failed");
}

function refusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  const its = code(error);
  // A full disk shows as IOERR_SHMSIZE where the log's index cannot grow, and as an errno where the log is synced.
  if (["SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "ENOSPC", "EDQUOT"].includes(its))
    return new Refusal("no room", "no_room");
  if (its.startsWith("SQLITE_BUSY")) return new Refusal("unavailable", "store_busy");
  if (/^(SQLITE_(IOERR|READONLY|CANTOPEN)|EIO|EROFS)/.test(its)) return new Refusal("unavailable", "disk_failed");
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(its)) return new Refusal("unavailable", "data_damaged");
  return undefined;
}

/**
 * SQLite names columns (`UNIQUE constraint failed: posts.author, posts.slug`) or, where an index holds an expression, only
 * the index (`index 'posts_slug'`), which becomes the column `index:posts_slug`.
 */
function constraint(error: unknown, tableOf: (index: string) => string): ConstraintError {
  const kind = /_(UNIQUE|PRIMARYKEY|ROWID)$/.test(code(error)) ? "unique" : "other";
  const named = error instanceof Error ? (error.message.split(" constraint failed: ")[1] ?? "") : "";
  const index = /^index '(.*)'$/.exec(named)?.[1];
  if (index !== undefined) return new ConstraintError(kind, tableOf(index), [`index:${index}`], error);
  const columns = named.split(", ").filter((column) => column.includes("."));
  const table = columns[0]?.slice(0, columns[0].indexOf(".")) ?? "";
  return new ConstraintError(
    kind,
    table,
    columns.map((column) => column.slice(column.indexOf(".") + 1)),
    error,
  );
}

function code(error: unknown): string {
  if (error instanceof SQLiteError) return error.code ?? "";
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
