import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openFolder, prepare, Server, source } from "./server.ts";
import { type Asked, options, parseTrace, traced, wrongAnswers } from "./trace.ts";

/** Clients that write at the same time, and how many times each of them makes, changes and removes a record. */
const clients = 16;
const times = 3;

const products = "/api/collections/products/records";

/** Runs a program under `strace` while people write to it, and answers what the trace says about the answers. */
async function traceWrites(program: readonly string[]): Promise<{ asked: Asked[]; wrong: string[] }> {
  using folder = openFolder();
  const dir = join(folder.path, "data");
  const trace = join(folder.path, "trace");
  await prepare(dir);
  const under = ["strace", ...options, "-o", trace, "-e", `trace=${traced}`];
  await using server = await Server.start({ program, under, dir });
  const asked = await write(server);
  await server.stop();
  return { asked, wrong: wrongAnswers(parseTrace(readFileSync(trace, "utf8")), join(dir, "formstead.db-wal"), asked) };
}

async function write(server: Server): Promise<Asked[]> {
  const headers = await server.owner();
  const asked: Asked[] = [];

  /** Each write is known by a text that nothing before it has. */
  async function ask(sent: string, stored: string, status: number, answer: Promise<{ readonly status: number }>) {
    asked.push({ sent, stored });
    expect([sent, (await answer).status]).toEqual([sent, status]);
  }

  async function live(who: string): Promise<void> {
    const [made, changed, plain, asJson] = [`${who}-made`, `${who}-changed`, `${who}-plain`, `${who}-json`];
    const id = Bun.hash(who).toString(36).padStart(15, "0").slice(-15);
    await ask(made, made, 200, server.json("POST", products, { id, name: made, price: 1 }, headers));
    await ask(changed, changed, 200, server.json("PATCH", `${products}/${id}`, { name: changed }, headers));
    const message = { name: "Ann", email: "ann@example.com", message: plain };
    await ask(plain, plain, 303, server.form("/forms/contact", message));
    await ask(asJson, asJson, 200, server.json("POST", "/forms/contact", { ...message, message: asJson }));
    // Of a removed record the outbox keeps the row as JSON, which the table never held.
    await ask(
      `DELETE ${products}/${id}`,
      `"name":"${changed}"`,
      204,
      server.json("DELETE", `${products}/${id}`, undefined, headers),
    );
  }

  await live("alone");
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let time = 0; time < times; time++) await live(`client-${client}-${time}`);
    }),
  );
  const collection = { name: "afterwards", type: "base", fields: [{ name: "title", type: "text" }] };
  await ask('"afterwards"', "afterwards", 200, server.json("POST", "/api/collections", collection, headers));
  return asked;
}

test("every write is on disk before it is answered", async () => {
  const { asked, wrong } = await traceWrites(source);
  expect(wrong).toEqual([]);
  expect(asked).toHaveLength(5 + 5 * clients * times + 1);
});

for (const how of ["never", "late"]) {
  test(`a server that syncs ${how} is found out, write by write`, async () => {
    const { asked, wrong } = await traceWrites([process.execPath, join(import.meta.dir, "unsynced.ts"), how]);
    const early = wrong.filter((sentence) => sentence.endsWith("before the log was synced."));
    expect(wrong).toEqual(early);
    // A late sync of one write may happen to come in time for another one.
    expect(early.length).toBeGreaterThanOrEqual(how === "never" ? asked.length : 1);
  });
}
