import { stamp } from "../lib/dates.ts";

const day = 86_400_000;

type Macro = (time: number) => string | number;

/** Start of the UTC year, month or day that holds the moment, moved by whole units. */
function start(time: number, unit: "year" | "month" | "day", moved = 0): number {
  const date = new Date(time);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (unit === "year") return Date.UTC(year + moved, 0);
  if (unit === "month") return Date.UTC(year, month + moved);
  return Date.UTC(year, month, date.getUTCDate() + moved);
}

/** Names that stand for a moment or a part of it, in UTC. `time`: milliseconds since 1970. */
export const macros: ReadonlyMap<string, Macro> = new Map<string, Macro>([
  ["@now", (time) => stamp(time)],
  ["@yesterday", (time) => stamp(time - day)],
  ["@tomorrow", (time) => stamp(time + day)],
  ["@todayStart", (time) => stamp(start(time, "day"))],
  ["@todayEnd", (time) => stamp(start(time, "day", 1) - 1)],
  ["@monthStart", (time) => stamp(start(time, "month"))],
  ["@monthEnd", (time) => stamp(start(time, "month", 1) - 1)],
  ["@yearStart", (time) => stamp(start(time, "year"))],
  ["@yearEnd", (time) => stamp(start(time, "year", 1) - 1)],
  ["@second", (time) => new Date(time).getUTCSeconds()],
  ["@minute", (time) => new Date(time).getUTCMinutes()],
  ["@hour", (time) => new Date(time).getUTCHours()],
  ["@day", (time) => new Date(time).getUTCDate()],
  ["@month", (time) => new Date(time).getUTCMonth() + 1],
  ["@weekday", (time) => new Date(time).getUTCDay()],
  ["@year", (time) => new Date(time).getUTCFullYear()],
]);
