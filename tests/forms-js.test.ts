import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { publicFolder } from "../src/embedded.ts";
import { en } from "../src/phrases/en.ts";
import { Opened, scenarios } from "./testing.ts";

const source = readFileSync(join(publicFolder, "forms.js"), "utf8");
/** One letter more, and what came of it. */
const more = { letters: 1, _submissions: 1, outbox: 2 };
const page = { accept: "text/html" };
const script = { ...page, "x-requested-with": "forms.js" };

async function withForm(opened: Opened): Promise<void> {
  await opened.collection({
    name: "letters",
    fields: [
      { name: "text", type: "text", required: true },
      { name: "from", type: "text" },
    ],
  });
  await opened.record("_forms", { slug: "letters", collection: "letters", title: "Letters" });
}

describe("the file", () => {
  test("weighs less than 5 KB as browsers get it", async () => {
    await using opened = await Opened.open();
    const ask = (encoding: string, method = "GET") => {
      const request = new Request("http://localhost/forms.js", { method, headers: { "accept-encoding": encoding } });
      return opened.app.handle(request);
    };
    const packed = await ask("gzip, deflate, br");
    expect(packed.headers.get("content-encoding")).toBe("gzip");
    expect(packed.headers.get("content-type")).toStartWith("text/javascript");
    expect(packed.headers.get("vary")).toContain("Accept-Encoding");
    const bytes = await packed.bytes();
    expect(bytes.length).toBeLessThan(5000);
    expect(new TextDecoder().decode(Bun.gunzipSync(bytes))).toStartWith("(()=>{");
    expect((await ask("gzip", "HEAD")).headers.get("content-length")).toBe(String(bytes.length));
    for (const encoding of ["", "br", "gzip;q=0", "gzip; q=0.0, br"]) {
      expect([encoding, await (await ask(encoding)).text()]).toEqual([encoding, source]);
    }
  });

  test("keeps to a strict policy: nothing inline, nothing evaluated, no markup made of text", () => {
    const parts = /\b(eval|Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|style|onclick)\b/;
    expect(parts.exec(source.replace(/\/\*[\s\S]*?\*\//g, ""))?.[0]).toBeUndefined();
  });

  test("says what our pages say", () => {
    for (const code of ["page_send_lost", "page_send_broken", "page_problems", "page_thanks_title"] as const) {
      expect([code, source.includes(`"${en[code]}"`)]).toEqual([code, true]);
    }
  });

  test("is served as what it is, and kept for a while", async () => {
    await using opened = await Opened.open();
    const { status, headers, text } = await opened.send({ json: ["GET", "/forms.js"] });
    expect([status, text]).toEqual([200, source]);
    expect(headers.get("content-type")).toBe("text/javascript;charset=utf-8");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cache-control")).toBe("public, max-age=3600");
    expect(headers.get("access-control-allow-origin")).toBe("*");
  });

  test("is on every page of ours, which allows it", async () => {
    await using opened = await Opened.open();
    await withForm(opened);
    for (const path of ["/", "/forms/letters", "/forms/letters/thanks", "/forms/nothing", "/_/login"]) {
      const { headers, text } = await opened.send({ json: ["GET", path], headers: page });
      expect([path, text]).toEqual([path, expect.stringContaining('<script src="/forms.js" defer data-ours')]);
      const policy = headers.get("content-security-policy") ?? "";
      expect([path, policy]).toEqual([path, expect.stringMatching(/script-src 'self'; .*connect-src 'self'; /)]);
    }
  });
});

describe("where an answer leads", () => {
  const path = "/forms/letters";

  scenarios("a form", withForm, [
    { it: "tells a browser by 303", form: [path, { text: "Hi" }], get: 303, to: `${path}/thanks`, changes: more },
    {
      it: "tells forms.js on our own page, which could not read that",
      form: [path, { text: "Hi" }],
      headers: script,
      get: 204,
      to: `${path}/thanks`,
      changes: more,
    },
    {
      it: "tells forms.js where the page that posts wants to go",
      form: [path, { text: "Hi", _next: "/all#last" }],
      headers: script,
      get: 204,
      to: "/all#last",
      changes: more,
    },
    {
      it: "tells scripts of other sites beside the record",
      form: [path, { text: "Hi" }],
      headers: { accept: "application/json" },
      get: 200,
      shows: ['"text":"Hi"'],
      to: `${path}/thanks`,
      changes: more,
    },
    {
      it: "answers forms.js with the page where something is wrong",
      form: [path, { from: "Ann" }],
      headers: script,
      get: 422,
      shows: [en.validation_required, 'value="Ann"'],
      changes: {},
    },
  ]);

  test("a cookie that is set on the way is set for forms.js too", async () => {
    await using opened = await Opened.open();
    const headers = { ...script, "sec-fetch-site": "same-origin" };
    const answer = await opened.send({ form: ["/_/logout", {}], headers });
    expect([answer.status, answer.headers.get("location")]).toEqual([204, "/_/login"]);
    expect(answer.headers.get("set-cookie")).toStartWith("formstead-owner=; ");
  });
});

test("what a form answers can be read from any site that may post to it, but for its cookies", async () => {
  await using opened = await Opened.open({ origins: ["https://listed.example"] });
  await withForm(opened);
  const read = async (origin: string, wish: Parameters<Opened["send"]>[0]) => {
    const { headers } = await opened.send({ ...wish, headers: { ...wish.headers, origin } });
    return ["allow-origin", "allow-credentials"].map((it) => headers.get(`access-control-${it}`));
  };
  const ways: Parameters<Opened["send"]>[0][] = [
    { form: ["/forms/letters", { text: "Hi" }], headers: { accept: "application/json" } },
    { form: ["/forms/letters", {}], headers: { accept: "application/json" } },
    { json: ["GET", "/forms/letters/thanks"], headers: page },
  ];
  for (const way of ways) {
    expect(await read("https://any.example", way)).toEqual(["*", null]);
    expect(await read("https://listed.example", way)).toEqual(["https://listed.example", "true"]);
  }
  expect(await read("https://any.example", { json: ["GET", "/api/collections/letters/records"] })).toEqual([
    null,
    null,
  ]);
});
