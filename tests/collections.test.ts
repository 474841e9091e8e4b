import { describe, expect, test } from "bun:test";
import { plan, type Step } from "../src/collections/plan.ts";
import type { Definition } from "../src/collections/definition.ts";
import { sentence } from "../src/phrases/index.ts";
import { type Body, Opened, type Scenario, scenarios } from "./testing.ts";
import type { Json } from "../src/fields/field.ts";

const path = "/api/collections";

/** Two collections that point at each other's records, with some in them. */
async function library(it: Opened): Promise<void> {
  await it.person("ann");
  await it.person("root", {}, "_superusers");
  await it.collection({ id: "authors00000001", name: "authors", fields: [{ name: "name", type: "text" }] });
  await it.collection({
    id: "books0000000001",
    name: "books",
    listRule: "title != '' && author.name != 'nobody'",
    fields: [
      { id: "title01", name: "title", type: "text" },
      { id: "author1", name: "author", type: "relation", collectionId: "authors00000001" },
      { id: "genre01", name: "genre", type: "select", values: ["novel", "essay", "poem"] },
      { id: "pages01", name: "pages", type: "number" },
    ],
    indexes: [
      "CREATE INDEX `idx_books_title` ON `books` (`title`)",
      "CREATE INDEX `idx_books_long` ON `books` (lower(`title`)) WHERE `pages` > 100",
    ],
  });
  await it.record("authors", { id: "author000000001", name: "Ada" });
  await it.record("books", { id: "book00000000001", title: "One", author: "author000000001", genre: "novel", pages: 300 });
  await it.record("books", { id: "book00000000002", title: "Two", genre: "poem", pages: 300 });
}

/** The fields of `books`, changed by name; `undefined` leaves one out. */
async function fieldsOf(it: Opened, changes: Record<string, Body | undefined>, name = "books"): Promise<Body[]> {
  const fields = it.project.collections.find(name)?.definition.fields ?? [];
  return fields.flatMap((field): Body[] => {
    const own: Body = JSON.parse(JSON.stringify(field));
    if (!Object.hasOwn(changes, field.name)) return [own];
    const change = changes[field.name];
    return change ? [{ ...own, ...change }] : [];
  });
}

async function owner(it: Opened, method: string, where: string, body?: Json) {
  return it.send({ as: "root", json: [method, where, body] });
}

async function patch(it: Opened, change: Body, name = "books") {
  return owner(it, "PATCH", `${path}/${name}`, change);
}

/** Everything the database says about its tables, and every definition: what must be alike where nothing was changed. */
async function schemaOf({ project }: Opened): Promise<Json> {
  const { store } = project;
  const tables = await store.all<Body>({
    ...(await import("../src/store/sql.ts")).sql`SELECT type, name, sql FROM sqlite_schema ORDER BY type, name`,
  } as never);
  return JSON.parse(JSON.stringify([tables, project.collections.current.all.map(({ definition }) => definition)]));
}
