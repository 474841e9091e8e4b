import { expect, test } from "bun:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { fieldTypes } from "../src/fields/index.ts";
import { Opened } from "./testing.ts";

/** The parts of the document that are looked at here. */
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly properties: object }>> };
}

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly requestBody?: { readonly content: object };
}

async function documentFor(opened: Opened, as?: string): Promise<Document> {
  const { status, text } = await opened.send({ as, json: ["GET", "/api/openapi.json"] });
  expect(status).toBe(200);
  return JSON.parse(text);
}

/** What a field of this type needs beside its name. */
const needed: Readonly<Record<string, object>> = {
  select: { values: ["a", "b"], maxSelect: 2 },
  autodate: { onCreate: true },
  relation: { collectionId: "_pb_users_auth_" },
};

async function everything(): Promise<Opened> {
  const opened = await Opened.open();
  await opened.person("root", {}, "_superusers");
  await opened.person("ann");
  const fields = fieldTypes.map(({ type }) => ({ name: `a_${type}`, type, help: "Some help.", ...needed[type] }));
  await opened.collection({ name: "open", fields });
  const closed = { listRule: null, viewRule: null, createRule: null, updateRule: null, deleteRule: null };
  await opened.collection({ name: "closed", ...closed, fields: [{ name: "secret_field", type: "text" }] });
  await opened.collection({
    name: "half",
    ...closed,
    viewRule: "",
    fields: [{ name: "hush", type: "text", hidden: true }],
  });
  return opened;
}

test("a validator of others accepts the document, for whomever it is made", async () => {
  await using opened = await everything();
  for (const as of [undefined, "ann", "root"]) {
    const { valid, errors } = await new Validator().validate({ ...(await documentFor(opened, as)) });
    expect(errors).toBe(undefined);
    expect(valid).toBe(true);
  }
});

test("every route is in it, but for files, preflights and what only says that nothing is there", async () => {
  await using opened = await everything();
  const { paths } = await documentFor(opened);
  const told = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const there = opened.app.routes
    .filter(({ method, path }) => method !== "OPTIONS" && !/^\/[^/]+\.(css|svg|js)$/.test(path))
    .filter(({ path }) => !["/api/*", "/_/*", "/_", "/:collection/"].includes(path))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  expect(told.sort()).toEqual(there.sort());
  expect(told).toContain("GET /api/openapi.json");
  expect(told).toContain("POST /forms/{form}");

  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  const names = operations.map(({ operationId }) => operationId);
  expect(new Set(names).size).toBe(names.length);
  expect(operations.filter(({ summary }) => !summary)).toEqual([]);
});

test("a body is told in all the ways it may be sent, and only where something is read", async () => {
  await using opened = await everything();
  const { paths } = await documentFor(opened);
  const sent = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"];
  const signIn = paths["/api/collections/{collection}/auth-with-password"]?.["post"];
  expect(Object.keys(signIn?.requestBody?.content ?? {})).toEqual(sent);
  expect(JSON.stringify(signIn?.requestBody)).toContain(`"identity"`);
  expect(Object.keys(paths["/forms/{form}"]?.["post"]?.requestBody?.content ?? {})).toEqual(sent);
  expect(paths["/_/logout"]?.["post"]?.requestBody).toBe(undefined);
  expect(paths["/api/collections/{collection}/records/{id}"]?.["delete"]?.requestBody).toBe(undefined);
});

test("collections that are for superusers only are told to nobody else", async () => {
  await using opened = await everything();
  for (const as of [undefined, "ann"]) {
    const document = await documentFor(opened, as);
    expect(Object.keys(document.components.schemas).sort()).toEqual(["half", "open", "users"]);
    expect(JSON.stringify(document)).not.toContain("secret_field");
    expect(JSON.stringify(document)).not.toContain("hush");
  }
  const { schemas } = (await documentFor(opened, "root")).components;
  expect(Object.keys(schemas).sort()).toEqual([
    "_authOrigins",
    "_externalAuths",
    "_forms",
    "_mfas",
    "_otps",
    "_submissions",
    "_superusers",
    "closed",
    "half",
    "open",
    "users",
  ]);
  expect(JSON.stringify(schemas["half"])).toContain("hush");
  for (const { properties } of Object.values(schemas)) {
    expect(properties).toContainKeys(["id", "collectionId", "collectionName"]);
    expect(properties).not.toContainAnyKeys(["password", "tokenKey"]);
  }
});

test("every type of field has its schema, and its help", async () => {
  await using opened = await everything();
  const { open } = (await documentFor(opened)).components.schemas;
  const expected = fieldTypes.map(({ type }) => `a_${type}`).filter((name) => name !== "a_password");
  expect(Object.keys(open?.properties ?? {})).toEqual(["id", ...expected, "collectionId", "collectionName"]);
  expect(open?.properties).toMatchObject({
    a_text: { type: "string", description: "Some help." },
    a_number: { type: "number" },
    a_bool: { type: "boolean" },
    a_select: { type: "array", items: { anyOf: [{ const: "a" }, { const: "b" }] } },
    a_geoPoint: { type: "object", properties: { lon: { type: "number" }, lat: { type: "number" } } },
  });
});
