/** @jsxImportSource preact */
import type { VNode } from "preact";
import { Notice } from "../parts/notice.tsx";
import { words } from "../parts/words.ts";
import { FormLayout, type FormPageProps } from "./form-layout.tsx";
import { fetchOf, type MarkupFacts, markupOf } from "./form-markup.tsx";

export interface FormCodePageProps extends FormPageProps {
  readonly markup: Omit<MarkupFacts, "language">;
  /** The form has just been made. */
  readonly made?: boolean;
}

/** What to copy to use a form. */
export function FormCodePage({ markup, made, ...frame }: FormCodePageProps): VNode {
  const t = words(frame.language);
  const page = `${markup.address}/forms/${markup.slug}`;
  return (
    <FormLayout {...frame} title={t("form_code_title", { title: frame.form.title })} tab="code">
      {made ? (
        <Notice kind="good">
          <p>{t("form_made")}</p>
        </Notice>
      ) : null}
      <h2>{t("form_code_html")}</h2>
      <p>{t("form_code_html_help")}</p>
      <Code label={t("form_code_html")} text={markupOf({ ...markup, language: frame.language })} />
      <h2>{t("form_code_link")}</h2>
      <p>{t("form_code_link_help")}</p>
      <Code label={t("form_code_link")} text={page} />
      <h2>{t("form_code_fetch")}</h2>
      <p>{t("form_code_fetch_help")}</p>
      <Code label={t("form_code_fetch")} text={fetchOf(markup)} />
      <h2>{t("form_code_react")}</h2>
      <p>{t("form_code_react_help", { address: `${markup.address}/f/${markup.slug}` })}</p>
    </FormLayout>
  );
}

/** Text to copy; it scrolls by keyboard, too. It reads from left to right in every language. */
function Code({ label, text }: { label: string; text: string }): VNode {
  return (
    <pre tabIndex={0} role="region" aria-label={label} dir="ltr">
      <code>{text}</code>
    </pre>
  );
}
