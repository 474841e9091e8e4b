/** A field's name as people read it, where nobody gave it a label: `birth_date` and `birthDate` are `Birth date`. */
export function labelOf(name: string): string {
  const spaced = name
    .replaceAll("_", " ")
    .replace(/([a-z0-9])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`)
    .trim();
  return spaced === "" ? name : spaced[0]?.toUpperCase() + spaced.slice(1);
}

/** An amount of bytes as people say it: `1.5 MB`. */
export function bytesIn(language: string, bytes: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const format = { style: "unit", unit: units[step], maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(language, format).format(bytes / 1000 ** step);
}

const rightToLeft: ReadonlySet<string> = new Set(["ar", "fa", "he", "ur"]);

/** How a language is written, named as browsers name it (`en`). */
export function direction(language: string): "ltr" | "rtl" {
  return rightToLeft.has(language) ? "rtl" : "ltr";
}
