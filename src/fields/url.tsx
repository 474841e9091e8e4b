/** @jsxImportSource preact */
import { problem } from "../lib/errors.ts";
import { addressLine } from "./address-line.tsx";
import { domainAllowed } from "./domains.ts";
import { defineField } from "./field.ts";
import { oneLine, string, unstorable } from "./strings.ts";

const longest = 2083;

export const url = defineField({
  type: "url",
  ...addressLine("url", longest),

  problems: (value, field) => {
    const address = string(value);
    if (address === "") return undefined;
    const host = unstorable(address) ? undefined : hostOf(address);
    if (host === undefined) return problem("validation_invalid_url");
    return domainAllowed(host, field) ? undefined : problem("validation_url_domain_not_allowed");
  },

  show: (value) => {
    const address = string(value);
    // What was stored by other means than this check may be no address that a page should lead to.
    return hostOf(address) === undefined ? (
      address
    ) : (
      <a href={address} rel="nofollow noopener ugc">
        {oneLine(address)}
      </a>
    );
  },

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
