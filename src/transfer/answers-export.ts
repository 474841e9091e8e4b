import { type Collection } from "../collections/collection.ts";
import type { Form } from "../forms/form.ts";
import { type Box, holdsText, liesIn } from "../forms/inbox-list.ts";
import { labelOf } from "../lib/writing.ts";
import { join, name, raw, type Sql, sql } from "../store/sql.ts";
import type { ExportSource } from "./export.ts";
import { either, type ExportColumn, exportColumn, parkedColumn, textOf } from "./export-lines.ts";

/** What is exported of a submission beside its record's values; no field has a name like these. */
const facts = ["created", "state", "email", "origin", "extra", "wishes", "notes"] as const;

/**
 * The answers to a form, oldest first: what it asks for in its order, wherever the record is, and what is known of each beside that,
 * under names that begin with `_`. `box` absent: all of them.
 */
export function answersSource(form: Form, box: Box | undefined, search: string): ExportSource {
  const { collection } = form;
  const own = facts.map((fact): ExportColumn => {
    const column = sql`s.${name(fact)}`;
    const holds = fact === "extra" || fact === "wishes" ? "json" : "text";
    const value = holds === "json" ? sql`coalesce(${column}, 'null')` : textOf(column);
    return { name: `_${fact}`, label: `_${fact}`, holds, value };
  });
  const id: ExportColumn = { name: "_id", label: "_id", holds: "text", value: sql`s.id` };
  const isParked = sql`s.parked IS NOT NULL`;
  const asked = form.fields.map(({ field, label }) => {
    const heading = label || labelOf(field.name);
    return either(
      isParked,
      parkedColumn(field, raw("s.parked"), heading),
      exportColumn(field, sql`r.${name(field.name)}`, heading),
    );
  });
  const conditions = [
    sql`s.form = ${form.id}`,
    ...(box ? [liesIn(box)] : []),
    ...(search.trim() === "" ? [] : [sql`(${holdsText(collection, search.trim())})`]),
  ];
  return {
    from: raw(`"_submissions" AS s`),
    joined: sql`LEFT JOIN ${name(collection.name)} AS r ON r."id" = s."record"`,
    row: raw("s._rowid_"),
    key: [
      { by: raw("s.created"), start: "" },
      { by: raw("s._rowid_"), start: 0 },
    ],
    where: join(conditions, " AND "),
    weight: sql`coalesce(octet_length(s.parked), 0) + coalesce(octet_length(s.extra), 0) + coalesce(octet_length(s.notes), 0)
      + ${recordWeight(collection)}`,
    columns: distinct([...asked, ...own, id]),
  };
}

function recordWeight({ fields }: Collection): Sql {
  return join(
    fields.map((field) => sql`coalesce(octet_length(r.${name(field.name)}), 0)`),
    " + ",
  );
}

/** Where two questions are worded alike, each has the name of its field in brackets. */
function distinct(columns: readonly ExportColumn[]): ExportColumn[] {
  return columns.map((column) => {
    const twins = columns.filter(({ label }) => label.toLowerCase() === column.label.toLowerCase());
    return twins.length > 1 ? { ...column, label: `${column.label} (${column.name})` } : column;
  });
}
