/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Collection } from "../../collections/collection.ts";
import { type Column, type Row, Table } from "../parts/table.tsx";
import { words, type Words } from "../parts/words.ts";
import { DashboardLayout, type DashboardProps } from "./dashboard-layout.tsx";

export interface CollectionsPageProps extends DashboardProps {
  readonly collections: readonly CollectionEntry[];
}

export interface CollectionEntry {
  readonly name: string;
  readonly type: Collection["type"];
  readonly system: boolean;
  /** How many records it holds, where somebody counted. */
  readonly records?: number;
  /** The file that describes it, where there is one. */
  readonly declaredIn?: string | undefined;
}

/** All collections, our own apart. */
export function CollectionsPage({ collections, ...frame }: CollectionsPageProps): VNode {
  const t = words(frame.language);
  const own = collections.filter((collection) => !collection.system);
  const builtIn = collections.filter((collection) => collection.system);
  return (
    <DashboardLayout {...frame} title={t("page_collections")} section="collections">
      <h1>{t("page_collections")}</h1>
      {own.length > 0 ? <CollectionList t={t} caption={t("page_collections_own")} collections={own} /> : null}
      {own.length === 0 ? <p class="empty">{t("page_collections_empty")}</p> : null}
      {builtIn.length > 0 ? (
        <CollectionList t={t} caption={t("page_collections_system")} collections={builtIn} />
      ) : null}
    </DashboardLayout>
  );
}

/** Collections of one kind. */
export function CollectionList({
  t,
  caption,
  collections,
}: {
  t: Words;
  caption: string;
  collections: readonly CollectionEntry[];
}): VNode {
  const counted = collections.some(({ records }) => records !== undefined);
  const declared = collections.some(({ declaredIn }) => declaredIn);
  const columns: readonly Column[] = [
    { key: "name", label: t("page_collection") },
    { key: "type", label: t("page_type") },
    ...(counted ? [{ key: "records", label: t("page_records"), number: true }] : []),
    ...(declared ? [{ key: "declaredIn", label: t("page_collections_declared") }] : []),
  ];
  const rows = collections.map(({ name, type, records, declaredIn = "" }): Row => ({
    key: name,
    href: `/_/collections/${encodeURIComponent(name)}`,
    cells: [
      name,
      t(`page_type_${type}`),
      ...(counted ? [records?.toString() ?? ""] : []),
      ...(declared ? [declaredIn] : []),
    ],
  }));
  return <Table caption={caption} columns={columns} rows={rows} />;
}
