import type { Store } from "../../store/engine.ts";
import { type Learned, openLearned } from "./learned.ts";
import { openPrior, type Prior } from "./prior.ts";
import { openRepeats, type Repeats } from "./repeats.ts";
import { type FormTokens, openFormTokens } from "./token.ts";

/** What judging needs beside the answer. */
export interface Shield {
  readonly tokens: FormTokens;
  readonly learned: Learned;
  readonly repeats: Repeats;
  readonly prior: Prior;
}

/** The shield of a project; `secret` is the application secret. */
export function openShield({ store, secret }: { readonly store: Store; readonly secret: string }): Shield {
  return {
    tokens: openFormTokens(secret),
    learned: openLearned(store),
    repeats: openRepeats(),
    prior: openPrior(),
  };
}
