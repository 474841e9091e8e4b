import type { Collection } from "../collections/collection.ts";
import type { Json } from "../fields/field.ts";
import type { Payload } from "../fields/payload.ts";
import { momentIn, wallIn } from "../lib/dates.ts";
import { isObject, parseJson } from "../lib/json.ts";
import { fillable, isTimeZone } from "./form.ts";

/**
 * A form's settings as an owner writes them on paper: one address per line, a tick and a number by each question. Names are those of
 * `_forms`; what is JSON there has names of its own with a dot in them (`ask.email`, `shield.hold`, `weight.honeypot`), and so has
 * what is about its collection (`need.email`, `new.label`).
 */
export type Sheet = ReadonlyMap<string, readonly string[]>;

/** What is JSON in `_forms` and one line per entry here. */
export const lists = ["notify", "cc", "origins"] as const;

/** Moments, which are written as the clocks of the form's time zone show them. */
const moments = ["opens", "closes"];

const limits = ["hold", "refuse", "seconds"] as const;
/** What owners say about words, one a line. */
const wordLists = ["words", "welcome"] as const;

/** The sheet of a stored form; `collection`: the one it points at, where that still is there. */
export function sheetOf(record: Readonly<Record<string, Json>>, collection: Collection | undefined): Sheet {
  const sheet = new Map<string, string[]>();
  for (const [name, value] of Object.entries(record)) {
    if (typeof value === "string" || typeof value === "boolean") sheet.set(name, [String(value)]);
    // Nobody means 0 answers, or to keep them for 0 days: it is no limit.
    else if (typeof value === "number") sheet.set(name, [value === 0 ? "" : String(value)]);
  }
  const zone = zoneOf(sheet);
  for (const name of moments) sheet.set(name, [wallIn(lineOf(sheet, name), zone).replace(/(:00)?\.000$/, "")]);
  for (const name of lists) sheet.set(name, [textsIn(record[name]).join("\n")]);
  for (const [name, texts] of questionsOf(record["fields"], collection)) sheet.set(name, [texts]);
  for (const [name, text] of shieldOf(record["shield"])) sheet.set(name, [text]);
  return sheet;
}

/** What can still be added to. */
export interface SheetPayload extends Payload {
  readonly form: Map<string, readonly string[]>;
}

/** What a sheet says, as `_forms` takes it. Nothing but a form's own fields is in it, and of those only what was sent. */
export function payloadOf(sheet: Sheet, forms: Collection, collection: Collection | undefined): SheetPayload {
  const json: Record<string, Json> = {};
  for (const name of lists) if (sheet.has(name)) json[name] = listIn(lineOf(sheet, name), name);
  if (sheet.has("origins")) json["origins"] = textsIn(json["origins"]).map(originOf);
  if (collection) json["fields"] = choicesIn(sheet, collection);
  if (sheet.has("words") || sheet.has("shield.hold")) json["shield"] = shieldIn(sheet);
  const plain = [...sheet].filter(([name]) => {
    const field = forms.field(name);
    return field !== undefined && !field.hidden && !Object.hasOwn(json, name);
  });
  const form = new Map(plain);
  const zone = zoneOf(sheet);
  for (const name of moments) {
    const wall = lineOf(sheet, name);
    if (sheet.has(name)) form.set(name, [momentIn(wall, zone) ?? wall]);
  }
  return { json, form, files: new Map() };
}

/** Nothing is asked: a form without a choice would ask everything. */
export function asksNothing(sheet: Sheet, collection: Collection): boolean {
  return !collection.fields.some(({ name }) => isTicked(sheet, name));
}

/** What is no time zone is found out by whoever checks it. */
function zoneOf(sheet: Sheet): string {
  const name = lineOf(sheet, "timeZone").trim();
  return isTimeZone(name) ? name || "UTC" : "UTC";
}

/**
 * Each question's ticks, place and words; without a choice everything is asked, in the collection's order. What is not asked has the
 * place that it would have.
 */
function questionsOf(choices: Json | undefined, collection: Collection | undefined): [name: string, text: string][] {
  const chosen = Array.isArray(choices) && choices.length > 0 ? choices : undefined;
  const fields = collection?.fields.filter(fillable) ?? [];
  const names = fields.map(({ name }) => name);
  const order = chosen ? placed(names, chosen.map(nameOf)) : names;
  return fields.flatMap(({ name, required }): [string, string][] => {
    const choice = chosen?.find((it) => nameOf(it) === name);
    const word = (key: string) => (isObject(choice) && typeof choice[key] === "string" ? choice[key] : "");
    return [
      [`ask.${name}`, String(!chosen || choice !== undefined)],
      [`need.${name}`, String(required)],
      [`had.${name}`, String(required)],
      [`at.${name}`, String(order.indexOf(name) + 1)],
      [`label.${name}`, word("label")],
      [`help.${name}`, word("help")],
    ];
  });
}

/** Names in the order of those that were chosen; each other one comes behind the name that is before it. */
function placed(names: readonly string[], chosen: readonly unknown[]): string[] {
  const order = names.filter((name) => chosen.includes(name));
  order.sort((left, right) => chosen.indexOf(left) - chosen.indexOf(right));
  names.forEach((name, at) => {
    if (!order.includes(name)) order.splice(order.indexOf(names[at - 1] ?? "") + 1, 0, name);
  });
  return order;
}

/** The choice a sheet makes; none where it says what goes without saying, so that new fields are asked, too. */
function choicesIn(sheet: Sheet, collection: Collection): Json {
  const fields = collection.fields.filter(fillable);
  const asked = fields.filter(({ name }) => isTicked(sheet, name));
  const places = new Map(asked.map(({ name }, at) => [name, placeOf(sheet, name) ?? fields.length + at]));
  const sorted = asked.toSorted((left, right) => (places.get(left.name) ?? 0) - (places.get(right.name) ?? 0));
  const choices = sorted.map(({ name }) => {
    const [label, help] = [lineOf(sheet, `label.${name}`).trim(), lineOf(sheet, `help.${name}`).trim()];
    return { name, ...(label ? { label } : {}), ...(help ? { help } : {}) };
  });
  const usual = choices.length === fields.length && choices.every((it, at) => it.name === fields[at]?.name);
  return usual && choices.every((it) => Object.keys(it).length === 1) ? [] : choices;
}

function isTicked(sheet: Sheet, name: string): boolean {
  return lineOf(sheet, `ask.${name}`) === "true";
}

function placeOf(sheet: Sheet, name: string): number | undefined {
  const place = Number.parseFloat(lineOf(sheet, `at.${name}`));
  return Number.isFinite(place) ? place : undefined;
}

function shieldOf(shield: Json | undefined): [name: string, text: string][] {
  const said = isObject(shield) ? shield : {};
  const weights = isObject(said["weights"]) ? Object.entries(said["weights"]) : [];
  return [
    ...limits.map((name): [string, string] => [`shield.${name}`, String(said[name] ?? "")]),
    ...weights.map(([reason, weight]): [string, string] => [`weight.${reason}`, String(weight)]),
    ...wordLists.map((name): [string, string] => [name, textsIn(said[name]).join("\n")]),
  ];
}

/** What is left blank is left to our defaults. */
function shieldIn(sheet: Sheet): Json {
  const shield: Record<string, Json> = {};
  for (const name of limits) {
    const text = lineOf(sheet, `shield.${name}`).trim();
    if (text !== "") shield[name] = numberOr(text);
  }
  const weights = [...sheet.keys()].flatMap((name) => {
    const text = name.startsWith("weight.") ? lineOf(sheet, name).trim() : "";
    return text === "" ? [] : [[name.slice("weight.".length), numberOr(text)] as const];
  });
  if (weights.length > 0) shield["weights"] = Object.fromEntries(weights);
  for (const name of wordLists) {
    const words = entriesOf(lineOf(sheet, name));
    if (words.length > 0) shield[name] = words;
  }
  return shield;
}

/** What is no number stays what it is, for whoever checks it. */
function numberOr(text: string): Json {
  return Number.isFinite(Number(text)) ? Number(text) : text;
}

/** What was written under a name, the last of it; `""` where nothing was. */
export function lineOf(sheet: Sheet, name: string): string {
  return sheet.get(name)?.at(-1) ?? "";
}

/** The entries of a name that has one per line. */
export function linesOf(sheet: Sheet, name: string): string[] {
  return entriesOf(lineOf(sheet, name));
}

/** Nobody's mail address has a comma in it, so those may be written with commas; and any list as our API shows it. */
function listIn(text: string, name: string): string[] {
  const json = parseJson(text)?.value;
  if (Array.isArray(json)) return textsIn(json);
  return entriesOf(name === "origins" ? text : text.replace(/[,;]/g, "\n"));
}

function entriesOf(text: string): string[] {
  const lines = text.split(/\r\n|[\r\n]/).map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ""))];
}

/**
 * People paste the address of a page, or leave out its beginning. Only names of sites on the web go without: what has a port, or is
 * on somebody's own network, may well be meant without a certificate.
 */
function originOf(text: string): string {
  const isWhole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  if (!isWhole && !/^[^/?#:]*\.[a-z][^/?#:.]*([/?#]|$)/i.test(text)) return text;
  const address = isWhole ? text : `https://${text}`;
  if (!URL.canParse(address)) return text;
  const { origin, protocol } = new URL(address);
  return /^https?:$/.test(protocol) ? origin : text;
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.map((it) => (typeof it === "string" ? it : JSON.stringify(it))) : [];
}

function nameOf(choice: Json): unknown {
  return isObject(choice) ? choice["name"] : choice;
}
