/** @jsxImportSource preact */
import type { ComponentChildren, VNode } from "preact";
import type { CompiledField } from "../../collections/collection.ts";
import type { Language } from "../../phrases/index.ts";
import { idsOf } from "../../records/references.ts";
import type { Related, Relations } from "../../records/related.ts";
import type { RecordJson } from "../../records/shape.ts";
import { words } from "../parts/words.ts";

export interface ValueProps {
  readonly language: Language;
  readonly field: CompiledField;
  readonly record: RecordJson;
  readonly relations: Relations;
  /** All of it; otherwise as much as a table has room for. */
  readonly whole?: boolean;
}

/** How many related records a cell of a table names. */
const mostInCell = 5;

/** The value of one field, as people read it; nothing where it is blank. */
export function Value({ language, field, record, relations, whole = false }: ValueProps): VNode | null {
  const { name, kind, definition, zero } = field;
  const value = record[name] ?? zero;
  const related = relations.get(name);
  if (related) return <Linked language={language} related={related} ids={idsOf(value)} whole={whole} />;
  const shown = kind.show
    ? kind.show(value, definition, { language, whole, files: filesAt(record) })
    : whole && typeof value === "string" && kind.cell(value, definition) !== ""
      ? value
      : kind.cell(value, definition);
  if (shown === "") return null;
  // Beside the name of its column, on a narrow screen, only an element of its own runs as its letters do.
  return whole || typeof shown !== "string" ? <>{shown}</> : <bdi>{shown}</bdi>;
}

/** Where the files of a record are; nowhere for what is no record yet. */
function filesAt({ collectionName, id }: RecordJson): string | undefined {
  return id ? `/api/files/${String(collectionName)}/${encodeURIComponent(String(id))}` : undefined;
}

interface LinkedProps {
  readonly language: Language;
  readonly related: Related;
  readonly ids: readonly string[];
  readonly whole: boolean;
}

/** Labels of related records, as links where they have pages. What the viewer may not see is said to be there, once. */
function Linked({ language, related: { collection, labels }, ids, whole }: LinkedProps): VNode | null {
  const known = ids.flatMap((id): readonly (readonly [string, string])[] => {
    const label = labels.get(id);
    return label === undefined ? [] : [[id, label]];
  });
  const named = whole ? known : known.slice(0, mostInCell);
  const parts: ComponentChildren[] = named.map(([id, label]) =>
    collection.definition.pages ? <a href={`/${collection.name}/${encodeURIComponent(id)}`}>{label}</a> : label,
  );
  if (known.length > named.length) parts.push("…");
  if (known.length < ids.length) parts.push(<span class="faded">{words(language)("page_resource_private")}</span>);
  if (parts.length === 0) return null;
  return <>{parts.flatMap((part, at) => (at === 0 ? [part] : [", ", part]))}</>;
}
