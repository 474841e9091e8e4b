/** @jsxImportSource preact */
import type { ComponentChildren, VNode } from "preact";
import type { Code, Language } from "../../phrases/index.ts";
import { type Account, AccountNav } from "../parts/account-nav.tsx";
import { Layout } from "../parts/layout.tsx";
import { Notice } from "../parts/notice.tsx";
import type { KeptDraft } from "../parts/form-field.tsx";
import { words, type Words } from "../parts/words.ts";

/** What every page about records is given. */
export interface ResourceProps {
  readonly language: Language;
  readonly site?: string;
  /** The name of the collection, whose pages are at `/name`. */
  readonly collection: string;
  /** The address of a page that can be opened again: where signing in leads back to. */
  readonly here: string;
  readonly account: Account;
  /** Who is signed in, in their own words; nobody where it is absent. */
  readonly person?: string;
  /** What has just been done. */
  readonly done?: string;
}

interface ResourceLayoutProps extends ResourceProps {
  readonly title: string;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

const sentences: Readonly<Record<string, Code>> = {
  created: "page_resource_created",
  updated: "page_resource_updated",
  deleted: "page_resource_deleted",
};

/** The frame of the pages about a collection's records. */
export function ResourceLayout({
  language,
  site,
  here,
  account,
  person,
  done,
  title,
  wide,
  children,
}: ResourceLayoutProps): VNode {
  const t = words(language);
  const said = done !== undefined && Object.hasOwn(sentences, done) ? sentences[done] : undefined;
  return (
    <Layout
      language={language}
      site={site}
      title={title}
      nav={<AccountNav language={language} account={account} next={here} />}
      footer={person === undefined ? undefined : t("page_signed_in_as", { email: person })}
      wide={wide}
    >
      {said ? (
        <Notice kind="good">
          <p>{t(said)}</p>
        </Notice>
      ) : null}
      {children}
    </Layout>
  );
}

interface WhyProps extends Pick<ResourceProps, "language" | "here"> {
  /** Absent where nothing went wrong. */
  readonly notice: string | undefined;
  /** Signing in would help. */
  readonly signedOut: boolean;
  /** Everything that was sent, to be sent again after signing in. */
  readonly draft?: KeptDraft | undefined;
}

/** Why something was not done though no field is to blame. */
export function Why({ language, here, notice, signedOut, draft }: WhyProps): VNode | null {
  if (!notice) return null;
  const t = words(language);
  return (
    <Notice kind="problem">
      <p>
        {notice} {signedOut ? <SignIn t={t} here={here} draft={draft} /> : null}
      </p>
    </Notice>
  );
}

/** The way to sign in: in another tab and back, and where everything was kept also straight to a page that sends it again. */
export function SignIn({
  t,
  here,
  draft,
}: {
  readonly t: Words;
  readonly here: string;
  readonly draft?: KeptDraft | undefined;
}): VNode {
  return draft?.token ? (
    <a href={signInAddress(`/resend/${draft.token}`)}>{t("page_resend_sign_in")}</a>
  ) : (
    <a href={signInAddress(here)} target="_blank" rel="noopener">
      {t("page_resource_sign_in_tab")}
    </a>
  );
}

/** The sign-in that leads back to a page of this site. */
export function signInAddress(here: string): string {
  return `/login?next=${encodeURIComponent(here)}`;
}
