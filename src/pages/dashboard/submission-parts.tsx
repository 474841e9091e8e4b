/** @jsxImportSource preact */
import type { ComponentChildren, VNode } from "preact";
import type { Json } from "../../fields/field.ts";
import { spoken } from "../../lib/dates.ts";
import type { Language } from "../../phrases/index.ts";
import { type Row, Table } from "../parts/table.tsx";
import type { Words } from "../parts/words.ts";

/** What the page that sent it wished of the mail about it. */
export interface WishFacts {
  readonly subject?: string;
  readonly replyTo?: string;
  readonly cc?: readonly string[];
  readonly unlisted?: readonly string[];
}

export interface SubmissionFacts {
  readonly id: string;
  readonly state: "new" | "read" | "spam" | "deleted";
  readonly test: boolean;
  readonly starred: boolean;
  readonly notes: string;
  readonly score: number;
  readonly extra: Json;
  readonly wishes: WishFacts | null;
  readonly consent: { readonly text: string; readonly version: string; readonly at: string } | null;
  readonly email: string;
  readonly origin: string;
  readonly referrer: string;
  readonly agent: string;
  readonly language: string;
  readonly created: string;
  readonly updated: string;
}

/** A mail or a webhook about the submission. */
export interface JobFacts {
  readonly id: number;
  readonly kind: string;
  readonly state: "waiting" | "done" | "failed";
  /** Nobody was sent it, since there is no mail server. */
  readonly kept: boolean;
  readonly outcome: string;
  /** A moment, as they are stored. */
  readonly when: string;
}

/** Something the spam shield saw, in words. */
export interface ReasonFacts {
  readonly words: string;
  readonly weight: number;
}

export function Fact({ label, children }: { label: string; children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What the page wished of the mail about it. */
export function WishList({ t, wishes }: { t: Words; wishes: WishFacts | null }): VNode | null {
  if (!wishes) return null;
  const { subject, replyTo, cc = [], unlisted = [] } = wishes;
  return (
    <>
      <h3>{t("inbox_wishes")}</h3>
      <dl>
        {subject ? <Fact label={t("inbox_wish_subject")}>{subject}</Fact> : null}
        {replyTo ? <Fact label={t("inbox_wish_reply")}>{replyTo}</Fact> : null}
        {cc.length > 0 ? <Fact label={t("inbox_wish_copies")}>{cc.join(", ")}</Fact> : null}
        {unlisted.length > 0 ? <Fact label={t("inbox_wish_unlisted")}>{unlisted.join(", ")}</Fact> : null}
      </dl>
    </>
  );
}

/** What the spam shield saw. */
export function Reasons({ t, reasons, score }: { t: Words; score: number; reasons: readonly ReasonFacts[] }): VNode {
  const columns = [
    { key: "reason", label: t("inbox_reason") },
    { key: "weight", label: t("inbox_weight"), number: true },
  ];
  const rows = reasons.map(({ words: says, weight }, at): Row => ({ key: String(at), cells: [says, String(weight)] }));
  return (
    <>
      <h3>{t("inbox_reasons")}</h3>
      {rows.length > 0 ? (
        <div class="weights">
          <Table caption={t("inbox_reasons_score", { score })} columns={columns} rows={rows} />
        </div>
      ) : (
        <p>{t("inbox_reasons_none")}</p>
      )}
    </>
  );
}

/** Where an answer came from. */
export function Origin({
  t,
  submission,
  language,
}: {
  t: Words;
  submission: SubmissionFacts;
  language: Language;
}): VNode {
  const { created, updated, ...facts } = submission;
  const texts = ["email", "origin", "referrer", "agent", "language"] as const;
  return (
    <>
      <h3>{t("inbox_facts")}</h3>
      <dl>
        <Fact label={t("inbox_fact_created")}>{spoken(created, language)}</Fact>
        {updated !== created ? <Fact label={t("inbox_fact_updated")}>{spoken(updated, language)}</Fact> : null}
        {texts
          .filter((name) => facts[name] !== "")
          .map((name) => (
            <Fact key={name} label={t(`inbox_fact_${name}`)}>
              {facts[name]}
            </Fact>
          ))}
      </dl>
    </>
  );
}

/** Its mails and webhooks, and what became of them. */
export function Jobs({ t, language, jobs }: { t: Words; jobs: readonly JobFacts[]; language: Language }): VNode | null {
  if (jobs.length === 0) return null;
  const columns = [
    { key: "kind", label: t("inbox_job_kind") },
    { key: "state", label: t("inbox_job_state") },
    { key: "outcome", label: t("inbox_job_outcome") },
    { key: "when", label: t("inbox_job_when") },
    { key: "again", label: t("inbox_job_again") },
  ];
  const rows = jobs.map((job): Row => ({
    key: String(job.id),
    cells: [
      job.kind === "mail" ? t("inbox_job_mail") : job.kind === "webhook" ? t("inbox_job_webhook") : job.kind,
      t(job.kept ? "page_mailbox_kept" : job.kind === "mail" ? `page_mailbox_${job.state}` : `inbox_job_${job.state}`),
      job.outcome,
      spoken(job.when, language),
      job.state === "waiting" ? null : (
        <form action={`/_/jobs/${job.id}/again`} method="post">
          <button type="submit" class="small">
            {t("inbox_job_again")}
          </button>
        </form>
      ),
    ],
  }));
  return (
    <>
      <h3>{t("inbox_jobs")}</h3>
      <Table caption={t("inbox_jobs")} columns={columns} rows={rows} />
    </>
  );
}
