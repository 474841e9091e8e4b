/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Collection } from "../../collections/collection.ts";
import type { Language } from "../../phrases/index.ts";
import { type Account, AccountNav } from "../parts/account-nav.tsx";
import { Form } from "../parts/form.tsx";
import type { KeptDraft, Typed } from "../parts/form-field.tsx";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import { words } from "../parts/words.ts";
import { newPassword, questions, registerFields } from "./account-fields.tsx";

export interface RegisterPageProps {
  readonly language: Language;
  readonly site?: string;
  readonly account: Account;
  /** The people of the site. */
  readonly collection: Collection;
  /** Where to go afterwards. */
  readonly next: string;
  readonly typed?: Typed;
  /** Sentences by field name. */
  readonly problems?: Readonly<Record<string, string>>;
  /** Why no account was made though no field is to blame. */
  readonly notice?: string;
  /** What was kept of the send that failed. */
  readonly draft?: KeptDraft | undefined;
}

/** Makes an account. */
export function RegisterPage({ language, site, account, collection, next, ...props }: RegisterPageProps): VNode {
  const t = words(language);
  const { typed = new Map(), problems = {}, notice, draft } = props;
  const own = questions(t, registerFields(collection), typed, undefined, undefined, draft?.files);
  const asked = [...own, ...newPassword(t, collection, t("page_password"))];
  const title = t("page_register_title");
  return (
    <Layout
      language={language}
      site={site}
      title={notice || Object.keys(problems).length > 0 ? t("page_problem_title", { title }) : title}
      nav={<AccountNav language={language} account={account} />}
    >
      <h1>{title}</h1>
      <p class="lead">{t("page_register_lead")}</p>
      {notice ? (
        <Notice kind="problem">
          <p>{notice}</p>
        </Notice>
      ) : null}
      <Form
        language={language}
        action="/register"
        fields={asked}
        problems={problems}
        hidden={{ next }}
        draft={draft}
        submit={t("page_register_submit")}
        autofocus={asked[0]?.name}
      >
        <a href={`/login?next=${encodeURIComponent(next)}`}>{t("page_register_known")}</a>
      </Form>
    </Layout>
  );
}
