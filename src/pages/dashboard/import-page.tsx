/** @jsxImportSource preact */
import type { VNode } from "preact";
import { Notice } from "../parts/notice.tsx";
import { words } from "../parts/words.ts";
import { DashboardLayout, type DashboardProps, type Section } from "./dashboard-layout.tsx";

/** What a file is imported into. */
export interface ImportInto extends DashboardProps {
  /** What people call it: the collection's name or the form's title. */
  readonly name: string;
  readonly section: Section;
  /** Where it is shown, and where files for it are sent. */
  readonly home: string;
  readonly here: string;
}

export interface ImportPageProps extends ImportInto {
  /** Why the file that was sent could not be read. */
  readonly problem?: string | undefined;
}

/** Where a CSV file is sent. */
export function ImportPage({ name, section, home, here, problem, ...frame }: ImportPageProps): VNode {
  const t = words(frame.language);
  const title = t("page_import_title", { name });
  return (
    <DashboardLayout {...frame} title={title} section={section}>
      <div class="narrow">
        <h1>{title}</h1>
        {problem ? (
          <Notice kind="problem">
            <p>{problem}</p>
          </Notice>
        ) : null}
        <p>{t("page_import_lead")}</p>
        {section === "forms" ? <p>{t("page_import_lead_form")}</p> : null}
        <form action={here} method="post" enctype="multipart/form-data">
          <div class="field">
            <label for="import-file">{t("page_import_file")}</label>
            <input id="import-file" type="file" name="file" accept=".csv,.tsv,.txt,text/csv" required />
          </div>
          <p class="actions">
            <button type="submit">{t("page_import_send")}</button>
            <a href={home}>{name}</a>
          </p>
        </form>
      </div>
    </DashboardLayout>
  );
}
