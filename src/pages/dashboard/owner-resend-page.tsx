/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Typed } from "../parts/form-field.tsx";
import { SendAgain, shownOf } from "../parts/send-again.tsx";
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
  return (
    <DashboardLayout {...frame} title={t("page_resend_title")}>
      <h1>{t("page_resend_title")}</h1>
      <p class="lead">{t("page_resend_lead")}</p>
      <SendAgain t={t} action={action} typed={typed} />
      <dl>
        {shownOf(typed).map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </DashboardLayout>
  );
}
