/** @jsxImportSource preact */
import { Type } from "@sinclair/typebox";
import { marks, maxlength } from "../html/index.ts";
import { problem } from "../lib/errors.ts";
import { domainAllowed, domainOptionProblems, DomainOptions } from "./domains.ts";
import { defineField } from "./field.ts";
import { asText, line, shown, string, unstorable } from "./strings.ts";

const longest = 2083;

export const url = defineField({
  type: "url",
  options: DomainOptions,
  ...asText,
  optionProblems: domainOptionProblems,
  value: () => Type.String(),

  fromForm: (sent) => ({ value: line(sent).trim() }),

  problems: (value, field) => {
    const address = string(value);
    if (address === "") return undefined;
    const host = unstorable(address) ? undefined : hostOf(address);
    if (host === undefined) return problem("validation_invalid_url");
    return domainAllowed(host, field) ? undefined : problem("validation_url_domain_not_allowed");
  },

  input: (control) => (
    <input
      {...marks(control)}
      type="url"
      name={control.field.name}
      required={control.field.required}
      maxlength={maxlength(longest)}
      autocomplete="url"
      inputmode="url"
      value={shown(control)}
    />
  ),

  examples: [
    {
      options: { exceptDomains: ["bad.example"] },
      good: "https://math.example:8443/a/b?c=d#e",
      form: { "": [" https://math.example:8443/a/b?c=d#e"] },
      bad: [
        ["math.example", "validation_invalid_url"],
        ["javascript:alert(1)", "validation_invalid_url"],
        ["data:text/html,x", "validation_invalid_url"],
        ["ftp://math.example", "validation_invalid_url"],
        ["https:math.example", "validation_invalid_url"],
        ["https://", "validation_invalid_url"],
        ["https://math", "validation_invalid_url"],
        ["https://math.example/a b", "validation_invalid_url"],
        ["https://math.example\\@evil.example", "validation_invalid_url"],
        ['https://math.example/"><script>', "validation_invalid_url"],
        [`https://math.example/${"a".repeat(2100)}`, "validation_invalid_url"],
        ["https://BAD.example/", "validation_url_domain_not_allowed"],
      ],
    },
    { options: {}, good: "http://localhost:8090/", form: { "": ["http://localhost:8090/"] } },
    { options: {}, good: "http://[::1]/", form: { "": ["http://[::1]/"] } },
  ],
});

/** The host of an http(s) address; `undefined` for what is none. A host has a dot, unless it is this machine or an IPv6 address. */
function hostOf(address: string): string | undefined {
  if (address.length > longest || !/^https?:\/\/[^\s\p{Cc}<>"\\]+$/iu.test(address)) return undefined;
  const parsed = URL.parse(address);
  const host = parsed?.hostname;
  return host && (host === "localhost" || /^\[|.\../.test(host)) ? host : undefined;
}
