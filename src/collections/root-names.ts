import { publicFiles } from "../embedded.ts";

/** The first parts of the paths that are ours; where they have a hyphen or a dot no collection can have their name anyway. */
const ours = ["api", "_", "forms", "f", "register", "login", "logout", "profile", "resend"];

/** Whether pages at `/name` would stand where the server has something of its own. */
export function hidesOurs(name: string): boolean {
  const wanted = name.toLowerCase();
  // What begins with `_` is built in, or looks as if it were.
  if (wanted.startsWith("_") || ours.includes(wanted)) return true;
  return publicFiles().some(({ path }) => path.split("/")[1]?.toLowerCase() === wanted);
}
