import type { Collections } from "../collections/collection.ts";
import type { Hub } from "../events/hub.ts";
import { clock } from "../lib/dates.ts";
import type { Reading } from "../store/engine.ts";
import { findForm, type Form } from "./form.ts";

/** Forms as visitors ask for them, again and again. */
export interface KnownForms {
  /** As `findForm`, which is asked anew once anything has been stored here, and a second later where another program has. */
  find(set: Collections, slug: string): Promise<Form>;
}

/** Milliseconds. */
const trusted = 1000;

export function openKnownForms(parts: { readonly store: Reading; readonly hub: Hub }): KnownForms {
  let forms = new Map<string, { readonly set: Collections; readonly read: number; readonly form: Form }>();
  parts.hub.listen(() => {
    if (forms.size > 0) forms = new Map();
  });
  return {
    find: async (set, slug) => {
      const known = forms.get(slug);
      if (known && known.set === set && Math.abs(clock() - known.read) < trusted) return known.form;
      const [mine, read] = [forms, clock()];
      const form = await findForm(parts, set, slug);
      // What was stored meanwhile has emptied another map.
      mine.set(slug, { set, read, form });
      return form;
    },
  };
}
