import { BlockList, isIP } from "node:net";

/** Addresses and whole networks, as `192.0.2.1`, `192.0.2.0/24` or `2001:db8::/32`. */
export interface Networks {
  /** Whether the address lies in one of them. False for what is no address. */
  has(address: string): boolean;
}

/** Those of the list; an entry that is neither address nor network holds nothing. */
export function openNetworks(list: readonly string[]): Networks {
  const block = new BlockList();
  for (const entry of list) {
    const read = readNetwork(entry);
    if (read) block.addSubnet(read.address, read.bits, read.family);
  }
  return {
    has: (address) => {
      const plain = plainAddress(address);
      const family = isIP(plain);
      return family !== 0 && block.check(plain, family === 4 ? "ipv4" : "ipv6");
    },
  };
}

export function isNetwork(text: string): boolean {
  return readNetwork(text) !== undefined;
}

/** Without brackets and zone; an IPv4 address that was written as IPv6 as what it is. */
export function plainAddress(address: string): string {
  const bare = address.replace(/^\[(.*)\]$/, "$1").replace(/%.*$/, "");
  const mapped = /^(?:0{0,4}:){2,5}:?ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  return mapped !== undefined && isIP(mapped) === 4 ? mapped : bare;
}

function readNetwork(text: string): { address: string; bits: number; family: "ipv4" | "ipv6" } | undefined {
  const [written = "", length, ...rest] = text.split("/");
  const address = plainAddress(written);
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  const bits = length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (version === 0 || rest.length > 0 || !(bits >= 0 && bits <= most)) return undefined;
  return { address, bits, family: version === 4 ? "ipv4" : "ipv6" };
}
