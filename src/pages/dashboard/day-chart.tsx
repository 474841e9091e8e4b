/** @jsxImportSource preact */
import type { VNode } from "preact";
import { spokenDay } from "../../lib/dates.ts";
import type { Language } from "../../phrases/index.ts";
import { type Row, Table } from "../parts/table.tsx";
import { direction, words } from "../parts/words.ts";

/** What arrived on one day (UTC, `2026-01-02`). */
export interface Day {
  readonly day: string;
  readonly sends: number;
  readonly held: number;
}

interface DayChartProps {
  readonly language: Language;
  /** One after the other, the oldest first. */
  readonly days: readonly Day[];
}

/** Units of the drawing, which is scaled to the page. */
const [slot, gap, height] = [20, 4, 80];

/** Answers day by day: as bars, in words, and as a table. */
export function DayChart({ language, days }: DayChartProps): VNode {
  const t = words(language);
  const most = Math.max(1, ...days.map(({ sends, held }) => sends + held));
  const sum = (of: "sends" | "held") => days.reduce((total, day) => total + day[of], 0);
  const text = t("inbox_days_text", { sends: sum("sends"), held: sum("held"), most });
  const title = t("inbox_days_title", { days: days.length });
  const width = days.length * slot;
  const columns = [
    { key: "day", label: t("inbox_day") },
    { key: "sends", label: t("inbox_day_sends"), number: true },
    { key: "held", label: t("inbox_day_held"), number: true },
  ];
  const rows = days
    .filter(({ sends, held }) => sends + held > 0)
    .map(({ day, sends, held }): Row => ({ key: day, cells: [spokenDay(day, language), String(sends), String(held)] }))
    .toReversed();
  return (
    <figure class="chart">
      <svg
        viewBox={`0 0 ${width} ${height + 2}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}. ${text}`}
      >
        {days.map(({ day, sends, held }, at) => {
          const place = direction(language) === "rtl" ? days.length - 1 - at : at;
          const x = place * slot + gap / 2;
          const [good, bad] = [(sends / most) * height, (held / most) * height];
          return (
            <g key={day}>
              <title>{`${spokenDay(day, language)}: ${sends} + ${held}`}</title>
              <rect class="ground" x={x} y={height} width={slot - gap} height={2} />
              {sends > 0 ? <rect class="good" x={x} y={height - good} width={slot - gap} height={good} /> : null}
              {held > 0 ? <rect class="bad" x={x} y={height - good - bad} width={slot - gap} height={bad} /> : null}
            </g>
          );
        })}
      </svg>
      <figcaption>
        <strong>{title}</strong> <span class="faded">{text}</span>
      </figcaption>
      {rows.length > 0 ? (
        <details>
          <summary>{t("inbox_days_table")}</summary>
          <Table caption={title} columns={columns} rows={rows} />
        </details>
      ) : null}
    </figure>
  );
}
