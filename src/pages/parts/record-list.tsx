/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { CompiledField } from "../../collections/collection.ts";
import type { Column } from "./table.tsx";
import { labelOf, type Words } from "./words.ts";

/** What every list of records has, whoever looks at it. */

/** What stands for a record comes first, its id only where there is nothing else. */
export function columnsOf(fields: readonly CompiledField[]): readonly CompiledField[] {
  const shown = fields.filter(({ name, hidden }) => !hidden && name !== "id");
  const first = shown.filter(({ definition }) => definition.presentable);
  return shown.length > 0 ? [...first, ...shown.filter((field) => !first.includes(field))] : fields;
}

/** A column whose heading sorts by it, and sorts the other way where it does already. */
export function sortedBy(t: Words, { name }: CompiledField, sort: string, href: (sort: string) => string): Column {
  const label = labelOf(name);
  if (sort === name) {
    return { key: name, label, sort: { href: href(`-${name}`), title: t("page_sorted_up"), now: "ascending" } };
  }
  const now = sort === `-${name}` ? "descending" : undefined;
  const title = now ? t("page_sorted_down") : t("page_sort_by", { field: label });
  return { key: name, label, sort: { href: href(name), title, now } };
}

export function Search({ t, here, collection, search, sort }: SearchProps): VNode {
  return (
    <form role="search" action={here} method="get">
      <input
        type="search"
        name="search"
        dir="auto"
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

export interface SearchProps {
  readonly t: Words;
  /** Where the list is. */
  readonly here: string;
  readonly collection: string;
  readonly search: string;
  readonly sort: string;
}

/** The page's address with what is asked of it; what is empty stays away. */
export function addressWith(here: string, query: Readonly<Record<string, string | undefined>>): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) asked.set(name, value);
  return asked.size > 0 ? `${here}?${asked}` : here;
}
