/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Language } from "../../phrases/index.ts";
import { Form, type FormProps } from "../parts/form.tsx";
import type { FormField } from "../parts/form-field.tsx";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { words } from "../parts/words.ts";

export interface FormPageProps {
  readonly language: Language;
  readonly site?: string;
  readonly title: string;
  readonly introduction?: string;
  readonly action: string;
  readonly fields: readonly FormField[];
  readonly problems?: Readonly<Record<string, string>>;
  readonly hidden?: FormProps["hidden"];
  readonly token?: FormProps["token"];
  readonly draft?: FormProps["draft"];
  /** What the button says; "Send" when absent. */
  readonly submit?: string;
  /** Why the form is shown again though no field is to blame: closed, too fast, signed out. */
  readonly notice?: string;
  /** The way back to the page it was sent from. */
  readonly back?: string;
}

/** The hosted page of a form; with problems, and what was typed in its fields, also the answer to a failed send. */
export function FormPage({ language, site, title, introduction, notice, back, submit, ...form }: FormPageProps): VNode {
  const t = words(language);
  const wrong = Object.keys(form.problems ?? {}).length > 0;
  return (
    <Layout
      language={language}
      site={site}
      title={wrong ? t("page_problem_title", { title }) : title}
      description={introduction}
      listed={!wrong}
    >
      <h1>{title}</h1>
      {introduction ? <p class="lead">{introduction}</p> : null}
      {notice ? (
        <Notice kind="problem">
          <p>{notice}</p>
        </Notice>
      ) : null}
      <Form language={language} trap="_gotcha" submit={submit || t("page_send")} {...form}>
        {back ? <a href={back}>{t("page_back")}</a> : null}
      </Form>
    </Layout>
  );
}
