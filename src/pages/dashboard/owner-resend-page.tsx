/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Typed } from "../parts/form-field.tsx";
import { words } from "../parts/words.ts";
import { DashboardLayout, type DashboardProps } from "./dashboard-layout.tsx";

export interface OwnerResendPageProps extends DashboardProps {
  /** Where it is sent to. */
  readonly action: string;
  readonly typed: Typed;
}

/** What an owner has sent while signed out, and one button that sends it again. */
export function OwnerResendPage({ action, typed, ...frame }: OwnerResendPageProps): VNode {
  const t = words(frame.language);
  const shown = [...typed].filter(([name, texts]) => !/^[_@]/.test(name) && texts.some((text) => text !== ""));
  return (
    <DashboardLayout {...frame} title={t("page_resend_title")}>
      <h1>{t("page_resend_title")}</h1>
      <p class="lead">{t("page_resend_lead")}</p>
      <form action={action} method="post" accept-charset="utf-8">
        {[...typed].flatMap(([name, texts]) =>
          texts.map((text, at) => <input key={`${name} ${at}`} type="hidden" name={name} value={text} />),
        )}
        <p class="actions">
          <button type="submit">{t("page_resend_send")}</button>
        </p>
      </form>
      <dl>
        {shown.map(([name, texts]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{texts.filter((text) => text !== "").join(", ")}</dd>
          </div>
        ))}
      </dl>
    </DashboardLayout>
  );
}
