import type { CompiledField } from "../collections/collection.ts";
import type { Json } from "../fields/field.ts";
import { keysOf, type Payload } from "../fields/payload.ts";
import { problem, type Problems } from "../lib/errors.ts";
import { isObject } from "../lib/json.ts";
import type { Logs } from "../logs/logs.ts";
import type { Form } from "./form.ts";
import { isHiddenName } from "./hidden-names.ts";
import { isMisunderstood } from "./mail-wishes.ts";

/** As many keys, and characters of JSON in all, as are kept of what a form does not ask for. */
const mostExtra = 100;
const longestExtra = 64 * 1024;
const longestKey = 200;

/** Something that a form does not ask for, and has no place for. */
export interface Lost {
  readonly key: string;
  readonly isFile: boolean;
}

/** What was sent, told apart. */
export interface Told {
  /** What the form asks for: only this reaches the record. */
  readonly asked: Payload;
  /** What it does not ask for, as it was sent; `null` for nothing. */
  readonly extra: Json;
  /** What it does not ask for and cannot be kept: files, and what there is no room for. */
  readonly lost: readonly Lost[];
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
  const lost = [...payload.files.keys()].filter((key) => !isAsked(key)).map((key) => ({ key, isFile: true }));
  let [count, room] = [0, longestExtra];
  for (const key of keysOf(payload)) {
    if (isAsked(key) || (isHiddenName(form, key) && !isMisunderstood(form, payload, key))) continue;
    const value = sentUnder(payload, key);
    const size = JSON.stringify(value).length + key.length;
    if (isBlank(value)) continue;
    if (count >= mostExtra || size > room || key.length > longestKey) lost.push({ key, isFile: false });
    else {
      extra[unusedIn(extra, clean(key))] = value;
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

/** Two names may be one once they can be stored. */
function unusedIn(extra: Readonly<Record<string, Json>>, key: string): string {
  return Object.hasOwn(extra, key) ? unusedIn(extra, `${key}\u{fffd}`) : key;
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

/** As many are said to be without a place; the others are left out of what is shown again all the same. */
const mostSaid = 20;

/** What is wrong with what a form has no place for: the visitor decides what becomes of it. */
export function lostProblems(lost: readonly Lost[]): Problems {
  return Object.fromEntries(
    lost.slice(0, mostSaid).map(({ key, isFile }) => {
      const name = key.length > longestTold ? `${key.slice(0, longestTold)}…` : key;
      return [key, problem(isFile ? "validation_form_file_unasked" : "validation_form_no_room", { name })];
    }),
  );
}

/** The names that the owner was told of, for each form. */
const told = new WeakMap<Form, Set<string>>();
/** Anyone can send names without end. */
const mostTold = 20;
const longestTold = 60;

/** An owner finds out what the form has no place for. What was typed is nobody's business. */
export function tellLost(logs: Pick<Logs, "say">, form: Form, lost: readonly Lost[]): void {
  for (const { key } of lost) {
    let names = told.get(form);
    if (!names) told.set(form, (names = new Set()));
    const name = JSON.stringify(key.length > longestTold ? `${key.slice(0, longestTold)}…` : key);
    if (names.size >= mostTold || names.has(name)) continue;
    names.add(name);
    logs.say(
      `The form ${JSON.stringify(form.slug)} was sent ${name}, which it does not ask for, and has no place for.`,
    );
  }
}
