import { afterAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { existsSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { largestRequest, serverOptions } from "../src/http/options.ts";
import { ann, listen, request, root, smallApp, superusers, tokens, users } from "./http-app.ts";

const { app, uploaded, tempFolder } = smallApp();
const form = "application/x-www-form-urlencoded";

interface Echo {
  json: Record<string, unknown>;
  form: Record<string, string[]>;
  files: Record<string, { filename: string; mime: string; size: number; text: string }[]>;
  inferred: Record<string, unknown>;
}

function send(path: string, body: BodyInit, type?: string, more: HeadersInit = {}) {
  const headers = { ...(type === undefined ? {} : { "content-type": type }), ...more };
  return app.handle(request(path, { method: "POST", body, headers }));
}

async function payload(body: BodyInit, type?: string): Promise<Echo> {
  const answer = await send("/api/payload", body, type);
  expect(answer.status).toBe(200);
  return answer.json();
}

/** A multipart body as it may come from anyone. */
function parts(...them: string[]): string {
  return [...them.map((part) => `--XX\r\n${part}\r\n`), "--XX--\r\n"].join("");
}

const part = (name: string, value: string) => `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`;
const multipart = "multipart/form-data; boundary=XX";

/** Files are removed just after the answer. */
async function leftOver(): Promise<string[]> {
  for (let tries = 0; tries < 50 && existsSync(tempFolder) && readdirSync(tempFolder).length > 0; tries++)
    await Bun.sleep(5);
  return existsSync(tempFolder) ? readdirSync(tempFolder) : [];
}

describe("bodies that cannot be read are 400, with one sentence and nothing of what was sent", () => {
  const deep = (levels: number) => `{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`;
  const table: [string, string | Uint8Array<ArrayBuffer>, string | undefined][] = [
    ["JSON that breaks off", '{"password":"hunter2"', "application/json"],
    ["JSON that is no object", '["hunter2"]', "application/json"],
    ["JSON that is null", "null", "application/json"],
    ["JSON that is a string", '"hunter2"', "application/json"],
    ["JSON that is only blanks", "  ", "application/json"],
    [
      "JSON of invalid UTF-8",
      Buffer.from([...Buffer.from('{"a":"'), 0xff, 0xfe, ...Buffer.from('"}')]),
      "application/json",
    ],
    ["JSON that is too deep", deep(600), "application/json"],
    ["JSON that is far too deep", deep(30_000), "application/json"],
    ["a number that is NaN", '{"a":NaN}', "application/json"],
    ["a type nobody knows", "hunter2", "text/plain"],
    ["XML", "<a>hunter2</a>", "application/xml"],
    ["no type at all", Buffer.from("hunter2"), undefined],
    ["a type that is no type", "hunter2", ";;;"],
    ["a form of 2,000 keys", Array.from({ length: 2000 }, (_, at) => `k${at}=1`).join("&"), form],
    ["multipart without a boundary", parts(part("a", "hunter2")), "multipart/form-data"],
    ["multipart with another boundary", parts(part("a", "hunter2")), "multipart/form-data; boundary=YY"],
    ["multipart that breaks off in a text", `--XX\r\n${part("a", "hunter2")}`, multipart],
    ["multipart that breaks off in a file", `--XX\r\n${part('a"; filename="f', "hunter2")}`, multipart],
    ["multipart that breaks off in a header", "--XX\r\nContent-Disposition: form-da", multipart],
    ["multipart with a header that is none", parts("hunter2\r\n\r\nx"), multipart],
    ["multipart of 1,050 parts", parts(...Array.from({ length: 1050 }, (_, at) => part(`k${at}`, "1"))), multipart],
    ["multipart with a name that has no end", parts(part("n".repeat(300), "1")), multipart],
    [
      "multipart with a name that has no end, and a file",
      parts(part("n".repeat(300), "1"), part('f"; filename="f', "x".repeat(500))),
      multipart,
    ],
    ["multipart with a text that has no name", parts("Content-Disposition: form-data\r\n\r\nhunter2"), multipart],
    ["a JSON part that breaks off", parts(part("@jsonPayload", '{"a":"hunter2"')), multipart],
    ["a JSON part that is no object", "%40jsonPayload=%5B1%5D", form],
  ];
  for (const path of ["/api/payload", "/api/typed"]) {
    for (const [it, body, type] of table) {
      test(`${path}: ${it}`, async () => {
        const answer = await send(path, body, type);
        expect([answer.status, await answer.text()]).toEqual([
          400,
          '{"data":{},"message":"Failed to read the submitted data.","status":400}',
        ]);
      });
    }
  }

  test("nothing of them stays on the disk", async () => expect(await leftOver()).toEqual([]));

  test("on a page, in words", async () => {
    const answer = await send("/login", '{"password":"hunter2"', "application/json", { accept: "text/html" });
    const html = await answer.text();
    expect([answer.status, answer.headers.get("content-type")]).toEqual([400, "text/html;charset=utf-8"]);
    expect(html).toContain("Failed to read the submitted data.");
    expect(html).not.toContain("hunter2");
  });

  test("a value that its schema does not allow is named, not shown", async () => {
    const wrong = await send("/api/typed", '{"a":{"password":"hunter2"},"more":1}', "application/json");
    expect([wrong.status, await wrong.json()]).toEqual([
      400,
      {
        data: { a: { code: "validation_invalid_value", message: "Invalid value." } },
        message: "An error occurred while validating the submitted data.",
        status: 400,
      },
    ]);
    const missing = await send("/api/typed", "{}", "application/json");
    expect(await missing.json()).toHaveProperty("data", {
      a: { code: "validation_required", message: "Cannot be blank." },
    });
  });
});

describe("what is too large", () => {
  const tooLarge = '{"data":{},"message":"Request entity too large.","status":413}';

  test("is 413, however it comes", async () => {
    const text = "x".repeat(250_000);
    const bodies: [BodyInit, string | undefined][] = [
      [`{"a":"${text}"}`, "application/json"],
      [`a=${text}`, form],
      [parts(part("a", text)), multipart],
      [parts(part('a"; filename="f', text)), multipart],
    ];
    for (const [body, type] of bodies) {
      const answer = await app.handle(
        request("/api/payload", { method: "POST", body, headers: { "content-type": type ?? "" } }),
      );
      expect([type, answer.status, await answer.text()]).toEqual([type, 413, tooLarge]);
    }
    expect(await leftOver()).toEqual([]);
  });

  test("counts as it arrives where nobody says how much it is", async () => {
    let pulled = 0;
    const endless = new ReadableStream({
      pull: (controller) => {
        pulled++;
        controller.enqueue(new Uint8Array(64 * 1024).fill(97));
      },
    });
    const answer = await send("/api/payload", endless, "application/json");
    expect([answer.status, await answer.text()]).toEqual([413, tooLarge]);
    expect(pulled).toBeLessThan(10);
  });

  test("is less for strangers on fixed routes than for superusers", async () => {
    const body = JSON.stringify({ a: "x".repeat(70_000) });
    const as = async (token?: string) => {
      const answer = await send("/api/typed", body, "application/json", token ? { authorization: token } : {});
      return answer.status;
    };
    expect(await as()).toBe(413);
    expect(await as(await tokens.sign("auth", users, ann))).toBe(413);
    expect(await as(await tokens.sign("auth", superusers, root))).toBe(200);
  });
});

describe("typed: plain values", () => {
  const typed = async (body: string | FormData, type?: string): Promise<unknown> => {
    const answer: { body: unknown } = await (await send("/api/typed", body, type)).json();
    return answer.body;
  };

  test("JSON as it is", async () => {
    expect(await typed('{"a":"1","b":[1,{"c":null}]}', "application/json")).toEqual({ a: "1", b: [1, { c: null }] });
    expect(await typed('\ufeff{"a":"1"}', "application/json; charset=utf-8")).toEqual({ a: "1" });
  });

  test("strings of forms stay strings, whatever they look like", async () => {
    for (const text of ['{"a":1}', "[1,2]", "true", "007", "12", "null", "", " x "]) {
      const sent = new FormData();
      sent.append("a", text);
      expect(await typed(sent)).toEqual({ a: text });
      expect(await typed(`a=${encodeURIComponent(text)}`, form)).toEqual({ a: text });
    }
    expect(await typed("a=1&a=2", form)).toEqual({ a: ["1", "2"] });
  });

  test("JSON parts of forms are values, and files are left alone", async () => {
    const sent = new FormData();
    sent.append("a", "1");
    sent.append("@jsonPayload", '{"n":5}');
    sent.append("file", new File(["hello"], "a.txt"));
    expect(await typed(sent)).toEqual({ a: "1", n: 5 });
    expect(await leftOver()).toEqual([]);
  });

  test("no key becomes a prototype", async () => {
    expect(await typed('{"a":"1","__proto__":{"admin":true}}', "application/json")).toEqual({
      a: "1",
      __proto___: { admin: true },
    });
    expect(await typed("a=1&__proto__=2&constructor=3", form)).toEqual({ a: "1", __proto___: "2", constructor: "3" });
    expect(await typed('a=1&%40jsonPayload={"__proto__":{"admin":1}}', form)).toEqual({
      a: "1",
      __proto___: { admin: 1 },
    });
  });
});

describe("payload: what was sent, before it means anything", () => {
  const nothing: Echo = { json: {}, form: {}, files: {}, inferred: {} };

  test("nothing is nothing, whatever type is said", async () => {
    for (const type of ["application/json", form, "text/plain", "application/octet-stream"]) {
      expect(await payload("", type)).toEqual(nothing);
    }
    const bare = await app.handle(request("/api/payload", { method: "POST" }));
    expect(await bare.json()).toEqual(nothing);
  });

  test("JSON", async () => {
    const json = { title: "Hi", n: 1.5, deep: [{ a: null }] };
    expect(await payload(JSON.stringify(json), "application/json")).toEqual({ ...nothing, json, inferred: json });
  });

  test("a form: strings exactly as sent, in order", async () => {
    const body = "title=+Hello%20w%C3%B6rld%0D%0A&tags=a&tags=b&empty=&bare&json=%7B%22a%22%3A1%7D&=nameless&&100%=%zz";
    expect((await payload(body, `${form}; charset=UTF-8`)).form).toEqual({
      title: [" Hello wörld\r\n"],
      tags: ["a", "b"],
      empty: [""],
      bare: [""],
      json: ['{"a":1}'],
      "": ["nameless"],
      "100%": ["%zz"],
    });
  });

  test("a form of an old page, whose letters are not UTF-8", async () => {
    expect((await payload("name=J%FCrgen+%80", form)).form).toEqual({ name: ["Jürgen €"] });
    expect((await payload(Buffer.from("name=J\xfcrgen", "latin1"), form)).form).toEqual({ name: ["Jürgen"] });
  });

  test("a form says what it said, for every text", async () => {
    const texts = fc.array(fc.tuple(fc.string({ unit: "binary" }), fc.string({ unit: "binary" })), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(texts, async (pairs) => {
        const usable = pairs.filter(([key]) => !["@jsonPayload", "__proto__"].includes(key));
        const expected = new Map<string, string[]>();
        for (const [key, value] of usable) expected.set(key, [...(expected.get(key) ?? []), value]);
        const sent = await payload(new URLSearchParams(usable).toString(), form);
        expect(sent.form).toEqual(Object.fromEntries(expected));
      }),
      { numRuns: 60 },
    );
  });

  test("multipart: strings exactly as sent, files beside them in order, empty file inputs not at all", async () => {
    const sent = new FormData();
    sent.append("json", '{"a":1}');
    sent.append("text", "zwei\r\nZeilen ü");
    sent.append("docs", new File(["one"], "ü ñ.txt", { type: "text/plain" }));
    sent.append("docs", "kept.txt");
    sent.append("docs", new File(["zwei".repeat(20_000)], "../../b.txt"));
    sent.append("docs", new File([], "empty.txt", { type: "text/plain" }));
    sent.append("none", new File([], ""));
    const echo = await payload(sent);
    expect(echo.form).toEqual({ json: ['{"a":1}'], text: ["zwei\r\nZeilen ü"], docs: ["kept.txt"] });
    expect(Object.keys(echo.files)).toEqual(["docs"]);
    expect(echo.files["docs"]?.map(({ filename, size, text }) => [filename, size, text.slice(0, 4)])).toEqual([
      ["ü ñ.txt", 3, "one"],
      ["b.txt", 80_000, "zwei"],
      ["empty.txt", 0, ""],
    ]);
    expect(echo.files["docs"]?.[0]?.mime).toBe("text/plain");
    expect(uploaded.length).toBe(3);
    expect(uploaded.every((path) => path.startsWith(tempFolder))).toBe(true);
    expect(await leftOver()).toEqual([]);
  });

  test("multipart: NUL in texts and odd names do no harm", async () => {
    const body = parts(part("a", "x\0y"), part("__proto", "1"), part('f"; filename="..', "data"));
    const echo = await payload(body, multipart);
    expect(echo.form).toEqual({ a: ["x\0y"], __proto: ["1"] });
    expect(echo.files["f"]?.[0]?.text).toBe("data");
  });

  test("files are removed also where the handler then refuses or breaks", async () => {
    for (const [path, status] of [
      ["/api/regret", 507],
      ["/api/regret?crash=1", 500],
    ] as const) {
      const sent = new FormData();
      sent.append("file", new File(["hello"], "a.txt"));
      const before = uploaded.length;
      expect((await send(path, sent)).status).toBe(status);
      expect(uploaded.length).toBe(before + 1);
      expect(await leftOver()).toEqual([]);
    }
  });

  test("JSON parts are merged; a key is in json or in form", async () => {
    const sent = new FormData();
    sent.append("@jsonPayload", '{"a":1,"b":{"c":true},"title":"json"}');
    sent.append("@jsonPayload", '{"a":2}');
    sent.append("title", "form");
    const echo = await payload(sent);
    expect(echo.json).toEqual({ a: 2, b: { c: true } });
    expect(echo.form).toEqual({ title: ["form"] });
  });

  test("for rules, forms have the values they seem to have", async () => {
    const sent = new FormData();
    for (const [key, value] of Object.entries({
      yes: "true",
      no: "false",
      n: "12.5",
      zeros: "007",
      one: "1.0",
      plus: "+1",
    })) {
      sent.append(key, value);
    }
    for (const tag of ["a", "2"]) sent.append("tags", tag);
    sent.append("photo", new File(["x"], "me.png"));
    sent.append("@jsonPayload", '{"meta":{"a":[1]}}');
    expect((await payload(sent)).inferred).toEqual({
      yes: true,
      no: false,
      n: 12.5,
      zeros: "007",
      one: "1.0",
      plus: "+1",
      tags: ["a", 2],
      photo: "me.png",
      meta: { a: [1] },
    });
  });
});

describe("on a socket", () => {
  const address = listen(app, serverOptions);
  afterAll(() => app.stop(true));

  test("a body in pieces is the same body", async () => {
    const body = new ReadableStream({
      async start(controller) {
        for (const piece of ['{"a":', '"', "x".repeat(50_000), '"}']) {
          controller.enqueue(Buffer.from(piece));
          await Bun.sleep(1);
        }
        controller.close();
      },
    });
    const answer = await fetch(`${address}/api/payload`, {
      method: "POST",
      body,
      headers: { "content-type": "application/json" },
    });
    expect(await answer.json()).toHaveProperty("json", { a: "x".repeat(50_000) });
  });

  test("files arrive whole, several senders at a time", async () => {
    const sizes = await Promise.all(
      [1, 10_000, 150_000, 65_536, 99_999].map(async (size) => {
        const sent = new FormData();
        sent.append("file", new File([new Uint8Array(size).fill(size % 251)], "f.bin"));
        const answer = await fetch(`${address}/api/payload`, { method: "POST", body: sent });
        const echo: Echo = await answer.json();
        return [size, echo.files["file"]?.[0]?.size];
      }),
    );
    for (const [size, got] of sizes) expect(got).toBe(size);
    expect(await leftOver()).toEqual([]);
  });

  test("a body that nobody reads does not disturb the next request", async () => {
    for (let round = 0; round < 3; round++) {
      const body = JSON.stringify({ a: "x".repeat(300_000) });
      const answer = await fetch(`${address}/api/unread`, {
        method: "POST",
        body,
        headers: { "content-type": "application/json" },
      });
      expect(answer.status).toBe(401);
      expect((await fetch(`${address}/api/me`)).status).toBe(200);
    }
  });

  test("a sender who goes away in the middle leaves nothing behind", async () => {
    const body = parts(part('f"; filename="f', "x".repeat(50_000))).slice(0, -20);
    const head = `POST /api/payload HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${multipart}\r\nContent-Length: 100000\r\n\r\n`;
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(address).port), "127.0.0.1", () => socket.write(head + body));
      setTimeout(() => socket.destroy(), 50);
      socket.on("close", () => resolve());
    });
    expect(await leftOver()).toEqual([]);
  });

  test("a multipart body above all limits is 413", async () => {
    const headers = { "content-type": multipart, "content-length": String(largestRequest + 1) };
    const answer = await app.handle(request("/api/payload", { method: "POST", body: "", headers }));
    expect(answer.status).toBe(413);
  });
});
