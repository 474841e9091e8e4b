/** Moments as they are stored and sent: `2026-01-02 15:04:05.000Z`, UTC; `""` is no moment. */

export function now(): string {
  return stamp(Date.now());
}

/** Milliseconds since 1970. */
export function clock(): number {
  return Date.now();
}

let second = Number.NaN;
let upToSecond = "";

export function stamp(milliseconds: number): string {
  // Moments come in order, so the part up to the second is mostly the one of the time before.
  const its = Math.floor(milliseconds / 1000);
  if (its !== second) {
    upToSecond = new Date(its * 1000).toISOString().slice(0, -4).replace("T", " ");
    second = its;
  }
  return `${upToSecond}${String(Math.floor(milliseconds) - its * 1000).padStart(3, "0")}Z`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** A stored moment as people say it, `Jan 2, 2026, 3:04 PM UTC`; `language` as browsers name it (`en`), the time zone as IANA does. */
export function spoken(moment: string, language: string, timeZone = "UTC"): string {
  return said(moment, language, "short", timeZone);
}

/** The same to the second, `Jan 2, 2026, 3:04:05 PM UTC`. */
export function spokenToSecond(moment: string, language: string): string {
  return said(moment, language, "medium", "UTC");
}

function said(moment: string, language: string, timeStyle: "short" | "medium", timeZone: string): string {
  const time = Date.parse(moment);
  if (Number.isNaN(time)) return moment;
  return `${formatOf(language, { timeStyle, timeZone }).format(time)} ${timeZone}`;
}

/** A day (`2026-01-02`) as people say it, `Jan 2, 2026`. */
export function spokenDay(day: string, language: string): string {
  const time = Date.parse(day);
  return Number.isNaN(time) ? day : formatOf(language, { timeZone: "UTC" }).format(time);
}

function formatOf(language: string, options: { readonly timeStyle?: "short" | "medium"; readonly timeZone: string }) {
  const key = `${language} ${options.timeStyle} ${options.timeZone}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(language, { dateStyle: "medium", ...options });
    formats.set(key, format);
  }
  return format;
}

const accepted =
  /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?$/i;

/** Reads a date with or without a time and zone (none: UTC); `undefined` for what is no moment (`2026-02-30`). */
export function parseDate(text: string): string | undefined {
  const match = accepted.exec(text.trim());
  if (!match) return undefined;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "0", zone = "Z"] = match;
  const millis = fraction.padEnd(3, "0").slice(0, 3);
  const wall = `${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}Z`;
  const time = Date.parse(wall);
  if (Number.isNaN(time) || new Date(time).toISOString() !== wall) return undefined;
  const moved = time - offset(zone) * 60_000;
  return Number.isNaN(new Date(moved).getTime()) ? undefined : stamp(moved);
}

function offset(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (!match) return 0;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

/** A stored moment as the clocks of a time zone show it, `2026-01-02T16:04:05.000`; `""` for none. */
export function wallIn(moment: string, timeZone: string): string {
  const time = Date.parse(moment);
  return Number.isNaN(time) ? "" : new Date(time + ahead(time, timeZone)).toISOString().slice(0, -1);
}

/**
 * The moment at which the clocks of a time zone show this; `undefined` for what is no moment, or names a zone itself. An hour that
 * comes twice is its first one, and one that is left out is taken as if it were not.
 */
export function momentIn(wall: string, timeZone: string): string | undefined {
  const text = wall.trim();
  if (/(Z|UTC|[T ].*[+-]\d{2}:?\d{2})$/i.test(text)) return undefined;
  const read = parseDate(text);
  if (read === undefined) return undefined;
  const time = Date.parse(read);
  const [before, after] = [time - ahead(time - day, timeZone), time - ahead(time + day, timeZone)];
  const fits = [before, after].find((it) => it + ahead(it, timeZone) === time);
  return stamp(fits ?? before);
}

const day = 24 * 60 * 60 * 1000;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds by which the clocks of a time zone are ahead of UTC at a moment. */
function ahead(time: number, timeZone: string): number {
  if (timeZone === "UTC") return 0;
  let shown = clocks.get(timeZone);
  if (!shown) {
    shown = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
    clocks.set(timeZone, shown);
  }
  const name = shown.formatToParts(time).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours = "0", minutes = "0", seconds = "0"] = /^GMT([+-])(\d+):(\d+)(?::(\d+))?$/.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}
