/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { CompiledField, Values } from "../../collections/collection.ts";
import { Notice } from "../parts/notice.tsx";
import { Paging } from "../parts/paging.tsx";
import { type Column, type Row, Table } from "../parts/table.tsx";
import { labelOf, words, type Words } from "../parts/words.ts";
import { DashboardLayout, type DashboardProps } from "./dashboard-layout.tsx";

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
  /** Why the search could not be done. */
  readonly problem?: string;
}

/** The records of one collection. */
export function RecordsPage(props: RecordsPageProps): VNode {
  const { collection, records, page, pages, total, search, sort, problem, ...frame } = props;
  const fields = columnsOf(props.fields);
  const t = words(frame.language);
  const here = `/_/collections/${encodeURIComponent(collection)}`;
  const columns = fields.map((field): Column =>
    column(t, field, sort, (next) => address(here, { search, sort: next })),
  );
  const rows = records.map((record): Row => {
    const id = String(record.id);
    const [first, ...others] = fields.map(({ name, kind, definition, zero }) =>
      kind.cell(record[name] ?? zero, definition),
    );
    return { key: id, href: `${here}/${encodeURIComponent(id)}`, cells: [first || id, ...others] };
  });
  return (
    <DashboardLayout {...frame} title={collection}>
      <h1>{collection}</h1>
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
        href={(to) => address(here, { search, sort, page: String(to) })}
      />
    </DashboardLayout>
  );
}

/** What stands for a record comes first, its id only where there is nothing else. */
function columnsOf(fields: readonly CompiledField[]): readonly CompiledField[] {
  const shown = fields.filter(({ name, hidden }) => !hidden && name !== "id");
  const first = shown.filter(({ definition }) => definition.presentable);
  return shown.length > 0 ? [...first, ...shown.filter((field) => !first.includes(field))] : fields;
}

function column(t: Words, { name }: CompiledField, sort: string, href: (sort: string) => string): Column {
  const label = labelOf(name);
  if (sort === name) {
    return { key: name, label, sort: { href: href(`-${name}`), title: t("page_sorted_up"), now: "ascending" } };
  }
  const now = sort === `-${name}` ? "descending" : undefined;
  const title = now ? t("page_sorted_down") : t("page_sort_by", { field: label });
  return { key: name, label, sort: { href: href(name), title, now } };
}

function Search({ t, here, collection, search, sort }: SearchProps): VNode {
  return (
    <form role="search" action={here} method="get">
      <input
        type="search"
        name="search"
        value={search}
        aria-label={t("page_search_label", { collection })}
        maxLength={200}
      />
      {sort ? <input type="hidden" name="sort" value={sort} /> : null}
      <button type="submit">{t("page_search")}</button>
      {search ? <a href={here}>{t("page_search_all")}</a> : null}
    </form>
  );
}

interface SearchProps extends Pick<Required<RecordsPageProps>, "collection" | "search" | "sort"> {
  readonly t: Words;
  readonly here: string;
}

/** The page's address with what is asked of it; what is empty stays away. */
function address(here: string, query: Readonly<Record<string, string | undefined>>): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) asked.set(name, value);
  return asked.size > 0 ? `${here}?${asked}` : here;
}
