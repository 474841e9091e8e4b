/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Language } from "../../phrases/index.ts";
import { Form } from "../parts/form.tsx";
import { plainField } from "../parts/form-field.tsx";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { words } from "../parts/words.ts";

export interface SignInPageProps {
  readonly language: Language;
  readonly site?: string;
  /** Sent along: `next`, where to go afterwards. */
  readonly hidden?: Readonly<Record<string, string>>;
  readonly email?: string;
  /** There is nobody yet who could sign in. */
  readonly unowned?: boolean;
  /** Why nobody was signed in, without saying which of the two was wrong. */
  readonly problem?: string;
  /** Sentences for `email` and `password`, for what was left out. */
  readonly problems?: Readonly<Record<string, string>>;
}

/** Signs a superuser in. */
export function SignInPage({ language, site, hidden, email, problem, problems = {}, unowned }: SignInPageProps): VNode {
  const t = words(language);
  const fields = [
    plainField({ name: "email", label: t("page_email"), type: "email", autocomplete: "username", value: email }),
    plainField({
      name: "password",
      label: t("page_password"),
      type: "password",
      autocomplete: "current-password",
    }),
  ];
  const title = t("page_sign_in_title");
  return (
    <Layout language={language} site={site} home="/_/" title={problem ? t("page_problem_title", { title }) : title}>
      <h1>{title}</h1>
      <p class="lead">{t("page_sign_in_lead")}</p>
      {unowned ? (
        <Notice kind="info">
          <p>{t("page_sign_in_unowned")}</p>
        </Notice>
      ) : null}
      {problem ? (
        <Notice kind="problem">
          <p>{problem}</p>
        </Notice>
      ) : null}
      <Form
        language={language}
        action="/_/login"
        fields={fields}
        problems={problems}
        hidden={hidden}
        submit={title}
        autofocus={email ? "password" : "email"}
      />
    </Layout>
  );
}
