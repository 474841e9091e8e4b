import { Resolver } from "node:dns/promises";
import { domainToASCII } from "node:url";
import type { Params } from "../lib/errors.ts";

/** What the domain of a sender says, or should say, so that its mails are believed. */
export interface Finding {
  readonly about: "spf" | "dkim" | "dmarc";
  /** `unsure`: it could not be found out from here. */
  readonly state: "good" | "weak" | "missing" | "unsure";
  /** Of the sentence that says what was found and what to do. */
  readonly code: string;
  readonly params: Params;
}

/** Who answers for the names of the net. */
export interface NameService {
  /** The texts at a name, each in pieces. Throws an error with `code` `ENOTFOUND` or `ENODATA` where there are none. */
  resolveTxt(name: string): Promise<string[][]>;
  /** Where mail for a name goes, and where a name is; throw likewise. */
  resolveMx(name: string): Promise<readonly object[]>;
  resolve4(name: string): Promise<readonly string[]>;
}

/** Nobody can list the names of DKIM keys: these are what mail servers and services call theirs. */
export const selectors = [
  ...["default", "dkim", "mail", "smtp", "mx", "email", "key1", "key2", "s1", "s2", "k1", "k2", "k3", "sig1"],
  ...["selector1", "selector2", "google", "20230601", "fm1", "fm2", "fm3", "protonmail", "protonmail2", "protonmail3"],
  ...["zoho", "zmail", "mailjet", "mandrill", "pm", "resend", "brevo1", "brevo2", "mte1", "mte2", "cm", "krs", "dk"],
];

/** Looks up what receivers look up about the domain of this address: SPF, DKIM and DMARC, in this order. Takes seconds. */
export async function checkSender(address: string, names: NameService = openNames()): Promise<readonly Finding[]> {
  const domain = domainToASCII(address.slice(address.lastIndexOf("@") + 1));
  if (domain === "" || !domain.includes(".")) {
    return [{ about: "spf", state: "missing", code: "sender_no_domain", params: { address } }];
  }
  if (!(await isKnown(domain, names))) {
    return [{ about: "spf", state: "unsure", code: "sender_domain_unknown", params: { domain } }];
  }
  return Promise.all([spf(domain, names), dkim(domain, names), dmarc(domain, names)]);
}

/** A name service that does not answer is no reason to wait for long. */
function openNames(): NameService {
  return new Resolver({ timeout: 2_000, tries: 2 });
}

/** Behind some firewalls every name is said not to exist: nothing is to be concluded from that. */
async function isKnown(domain: string, names: NameService): Promise<boolean> {
  const asked = [names.resolveTxt(domain), names.resolveMx(domain), names.resolve4(domain)];
  const found = await Promise.all(asked.map((it) => orNone<unknown>(it)));
  return found.some((it) => it === undefined || it.length > 0);
}

async function spf(domain: string, names: NameService): Promise<Finding> {
  const found = await textsAt(names, domain);
  if (!found) return unsure("spf", domain);
  const records = found.filter((text) => /^v=spf1( |$)/i.test(text));
  const [record = ""] = records;
  const finding = (state: Finding["state"], code: string): Finding => ({
    about: "spf",
    state,
    code,
    params: { domain, record },
  });
  if (records.length === 0) return finding("missing", "sender_spf_missing");
  if (records.length > 1) return finding("weak", "sender_spf_twice");
  return /(^| )[+?]?all( |$)/i.test(record) ? finding("weak", "sender_spf_open") : finding("good", "sender_spf_good");
}

async function dkim(domain: string, names: NameService): Promise<Finding> {
  const texts = await Promise.all(selectors.map((selector) => textsAt(names, `${selector}._domainkey.${domain}`)));
  const found = selectors.filter((_, at) => texts[at]?.some((text) => /(^|;)\s*p=[^;\s]/i.test(text)));
  if (found.length > 0) {
    return { about: "dkim", state: "good", code: "sender_dkim_good", params: { domain, selectors: found.join(", ") } };
  }
  if (texts.every((it) => it === undefined)) return unsure("dkim", domain);
  const params = { domain, selectors: selectors.join(", ") };
  return { about: "dkim", state: "unsure", code: "sender_dkim_unseen", params };
}

/** A domain without a policy of its own has that of the domain above it. */
async function dmarc(domain: string, names: NameService): Promise<Finding> {
  const labels = domain.split(".");
  for (let at = 0; labels.length - at >= 2; at++) {
    const place = `_dmarc.${labels.slice(at).join(".")}`;
    const found = await textsAt(names, place);
    if (!found) return unsure("dmarc", domain);
    const record = found.find((text) => /^v=DMARC1\b/i.test(text));
    if (record === undefined) continue;
    const policy = policyOf(record, at > 0);
    const params = { domain, record, policy };
    if (policy === "quarantine" || policy === "reject") {
      return { about: "dmarc", state: "good", code: "sender_dmarc_good", params };
    }
    return { about: "dmarc", state: "weak", code: "sender_dmarc_watching", params };
  }
  return { about: "dmarc", state: "missing", code: "sender_dmarc_missing", params: { domain } };
}

function policyOf(record: string, inherited: boolean): string {
  const own = /(?:^|;)\s*p\s*=\s*(\w+)/i.exec(record)?.[1] ?? "none";
  const below = inherited ? /(?:^|;)\s*sp\s*=\s*(\w+)/i.exec(record)?.[1] : undefined;
  return (below ?? own).toLowerCase();
}

function unsure(about: Finding["about"], domain: string): Finding {
  return { about, state: "unsure", code: "sender_unreachable", params: { domain } };
}

const nothingThere = ["ENOTFOUND", "ENODATA"];

async function textsAt(names: NameService, name: string): Promise<readonly string[] | undefined> {
  return (await orNone(names.resolveTxt(name)))?.map((pieces) => pieces.join(""));
}

/** None where there are none; `undefined` where nobody could be asked. */
async function orNone<Item>(asked: Promise<readonly Item[]>): Promise<readonly Item[] | undefined> {
  try {
    return await asked;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return nothingThere.some((it) => it === code) ? [] : undefined;
  }
}
