/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Language } from "../../phrases/index.ts";
import { type Account, AccountNav } from "../parts/account-nav.tsx";
import { Form } from "../parts/form.tsx";
import { plainField } from "../parts/form-field.tsx";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { labelOf, words, type Words } from "../parts/words.ts";

export interface LoginPageProps {
  readonly language: Language;
  readonly site?: string;
  readonly account: Account;
  /** The names of the fields that people sign in by: `["email", "username"]`. */
  readonly identities: readonly string[];
  /** Where to go afterwards. */
  readonly next: string;
  readonly identity?: string;
  /** Sentences for `identity` and `password`, for what was left out. */
  readonly problems?: Readonly<Record<string, string>>;
  /** Why nobody was signed in, without saying which of the two was wrong. */
  readonly notice?: string;
  /** Something to know, though nothing went wrong. */
  readonly news?: string;
}

/** Signs people in. */
export function LoginPage({ language, site, account, identities, next, identity, ...props }: LoginPageProps): VNode {
  const t = words(language);
  const { problems = {}, notice, news } = props;
  const onlyEmail = identities.length === 1 && identities[0] === "email";
  const fields = [
    plainField({
      name: "identity",
      label: labelOfAll(t, identities),
      type: onlyEmail ? "email" : "text",
      autocomplete: "username",
      value: identity,
    }),
    plainField({ name: "password", label: t("page_password"), type: "password", autocomplete: "current-password" }),
  ];
  const title = t("page_sign_in_title");
  return (
    <Layout
      language={language}
      site={site}
      title={notice || Object.keys(problems).length > 0 ? t("page_problem_title", { title }) : title}
      nav={<AccountNav language={language} account={account} />}
    >
      <h1>{title}</h1>
      <p class="lead">{t("page_login_lead")}</p>
      {notice || news ? (
        <Notice kind={notice ? "problem" : "info"}>
          <p>{notice || news}</p>
        </Notice>
      ) : null}
      <Form
        language={language}
        action="/login"
        fields={fields}
        problems={problems}
        hidden={{ next }}
        submit={title}
        autofocus={identity ? "password" : "identity"}
      >
        {account.open ? <a href={`/register?next=${encodeURIComponent(next)}`}>{t("page_login_new")}</a> : null}
      </Form>
    </Layout>
  );
}

/** "Email or username". */
function labelOfAll(t: Words, names: readonly string[]): string {
  const [first = t("page_email"), ...others] = names.map((name) =>
    name === "email" ? t("page_email") : labelOf(name),
  );
  return others.reduce((one, other) => t("page_login_or", { one, other: other.toLowerCase() }), first);
}
