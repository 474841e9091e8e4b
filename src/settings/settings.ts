import { type TSchema, TypeGuard } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { any, bad, good, type Outcome } from "../lib/errors.ts";
import { isObject, parseJson } from "../lib/json.ts";
import type { Reading, Store } from "../store/engine.ts";
import { sql } from "../store/sql.ts";
import { Groups, type Settings } from "./groups.ts";
import { meaningProblems, shapeProblems } from "./settings-checks.ts";

export type { RateRule, Settings } from "./groups.ts";

/** JSON, as the settings have it. */
export type Shown = string | number | boolean | null | Shown[] | { [key: string]: Shown };

/** What owners change while it runs. */
export interface SettingsBook {
  /** What holds now; frozen, and another object after every change. */
  readonly current: Settings;
  /**
   * Takes over what `patch` names, in some groups or all, and keeps the rest, secrets too. It holds once this has settled; problems
   * are nested per group (`smtp.host`), and then nothing was changed. With `rehearse` it only says what would hold.
   */
  change(patch: unknown, options?: { readonly rehearse?: boolean }): Promise<Outcome<Settings>>;
  /** What holds now, without secrets. */
  shown(): { [key: string]: Shown };
}

const key = "settings";
export const standardSettings: Settings = frozen(Value.Create(Groups));

/** What an owner calls their site, for the top of its pages; nothing where nobody has given it a name. */
export function siteOf({ current: { meta } }: Pick<SettingsBook, "current">): { readonly site?: string } {
  return meta.appName === standardSettings.meta.appName ? {} : { site: meta.appName };
}

/** Reads the settings of a project, which are the standard ones until somebody changes them. */
export async function openSettings(store: Store): Promise<SettingsBook> {
  let current = await stored(store);
  return {
    get current() {
      return current;
    },
    change: async (patch, { rehearse = false } = {}) => {
      const outcome = await store.write(async (tx) => {
        const next: unknown = merged(Groups, await stored(tx), patch);
        const misshapen = shapeProblems(next);
        if (any(misshapen) || !Value.Check(Groups, next)) return bad<Settings>(misshapen);
        const wrong = meaningProblems(next, standardSettings);
        if (any(wrong)) return bad<Settings>(wrong);
        if (rehearse) return good<Settings>(next);
        await tx.run(
          sql`INSERT INTO _params (key, value) VALUES (${key}, ${JSON.stringify(next)})
              ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
        );
        return good<Settings>(next);
      });
      if (outcome.ok && !rehearse) current = frozen(outcome.value);
      return outcome;
    },
    shown: () => {
      const shown = shownOf(Groups, current);
      return isPlain(shown) ? shown : {};
    },
  };
}

/** A group that no longer fits, since another version wrote it, is the standard one again. */
async function stored(reading: Reading): Promise<Settings> {
  const row = await reading.first<{ value: string }>(sql`SELECT value FROM _params WHERE key = ${key}`);
  const known = merged(Groups, standardSettings, parseJson(row?.value ?? "")?.value);
  if (Value.Check(Groups, known)) return frozen(known);
  const wrong = Object.keys(shapeProblems(known));
  const rest = isObject(known)
    ? Object.fromEntries(Object.entries(known).filter(([name]) => !wrong.includes(name)))
    : {};
  const mended = merged(Groups, standardSettings, rest);
  return Value.Check(Groups, mended) ? frozen(mended) : standardSettings;
}

/** What a schema knows of `patch` over what there is; whether it fits is asked afterwards. */
function merged(schema: TSchema, current: unknown, patch: unknown): unknown {
  if (patch === undefined || patch === null) return current;
  if (TypeGuard.IsArray(schema) && TypeGuard.IsObject(schema.items) && Array.isArray(patch)) {
    const { items } = schema;
    return patch.map((it: unknown) => merged(items, Value.Create(items), it));
  }
  if (!TypeGuard.IsObject(schema) || !isObject(patch)) return patch;
  const known = isObject(current) ? current : {};
  const parts = Object.entries(schema.properties).map(([name, part]) => {
    return [name, merged(part, known[name], Object.hasOwn(patch, name) ? patch[name] : undefined)];
  });
  return Object.fromEntries(parts);
}

function shownOf(schema: TSchema, value: unknown): Shown {
  if (TypeGuard.IsArray(schema) && Array.isArray(value)) return value.map((it: unknown) => shownOf(schema.items, it));
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (!TypeGuard.IsObject(schema) || !isObject(value)) return null;
  const parts = Object.entries(schema.properties).filter(([, part]) => part["secret"] !== true);
  return Object.fromEntries(parts.map(([name, part]) => [name, shownOf(part, value[name])]));
}

function isPlain(it: Shown): it is { [key: string]: Shown } {
  return isObject(it);
}

function frozen<T>(it: T): T {
  if (typeof it === "object" && it !== null) for (const part of Object.values(Object.freeze(it))) frozen(part);
  return it;
}
