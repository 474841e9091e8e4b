/** @jsxImportSource preact */
import type { VNode } from "preact";
import { Notice } from "../parts/notice.tsx";
import { Table } from "../parts/table.tsx";
import { words, type Words } from "../parts/words.ts";
import { DashboardLayout } from "./dashboard-layout.tsx";
import type { ImportInto } from "./import-page.tsx";

export interface ImportRunPageProps extends ImportInto {
  /** The address of the run. */
  readonly run: string;
  readonly filename: string;
  readonly phase: "checking" | "checked" | "importing" | "done" | "failed";
  readonly read: number;
  readonly made: number;
  readonly known: number;
  readonly left: number;
  readonly columns: readonly { readonly heading: string; readonly choice: string }[];
  /** What a column can become: value and label. */
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly faults: readonly { readonly line: number; readonly column: string; readonly words: string }[];
  readonly failure?: string | undefined;
  /** That the same file was imported before. */
  readonly before?: string | undefined;
}

/** What a file would become, is becoming, or has become. */
export function ImportRunPage(props: ImportRunPageProps): VNode {
  const { name, section, home, here, run, filename: file, phase, read, left, faults, failure, before, ...rest } = props;
  const { language, owner, site } = rest;
  const t = words(language);
  const title = t("page_import_title", { name });
  const works = phase === "checking" || phase === "importing";
  return (
    <DashboardLayout language={language} owner={owner} site={site} title={title} section={section}>
      <h1>{title}</h1>
      {failure ? (
        <Notice kind="problem">
          <p>{failure}</p>
        </Notice>
      ) : null}
      {before ? (
        <Notice kind="info">
          <p>{before}</p>
        </Notice>
      ) : null}
      {works ? (
        <Notice kind="info">
          <p>{t(phase === "checking" ? "page_import_checking" : "page_import_importing", { file, read })}</p>
          <p>
            <a href={run}>{t("page_import_look")}</a>
          </p>
        </Notice>
      ) : (
        <Result t={t} {...props} />
      )}
      {faults.length > 0 ? (
        <section>
          <h2>{t("page_import_faults")}</h2>
          <Table
            caption={t(left > faults.length ? "page_import_faults_first" : "page_import_faults_all", {
              count: faults.length,
            })}
            columns={[
              { key: "line", label: t("page_import_line"), number: true },
              { key: "column", label: t("page_import_column") },
              { key: "words", label: t("page_import_wrong") },
            ]}
            rows={faults.map((it, at) => ({ key: String(at), cells: [it.line, it.column, it.words] }))}
          />
        </section>
      ) : null}
      {phase === "checked" || phase === "failed" ? <Columns t={t} {...props} /> : null}
      {works ? null : (
        <p class="actions">
          {phase === "done" ? (
            <a class="button" href={home}>
              {t("page_import_see")}
            </a>
          ) : null}
          <a href={here}>{t("page_import_another")}</a>
        </p>
      )}
    </DashboardLayout>
  );
}

function Result({ t, phase, run, made, known, left }: { t: Words } & ImportRunPageProps): VNode | null {
  if (phase === "failed" && made + known + left === 0) return null;
  const isDry = phase === "checked";
  return (
    <Notice kind={left > 0 ? "info" : "good"}>
      <p>
        {t(isDry ? "page_import_would" : "page_import_made", { made })}{" "}
        {isDry ? t("page_import_nothing_written") : null}
      </p>
      {known > 0 ? <p>{t("page_import_known", { known })}</p> : null}
      {left > 0 ? (
        <p>
          {t(isDry ? "page_import_left_would" : "page_import_left", { left })}{" "}
          <a href={`${run}/left.csv`} download>
            {t("page_import_left_file")}
          </a>
        </p>
      ) : null}
    </Notice>
  );
}

/** The choice of what each column becomes. */
function Columns({ t, run, columns, options, made }: { t: Words } & ImportRunPageProps): VNode {
  return (
    <form action={run} method="post">
      <h2>{t("page_import_columns")}</h2>
      <table>
        <caption class="unseen">{t("page_import_columns")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("page_import_column")}</th>
            <th scope="col">{t("page_import_becomes")}</th>
          </tr>
        </thead>
        <tbody>
          {columns.map(({ heading, choice }, at) => (
            <tr>
              <td data-label={t("page_import_column")}>{heading}</td>
              <td data-label={t("page_import_becomes")}>
                <select name="column" aria-label={`${heading || at + 1}: ${t("page_import_becomes")}`}>
                  {options.map(([value, label]) => (
                    <option value={value} selected={value === choice}>
                      {label}
                    </option>
                  ))}
                </select>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="actions">
        <button type="submit" name="act" value="check" class="small">
          {t("page_import_check")}
        </button>
        {made > 0 ? (
          <button type="submit" name="act" value="import">
            {t("page_import_start")}
          </button>
        ) : null}
      </p>
    </form>
  );
}
