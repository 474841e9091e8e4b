import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { availableParallelism } from "node:os";
import { readUrlencoded } from "../src/http/body.ts";
import { door } from "../src/http/doors.ts";
import { takesPayload } from "../src/http/front.ts";
import { loose } from "../src/http/loose.ts";
import { openMemory } from "../src/http/memory.ts";
import { serverOptions } from "../src/http/options.ts";
import { listen, request, root, smallApp, superusers, tokens } from "./http-app.ts";
import { Opened, password as ownPassword } from "./testing.ts";

const form = "application/x-www-form-urlencoded";
const rootsToken = await tokens.sign("auth", superusers, root);

/** Milliseconds of the quickest of some runs. */
function quickest(work: () => void): number {
  const times = [1, 2, 3].map(() => {
    const began = performance.now();
    work();
    return performance.now() - began;
  });
  return Math.min(...times);
}

describe("a form's strings", () => {
  const read = (body: string) => readUrlencoded(Buffer.from(body)).get("a")?.[0] ?? "";

  test("cost what they weigh, however they are spelt", () => {
    const count = 200_000;
    const plain = quickest(() => read(`a=${"%41".repeat(count)}`));
    for (const spelling of ["%FF", "%zz", "+++", "%C3", "%%%", "+%F"]) {
      expect([spelling, quickest(() => read(`a=${spelling.repeat(count)}`)) < 25 * plain + 25]).toEqual([
        spelling,
        true,
      ]);
    }
  });

  test("are the bytes they spell, in UTF-8 or as old pages mean them", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), fc.infiniteStream(fc.boolean()), (bytes, spell) => {
        const plain = (byte: number) => byte > 32 && byte < 127 && !"%&+=".includes(String.fromCharCode(byte));
        const body = [...bytes].map((byte) => {
          const hex = byte.toString(16).padStart(2, "0");
          if (byte === 32) return "+";
          return plain(byte) && spell.next().value
            ? String.fromCharCode(byte)
            : `%${spell.next().value ? hex : hex.toUpperCase()}`;
        });
        const utf8 = Buffer.from(bytes).toString("utf8");
        const expected = Buffer.from(utf8).equals(bytes) ? utf8 : new TextDecoder("windows-1252").decode(bytes);
        expect(read(`a=${body.join("")}`)).toBe(expected);
      }),
    );
  });

  test("keep a percent sign that spells nothing", () => {
    for (const [sent, text] of [
      ["100%", "100%"],
      ["%F%FF", "%Fÿ"],
      ["%FF%f", "ÿ%f"],
      ["%%FF", "%ÿ"],
      ["%zz+%FF", "%zz ÿ"],
      ["ü%FF", "Ã¼ÿ"],
    ] as const) {
      expect([sent, read(`a=${sent}`)]).toEqual([sent, text]);
    }
  });
});

describe("JSON of more parts than anybody means", () => {
  const { app } = smallApp();
  const send = async (body: string) => {
    const headers = { "content-type": "application/json", authorization: rootsToken };
    return (await app.handle(request("/api/typed", { method: "POST", body, headers }))).status;
  };
  const names = (count: number) => `{"a":"","b":{${Array.from({ length: count }, (_, at) => `"${at}":1`).join(",")}}}`;

  test("is refused before it is parsed", async () => {
    expect(await send(names(150_000))).toBe(400);
    expect(await send(`{"a":"","b":[${"[],".repeat(1_100_000)}0]}`)).toBe(400);
    expect(await send(`{"a":"","b":[${"0,".repeat(1_100_000)}0]}`)).toBe(400);
  });

  test("and not where it only looks like it", async () => {
    expect(await send(names(20_000))).toBe(200);
    expect(await send(`{"a":"","b":[${"0,".repeat(300_000)}0]}`)).toBe(200);
    expect(await send(JSON.stringify({ a: `${":".repeat(200_000)}${'[{\\",'.repeat(500_000)}` }))).toBe(200);
  });
});

describe("a form takes what its fields can hold", () => {
  async function contact(): Promise<Opened> {
    const it = await Opened.open();
    await it.collection({
      name: "letters",
      fields: [
        { name: "message", type: "text" },
        { name: "essay", type: "text", max: 400_000 },
      ],
    });
    await it.record("_forms", { slug: "letter", collection: "letters", title: "Letter" });
    return it;
  }

  test("and a little more, so that what is too long comes back with a sentence", async () => {
    await using it = await contact();
    const long = "x".repeat(900_000);
    const again = await it.send({ form: ["/forms/letter", { message: long }] });
    expect(again.status).toBe(422);
    expect(again.text).toContain(long);
    const full = await it.send({ form: ["/forms/letter", { message: "hi", essay: "😀".repeat(400_000) }] });
    expect(full.status).toBe(303);
  });

  test("and no more", async () => {
    await using it = await contact();
    const huge = await it.send({ form: ["/forms/letter", { message: "x".repeat(7_000_000) }] });
    expect(huge.status).toBe(413);
    expect(huge.text.length).toBeLessThan(20_000);
    const sent = new FormData();
    sent.append("message", "x".repeat(7_000_000));
    const answer = await it.app.handle(new Request("http://localhost/forms/letter", { method: "POST", body: sent }));
    expect(answer.status).toBe(413);
    expect((await it.counts())["letters"]).toBe(0);
  });
});

describe("large bodies", () => {
  const json = (bytes: number) => JSON.stringify({ a: "x".repeat(bytes) });
  const jsonType = { "content-type": "application/json" };

  /** An app with room for so many bytes, and a route that holds on to what it has read until it is let go. */
  function holding(size: number, patience = 5_000) {
    const { app, tempFolder } = smallApp({ parts: { memory: openMemory(size, patience) } });
    const held: (() => void)[] = [];
    app.post(
      "/api/hold",
      async ({ body }) => {
        await body.read({ size: 1_000_000 });
        await new Promise<void>((go) => held.push(go));
        return "read";
      },
      { ...door("anyone"), ...takesPayload, query: loose({}) },
    );
    const send = (path: string, body: BodyInit, headers: HeadersInit = jsonType) =>
      app.handle(request(path, { method: "POST", body, headers }));
    const left = () => readdirSync(tempFolder).length;
    return { app, send, held, left };
  }

  async function until(holds: () => boolean): Promise<void> {
    for (let tries = 0; tries < 400 && !holds(); tries++) await Bun.sleep(5);
    expect(holds()).toBe(true);
  }

  test("are in memory as many at a time as there is room for, in the order in which they came", async () => {
    const { send, held, left } = holding(300_000);
    const answers = Array.from({ length: 5 }, () => send("/api/hold", json(120_000)));
    for (const more of [2, 2, 1]) {
      await until(() => held.length === more);
      await Bun.sleep(10);
      expect(held.length).toBe(more);
      for (const go of held.splice(0)) go();
    }
    for (const answer of await Promise.all(answers)) expect(await answer.text()).toBe("read");
    await until(() => left() === 0);
  });

  test("wait only so long, and are then refused with a sentence; small ones do not wait", async () => {
    const { send, held, left } = holding(300_000, 30);
    const first = [send("/api/hold", json(120_000)), send("/api/hold", json(120_000))];
    await until(() => held.length === 2);
    const late = await send("/api/hold", json(120_000));
    expect([late.status, late.headers.get("retry-after"), (await late.json()).message]).toEqual([
      503,
      "10",
      "Too much is being sent to this server at once. Nothing was changed; send it again in a moment.",
    ]);
    expect((await send("/api/typed", json(10_000))).status).toBe(200);
    for (const go of held) go();
    await Promise.all(first);
    await until(() => left() === 0);
  });

  test("give their room back, whatever comes of them", async () => {
    // There is room for one at a time, and for none once one has kept it.
    const { send, left } = holding(1, 500);
    const photo = new FormData();
    photo.append("text", "x".repeat(100_000));
    photo.append("file", new File([new Uint8Array(90_000)], "a.bin"));
    const table: [string, BodyInit, HeadersInit, number][] = [
      ["/api/payload", json(100_000), jsonType, 200],
      ["/api/payload", json(100_000).slice(0, -1), jsonType, 400],
      ["/api/payload", json(250_000), jsonType, 413],
      ["/api/payload", "x".repeat(100_000), { "content-type": "text/plain" }, 400],
      ["/api/payload", `a=${"x".repeat(100_000)}`, { "content-type": form }, 200],
      ["/api/payload", photo, {}, 200],
      ["/api/payload", "x".repeat(100_000), { "content-type": "multipart/form-data; boundary=x" }, 400],
      ["/api/regret", json(100_000), jsonType, 507],
      ["/api/regret?crash=1", json(100_000), jsonType, 500],
      ["/api/typed", json(100_000), { ...jsonType, authorization: rootsToken }, 200],
      ["/api/typed", json(100_000).replace('"a"', '"b"'), { ...jsonType, authorization: rootsToken }, 400],
    ];
    for (const round of [1, 2]) {
      for (const [path, body, headers, status] of table) {
        expect([round, path, (await send(path, body, headers)).status]).toEqual([round, path, status]);
      }
    }
    await until(() => left() === 0);
  });

  test("fill no more of the disk than they may", async () => {
    const disk = { bytes: 250_000 };
    const { app } = smallApp({ parts: { disk } });
    const address = listen(app, serverOptions);
    const send = () => app.handle(request("/api/payload", { method: "POST", body: json(120_000), headers: jsonType }));
    try {
      const port = Number(new URL(address).port);
      const slow = connect(port, "127.0.0.1");
      slow.write(
        `POST /api/payload HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 190000\r\n\r\n`,
      );
      slow.write("x".repeat(180_000));
      await until(() => disk.bytes === 70_000);
      const refused = await send();
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "10"]);
      slow.destroy();
      for (let n = 0; n < 4; n++) {
        await until(() => disk.bytes === 250_000);
        expect((await send()).status).toBe(200);
      }
    } finally {
      await app.stop(true);
    }
  });

  test("are cleared away as often as their room has been used up", async () => {
    let times = 0;
    const memory = openMemory(100, 1000, () => void times++);
    for (let bodies = 0; bodies < 10; bodies++) (await memory.reserve(30)).shrink(0);
    expect(times).toBe(2);
    const kept = await memory.reserve(1000);
    kept.shrink(2000);
    expect(times).toBe(2);
    kept.shrink(0);
    kept.shrink(0);
    expect(times).toBe(3);
  });

  test("need no room for what is a file", async () => {
    const { send, held } = holding(300_000);
    const answers = Array.from({ length: 6 }, () => {
      const photo = new FormData();
      photo.append("title", "Me");
      photo.append("file", new File([new Uint8Array(200_000)], "me.png"));
      return send("/api/hold", photo, {});
    });
    await until(() => held.length === 6);
    for (const go of held) go();
    await Promise.all(answers);
  });

  test("take no room from others while they are on their way, nor once their sender has gone", async () => {
    const { app, send, held, left } = holding(1, 500);
    const address = listen(app, serverOptions);
    try {
      const head =
        "POST /api/hold HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 150000\r\n\r\n";
      const halfway = connect(Number(new URL(address).port), "127.0.0.1");
      halfway.write(head + "x".repeat(140_000));
      await until(() => left() === 1);
      expect((await send("/api/payload", json(100_000))).status).toBe(200);
      halfway.destroy();

      const body = json(149_992);
      const gone = connect(Number(new URL(address).port), "127.0.0.1");
      gone.write(head + body);
      await until(() => held.length === 1);
      gone.destroy();
      await Bun.sleep(20);
      for (const go of held) go();
      expect((await send("/api/payload", json(100_000))).status).toBe(200);
      await until(() => left() === 0);
    } finally {
      await app.stop(true);
    }
  });

  test("whose strings are more than the form can hold are refused, whatever else is in them", async () => {
    const { app } = smallApp();
    app.post(
      "/api/photo",
      async ({ body }) => {
        await body.read({ size: 400_000, text: 100_000 });
        return "read";
      },
      { ...door("anyone"), ...takesPayload, query: loose({}) },
    );
    const send = async (...texts: number[]) => {
      const body = new FormData();
      for (const bytes of texts) body.append("text", "x".repeat(bytes));
      body.append("file", new File([new Uint8Array(200_000)], "a.bin"));
      return (await app.handle(request("/api/photo", { method: "POST", body }))).status;
    };
    expect(await send(99_000)).toBe(200);
    expect(await send(110_000)).toBe(413);
    expect(await send(60_000, 60_000)).toBe(413);
    const typed = await app.handle(request("/api/photo", { method: "POST", body: json(110_000), headers: jsonType }));
    expect(typed.status).toBe(413);
  });
});

describe("slow requests", () => {
  /** An app that looks at what it has in hand every few milliseconds. */
  function patient(longest: number) {
    const seen = { asked: 0, kept: 0 };
    const keeper = {
      requestIP: (it: Request) => {
        seen.asked++;
        return it.url.endsWith("mine") ? null : {};
      },
      timeout: () => void seen.kept++,
    };
    const { app, tempFolder } = smallApp({ parts: { keeper: () => keeper, patience: { every: 5, longest } } });
    const left = () => readdirSync(tempFolder).length;
    return { app, seen, left };
  }

  /** A body in so many pieces, one every few milliseconds; its end never comes where there are more than are told. */
  function drip(pieces: number, told = pieces): RequestInit {
    let sent = 0;
    const body = new ReadableStream({
      pull: async (controller) => {
        await Bun.sleep(5);
        if (sent === told) controller.close();
        if (sent++ < pieces) controller.enqueue(Buffer.from(sent === 1 ? '{"a":"' : sent === pieces ? '"}' : "x"));
        else if (pieces < told) await new Promise(() => {});
      },
    });
    return { method: "POST", body, headers: { "content-type": "application/json" } };
  }

  const tooSlow = "This took too long to arrive. Nothing was changed; send it again over a faster connection.";

  test("are kept alive until they are answered, and no longer", async () => {
    const { app, seen } = patient(10_000);
    const answer = await app.handle(request("/api/typed", drip(20)));
    expect(await answer.json()).toHaveProperty("body", { a: "x".repeat(18) });
    expect(seen.kept).toBeGreaterThan(2);
    await Bun.sleep(10);
    const { asked } = seen;
    await Bun.sleep(20);
    expect(seen.asked).toBe(asked);
  });

  test("are kept alive while the answer is worked out", async () => {
    const { app, seen } = patient(10);
    const taken = { ...door("anyone"), query: loose({}), body: loose({}), parse: "typed" } as const;
    app.post("/api/slow", () => Bun.sleep(60).then(() => "done"), taken);
    expect(await (await app.handle(request("/api/slow", { method: "POST" }))).text()).toBe("done");
    expect(seen.kept).toBeGreaterThan(2);
  });

  test("are given up with a sentence where the body never ends", async () => {
    const { app, left } = patient(40);
    const json = await app.handle(request("/api/payload", drip(3, 9)));
    expect([json.status, (await json.json()).message]).toEqual([408, tooSlow]);
    const said = drip(3, 9);
    const light = { ...said, headers: { "content-type": "application/json", "content-length": "100" } };
    expect((await app.handle(request("/api/typed", light))).status).toBe(408);
    const page = await app.handle(request("/login", { ...said, ...drip(3, 9), headers: { "content-type": form } }));
    expect([page.status, page.headers.get("content-type")]).toEqual([408, "text/html;charset=utf-8"]);
    expect(await page.text()).toContain(tooSlow);
    expect(left()).toBe(0);
  });

  test("are forgotten where people's own code has answered", async () => {
    const { app, seen } = patient(10_000);
    app.onRequest(({ request }) => (request.url.endsWith("mine") ? new Response("mine") : undefined));
    expect(await (await app.handle(request("/mine", { method: "POST" }))).text()).toBe("mine");
    await Bun.sleep(30);
    expect([seen.kept, seen.asked]).toEqual([0, 1]);
  });
});

describe("the log", () => {
  test("has a line for what is refused before anything is known of it", async () => {
    const lines: unknown[][] = [];
    const { app } = smallApp({ parts: { logRequest: (...line) => void lines.push(line) } });
    const answer = await app.handle(new Request("http://a/api/secret?x=1"));
    await Bun.sleep(1);
    expect(answer.status).toBe(400);
    const id = answer.headers.get("x-request-id");
    expect(lines).toEqual([["GET", "/api/secret", 400, expect.any(Number), id]]);
    expect(Number(lines[0]?.[3])).toBeLessThan(10_000);
  });

  test("has a line for what a browser asks beforehand", async () => {
    const lines: unknown[][] = [];
    const { app } = smallApp({ parts: { logRequest: (...line) => void lines.push(line) } });
    const headers = { origin: "https://any.example", "access-control-request-method": "PATCH" };
    const answer = await app.handle(request("/api/me", { method: "OPTIONS", headers }));
    await Bun.sleep(1);
    expect(answer.headers.get("vary")).toBe("Origin, Access-Control-Request-Headers");
    expect(lines).toEqual([["OPTIONS", "/api/me", 204, expect.any(Number), answer.headers.get("x-request-id")]]);
  });
});

test("a crowd that signs in as people does not keep owners waiting", async () => {
  await using it = await Opened.open();
  await it.person("root", {}, "_superusers");
  const signIn = (collection: string, identity: string) =>
    it.send({
      json: ["POST", `/api/collections/${collection}/auth-with-password`, { identity, password: ownPassword }],
    });
  const size = Math.min(80, 5 * availableParallelism());
  let answered = 0;
  const crowd = Array.from({ length: size }, async (_, at) => {
    const { status } = await signIn("users", `stranger${at}@example.com`);
    answered++;
    return status;
  });
  await Bun.sleep(10);
  expect((await signIn("_superusers", "root@example.com")).status).toBe(200);
  expect(answered).toBeLessThan(size / 2);
  expect(new Set(await Promise.all(crowd))).toEqual(new Set([400]));
});
