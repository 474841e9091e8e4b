import type { TSchema } from "@sinclair/typebox";
import type { FieldType } from "../../fields/field.ts";
import { fieldTypes } from "../../fields/index.ts";
import { typeText } from "../../lib/schema-types.ts";
import { ruleNames } from "../collection.ts";
import { AuthOptions } from "../definition.ts";
import { fieldStandards, rulesOf, standardOptions } from "./standards.ts";

/** Types of the module that `schema.ts` imports its words from, for editors beside the binary, where no package brings them. */
export function moduleTypes(): string {
  return `// The words of schema.ts, printed by \`formstead types schema\`.
declare module "formstead" {
  export interface Field<Value = unknown> {
    readonly type: string;
    readonly value?: Value;
  }
  export interface Fields {
    readonly [name: string]: Field;
  }
  export interface Index {
    readonly unique: boolean;
    readonly columns: readonly string[];
  }
  export interface Collection<Own extends Fields = Fields, Type = "base" | "auth" | "view"> {
    readonly type: Type;
    readonly fields: Own;
  }
  export interface Entries {
    readonly [name: string]: Fields | Collection | typeof released;
  }
  export interface Schema<All extends Entries = Entries> {
    readonly collections: All;
  }

  interface Common {
    readonly required?: boolean;
    /** Only superusers see it. */
    readonly hidden?: boolean;
    /** Stands for the record where there is room for one line. */
    readonly presentable?: boolean;
    /** Shown beside the field in forms. */
    readonly help?: string;
    /** The name it had before: what it holds is kept under the new one. */
    readonly was?: string;
  }
  type Rules<Names extends string> = { readonly [Name in Names]?: string | null };
  interface Shared {
    readonly was?: string;
    readonly indexes?: readonly (Index | string)[];
    readonly pages?: boolean;
  }
  type Several<O, Value, None = never> = O extends { readonly maxSelect: infer Most }
    ? Most extends 0 | 1
      ? Value | None
      : Value[]
    : Value | None;
  type Values<Own> = {
    [Name in keyof Own as Own[Name] extends Field<infer Value>
      ? [Value] extends [never]
        ? never
        : Name
      : never]: Own[Name] extends Field<infer Value> ? Value : never;
  };
  type People<Entry> = Entry extends { readonly type: "auth" }
    ? { email: string; emailVisibility: boolean; verified: boolean }
    : unknown;

  /** A record of a collection: \`type Post = RecordOf<typeof schema, "posts">\`. */
  export type RecordOf<S extends Schema, Name extends keyof S["collections"] & string> = {
    id: string;
    collectionId: string;
    collectionName: Name;
  } & People<S["collections"][Name]> &
    Values<S["collections"][Name] extends Collection<infer Own> ? Own : S["collections"][Name]>;

  export const anyone: "";
  export const signedIn: string;
  export const superusers: null;
  /** Hands a collection back: it is changed in the dashboard and over the API again. */
  export const released: "released";

  export function collections<const All extends Entries>(entries: All): Schema<All>;
  export function collection<const Own extends Fields>(
    fields: Own,
    options?: Shared & { readonly rules?: Rules<${union(rulesOf("base"))}> },
  ): Collection<Own, "base">;
  export function auth<const Own extends Fields>(
    fields: Own,
    options?: Shared & { readonly rules?: Rules<${union(ruleNames)}> } & ${authOptions()},
  ): Collection<Own, "auth">;
  export function view(
    options: {
      readonly was?: string;
      readonly query: string;
      readonly rules?: Rules<${union(rulesOf("view"))}>;
      readonly pages?: boolean;
    },
  ): Collection<Record<never, never>, "view">;
  export function index(...columns: readonly string[]): Index;
  export function unique(...columns: readonly string[]): Index;

${fieldTypes.map(builder).join("")}}
`;
}

/** A field type says by what it is which words make one. */
function builder(kind: FieldType): string {
  const { values, maxSelect, ...others } = optionsOf(kind);
  const options = `Common & ${optional({ ...others, ...(maxSelect ? { maxSelect } : {}) })}`;
  const first = kind.target ? "to: string, " : values ? "values: readonly Value[], " : "";
  const value = values ? "const Value extends string, " : "";
  if (maxSelect) {
    const held = values ? `Several<O, Value, "">` : "Several<O, string>";
    return `  export function ${kind.type}<${value}const O extends ${options} = object>(${first}options?: O): Field<${held}>;\n`;
  }
  const held = kind.seal ? "never" : typeText(kind.value(exampleOf(kind)));
  if (held === "unknown")
    return `  export function ${kind.type}<Value = unknown>(options?: ${options}): Field<Value>;\n`;
  return `  export function ${kind.type}(options?: ${options}): Field<${held}>;\n`;
}

function optionsOf(kind: FieldType): Partial<Record<string, TSchema>> {
  const known = fieldStandards(kind);
  return Object.fromEntries(Object.entries<TSchema>(kind.options.properties).filter(([name]) => known.has(name)));
}

function exampleOf(kind: FieldType) {
  const common = { id: "", name: "", system: false, hidden: false, presentable: false, help: "", required: false };
  return { ...common, ...Object.fromEntries(fieldStandards(kind)), type: kind.type };
}

function authOptions(): string {
  const known = Object.keys(standardOptions("auth"));
  const parts = Object.entries<TSchema>(AuthOptions.properties).filter(([name]) => known.includes(name));
  return optional(Object.fromEntries(parts));
}

function optional(properties: Partial<Record<string, TSchema>>): string {
  const parts = Object.entries(properties).map(([name, schema]) => {
    const inner: Readonly<Record<string, TSchema>> | undefined = schema?.["properties"];
    if (!inner) return `readonly ${name}?: ${schema ? typeText(schema) : "unknown"}`;
    const { secret: _, ...own } = inner;
    return `readonly ${name}?: ${optional(own)}`;
  });
  return parts.length > 0 ? `{ ${parts.join("; ")} }` : "object";
}

function union(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(" | ");
}
