/** @jsxImportSource preact */
import type { ComponentChildren, VNode } from "preact";
import type { Code } from "../../phrases/index.ts";
import { words } from "../parts/words.ts";
import { DashboardLayout, type DashboardProps } from "./dashboard-layout.tsx";

/** What every page about one form is given. */
export interface FormPageProps extends DashboardProps {
  readonly form: FormFacts;
}

export interface FormFacts {
  readonly slug: string;
  readonly title: string;
}

export type FormTab = "inbox" | "edit" | "code" | "webhook";

interface FormLayoutProps extends FormPageProps {
  readonly title: string;
  readonly tab?: FormTab;
  readonly children: ComponentChildren;
}

const tabs: readonly (readonly [tab: FormTab, label: Code, path: string])[] = [
  ["inbox", "forms_tab_inbox", "/inbox"],
  ["edit", "forms_tab_edit", ""],
  ["code", "forms_tab_code", "/code"],
  ["webhook", "page_webhook_page", "/webhook"],
];

/** The frame of the pages about one form, and the ways between them. */
export function FormLayout({ form, title, tab, children, ...frame }: FormLayoutProps): VNode {
  const t = words(frame.language);
  const here = formPath(form.slug);
  return (
    <DashboardLayout {...frame} title={title} section="forms">
      <h1>{form.title}</h1>
      <nav class="tabs" aria-label={t("forms_tabs")}>
        {tabs.map(([name, label, path]) => (
          <a href={here + path} aria-current={name === tab ? "page" : undefined}>
            {t(label)}
          </a>
        ))}
        <a href={`/forms/${form.slug}`} target="_blank">
          {t("forms_tab_page")}{" "}
          <span class="away" aria-hidden="true">
            ↗
          </span>
        </a>
      </nav>
      {children}
    </DashboardLayout>
  );
}

/** Where the pages about a form are. */
export function formPath(slug: string): string {
  return `/_/forms/${encodeURIComponent(slug)}`;
}
