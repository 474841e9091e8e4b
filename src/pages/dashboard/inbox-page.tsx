/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { ForeignSite } from "../../forms/foreign-sites.ts";
import type { UnlistedCopy } from "../../forms/unlisted-copies.ts";
import { type Box, boxes } from "../../forms/inbox-list.ts";
import type { Code, Language } from "../../phrases/index.ts";
import { Notice } from "../parts/notice.tsx";
import { Paging } from "../parts/paging.tsx";
import { addressWith } from "../parts/record-list.tsx";
import { labelOf, words, type Words } from "../parts/words.ts";
import { type Day, DayChart } from "./day-chart.tsx";
import { Entries, type InboxEntry } from "./inbox-entries.tsx";
import { FormLayout, formPath, type FormPageProps } from "./form-layout.tsx";
import { TransferLinks } from "./transfer-links.tsx";

export interface InboxPageProps extends FormPageProps {
  readonly entries: readonly InboxEntry[];
  readonly counts: Readonly<Record<Box, number>>;
  readonly box: Box;
  readonly search: string;
  /** From 1. */
  readonly page: number;
  readonly pages: number;
  /** Where they are counted, which a search does not. */
  readonly total: number | undefined;
  readonly days: readonly Day[];
  readonly stats: FormStats;
  /** What has just been done. */
  readonly notice?: string | undefined;
  /** Sites that were refused lately, since the form does not list them. */
  readonly foreign?: readonly ForeignSite[];
  /** Whom answers wished to have a copy lately, and the form does not list. */
  readonly copies?: readonly UnlistedCopy[];
}

/** What happened to a form in the days of the chart. */
export interface FormStats {
  readonly views: number;
  readonly sends: number;
  readonly held: number;
  readonly refused: number;
  /** How often each field had a problem, most often first. */
  readonly problems: readonly (readonly [field: string, count: number])[];
}

/** What has arrived by one form. */
export function InboxPage(props: InboxPageProps): VNode {
  const { entries, counts, box, search, page, pages, total, days, stats, notice, ...others } = props;
  const { foreign = [], copies = [], ...frame } = others;
  const { language } = frame;
  const t = words(language);
  const form = formPath(frame.form.slug);
  const here = `${form}/inbox`;
  const asked = { state: box === "inbox" ? "" : box, search };
  const isNew = Object.values(counts).every((count) => count === 0);
  return (
    <FormLayout {...frame} title={t("inbox_title", { title: frame.form.title })} tab="inbox">
      {notice ? (
        <Notice kind="good">
          <p>{notice}</p>
        </Notice>
      ) : null}
      <Ignored
        t={t}
        edit={`${form}#field-origins`}
        lines={foreign.map(({ use, origin, count }) =>
          t(origin === "null" ? "inbox_foreign_file" : `inbox_foreign_${use}`, { origin, count }),
        )}
      />
      <Ignored t={t} edit={`${form}#field-cc`} lines={copies.map((copy) => t("inbox_copy_unlisted", { ...copy }))} />
      {isNew ? (
        <div class="empty">
          <p>{t("inbox_empty")}</p>
          <a class="button" href={`${form}/code`}>
            {t("inbox_empty_code")}
          </a>
        </div>
      ) : (
        <>
          <nav class="boxes" aria-label={t("inbox_states")}>
            {boxes
              .filter((name) => name !== "test" || counts.test > 0 || box === "test")
              .map((name) => (
                <a
                  href={addressWith(here, { state: name === "inbox" ? "" : name, search })}
                  aria-current={name === box ? "page" : undefined}
                >
                  {t(`inbox_state_${name}`)} <span class="count">{counts[name]}</span>
                </a>
              ))}
          </nav>
          <Find t={t} here={here} asked={asked} />
          {entries.length > 0 ? (
            <Entries t={t} language={language} here={addressWith(here, asked)} {...{ entries, box, total }} />
          ) : (
            <p class="empty">{search ? t("page_records_nothing_found", { search }) : t("inbox_empty_state")}</p>
          )}
          <Paging
            language={language}
            page={page}
            pages={pages}
            href={(to) => addressWith(here, { ...asked, page: String(to) })}
          />
        </>
      )}
      <Numbers t={t} language={language} days={days} stats={stats} />
      <TransferLinks t={t} here={form} asked={isNew ? undefined : { state: box, search }} />
    </FormLayout>
  );
}

/** What the form did not do for want of a setting. Nobody else would tell the owner. */
function Ignored({ t, edit, lines }: { t: Words; edit: string; lines: readonly string[] }): VNode | null {
  if (lines.length === 0) return null;
  return (
    <Notice kind="info">
      <ul>
        {lines.map((line) => (
          <li>{line}</li>
        ))}
      </ul>
      <p>
        <a href={edit}>{t("inbox_foreign_edit")}</a>
      </p>
    </Notice>
  );
}

function Find({
  t,
  here,
  asked,
}: {
  t: Words;
  here: string;
  asked: { readonly state: string; readonly search: string };
}): VNode {
  return (
    <form role="search" action={here} method="get">
      <input
        type="search"
        name="search"
        dir="auto"
        value={asked.search}
        aria-label={t("inbox_search")}
        maxLength={200}
      />
      {asked.state ? <input type="hidden" name="state" value={asked.state} /> : null}
      <button type="submit">{t("page_search")}</button>
      {asked.search ? <a href={addressWith(here, { state: asked.state })}>{t("page_search_all")}</a> : null}
    </form>
  );
}

/** What the last days were like. */
function Numbers({
  t,
  language,
  days,
  stats,
}: { t: Words; language: Language } & Pick<InboxPageProps, "days" | "stats">): VNode | null {
  const { views, sends, held, refused, problems } = stats;
  if (views + sends + held + refused + problems.length === 0) return null;
  const facts: readonly (readonly [Code, number])[] = [
    ["inbox_stats_views", views],
    ["inbox_stats_sends", sends],
    ["inbox_stats_held", held],
    ["inbox_stats_refused", refused],
  ];
  return (
    <section class="numbers">
      <DayChart language={language} days={days} />
      <dl>
        {facts.map(([code, count]) => (
          <div>
            <dt>{t(code)}</dt>
            <dd>{count}</dd>
          </div>
        ))}
        {problems.length > 0 ? (
          <div>
            <dt>{t("inbox_stats_problems")}</dt>
            <dd>{problems.map(([field, count]) => `${labelOf(field)} ${count}`).join(", ")}</dd>
          </div>
        ) : null}
      </dl>
    </section>
  );
}
