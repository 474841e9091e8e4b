import type { Words } from "../parts/words.ts";

/** What became of a mail, as its job knows. */
export interface MailFate {
  /** Of its job. */
  readonly id: number;
  readonly state: "waiting" | "done" | "failed";
  /** Nobody was sent it, since there is no mail server. */
  readonly kept: boolean;
  readonly tries: number;
  /** Milliseconds since 1970, as all moments here. */
  readonly due: number;
  readonly created: number;
  readonly ended: number | null;
  readonly outcome: string;
}

/** In one word. */
export function fateOf(t: Words, { state, kept, tries }: MailFate): string {
  if (kept && state === "done") return t("page_mailbox_kept");
  if (state === "done") return t("page_mailbox_done");
  if (state === "failed") return t("page_mailbox_failed");
  return tries > 0 ? t("page_mailbox_retrying", { tries }) : t("page_mailbox_waiting");
}
