import type { CompiledField } from "../collections/collection.ts";
import type { Json } from "../fields/field.ts";
import { keysOf, type Payload } from "../fields/payload.ts";
import { isObject } from "../lib/json.ts";
import type { Logs } from "../logs/logs.ts";
import type { Form } from "./form.ts";
import { isHiddenName } from "./hidden-names.ts";

/** As many keys, and characters of JSON in all, as are kept of what a form does not ask for. */
const mostExtra = 100;
const longestExtra = 64 * 1024;
const longestKey = 200;

/** What was sent, told apart. */
export interface Told {
  /** What the form asks for: only this reaches the record. */
  readonly asked: Payload;
  /** What it does not ask for, as it was sent; `null` for nothing. */
  readonly extra: Json;
  /** The names of what it does not ask for and could not be kept, files above all. */
  readonly lost: readonly string[];
}

/** Tells what a form asks for from what else was sent. */
export function tellApart(form: Form, payload: Payload): Told {
  const isAsked = askedBy(form);
  const asked = {
    json: Object.fromEntries(Object.entries(payload.json).filter(([key]) => isAsked(key))),
    form: new Map<string, readonly string[]>(),
    files: new Map([...payload.files].filter(([key]) => isAsked(key))),
  };
  for (const [key, texts] of payload.form) if (isAsked(key)) asked.form.set(key, inUtc(form, key, texts));
  const extra: { [key: string]: Json } = {};
  const lost = [...payload.files.keys()].filter((key) => !isAsked(key));
  let [count, room] = [0, longestExtra];
  for (const key of keysOf(payload)) {
    if (isAsked(key) || isHiddenName(form, key)) continue;
    const value = sentUnder(payload, key);
    const size = JSON.stringify(value).length + key.length;
    if (isBlank(value)) continue;
    if (count >= mostExtra || size > room || key.length > longestKey) lost.push(key);
    else {
      extra[clean(key)] = value;
      [count, room] = [count + 1, room - size];
    }
  }
  return { asked, extra: count > 0 ? extra : null, lost };
}

/** The same as texts of a form: name → texts. */
export function extraTexts(form: Form, payload: Payload): readonly (readonly [string, readonly string[]])[] {
  const { extra } = tellApart(form, payload);
  return [...payload.form].filter(([key]) => isObject(extra) && Object.hasOwn(extra, key));
}

const named = new WeakMap<Form, ReadonlyMap<string, CompiledField>>();

/** What a form asks, by name. */
function askedOf(form: Form): ReadonlyMap<string, CompiledField> {
  let fields = named.get(form);
  if (!fields) named.set(form, (fields = new Map(form.fields.map(({ field }) => [field.name, field]))));
  return fields;
}

/** Also by a part of a field, `place.lon`. */
function askedBy(form: Form): (key: string) => boolean {
  const fields = askedOf(form);
  return (key) => fields.has(key) || (key.includes(".") && fields.has(key.slice(0, key.indexOf("."))));
}

/** What its controls show in the form's time zone comes back in that. */
function inUtc(form: Form, key: string, texts: readonly string[]): readonly string[] {
  const { timeZone } = form;
  const kind = timeZone === "UTC" ? undefined : askedOf(form).get(key)?.kind;
  return kind?.fromZone ? texts.map((text) => kind.fromZone?.(text, timeZone) ?? text) : texts;
}

function sentUnder({ json, form }: Payload, key: string): Json {
  if (Object.hasOwn(json, key)) return storable(json[key] ?? null);
  const texts = form.get(key) ?? [];
  return texts.length === 1 ? clean(texts[0] ?? "") : texts.map(clean);
}

function storable(value: Json): Json {
  if (typeof value === "string") return clean(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(storable);
  return Object.fromEntries(Object.entries(value).map(([key, it]) => [clean(key), storable(it)]));
}

/** No database keeps NUL in a text. */
function clean(text: string): string {
  return text.replaceAll("\0", "\u{fffd}");
}

function isBlank(value: Json): boolean {
  return value === "" || value === null || (Array.isArray(value) && value.every(isBlank));
}

/** The names that the owner was told of, for each form. */
const told = new WeakMap<Form, Set<string>>();
/** Anyone can send names without end. */
const mostTold = 20;
const longestTold = 60;

/** An owner finds out what did not arrive. What was typed is nobody's business. */
export function tellLost(logs: Pick<Logs, "say">, form: Form, lost: readonly string[]): void {
  for (const key of lost) {
    let names = told.get(form);
    if (!names) told.set(form, (names = new Set()));
    const name = JSON.stringify(key.length > longestTold ? `${key.slice(0, longestTold)}…` : key);
    if (names.size >= mostTold || names.has(name)) continue;
    names.add(name);
    logs.say(`The form ${JSON.stringify(form.slug)} was sent ${name}, which it does not ask for, and did not keep it.`);
  }
}
