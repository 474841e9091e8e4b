/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Language } from "../../phrases/index.ts";
import { words } from "./words.ts";

/** What the frame of a page knows of who looks at it. */
export interface Account {
  readonly signedIn: boolean;
  /** Strangers may make an account. */
  readonly open: boolean;
}

interface AccountNavProps {
  readonly language: Language;
  readonly account: Account;
  /** The page to come back to. */
  readonly next?: string;
}

/** The ways into an account and out of it, for the `nav` of a page's layout. */
export function AccountNav({ language, account, next }: AccountNavProps): VNode {
  const t = words(language);
  const back = next === undefined ? "" : `?next=${encodeURIComponent(next)}`;
  if (!account.signedIn) {
    return (
      <>
        <a href={`/login${back}`}>{t("page_sign_in_title")}</a>
        {account.open ? <a href={`/register${back}`}>{t("page_account_register")}</a> : null}
      </>
    );
  }
  return (
    <>
      <a href="/profile">{t("page_account_profile")}</a>
      <form action="/logout" method="post">
        <button type="submit">{t("page_sign_out")}</button>
      </form>
    </>
  );
}
