/** @jsxImportSource preact */
import type { VNode } from "preact";
import { Notice } from "../parts/notice.tsx";
import { addressWith } from "../parts/record-list.tsx";
import { words } from "../parts/words.ts";
import { DashboardLayout, type DashboardProps } from "./dashboard-layout.tsx";
import { headingOf, type PersonEntry, PersonThings } from "./people-page.tsx";

export interface PeopleErasePageProps extends DashboardProps {
  readonly email: string;
  /** What can be erased, with all of it that a page can list. */
  readonly entries: readonly PersonEntry[];
  readonly problem?: string | undefined;
}

/** Asks once more, and lists what goes. */
export function PeopleErasePage({ email, entries, problem, ...frame }: PeopleErasePageProps): VNode {
  const t = words(frame.language);
  const title = t("page_person_erase_title", { email });
  return (
    <DashboardLayout {...frame} title={title} section="people">
      <h1>{title}</h1>
      {problem ? (
        <Notice kind="problem">
          <p>{problem}</p>
        </Notice>
      ) : null}
      <p>{t("page_person_erase_lead")}</p>
      <form action="/_/people/erase" method="post">
        <input type="hidden" name="email" value={email} />
        {entries.map((entry) => (
          <section>
            <h2>
              <label>
                <input type="checkbox" name="group" value={entry.key} checked /> {headingOf(t, entry)}
              </label>
            </h2>
            <p>{t("page_person_count", { count: entry.total })}</p>
            <PersonThings t={t} entry={entry} />
          </section>
        ))}
        <p>{t("page_person_limits")}</p>
        <p class="actions">
          <button type="submit" class="grave">
            {t("page_person_erase_submit")}
          </button>
          <a href={addressWith("/_/people", { email })}>{t("page_person_erase_keep")}</a>
        </p>
      </form>
    </DashboardLayout>
  );
}
