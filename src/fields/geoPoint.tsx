/** @jsxImportSource preact */
import { Type } from "@sinclair/typebox";
import { isBrowserNumber, marks, TypedInput } from "../html/index.ts";
import { type Problem, problem } from "../lib/errors.ts";
import { isObject, parseJson } from "../lib/json.ts";
import { sql } from "../store/sql.ts";
import { exactNumber } from "./decimals.ts";
import { type Code, sentence } from "../phrases/index.ts";
import { type Control, defineField, type Json, type Reading } from "./field.ts";
import { line } from "./strings.ts";

interface Point {
  readonly lon: number;
  readonly lat: number;
}

const nowhere: Point = { lon: 0, lat: 0 };

/** Degrees, WGS 84. A form has one input per part: `place.lon` and `place.lat`. */
export const geoPoint = defineField({
  type: "geoPoint",
  options: Type.Object({}),
  optionProblems: () => ({}),
  column: () => ({ type: "JSON", default: `'{"lon":0,"lat":0}'` }),
  shape: () => "point",
  value: () => Type.Object({ lon: Type.Number(), lat: Type.Number() }),
  zero: () => ({ ...nowhere }),

  fromForm: (sent) => {
    const whole = line(sent).trim();
    if (whole !== "") return read(parseJson(whole)?.value ?? whole);
    return read({ lon: line(sent, "lon"), lat: line(sent, "lat") });
  },

  fromJson: (raw) => read(typeof raw === "string" && raw !== "" ? (parseJson(raw)?.value ?? raw) : (raw ?? nowhere)),

  problems: (value) => {
    const { lon, lat } = pointOf(value);
    if (!(Math.abs(lat) <= 90)) return problem("validation_invalid_latitude");
    if (!(Math.abs(lon) <= 180)) return problem("validation_invalid_longitude");
    return undefined;
  },

  toColumn: (value) => JSON.stringify(pointOf(value)),
  fromColumn: (stored) => ({ ...pointOf(typeof stored === "string" ? (parseJson(stored)?.value ?? null) : null) }),

  inJson: (column) =>
    sql`iif(json_valid(${column}) AND json_type(${column}) = 'object', ${column}, '{"lon":0,"lat":0}')`,

  several: () => true,

  input: (control) => (
    <>
      <Part control={control} part="lat" label="field_latitude" limit={90} />
      <Part control={control} part="lon" label="field_longitude" limit={180} />
    </>
  ),

  cell: (value) => {
    const { lon, lat } = pointOf(value);
    return lon === 0 && lat === 0 ? "" : `${lat}, ${lon}`;
  },

  examples: [
    {
      options: {},
      good: { lon: 13.4, lat: 52.5 },
      form: { lon: [" 13.40"], lat: ["52.5"] },
      bad: [
        [{ lon: 1, lat: 91 }, "validation_invalid_latitude"],
        [{ lon: -181, lat: 1 }, "validation_invalid_longitude"],
        [{ lon: "east", lat: 1 }, "validation_not_a_number"],
        ["somewhere", "validation_invalid_value"],
        [[1, 2], "validation_invalid_value"],
      ],
    },
    { options: {}, good: { lon: 1, lat: 2 }, form: { "": ['{"lon":1,"lat":2}'] } },
  ],
});

function read(raw: unknown): Reading {
  if (raw === "") return { value: { ...nowhere } };
  if (!isObject(raw)) return unreadable(problem("validation_invalid_value"));
  const [lon, lat] = [degrees(raw["lon"]), degrees(raw["lat"])];
  if (lon === undefined || lat === undefined) return unreadable(problem("validation_not_a_number"));
  return { value: { lon, lat } };
}

function unreadable(wrong: Problem): Reading {
  return { value: { ...nowhere }, problem: wrong };
}

function degrees(raw: unknown): number | undefined {
  if (raw === null || raw === undefined) return 0;
  if (typeof raw === "number") return Number.isFinite(raw) ? raw : undefined;
  if (typeof raw !== "string") return undefined;
  return raw.trim() === "" ? 0 : exactNumber(raw.trim());
}

function pointOf(value: unknown): Point {
  if (!isObject(value)) return nowhere;
  const [lon, lat] = [degrees(value["lon"]), degrees(value["lat"])];
  return lon === undefined || lat === undefined ? nowhere : { lon, lat };
}

interface PartProps {
  readonly control: Control;
  readonly part: "lon" | "lat";
  readonly label: Code;
  readonly limit: number;
}

function Part({ control, part, label, limit }: PartProps) {
  const { field, sent, value } = control;
  const text = sent ? line(sent, part) : shownDegrees(value, part);
  const first = part === "lat";
  return (
    <label class="part">
      {sentence(control.language ?? "en", label)}{" "}
      <TypedInput
        {...marks(first ? control : { ...control, id: `${control.id}-${part}`, autofocus: false })}
        type="number"
        shows={text === "" || isBrowserNumber(text)}
        name={`${field.name}.${part}`}
        required={field.required}
        min={-limit}
        max={limit}
        step="any"
        inputmode="decimal"
        value={text}
      />
    </label>
  );
}

/** Nowhere is shown as blank, so that a form does not ask people to delete zeros first. */
function shownDegrees(value: Json, part: "lon" | "lat"): string {
  const point = pointOf(value);
  return point.lon === 0 && point.lat === 0 ? "" : String(point[part]);
}
