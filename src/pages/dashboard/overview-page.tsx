/** @jsxImportSource preact */
import type { VNode } from "preact";
import { words } from "../parts/words.ts";
import { type CollectionEntry, CollectionList } from "./collections-page.tsx";
import { DashboardLayout, type DashboardProps } from "./dashboard-layout.tsx";
import { type FormEntry, FormList, MakeForm } from "./forms-page.tsx";

export interface OverviewPageProps extends DashboardProps {
  /** Those with new answers first. */
  readonly forms: readonly FormEntry[];
  /** The owner's own. */
  readonly collections: readonly CollectionEntry[];
}

/** The first page of the dashboard: what has arrived, and what there is. */
export function OverviewPage({ forms, collections, ...frame }: OverviewPageProps): VNode {
  const t = words(frame.language);
  return (
    <DashboardLayout {...frame} title={t("page_overview")}>
      <h1 class="unseen">{t("page_overview")}</h1>
      <div class="headed">
        <h2>{t("page_forms")}</h2>
        {forms.length > 0 ? <MakeForm t={t} /> : null}
      </div>
      <FormList t={t} language={frame.language} forms={forms} />
      <h2>{t("page_collections")}</h2>
      {collections.length > 0 ? (
        <CollectionList t={t} caption={t("page_collections_own")} collections={collections} />
      ) : (
        <p class="empty">{t("page_collections_empty")}</p>
      )}
    </DashboardLayout>
  );
}
