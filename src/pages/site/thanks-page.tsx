/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Language } from "../../phrases/index.ts";
import { Layout } from "../parts/layout.tsx";
import { words } from "../parts/words.ts";

export interface ThanksPageProps {
  readonly language: Language;
  readonly site?: string;
  readonly title?: string;
  /** The form's own words of thanks. */
  readonly text?: string;
  /** The way back to the page it was sent from. */
  readonly back?: string;
  /** The hosted page of the form. */
  readonly again?: string;
}

/** Where a sent form leads when it names no page of its own. */
export function ThanksPage({ language, site, title, text, back, again }: ThanksPageProps): VNode {
  const t = words(language);
  const heading = title || t("page_thanks_title");
  return (
    <Layout language={language} site={site} title={heading}>
      <p class="stamp">{t("page_thanks_stamp")}</p>
      <h1>{heading}</h1>
      <p class="lead prewrap">{text || t("page_thanks_text")}</p>
      <p class="actions">
        <a class="button" href={back || "/"}>
          {t(back ? "page_back" : "page_home")}
        </a>
        {again ? <a href={again}>{t("page_thanks_again")}</a> : null}
      </p>
    </Layout>
  );
}
