/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Language } from "../../phrases/index.ts";
import { Form } from "../parts/form.tsx";
import { plainField } from "../parts/form-field.tsx";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { words } from "../parts/words.ts";

export interface SetupPageProps {
  readonly language: Language;
  /** Sent along: the token of the setup link. */
  readonly hidden?: Readonly<Record<string, string>>;
  readonly email?: string;
  /** Sentences for `email`, `password`, `passwordConfirm`. */
  readonly problems?: Readonly<Record<string, string>>;
  /** Why nobody was made, though no field is to blame. */
  readonly notice?: string;
}

/** Where the setup link leads: makes the first superuser. */
export function SetupPage({ language, hidden, email, problems = {}, notice }: SetupPageProps): VNode {
  const t = words(language);
  const fields = [
    plainField({ name: "email", label: t("page_email"), type: "email", autocomplete: "username", value: email }),
    plainField({
      name: "password",
      label: t("page_password"),
      help: t("page_password_help"),
      type: "password",
      autocomplete: "new-password",
      minLength: 8,
    }),
    plainField({
      name: "passwordConfirm",
      label: t("page_password_again"),
      type: "password",
      autocomplete: "new-password",
      minLength: 8,
    }),
  ];
  const title = t("page_setup_title");
  return (
    <Layout language={language} home="/_/" title={notice ? t("page_problem_title", { title }) : title}>
      <h1>{title}</h1>
      <p class="lead">{t("page_setup_lead")}</p>
      {notice ? (
        <Notice kind="problem">
          <p>{notice}</p>
        </Notice>
      ) : null}
      <Form
        language={language}
        action="/_/setup"
        fields={fields}
        problems={problems}
        hidden={hidden}
        submit={t("page_setup_submit")}
        autofocus="email"
      />
    </Layout>
  );
}
