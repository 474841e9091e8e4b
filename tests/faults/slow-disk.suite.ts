import { expect, test } from "bun:test";
import { join } from "node:path";
import { parseLoad, script, type Load, type Shot, wrk } from "../../bench/wrk.ts";
import { openFolder, prepare, run, Server } from "./server.ts";

const seconds = 2;

test("who reads one record keeps half of the pace beside 64 who write, on a disk that takes 4 ms to sync", async () => {
  using folder = openFolder();
  const dir = join(folder.path, "data");
  const shim = join(folder.path, "slowsync.so");
  await run(["cc", "-shared", "-fPIC", "-O2", "-o", shim, join(import.meta.dir, "slowsync.c")]);
  await prepare(dir);
  await using server = await Server.start({ under: ["env", `LD_PRELOAD=${shim}`], dir });

  const message = { name: "Ann", email: "ann@example.com", message: "A plant has arrived." };
  const post = "/api/collections/messages/records";
  let quickest = Infinity;
  for (let time = 0; time < 20; time++) {
    const began = performance.now();
    expect((await server.json("POST", post, message)).status).toBe(200);
    quickest = Math.min(quickest, performance.now() - began);
  }
  expect(quickest).toBeGreaterThan(4);

  const [product] =
    (await server.json("GET", "/api/collections/products/records?fields=id")).text.match(/\w{15}/) ?? [];
  const get: Shot = { method: "GET", path: `/api/collections/products/records/${product}`, headers: {}, body: [""] };
  const headers = { "content-type": "application/json" };
  const write: Shot = { method: "POST", path: post, headers, body: [JSON.stringify(message)] };

  async function drive(shot: Shot, connections: number): Promise<Load> {
    const file = join(folder.path, `${shot.method}.lua`);
    await Bun.write(file, script([shot]));
    return parseLoad(await run(wrk({ address: server.address, connections, seconds, file })));
  }

  // The machine is shared: a try in which somebody else was busy says nothing.
  let best = 0;
  for (let tries = 0; tries < 3 && best < 0.5; tries++) {
    const alone = await drive(get, 32);
    const [beside, writing] = await Promise.all([drive(get, 32), drive(write, 64)]);
    expect([alone.failures, beside.failures, writing.failures]).toEqual([0, 0, 0]);
    // A group of 64 every 8 ms would be 8,000; one alone at a time would be 250.
    expect(writing.rate).toBeGreaterThan(500);
    best = Math.max(best, beside.rate / alone.rate);
    const rates = `${Math.round(alone.rate)}/s alone, ${Math.round(beside.rate)}/s beside ${Math.round(writing.rate)} creates/s`;
    console.log(`get one: ${rates}, ${(beside.rate / alone.rate).toFixed(2)} of it`);
  }
  expect(best).toBeGreaterThanOrEqual(0.5);
});
