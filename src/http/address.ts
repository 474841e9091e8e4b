/** What knows where a request came from: Bun's server. */
export interface Listener {
  requestIP(request: Request): { readonly address: string } | null;
}

/** Where on the network a request came from; `""` where nobody knows. */
export type AddressOf = (request: Request) => string;

/** Asks whoever listens. Behind a proxy that is the proxy's address: what a header says, anybody can say. */
export function addressesOf(listener: () => Listener | null | undefined): AddressOf {
  return (request) => networkOf(listener()?.requestIP(request)?.address ?? "");
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
