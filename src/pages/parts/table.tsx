/** @jsxImportSource preact */
import type { ComponentChildren, VNode } from "preact";

export interface Column {
  readonly key: string;
  readonly label: string;
  /** Where a click on the heading leads: the same table, sorted by this column. */
  readonly sort?: { readonly href: string; readonly title: string; readonly now?: "ascending" | "descending" };
  /** Numbers line up at the end of their cells. */
  readonly number?: boolean;
}

export interface Row {
  readonly key: string;
  /** Where the row leads; the link is in its first cell. */
  readonly href?: string;
  /** One per column. */
  readonly cells: readonly ComponentChildren[];
}

export interface TableProps {
  /** Says what the table holds, for those who do not see the heading above it. */
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** A table of records; on a narrow screen every row becomes a card that names its columns. */
export function Table({ caption, columns, rows }: TableProps): VNode {
  return (
    <div class="scroll" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ label, sort, number }) => (
              <th scope="col" class={number ? "number" : undefined} aria-sort={sort?.now}>
                {sort ? (
                  <a href={sort.href} title={sort.title}>
                    {label}
                  </a>
                ) : (
                  label
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ href, cells }) => (
            <tr>
              {cells.map((cell, at) => (
                <td data-label={columns[at]?.label} class={columns[at]?.number ? "number" : undefined}>
                  {at === 0 && href ? <a href={href}>{cell}</a> : cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
