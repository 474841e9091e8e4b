/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { CompiledField, Values } from "../../collections/collection.ts";
import { Notice } from "../parts/notice.tsx";
import { Paging } from "../parts/paging.tsx";
import { addressWith, columnsOf, Search, sortedBy } from "../parts/record-list.tsx";
import { type Row, Table } from "../parts/table.tsx";
import { words } from "../parts/words.ts";
import { DashboardLayout, type DashboardProps } from "./dashboard-layout.tsx";
import { TransferLinks } from "./transfer-links.tsx";

export interface RecordsPageProps extends DashboardProps {
  readonly collection: string;
  /** All of the collection's; those that are not hidden become columns. */
  readonly fields: readonly CompiledField[];
  /** One page of records, each with its `id`. */
  readonly records: readonly Values[];
  /** From 1. */
  readonly page: number;
  readonly pages: number;
  /** How many records fit the search. */
  readonly total: number;
  /** What was searched for; `""` is nothing, and where it is absent nothing can be searched. */
  readonly search?: string;
  /** The name of a field, with `-` in front for downwards; `""` is as they come. */
  readonly sort: string;
  /** The file that describes the collection, where there is one. */
  readonly declaredIn?: string | undefined;
  /** It is only shown: nothing is imported into it. */
  readonly fixed?: boolean;
  /** Why the search could not be done. */
  readonly problem?: string;
}

/** The records of one collection. */
export function RecordsPage(props: RecordsPageProps): VNode {
  const { collection, records, page, pages, total, search, sort, declaredIn, fixed, problem, ...frame } = props;
  const fields = columnsOf(props.fields);
  const t = words(frame.language);
  const here = `/_/collections/${encodeURIComponent(collection)}`;
  const columns = fields.map((field) => sortedBy(t, field, sort, (next) => addressWith(here, { search, sort: next })));
  const rows = records.map((record): Row => {
    const id = String(record.id);
    const [first, ...others] = fields.map(({ name, kind, definition, zero }) =>
      kind.cell(record[name] ?? zero, definition),
    );
    return { key: id, href: `${here}/${encodeURIComponent(id)}`, cells: [first || id, ...others] };
  });
  return (
    <DashboardLayout {...frame} title={collection} section="collections">
      <h1>{collection}</h1>
      {declaredIn ? <p class="faded">{t("page_collection_declared", { file: declaredIn })}</p> : null}
      {search === undefined ? null : <Search t={t} here={here} collection={collection} search={search} sort={sort} />}
      {problem ? (
        <Notice kind="problem">
          <p>{problem}</p>
        </Notice>
      ) : null}
      {rows.length > 0 ? (
        <Table caption={t("page_records_count", { count: total })} columns={columns} rows={rows} />
      ) : total > 0 ? null : (
        <p class="empty">{search ? t("page_records_nothing_found", { search }) : t("page_records_empty")}</p>
      )}
      <Paging
        language={frame.language}
        page={page}
        pages={pages}
        href={(to) => addressWith(here, { search, sort, page: String(to) })}
      />
      <TransferLinks t={t} here={here} asked={rows.length > 0 ? {} : undefined} fixed={fixed} />
    </DashboardLayout>
  );
}
