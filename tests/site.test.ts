import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { serverOptions } from "../src/http/options.ts";
import { openSite } from "../src/http/site.ts";
import { listen, request, smallApp } from "./http-app.ts";

const home = mkdtempSync(join(tmpdir(), "formstead-site-"));
const folder = join(home, "public");
const { app } = smallApp({ publicDir: folder });
const address = listen(app, serverOptions);

function put(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

beforeAll(() => {
  put("index.html", "<h1>Home</h1>");
  put("about.html", "<h1>About</h1>");
  put("docs/index.html", "<h1>Docs</h1>");
  put("docs/guide.html", "<h1>Guide</h1>");
  put("both.html", "<h1>Page</h1>");
  put("both/index.html", "<h1>Folder</h1>");
  put("style.css", "p{}");
  put("a b/ü ñ.txt", "odd name");
  put("100%.txt", "percent");
  put("me.html", "<h1>Mine</h1>");
  put("empty.txt", "");
  put("noextension", "?");
  put(".env", "SECRET=1");
  put(".git/config", "secret");
  put("docs/.hidden.html", "secret");
  put(".well-known/security.txt", "Contact: me");
  put("api/me", "stolen");
  put("_/index.html", "stolen");
  put("forms/contact.html", "stolen");
  put("formsworth.html", "<h1>Mine too</h1>");
  put(
    "big.bin",
    new Uint8Array(300_000).map((_, at) => at % 251),
  );
  writeFileSync(join(home, "secret.txt"), "secret");
  mkdirSync(join(home, "public-too"));
  writeFileSync(join(home, "public-too", "x.txt"), "secret");
  symlinkSync(join(home, "secret.txt"), join(folder, "link.txt"));
  symlinkSync(home, join(folder, "out"));
  symlinkSync(join(home, "public-too"), join(folder, "neighbour"));
  symlinkSync("about.html", join(folder, "alias.html"));
  symlinkSync("loop", join(folder, "loop"));
});

afterAll(async () => {
  await app.stop(true);
  rmSync(home, { recursive: true });
});

async function get(path: string, headers: HeadersInit = {}): Promise<[number, string]> {
  const answer = await fetch(address + path, { headers: { accept: "*/*", ...headers }, redirect: "manual" });
  return [answer.status, await answer.text()];
}

/** Sends a path that no client would. */
function rawly(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(address).port), "127.0.0.1", () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    });
    let answer = "";
    socket.on("data", (bytes) => (answer += bytes));
    socket.on("end", () => resolve(answer));
    socket.on("error", reject);
  });
}

describe("a path is a file", () => {
  const table: [string, string][] = [
    ["/", "<h1>Home</h1>"],
    ["/index.html", "<h1>Home</h1>"],
    ["/about", "<h1>About</h1>"],
    ["/about.html", "<h1>About</h1>"],
    ["/docs", "<h1>Docs</h1>"],
    ["/docs/", "<h1>Docs</h1>"],
    ["/docs/guide", "<h1>Guide</h1>"],
    ["/both", "<h1>Page</h1>"],
    ["/both/", "<h1>Folder</h1>"],
    ["/style.css?v=2", "p{}"],
    ["/a%20b/%C3%BC%20%C3%B1.txt", "odd name"],
    ["/a b/ü ñ.txt", "odd name"],
    ["/100%25.txt", "percent"],
    ["/empty.txt", ""],
    ["/.well-known/security.txt", "Contact: me"],
    ["/formsworth", "<h1>Mine too</h1>"],
    ["/alias", "<h1>About</h1>"],
    ["/docs/../about", "<h1>About</h1>"],
  ];
  for (const [path, text] of table) test(path, async () => expect(await get(path)).toEqual([200, text]));

  test("a new file counts at once, a changed one too, and a removed one no more", async () => {
    expect((await get("/new"))[0]).toBe(404);
    put("new.html", "one");
    expect(await get("/new")).toEqual([200, "one"]);
    put("new.html", "two and more");
    expect(await get("/new")).toEqual([200, "two and more"]);
    rmSync(join(folder, "new.html"));
    expect((await get("/new"))[0]).toBe(404);
  });

  test("a folder that is not there is an empty one", () => {
    const site = openSite(join(home, "nowhere"), true);
    expect(site.find(request("/x"), "/x")).toBeUndefined();
    expect(site.fallback(request("/x", { headers: { accept: "text/html" } }), "/x")).toBeUndefined();
  });

  test("each kind has its type", async () => {
    const type = async (path: string) => (await fetch(address + path)).headers.get("content-type");
    expect(await type("/about")).toBe("text/html;charset=utf-8");
    expect(await type("/style.css")).toBe("text/css;charset=utf-8");
    expect(await type("/noextension")).toBe("application/octet-stream");
  });

  test("and has the headers that every answer has", async () => {
    const { headers } = await fetch(`${address}/about`);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-request-id")).toMatch(/-/);
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("content-length")).toBe("14");
  });
});

describe("what is not the folder's business", () => {
  const secret = /secret|SECRET|stolen/;
  const paths = [
    "/.env",
    "/.git/config",
    "/docs/.hidden",
    "/docs/.hidden.html",
    "/.well-known/../.env",
    "/docs/.well-known/x",
    "/link.txt",
    "/out/secret.txt",
    "/neighbour/x.txt",
    "/loop",
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/%2e%2e%2fsecret.txt",
    "/docs/..%2f..%2fsecret.txt",
    "/docs/%252e%252e/%252e%252e/secret.txt",
    "/..%5csecret.txt",
    "/..\\secret.txt",
    "/docs%5c..%5c..%5csecret.txt",
    "/about.html%00.txt",
    "/about%00",
    "/%2eenv",
    "/.%65nv",
    "//etc/passwd",
    "/etc/passwd",
    "//secret.txt",
    "/docs//guide",
    "/%",
    "/%zz",
    "/%ff",
    `/${"x".repeat(5000)}`,
    `/${"x/".repeat(2000)}`,
    "/style.css/",
    "/about.html/index.html",
    "/api/me.txt",
    "/_/index.html",
    "/_/",
    "/forms/contact",
    "/forms/contact.html",
  ];
  for (const path of paths) {
    test(path.slice(0, 50), async () => {
      const answer = await rawly(path);
      expect(answer).toMatch(/^HTTP\/1.1 404 /);
      expect(answer).not.toMatch(secret);
    });
  }

  test("API routes answer themselves", async () => {
    expect((await get("/api/me"))[1]).toContain('"kind":"guest"');
  });

  test("a page replaced by a file answers its own GET only", async () => {
    expect(await get("/me")).toEqual([200, "<h1>Mine</h1>"]);
    const posted = await fetch(`${address}/style.css`, { method: "POST", headers: { origin: address } });
    expect(posted.status).toBe(404);
  });
});

describe("a page nobody knows", () => {
  test("is the folder's index for who wants a page, and 404 for others", async () => {
    expect(await get("/app/some/where", { accept: "text/html,*/*;q=0.8" })).toEqual([200, "<h1>Home</h1>"]);
    expect((await get("/app/some/where"))[0]).toBe(404);
    expect((await get("/app/where", { accept: "application/json" }))[0]).toBe(404);
    const posted = await fetch(`${address}/app`, { method: "POST", headers: { accept: "text/html", origin: address } });
    expect(posted.status).toBe(404);
  });

  test("never under /api/ or in the dashboard", async () => {
    for (const path of ["/api/nothing", "/_/nothing", "/forms/nothing", "/f/nothing"]) {
      expect((await get(path, { accept: "text/html" }))[0]).toBe(404);
    }
  });

  test("is 404 where the fallback is off", () => {
    const site = openSite(folder, false);
    expect(site.fallback(request("/x", { headers: { accept: "text/html" } }), "/x")).toBeUndefined();
  });
});

describe("parts, times and tags", () => {
  const size = 300_000;
  const range = async (value: string, more: HeadersInit = {}) => {
    const answer = await fetch(`${address}/big.bin`, { headers: { range: value, ...more } });
    const bytes = await answer.bytes();
    return [answer.status, answer.headers.get("content-range"), bytes.length, bytes[0]];
  };

  test("one range of bytes", async () => {
    expect(await range("bytes=0-0")).toEqual([206, `bytes 0-0/${size}`, 1, 0]);
    expect(await range("bytes=100-199")).toEqual([206, `bytes 100-199/${size}`, 100, 100]);
    expect(await range("bytes=299999-")).toEqual([206, `bytes 299999-299999/${size}`, 1, 299_999 % 251]);
    expect(await range("bytes=-100")).toEqual([206, `bytes 299900-299999/${size}`, 100, 299_900 % 251]);
    expect(await range("bytes=299000-999999999")).toEqual([206, `bytes 299000-299999/${size}`, 1000, 299_000 % 251]);
    expect(await range("bytes=-999999999")).toEqual([206, `bytes 0-299999/${size}`, size, 0]);
  });

  test("a range that is not there", async () => {
    expect((await range("bytes=300000-")).slice(0, 3)).toEqual([416, `bytes */${size}`, 0]);
    expect((await range("bytes=400000-500000")).slice(0, 3)).toEqual([416, `bytes */${size}`, 0]);
    expect((await range("bytes=-0")).slice(0, 3)).toEqual([416, `bytes */${size}`, 0]);
  });

  test("what is no range, or several, is the whole", async () => {
    for (const value of ["bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "bytes=1"]) {
      expect([value, ...(await range(value))]).toEqual([value, 200, null, size, 0]);
    }
  });

  test("a range of a file that changed is the whole", async () => {
    const etag = (await fetch(`${address}/big.bin`)).headers.get("etag") ?? "";
    expect((await range("bytes=0-9", { "if-range": etag }))[0]).toBe(206);
    expect((await range("bytes=0-9", { "if-range": '"other"' }))[0]).toBe(200);
  });

  test("what the visitor has already is not sent again", async () => {
    const first = await fetch(`${address}/about`);
    const etag = first.headers.get("etag") ?? "";
    const modified = first.headers.get("last-modified") ?? "";
    expect(first.headers.get("cache-control")).toBe("no-cache");
    const again = async (headers: HeadersInit) => (await fetch(`${address}/about`, { headers })).status;
    expect(await again({ "if-none-match": etag })).toBe(304);
    expect(await again({ "if-none-match": `"x", ${etag}` })).toBe(304);
    expect(await again({ "if-none-match": "*" })).toBe(304);
    expect(await again({ "if-none-match": '"x"' })).toBe(200);
    expect(await again({ "if-modified-since": modified })).toBe(304);
    expect(await again({ "if-modified-since": "Sat, 01 Jan 2000 00:00:00 GMT" })).toBe(200);
    expect(await again({ "if-modified-since": "nonsense" })).toBe(200);
    expect(await again({ "if-none-match": '"x"', "if-modified-since": modified })).toBe(200);
    utimesSync(join(folder, "about.html"), new Date(), new Date(Date.now() + 5000));
    expect(await again({ "if-none-match": etag })).toBe(200);
  });

  test("HEAD says what GET would, and sends nothing", async () => {
    for (const path of ["/about", "/big.bin", "/empty.txt"]) {
      const get = await fetch(address + path);
      const head = await fetch(address + path, { method: "HEAD" });
      expect(head.status).toBe(200);
      expect(await head.text()).toBe("");
      for (const name of ["content-length", "content-type", "etag", "last-modified", "accept-ranges"]) {
        expect([path, name, head.headers.get(name)]).toEqual([path, name, get.headers.get(name)]);
      }
    }
  });

  test("a large file arrives whole", async () => {
    const bytes = await (await fetch(`${address}/big.bin`)).bytes();
    expect(bytes.length).toBe(size);
    expect(bytes.every((byte, at) => byte === at % 251)).toBe(true);
  });
});
