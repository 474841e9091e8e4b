/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Language } from "../../phrases/index.ts";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { WayOut } from "../parts/way-out.tsx";
import { words } from "../parts/words.ts";

export interface ClosedFormPageProps {
  readonly language: Language;
  readonly site?: string;
  readonly title: string;
  /** Why it takes no answers, and what to do. */
  readonly why: string;
  /** The page they came from. */
  readonly back?: string;
}

/** The hosted page of a form that takes no answers. */
export function ClosedFormPage({ language, site, title, why, back }: ClosedFormPageProps): VNode {
  const t = words(language);
  return (
    <Layout language={language} site={site} title={title} listed={false}>
      <h1>{title}</h1>
      <Notice kind="info">
        <p>{why}</p>
      </Notice>
      <WayOut t={t} back={back} />
    </Layout>
  );
}
