/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Language } from "../../phrases/index.ts";
import { type Account, AccountNav } from "../parts/account-nav.tsx";
import { Layout } from "../parts/layout.tsx";
import { words } from "../parts/words.ts";

export interface HomePageProps {
  readonly language: Language;
  readonly site?: string;
  readonly account: Account;
}

const example = `<form action="/forms/contact" method="post">
  <label>Email <input type="email" name="email" required></label>
  <label>Message <textarea name="message" required></textarea></label>
  <button>Send</button>
</form>`;

/** The home page of a server whose owner has not put a site there. */
export function HomePage({ language, site, account }: HomePageProps): VNode {
  const t = words(language);
  return (
    <Layout
      language={language}
      site={site}
      title={t("page_welcome_title")}
      nav={account.signedIn ? <AccountNav language={language} account={account} /> : null}
    >
      <h1>{t("page_welcome_title")}</h1>
      <p class="lead">{t("page_welcome_lead")}</p>
      <h2>{t("page_welcome_site_title")}</h2>
      <p>{t("page_welcome_site")}</p>
      <h2>{t("page_welcome_form_title")}</h2>
      <p>{t("page_welcome_form")}</p>
      <pre tabIndex={0}>
        <code>{example}</code>
      </pre>
      <p>{t("page_welcome_form_make")}</p>
      <p class="actions">
        <a class="button" href="/_/">
          {t("page_welcome_dashboard")}
        </a>
      </p>
    </Layout>
  );
}
