import type { Viewer } from "../filter/scope.ts";
import { Refusal } from "../lib/errors.ts";
import { type Networks, openNetworks } from "../lib/networks.ts";
import type { Settings } from "../settings/settings.ts";
import type { AddressOf } from "./address.ts";
import type { Known } from "./rate-labels.ts";
import { openRates } from "./rates.ts";

/** Why a request goes no further, by what the owner has set; nothing where it may. */
export type Turnstile = (request: Request, path: string, viewer: Viewer) => Refusal | undefined;

interface TurnstileParts {
  readonly settings: { readonly current: Settings };
  /** The very address a request came from. */
  readonly machine: AddressOf;
  readonly find: Known;
}

/** Who may come from where, and how often. Costs next to nothing while nothing is set. */
export function openTurnstile({ settings, machine, find }: TurnstileParts): Turnstile {
  const rates = openRates(find);
  let owners: { readonly list: readonly string[]; readonly networks: Networks } | undefined;
  return (request, path, viewer) => {
    const { superuserIPs: list, rateLimits } = settings.current;
    if (viewer.kind === "superuser" && list.length > 0) {
      if (owners?.list !== list) owners = { list, networks: openNetworks(list) };
      if (!owners.networks.has(machine(request))) return new Refusal("forbidden", "superuser_address");
    }
    if (!rateLimits.enabled) return undefined;
    return rates.count(rateLimits, { method: request.method, path, viewer, address: machine(request) });
  };
}
