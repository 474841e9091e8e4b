/** @jsxImportSource preact */
import type { ComponentChildren, VNode } from "preact";
import type { Language } from "../../phrases/index.ts";
import { Layout } from "../parts/layout.tsx";
import { words } from "../parts/words.ts";

/** What every page of the dashboard is given. */
export interface DashboardProps {
  readonly language: Language;
  readonly site?: string;
  /** The email address of the superuser who looks. */
  readonly owner: string;
}

interface DashboardLayoutProps extends DashboardProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

/** The frame of the dashboard for somebody who is signed in. */
export function DashboardLayout({ language, site, owner, title, children }: DashboardLayoutProps): VNode {
  const t = words(language);
  const nav = (
    <>
      <a href="/_/">{t("page_collections")}</a>
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
