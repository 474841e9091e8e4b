/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Code } from "../../phrases/index.ts";
import { Notice } from "../parts/notice.tsx";
import { addressWith } from "../parts/record-list.tsx";
import { words, type Words } from "../parts/words.ts";
import { DashboardLayout, type DashboardProps } from "./dashboard-layout.tsx";

/** Things of one kind that are known of a person. */
export interface PersonEntry {
  readonly key: string;
  readonly kind: "records" | "related" | "answers" | "jobs" | "drafts" | "settings";
  readonly collection?: string | undefined;
  readonly total: number;
  /** The first of them. */
  readonly items: readonly { readonly label: string; readonly href?: string | undefined }[];
  readonly erasable: boolean;
}

export interface PeoplePageProps extends DashboardProps {
  /** What was looked for; `""` for nothing yet. */
  readonly email: string;
  readonly entries?: readonly PersonEntry[] | undefined;
  readonly problem?: string | undefined;
}

/** Everything about one email address. */
export function PeoplePage({ email, entries, problem, ...frame }: PeoplePageProps): VNode {
  const t = words(frame.language);
  return (
    <DashboardLayout {...frame} title={t("page_people")} section="people">
      <h1>{t("page_people")}</h1>
      <p>{t("page_person_lead")}</p>
      {problem ? (
        <Notice kind="problem">
          <p>{problem}</p>
        </Notice>
      ) : null}
      <form role="search" action="/_/people" method="get">
        <input
          type="search"
          inputmode="email"
          name="email"
          dir="auto"
          value={email}
          aria-label={t("page_person_email")}
          maxLength={255}
          autocomplete="off"
        />
        <button type="submit">{t("page_person_find")}</button>
      </form>
      {entries === undefined ? null : entries.length === 0 ? (
        <p class="empty">{t("page_person_nothing", { email })}</p>
      ) : (
        <>
          <h2>{t("page_person_found", { email })}</h2>
          {entries.map((entry) => (
            <section>
              <h3>{headingOf(t, entry)}</h3>
              <PersonThings t={t} entry={entry} />
            </section>
          ))}
          <p class="actions">
            <a class="button" href={addressWith("/_/people/export", { email })} download>
              {t("page_person_export")}
            </a>
            {entries.some(({ erasable }) => erasable) ? (
              <a href={addressWith("/_/people/erase", { email })}>{t("page_person_erase")}</a>
            ) : null}
          </p>
        </>
      )}
    </DashboardLayout>
  );
}

export function headingOf(t: Words, { kind, collection = "" }: Pick<PersonEntry, "kind" | "collection">): string {
  const code: Code = `page_person_${kind}`;
  return t(code, { collection });
}

/** What is in one group, and how much more there is of it. */
export function PersonThings({ t, entry }: { t: Words; entry: PersonEntry }): VNode {
  const { kind, items, total, erasable } = entry;
  return (
    <>
      {erasable ? null : <p class="help">{t(kind === "settings" ? "page_person_setting" : "page_person_owner")}</p>}
      <ul>
        {items.map(({ label, href }) => (
          <li>{href ? <a href={href}>{label}</a> : label}</li>
        ))}
      </ul>
      {total > items.length ? <p>{t("page_person_more", { count: total - items.length })}</p> : null}
    </>
  );
}
