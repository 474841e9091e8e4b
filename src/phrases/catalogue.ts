import type { en } from "./en.ts";

/** What there is a sentence for. */
export type Code = keyof typeof en;

/** What every language says. What the command line and the log say (`cli_…`) is English alone. */
export type Catalogue = Readonly<Record<Exclude<Code, `cli_${string}`>, string>>;
