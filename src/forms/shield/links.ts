import type { Look } from "./judge.ts";
import type { TypedText } from "./texts.ts";
import type { Signal } from "./weights.ts";
import {
  cheapEndings,
  endings,
  familiar,
  mailboxes,
  secondLevels,
  shorteners,
  throwaway,
  wordEndings,
} from "./sites.ts";

export interface Link {
  readonly host: string;
  /** The part of the host that somebody registered. */
  readonly site: string;
  /** Written with `https://` or `www.`, not just a name with a dot. */
  readonly plain: boolean;
  readonly disguised: boolean;
}

/** A link, as people write it. */
export const writtenLink = new RegExp(
  String.raw`(?:https?|hxxps?|ftp):\/\/[^\s<>"'\[\]()]{1,500}|(?<![\w@.-])www\.[^\s<>"'\[\]()]{1,300}|(?<![\w@./-])(?:[a-z0-9-]{2,63}\.){1,4}(?:(?:${endings.join("|")})(?![\w@-])(?!\.[a-z])|(?:${wordEndings.join("|")})\/[^\s<>"'\[\]()]{1,200})`,
  "gi",
);
const mostLinks = 200;

/** The links in a text, mail addresses not among them. */
export function linksIn(text: string): Link[] {
  const links: Link[] = [];
  if (!text.includes(".") && !text.includes("//")) return links;
  for (const [found] of text.matchAll(writtenLink)) {
    if (links.length >= mostLinks) break;
    const address = found.replace(/^\w+:\/\//, "");
    const [authority = ""] = address.split(/[/?#\\]/, 1);
    const host = authority
      .slice(authority.lastIndexOf("@") + 1)
      .replace(/:\d*$/, "")
      .replace(/[.,;!]+$/, "")
      .toLowerCase();
    if (host === "") continue;
    links.push({
      host: host.replace(/^www\./, ""),
      site: siteOf(host),
      plain: address !== found || found.toLowerCase().startsWith("www."),
      disguised: authority.includes("@") || host.includes("xn--") || /^[\d.]+$/.test(host) || /^hxx/i.test(found),
    });
  }
  return links;
}

function siteOf(host: string): string {
  const labels = host.split(".");
  const last = labels.at(-1) ?? "";
  const deep = labels.length > 2 && last.length === 2 && secondLevels.has(labels.at(-2) ?? "");
  return labels.slice(deep ? -3 : -2).join(".");
}

/** What so many sites of strangers count: people send their own, a document, or where they saw something. */
const sitesCount = [0, 0.5, 1, 2, 3.5, 5.5, 7];

const marks = /\[(?:url|link)(?:=|\])/i;
const anchor =
  /<a\s[^<>]{0,100}?href\s{0,3}=\s{0,3}["']?\s{0,3}(?:https?:)?\/\/[^\s<>"']{1,300}|<a\s[^<>]{0,100}?href\s{0,3}=\s{0,3}["']?www\./i;

export function linkSignals({ form, texts, visit }: Look): Signal[] {
  const own = ownSites(texts, [...form.origins, visit.origin, visit.referrer]);
  const signals: Signal[] = [];
  const strange = new Map<string, number>();
  const shortened = new Set<string>();
  let [all, known, disguised, cheap] = [0, 0, false, 0];
  for (const typed of texts) {
    const links = linksIn(typed.text);
    if (links.length > 0) signals.push(...misplaced(typed, links));
    if (typed.role === "link" && links.length < 2) continue;
    for (const { host, site, disguised: hides } of links) {
      all++;
      disguised ||= hides;
      if (shorteners.has(site) && !familiar.has(host)) shortened.add(host);
      if (familiar.has(site) || familiar.has(host) || own.has(site)) known++;
      else {
        strange.set(site, (strange.get(site) ?? 0) + 1);
        cheap = Math.max(cheap, cheapEndings[site.slice(site.lastIndexOf(".") + 1)] ?? 0);
      }
    }
    if (typed.role !== "markup" && typed.text.includes("[") && marks.test(typed.text)) {
      signals.push({ reason: "link_marks", amount: 1.2, detail: "[url]" });
    } else if (typed.role !== "markup" && typed.text.includes("<") && anchor.test(typed.text)) {
      signals.push({ reason: "link_marks", amount: 1, detail: "<a href>" });
    }
  }
  if (all === 0) return signals;
  const words = texts.filter(isMessage).reduce((sum, { text }) => sum + wordsOf(text), 0) - all;
  const repeated = all - known - strange.size;
  const amount = countOf(strange.size) + cheap + 0.3 * Math.max(0, repeated - 1) + 0.3 * Math.max(0, known - 6);
  if (amount > 0) signals.push({ reason: "links", amount: Math.min(amount, 10), detail: listed([...strange.keys()]) });
  const sparse = words <= 3 || (strange.size > 1 && words <= 4 * strange.size);
  if (strange.size > 0 && sparse) signals.push({ reason: "links_only", amount: 1 });
  if (shortened.size > 0) {
    signals.push({ reason: "link_shortened", amount: Math.min(shortened.size, 2), detail: listed([...shortened]) });
  }
  if (disguised) signals.push({ reason: "link_disguised", amount: 1 });
  return signals;
}

export function throwawaySignals(texts: readonly TypedText[]): Signal[] {
  for (const { role, text } of texts) {
    const site =
      role === "email"
        ? siteOf(
            text
              .slice(text.lastIndexOf("@") + 1)
              .trim()
              .toLowerCase(),
          )
        : "";
    if (throwaway.has(site)) return [{ reason: "mail_throwaway", amount: 1, detail: site }];
  }
  return [];
}

/** A link where a name, a phone number or a subject belongs. */
function misplaced({ role }: TypedText, links: readonly Link[]): Signal[] {
  if (role !== "name" && role !== "phone" && role !== "subject") return [];
  const strength = links.some(({ plain }) => plain) ? 1 : 0.5;
  return [
    { reason: "link_in_name", amount: role === "subject" ? strength * 0.6 : strength, detail: links[0]?.host ?? "" },
  ];
}

/** The site where the form stands, and those of the addresses that were given: whoever writes names their own. */
function ownSites(texts: readonly TypedText[], addresses: readonly string[]): ReadonlySet<string> {
  const own = new Set<string>();
  for (const address of addresses) {
    const host = /^https?:\/\/([^/:?#]{1,253})/i.exec(address)?.[1];
    if (host) own.add(siteOf(host.toLowerCase()));
  }
  for (const { role, text } of texts) {
    if (role === "email")
      own.add(
        siteOf(
          text
            .slice(text.lastIndexOf("@") + 1)
            .trim()
            .toLowerCase(),
        ),
      );
  }
  for (const mailbox of mailboxes) own.delete(mailbox);
  return own;
}

function isMessage({ role }: TypedText): boolean {
  return role === "message" || role === "markup" || role === "subject";
}

function wordsOf(text: string): number {
  let words = 0;
  // What is written without blanks counts a word for two letters.
  for (const _ of text.matchAll(/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]{2}|[\p{L}\p{N}](?:[^\s]{0,200})/gu))
    words++;
  return words;
}

function countOf(sites: number): number {
  return sitesCount[sites] ?? sites + 1;
}

function listed(names: readonly string[]): string {
  return names.slice(0, 5).join(", ").slice(0, 200);
}
