/** @jsxImportSource preact */
import { Type } from "@sinclair/typebox";
import { marks, TypedInput } from "../html/index.ts";
import { momentIn, parseDate, spoken, wallIn } from "../lib/dates.ts";
import { type Problem, problem } from "../lib/errors.ts";
import { type Control, defineField, type Reading } from "./field.ts";
import { gather } from "./bounds.ts";
import { asText, line, string } from "./strings.ts";

const Options = Type.Object({ min: Type.String({ default: "" }), max: Type.String({ default: "" }) });

/** A moment, `2026-01-02 15:04:05.000Z`. What comes without a zone is UTC. */
export const date = defineField({
  type: "date",
  options: Options,
  ...asText,
  optionProblems: ({ min, max }) => {
    const [from, to] = [parseDate(min), parseDate(max)];
    return gather({
      min: min && !from ? problem("validation_invalid_value") : undefined,
      max: max && !to ? problem("validation_invalid_value") : from && to ? tooEarly(to, from) : undefined,
    });
  },
  value: () => Type.String(),

  fromForm: (sent) => fromText(line(sent)),
  fromZone: (text, timeZone) => momentIn(text, timeZone) ?? text,

  fromJson: (raw) => {
    if (raw === null || raw === undefined) return { value: "" };
    return typeof raw === "string" ? fromText(raw) : { value: "", problem: problem("validation_invalid_value") };
  },

  problems: (value, { min, max }) => {
    const moment = string(value);
    if (moment === "") return undefined;
    if (parseDate(moment) !== moment) return problem("validation_invalid_value");
    const [from, to] = [parseDate(min), parseDate(max)];
    if (from && moment < from) return tooEarly(moment, from);
    if (to && moment > to) return problem("validation_max_less_equal_than_required", { threshold: to });
    return undefined;
  },

  input: (control) => {
    const { field, timeZone } = control;
    const text = shownMoment(control);
    return (
      <TypedInput
        {...marks(control)}
        type="datetime-local"
        shows={text === "" || browserMoment.test(text)}
        name={field.name}
        required={field.required}
        min={local(field.min, timeZone) || undefined}
        max={local(field.max, timeZone) || undefined}
        step="any"
        autocomplete={field.name === "birthday" ? "bday" : undefined}
        value={text}
      />
    );
  },

  cell: (value) => string(value).replace(/:\d{2}\.\d{3}Z$/, " UTC"),
  show: (value, _, { language }) => {
    const moment = string(value);
    return moment && <time dateTime={moment.replace(" ", "T")}>{spoken(moment, language)}</time>;
  },

  examples: [
    {
      options: { min: "2026-01-01", max: "2026-12-31 23:59:59.000Z" },
      good: "2026-01-02 15:04:00.000Z",
      form: { "": ["2026-01-02T15:04"] },
      bad: [
        ["2025-12-31 23:59:59.999Z", "validation_min_greater_equal_than_required"],
        ["2027-01-01", "validation_max_less_equal_than_required"],
        ["2026-02-30", "validation_invalid_value"],
        ["tomorrow", "validation_invalid_value"],
        [{}, "validation_invalid_value"],
        [1767366240, "validation_invalid_value"],
      ],
    },
    { options: {}, good: "2026-01-02 13:04:05.678Z", form: { "": ["2026-01-02T15:04:05.678+02:00"] } },
  ],
});

const browserMoment = /^\d{4,}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/;

function fromText(text: string): Reading {
  if (text.trim() === "") return { value: "" };
  const moment = parseDate(text);
  return moment === undefined ? { value: "", problem: problem("validation_invalid_value") } : { value: moment };
}

function tooEarly(moment: string, threshold: string): Problem | undefined {
  return moment < threshold ? problem("validation_min_greater_equal_than_required", { threshold }) : undefined;
}

/** A date input blanks what it cannot show, so that is shown as text, as it was typed. */
function shownMoment({ sent, value, timeZone }: Control): string {
  if (!sent) return local(string(value), timeZone);
  const typed = line(sent).trim();
  return browserMoment.test(typed) ? typed : local(typed, timeZone) || typed;
}

/** A moment as a `datetime-local` input writes it: without zone, as short as it can be. */
function local(moment: string, timeZone = "UTC"): string {
  return wallIn(parseDate(moment) ?? "", timeZone).replace(/(:00)?\.000$/, "");
}
