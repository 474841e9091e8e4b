import { any, problem, type Problems } from "../lib/errors.ts";
import { randomText } from "../lib/ids.ts";
import { isObject } from "../lib/json.ts";
import { uniqueFields } from "./compile.ts";
import { type AuthDefinition, type Definition, isAuth, tokenKinds } from "./definition.ts";
import { oauth2Providers } from "./oauth2-providers.ts";

type Input = Readonly<Record<string, unknown>>;

/**
 * Every kind of token has a secret of its own from the start. Those of providers are not answered, so who sends a provider back
 * without its secret has not changed that.
 */
export function withSecrets(merged: Input, old: Definition | undefined): Record<string, unknown> {
  const kinds = tokenKinds.map((kind) => {
    const options = merged[kind];
    return [kind, { secret: randomText(50), ...(isObject(options) ? options : {}) }] as const;
  });
  const { oauth2 } = merged;
  const providers = isObject(oauth2) ? oauth2["providers"] : undefined;
  const kept = (Array.isArray(providers) ? providers : []).map((it: unknown) => {
    const before = isObject(it) ? old?.oauth2?.providers.find(({ name }) => name === it["name"]) : undefined;
    return before && isObject(it) ? { clientSecret: before.clientSecret, ...it } : it;
  });
  const group = isObject(oauth2) && Array.isArray(providers) ? { oauth2: { ...oauth2, providers: kept } } : {};
  return { ...merged, ...Object.fromEntries(kinds), ...group };
}

/** Who signs in by a field must be told apart by it. */
export function signInProblems(definition: Definition): Problems {
  if (!isAuth(definition)) return {};
  const { passwordAuth, oauth2, otp, mfa } = definition;
  const problems: Problems = {};
  const providers = oauth2.enabled ? providerProblems(oauth2.providers) : {};
  if (any(providers)) problems["oauth2"] = { providers };
  if (otp.enabled) Object.assign(problems, least("otp", { duration: [otp.duration, 10], length: [otp.length, 4] }));
  if (mfa.enabled) Object.assign(problems, least("mfa", { duration: [mfa.duration, 10] }));
  const ways = [passwordAuth, oauth2, otp].filter(({ enabled }) => enabled).length;
  if (mfa.enabled && ways < 2) problems["mfa"] = { enabled: problem("validation_mfa_not_enough_auths") };
  return passwordAuth.enabled ? { ...problems, ...identityProblems(definition) } : problems;
}

/** Numbers that must be at least so much. */
function least(group: string, numbers: Readonly<Record<string, readonly [number, number]>>): Problems {
  const wrong = Object.entries(numbers).filter(([, [value, min]]) => value < min);
  if (wrong.length === 0) return {};
  const problems = wrong.map(([name, [, threshold]]) => {
    return [name, problem("validation_min_greater_equal_than_required", { threshold })];
  });
  return { [group]: Object.fromEntries(problems) };
}

/** Those that say who people are must be known here, and each be told once. */
function providerProblems(providers: AuthDefinition["oauth2"]["providers"]): Problems {
  const problems: Problems = {};
  providers.forEach(({ name, clientId, clientSecret }, at) => {
    const wrong: Problems = {};
    if (name === "") wrong["name"] = problem("validation_required");
    else if (!oauth2Providers.some((it) => it.name === name))
      wrong["name"] = problem("validation_missing_provider", { name });
    else if (providers.findIndex((it) => it.name === name) < at) {
      wrong["name"] = problem("validation_duplicated_provider", { name });
    }
    if (clientId === "") wrong["clientId"] = problem("validation_required");
    if (clientSecret === "") wrong["clientSecret"] = problem("validation_required");
    if (any(wrong)) problems[at] = wrong;
  });
  return problems;
}

function identityProblems(definition: AuthDefinition): Problems {
  const unique = uniqueFields(definition);
  for (const name of definition.passwordAuth.identityFields) {
    const known = definition.fields.some((field) => field.name === name && field.type !== "password");
    const code = !known ? "validation_missing_field" : !unique.has(name) ? "validation_missing_unique_constraint" : "";
    if (code) return { passwordAuth: { identityFields: problem(code, { fieldName: name }) } };
  }
  return {};
}
