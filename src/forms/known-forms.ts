import type { Collections } from "../collections/collection.ts";
import type { Hub } from "../events/hub.ts";
import type { Outbox } from "../events/outbox.ts";
import { clock } from "../lib/dates.ts";
import type { Reading } from "../store/engine.ts";
import { findForm, type Form } from "./form.ts";

/** Forms as visitors ask for them, again and again. */
export interface KnownForms {
  /** As `findForm`, which is asked anew once forms have been changed here, and a second later where another program has. */
  find(set: Collections, slug: string): Promise<Form>;
}

interface KnownFormsParts {
  readonly store: Reading;
  readonly hub: Hub;
  readonly outbox: Pick<Outbox, "lastOf">;
}

/** Milliseconds. */
const trusted = 1000;
/** So long after a form was written it may take until that is on disk: a unit has some seconds, and a disk may be slow. */
const settling = 60_000;

export function openKnownForms(parts: KnownFormsParts): KnownForms {
  let forms = new Map<string, { readonly set: Collections; readonly read: number; readonly form: Form }>();
  let collection = "";
  // Reading after each commit would cost more than all else about a form: SQLite reads its pages anew.
  parts.hub.listen(() => {
    if (forms.size > 0 && clock() - parts.outbox.lastOf(collection) < settling) forms = new Map();
  });
  return {
    find: async (set, slug) => {
      const known = forms.get(slug);
      if (known && known.set === set && Math.abs(clock() - known.read) < trusted) return known.form;
      const [mine, read] = [forms, clock()];
      collection = set.find("_forms")?.id ?? "";
      const form = await findForm(parts, set, slug);
      // What was stored meanwhile has emptied another map.
      mine.set(slug, { set, read, form });
      return form;
    },
  };
}
