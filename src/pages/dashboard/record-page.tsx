/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { CompiledField, Values } from "../../collections/collection.ts";
import type { Language } from "../../phrases/index.ts";
import { labelOf, words } from "../parts/words.ts";
import { DashboardLayout, type DashboardProps } from "./dashboard-layout.tsx";

export interface RecordPageProps extends DashboardProps {
  readonly collection: string;
  /** All that are shown, in order; those that the record lacks are left out. */
  readonly fields: readonly CompiledField[];
  readonly record: Values;
}

/** One record, every field of it. */
export function RecordPage({ collection, fields, record, ...frame }: RecordPageProps): VNode {
  const t = words(frame.language);
  const here = `/_/collections/${encodeURIComponent(collection)}`;
  const title = t("page_record_of", { collection });
  return (
    <DashboardLayout {...frame} title={title} section="collections">
      <p>
        <a href={here}>{collection}</a>
      </p>
      <h1>{nameOf(fields, record) || title}</h1>
      <dl>
        {fields
          .filter(({ name }) => Object.hasOwn(record, name))
          .map((field) => (
            <div>
              <dt>{labelOf(field.name)}</dt>
              <dd>
                {files(field, record, frame.language, here) || whole(field, record) || (
                  <span class="faded">{t("page_empty_value")}</span>
                )}
              </dd>
            </div>
          ))}
      </dl>
    </DashboardLayout>
  );
}

/** The presentable fields of a record, which stand for it. */
function nameOf(fields: readonly CompiledField[], record: Values): string {
  return fields
    .filter((field) => field.definition.presentable && Object.hasOwn(record, field.name))
    .map((field) => field.kind.cell(record[field.name] ?? field.zero, field.definition))
    .join(" ");
}

/** Files as links, under the owner's own address: under the API only their token would open what is protected. */
function files({ name, kind, definition, zero }: CompiledField, record: Values, language: Language, here: string) {
  if (!kind.uploads) return undefined;
  const at = `${here}/${encodeURIComponent(String(record["id"]))}/files`;
  return kind.show?.(record[name] ?? zero, definition, { language, whole: true, files: at });
}

/** A value in full, which a cell may cut short; what a cell keeps to itself is kept here too. */
function whole({ name, kind, definition, zero }: CompiledField, record: Values): string {
  const value = record[name] ?? zero;
  const cell = kind.cell(value, definition);
  if (typeof value === "string") return cell === "" ? "" : value;
  return cell.endsWith("…") ? JSON.stringify(value, null, 2) : cell;
}
