/** @jsxImportSource preact */
import type { VNode } from "preact";
import { labelOf, words } from "../parts/words.ts";
import { ResourceLayout, type ResourceProps, Why } from "./resource-layout.tsx";

export interface DeletePageProps extends ResourceProps {
  readonly id: string;
  /** What the record is called; absent where the viewer may not see it. */
  readonly label?: string;
  /** Why it was not deleted. */
  readonly notice?: string;
  /** Signing in would help. */
  readonly signedOut?: boolean;
}

/** Asks once more before a record is deleted. */
export function DeletePage({ id, label, notice, signedOut = false, ...frame }: DeletePageProps): VNode {
  const t = words(frame.language);
  const list = `/${frame.collection}`;
  const record = `${list}/${encodeURIComponent(id)}`;
  const title =
    label === undefined ? t("page_resource_delete_title") : t("page_resource_delete_title_of", { record: label });
  return (
    <ResourceLayout {...frame} title={notice ? t("page_problem_title", { title }) : title}>
      <p>
        <a href={list}>{labelOf(frame.collection)}</a>
      </p>
      <h1>{title}</h1>
      <Why language={frame.language} here={frame.here} notice={notice} signedOut={signedOut} />
      <p class="lead">{t("page_resource_delete_lead")}</p>
      <form action={`${record}/delete`} method="post">
        <p class="actions">
          <button type="submit">{t("page_resource_delete")}</button>
          <a href={record}>{t("page_resource_keep")}</a>
        </p>
      </form>
    </ResourceLayout>
  );
}
