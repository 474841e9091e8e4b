import type { Registry } from "../collections/registry.ts";
import { fileFields } from "../records/uploads.ts";
import { now } from "../lib/dates.ts";
import { addressOf, findPerson, personItems, type PersonParts } from "./person.ts";

/** As many things as are read at a time. */
const atOnce = 100;

/** Everything about a person as one JSON text, in pieces. Files are named where they belong, and by their address. */
export async function* personExport(
  parts: PersonParts & { readonly collections: Pick<Registry, "read"> },
  email: string,
): AsyncGenerator<string> {
  const groups = await parts.collections.read((set) => findPerson(parts, set, email));
  yield `{"email":${JSON.stringify(addressOf(email))},"made":${JSON.stringify(now())},"found":[`;
  let between = "\n";
  for (const group of groups) {
    const { kind, collection, ids } = group;
    const fields = collection ? fileFields(collection).map(({ name }) => name) : [];
    for (let at = 0; at < ids.length; at += atOnce) {
      const items = await parts.collections.read((set) => personItems(parts, set, group, ids.slice(at, at + atOnce)));
      for (const { id, value } of items) {
        const record = value as { readonly [name: string]: unknown };
        const files = fields.flatMap((name) => [record[name] ?? []].flat().filter((it) => it !== ""));
        const paths = files.map((file) => `/api/files/${collection?.id}/${id}/${encodeURIComponent(String(file))}`);
        const what = {
          kind,
          ...(collection ? { collection: collection.name } : {}),
          value,
          ...(paths.length > 0 ? { files: paths } : {}),
        };
        yield between + JSON.stringify(what);
        between = ",\n";
      }
    }
  }
  yield "\n]}\n";
}
