import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import fc from "fast-check";
import { type Logs, openLogs } from "../src/logs/logs.ts";

const moment = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z /gm;

/** What is written when `say` has had its say, without the moments. */
async function written(say: (logs: Logs) => void): Promise<string> {
  let text = "";
  const logs = openLogs({ write: (more) => void (text += more) });
  say(logs);
  await logs.close();
  return text.replaceAll(moment, "");
}

describe("a request is one line", () => {
  test("with method, path, status, milliseconds and id", async () => {
    expect(await written((logs) => logs.request("GET", "/posts/1", 200, 1.234, "abc"))).toBe(
      "GET /posts/1 200 1.2ms abc\n",
    );
  });

  test("without what is secret or could pass for another line", async () => {
    const path = (text: string) => written((logs) => logs.request("GET", text, 404, 0, "abc"));
    expect(await path("/_/setup?token=hidden")).toBe("GET /_/setup 404 0.0ms abc\n");
    expect(await path("/confirm/eyJhbGciOiJIUzI1NiJ9.eyJpZCI6IjEifQ.c2ln-nature/x")).toBe(
      "GET /confirm/(token)/x 404 0.0ms abc\n",
    );
    expect(await path("/a b\r\n/ü\u0000\u001b[31m\u2028")).toBe(
      "GET /a%20b%0D%0A/%C3%BC%00%1B[31m%E2%80%A8 404 0.0ms abc\n",
    );
    expect((await path(`/${"long".repeat(10_000)}`)).length).toBeLessThan(1100);
  });

  test("whatever the path and the method are", async () => {
    const unit = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("\n", "?", "\ud800"),
    );
    const text = fc.array(unit).map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(text, text, async (method, path) => {
        const line = await written((logs) => logs.request(method, path, 200, 1, "abc"));
        expect(line).toMatch(/^[!-~]* [!-~]* 200 1\.0ms abc\n$/);
      }),
    );
  });
});

test("a fault is its stack and those of its causes, each line set in", async () => {
  const error = new Error("broken\nGET /forged 200 1.0ms abc", { cause: new TypeError("the \u001b[31mcause") });
  const text = await written((logs) => logs.fault("abc", error));
  expect(text).toStartWith("fault abc\n  Error: broken\n  GET /forged 200 1.0ms abc\n      at ");
  expect(text).toContain("logs.test.ts");
  expect(text).toContain("\n  because of TypeError: the \\u001b[31mcause\n");
  expect(
    text
      .split("\n")
      .slice(1, -1)
      .every((line) => line.startsWith("  ")),
  ).toBe(true);
  expect(await written((logs) => logs.fault("abc", "no error"))).toBe('fault abc\n  "no error"\n');
});

test("what is said is set in after its first line", async () => {
  expect(await written((logs) => logs.say("one\ntwo\rthree"))).toBe("one\n  two\\u000dthree\n");
});

describe("batches", () => {
  test("nothing is written while somebody waits for an answer, and all of it soon after", async () => {
    const batches: string[] = [];
    const logs = openLogs({ write: (text) => void batches.push(text) });
    for (let n = 0; n < 10; n++) logs.request("GET", `/${n}`, 200, 1, "abc");
    expect(batches).toEqual([]);
    await Bun.sleep(350);
    expect(batches.map((batch) => batch.split("\n").length - 1)).toEqual([10]);
    await logs.close();
  });

  test("a full batch does not wait for its time", async () => {
    const batches: string[] = [];
    const logs = openLogs({ write: (text) => void batches.push(text) });
    for (let n = 0; n < 2000; n++) logs.request("GET", "/a/path/of/some/length", 200, 1, "abc");
    expect(batches).toEqual([]);
    await Bun.sleep(20);
    expect(batches.join("").split("\n").length - 1).toBe(2000);
    await logs.close();
  });

  test("what nobody reads is counted, not kept, and order is kept", async () => {
    const batches: string[] = [];
    let read = () => {};
    const logs = openLogs({
      write: (text) => {
        batches.push(text);
        return new Promise((done) => (read = done));
      },
    });
    logs.say("first");
    const flushed = logs.flush();
    const long = "x".repeat(10_000);
    for (let n = 0; n < 1000; n++) logs.say(`${n} ${long}`);
    read();
    await Bun.sleep(1);
    expect(batches.length).toBe(2);
    const lines = (batches[1] ?? "").replaceAll(moment, "").trimEnd().split("\n");
    const kept = lines.length - 1;
    expect(kept * 10_000).toBeWithin(4_000_000, 5_000_000);
    expect(lines.slice(0, -1).every((line, n) => line.startsWith(`${n} `))).toBe(true);
    expect(lines.at(-1)).toBe(`${1000 - kept} lines were lost, since nobody read them.`);
    read();
    await flushed;
    logs.say("again");
    const closed = logs.close();
    read();
    await closed;
    expect(batches.at(-1)).toEndWith(" again\n");
  });

  test("closing writes the rest and ends", async () => {
    let text = "";
    const logs = openLogs({ write: (more) => void (text += more) });
    logs.say("before");
    await logs.close();
    logs.say("after");
    await logs.flush();
    expect(text.replaceAll(moment, "")).toBe("before\n");
  });
});

test("a reader that goes away does not stop the process", async () => {
  const script = `
    import { openLogs } from ${JSON.stringify(join(import.meta.dir, "..", "src", "logs", "logs.ts"))};
    const logs = openLogs();
    for (let n = 0; n < 5; n++) { logs.say("x".repeat(100_000)); await logs.flush(); await Bun.sleep(5); }
    console.error("alive");
  `;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "pipe" });
  await child.stdout.cancel();
  expect([await new Response(child.stderr).text(), await child.exited]).toEqual(["alive\n", 0]);
});
