import type { Store } from "../store/engine.ts";
import { join, raw, type Sql, sql, type Value } from "../store/sql.ts";
import { csvCells, csvLine, type ExportColumn, type ExportFormat, jsonLine } from "./export-lines.ts";

/** Rows to be exported, and in which order. */
export interface ExportSource {
  /** What stands after FROM, and what is joined to each of its rows. */
  readonly from: Sql;
  readonly joined?: Sql;
  /** The number of a row. */
  readonly row: Sql;
  /** What the rows are sorted by, upwards, and where that begins; no two rows have the same. */
  readonly key: readonly { readonly by: Sql; readonly start: Value }[];
  readonly where?: Sql;
  /** About how many bytes a row has. */
  readonly weight: Sql;
  readonly columns: readonly ExportColumn[];
}

export interface Exporting {
  readonly format: ExportFormat;
  /** Between the cells of CSV. */
  readonly separator?: "," | ";";
  /** Aborted where nobody waits for it any more. */
  readonly gone?: AbortSignal;
  /** Throws where the rows can no longer be read as they were asked for. */
  readonly mustHold?: () => void;
}

/**
 * Rows and bytes that are read at a time. So many rows that a worker makes their text, and the main thread only passes it on; so few
 * bytes that memory does not grow with what people stored in one row.
 */
const pageRows = 4000;
const pageBytes = 1024 * 1024;

interface Page {
  readonly rows: number | null;
  readonly text: string;
  readonly last: string;
}

/** As Excel needs it to read letters beyond English; others skip it. */
const byteOrderMark = "\u{feff}";

/**
 * All rows as one text, in pieces: the next is read once the one before has been taken. CSV has headings, CRLF and a byte order mark;
 * JSON is one array; NDJSON is one object per line.
 */
export async function* exported(
  store: Pick<Store, "scan" | "dialect">,
  source: ExportSource,
  exporting: Exporting,
): AsyncGenerator<string> {
  const { format, separator = ",", gone, mustHold } = exporting;
  const { columns } = source;
  if (format === "csv") {
    yield `${byteOrderMark}${csvCells(
      columns.map(({ label }) => label),
      separator,
    )}\r\n`;
  }
  const line = lineOf(columns, format, separator);
  let begun = format === "json" ? "[\n" : "";
  for (let after = source.key.map(({ start }) => start); ;) {
    mustHold?.();
    const [page] = await store.scan<Page>(pageQuery(store, source, line, after, format), gone);
    mustHold?.();
    if (!page?.rows) break;
    yield begun + page.text;
    begun = format === "json" ? ",\n" : "";
    after = JSON.parse(page.last);
  }
  if (format === "json") yield begun === ",\n" ? "\n]\n" : "[]\n";
}

/** Texts as bytes: the next is asked for once the one before has been taken. */
export function bytesOf(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      pull: async (controller) => {
        const { done, value } = await texts.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      cancel: async () => void (await texts.return(undefined)),
    },
    { highWaterMark: 0 },
  );
}

function lineOf(columns: readonly ExportColumn[], format: ExportFormat, separator: string): Sql {
  return format === "csv" ? csvLine(columns, separator) : jsonLine(columns);
}

/**
 * One page as one row: its text, made by SQLite, how many rows that is, and the key of the last of them. Which rows fit is found out
 * first, by what SQLite knows of their sizes without reading them.
 */
function pageQuery(
  { dialect }: Pick<Store, "dialect">,
  { from, joined = raw(""), row, key, where, weight }: ExportSource,
  line: Sql,
  after: readonly Value[],
  format: ExportFormat,
): Sql {
  const keys = join(
    key.map(({ by }) => by),
    ", ",
  );
  const beyond = join(
    after.map((value) => sql`${value}`),
    ", ",
  );
  const between = raw(format === "json" ? "',' || char(10)" : "''");
  const end = raw(format === "json" ? "''" : format === "csv" ? "char(13, 10)" : "char(10)");
  // No field is called so.
  return sql`
    WITH "~next" AS (
      SELECT ${row} AS "~row", ${weight} AS "~weight" FROM ${from} ${joined}
      WHERE ${dialect.tick} AND (${keys}) > (${beyond})${where ? sql` AND ${where}` : raw("")}
      ORDER BY ${keys} LIMIT ${pageRows}
    ), "~page" AS (
      SELECT "~row", row_number() OVER so AS "~place", sum("~weight") OVER so AS "~bytes"
      FROM (SELECT *, row_number() OVER () AS "~nth" FROM "~next")
      WINDOW so AS (ORDER BY "~nth" ROWS UNBOUNDED PRECEDING)
    )
    SELECT max("~place") AS rows, group_concat("~line" || ${end}, ${between}) AS text, "~last" AS last FROM (
      SELECT "~place", ${line} AS "~line", json_array(${keys}) AS "~last"
      FROM "~page" CROSS JOIN ${from} ON ${row} = "~row" ${joined}
      WHERE "~place" = 1 OR "~bytes" <= ${pageBytes} ORDER BY "~place"
    )`;
}
