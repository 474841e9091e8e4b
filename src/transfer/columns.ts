/** What a column of a file can become. */
export interface Target {
  /** The name of a field, or one of ours that begins with `_`. */
  readonly name: string;
  readonly label: string;
  /** How else such a column is headed. */
  readonly also?: readonly string[];
  /** What it is where it is no field: a sentence says so in words. */
  readonly fact?: string;
}

/** Columns that become nothing, and those that are kept aside where there is room for that. */
export const leftOut = "";
export const aside = "~";

/**
 * What becomes of each column: of those that are headed like a target the first, however it is spelt; the others `otherwise`, unless
 * they are among what nobody keeps.
 */
export function guessed(
  headings: readonly string[],
  targets: readonly Target[],
  { otherwise = leftOut, dropped = [] }: { readonly otherwise?: string; readonly dropped?: readonly string[] } = {},
): string[] {
  const taken = new Set<string>();
  const unwanted = new Set(dropped.map(keyOf));
  // A field's own name goes before everything that is only called so.
  const ways = [
    (target: Target, key: string) => keyOf(target.name) === key,
    (target: Target, key: string) => keyOf(target.label) === key,
    (target: Target, key: string) => (target.also ?? []).some((name) => keyOf(name) === key),
  ];
  const choices = new Map<number, string>();
  for (const fits of ways) {
    for (const [at, heading] of headings.entries()) {
      const key = keyOf(heading);
      if (choices.has(at) || key === "") continue;
      const target = targets.find((it) => !taken.has(it.name) && fits(it, key));
      if (!target) continue;
      taken.add(target.name);
      choices.set(at, target.name);
    }
  }
  return headings.map((heading, at) => choices.get(at) ?? (unwanted.has(keyOf(heading)) ? leftOut : otherwise));
}

/** A choice that somebody made, as far as there is such a target; of two columns for one target the first has it. */
export function chosenColumns(
  sent: readonly string[],
  guess: readonly string[],
  targets: readonly Target[],
  otherwise: readonly string[],
): string[] {
  const taken = new Set<string>();
  return guess.map((known, at) => {
    const choice = sent[at] ?? known;
    if (otherwise.includes(choice)) return choice;
    if (taken.has(choice) || !targets.some(({ name }) => name === choice)) return leftOut;
    taken.add(choice);
    return choice;
  });
}

/** `First name`, `first_name` and `firstName` are one; `_date` is not `date`. */
function keyOf(heading: string): string {
  const key = heading
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
  return heading.trim().startsWith("_") ? `_${key}` : key;
}
