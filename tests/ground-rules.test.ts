import { staticPlugin } from "@elysiajs/static";
import { Kind, Type } from "@sinclair/typebox";
import { afterAll, describe, expect, test } from "bun:test";
import { Elysia, status, t } from "elysia";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { faults } from "../src/http/faults.ts";
import { loose } from "../src/http/loose.ts";
import { elysiaOptions, serverOptions } from "../src/http/options.ts";
import { listen, request, smallApp } from "./http-app.ts";

/** What Elysia and Bun do that we build on, or have to build around. Where one of these fails after an upgrade, look there. */

const renderRefusal = () => "a page";
const logFault = () => {};

function post(path: string, body: unknown): Request {
  const headers = { "content-type": "application/json" };
  return request(path, { method: "POST", body: JSON.stringify(body), headers });
}

async function answerOf(app: { handle(request: Request): Response | Promise<Response> }, asked: Request) {
  const answer = await app.handle(asked);
  return [answer.status, await answer.text()] as const;
}

describe("parsers", () => {
  test("Elysia makes objects of texts that look like JSON; ours do not", async () => {
    const theirs = new Elysia(elysiaOptions).post("/", ({ body }) => JSON.stringify(body), { parse: "formdata" });
    const sent = () => {
      const form = new FormData();
      form.append("a", '{"b":1}');
      return form;
    };
    const made = await answerOf(theirs, request("/", { method: "POST", body: sent() }));
    expect(made[1]).toBe('{"a":{"b":1}}');
    const ours = await answerOf(smallApp().app, request("/api/typed", { method: "POST", body: sent() }));
    expect(JSON.parse(ours[1])).toHaveProperty("body", { a: '{"b":1}' });
  });

  test("where a named parser answers nobody else is asked, where it does not Elysia's own are", async () => {
    const app = new Elysia(elysiaOptions)
      .parser("mine", ({ request }) => (request.headers.has("x-mine") ? { mine: true } : undefined))
      .post("/", ({ body }) => JSON.stringify(body), { parse: "mine" });
    const asked = (headers: HeadersInit) => {
      return request("/", {
        method: "POST",
        body: '{"theirs":true}',
        headers: { "content-type": "application/json", ...headers },
      });
    };
    expect((await answerOf(app, asked({ "x-mine": "1" })))[1]).toBe('{"mine":true}');
    expect((await answerOf(app, asked({})))[1]).toBe('{"theirs":true}');
  });

  test("a named parser leaves the schema in force; none switches it off", async () => {
    const Wanted = loose({ a: Type.String() });
    const app = new Elysia(elysiaOptions)
      .parser("mine", async ({ request }) => request.json())
      .post("/mine", () => "handled", { parse: "mine", body: Wanted })
      .post("/none", () => "handled", { parse: "none", body: Wanted });
    expect((await answerOf(app, post("/mine", { a: "1" })))[0]).toBe(200);
    expect((await answerOf(app, post("/mine", { a: 1 })))[0]).toBe(422);
    expect((await answerOf(app, post("/none", { a: 1 })))[0]).toBe(200);
  });
});

describe("schemas", () => {
  const app = new Elysia(elysiaOptions)
    .use(faults({ renderRefusal, logFault }))
    .post("/api/loose", ({ body }) => JSON.stringify(body), { body: loose({ a: Type.Optional(Type.String()) }) })
    .post("/api/closed", ({ body }) => JSON.stringify(body), { body: Type.Object({ a: Type.Optional(Type.String()) }) })
    .get("/api/query", ({ query }) => JSON.stringify(query), { query: loose({ n: Type.Optional(Type.Number()) }) })
    .get("/api/closed-query", () => "handled", { query: Type.Object({}) })
    .get("/api/params/:id", ({ params: { id } }) => id, { params: loose({ id: Type.Integer() }), query: loose({}) });

  test("Elysia's TypeBox is the one we import", () => {
    expect(t.String()[Kind]).toBe(Type.String()[Kind]);
  });

  test("an array is no object, and nothing that was sent is rewritten", async () => {
    expect((await answerOf(app, post("/api/loose", ["a"])))[0]).toBe(400);
    expect((await answerOf(app, post("/api/loose", "a")))[0]).toBe(400);
    expect((await answerOf(app, post("/api/loose", { a: "1", more: [1] })))[1]).toBe('{"a":"1","more":[1]}');
  });

  test("a plain object refuses keys it does not name, a loose one lets them be", async () => {
    expect((await answerOf(app, post("/api/closed", { more: 1 })))[0]).toBe(400);
    expect((await answerOf(app, request("/api/closed-query?more=1")))[0]).toBe(400);
    expect((await answerOf(app, request("/api/query?more=1&n=2")))[1]).toBe('{"more":"1","n":2}');
  });

  test("what is wrong is never shown as it was sent", async () => {
    for (const asked of [
      post("/api/loose", { a: ["hunter2"] }),
      request("/api/query?n=hunter2"),
      request("/api/params/hunter2"),
    ]) {
      const [code, text] = await answerOf(app, asked);
      expect(code).toBe(400);
      expect(text).not.toContain("hunter2");
      expect(Object.keys(JSON.parse(text))).toEqual(["data", "message", "status"]);
    }
  });

  test("an answer that does not keep its own promise is our fault", async () => {
    const logged: unknown[] = [];
    const wrong = new Elysia(elysiaOptions)
      .use(faults({ renderRefusal, logFault: (_, error) => logged.push(error) }))
      .get("/api/x", () => ({ secret: "hunter2" }) as never, { response: Type.Object({ fine: Type.Boolean() }) });
    const [code, text] = await answerOf(wrong, request("/api/x"));
    expect([code, text.includes("hunter2"), logged.length]).toEqual([500, false, 1]);
  });
});

describe("hooks", () => {
  test("ours reach every route that is added after them, and paths nobody knows", async () => {
    const seen: string[] = [];
    const guard = new Elysia({ name: "test-guard" }).decorate("viewer", "nobody").onRequest(async (context) => {
      await Bun.sleep(1);
      seen.push(new URL(context.request.url).pathname);
      context.viewer = "somebody";
    });
    const later = new Elysia().get("/later", () => {
      throw new Error("hunter2");
    });
    const app = new Elysia(elysiaOptions)
      .use(faults({ renderRefusal, logFault }))
      .use(guard)
      .get("/now", ({ viewer }) => viewer)
      .use(later);
    expect(await answerOf(app, request("/now"))).toEqual([200, "somebody"]);
    expect(await answerOf(app, request("/later"))).toEqual([500, "a page"]);
    expect(await answerOf(app, request("/unknown"))).toEqual([404, "a page"]);
    expect(seen).toEqual(["/now", "/later", "/unknown"]);
  });

  test("a hook without a scope guards nothing outside, and none guards what came before it", async () => {
    const refuse = () => status(403);
    const scoped = new Elysia(elysiaOptions)
      .use(new Elysia().onBeforeHandle(refuse).get("/inside", () => "in"))
      .get("/outside", () => "in");
    expect((await scoped.handle(request("/inside"))).status).toBe(403);
    expect((await scoped.handle(request("/outside"))).status).toBe(200);
    const late = new Elysia(elysiaOptions)
      .get("/before", () => "in")
      .onBeforeHandle({ as: "global" }, refuse)
      .get("/after", () => "in");
    expect((await late.handle(request("/before"))).status).toBe(200);
    expect((await late.handle(request("/after"))).status).toBe(403);
  });

  test("an answer that somebody's hook throws is sent as it is", async () => {
    const app = new Elysia(elysiaOptions).use(faults({ renderRefusal, logFault })).get("/", () => {
      throw status(418, "short and stout");
    });
    expect(await answerOf(app, request("/"))).toEqual([418, "short and stout"]);
  });

  test("several cookies are several headers", async () => {
    const app = new Elysia(elysiaOptions).get("/", ({ set }) => {
      set.headers["set-cookie"] = ["a=1", "b=2"] as never;
      return "";
    });
    expect((await app.handle(request("/"))).headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  });
});

describe("the router", () => {
  const app = new Elysia(elysiaOptions)
    .get("/:collection", ({ params: { collection } }) => `list ${collection}`)
    .get("/:collection/:id", ({ params: { collection, id } }) => `view ${collection} ${id}`)
    .post("/:collection/:id", ({ params: { collection, id } }) => `save ${collection} ${id}`)
    .get("/api/health", () => "healthy")
    .get("/api/collections/:collection/records/:id", ({ params: { id } }) => `record ${id}`)
    .get("/api/*", () => "no such thing")
    .post("/api/*", () => "no such thing")
    .get("/forms/:form", ({ params: { form } }) => `form ${form}`);
  const address = listen(app, serverOptions);
  afterAll(() => app.stop(true));

  const table: [string, string, string][] = [
    ["GET", "/posts", "list posts"],
    ["GET", "/posts/1", "view posts 1"],
    ["GET", "/forms/contact", "form contact"],
    ["POST", "/posts/1", "save posts 1"],
    ["GET", "/api/health", "healthy"],
    ["GET", "/api/nope", "no such thing"],
    ["POST", "/api/nope", "no such thing"],
    ["POST", "/api/health", "no such thing"],
    ["GET", "/api/a/b/c", "no such thing"],
    ["GET", "/api/collections/posts/records/a%2Fb", "record a/b"],
    ["GET", "/api/collections/posts/records/..%2f..", "record ../.."],
    ["GET", "/api/collections/posts/records/a%00b", "record a\0b"],
    ["GET", "/api/collections/posts/records/%C3%BC", "record ü"],
    ["GET", "/posts/", "NOT_FOUND"],
    ["GET", "/posts/1/", "NOT_FOUND"],
    ["GET", "//", "NOT_FOUND"],
    ["DELETE", "/posts/1", "NOT_FOUND"],
    ["PUT", "/api/nope", "NOT_FOUND"],
  ];
  for (const [method, path, answer] of table) {
    test(`${method} ${path} is the same on a socket and in a test: ${answer}`, async () => {
      expect(await (await app.handle(request(path, { method }))).text()).toBe(answer);
      expect(await (await fetch(address + path, { method })).text()).toBe(answer);
    });
  }

  test("Elysia looks for the path behind a host of four letters, so shorter ones are refused", async () => {
    expect(await (await app.handle(new Request("http://a/api/health"))).text()).toBe("list health");
    const guarded = await smallApp().app.handle(
      new Request("http://a/api/me", { headers: { accept: "application/json" } }),
    );
    expect(guarded.status).toBe(400);
  });
});

describe("the server", () => {
  test("a port that is taken is an error, not a second server", async () => {
    const app = new Elysia(elysiaOptions).get("/", () => "first");
    const address = listen(app, serverOptions);
    try {
      const port = Number(new URL(address).port);
      const second = new Elysia(elysiaOptions).get("/", () => "second");
      expect(() => second.listen({ ...serverOptions, hostname: "127.0.0.1", port })).toThrow();
      expect(await (await fetch(address)).text()).toBe("first");
    } finally {
      await app.stop(true);
    }
  });

  test("Bun ends what is larger than everything we count, so that lies above our own limits", async () => {
    const app = new Elysia(elysiaOptions).post("/", async ({ request }) => String((await request.bytes()).length), {
      parse: "none",
    });
    const address = listen(app, { ...serverOptions, maxRequestBodySize: 1000 });
    try {
      const sent = await fetch(address, { method: "POST", body: "x".repeat(1000) });
      expect(await sent.text()).toBe("1000");
      const head = await new Promise<string>((resolve) => {
        const socket = connect(Number(new URL(address).port), "127.0.0.1", () => {
          socket.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1001\r\n\r\n");
        });
        socket.on("data", (bytes) => resolve(String(bytes)));
      });
      expect(head).toStartWith("HTTP/1.1 413 ");
      expect(head).not.toContain("data");
    } finally {
      await app.stop(true);
    }
  });

  test("one of ours inside somebody's app keeps its hooks to itself and reads its own bodies", async () => {
    const { app: ours } = smallApp();
    const host = new Elysia()
      .get("/theirs", () => "theirs")
      .all("/*", ({ request }) => ours.handle(request), { parse: "none" });
    const address = listen(host, serverOptions);
    try {
      const theirs = await fetch(`${address}/theirs`);
      expect([await theirs.text(), theirs.headers.get("x-request-id")]).toEqual(["theirs", null]);
      const sent = new FormData();
      sent.append("a", '{"b":1}');
      const answer = await fetch(`${address}/api/payload`, { method: "POST", body: sent });
      expect(await answer.json()).toHaveProperty("form", { a: ['{"b":1}'] });
      expect(answer.headers.get("x-request-id")).toContain("-");
    } finally {
      await host.stop(true);
    }
  });
});

describe("embedded files", () => {
  const folder = mkdtempSync(join(tmpdir(), "formstead-embedded-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("are one fixed route each, before the pages of collections, and nothing else of the folder", async () => {
    mkdirSync(join(folder, "assets"));
    writeFileSync(join(folder, "formstead.css"), "p{}");
    writeFileSync(join(folder, "assets", "icon.svg"), "<svg/>");
    writeFileSync(join(folder, "..", "formstead-outside.txt"), "secret");
    const files = await staticPlugin({
      assets: folder,
      prefix: "",
      alwaysStatic: true,
      etag: false,
      headers: { "x-from": "embedded" },
    });
    const app = new Elysia(elysiaOptions)
      .use(files)
      .get("/:collection", ({ params: { collection } }) => `list ${collection}`)
      .get("/:collection/:id", ({ params: { id } }) => `view ${id}`);
    const address = listen(app, serverOptions);
    try {
      const css = await fetch(`${address}/formstead.css`);
      expect([await css.text(), css.headers.get("x-from")]).toEqual(["p{}", "embedded"]);
      expect(css.headers.get("content-type")).toContain("text/css");
      expect(await (await fetch(`${address}/assets/icon.svg`)).text()).toBe("<svg/>");
      writeFileSync(join(folder, "later.txt"), "later");
      expect(await (await fetch(`${address}/later.txt`)).text()).toBe("list later.txt");
      expect(await (await fetch(`${address}/..%2fformstead-outside.txt`)).text()).toBe("list ../formstead-outside.txt");
    } finally {
      await app.stop(true);
      rmSync(join(folder, "..", "formstead-outside.txt"));
    }
  });
});
