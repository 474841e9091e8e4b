import type { Viewer } from "../filter/scope.ts";
import { clock } from "../lib/dates.ts";
import { Refusal } from "../lib/errors.ts";
import { sameJson } from "../lib/json.ts";
import { Lru } from "../lib/lru.ts";
import { type Networks, openNetworks } from "../lib/networks.ts";
import type { RateRule, Settings } from "../settings/settings.ts";
import { networkOf } from "./address.ts";
import { isPageOfOurs, type Known, labelsOf } from "./rate-labels.ts";

/** One request, as rules are asked about it. */
export interface Pace {
  readonly method: string;
  readonly path: string;
  readonly viewer: Viewer;
  /** Where it came from; `""` where nobody knows, and then nothing is counted. */
  readonly address: string;
}

/** The limits that owners set (API.md 1.9). */
export interface Rates {
  /** Counts a request; the refusal "too many", with the `seconds` to wait, where it is one too many. */
  count(limits: Settings["rateLimits"], pace: Pace): Refusal | undefined;
}

/** A rule as it is looked for. `name` tells its counts from those of the others. */
interface Entry {
  readonly name: string;
  readonly rule: RateRule;
}

interface Compiled {
  readonly limits: Settings["rateLimits"];
  readonly exact: ReadonlyMap<string, readonly Entry[]>;
  /** The longest first. */
  readonly prefixes: readonly Entry[];
  readonly excluded: Networks;
}

/** A window of time; `ends` in milliseconds since 1970. */
interface Window {
  requests: number;
  readonly ends: number;
}

/** More than this many addresses at once, and those that were quiet for longest begin anew; 10 MB at worst. */
const remembered = 50_000;

/** `find` says which collection a name or id in a path means. */
export function openRates(find: Known): Rates {
  const windows = new Lru<string, Window>(remembered);
  let compiled: Compiled | undefined;

  return {
    count: (limits, { method, path, viewer, address }) => {
      if (viewer.kind === "superuser" || address === "") return undefined;
      if (compiled?.limits !== limits) {
        // Saving other settings makes these anew, and nobody's count begins anew with it.
        if (!sameJson(compiled?.limits.rules, limits.rules)) windows.clear();
        compiled = compile(limits);
      }
      const entry = entryFor(compiled, labelsOf(method, path, find), viewer);
      if (!entry || compiled.excluded.has(address)) return undefined;
      const { duration, maxRequests } = entry.rule;
      const now = clock();
      const key = `${entry.name}\n${networkOf(address)}`;
      const known = windows.get(key);
      const window = known && known.ends > now ? known : { requests: 0, ends: now + duration * 1000 };
      if (window !== known) windows.set(key, window);
      if (++window.requests <= maxRequests) return undefined;
      const seconds = Math.max(1, Math.ceil((window.ends - now) / 1000));
      return new Refusal("too many", isPageOfOurs(path) ? "too_fast" : "too_many", { seconds });
    },
  };
}

function compile(limits: Settings["rateLimits"]): Compiled {
  const entries = limits.rules.map((rule, n): Entry => ({ name: `${n}`, rule }));
  const prefixes = entries.filter(({ rule }) => rule.label.endsWith("/"));
  return {
    limits,
    exact: Map.groupBy(entries, ({ rule }) => rule.label),
    prefixes: prefixes.toSorted((left, right) => right.rule.label.length - left.rule.label.length),
    excluded: openNetworks(limits.excludedIPs),
  };
}

/** One rule decides: that of the most particular label, and of prefixes the longest. */
function entryFor({ exact, prefixes }: Compiled, labels: readonly string[], viewer: Viewer): Entry | undefined {
  const audience = viewer.kind === "guest" ? "@guest" : "@auth";
  const fits = ({ rule }: Entry) => rule.audience === "" || rule.audience === audience;
  for (const label of labels) {
    const entry = exact.get(label)?.find(fits);
    if (entry) return entry;
  }
  return prefixes.find((it) => fits(it) && labels.some((label) => label.startsWith(it.rule.label)));
}
