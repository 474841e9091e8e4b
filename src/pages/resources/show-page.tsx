/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Collection } from "../../collections/collection.ts";
import { labelFields, labelRecord } from "../../records/label.ts";
import type { Relations } from "../../records/related.ts";
import type { RecordJson } from "../../records/shape.ts";
import { labelOf, words } from "../parts/words.ts";
import { ResourceLayout, type ResourceProps } from "./resource-layout.tsx";
import { Value } from "./value.tsx";

export interface ShowPageProps extends Omit<ResourceProps, "collection"> {
  readonly collection: Collection;
  readonly record: RecordJson;
  readonly relations: Relations;
  readonly mayUpdate: boolean;
  readonly mayDelete: boolean;
}

/** One record, all of it that the viewer may see. */
export function ShowPage({ collection, record, relations, mayUpdate, mayDelete, ...frame }: ShowPageProps): VNode {
  const { language } = frame;
  const t = words(language);
  const list = `/${collection.name}`;
  const here = `${list}/${encodeURIComponent(String(record["id"]))}`;
  const label = labelRecord(collection, record);
  const told = labelFields(collection).filter(({ name }) => record[name] === label);
  const fields = collection.fields.filter((field) => {
    return field.name !== "id" && Object.hasOwn(record, field.name) && !told.includes(field);
  });
  return (
    <ResourceLayout {...frame} collection={collection.name} title={label}>
      <p>
        <a href={list}>{labelOf(collection.name)}</a>
      </p>
      <h1>{label}</h1>
      {fields.length > 0 ? (
        <dl>
          {fields.map((field) => (
            <div>
              <dt>{labelOf(field.name)}</dt>
              <dd>
                {Value({ language, field, record, relations, whole: true }) ?? (
                  <span class="faded">{t("page_empty_value")}</span>
                )}
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      {mayUpdate || mayDelete ? (
        <p class="actions">
          {mayUpdate ? (
            <a class="button" href={`${here}/edit`}>
              {t("page_resource_edit")}
            </a>
          ) : null}
          {mayDelete ? <a href={`${here}/delete`}>{t("page_resource_delete")}</a> : null}
        </p>
      ) : null}
    </ResourceLayout>
  );
}
