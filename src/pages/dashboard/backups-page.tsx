/** @jsxImportSource preact */
import type { VNode } from "preact";
import { spoken } from "../../lib/dates.ts";
import { bytesIn } from "../../lib/writing.ts";
import { Notice } from "../parts/notice.tsx";
import { type Row, Table } from "../parts/table.tsx";
import { words } from "../parts/words.ts";
import { DashboardLayout, type DashboardProps } from "./dashboard-layout.tsx";

interface BackupsPageProps extends DashboardProps {
  /** The newest first; sizes in bytes. */
  readonly backups: readonly { readonly key: string; readonly size: number; readonly modified: string }[];
  /** What has just been done. */
  readonly done?: "made" | "removed";
  /** Why it could not be. */
  readonly notice?: string;
}

const here = "/_/backups";

/** Backups: what there is, to be saved elsewhere or removed; and one more. */
export function BackupsPage({ backups, done, notice, ...frame }: BackupsPageProps): VNode {
  const t = words(frame.language);
  const columns = [
    { key: "name", label: t("page_backups_name") },
    { key: "size", label: t("page_backups_size"), number: true },
    { key: "made", label: t("page_backups_made") },
    { key: "remove", label: t("page_backups_remove") },
  ];
  const rows = backups.map(({ key, size, modified }): Row => {
    const remove = (
      <details>
        <summary>{t("page_backups_remove")}</summary>
        <form action={`${here}/${key}/delete`} method="post">
          <button type="submit" aria-label={t("page_backups_remove_one", { name: key })}>
            {t("page_backups_remove")}
          </button>
        </form>
      </details>
    );
    const cells = [
      key,
      bytesIn(frame.language, size).replaceAll(" ", "\u00a0"),
      spoken(modified, frame.language),
      remove,
    ];
    return { key, href: `${here}/${key}`, cells };
  });
  const title = t("page_backups");
  return (
    <DashboardLayout
      {...frame}
      title={notice === undefined ? title : t("page_problem_title", { title })}
      section="settings"
    >
      <h1>{title}</h1>
      {done === undefined ? null : (
        <Notice kind="good">
          <p>{t(done === "made" ? "page_backups_done" : "page_backups_removed")}</p>
        </Notice>
      )}
      {notice === undefined ? null : (
        <Notice kind="problem">
          <p>{notice}</p>
        </Notice>
      )}
      <p>{t("page_backups_lead")}</p>
      <form action={here} method="post">
        <p class="actions">
          <button type="submit">{t("page_backups_make")}</button>
        </p>
      </form>
      {rows.length > 0 ? (
        <Table caption={t("page_backups_count", { count: rows.length })} columns={columns} rows={rows} />
      ) : (
        <p class="empty">{t("page_backups_empty")}</p>
      )}
      <p class="help">{t("page_backups_restore")}</p>
    </DashboardLayout>
  );
}
