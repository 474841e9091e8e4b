/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { FormState } from "../../forms/standing.ts";
import { spoken } from "../../lib/dates.ts";
import type { Language } from "../../phrases/index.ts";
import { Notice } from "../parts/notice.tsx";
import { type Column, type Row, Table } from "../parts/table.tsx";
import { words, type Words } from "../parts/words.ts";
import { DashboardLayout, type DashboardProps } from "./dashboard-layout.tsx";
import { formPath } from "./form-layout.tsx";

export interface FormsPageProps extends DashboardProps {
  readonly forms: readonly FormEntry[];
  /** What has just been done. */
  readonly notice?: string | undefined;
}

export interface FormEntry {
  readonly slug: string;
  readonly title: string;
  /** Answers that nobody has opened, and answers that look like spam and wait. */
  readonly unread: number;
  readonly held: number;
  /** `lost`: its collection is gone. */
  readonly state: FormState | "lost";
}

/** All forms. */
export function FormsPage({ forms, notice, ...frame }: FormsPageProps): VNode {
  const t = words(frame.language);
  return (
    <DashboardLayout {...frame} title={t("page_forms")} section="forms">
      <div class="headed">
        <h1>{t("page_forms")}</h1>
        {forms.length > 0 ? <MakeForm t={t} /> : null}
      </div>
      {notice ? (
        <Notice kind="good">
          <p>{notice}</p>
        </Notice>
      ) : null}
      <FormList t={t} language={frame.language} forms={forms} />
    </DashboardLayout>
  );
}

/** The forms with what waits in them, or where to begin. */
export function FormList({ t, language, forms }: { t: Words; language: Language; forms: readonly FormEntry[] }): VNode {
  if (forms.length === 0) {
    return (
      <div class="empty">
        <p>{t("forms_empty")}</p>
        <a class="button" href="/_/forms/new">
          {t("forms_make_first")}
        </a>
      </div>
    );
  }
  const columns: readonly Column[] = [
    { key: "title", label: t("forms_form") },
    { key: "unread", label: t("forms_new"), number: true },
    { key: "held", label: t("forms_held"), number: true },
    { key: "state", label: t("forms_state") },
    { key: "slug", label: t("forms_address") },
    { key: "work", label: t("forms_work") },
  ];
  const rows = forms.map((form): Row => {
    const { slug, title, unread, held, state } = form;
    const here = formPath(slug);
    return {
      key: slug,
      href: `${here}/inbox`,
      cells: [
        title,
        unread > 0 ? <strong>{unread}</strong> : "0",
        held > 0 ? <a href={`${here}/inbox?state=spam`}>{held}</a> : "0",
        <span class={state === "open" ? "state good" : state === "lost" ? "state bad" : "state"}>
          {stateIn(t, language, state)}
        </span>,
        <a href={`/forms/${slug}`} target="_blank">
          /forms/{slug}
        </a>,
        <a href={here} aria-label={t("forms_edit_of", { title })}>
          {t("forms_edit")}
        </a>,
      ],
    };
  });
  return (
    <div class="roomy">
      <Table caption={t("forms_count", { count: forms.length })} columns={columns} rows={rows} />
    </div>
  );
}

export function MakeForm({ t }: { t: Words }): VNode {
  return (
    <a class="button" href="/_/forms/new">
      {t("forms_make")}
    </a>
  );
}

function stateIn(t: Words, language: Language, state: FormEntry["state"]): string {
  return typeof state === "string"
    ? t(`forms_state_${state}`)
    : t("forms_state_soon", { moment: spoken(state.soon, language) });
}
