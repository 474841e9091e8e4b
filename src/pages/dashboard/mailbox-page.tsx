/** @jsxImportSource preact */
import type { VNode } from "preact";
import { spoken, stamp } from "../../lib/dates.ts";
import { addressWith } from "../parts/record-list.tsx";
import { type Row, Table } from "../parts/table.tsx";
import { words, type Words } from "../parts/words.ts";
import { DashboardLayout, type DashboardProps } from "./dashboard-layout.tsx";
import { fateOf, type MailFate } from "./mailbox-fate.ts";

export interface MailEntry extends MailFate {
  /** Of the mail; absent where its text can no longer be made. */
  readonly subject?: string;
  readonly to: readonly string[];
  /** Whom an answer to it reaches, mostly who wrote; `""` for nobody else. */
  readonly replyTo: string;
}

interface MailboxPageProps extends DashboardProps {
  readonly mails: readonly MailEntry[];
  /** Which are shown; `""` all. */
  readonly state: string;
  /** A mail server is set up. */
  readonly sends: boolean;
  /** The number of the last one shown, where there may be older ones. */
  readonly older?: number | undefined;
  /** These are not the newest. */
  readonly later: boolean;
}

const here = "/_/mailbox";

/** All mails and what became of them, the newest first. */
export function MailboxPage({ mails, state, sends, older, later, ...frame }: MailboxPageProps): VNode {
  const t = words(frame.language);
  const columns = [
    { key: "subject", label: t("page_mailbox_subject") },
    { key: "to", label: t("page_mailbox_to") },
    { key: "replyTo", label: t("page_mailbox_reply_to") },
    { key: "fate", label: t("page_mailbox_state") },
    { key: "created", label: t("page_mailbox_created") },
  ];
  const rows = mails.map((mail): Row => {
    const { id, subject, to, replyTo, created } = mail;
    const cells = [
      subject ?? t("page_mailbox_gone_short"),
      to.join(", "),
      replyTo,
      fateOf(t, mail),
      spoken(stamp(created), frame.language),
    ];
    return { key: String(id), href: `${here}/${id}`, cells };
  });
  return (
    <DashboardLayout {...frame} title={t("page_mailbox")} section="mailbox">
      <h1>{t("page_mailbox")}</h1>
      <p>{t(sends ? "page_mailbox_lead" : "page_mailbox_lead_none")}</p>
      <Filter t={t} state={state} />
      {rows.length > 0 ? (
        <div class="roomy">
          <Table caption={t("page_mailbox_count", { count: rows.length })} columns={columns} rows={rows} />
        </div>
      ) : (
        <p class="empty">{t(state === "" && !later ? "page_mailbox_empty" : "page_mailbox_none")}</p>
      )}
      {older === undefined && !later ? null : (
        <nav class="paging" aria-label={t("page_paging")}>
          {later ? <a href={addressWith(here, { state })}>{t("page_mailbox_newest")}</a> : null}
          {older === undefined ? null : (
            <a href={addressWith(here, { state, before: String(older) })} rel="next">
              {t("page_mailbox_older")}
            </a>
          )}
        </nav>
      )}
    </DashboardLayout>
  );
}

function Filter({ t, state }: { readonly t: Words; readonly state: string }): VNode {
  const states = [
    ["", t("page_mailbox_all")],
    ["waiting", t("page_mailbox_waiting")],
    ["done", t("page_mailbox_ended_well")],
    ["failed", t("page_mailbox_failed")],
  ] as const;
  return (
    <nav class="tabs" aria-label={t("page_mailbox_filter")}>
      {states.map(([value, label]) => (
        <a href={addressWith(here, { state: value })} aria-current={value === state ? "page" : undefined}>
          {label}
        </a>
      ))}
    </nav>
  );
}
