/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Language } from "../../phrases/index.ts";
import { type Account, AccountNav } from "../parts/account-nav.tsx";
import { Layout } from "../parts/layout.tsx";
import type { KeptFiles, Typed } from "../parts/form-field.tsx";
import { Notice } from "../parts/notice.tsx";
import { SendAgain, shownOf } from "../parts/send-again.tsx";
import { labelOf, words } from "../parts/words.ts";

export interface ResendPageProps {
  readonly language: Language;
  readonly site?: string;
  readonly account: Account;
  /** Nobody is signed in, so sending it would fail again: the address of the sign-in. */
  readonly signIn?: string;
  /** Where it is sent to. */
  readonly action: string;
  readonly token: string;
  readonly typed: Typed;
  readonly files: KeptFiles;
}

/** Everything that was sent in vain, and one button that sends it again. */
export function ResendPage({ language, site, account, signIn, action, token, typed, files }: ResendPageProps): VNode {
  const t = words(language);
  return (
    <Layout
      language={language}
      site={site}
      title={t("page_resend_title")}
      nav={<AccountNav language={language} account={account} next={`/resend/${token}`} />}
    >
      <h1>{t("page_resend_title")}</h1>
      {signIn === undefined ? (
        <p class="lead">{t("page_resend_lead")}</p>
      ) : (
        <Notice kind="info">
          <p>
            {t("page_resend_signed_out")} <a href={signIn}>{t("page_sign_in_title")}</a>
          </p>
        </Notice>
      )}
      <dl>
        {shownOf(typed).map(([name, text]) => (
          <div key={name}>
            <dt>{labelOf(name)}</dt>
            <dd class="typed">{text}</dd>
          </div>
        ))}
        {[...files].map(([name, kept]) => (
          <div key={name}>
            <dt>{labelOf(name)}</dt>
            <dd>{kept.map(({ filename }) => filename).join(", ")}</dd>
          </div>
        ))}
      </dl>
      <SendAgain t={t} action={action} typed={typed} token={token} />
    </Layout>
  );
}
