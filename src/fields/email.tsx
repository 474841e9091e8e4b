import { problem } from "../lib/errors.ts";
import { addressLine } from "./address-line.tsx";
import { domainAllowed, isDomain } from "./domains.ts";
import { defineField } from "./field.ts";
import { string, unstorable } from "./strings.ts";

const longest = 254;

export const email = defineField({
  type: "email",
  ...addressLine("email", longest),

  problems: (value, field) => {
    const address = string(value);
    if (address === "") return undefined;
    if (unstorable(address) || !isAddress(address)) return problem("validation_is_email");
    const domain = address.slice(address.lastIndexOf("@") + 1);
    return domainAllowed(domain, field) ? undefined : problem("validation_email_domain_not_allowed");
  },

  examples: [
    {
      options: { exceptDomains: ["spam.example"] },
      good: "ada.lovelace+news@math.example",
      form: { "": [" ada.lovelace+news@math.example "] },
      bad: [
        ["ada", "validation_is_email"],
        ["ada@localhost", "validation_is_email"],
        ["ada@@math.example", "validation_is_email"],
        ["ada..l@math.example", "validation_is_email"],
        [".ada@math.example", "validation_is_email"],
        ["ada lovelace@math.example", "validation_is_email"],
        ["ada@math.example\nBcc: all@math.example", "validation_is_email"],
        ["ada@-math.example", "validation_is_email"],
        ["ada@1.2.3.4", "validation_is_email"],
        [`${"a".repeat(65)}@math.example`, "validation_is_email"],
        [`a@${"b.".repeat(130)}example`, "validation_is_email"],
        ["ada@SPAM.example", "validation_email_domain_not_allowed"],
        [{}, "validation_invalid_value"],
      ],
    },
    {
      options: { onlyDomains: ["math.example"] },
      good: "ada@MATH.example",
      form: { "": ["ada@MATH.example"] },
      bad: [
        ["ada@other.example", "validation_email_domain_not_allowed"],
        ["jürgen@math.example", "validation_is_email"],
      ],
    },
    { options: {}, good: "ada@bücher.example", form: { "": ["ada@bücher.example"] } },
  ],
});

const local = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;

/**
 * An address as people have them and browsers take them: ASCII before the @, a domain with a dot after it (in any script), no
 * quotes, no comments, no bare IP addresses.
 */
export function isAddress(address: string): boolean {
  const at = address.lastIndexOf("@");
  const name = address.slice(0, at);
  return (
    address.length <= longest && at > 0 && name.length <= 64 && local.test(name) && isDomain(address.slice(at + 1))
  );
}
