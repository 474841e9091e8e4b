import { lookup } from "node:dns/promises";
import { type IncomingMessage, request as requestPlain, type RequestOptions } from "node:http";
import { request as requestSecure } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { Refusal } from "../lib/errors.ts";
import { isPublic } from "./private-addresses.ts";

export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a receiver said, as far as anybody wants to know. */
export interface Received {
  readonly status: number;
  readonly milliseconds: number;
}

export interface SendOptions {
  /** The receiver may be this machine, or in a private network. */
  readonly allowPrivate: boolean;
  /** The addresses of a name; the system's when absent. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** Milliseconds for all of it. */
  readonly timeout?: number;
  /** Certificates that are trusted instead of the usual ones. */
  readonly ca?: string;
}

const usualTimeout = 15_000;
/** Bytes of an answer that are let in, so that its sender need not see a broken connection. */
const mostOfAnswer = 512;

/**
 * Posts to an address that somebody else chose. Its name is resolved once, what it means is looked at, and the connection goes to
 * just that address, so that a name cannot mean another one a moment later. Redirects are not followed, and no proxy is asked.
 * Refusal "bad request" for what is no web address, "forbidden" for one that is not public, "unavailable" where nobody answers.
 */
export async function send(url: string, message: Message, options: SendOptions): Promise<Received> {
  const target = targetOf(url);
  const { resolve = addressesOf, timeout = usualTimeout } = options;
  const ending = AbortSignal.timeout(timeout);
  const late = () => new Refusal("unavailable", "outgoing_slow", { seconds: Math.ceil(timeout / 1000) });
  const { promise: end, reject } = Promise.withResolvers<never>();
  ending.addEventListener("abort", () => reject(late()));
  const sent = async () => {
    const addresses = await reachable(target.hostname, resolve, options.allowPrivate);
    return post(target, addresses, message, ending, options.ca);
  };
  return Promise.race([sent(), end]);
}

function targetOf(url: string): URL {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  const web = target?.protocol === "https:" || target?.protocol === "http:";
  if (!target || !web || target.username || target.password) throw new Refusal("bad request", "outgoing_address");
  return target;
}

/** What a host means, IPv4 first, since more machines can reach that. */
async function reachable(
  host: string,
  resolve: NonNullable<SendOptions["resolve"]>,
  allowPrivate: boolean,
): Promise<readonly string[]> {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  const all = isIP(bare) === 0 ? await resolve(bare).catch(() => []) : [bare];
  if (all.length === 0) throw new Refusal("unavailable", "outgoing_unresolved", { host });
  const usable = allowPrivate ? all.filter((it) => isIP(it) !== 0) : all.filter(isPublic);
  if (usable.length === 0) throw new Refusal("forbidden", "outgoing_private", { host });
  return usable.toSorted((left, right) => isIP(left) - isIP(right));
}

async function addressesOf(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

function post(
  target: URL,
  addresses: readonly string[],
  { headers, body }: Message,
  signal: AbortSignal,
  ca: string | undefined,
): Promise<Received> {
  const [address = ""] = addresses;
  const pinned: LookupFunction = (_, { all }, told) => {
    const family = isIP(address);
    if (all) told(null, [{ address, family }]);
    else told(null, address, family);
  };
  const options: RequestOptions = {
    method: "POST",
    agent: false,
    lookup: pinned,
    signal,
    headers: { ...headers, "content-length": String(Buffer.byteLength(body)) },
  };
  const since = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<Received>();
  const received = (answer: IncomingMessage) => {
    resolve({ status: answer.statusCode ?? 0, milliseconds: Math.round(performance.now() - since) });
    let bytes = 0;
    answer.on("error", () => {});
    answer.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > mostOfAnswer) answer.destroy();
    });
  };
  const request =
    target.protocol === "https:"
      ? requestSecure(target, { ...options, ...(ca === undefined ? {} : { ca }) }, received)
      : requestPlain(target, options, received);
  request.on("error", (error: NodeJS.ErrnoException) => {
    const reason = error.code ?? error.name;
    reject(new Refusal("unavailable", "outgoing_unreachable", { host: target.host, reason }));
  });
  request.end(body);
  return promise;
}
