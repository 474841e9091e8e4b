import type { Look } from "./judge.ts";
import { type Signal, thresholds } from "./weights.ts";

/** Of the time that nobody needs less than: under this part no browser is that fast, under that one no hand. */
const impossible = 1 / 8;
const hurried = 1 / 2;

/**
 * Sent sooner after its page was made than a person fills it in. Pasted and filled in by a browser is nothing bad, so how much
 * was typed does not count, but an answer of two words may be quick.
 */
export function paceSignals({ form, texts, visit, token: { state, age } }: Look): Signal[] {
  if (state !== "young") return [];
  const typed = texts.reduce((sum, { text }) => sum + text.length, 0);
  const part = age / 1000 / (form.shield.seconds ?? thresholds.seconds);
  const detail = `${(age / 1000).toFixed(1)} s`;
  if (part < impossible) return [{ reason: "too_fast", amount: 1, detail }];
  // Browsers say what they are and which language they speak; programs mostly do not.
  const browser = visit.language !== "" && visit.agent.startsWith("Mozilla/") && visit.origin !== "";
  if (part < hurried && typed > 0) return [{ reason: "too_fast", amount: browser ? 0.6 : 1, detail }];
  return [{ reason: "fast", amount: typed < 20 ? 0.5 : 1, detail }];
}
