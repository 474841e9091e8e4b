/** @jsxImportSource preact */
import type { VNode } from "preact";
import { addressWith } from "../parts/record-list.tsx";
import { words } from "../parts/words.ts";
import { DashboardLayout, type DashboardProps } from "./dashboard-layout.tsx";
import { headingOf, type PersonEntry } from "./people-page.tsx";

/** What became of one group. */
export interface ErasedEntry extends Pick<PersonEntry, "kind" | "collection"> {
  readonly gone: number;
  readonly kept: readonly { readonly label: string; readonly why: string }[];
}

export interface PeopleErasedPageProps extends DashboardProps {
  readonly email: string;
  readonly entries: readonly ErasedEntry[];
}

/** What was erased, what could not be, and where some of it may still be. */
export function PeopleErasedPage({ email, entries, ...frame }: PeopleErasedPageProps): VNode {
  const t = words(frame.language);
  const title = t("page_person_erased_title", { email });
  return (
    <DashboardLayout {...frame} title={title} section="people">
      <h1>{title}</h1>
      {entries.map((entry) => (
        <section>
          <h2>{headingOf(t, entry)}</h2>
          <p>{t("page_person_gone", { count: entry.gone })}</p>
          {entry.kept.length > 0 ? (
            <ul>
              {entry.kept.map((it) => (
                <li>{t("page_person_kept", { ...it })}</li>
              ))}
            </ul>
          ) : null}
        </section>
      ))}
      <p>{t("page_person_limits")}</p>
      <p class="actions">
        <a class="button" href={addressWith("/_/people", { email })}>
          {t("page_person_again")}
        </a>
      </p>
    </DashboardLayout>
  );
}
