/** @jsxImportSource preact */
import type { VNode } from "preact";
import { spoken, stamp } from "../../lib/dates.ts";
import type { Mail } from "../../mail/mail.ts";
import { words } from "../parts/words.ts";
import { DashboardLayout, type DashboardProps } from "./dashboard-layout.tsx";
import { fateOf, type MailFate } from "./mailbox-fate.ts";

interface MailPageProps extends DashboardProps {
  readonly fate: MailFate;
  /** As it would be sent now; absent where what it was about is gone. */
  readonly mail: Mail | undefined;
  /** The configured sender. */
  readonly from: string;
  /** The submission it is about. */
  readonly about: string;
}

/** One mail: what became of it, and what it says. */
export function MailPage({ fate, mail, from, about, ...frame }: MailPageProps): VNode {
  const t = words(frame.language);
  const title = mail?.subject ?? t("page_mailbox_gone_short");
  const moment = (milliseconds: number) => spoken(stamp(milliseconds), frame.language);
  const facts = [
    [t("page_mailbox_outcome"), fate.kept ? "" : fate.outcome],
    [t("page_mailbox_tries"), String(fate.tries)],
    [t("page_mailbox_created"), moment(fate.created)],
    [t("page_mailbox_due"), fate.state === "waiting" ? moment(fate.due) : ""],
    [t("page_mailbox_ended"), fate.ended === null ? "" : moment(fate.ended)],
    [t("page_mailbox_from"), mail ? from : ""],
    ...Object.entries(mail?.headers ?? {}),
  ] as const;
  return (
    <DashboardLayout {...frame} title={title} section="mailbox">
      <p>
        <a href="/_/mailbox">{t("page_mailbox")}</a>
      </p>
      <h1>{title}</h1>
      <Facts
        facts={[
          [t("page_mailbox_state"), fateOf(t, fate)],
          [t("page_mailbox_to"), mail?.to.join(", ") ?? ""],
          [t("page_mailbox_cc"), mail?.cc?.join(", ") ?? ""],
          [t("page_mailbox_reply_to"), mail?.replyTo ?? ""],
        ]}
      />
      {mail ? (
        <iframe
          src={`/_/mailbox/${fate.id}/html`}
          title={t("page_mailbox_html")}
          sandbox=""
          referrerpolicy="no-referrer"
          height={heightOf(mail.text)}
        />
      ) : (
        <p class="empty">{t("page_mailbox_gone")}</p>
      )}
      <form action={`/_/jobs/${fate.id}/again`} method="post">
        <p class="actions">
          <button type="submit">{t("page_mailbox_again")}</button>
          {about ? <a href={`/_/submissions/${encodeURIComponent(about)}`}>{t("page_mailbox_submission")}</a> : null}
        </p>
      </form>
      {mail ? (
        <details>
          <summary>{t("page_mailbox_text")}</summary>
          <pre class="letter">{mail.text}</pre>
        </details>
      ) : null}
      <details>
        <summary>{t("page_mailbox_facts")}</summary>
        <Facts facts={facts} />
      </details>
    </DashboardLayout>
  );
}

function Facts({ facts }: { readonly facts: readonly (readonly [label: string, value: string])[] }): VNode {
  return (
    <dl>
      {facts
        .filter(([, value]) => value !== "")
        .map(([label, value]) => (
          <div>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Pixels for a mail of so much text: a page cannot ask how tall what it frames is. */
function heightOf(text: string): number {
  const lines = text.split("\n").reduce((sum, line) => sum + 1 + Math.floor(line.length / 80), 0);
  return Math.min(900, 140 + 20 * lines);
}
