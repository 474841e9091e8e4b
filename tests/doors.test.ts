import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createApp } from "../src/app.ts";
import { type Door, doorOf, unguarded } from "../src/http/doors.ts";
import { serverOptions } from "../src/http/options.ts";
import { Opened } from "./testing.ts";

/** Who gets through what, as it was decided: a route that is not here, or has another door, has to be thought about. */
const doors: Readonly<Record<Door, readonly string[]>> = {
  anyone: [
    "GET /",
    "GET /_",
    "GET /favicon.svg",
    "GET /forms.js",
    "GET /formstead.css",
    "GET /api/health",
    "HEAD /api/health",
    "GET /api/openapi.json",
    "GET /api/collections/:collection/auth-methods",
    "POST /api/collections/:collection/auth-with-password",
    "GET /_/setup",
    "POST /_/setup",
    "GET /_/login",
    "POST /_/login",
    "POST /_/logout",
    "GET /resend/:token",
    "GET /register",
    "POST /register",
    "GET /login",
    "POST /login",
    "POST /logout",
    ...["/api/*", "/_/*"].flatMap((path) =>
      ["GET", "POST", "PUT", "PATCH", "DELETE"].map((method) => `${method} ${path}`),
    ),
  ],
  rules: [
    "GET /api/backups/:key",
    "GET /api/files/:collection/:record/:filename",
    "GET /api/collections/:collection/records",
    "POST /api/collections/:collection/records",
    "GET /api/collections/:collection/records/:id",
    "PATCH /api/collections/:collection/records/:id",
    "DELETE /api/collections/:collection/records/:id",
    "GET /:collection",
    "GET /:collection/",
    "POST /:collection",
    "GET /:collection/new",
    "GET /:collection/:id",
    "GET /:collection/:id/edit",
    "GET /:collection/:id/delete",
    "POST /:collection/:id",
    "PATCH /:collection/:id",
    "PUT /:collection/:id",
    "POST /:collection/:id/delete",
    "DELETE /:collection/:id",
  ],
  form: [
    "POST /f/:form",
    "GET /forms/:form",
    "POST /forms/:form",
    "GET /forms/:form/thanks",
    "GET /forms/:form/token",
    "GET /forms/:form/drafts/:token",
  ],
  "signed in": ["POST /api/files/token", "POST /api/collections/:collection/auth-refresh"],
  superusers: [
    "GET /api/collections",
    "POST /api/collections",
    "GET /api/collections/:collection",
    "PATCH /api/collections/:collection",
    "DELETE /api/collections/:collection",
    "DELETE /api/collections/:collection/truncate",
    "PUT /api/collections/import",
    "GET /api/collections/meta/scaffolds",
    "GET /api/collections/meta/oauth2-providers",
    "POST /api/collections/meta/dry-run-view",
    "GET /api/backups",
    "POST /api/backups",
    "POST /api/backups/upload",
    "DELETE /api/backups/:key",
    "GET /api/settings",
    "PATCH /api/settings",
    "POST /api/submissions/:id/state",
    "DELETE /api/submissions/:id",
  ],
  owners: [
    "GET /_/submissions/:id/files/:name",
    "GET /_/collections/:collection/:id/files/:name",
    "GET /_/mailbox",
    "GET /_/mailbox/:id",
    "GET /_/mailbox/:id/html",
    "POST /_/jobs/:id/again",
    "GET /_/",
    "GET /_/resend/:token",
    "GET /_/forms",
    "GET /_/forms/new",
    "POST /_/forms/new",
    "GET /_/forms/:form",
    "POST /_/forms/:form",
    "GET /_/forms/:form/code",
    "GET /_/forms/:form/delete",
    "POST /_/forms/:form/delete",
    "GET /_/forms/:form/inbox",
    "POST /_/forms/:form/inbox",
    "GET /_/submissions/:id",
    "POST /_/submissions/:id/state",
    "POST /_/submissions/:id/notes",
    "POST /_/submissions/:id/star",
    "POST /_/submissions/:id/delete",
    "GET /_/settings",
    "POST /_/settings",
    "POST /_/settings/mail",
    "GET /_/forms/:form/webhook",
    "POST /_/forms/:form/webhook",
    ...["/_/collections/:collection", "/_/forms/:form"].flatMap((of) => [
      ...["csv", "json", "ndjson"].map((format) => `GET ${of}/export.${format}`),
      ...["GET", "POST"].flatMap((method) => [`${method} ${of}/import`, `${method} ${of}/import/:run`]),
      `GET ${of}/import/:run/left.csv`,
    ]),
    "GET /_/backups",
    "POST /_/backups",
    "GET /_/backups/:key",
    "POST /_/backups/:key/delete",
    "GET /_/people",
    "GET /_/people/export",
    "GET /_/people/erase",
    "POST /_/people/erase",
    "GET /_/collections",
    "GET /_/collections/:collection",
    "GET /_/collections/:collection/:id",
  ],
  people: ["GET /profile", "POST /profile", "PATCH /profile", "PUT /profile"],
};

/** Every route of the app, with somebody at each door. */
let it: Opened;
let socket: Awaited<ReturnType<typeof createApp>>;

beforeAll(async () => {
  it = await Opened.open();
  await it.person("ann");
  await it.person("root", {}, "_superusers");
  await it.collection({ name: "notes", fields: [{ name: "title", type: "text", required: true }] });
  await it.record("_forms", { slug: "notes", collection: "notes", title: "Notes" });
  socket = (await createApp(it.project)).listen({ hostname: "127.0.0.1", port: 0, ...serverOptions });
});

afterAll(async () => {
  await socket.stop(true);
  await it[Symbol.asyncDispose]();
});

interface Route {
  readonly method: string;
  readonly path: string;
  readonly hooks: object;
}

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/** All but what the CORS plugin says to a browser that asks before it asks. */
function routes(): Route[] {
  return it.app.routes.filter(({ method, path }) => method !== "OPTIONS" || (path !== "/" && path !== "/*"));
}

/** The route's path with something in each of its holes that can be found, or nothing that can be. */
function pathOf(path: string, found: boolean): string {
  const holes: Record<string, string> = { ":collection": "notes", ":id": "note00000000001", ":form": "notes" };
  return path.replace(/:\w+/g, (hole) => (found ? (holes[hole] ?? "nothing") : "nothing"));
}

interface Wish {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What is answered, but for the id of the request. A server leaves out the body of a HEAD, and adds the type of a file. */
async function told(response: Response, { method, path }: Wish) {
  const { status, headers } = response;
  const kept = ["location", "content-security-policy", "x-content-type-options", "vary", "set-cookie", "cache-control"];
  if (!isFile(path)) kept.push("content-type");
  // Each token of a form is another one.
  const body = (await response.text()).replace(/[a-z0-9]+\.[a-z0-9]+\.[a-z0-9]{16}\.[\w-]{16}/g, "TOKEN");
  return { status, headers: kept.map((name) => [name, headers.get(name)]), body: method === "HEAD" ? "" : body };
}

/** A file that is sent as it is. */
function isFile(path: string): boolean {
  return /^\/[\w-]+\.\w+$/.test(path);
}

function request(base: string, { method, path, headers = {}, body }: Wish): Request {
  return new Request(`${base}${path}`, {
    method,
    // Who asks through a socket would say what packing it takes.
    headers: { "accept-encoding": "identity", ...headers },
    redirect: "manual",
    ...(body === undefined ? {} : { body }),
  });
}

function ask(wish: Wish) {
  return it.app.handle(request("http://localhost", wish)).then((response) => told(response, wish));
}

function askBySocket(wish: Wish) {
  const { server } = socket;
  return fetch(request(`http://127.0.0.1:${server?.port}`, wish)).then((response) => told(response, wish));
}

/** What somebody without a right to it gets at a door; `undefined` where the door alone does not refuse. */
function refusal(door: unknown, as: "guest" | "ann"): number | undefined {
  if (door === "superusers") return as === "guest" ? 401 : 403;
  return door === "signed in" && as === "guest" ? 401 : undefined;
}

const answers = [
  { accept: "application/json", "content-type": "application/json" },
  { accept: "text/html", "content-type": "application/x-www-form-urlencoded" },
];

describe("every route", () => {
  test("has the door that was decided", () => {
    const decided = Object.entries(doors).flatMap(([door, paths]) => paths.map((path) => `${path}: ${door}`));
    const found = routes().map(({ method, path, hooks }) => `${method} ${path}: ${String(doorOf(hooks))}`);
    expect(found.sort()).toEqual(decided.sort());
  });

  test("says what it takes, unless it is a file", () => {
    expect(unguarded(routes().filter(({ path }) => !isFile(path)))).toEqual([]);
  });

  test("is refused to a guest as its door says, through handle and through a socket alike", async () => {
    const before = await it.counts();
    for (const { method, path, hooks } of routes()) {
      for (const headers of answers) {
        for (const found of [true, false]) {
          const reads = method === "GET" || method === "HEAD";
          const wish = { method, path: pathOf(path, found), headers, ...(reads ? {} : { body: "" }) };
          const [inside, outside] = [await ask(wish), await askBySocket(wish)];
          expect({ wish, ...outside }).toEqual({ wish, ...inside });
          expect(inside.status, `${method} ${path} ${inside.body}`).toBeLessThan(500);
          const expected = refusal(doorOf(hooks), "guest");
          if (expected !== undefined) expect([method, path, inside.status]).toEqual([method, path, expected]);
          if (doorOf(hooks) === "owners") {
            expect([path, inside.status, inside.body]).toEqual([path, 303, ""]);
            expect(inside.headers).toContainEqual(["location", expect.stringMatching(/^\/_\/login/)]);
          }
          if (doorOf(hooks) === "people") {
            const shown = reads && headers.accept === "text/html";
            expect([method, path, inside.status]).toEqual([method, path, shown ? 303 : 401]);
            if (shown) expect(inside.headers).toContainEqual(["location", "/login?next=/profile"]);
          }
        }
      }
    }
    expect(await it.counts()).toEqual(before);
  });

  test("for superusers is refused to everyone else before anything that was sent is looked at", async () => {
    const wrong = ["{", "[1]", "\0", '{"name":"x"}'];
    for (const { method, path, hooks } of routes()) {
      if (doorOf(hooks) !== "superusers") continue;
      const paths = [pathOf(path, true), `${pathOf(path, false)}?page=x&filter=(&fields=${"x".repeat(5000)}`];
      for (const where of paths) {
        for (const body of method === "GET" ? [undefined] : wrong) {
          const wish = {
            method,
            path: where,
            headers: { "content-type": "application/json" },
            ...(body ? { body } : {}),
          };
          expect((await ask(wish)).status).toBe(401);
          const anns = { ...wish, headers: { ...wish.headers, authorization: it.token("ann") } };
          expect((await ask(anns)).status).toBe(403);
        }
      }
    }
  });

  test("of the API speaks JSON in the envelope, whatever is wished for", async () => {
    for (const { method, path, hooks } of routes()) {
      if (!path.startsWith("/api/") || method === "HEAD" || refusal(doorOf(hooks), "guest") === undefined) continue;
      const answer = await ask({ method, path: pathOf(path, true), headers: { accept: "text/html" } });
      expect(answer.headers).toContainEqual(["content-type", "application/json"]);
      expect(JSON.parse(answer.body)).toEqual({ data: {}, message: expect.any(String), status: answer.status });
    }
  });
});

/** Paths that stand where others have a parameter. */
const namesakes: Readonly<Record<string, string>> = {
  "/api/backups/upload": "/api/backups/:key",
  "/api/collections/import": "/api/collections/:collection",
};

describe("a method that a path does not have", () => {
  test("is not found, as JSON under /api and as a page elsewhere", async () => {
    const paths = new Set(routes().map(({ path }) => path));
    for (const path of paths) {
      // A GET answers HEAD.
      const generic = namesakes[path];
      const same = new Set([path, ...(generic === undefined ? [] : [generic])]);
      const known = new Set(routes().flatMap((route) => (same.has(route.path) ? [route.method] : [])));
      if (known.has("GET")) known.add("HEAD");
      for (const method of methods) {
        if (known.has(method)) continue;
        const wish = { method, path: pathOf(path, true), headers: { accept: "text/html" } };
        const [inside, outside] = [await ask(wish), await askBySocket(wish)];
        expect({ method, path, ...outside }).toEqual({ method, path, ...inside });
        const type = path.startsWith("/api/") ? "application/json" : "text/html;charset=utf-8";
        expect([method, path, inside.status]).toEqual([method, path, 404]);
        if (!isFile(path)) expect(inside.headers).toContainEqual(["content-type", type]);
        if (method !== "HEAD" && path.startsWith("/api/")) {
          expect(inside.body).toBe(`{"data":{},"message":"The requested resource wasn't found.","status":404}`);
        }
      }
    }
  });

  test("nor is a path with a slash behind it, an empty part, or too many", async () => {
    const paths = [
      "/api",
      "/api/",
      "/api/nope",
      "/api/collections/",
      "/api//collections",
      "/api/collections/notes/records/",
    ];
    for (const path of [
      ...paths,
      "/api/collections/notes/records/x/y",
      "/API/health",
      "/api/health/",
      "/forms/",
      "/f/notes",
    ]) {
      const wish = { method: "GET", path, headers: { accept: "application/json" } };
      const [inside, outside] = [await ask(wish), await askBySocket(wish)];
      expect({ path, ...outside }).toEqual({ path, ...inside });
      expect([path, inside.status]).toEqual([path, 404]);
    }
  });

  test("the dashboard is found without its slash", async () => {
    const { status, headers } = await it.send({ json: ["GET", "/_"] });
    expect([status, headers.get("location")]).toEqual([303, "/_/"]);
  });
});
