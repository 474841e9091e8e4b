import { isIP } from "node:net";
import { type Networks, openNetworks, plainAddress } from "../lib/networks.ts";

/** What IANA keeps for something else than the public internet. */
const special4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

/** Nothing outside of 2000::/3 is public, but for what NAT64 makes of IPv4 addresses. */
const special6 = [
  "2001::/23",
  "2001:db8::/32",
  "3fff::/20",
  ...special4.map((network) => {
    const [address = "", bits] = network.split("/");
    const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
    return `2002:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}::/${16 + Number(bits)}`;
  }),
];
const nat64 = "64:ff9b::";

const private4 = openNetworks(special4);
const private6 = openNetworks(special6);
const public6 = openNetworks(["2000::/3"]);
const translated: Networks = openNetworks([`${nat64}/96`]);
const privateTranslated = openNetworks(
  special4.map((network) => {
    const [address = "", bits] = network.split("/");
    return `${nat64}${address}/${96 + Number(bits)}`;
  }),
);

/** Whether an address for sending names this machine or a private network by itself; what other names mean is looked up when it is sent to. */
export function isPrivateTarget(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, "$1") : "";
  return host === "localhost" || host.endsWith(".localhost") || (isIP(host) !== 0 && !isPublic(host));
}

/** Whether an address is reached through the public internet, and no other way. False for what is no address. */
export function isPublic(address: string): boolean {
  const plain = plainAddress(address);
  const version = isIP(plain);
  if (version === 4) return !private4.has(plain);
  if (version !== 6) return false;
  if (translated.has(plain)) return !privateTranslated.has(plain);
  return public6.has(plain) && !private6.has(plain);
}
