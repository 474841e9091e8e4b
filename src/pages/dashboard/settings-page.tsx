/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Finding } from "../../mail/senders.ts";
import { sentence } from "../../phrases/index.ts";
import { Questions, Summary } from "../parts/form.tsx";
import type { Typed } from "../parts/form-field.tsx";
import { Notice } from "../parts/notice.tsx";
import { words, type Words } from "../parts/words.ts";
import { DashboardLayout, type DashboardProps } from "./dashboard-layout.tsx";
import { settingParts, settingQuestions } from "./settings-questions.tsx";

interface SettingsPageProps extends DashboardProps {
  readonly sheet: Typed;
  /** The names of secrets that are stored. */
  readonly secrets: readonly string[];
  /** Sentences by name. */
  readonly problems?: Readonly<Record<string, string>>;
  /** What has just been done. */
  readonly done?: string | undefined;
  /** What went wrong though no question is to blame. */
  readonly notice?: string | undefined;
  /** What was found out about the sender's domain, where it was looked at. */
  readonly findings?: readonly Finding[] | undefined;
}

const here = "/_/settings";

/** What holds for all forms: the name, the sender, the mail server. */
export function SettingsPage({
  sheet,
  secrets,
  problems = {},
  done,
  notice,
  findings,
  ...frame
}: SettingsPageProps): VNode {
  const t = words(frame.language);
  const parts = settingParts.map((name) => ({ name, fields: settingQuestions(t, name, sheet, secrets) }));
  const asked = parts.flatMap(({ fields }) => fields);
  const focused = asked.find(({ name }) => Object.hasOwn(problems, name));
  const wrong = notice !== undefined || Object.keys(problems).length > 0;
  const title = t("page_settings");
  return (
    <DashboardLayout {...frame} title={wrong ? t("page_problem_title", { title }) : title} section="settings">
      <h1>{title}</h1>
      {done ? (
        <Notice kind="good">
          <p>{done}</p>
        </Notice>
      ) : null}
      {notice ? (
        <Notice kind="problem">
          <p>{notice}</p>
        </Notice>
      ) : null}
      <form class="narrow" action={here} method="post" accept-charset="utf-8" novalidate>
        <Summary t={t} fields={asked} problems={problems} />
        {parts.map(({ name, fields }) => (
          <section aria-labelledby={`part-${name}`}>
            <h2 id={`part-${name}`}>{t(`page_settings_part_${name}`)}</h2>
            {name === "server" ? <p class="help">{t("page_settings_part_server_lead")}</p> : null}
            <Questions language={frame.language} fields={fields} problems={problems} focused={focused} />
          </section>
        ))}
        <p class="actions">
          <button type="submit">{t("page_settings_save")}</button>
        </p>
      </form>
      <div class="narrow">
        <h2>{t("page_backups")}</h2>
        <p class="actions">
          <a href="/_/backups">{t("page_settings_backups")}</a>
        </p>
        <h2>{t("page_settings_try")}</h2>
        <p>{t("page_settings_try_lead")}</p>
        <form action={`${here}/mail`} method="post">
          <p class="actions">
            <button type="submit">{t("page_settings_try_submit", { email: frame.owner })}</button>
          </p>
        </form>
        <h2 id="domain">{t("page_settings_domain")}</h2>
        {findings ? (
          <Findings t={t} findings={findings} language={frame.language} />
        ) : (
          <>
            <p>{t("page_settings_domain_lead")}</p>
            <p class="actions">
              <a href={`${here}?check=domain#domain`}>{t("page_settings_domain_check")}</a>
            </p>
          </>
        )}
      </div>
    </DashboardLayout>
  );
}

function Findings({
  t,
  findings,
  language,
}: { readonly t: Words; readonly findings: readonly Finding[] } & Pick<DashboardProps, "language">): VNode {
  return (
    <dl>
      {findings.map(({ about, state, code, params }) => (
        <>
          <dt>
            {about.toUpperCase()}: {t(`page_settings_domain_${state}`)}
          </dt>
          <dd>{sentence(language, code, params)}</dd>
        </>
      ))}
    </dl>
  );
}
