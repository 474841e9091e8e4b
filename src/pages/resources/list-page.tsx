/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Collection, CompiledField } from "../../collections/collection.ts";
import { labelFields, labelRecord } from "../../records/label.ts";
import type { RecordList } from "../../records/read.ts";
import type { Relations } from "../../records/related.ts";
import { Paging } from "../parts/paging.tsx";
import { addressWith, Search, sortedBy } from "../parts/record-list.tsx";
import { type Row, Table } from "../parts/table.tsx";
import { labelOf, words } from "../parts/words.ts";
import { ResourceLayout, type ResourceProps, signInAddress } from "./resource-layout.tsx";
import { Value } from "./value.tsx";

export interface ListPageProps extends Omit<ResourceProps, "collection"> {
  readonly collection: Collection;
  readonly list: RecordList;
  readonly relations: Relations;
  /** What was searched for; `""` is nothing. */
  readonly search: string;
  /** The name of a field, with `-` in front for downwards; `""` is newest first. */
  readonly sort: string;
  /** The viewer may add a record. */
  readonly mayCreate: boolean;
}

/** As many columns as a table for people has; the rest is on the record's own page. */
const mostColumns = 5;

/** The records of a collection that the viewer may list. */
export function ListPage({ collection, list, relations, search, sort, mayCreate, ...frame }: ListPageProps): VNode {
  const { language } = frame;
  const t = words(language);
  const here = `/${collection.name}`;
  const title = labelOf(collection.name);
  const fields = columnsOf(collection);
  const columns = fields.map((field) => sortedBy(t, field, sort, (next) => addressWith(here, { search, sort: next })));
  const rows = list.items.map((record): Row => {
    const id = String(record["id"]);
    const [, ...others] = fields.map((field) => (
      <Value language={language} field={field} record={record} relations={relations} />
    ));
    return { key: id, href: `${here}/${encodeURIComponent(id)}`, cells: [labelRecord(collection, record), ...others] };
  });
  const add = (
    <a class="button" href={`${here}/new`}>
      {t("page_resource_add")}
    </a>
  );
  return (
    <ResourceLayout {...frame} collection={collection.name} title={title} wide>
      <h1>{title}</h1>
      {mayCreate ? <p>{add}</p> : null}
      {rows.length > 0 || search || list.totalItems > 0 ? (
        <Search t={t} here={here} collection={title} search={search} sort={sort} />
      ) : null}
      {rows.length > 0 ? (
        <Table caption={t("page_records_count", { count: list.totalItems })} columns={columns} rows={rows} />
      ) : list.totalItems > 0 ? null : (
        <Empty {...frame} collection={collection} search={search} mayCreate={mayCreate} />
      )}
      <Paging
        language={language}
        page={list.page}
        pages={list.totalPages}
        href={(to) => addressWith(here, { search, sort, page: String(to) })}
      />
    </ResourceLayout>
  );
}

type EmptyProps = Pick<ListPageProps, "language" | "here" | "person" | "collection" | "search" | "mayCreate">;

/** Why there is nothing to see, and what to do about it. */
function Empty({ language, here, person, collection, search, mayCreate }: EmptyProps): VNode {
  const t = words(language);
  if (search) return <p class="empty">{t("page_records_nothing_found", { search })}</p>;
  if (person === undefined && collection.definition.listRule !== "") {
    return (
      <p class="empty">
        {t("page_resource_empty_guest")} <a href={signInAddress(here)}>{t("page_sign_in_title")}</a>
      </p>
    );
  }
  return <p class="empty">{t(mayCreate ? "page_resource_empty_add" : "page_resource_empty")}</p>;
}

/** What records are called by comes first, and of what every collection of the type has nothing else. */
function columnsOf(collection: Collection): readonly CompiledField[] {
  const [label] = labelFields(collection);
  const first = label ?? collection.field("id");
  const others = collection.fields.filter((field) => {
    return field !== first && field.name !== "id" && !field.hidden && !field.definition.system;
  });
  return (first ? [first, ...others] : others).slice(0, mostColumns);
}
