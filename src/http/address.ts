import { isIP } from "node:net";
import { plainAddress } from "../lib/networks.ts";
import type { Settings } from "../settings/settings.ts";

/** What knows where a request came from: Bun's server. */
export interface Listener {
  requestIP(request: Request): { readonly address: string } | null;
}

/** Where on the network a request came from, or would come from if these headers were believed; `""` where nobody knows. */
export type AddressOf = (request: Request, trusted?: Settings["trustedProxy"]) => string;

/**
 * Asks whoever listens. Behind a proxy that is the proxy's address: what a header says, anybody can say, so one is believed only
 * where the owner has named it in `trustedProxy`.
 */
export function machinesOf(
  listener: () => Listener | null | undefined,
  proxy: () => Settings["trustedProxy"] | undefined = () => undefined,
): AddressOf {
  return (request, trusted = proxy()) => {
    const said = trusted && trusted.headers.length > 0 ? saidBy(request, trusted) : undefined;
    return said ?? plainAddress(listener()?.requestIP(request)?.address ?? "");
  };
}

/** The network of what `machine` knows: what visitors are counted by. */
export function networksOf(machine: AddressOf): AddressOf {
  return (request) => networkOf(machine(request));
}

/** The first of the headers that holds addresses decides. */
function saidBy(request: Request, { headers, useLeftmostIP }: Settings["trustedProxy"]): string | undefined {
  for (const header of headers) {
    const entries = (request.headers.get(header) ?? "").slice(0, 2000).split(",");
    const addresses = entries.map((entry) => plainAddress(entry.trim())).filter((it) => isIP(it) !== 0);
    const address = useLeftmostIP ? addresses[0] : addresses.at(-1);
    if (address !== undefined) return address;
  }
  return undefined;
}

/** An IPv4 address as it is; of an IPv6 address the half that names the network, since one visitor has all of the other half. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(":")) return mapped ?? address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const start = head === "" ? [] : head.split(":");
  const end = tail ? tail.split(":") : [];
  const zeros = Array.from({ length: Math.max(0, 8 - start.length - end.length) }, () => "0");
  const groups = tail === undefined ? start : [...start, ...zeros, ...end];
  return `${groups.slice(0, 4).join(":")}::/64`;
}
