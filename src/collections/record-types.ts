import { typeText } from "../lib/schema-types.ts";
import type { Collection, Collections, CompiledField } from "./collection.ts";
import { isSecret } from "./compile.ts";

/**
 * TypeScript types of everybody's records, for the PocketBase SDK and for `fetch`: the text of a `.d.ts` file. System collections are
 * not in it.
 */
export function recordTypes(set: Collections): string {
  const own = set.all.filter(({ definition }) => !definition.system);
  const names = typeNames(own);
  const written = own.filter(({ type }) => type !== "view");
  const records = own.map((collection) => {
    const made = collection.type === "view" ? "" : `\n${newText(collection, names)}`;
    return recordText(collection, names) + made;
  });
  const table = (of: readonly Collection[], suffix: string) =>
    of.map((it) => `  ${key(it)}: ${names.get(it.id)}${suffix};\n`);
  return `import type PocketBase from "pocketbase";
import type { RecordService } from "pocketbase";

${records.join("\n")}
/** The records of each collection. */
export interface Records {
${table(own, "Record").join("")}}

/** What makes a record of each collection. */
export interface NewRecords {
${table(written, "New").join("")}}

/** What a list answers: \`const posts: List<PostsRecord> = await (await fetch("/api/collections/posts/records")).json()\` */
export interface List<Item> {
  page: number;
  perPage: number;
  totalItems: number;
  totalPages: number;
  items: Item[];
}

/** The SDK that knows your collections: \`const api = new PocketBase(address) as TypedPocketBase\` */
export type TypedPocketBase = {
  collection<Name extends keyof Records>(idOrName: Name): RecordService<Records[Name]>;
} & PocketBase;
`;
}

/** `blog_posts` → `BlogPosts`; told apart by a number where two would have one name. */
function typeNames(collections: readonly Collection[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const { id, name } of collections) {
    const bare = name.replace(/(^|_+)(\w?)/g, (_, __, letter: string) => letter.toUpperCase()).replace(/^\d/, "_$&");
    let wanted = bare;
    for (let n = 2; taken.has(wanted); n++) wanted = bare + n;
    taken.add(wanted);
    names.set(id, wanted);
  }
  return names;
}

function recordText(collection: Collection, names: ReadonlyMap<string, string>): string {
  const shown = collection.fields.filter((field) => field.name !== "id" && !isSecret(collection, field));
  const lines = shown.map((field) =>
    line(field, `${key(field)}${isOptional(collection, field) ? "?" : ""}: ${valueText(field)}`),
  );
  const targets = shown.flatMap((field) => {
    const type = names.get(field.target ?? "");
    return type ? [`${key(field)}?: ${type}Record${field.shape === "list" ? "[]" : ""}`] : [];
  });
  const expand =
    targets.length > 0 ? `  /** What was asked for by \`expand\`. */\n  expand?: { ${targets.join("; ")} };\n` : "";
  return `/** A record of ${collection.name}. */
export interface ${names.get(collection.id)}Record {
  id: string;
  collectionId: string;
  collectionName: ${JSON.stringify(collection.name)};
${lines.join("")}${expand}}
`;
}

function newText(collection: Collection, names: ReadonlyMap<string, string>): string {
  const sent = collection.fields.filter(
    (field) => !field.kind.given && !(collection.type === "auth" && field.name === "tokenKey"),
  );
  const lines = sent.map((field) => {
    const needed = field.required && field.kind.fill?.("create", field.definition, "") === undefined;
    const value = field.kind.uploads ? (field.shape === "list" ? "File[]" : "File") : valueText(field);
    return line(field, `${key(field)}${needed ? "" : "?"}: ${value}`);
  });
  const again = collection.type === "auth" ? "  passwordConfirm: string;\n" : "";
  return `/** What makes a record of ${collection.name}. */
export interface ${names.get(collection.id)}New {
${lines.join("")}${again}}
`;
}

function line({ definition }: CompiledField, text: string): string {
  const help = definition.help.replaceAll("*/", "*\\/").replaceAll(/\s+/g, " ");
  return `${help ? `  /** ${help} */\n` : ""}  ${text};\n`;
}

/** Names may begin with a digit. */
function key({ name }: { readonly name: string }): string {
  return /^\d/.test(name) ? JSON.stringify(name) : name;
}

function valueText({ kind, definition }: CompiledField): string {
  return typeText(kind.value(definition));
}

/** What not everybody is shown: hidden fields, and addresses that people keep to themselves. */
function isOptional({ type }: Collection, { name, hidden }: CompiledField): boolean {
  return hidden || (type === "auth" && name === "email");
}
