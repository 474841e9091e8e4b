/** @jsxImportSource preact */
import type { VNode } from "preact";
import { spoken, spokenToSecond, stamp } from "../../lib/dates.ts";
import { Notice } from "../parts/notice.tsx";
import { addressWith } from "../parts/record-list.tsx";
import { type Row, Table } from "../parts/table.tsx";
import { words, type Words } from "../parts/words.ts";
import { FormLayout, formPath, type FormPageProps } from "./form-layout.tsx";

export interface DeliveryEntry {
  readonly id: number;
  /** The submission it tells of; `""` for a try. */
  readonly about: string;
  /** Who sent that; `""` where nobody knows. */
  readonly sender: string;
  readonly state: "waiting" | "done" | "failed";
  /** What the receiver said last. */
  readonly outcome: string;
  readonly tries: number;
  /** Milliseconds since 1970. */
  readonly due: number;
  readonly created: number;
}

interface WebhookPageProps extends FormPageProps {
  readonly webhook?: { readonly url: string; readonly shape: string; readonly secret: string } | undefined;
  readonly deliveries: readonly DeliveryEntry[];
  /** The number of the last one shown, where there may be older ones. */
  readonly older?: number | undefined;
  /** What has just been done. */
  readonly done?: string | undefined;
  /** Its address is in a private network, where nothing is sent. */
  readonly closed?: boolean;
}

/** Where a form's answers are delivered, and what became of that. */
export function WebhookPage({ webhook, deliveries, older, done, closed, ...frame }: WebhookPageProps): VNode {
  const t = words(frame.language);
  const here = `${formPath(frame.form.slug)}/webhook`;
  return (
    <FormLayout {...frame} title={t("page_webhook_title", { title: frame.form.title })} tab="webhook">
      {done ? (
        <Notice kind="good">
          <p>{done}</p>
        </Notice>
      ) : null}
      {webhook && closed ? (
        <Notice kind="problem">
          <p>{t("outgoing_private", { host: new URL(webhook.url).hostname })}</p>
        </Notice>
      ) : null}
      <h2>{t("page_webhook_page")}</h2>
      {webhook ? <Facts t={t} webhook={webhook} here={here} /> : null}
      <p>
        <a href={`${formPath(frame.form.slug)}#part-webhook`}>
          {t(webhook ? "page_webhook_change" : "page_webhook_set_up")}
        </a>
      </p>
      {deliveries.length > 0 ? (
        <Deliveries {...frame} t={t} here={here} deliveries={deliveries} again={webhook !== undefined} />
      ) : (
        <p class="empty">{t("page_webhook_empty")}</p>
      )}
      {older === undefined ? null : (
        <nav class="paging" aria-label={t("page_paging")}>
          <a href={addressWith(here, { before: String(older) })} rel="next">
            {t("page_webhook_older")}
          </a>
        </nav>
      )}
    </FormLayout>
  );
}

function Facts({
  t,
  webhook,
  here,
}: {
  readonly t: Words;
  readonly webhook: NonNullable<WebhookPageProps["webhook"]>;
  readonly here: string;
}): VNode {
  return (
    <>
      <dl>
        <dt>{t("page_webhook_address")}</dt>
        <dd dir="ltr">{webhook.url}</dd>
        {webhook.shape === "standard" ? (
          <>
            <dt>{t("page_webhook_secret")}</dt>
            <dd dir="ltr">
              <code>{webhook.secret}</code>
            </dd>
          </>
        ) : null}
      </dl>
      <form action={here} method="post">
        <p class="actions">
          <button type="submit">{t("page_webhook_try_submit")}</button>
        </p>
      </form>
    </>
  );
}

interface DeliveriesProps extends Pick<WebhookPageProps, "deliveries" | "language"> {
  readonly t: Words;
  readonly here: string;
  /** They can be sent again. */
  readonly again: boolean;
}

function Deliveries({ t, here, deliveries, again, language }: DeliveriesProps): VNode {
  const columns = [
    { key: "created", label: t("page_webhook_created") },
    { key: "about", label: t("page_webhook_about") },
    { key: "state", label: t("page_webhook_state") },
    { key: "outcome", label: t("page_webhook_outcome") },
    ...(again ? [{ key: "again", label: t("page_webhook_again") }] : []),
  ];
  const rows = deliveries.map(({ id, about, sender, state, outcome, tries, due, created }): Row => {
    const moment = spoken(stamp(due), language);
    const fate =
      state === "waiting" && tries > 0 ? t("page_webhook_waits", { tries, moment }) : t(`page_webhook_${state}`);
    const cells = [
      spokenToSecond(stamp(created), language),
      about === "" ? (
        t("page_webhook_about_try")
      ) : (
        <a href={`/_/submissions/${about}`}>
          {t("page_webhook_about_answer")}
          {sender === "" ? null : ` · ${sender}`}
        </a>
      ),
      fate,
      outcome,
      ...(again ? [<Again t={t} here={here} id={id} />] : []),
    ];
    return { key: String(id), cells };
  });
  return <Table caption={t("page_webhook_caption")} columns={columns} rows={rows} />;
}

function Again({ t, here, id }: { readonly t: Words; readonly here: string; readonly id: number }): VNode {
  return (
    <form action={here} method="post">
      <button type="submit" name="again" value={id} class="small">
        {t("page_webhook_again_submit")}
      </button>
    </form>
  );
}
