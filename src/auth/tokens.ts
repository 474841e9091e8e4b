import { jwt } from "@elysiajs/jwt";
import type { Definition } from "../collections/definition.ts";
import type { Values } from "../collections/collection.ts";
import { clock } from "../lib/dates.ts";
import { Lru } from "../lib/lru.ts";
import { fingerprint, sameSecret } from "../lib/secrets.ts";

export type TokenKind = "auth" | "file" | "verification" | "passwordReset" | "emailChange";

/** What a token says. `exp` is in seconds since 1970. */
export interface Claims {
  /** The record's id. */
  readonly id: string;
  readonly collectionId: string;
  readonly type: TokenKind;
  readonly exp: number;
  /** Ends when the record's `tokenKey` or the collection's secret changes. */
  readonly fingerprint: string;
  /** Auth tokens only: false for one that ends when it ends (impersonation). */
  readonly refreshable?: boolean;
  readonly email?: string;
  readonly newEmail?: string;
}

export interface TokenOptions {
  /** Seconds; the collection's own when absent. */
  readonly duration?: number;
  readonly refreshable?: boolean;
  readonly email?: string;
  readonly newEmail?: string;
}

/** What signing needs to know of a collection. */
export interface TokenCollection {
  readonly id: string;
  readonly definition: Pick<
    Definition,
    "authToken" | "fileToken" | "verificationToken" | "passwordResetToken" | "emailChangeToken"
  >;
}

export interface Tokens {
  sign(kind: TokenKind, collection: TokenCollection, record: Values, options?: TokenOptions): Promise<string>;
  /**
   * What a token says whose signature is ours and whose time has not come; a promise only for one not seen lately. It
   * counts for a record only where it also `fits`.
   */
  read(token: string): Claims | undefined | Promise<Claims | undefined>;
  /** Whether it was signed for this record, for this purpose, with today's secrets. */
  fits(claims: Claims, kind: TokenKind, collection: TokenCollection, record: Values): boolean;
}

/** How many verified tokens are remembered, and the longest that is looked at. */
const remembered = 5000;
const longestToken = 4096;

/** Everything is signed here, with the application secret, which is at least 32 characters long. */
export function openTokens(secret: string): Tokens {
  const signer = jwt({ name: "jwt", secret, alg: "HS256" }).decorator.jwt;
  const seen = new Lru<string, Claims>(remembered);
  /** What a token was last found to fit: as long as that stays as it is, the fingerprint need not be made again. */
  const proven = new WeakMap<Claims, string>();

  function mark(kind: TokenKind, collection: TokenCollection, record: Values): string | undefined {
    const tokenKey = record.tokenKey;
    const own = settingsOf(collection, kind)?.secret;
    if (typeof tokenKey !== "string" || tokenKey === "" || !own) return undefined;
    return fingerprint(secret, `${tokenKey}\n${own}`);
  }

  async function verify(token: string): Promise<Claims | undefined> {
    const payload = await signer.verify(token, { algorithms: ["HS256"], requiredClaims: ["exp"] });
    if (!payload || !isClaims(payload)) return undefined;
    seen.set(token, payload);
    return payload;
  }

  return {
    sign: (kind, collection, record, { duration, refreshable, ...extra } = {}) => {
      const print = mark(kind, collection, record);
      const seconds = duration ?? settingsOf(collection, kind)?.duration;
      if (print === undefined || seconds === undefined) throw new Error(`${collection.id} cannot sign ${kind} tokens`);
      return signer.sign({
        ...extra,
        ...(kind === "auth" ? { refreshable: refreshable ?? true } : {}),
        id: String(record.id),
        collectionId: collection.id,
        type: kind,
        fingerprint: print,
        exp: Math.floor(clock() / 1000) + seconds,
        iat: false,
      });
    },
    read: (token) => {
      const known = seen.get(token);
      if (!known) return token.length > longestToken ? undefined : verify(token);
      return known.exp * 1000 > clock() ? known : undefined;
    },
    fits: (claims, kind, collection, record) => {
      if (claims.type !== kind || claims.collectionId !== collection.id || claims.id !== record.id) return false;
      const made = `${String(record.tokenKey)}\n${settingsOf(collection, kind)?.secret}`;
      if (proven.get(claims) === made) return true;
      const print = mark(kind, collection, record);
      if (print === undefined || !sameSecret(print, claims.fingerprint)) return false;
      proven.set(claims, made);
      return true;
    },
  };
}

function settingsOf({ definition }: TokenCollection, kind: TokenKind) {
  return definition[`${kind}Token`];
}

function isClaims(it: object): it is Claims {
  const claims: Partial<Record<keyof Claims, unknown>> = it;
  return (
    typeof claims.id === "string" &&
    typeof claims.collectionId === "string" &&
    typeof claims.type === "string" &&
    typeof claims.exp === "number" &&
    typeof claims.fingerprint === "string"
  );
}
