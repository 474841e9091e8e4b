/** @jsxImportSource preact */
import type { VNode } from "preact";
import type { Box } from "../../forms/inbox-list.ts";
import { spoken } from "../../lib/dates.ts";
import type { Code, Language } from "../../phrases/index.ts";
import type { Words } from "../parts/words.ts";

/** What can be done with several entries at once. */
export const inboxActs = ["read", "unread", "spam", "confirm", "good", "delete", "restore", "purge"] as const;
export type InboxAct = (typeof inboxActs)[number];

export interface InboxEntry {
  readonly id: string;
  /** Who sent it, and the beginning of what. */
  readonly who: string;
  readonly what: readonly string[];
  /** A stored moment. */
  readonly created: string;
  readonly state: "new" | "read" | "spam" | "deleted";
  readonly test: boolean;
  readonly starred: boolean;
  /** What the spam shield saw, in words, the heaviest first. */
  readonly reasons: readonly string[];
}

/** What the mark before a state looks like. */
export const stateClass = { new: " good", read: "", spam: " bad", deleted: "" } as const;

/** What makes sense where these entries are. */
const actsFor: Readonly<Record<Box, readonly InboxAct[]>> = {
  inbox: ["read", "unread", "spam", "delete"],
  new: ["read", "spam", "delete"],
  read: ["unread", "spam", "delete"],
  spam: ["good", "confirm", "delete"],
  deleted: ["restore", "purge"],
  test: ["purge"],
};

interface EntriesProps {
  readonly entries: readonly InboxEntry[];
  readonly box: Box;
  /** Where they are counted. */
  readonly total: number | undefined;
  readonly t: Words;
  readonly language: Language;
  /** Where the buttons send, so that the same list is shown again. */
  readonly here: string;
}

/** The list, in which entries are ticked and then dealt with together. */
export function Entries({ t, language, here, entries, box, total }: EntriesProps): VNode {
  const columns: readonly Code[] = ["inbox_column_who", "inbox_column_what", "inbox_column_when", "inbox_column_state"];
  return (
    <form action={here} method="post" accept-charset="utf-8">
      <input type="hidden" name="shown" value={entries.map(({ id }) => id).join(" ")} />
      <table class="inbox">
        <caption>{total === undefined ? t("inbox_found") : t("inbox_count", { count: total })}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">{t("inbox_column_tick")}</span>
            </th>
            {columns.map((code) => (
              <th scope="col">{t(code)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <Entry t={t} language={language} entry={entry} />
          ))}
        </tbody>
      </table>
      <div class="actions bulk">
        <label>
          <input type="checkbox" name="every" value="true" /> {t("inbox_tick_every")}
        </label>
        <span class="faded">{t("inbox_ticked")}</span>
        {actsFor[box].map((act) => (
          <button type="submit" class={act === "purge" ? "small grave" : "small"} name="act" value={act}>
            {t(`inbox_act_${act}`)}
          </button>
        ))}
      </div>
    </form>
  );
}

function Entry({ t, language, entry }: { t: Words; language: Language; entry: InboxEntry }): VNode {
  const { id, who, what, created, state, test, starred, reasons } = entry;
  return (
    <tr class={state === "new" ? "unread" : undefined}>
      <td>
        <input type="checkbox" name="id" value={id} aria-label={t("inbox_tick", { label: who })} />
      </td>
      <td>
        {starred ? (
          <span class="star" role="img" aria-label={t("inbox_starred")}>
            ★
          </span>
        ) : null}
        <a href={`/_/submissions/${id}`}>
          <bdi>{who}</bdi>
        </a>
      </td>
      <td>
        {what.map((text, at) => (
          <>
            {at > 0 ? " · " : null}
            <bdi>{text}</bdi>
          </>
        ))}
        {state === "spam" && reasons.length > 0 ? <p class="help">{inBrief(reasons)}</p> : null}
      </td>
      <td>
        <time dateTime={created.replace(" ", "T")}>{spoken(created, language)}</time>
      </td>
      <td>
        <span class={`state${stateClass[state]}`}>{t(test ? "inbox_state_test" : `inbox_state_${state}`)}</span>
      </td>
    </tr>
  );
}

/** The heaviest reasons, as far as a line has room. */
function inBrief(reasons: readonly string[]): string {
  const text = reasons.slice(0, 2).join(" ");
  return text.length > 110 ? `${text.slice(0, 110).trimEnd()}…` : text;
}
