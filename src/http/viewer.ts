import type { Claims, Tokens } from "../auth/tokens.ts";
import type { Collection, Values } from "../collections/collection.ts";
import { isSecret } from "../collections/compile.ts";
import { guest, type Viewer } from "../filter/scope.ts";
import { cookieName, readCookie } from "./cookies.ts";
import { isSecure, type Standing } from "./guard.ts";

/** The token of this request that turned out to be good. */
export interface Held {
  readonly token: string;
  readonly claims: Claims;
}

export interface Recognised {
  readonly viewer: Viewer;
  readonly held: Held | undefined;
}

export interface Recogniser {
  readonly tokens: Tokens;
  /** Finds a collection by id. */
  findCollection(id: string): Collection | undefined;
  /** Finds an auth record by id, with every field. */
  findPerson(collection: Collection, id: string): Promise<Values | undefined>;
}

export const stranger: Recognised = { viewer: guest, held: undefined };

/**
 * The token a request comes with. An `Authorization` header decides alone, whatever it holds. Of the cookies the
 * owner's counts under `/_/` and people's everywhere else, so that an owner who looks at the site sees what others see.
 */
export function tokenOf(request: Request, path: string, standing: Standing): string | undefined {
  if (standing === "as guest") return undefined;
  if (standing === "by token") return bare(request.headers.get("authorization") ?? "");
  const cookie = request.headers.get("cookie");
  if (cookie === null) return undefined;
  return readCookie(cookie, cookieName(path.startsWith("/_/") ? "owner" : "person", isSecure(request)));
}

/** Who holds this token; a guest where it is forged, expired, withdrawn or of another kind. */
export async function recognise(parts: Recogniser, token: string, kind: "auth" | "file" = "auth"): Promise<Recognised> {
  const read = parts.tokens.read(token);
  const claims = read instanceof Promise ? await read : read;
  if (claims?.type !== kind) return stranger;
  const collection = parts.findCollection(claims.collectionId);
  if (collection?.type !== "auth") return stranger;
  const record = await parts.findPerson(collection, claims.id);
  if (!record || !parts.tokens.fits(claims, kind, collection, record)) return stranger;
  for (const field of collection.fields) {
    // Only whoever asks for it by name gets it: people's own routes answer whole records of viewers.
    if (isSecret(collection, field)) Object.defineProperty(record, field.name, { enumerable: false });
  }
  const who = collection.name === "_superusers" ? "superuser" : "record";
  const viewer: Viewer = { kind: who, collectionId: collection.id, collectionName: collection.name, record };
  return { viewer, held: { token, claims } };
}

function bare(header: string): string | undefined {
  return header.replace(/^bearer\s+/i, "").trim() || undefined;
}
