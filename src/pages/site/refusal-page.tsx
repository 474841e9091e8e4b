/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Code, Language } from "../../phrases/index.ts";
import { Layout } from "../parts/layout.tsx";
import { WayOut } from "../parts/way-out.tsx";
import { words } from "../parts/words.ts";

export interface RefusalPageProps {
  readonly language: Language;
  readonly site?: string;
  readonly status: number;
  /** A sentence that knows more than the status does. */
  readonly message?: string;
  /** Names the fault in the log of the server. */
  readonly requestId?: string;
  /** The page they came from. */
  readonly back?: string;
  /** Where to go from here; back and to the home page when absent. */
  readonly next?: { readonly href: string; readonly label: string };
}

const told: Readonly<Record<number, readonly [title: Code, next: Code]>> = {
  400: ["page_refused_400_title", "page_refused_400_next"],
  401: ["page_refused_401_title", "page_refused_401_next"],
  403: ["page_refused_403_title", "page_refused_403_next"],
  404: ["page_refused_404_title", "page_refused_404_next"],
  409: ["page_refused_409_title", "page_refused_409_next"],
  413: ["page_refused_413_title", "page_refused_413_next"],
  429: ["page_refused_429_title", "page_refused_429_next"],
  500: ["page_refused_500_title", "page_refused_500_next"],
  503: ["page_refused_503_title", "page_refused_503_next"],
  507: ["page_refused_507_title", "page_refused_507_next"],
};

/** What the API says and adds nothing to the words of the page. */
const bare: readonly Code[] = ["something_wrong", "signed_out", "forbidden", "not_found", "too_many", "too_large"];

/** What nobody can fix by retyping, in words: what happened and what to do next. */
export function RefusalPage({ language, site, status, message, requestId, back, next }: RefusalPageProps): VNode {
  const t = words(language);
  const more = message && !bare.some((code) => t(code) === message) ? message : undefined;
  const [title, advice] = told[status] ?? told[status < 500 ? 400 : 500] ?? ["something_wrong", "something_wrong"];
  return (
    <Layout language={language} site={site} title={t(title)}>
      <p class="stamp refused">{status}</p>
      <h1>{t(title)}</h1>
      <p class="lead">{more ?? t(advice)}</p>
      {requestId ? (
        <p>
          {t("page_refused_500_id")} <code>{requestId}</code>
        </p>
      ) : null}
      <WayOut t={t} back={back} next={next} />
    </Layout>
  );
}
