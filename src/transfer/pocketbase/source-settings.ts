import type { Problem } from "../../lib/errors.ts";
import { isObject, sameJson } from "../../lib/json.ts";
import { type SettingsBook, standardSettings } from "../../settings/settings.ts";
import { flat, said } from "./mending.ts";
import type { Input } from "./data-directory.ts";

/**
 * Takes over the settings of PocketBase, group by group: those that somebody has changed here stay. Answers what is left out, by name:
 * what we have not built, or would not allow. With `dry` nothing is changed.
 */
export async function carrySettings(book: SettingsBook, groups: Input, dry: boolean): Promise<Problem[]> {
  const findings: Problem[] = [];
  const standard: Input = { ...standardSettings };
  const current: Input = { ...book.current };
  let patch: Input = Object.fromEntries(Object.entries(groups).filter(([group]) => Object.hasOwn(standard, group)));
  // Each time something goes; what is left to go is no more than what there was.
  for (;;) {
    const outcome = await book.change(patch, { rehearse: true });
    if (outcome.ok) {
      const wanted: Input = { ...outcome.value };
      const kept = Object.keys(patch).filter((group) => {
        return !sameJson(current[group], standard[group]) && !sameJson(current[group], wanted[group]);
      });
      findings.push(...kept.map((name) => ({ code: "cli_pb_settings_kept", params: { name } })));
      const rest = Object.entries(patch).filter(([group]) => !kept.includes(group));
      if (!dry) await book.change(Object.fromEntries(rest));
      return findings;
    }
    const [wrong] = flat(outcome.problems);
    const next = wrong && without(patch, wrong.path);
    if (!wrong || next === undefined || sameJson(next, patch)) {
      findings.push({
        code: "cli_pb_settings_left_out",
        params: { name: wrong?.path.join(".") ?? "", reason: wrong ? said(wrong.it) : "" },
      });
      return findings;
    }
    findings.push({ code: "cli_pb_settings_left_out", params: { name: wrong.path.join("."), reason: said(wrong.it) } });
    patch = next;
  }
}

/** The same without what lies at a path; of a list its entry goes. */
function without(patch: Input, [first = "", second, third]: readonly string[]): Input {
  const part = patch[first];
  if (second === undefined) return Object.fromEntries(Object.entries(patch).filter(([key]) => key !== first));
  if (Array.isArray(part)) return { ...patch, [first]: part.filter((_, n) => String(n) !== second) };
  if (!isObject(part)) return patch;
  const inner = part[second];
  if (third !== undefined && Array.isArray(inner)) {
    return { ...patch, [first]: { ...part, [second]: inner.filter((_, n) => String(n) !== third) } };
  }
  return { ...patch, [first]: Object.fromEntries(Object.entries(part).filter(([key]) => key !== second)) };
}
