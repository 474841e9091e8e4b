import { Type } from "@sinclair/typebox";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTokens } from "../src/auth/tokens.ts";
import type { Collection, Values } from "../src/collections/collection.ts";
import type { Definition } from "../src/collections/definition.ts";
import { door } from "../src/http/doors.ts";
import { entrance } from "../src/http/entrance.ts";
import { type Front, takesPayload } from "../src/http/front.ts";
import { openOrigins } from "../src/http/guard.ts";
import { inferredBody } from "../src/http/incoming.ts";
import { loose } from "../src/http/loose.ts";
import { empty, json, page, seeOther } from "../src/http/reply.ts";
import { openSite } from "../src/http/site.ts";
import { Refusal } from "../src/lib/errors.ts";

/** An auth collection as the registry would hold it. */
export function authCollection(id: string, name: string, change: Partial<Definition> = {}): Collection {
  const token = (duration: number) => ({ duration, secret: `${id}-${duration}-secret-of-thirty-characters` });
  const definition: Definition = {
    id,
    name,
    type: "auth",
    system: false,
    fields: [],
    indexes: [],
    listRule: null,
    viewRule: null,
    createRule: null,
    updateRule: null,
    deleteRule: null,
    pages: false,
    created: "",
    updated: "",
    authRule: "",
    manageRule: null,
    passwordAuth: { enabled: true, identityFields: ["email"] },
    authToken: token(432_000),
    passwordResetToken: token(1800),
    emailChangeToken: token(1801),
    verificationToken: token(86_400),
    fileToken: token(180),
    ...change,
  };
  return {
    id,
    name,
    type: "auth",
    definition,
    readsViews: false,
    fields: [],
    field: () => undefined,
    rule: () => null,
    newRule: () => null,
  };
}

export const users = authCollection("_pb_users_auth_", "users");
export const superusers = authCollection("pbc_3142635823", "_superusers");

export const ann: Values = { id: "ann000000000000", email: "ann@example.com", tokenKey: "k".repeat(50), name: "Ann" };
export const root: Values = { id: "root00000000000", email: "root@example.com", tokenKey: "r".repeat(50) };

export const tokens = openTokens("an application secret of some length");

export interface AppOptions {
  readonly origins?: readonly string[];
  readonly dev?: boolean;
  readonly publicDir?: string;
  readonly people?: readonly (readonly [Collection, Values])[];
  /** Parts in the place of the usual ones. */
  readonly parts?: Partial<Front>;
}

/** A small app with every tool of the http room in the place where the real one has it. */
export function smallApp({ origins = ["*"], dev = false, publicDir, people, parts }: AppOptions = {}) {
  const known = openOrigins({ origins, dev });
  const tempFolder = mkdtempSync(join(tmpdir(), "formstead-http-"));
  const site = publicDir === undefined ? undefined : openSite(publicDir, true);
  const logged: [id: string, error: unknown][] = [];
  const uploaded: string[] = [];
  const all = people ?? [
    [users, ann],
    [superusers, root],
  ];

  const app = entrance({
    renderRefusal: ({ status, message, requestId = "" }) =>
      `<h1>${status}</h1><p>${message}</p><code>${requestId}</code>`,
    logFault: (id, error) => logged.push([id, error]),
    origins: known,
    logRequest: () => {},
    tokens,
    tempFolder,
    findCollection: (id) => all.find(([collection]) => collection.id === id)?.[0],
    findPerson: async (collection, id) =>
      all.find(([its, record]) => its.id === collection.id && record.id === id)?.[1],
    ...(site ? { site: site.find, fallback: site.fallback } : {}),
    ...parts,
  })
    .get(
      "/api/me",
      ({ set, viewer, visit, query }) => {
        const id = viewer.kind === "guest" ? "" : String(viewer.record.id);
        return json(set, { kind: viewer.kind, id, standing: visit.standing }, query.fields);
      },
      { ...door("anyone"), query: loose({ fields: Type.Optional(Type.String()) }) },
    )
    .get("/_/me", ({ set, viewer }) => json(set, { kind: viewer.kind }), { ...door("owners"), query: loose({}) })
    .get("/me", ({ set, viewer }) => json(set, { kind: viewer.kind }), { ...door("anyone"), query: loose({}) })
    .get("/api/secret", ({ set }) => json(set, { fine: true }), { ...door("superusers"), query: loose({}) })
    .get("/api/crash", () => crash("the password is hunter2"), { ...door("anyone"), query: loose({}) })
    .get("/crash", () => crash("the password is hunter2"), { ...door("anyone"), query: loose({}) })
    .get("/page", ({ set }) => page(set, "<h1>Hello</h1>"), { ...door("anyone"), query: loose({}) })
    .get("/full", () => refuse(), { ...door("anyone"), query: loose({}) })
    .delete("/api/thing", ({ set }) => empty(set), {
      ...door("anyone"),
      query: loose({}),
      body: loose({}),
      parse: "typed",
    })
    .post("/login", ({ set }) => seeOther(set, "/", "formstead=x; Path=/"), {
      ...door("anyone"),
      parse: "typed",
      query: loose({}),
      body: loose({}),
    })
    .post("/api/typed", ({ set, body, visit }) => json(set, { body, standing: visit.standing }), {
      ...door("anyone"),
      parse: "typed",
      query: loose({}),
      body: loose({ a: Type.Union([Type.String(), Type.Array(Type.String())]) }),
    })
    .post("/forms/:form", ({ set, visit, viewer }) => json(set, { standing: visit.standing, kind: viewer.kind }), {
      ...door("form"),
      parse: "typed",
      params: loose({ form: Type.String() }),
      query: loose({}),
      body: loose({}),
    })
    .post(
      "/api/regret",
      async ({ body, query }) => {
        const { files } = await body.read();
        for (const uploads of files.values()) uploaded.push(...uploads.map(({ path }) => path));
        return query.crash ? crash("hunter2") : refuse();
      },
      { ...door("anyone"), ...takesPayload, query: loose({ crash: Type.Optional(Type.String()) }) },
    )
    .post("/api/unread", () => refuse(), { ...door("superusers"), ...takesPayload, query: loose({}) })
    .post(
      "/api/payload",
      async ({ set, body }) => {
        const payload = await body.read({ size: 200_000 });
        for (const uploads of payload.files.values()) uploaded.push(...uploads.map(({ path }) => path));
        const files = await Promise.all(
          [...payload.files].map(async ([key, uploads]) => {
            const read = uploads.map(async ({ filename, mime, size, path }) => {
              return { filename, mime, size, text: await Bun.file(path).text() };
            });
            return [key, await Promise.all(read)] as const;
          }),
        );
        return json(set, {
          json: { ...payload.json },
          form: Object.fromEntries([...payload.form].map(([key, values]) => [key, [...values]])),
          files: Object.fromEntries(files),
          inferred: inferredBody(payload),
        });
      },
      { ...door("anyone"), ...takesPayload, query: loose({}) },
    );

  return { app, logged, uploaded, tempFolder };
}

interface Listening {
  listen(options: { hostname: string; port: number }): unknown;
  readonly server: { readonly port?: number | undefined } | null;
}

/** Listens on a free port of this machine, as the real server does. */
export function listen(app: Listening, options: object): string {
  app.listen({ ...options, hostname: "127.0.0.1", port: 0 });
  return `http://127.0.0.1:${app.server?.port}`;
}

export function request(path: string, init: RequestInit = {}): Request {
  return new Request(`http://localhost${path}`, init);
}

function crash(secret: string): string {
  throw new Error(secret);
}

function refuse(): string {
  throw new Refusal("no room", "no_room");
}
