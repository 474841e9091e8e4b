import { randomText } from "../lib/ids.ts";
import { sameSecret } from "../lib/secrets.ts";
import type { Superusers } from "./superusers.ts";

/** The way to the first superuser: a link that only who started the server has seen. */
export interface Setup {
  /** What the link carries, until there is a superuser. */
  token(): Promise<string | undefined>;
  /** Whether this token opens the setup page now. */
  opens(token: string): Promise<boolean>;
}

/** The token lives in memory: a new start prints a new link. */
export function openSetup(superusers: Superusers): Setup {
  const token = randomText(40);
  const needed = async () => !(await superusers.exist());
  return {
    token: async () => ((await needed()) ? token : undefined),
    opens: async (given) => sameSecret(given, token) && (await needed()),
  };
}
