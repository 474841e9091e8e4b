import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { partsOf } from "../files/storage.ts";

/** What an archive says about itself, as `manifest.json` in it. */
export const Manifest = Type.Object({
  /** Of the archive: what lies where in it. */
  format: Type.Literal(1),
  /** The version of Formstead that made it. */
  formstead: Type.String({ maxLength: 100 }),
  /** When: `2026-01-02 15:04:05.000Z`. */
  made: Type.String({ maxLength: 100 }),
  /** Everything else in it; sizes in bytes. */
  entries: Type.Array(
    Type.Object({
      name: Type.String({ maxLength: 1000 }),
      size: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
      sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
    }),
  ),
});

export type Manifest = Static<typeof Manifest>;
export type ManifestEntry = Manifest["entries"][number];

export const manifestName = "manifest.json";
export const databaseName = "formstead.db";
export const secretName = "secret";
const folder = "files/";

/** The manifest, or what is wrong: `newer` where another version of Formstead knows what to do with it. */
export function readManifest(text: string): Manifest | "newer" | "wrong" {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return "wrong";
  }
  if (Value.Check(Type.Object({ format: Type.Integer({ minimum: 2 }) }), said)) return "newer";
  if (!Value.Check(Manifest, said)) return "wrong";
  const names = new Set(said.entries.map(({ name }) => name));
  const fits = names.size === said.entries.length && names.has(databaseName) && said.entries.every(isPlace);
  return fits ? said : "wrong";
}

/** Whether an entry is a file of a record. */
export function isFile({ name }: ManifestEntry): boolean {
  return name.startsWith(folder);
}

/** The name under which a record's file lies in an archive. */
export function nameOf(key: string): string {
  return `${folder}${key}`;
}

/** Only what we put into archives ourselves, so that nothing else is ever written: no other folder, no way out of it. */
function isPlace(entry: ManifestEntry): boolean {
  if (entry.name === databaseName || entry.name === secretName) return true;
  if (!isFile(entry)) return false;
  try {
    return partsOf(entry.name.slice(folder.length)).length === 3;
  } catch {
    return false;
  }
}
