/** A field's name as people read it, where nobody gave it a label: `birth_date` and `birthDate` are `Birth date`. */
export function labelOf(name: string): string {
  const spaced = name
    .replaceAll("_", " ")
    .replace(/([a-z0-9])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`)
    .trim();
  return spaced === "" ? name : spaced[0]?.toUpperCase() + spaced.slice(1);
}

const rightToLeft: ReadonlySet<string> = new Set(["ar", "fa", "he", "ur"]);

/** How a language is written, named as browsers name it (`en`). */
export function direction(language: string): "ltr" | "rtl" {
  return rightToLeft.has(language) ? "rtl" : "ltr";
}
