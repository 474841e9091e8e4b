import { randomText } from "../../lib/ids.ts";
import { fingerprint, openFingerprints, sameSecret } from "../../lib/secrets.ts";

/**
 * What our page, or `forms.js`, sends along in `_token`: `FORM.ISSUED.NONCE.SIGNATURE`, with the form's id and the moment in base
 * 36. Nothing is stored for it: who reads it knows from the signature that it is ours, for which form and how old.
 * Other frameworks call theirs `_token` as well: what has no four parts is strange, not forged.
 */
export type TokenState = "missing" | "strange" | "forged" | "foreign" | "old" | "young" | "fine";

export interface TokenReading {
  readonly state: TokenState;
  /** What no other token has; `""` where the token is missing, strange, forged or foreign. */
  readonly nonce: string;
  /** Milliseconds since it was issued; 0 where nobody knows. */
  readonly age: number;
}

export interface FormTokens {
  /** A new token for the form with this id; `moment` in milliseconds since 1970. */
  issue(form: string, moment: number): string;
  /** Reads what was sent as a token. One is young for `seconds` after it was issued, and old after a day. */
  read(form: string, token: string, moment: number, seconds: number): TokenReading;
}

/** Milliseconds until a token is old. Tabs stay open over lunch, and over night. */
export const lifetime = 24 * 60 * 60 * 1000;

const longestToken = 200;
const written = /^([a-z0-9]{1,40})\.([a-z0-9]{1,10})\.([a-z0-9]{16})\.([\w-]{16})$/;

/** Tokens signed with a key of their own, made of the application secret. */
export function openFormTokens(secret: string): FormTokens {
  const key = fingerprint(secret, "form tokens") + fingerprint(secret, "of the spam shield");
  // One answer's token is read several times.
  const sign = openFingerprints(key, 5_000);
  return {
    issue: (form, moment) => {
      const body = `${form}.${Math.max(0, Math.floor(moment)).toString(36)}.${randomText(16)}`;
      return `${body}.${sign(body)}`;
    },
    read: (form, token, moment, seconds) => {
      if (token === "") return unknown("missing");
      const parts = token.length > longestToken ? null : written.exec(token);
      if (!parts) return unknown(token.split(".", 5).length === 4 ? "forged" : "strange");
      const [, its = "", issued = "", nonce = "", signature = ""] = parts;
      if (!sameSecret(sign(`${its}.${issued}.${nonce}`), signature)) return unknown("forged");
      if (its !== form) return unknown("foreign");
      const age = Math.max(0, moment - Number.parseInt(issued, 36));
      return { state: age > lifetime ? "old" : age < seconds * 1000 ? "young" : "fine", nonce, age };
    },
  };
}

function unknown(state: TokenState): TokenReading {
  return { state, nonce: "", age: 0 };
}
