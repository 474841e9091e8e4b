import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { connect } from "node:net";
import { cookieName, endedCookie, readCookie, sessionCookie } from "../src/http/cookies.ts";
import { unguarded } from "../src/http/doors.ts";
import { formMayPost, mayWrite, openOrigins, ownAddress, type Provenance } from "../src/http/guard.ts";
import { pageHeaders } from "../src/http/headers.ts";
import { largestRequest, serverOptions } from "../src/http/options.ts";
import { picked } from "../src/http/picked.ts";
import { wantsPage } from "../src/http/reply.ts";
import { ann, authCollection, listen, request, root, smallApp, superusers, tokens, users } from "./http-app.ts";

const annsToken = await tokens.sign("auth", users, ann);
const rootsToken = await tokens.sign("auth", superusers, root);

describe("who may write", () => {
  const nothing: Provenance = {
    path: "/profile",
    authorization: false,
    fetchSite: null,
    origin: null,
    ours: false,
    listed: false,
    cookie: false,
  };
  const own = { origin: "https://me.example", ours: true };
  const foreign = { origin: "https://evil.example" };
  const table: [string, Partial<Provenance>, string][] = [
    // The first line that fits
    ["a token", { authorization: true }, "by token"],
    [
      "a token from anywhere, beside a cookie",
      { authorization: true, fetchSite: "cross-site", ...foreign, cookie: true },
      "by token",
    ],
    ["the same origin", { fetchSite: "same-origin", cookie: true }, "with cookie"],
    ["typed into the address bar", { fetchSite: "none", cookie: true }, "with cookie"],
    ["an old browser on our page", { ...own, cookie: true }, "with cookie"],
    ["a listed origin", { fetchSite: "cross-site", ...foreign, listed: true, cookie: true }, "with cookie"],
    ["a listed origin, old browser", { ...foreign, listed: true }, "with cookie"],
    ["a script", {}, "as guest"],
    ["a script, to a form", { path: "/forms/contact" }, "as guest"],
    [
      "a stranger's page, to a form",
      { path: "/forms/contact", fetchSite: "cross-site", ...foreign, cookie: true },
      "as guest",
    ],
    ["a file on a disk, to a form", { path: "/forms/contact", fetchSite: "cross-site", origin: "null" }, "as guest"],
    ["the alias of a form", { path: "/f/contact", fetchSite: "same-site", ...foreign, cookie: true }, "as guest"],
    [
      "a stranger's page, to the API",
      { path: "/api/collections/x/records", fetchSite: "cross-site", ...foreign, cookie: true },
      "as guest",
    ],
    ["a script with a cookie, to the API", { path: "/api/x", cookie: true }, "as guest"],
    ["a stranger's page", { fetchSite: "cross-site", ...foreign, cookie: true }, "refused"],
    [
      "a stranger's page without a cookie, to sign in",
      { path: "/login", fetchSite: "cross-site", ...foreign },
      "refused",
    ],
    ["a neighbouring host", { fetchSite: "same-site", ...foreign, cookie: true }, "refused"],
    ["no origin that anyone could name", { fetchSite: "cross-site", origin: "null" }, "refused"],
    ["an old browser on a stranger's page", { ...foreign }, "refused"],
    ["a script with a cookie, to a page", { cookie: true }, "refused"],
    // What a browser says about itself counts more than the origin
    ["our origin, by a browser that says it is another", { ...own, fetchSite: "cross-site", cookie: true }, "refused"],
    // Only whole path segments are open
    ["something that begins like a form", { path: "/formsworth", fetchSite: "cross-site", ...foreign }, "refused"],
    ["something that begins like the API", { path: "/apis/x", fetchSite: "cross-site", ...foreign }, "refused"],
    ["the dashboard", { path: "/_/login", fetchSite: "cross-site", ...foreign, cookie: true }, "refused"],
  ];
  for (const [it, facts, answer] of table) {
    test(`${it}: ${answer}`, () => expect<string>(mayWrite({ ...nothing, ...facts })).toBe(answer));
  }

  test("the same over HTTP: a stranger's page may not sign in, and gets no cookie", async () => {
    const { app } = smallApp();
    const post = (headers: Record<string, string>) => app.handle(request("/login", { method: "POST", headers }));
    const refused = await post({ origin: "https://evil.example", "sec-fetch-site": "cross-site" });
    expect(refused.status).toBe(403);
    expect(refused.headers.get("set-cookie")).toBeNull();
    expect(await refused.text()).toContain("Open the page on this site and send it again.");
    expect((await post({ origin: "null" })).status).toBe(403);
    expect((await post({ origin: "http://localhost" })).status).toBe(303);
    expect((await post({ origin: "https://localhost" })).status).toBe(303);
    expect((await post({ origin: "http://localhost", "x-forwarded-proto": "https" })).status).toBe(403);
    expect((await post({ "sec-fetch-site": "same-origin" })).headers.getSetCookie()).toEqual(["formstead=x; Path=/"]);
  });

  test("a cookie that came with a stranger's form is not looked at", async () => {
    const { app } = smallApp();
    const send = async (headers: Record<string, string>) => {
      const cookie = `formstead=${annsToken}`;
      const answer = await app.handle(request("/forms/contact", { method: "POST", headers: { cookie, ...headers } }));
      return answer.json();
    };
    expect(await send({ origin: "https://blog.example", "sec-fetch-site": "cross-site" })).toEqual({
      standing: "as guest",
      kind: "guest",
    });
    expect(await send({ "sec-fetch-site": "same-origin" })).toEqual({ standing: "with cookie", kind: "record" });
  });

  test("origins are listed by name, and on one's own machine while developing", () => {
    const origins = openOrigins({ origins: ["https://App.example/", "*"], dev: false });
    expect(origins.everyone).toBe(true);
    expect(origins.lists("https://app.example")).toBe(true);
    for (const other of [
      "*",
      "null",
      "http://app.example",
      "https://app.example.evil.example",
      "http://localhost:3000",
      null,
    ]) {
      expect([other, origins.lists(other)]).toEqual([other, false]);
    }
    const dev = openOrigins({ origins: ["https://app.example"], dev: true });
    expect(dev.everyone).toBe(false);
    for (const local of ["http://localhost", "http://localhost:3000", "http://127.0.0.1:5500", "http://[::1]:1"]) {
      expect([local, dev.lists(local)]).toEqual([local, true]);
    }
    expect(dev.lists("http://localhost.evil.example")).toBe(false);
  });

  test("a form takes what its origins allow", () => {
    const from = (origin?: string) => request("/forms/x", { method: "POST", headers: origin ? { origin } : {} });
    expect(formMayPost(from("null"), [])).toBe(true);
    expect(formMayPost(from("https://any.example"), [])).toBe(true);
    const listed = ["https://blog.example"];
    expect(formMayPost(from("https://blog.example"), listed)).toBe(true);
    expect(formMayPost(from("http://localhost"), listed)).toBe(true);
    expect(formMayPost(from(), listed)).toBe(true);
    expect(formMayPost(from("https://any.example"), listed)).toBe(false);
    expect(formMayPost(from("null"), listed)).toBe(false);
    expect(ownAddress(request("/x"))).toBe("http://localhost");
    expect(ownAddress(request("/x", { headers: { "x-forwarded-proto": "https" } }))).toBe("https://localhost");
  });
});

describe("who is asking", () => {
  const { app } = smallApp();
  const me = async (path: string, headers: Record<string, string> = {}) => {
    const answer: { kind: string } = await (await app.handle(request(path, { headers }))).json();
    return answer.kind;
  };

  test("nobody, without a token", async () => {
    expect(await me("/api/me")).toBe("guest");
    expect(await me("/api/me", { cookie: "other=1; formsteady=2" })).toBe("guest");
  });

  test("a token says who, with or without Bearer", async () => {
    expect(await me("/api/me", { authorization: annsToken })).toBe("record");
    expect(await me("/api/me", { authorization: `bEARER ${annsToken}` })).toBe("record");
    expect(await me("/api/me", { authorization: `Bearer ${rootsToken}` })).toBe("superuser");
  });

  test("a token that does not hold is a guest, and the cookie is not looked at", async () => {
    const expired = await tokens.sign("auth", users, ann, { duration: -1 });
    const withdrawn = await tokens.sign("auth", users, { ...ann, tokenKey: "other".repeat(10) });
    const forFiles = await tokens.sign("file", users, ann);
    const stranger = await tokens.sign("auth", users, { ...ann, id: "nobody000000000" });
    const elsewhere = await tokens.sign("auth", authCollection("pbc_1", "clients"), ann);
    const bad = [
      "",
      "Bearer",
      "Basic YTpi",
      "x.y.z",
      `${annsToken}x`,
      expired,
      withdrawn,
      forFiles,
      stranger,
      elsewhere,
    ];
    for (const authorization of bad) {
      const answer = await me("/api/me", { authorization, cookie: `formstead=${annsToken}` });
      expect([authorization, answer]).toEqual([authorization, "guest"]);
    }
  });

  test("people's cookie counts everywhere but in the dashboard, the owner's only there", async () => {
    const both = { cookie: `formstead-owner=${rootsToken}; formstead=${annsToken}` };
    expect(await me("/api/me", both)).toBe("record");
    expect(await me("/me", both)).toBe("record");
    expect(await me("/_/me", both)).toBe("superuser");
    expect(await me("/me", { cookie: `formstead-owner=${rootsToken}` })).toBe("guest");
    expect(await me("/_/me", { cookie: `formstead=${annsToken}` })).toBe("guest");
  });

  test("over TLS only the cookie counts that a neighbour cannot have set", async () => {
    const tls = { "x-forwarded-proto": "https" };
    expect(await me("/me", { ...tls, cookie: `formstead=${annsToken}` })).toBe("guest");
    expect(await me("/me", { ...tls, cookie: `__Host-formstead=${annsToken}` })).toBe("record");
    expect(await me("/me", { cookie: `__Host-formstead=${annsToken}` })).toBe("guest");
  });

  test("an answer to somebody is not kept by anyone, a browser they leave included", async () => {
    const answer = await app.handle(request("/api/me", { headers: { authorization: annsToken } }));
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect((await app.handle(request("/api/me"))).headers.get("cache-control")).toBeNull();
  });

  test("a door for superusers", async () => {
    const open = async (authorization?: string) => {
      const answer = await app.handle(request("/api/secret", authorization ? { headers: { authorization } } : {}));
      return [answer.status, await answer.text()];
    };
    expect(await open()).toEqual([
      401,
      '{"data":{},"message":"The request requires valid record authorization token.","status":401}',
    ]);
    expect(await open(annsToken)).toEqual([
      403,
      '{"data":{},"message":"The authorized record is not allowed to perform this action.","status":403}',
    ]);
    expect(await open(rootsToken)).toEqual([200, '{"fine":true}']);
  });

  test("every route says who gets through and what it takes", () => {
    expect(unguarded(app.routes.filter(({ method }) => method !== "OPTIONS"))).toEqual([]);
    const bare = [{ method: "POST", path: "/x/:id", hooks: {} }];
    expect(unguarded(bare)).toEqual(["door", "query", "params", "body"].map((part) => `POST /x/:id has no ${part}`));
    const closed = { detail: { "x-door": "anyone" }, query: { type: "object", properties: {} } };
    expect(unguarded([{ method: "GET", path: "/x", hooks: closed }])).toEqual([
      "GET /x refuses keys that its query does not name",
    ]);
  });
});

describe("cookies", () => {
  test("over TLS", () => {
    expect(sessionCookie("person", "t", 60, true)).toBe(
      "__Host-formstead=t; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure",
    );
    expect(cookieName("owner", true)).toBe("__Host-formstead-owner");
  });

  test("on plain loopback", () => {
    expect(sessionCookie("owner", "t", 60, false)).toBe(
      "formstead-owner=t; Path=/; Max-Age=60; HttpOnly; SameSite=Lax",
    );
    expect(endedCookie("person", false)).toBe("formstead=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
  });

  test("are found by their whole name", () => {
    expect(readCookie("a=1; formstead-owner=2;formstead = 3 ; formstead=4", "formstead")).toBe("3");
    expect(readCookie("xformstead=1; formstead=", "formstead")).toBeUndefined();
    expect(readCookie("formstead", "formstead")).toBeUndefined();
  });

  test("whatever else stands in the header", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        fc.pre(!/formstead/.test(before + after) && !/;/.test(before + after));
        expect(readCookie(`${before}; formstead=token; ${after}`, "formstead")).toBe("token");
      }),
    );
  });
});

describe("headers", () => {
  test("of every answer, refusals too", async () => {
    const { app } = smallApp();
    for (const path of ["/api/me", "/api/nothing", "/page", "/nothing", "/api/crash"]) {
      const { headers } = await app.handle(request(path));
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-frame-options")).toBe("SAMEORIGIN");
      expect(headers.get("x-xss-protection")).toBe("1; mode=block");
      expect(headers.get("vary")).toBe("Accept");
      expect(headers.get("x-request-id")).toMatch(/^[a-z0-9]{6}-[a-z0-9]+$/);
    }
  });

  test("each request has its own id", async () => {
    const { app } = smallApp();
    const ids = await Promise.all(
      [1, 2, 3].map(async () => (await app.handle(request("/api/me"))).headers.get("x-request-id")),
    );
    expect(new Set(ids).size).toBe(3);
  });

  test("of pages: nothing inline, nothing from elsewhere, and an origin for our own forms", async () => {
    const { app } = smallApp();
    const { headers } = await app.handle(request("/page"));
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).not.toContain("unsafe");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("base-uri 'none'");
    expect(policy).toContain("form-action 'self';");
    expect(headers.get("referrer-policy")).toBe("same-origin");
    expect(headers.get("content-type")).toBe("text/html;charset=utf-8");
    expect((await app.handle(request("/api/me"))).headers.get("content-security-policy")).toBeNull();
  });

  test("where a form may lead on to is an origin and nothing else", () => {
    const policy = (target: string) => pageHeaders([target])["content-security-policy"];
    expect(policy("https://blog.example:8443")).toContain("form-action 'self' https://blog.example:8443;");
    for (const bad of ["https://a.example; script-src *", "*", "https://a.example/x y", "javascript:alert(1)"]) {
      expect(policy(bad)).toContain("form-action 'self';");
    }
  });
});

describe("calls from other origins", () => {
  const preflight = {
    "access-control-request-method": "PATCH",
    "access-control-request-headers": "content-type,x-own",
  };

  test("everyone's, without credentials", async () => {
    const { app } = smallApp({ origins: ["*"] });
    const { headers } = await app.handle(request("/api/me", { headers: { origin: "https://any.example" } }));
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("access-control-allow-credentials")).toBeNull();
    expect(headers.get("vary")).toBe("Accept");
    const ask = { method: "OPTIONS", headers: { origin: "https://any.example", ...preflight } };
    const answer = await app.handle(request("/api/me", ask));
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("access-control-allow-methods")).toBe("GET, HEAD, PUT, PATCH, POST, DELETE");
    expect(answer.headers.get("access-control-allow-headers")).toBe("*, Authorization");
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
  });

  test("with credentials only of those that are named", async () => {
    const { app } = smallApp({ origins: ["https://app.example"] });
    const ask = (origin: string, init: RequestInit = {}) =>
      app.handle(request("/api/me", { ...init, headers: { origin, ...preflight } }));
    const named = await ask("https://app.example");
    expect(named.headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(named.headers.get("access-control-allow-credentials")).toBe("true");
    expect(named.headers.get("vary")).toBe("Accept, Origin");
    const before = await ask("https://app.example", { method: "OPTIONS" });
    expect(before.headers.get("access-control-allow-headers")).toBe("content-type,x-own");
    expect(before.headers.get("access-control-allow-credentials")).toBe("true");
    for (const method of ["GET", "OPTIONS"]) {
      for (const origin of ["https://evil.example", "null", "app.example", "toString", "constructor"]) {
        const { headers } = await ask(origin, { method });
        expect([method, origin, headers.get("access-control-allow-origin")]).toEqual([method, origin, null]);
      }
    }
  });

  test("everyone's while developing, with credentials only of this machine", async () => {
    const { app } = smallApp({ origins: ["*"], dev: true });
    for (const method of ["GET", "OPTIONS"]) {
      const ask = async (origin: string) => {
        const { headers } = await app.handle(request("/api/me", { method, headers: { origin, ...preflight } }));
        return [headers.get("access-control-allow-origin"), headers.get("access-control-allow-credentials")];
      };
      expect(await ask("http://localhost:5173")).toEqual(["http://localhost:5173", "true"]);
      expect(await ask("https://any.example")).toEqual(["https://any.example", null]);
    }
  });

  test("refusals can be read by them, too", async () => {
    const { app } = smallApp({ origins: ["https://app.example"] });
    const answer = await app.handle(request("/api/nothing", { headers: { origin: "https://app.example" } }));
    expect(answer.status).toBe(404);
    expect(answer.headers.get("access-control-allow-origin")).toBe("https://app.example");
  });
});

describe("answers", () => {
  const { app, logged } = smallApp();

  test("a page or JSON, as Accept says", () => {
    const wants = (accept: string | undefined, type?: string, path = "/posts") => {
      const headers = { ...(accept === undefined ? {} : { accept }), ...(type ? { "content-type": type } : {}) };
      return wantsPage(request(path, { headers }), path);
    };
    const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
    const table: [string | undefined, string | undefined, boolean][] = [
      [browser, "application/x-www-form-urlencoded", true],
      [browser, "application/json", true],
      ["application/json", "application/x-www-form-urlencoded", false],
      ["application/json, text/html;q=0.9", undefined, false],
      ["text/html, application/json;q=0.9", undefined, true],
      ["application/json, text/html", undefined, false],
      ["text/html, application/json", undefined, true],
      ["TEXT/HTML", undefined, true],
      ["text/html;q=0, application/json", undefined, false],
      ["*/*", "application/json; charset=utf-8", false],
      ["*/*", "multipart/form-data; boundary=x", true],
      [undefined, "application/json", false],
      [undefined, undefined, true],
      ["image/png", undefined, true],
      ["", "application/json", false],
    ];
    for (const [accept, type, page] of table) expect([accept, type, wants(accept, type)]).toEqual([accept, type, page]);
    expect(wants(browser, undefined, "/api/collections")).toBe(false);
    expect(wants(browser, undefined, "/apiary")).toBe(true);
  });

  test("JSON is compact, without charset, and has the fields asked for", async () => {
    const answer = await app.handle(request("/api/me?fields=kind&anything=else"));
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(await answer.text()).toBe('{"kind":"guest"}');
  });

  test("204 has no body", async () => {
    const answer = await app.handle(request("/api/thing", { method: "DELETE" }));
    expect([answer.status, await answer.text()]).toEqual([204, ""]);
  });

  test("303 says where to", async () => {
    const answer = await app.handle(request("/login", { method: "POST" }));
    expect([answer.status, answer.headers.get("location"), await answer.text()]).toEqual([303, "/", ""]);
  });

  test("what nobody knows, as JSON under /api/ and as a page elsewhere, whatever the method", async () => {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      const answer = await app.handle(request("/api/nothing", { method }));
      expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([
        404,
        "application/json",
        '{"data":{},"message":"The requested resource wasn\'t found.","status":404}',
      ]);
    }
    expect((await app.handle(request("/api/me", { method: "POST" }))).status).toBe(404);
    const page = await app.handle(request("/nothing", { headers: { accept: "text/html" } }));
    expect([page.status, await page.text()]).toEqual([
      404,
      "<h1>404</h1><p>The requested resource wasn't found.</p><code></code>",
    ]);
    const json = await app.handle(request("/nothing", { headers: { accept: "application/json" } }));
    expect(json.headers.get("content-type")).toBe("application/json");
  });

  test("a crash says nothing but its id, and is kept", async () => {
    const json = await app.handle(request("/api/crash"));
    expect(json.status).toBe(500);
    expect(await json.text()).toBe(
      '{"data":{},"message":"Something went wrong while processing your request.","status":500}',
    );
    const page = await app.handle(request("/crash"));
    const html = await page.text();
    expect(page.status).toBe(500);
    expect(html).not.toContain("hunter2");
    expect(html).toContain(`<code>${page.headers.get("x-request-id")}</code>`);
    expect(logged.map(([id]) => id)).toEqual([json, page].map(({ headers }) => headers.get("x-request-id") ?? ""));
    expect(logged[0]?.[1]).toEqual(new Error("the password is hunter2"));
  });

  test("a refusal has its own status and sentence", async () => {
    const answer = await app.handle(request("/full", { headers: { accept: "application/json" } }));
    expect([answer.status, await answer.json()]).toEqual([
      507,
      {
        data: {},
        message: "There is no room left on the disk. Nothing was changed; free some space and send it again.",
        status: 507,
      },
    ]);
  });

  test("HEAD is answered like GET, without the body", async () => {
    const get = await app.handle(request("/api/me"));
    const head = await app.handle(request("/api/me", { method: "HEAD" }));
    expect(head.status).toBe(200);
    expect(await head.text()).toBe("");
    expect(head.headers.get("content-length")).toBe(String((await get.text()).length));
  });
});

describe("fields=", () => {
  const record = {
    id: "1",
    title: "Hello",
    html: "<p>One&nbsp;two</p>\n<script>alert(1)</script><style>p{}</style> three   &amp; &lt;four&#62;",
    tags: ["a", "b"],
    place: { lon: 1, lat: 2 },
    expand: { author: { id: "2", name: "Ann", email: "x" }, comments: [{ id: "3", text: "Hi", secret: 1 }] },
  };
  const table: [string, unknown][] = [
    ["id,title", { id: "1", title: "Hello" }],
    [" id , nothing ", { id: "1" }],
    ["nothing", {}],
    ["*", record],
    ["place.lon,tags", { tags: ["a", "b"], place: { lon: 1 } }],
    ["expand.author.name", { expand: { author: { name: "Ann" } } }],
    ["expand.*.id", { expand: { author: { id: "2" }, comments: [{ id: "3" }] } }],
    ["expand.comments.text,id", { id: "1", expand: { comments: [{ text: "Hi" }] } }],
    ["html:excerpt(7)", { html: "One two" }],
    ["html:excerpt(100,true)", { html: "One two three & <four>" }],
    ["title:excerpt(3, true),id", { id: "1", title: "Hel..." }],
    ["title:excerpt(3,false)", { title: "Hel" }],
    ["tags:excerpt(1)", { tags: ["a", "b"] }],
    ["title:nonsense(3)", { title: "Hello" }],
    ["*,title:excerpt(2)", { ...record, title: "He" }],
    ["__proto__,constructor", {}],
  ];
  for (const [fields, answer] of table) {
    test(fields, () => {
      expect<unknown>(picked(record, fields)).toEqual(answer);
      const list = { items: [record], page: 1, perPage: 30, totalItems: 1, totalPages: 1 };
      expect<unknown>(picked(list, fields)).toEqual({ ...list, items: [answer] });
      expect<unknown>(picked([record], fields)).toEqual([answer]);
    });
  }

  test("nothing asked for is everything", () => {
    expect(picked(record, "")).toBe(record);
    expect(picked(record, "  ")).toBe(record);
    expect(picked(record, undefined)).toBe(record);
  });

  test("keeps what was asked for, and only that, whatever is asked", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (fields) => {
        const answer = picked({ a: 1, b: { c: "x" } }, fields);
        expect(JSON.stringify(answer).length).toBeLessThanOrEqual(JSON.stringify({ a: 1, b: { c: "x" } }).length);
      }),
    );
  });

  test.each([
    ["Hel<b>lo</b>, <i>w</i>orld<br>and<p>more</p>text", "Hello, world and more text"],
    ["a < b and c > d <3", "a < b and c > d <3"],
    ["one<!-- <b>not</b> > this -->two<!doctype html>", "onetwo"],
    ["<form>No <input> here</form>yes<select><option>no</select><textarea>no</textarea>", "yes"],
    ["<SCRIPT>no</Script >yes<style>no", "yes"],
    ["&quot;&hellip;&#x1F642;&#128578;&auml;&Auml;&#0;&#xD800;&#9999999;&nope;&", '"…🙂🙂äÄ\ufffd\ufffd\ufffd&nope;&'],
    ["  a\n\t b&nbsp; c  ", "a b c"],
    ["<p title='a'>x</p><p>y", "x y"],
    ["", ""],
  ])("the text of %s is %s", (html, text) => {
    expect<unknown>(picked({ html }, "html:excerpt(100,true)")).toEqual({ html: text });
  });

  test("hostile texts and wishes take no time", () => {
    const began = performance.now();
    picked({ html: "<script".repeat(300_000) }, "html:excerpt(10)");
    picked({ html: "<".repeat(1_000_000) }, "html:excerpt(10)");
    picked({ html: "<!--".repeat(300_000) }, "html:excerpt(10)");
    picked({ html: "<svg>".repeat(300_000) }, "html:excerpt(10)");
    picked({ html: "<a href='".repeat(200_000) }, "html:excerpt(10)");
    picked({ html: "<script>x</script".repeat(100_000) }, "html:excerpt(10)");
    picked(record, "(".repeat(100_000));
    picked(record, "a(,".repeat(30_000));
    picked(record, "a.".repeat(50_000));
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

describe("on a socket", () => {
  test("a request for a host that would mislead the router is refused", async () => {
    const { app } = smallApp();
    const address = listen(app, serverOptions);
    try {
      for (const host of ["a", "a.b", "", "a/b", "a b", "user@host"]) {
        const [head = ""] = await raw(
          address,
          `GET /api/secret HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
        );
        expect([host, head]).toEqual([host, "HTTP/1.1 400 Bad Request"]);
        const [page = ""] = await raw(
          address,
          `GET /page HTTP/1.1\r\nHost: ${host}\r\nAccept: text/html\r\nReferer: https://you.example/\r\nConnection: close\r\n\r\n`,
        );
        expect([host, page]).toEqual([host, "HTTP/1.1 400 Bad Request"]);
      }
      const [head = ""] = await raw(
        address,
        "GET /api/secret HTTP/1.1\r\nHost: nas.local\r\nConnection: close\r\n\r\n",
      );
      expect(head).toBe("HTTP/1.1 401 Unauthorized");
    } finally {
      await app.stop(true);
    }
  });

  test("what is too large is refused before it is sent, in the envelope", async () => {
    const { app } = smallApp();
    const address = listen(app, serverOptions);
    try {
      const lines = await raw(
        address,
        `POST /api/payload HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${largestRequest + 1}\r\nConnection: close\r\n\r\n`,
      );
      expect(lines[0]).toBe("HTTP/1.1 413 Payload Too Large");
      expect(lines.at(-1)).toBe('{"data":{},"message":"Request entity too large.","status":413}');
    } finally {
      await app.stop(true);
    }
  });
});

/** Sends bytes as they are and answers the lines that come back. */
function raw(address: string, text: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(address).port), "127.0.0.1", () => socket.write(text));
    let answer = "";
    socket.on("data", (bytes) => (answer += bytes));
    socket.on("end", () => resolve(answer.split("\r\n")));
    socket.on("error", reject);
  });
}
