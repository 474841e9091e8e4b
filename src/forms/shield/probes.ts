import type { TypedText } from "./texts.ts";
import type { Signal } from "./weights.ts";

/** What is meant for a machine: tags that do something, and questions to databases, shells and templates. */
const probes = [
  /<\s?(?:script|iframe|object|embed|svg|meta|form)\b[^<>]{0,200}>/i,
  /<img\b[^<>]{0,100}\bonerror\s?=/i,
  /\bjavascript:/i,
  /^[^'"]{0,40}['"]\s?\)?\s?--\s*$/,
  /%25?27%?25?22|%2527/i,
  /\{[^{}|\n]{1,30}(?:\|[^{}|\n]{1,30}){1,10}\}[\s\S]{0,200}?\{[^{}|\n]{1,30}\|/,
  /['"]\s?(?:or|and)\s{1,3}['"]?1['"]?\s?=\s?['"]?1/i,
  /\bunion\s{1,3}(?:all\s{1,3})?select\b/i,
  /\b(?:sleep|pg_sleep|benchmark|waitfor delay)\s?\(\s?\d/i,
  /;\s?(?:drop|delete|insert|update)\s{1,3}(?:table|from|into)\b/i,
  /\$\{\s?(?:jndi|env|sys|\d)/i,
  /\{\{\s?\d+\s?[*+]\s?\d+\s?\}\}/,
  /(?:\.\.[/\\]){2,}/,
  /\/etc\/passwd\b/,
  /[\r\n](?:bcc|cc|content-type|to)\s?:[^\r\n]{0,100}[@/]/i,
];

/** Where nobody writes of such things in passing. */
const short = new Set(["name", "email", "phone", "subject", "company"]);

export function markupSignals(texts: readonly TypedText[]): Signal[] {
  for (const { text, role } of texts) {
    if (
      role === "markup" ||
      !/<[\s!/a-z]|javascript:|['"]\s?(?:or|and)\b|--\s*$|%2|\{[^{}|]{1,30}\||union\b|\(\s?\d|;\s?[a-z]|\$\{|\{\{|\.\.[/\\]|\/etc|[\r\n](?:bcc|cc|content|to)/i.test(
        text,
      )
    )
      continue;
    for (const probe of probes) {
      const found = probe.exec(text)?.[0];
      if (found === undefined) continue;
      // Who reports a hole tells about it.
      const told = !short.has(role) && text.length > found.length + 40;
      return [{ reason: "markup", amount: told ? 0.5 : 1.4, detail: found.trim().slice(0, 80) }];
    }
  }
  return [];
}
