/** @jsxImportSource preact */
import type { ComponentChildren, VNode } from "preact";
import type { Code, Language } from "../../phrases/index.ts";
import { Layout } from "../parts/layout.tsx";
import { words } from "../parts/words.ts";

/** What every page of the dashboard is given. */
export interface DashboardProps {
  readonly language: Language;
  readonly site?: string;
  /** The email address of the superuser who looks. */
  readonly owner: string;
}

/** The parts of the dashboard, in the order of its navigation. */
export type Section = "forms" | "collections" | "mailbox" | "people" | "settings";

const sections: readonly (readonly [section: Section, label: Code])[] = [
  ["forms", "page_forms"],
  ["collections", "page_collections"],
  ["mailbox", "page_mailbox"],
  ["people", "page_people"],
  ["settings", "page_settings"],
];

interface DashboardLayoutProps extends DashboardProps {
  readonly title: string;
  /** The part of the dashboard that the page belongs to. */
  readonly section?: Section;
  readonly children: ComponentChildren;
}

/** The frame of the dashboard for somebody who is signed in. */
export function DashboardLayout({ language, site, owner, title, section, children }: DashboardLayoutProps): VNode {
  const t = words(language);
  const nav = (
    <>
      {sections.map(([name, label]) => (
        <a href={`/_/${name}`} aria-current={name === section ? "true" : undefined}>
          {t(label)}
        </a>
      ))}
      <form action="/_/logout" method="post">
        <button type="submit">{t("page_sign_out")}</button>
      </form>
    </>
  );
  return (
    <Layout
      language={language}
      site={site}
      home="/_/"
      title={title}
      nav={nav}
      footer={t("page_signed_in_as", { email: owner })}
      wide
    >
      {children}
    </Layout>
  );
}
