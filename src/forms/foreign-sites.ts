import type { Logs } from "../logs/logs.ts";
import type { Form } from "./form.ts";
import type { Tallies, Tally } from "./tallies.ts";

/** What a site that a form does not list was refused: to `send` answers, or to be the `next` page. */
export type ForeignUse = "send" | "next";

/** A site that wanted something of a form that does not list it. */
export interface ForeignSite {
  readonly use: ForeignUse;
  /** `https://www.you.example`; `null` for pages that have none, such as files on a disk. */
  readonly origin: string;
  readonly count: number;
}

const tallied: Readonly<Record<ForeignUse, string>> = { send: "refused-origin", next: "refused-next" };
const uses: readonly ForeignUse[] = ["send", "next"];
const mostShown = 5;

/** Notes for the owner, to whom nobody else would say so, which site was refused; the log hears of each once a day. */
export function noteForeign(
  { tallies, logs }: { readonly tallies: Pick<Tallies, "countNamed">; readonly logs: Pick<Logs, "say"> },
  form: Form,
  use: ForeignUse,
  address: string,
): void {
  const site = originOf(address);
  if (site === undefined || !tallies.countNamed(form.id, tallied[use], site)) return;
  const what = use === "send" ? "refused what was sent from" : "led nobody on to";
  const where = site === "null" ? "a page without an address, such as a file on a disk" : site;
  logs.say(`The form ${form.slug} ${what} ${where}, which its sites do not list. If it is yours, look at its inbox.`);
}

/** The sites that a form refused and still would, those that came most often first. */
export function foreignSites({ origins }: Pick<Form, "origins">, counted: readonly Tally[]): ForeignSite[] {
  const sites = new Map<string, ForeignSite>();
  for (const { what, count } of counted) {
    const use = uses.find((it) => what.startsWith(`${tallied[it]}:`));
    if (!use || (use === "send" && origins.length === 0)) continue;
    const origin = what.slice(tallied[use].length + 1);
    if (origins.includes(origin)) continue;
    sites.set(what, { use, origin, count: count + (sites.get(what)?.count ?? 0) });
  }
  return [...sites.values()].toSorted((left, right) => right.count - left.count).slice(0, mostShown);
}

/** What a browser calls the site of an address; nothing for what no browser says. */
function originOf(address: string): string | undefined {
  if (address === "null") return address;
  if (address.length > 2000 || !URL.canParse(address)) return undefined;
  const { protocol, origin } = new URL(address);
  const web = protocol === "http:" || protocol === "https:";
  return web && origin.length <= 255 ? origin : undefined;
}
