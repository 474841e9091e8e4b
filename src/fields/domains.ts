import { Type } from "@sinclair/typebox";
import { type Problem, problem, type Problems } from "../lib/errors.ts";
import { gather } from "./bounds.ts";

const List = Type.Union([Type.Null(), Type.Array(Type.String())], { default: null });

/** Which domains an address may or may not have; one list at most. */
export const DomainOptions = Type.Object({ exceptDomains: List, onlyDomains: List });

interface Domains {
  readonly exceptDomains: readonly string[] | null;
  readonly onlyDomains: readonly string[] | null;
}

export function domainOptionProblems({ exceptDomains, onlyDomains }: Domains): Problems {
  const both = exceptDomains?.length && onlyDomains?.length ? problem("validation_empty") : undefined;
  return gather({
    exceptDomains: both ?? wrongDomains(exceptDomains),
    onlyDomains: both ?? wrongDomains(onlyDomains),
  });
}

export function domainAllowed(domain: string, { exceptDomains, onlyDomains }: Domains): boolean {
  const isIn = (list: readonly string[]) => list.some((it) => it.toLowerCase() === domain.toLowerCase());
  if (onlyDomains?.length) return isIn(onlyDomains);
  return !exceptDomains?.length || !isIn(exceptDomains);
}

const label = "[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N}-]{0,61}[\\p{L}\\p{M}\\p{N}])?";
const domainName = new RegExp(`^(?:${label}\\.)+${label}$`, "u");

/** A host name with at least two labels, such as mail can be sent to. */
export function isDomain(text: string): boolean {
  return text.length <= 253 && domainName.test(text) && !/\.\d+$/.test(text);
}

function wrongDomains(list: readonly string[] | null): Problems | undefined {
  const wrong = (list ?? []).map((domain, n): [string, Problem | undefined] => [
    String(n),
    isDomain(domain) ? undefined : problem("validation_is_domain"),
  ]);
  const problems = gather(Object.fromEntries(wrong));
  return Object.keys(problems).length > 0 ? problems : undefined;
}
