import { isAddress } from "../fields/email.tsx";
import type { Language } from "../phrases/index.ts";
import { mailHtml, mailText } from "./mail-layout.tsx";
import type { Block, Mail } from "./mail.ts";

export interface MailParts extends Pick<Mail, "to" | "cc" | "headers"> {
  /** Of the words in it. */
  readonly language: Language;
  readonly subject: string;
  /** Left out where it is no address. */
  readonly replyTo?: string | undefined;
  /** It answers what somebody sent, who is not to be answered by a machine in turn. */
  readonly answers?: boolean;
  readonly blocks: readonly Block[];
}

/** Characters of a subject. */
const longest = 200;

/** Makes a mail: the same blocks as plain text and as HTML. Addresses that are none are left out. */
export function composeMail(parts: MailParts): Mail {
  const { language, blocks, to, cc = [], replyTo = "" } = parts;
  const subject = headerText(parts.subject);
  const texts = blocks.map(tame);
  const receivers = addresses(to);
  const copies = addresses(cc).filter((address) => !receivers.includes(address));
  return {
    to: receivers,
    ...(copies.length > 0 ? { cc: copies } : {}),
    ...(isAddress(replyTo) ? { replyTo } : {}),
    subject,
    text: mailText(texts),
    html: mailHtml({ language, subject, blocks: texts }),
    headers: {
      ...parts.headers,
      "Auto-Submitted": parts.answers ? "auto-replied" : "auto-generated",
      // What Exchange goes by.
      "X-Auto-Response-Suppress": "All",
      "Content-Language": language,
    },
  };
}

/** One line for a header, whatever somebody typed: nobody adds a header of their own. */
export function headerText(text: string): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, "")
    .trim();
  const characters = [...line];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join("")}…` : line;
}

/** Those that are addresses, each once. */
function addresses(list: readonly string[]): readonly string[] {
  return [...new Set(list.filter(isAddress))];
}

/** Control characters other than line ends and tabs mean nothing in a mail, and some programs choke on them. */
function tame(block: Block): Block {
  if (block.kind === "rows") {
    return {
      ...block,
      rows: block.rows.map((row) => ({ ...row, label: headerText(row.label), value: text(row.value) })),
    };
  }
  return block.kind === "link" ? { ...block, label: headerText(block.label) } : { ...block, text: text(block.text) };
}

function text(it: string): string {
  return it
    .toWellFormed()
    .replaceAll(/\r\n?|[\v\f\u0085\u2028\u2029]/g, "\n")
    .replaceAll(/(?![\n\t])\p{Cc}/gu, "");
}
