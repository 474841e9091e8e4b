import type { Static } from "@sinclair/typebox";
import type { autodate as autodateType } from "../../fields/autodate.tsx";
import type { bool as boolType } from "../../fields/bool.tsx";
import type { date as dateType } from "../../fields/date.tsx";
import type { editor as editorType } from "../../fields/editor.tsx";
import type { email as emailType } from "../../fields/email.tsx";
import type { Common, FieldType } from "../../fields/field.ts";
import type { file as fileType } from "../../fields/file.tsx";
import type { geoPoint as geoPointType } from "../../fields/geoPoint.tsx";
import type { json as jsonType } from "../../fields/json.tsx";
import type { number as numberType } from "../../fields/number.tsx";
import type { password as passwordType } from "../../fields/password.tsx";
import type { relation as relationType } from "../../fields/relation.tsx";
import type { select as selectType } from "../../fields/select.tsx";
import type { text as textType } from "../../fields/text.tsx";
import type { url as urlType } from "../../fields/url.tsx";
import { type Place, placeHere } from "../../lib/places.ts";
import type { RuleName } from "../collection.ts";
import type { AuthOptions, TokenKind } from "../definition.ts";

/**
 * The words of `schema.ts`. They only note what was said; nothing is checked or done before the schema is planned. The options
 * of a field are those of its type, so that a type has them in one place.
 */

/** A field as `schema.ts` says it. `Value` is what records hold under its name. */
export interface DeclaredField<Value = unknown> {
  readonly type: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** The name of the collection that a relation points at. */
  readonly to?: string;
  readonly place: Place;
  /** Only for types: no field has it. */
  readonly value?: Value;
}

export interface DeclaredFields {
  readonly [name: string]: DeclaredField;
}

export interface DeclaredCollection<Fields extends DeclaredFields = DeclaredFields> {
  readonly type: "base" | "auth" | "view";
  readonly fields: Fields;
  readonly options: CollectionOptions & AuthCollectionOptions & Partial<ViewOptions>;
  readonly place: Place;
}

export interface DeclaredIndex {
  readonly unique: boolean;
  readonly columns: readonly string[];
}

/** What stands under a collection's name: its fields alone, or `collection(…)`, `auth(…)`, `released`. */
export interface DeclaredEntries {
  readonly [name: string]: DeclaredFields | DeclaredCollection | typeof released;
}

/** What `schema.ts` exports. */
export interface Schema<Entries extends DeclaredEntries = DeclaredEntries> {
  readonly collections: Entries;
}

/** What all fields can be told, whatever their type. */
type CommonOptions = Partial<Pick<Static<typeof Common>, "required" | "hidden" | "presentable" | "help">> & Was;

/** The name it had before: what it holds is kept under the new one. */
type Was = { readonly was?: string };

type Options<Kind extends FieldType> = CommonOptions &
  Partial<Omit<Static<Kind["options"]>, "collectionId" | "values">>;

/** Rules as filters; `anyone`, `signedIn` and `superusers` are some. Whatever is not said is for superusers only. */
type Rules<Names extends RuleName> = { readonly [Name in Names]?: string | null };

type Shared = Was & {
  /** `index(…)`, `unique(…)`, or a whole CREATE INDEX statement. */
  readonly indexes?: readonly (DeclaredIndex | string)[];
  /** Whether the collection has pages of its own, at `/NAME`. */
  readonly pages?: boolean;
};

export type CollectionOptions = Shared & {
  readonly rules?: Rules<"list" | "view" | "create" | "update" | "delete">;
};

type SignInOptions = Omit<Static<typeof AuthOptions>, "authRule" | "manageRule" | TokenKind>;
type SignIn = { readonly [Group in keyof SignInOptions]?: Partial<SignInOptions[Group]> } & {
  readonly [Kind in TokenKind]?: { readonly duration?: number };
};

export type AuthCollectionOptions = Shared & SignIn & { readonly rules?: Rules<RuleName> };

/** A view shows what its query finds, and takes nothing in. */
export type ViewOptions = Was & {
  /** One SELECT; its columns are the fields of the view, and one of them is `id`. */
  readonly query: string;
  readonly rules?: Rules<"list" | "view">;
  readonly pages?: boolean;
};

/** One value, or a list where the field may hold several. */
type Several<O, Value, None extends string = never> = O extends { readonly maxSelect: infer Most }
  ? Most extends 0 | 1
    ? Value | None
    : Value[]
  : Value | None;

type Values<Fields> = {
  [
    Name in keyof Fields as Fields[Name] extends DeclaredField<infer Value>
      ? [Value] extends [never]
        ? never
        : Name
      : never
  ]: Fields[Name] extends DeclaredField<infer Value> ? Value : never;
};
type FieldsOf<Entry> = Entry extends DeclaredCollection<infer Fields> ? Fields : Entry;
type People<Entry> = Entry extends { readonly type: "auth" }
  ? { email: string; emailVisibility: boolean; verified: boolean }
  : unknown;

/** A record of a collection: `type Post = RecordOf<typeof schema, "posts">`. */
export type RecordOf<S extends Schema, Name extends keyof S["collections"] & string> = {
  id: string;
  collectionId: string;
  collectionName: Name;
} & People<S["collections"][Name]> &
  Values<FieldsOf<S["collections"][Name]>>;

/** A rule: everybody may. */
export const anyone = "";
/** A rule: whoever is signed in may. */
export const signedIn = "@request.auth.id != ''";
/** A rule: only superusers may. */
export const superusers = null;

/** Hands a collection back: it stays with its records, and is changed in the dashboard and over the API again. */
export const released = "released";

/** Everything a project holds: collections by name. */
export function collections<const Entries extends DeclaredEntries>(entries: Entries): Schema<Entries> {
  return { collections: entries };
}

/** A collection, where there is more to say than its fields. */
export function collection<const Fields extends DeclaredFields>(
  fields: Fields,
  options: CollectionOptions = {},
): DeclaredCollection<Fields> & { readonly type: "base" } {
  return { type: "base", fields, options, place: placeHere(collection) };
}

/** A collection of people who can sign in. They have an email address and a password without being told. */
export function auth<const Fields extends DeclaredFields>(
  fields: Fields,
  options: AuthCollectionOptions = {},
): DeclaredCollection<Fields> & { readonly type: "auth" } {
  return { type: "auth", fields, options, place: placeHere(auth) };
}

/** What a SELECT finds in other collections, to be read like records of its own. */
export function view(options: ViewOptions): DeclaredCollection<Record<never, never>> & { readonly type: "view" } {
  return { type: "view", fields: {}, options, place: placeHere(view) };
}

/** Makes it quick to find or sort records by these fields. */
export function index(...columns: readonly string[]): DeclaredIndex {
  return { unique: false, columns };
}

/** No two records have the same values in these fields. */
export function unique(...columns: readonly string[]): DeclaredIndex {
  return { unique: true, columns };
}

/** Words; with `multiline` several lines of them. */
export function text(options: Options<typeof textType> = {}): DeclaredField<string> {
  return { type: "text", options, place: placeHere(text) };
}

/** Formatted text, as HTML. */
export function editor(options: Options<typeof editorType> = {}): DeclaredField<string> {
  return { type: "editor", options, place: placeHere(editor) };
}

export function number(options: Options<typeof numberType> = {}): DeclaredField<number> {
  return { type: "number", options, place: placeHere(number) };
}

/** Yes or no. */
export function bool(options: Options<typeof boolType> = {}): DeclaredField<boolean> {
  return { type: "bool", options, place: placeHere(bool) };
}

export function email(options: Options<typeof emailType> = {}): DeclaredField<string> {
  return { type: "email", options, place: placeHere(email) };
}

/** An address that begins with http:// or https://. */
export function url(options: Options<typeof urlType> = {}): DeclaredField<string> {
  return { type: "url", options, place: placeHere(url) };
}

/** A moment, answered as `2026-01-02 15:04:05.000Z`. */
export function date(options: Options<typeof dateType> = {}): DeclaredField<string> {
  return { type: "date", options, place: placeHere(date) };
}

/** The moment a record was made (`onCreate`) or changed (`onUpdate`). */
export function autodate(options: Options<typeof autodateType>): DeclaredField<string> {
  return { type: "autodate", options, place: placeHere(autodate) };
}

/** One of these values, or several with `maxSelect`. */
export function select<const Value extends string, const O extends Options<typeof selectType> = object>(
  values: readonly Value[],
  options?: O,
): DeclaredField<Several<O, Value, "">> {
  return { type: "select", options: { values, ...options }, place: placeHere(select) };
}

/** The name of an uploaded file, or of several with `maxSelect`. */
export function file<const O extends Options<typeof fileType> = object>(
  options?: O,
): DeclaredField<Several<O, string>> {
  return { type: "file", options: { ...options }, place: placeHere(file) };
}

/** The id of a record of another collection, or of several with `maxSelect`. */
export function relation<const O extends Options<typeof relationType> = object>(
  to: string,
  options?: O,
): DeclaredField<Several<O, string>> {
  return { type: "relation", to, options: { ...options }, place: placeHere(relation) };
}

/** Anything that JSON can hold. Say what: `json<{ sizes: number[] }>()`. */
export function json<Value = unknown>(options: Options<typeof jsonType> = {}): DeclaredField<Value> {
  return { type: "json", options, place: placeHere(json) };
}

export function geoPoint(
  options: Options<typeof geoPointType> = {},
): DeclaredField<{ readonly lon: number; readonly lat: number }> {
  return { type: "geoPoint", options, place: placeHere(geoPoint) };
}

/** A secret that is kept as a hash and never answered. */
export function password(options: Options<typeof passwordType> = {}): DeclaredField<never> {
  return { type: "password", options, place: placeHere(password) };
}
