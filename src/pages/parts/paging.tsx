/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Language } from "../../phrases/index.ts";
import { words } from "./words.ts";

export interface PagingProps {
  readonly language: Language;
  /** From 1. */
  readonly page: number;
  readonly pages: number;
  href(page: number): string;
}

/** Links to the page before and the page after; nothing where there is one page only. */
export function Paging({ language, page, pages, href }: PagingProps): VNode | null {
  if (pages <= 1) return null;
  const t = words(language);
  return (
    <nav class="paging" aria-label={t("page_paging")}>
      {page > 1 ? (
        <a href={href(Math.min(page - 1, pages))} rel="prev">
          {t("page_previous")}
        </a>
      ) : null}
      <span>{t("page_paging_of", { page, pages })}</span>
      {page < pages ? (
        <a href={href(page + 1)} rel="next">
          {t("page_next")}
        </a>
      ) : null}
    </nav>
  );
}
