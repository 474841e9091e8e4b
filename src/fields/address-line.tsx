/** @jsxImportSource preact */
import { Type } from "@sinclair/typebox";
import { marks, maxlength } from "../html/index.ts";
import { domainOptionProblems, DomainOptions } from "./domains.ts";
import type { Control, Reading, Sent } from "./field.ts";
import { asText, line, shown } from "./strings.ts";

/** What email and url have in common: an address in one line, at some domains and not at others. */
export function addressLine(kind: "email" | "url", longest: number) {
  return {
    options: DomainOptions,
    ...asText,
    optionProblems: domainOptionProblems,
    value: () => Type.String(),
    fromForm: (sent: Sent): Reading => ({ value: line(sent).trim() }),
    input: (control: Control<typeof DomainOptions>) => {
      const shared = {
        name: control.field.name,
        required: control.field.required,
        maxlength: maxlength(longest),
        autocomplete: kind,
        inputmode: kind,
        dir: "auto" as const,
        value: shown(control),
      };
      return kind === "email" ? (
        <input {...marks(control)} type="email" {...shared} />
      ) : (
        <input {...marks(control)} type="url" {...shared} />
      );
    },
  };
}
