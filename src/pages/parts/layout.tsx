/** @jsxImportSource preact */
import type { ComponentChildren, VNode } from "preact";
import type { Language } from "../../phrases/index.ts";
import { direction, words } from "./words.ts";

export interface LayoutProps {
  readonly language: Language;
  /** What the page is about; it stands in the tab and in the history. */
  readonly title: string;
  readonly description?: string;
  /** The name at the top of the page and where it leads. */
  readonly site?: string;
  readonly home?: string;
  /** What stands beside the name: links, sign-out. */
  readonly nav?: ComponentChildren;
  /** What stands below the page; who made it when absent. */
  readonly footer?: ComponentChildren;
  /** For tables, which want more than the width of a line of text. */
  readonly wide?: boolean;
  /** Search engines may list the page. */
  readonly listed?: boolean;
  readonly children: ComponentChildren;
}

/** The frame of every page of ours. */
export function Layout(props: LayoutProps): VNode {
  const { language, title, description, site, home = "/", nav, footer, wide, listed, children } = props;
  const t = words(language);
  const name = site || "Formstead";
  return (
    <html lang={language} dir={direction(language)}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title === name ? title : `${title} · ${name}`}</title>
        {description ? <meta name="description" content={description} /> : null}
        {listed ? null : <meta name="robots" content="noindex" />}
        <link rel="stylesheet" href="/formstead.css" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <script
          src="/forms.js"
          defer
          data-ours
          data-lost={t("page_send_lost")}
          data-broken={t("page_send_broken")}
          data-progress={t("page_send_progress")}
        />
      </head>
      <body class={wide ? "wide" : undefined}>
        <a class="skip" href="#main">
          {t("page_skip")}
        </a>
        <header>
          <a class="brand" href={home}>
            {site ? null : <img src="/favicon.svg" alt="" width="24" height="24" />}
            {name}
          </a>
          {nav ? <nav aria-label={t("page_nav")}>{nav}</nav> : null}
        </header>
        <main id="main" tabIndex={-1}>
          {children}
        </main>
        <footer>
          <p>{footer ?? t("page_made_with")}</p>
        </footer>
      </body>
    </html>
  );
}
