import { expect, test } from "bun:test";
import { connect } from "node:net";
import { serverOptions } from "../../src/http/options.ts";
import { Opened } from "../testing.ts";

/** Seconds after which the server cuts off a connection on which it says nothing itself; it counts in steps of four. */
const idle = 8;

test("a body that takes longer than a connection may be idle is read and answered, whatever it weighs", async () => {
  await using it = await Opened.open();
  await it.collection({ name: "notes", fields: [{ name: "title", type: "text" }] });
  it.app.listen({ ...serverOptions, idleTimeout: idle, hostname: "127.0.0.1", port: 0 });
  const port = it.app.server?.port ?? 0;
  try {
    const heavy = "x".repeat(8_000);
    const answers = await Promise.all([drip(port, "", "x"), drip(port, heavy, heavy)]);
    for (const answer of answers) expect(answer).toStartWith("HTTP/1.1 200 OK");
    expect((await it.counts())["notes"]).toBe(2);
  } finally {
    await it.app.stop(true);
  }
});

/** Sends a record in pieces, one a second, and answers what comes back; `""` where the connection ends without a word. */
function drip(port: number, first: string, piece: string): Promise<string> {
  const pieces = ['{"more":"', first, ...Array.from({ length: idle + 4 }, () => piece), '"}'];
  const length = pieces.join("").length;
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.write(
      "POST /api/collections/notes/records HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n",
    );
    socket.write(`Content-Length: ${length}\r\n\r\n`);
    const timer = setInterval(() => {
      const next = pieces.shift();
      if (next === undefined) clearInterval(timer);
      else socket.write(next);
    }, 1000);
    const end = (answer: string) => {
      clearInterval(timer);
      socket.destroy();
      resolve(answer);
    };
    socket.on("data", (bytes) => end(String(bytes)));
    socket.on("close", () => end(""));
    socket.on("error", () => end(""));
  });
}
