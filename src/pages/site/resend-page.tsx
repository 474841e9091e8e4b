/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Language } from "../../phrases/index.ts";
import { type Account, AccountNav } from "../parts/account-nav.tsx";
import { Layout } from "../parts/layout.tsx";
import type { KeptFiles, Typed } from "../parts/form-field.tsx";
import { Notice } from "../parts/notice.tsx";
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
  const shown = [...typed].filter(([name, texts]) => !/^[_@]/.test(name) && texts.some((text) => text !== ""));
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
        {shown.map(([name, texts]) => (
          <div key={name}>
            <dt>{labelOf(name)}</dt>
            <dd class="typed">{texts.filter((text) => text !== "").join(", ")}</dd>
          </div>
        ))}
        {[...files].map(([name, kept]) => (
          <div key={name}>
            <dt>{labelOf(name)}</dt>
            <dd>{kept.map(({ filename }) => filename).join(", ")}</dd>
          </div>
        ))}
      </dl>
      <form action={action} method="post" accept-charset="utf-8">
        <input type="hidden" name="_draft" value={token} />
        {[...typed].flatMap(([name, texts]) =>
          texts.map((text, at) => <input key={`${name} ${at}`} type="hidden" name={name} value={text} />),
        )}
        <p class="actions">
          <button type="submit">{t("page_resend_send")}</button>
        </p>
      </form>
    </Layout>
  );
}
