import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { join } from "node:path";
import { openFolder, prepare, Server } from "./server.ts";

const rounds = 20;
const senders = 8;
const families = 4;
const parts = 3;

/** What clients were told before the server was gone. */
class Told {
  /** Names of messages that must be found. */
  readonly kept: string[] = [];
  /** Ids of wholes that were made with all their parts, and those of them whose removal was answered. */
  readonly wholes: string[] = [];
  readonly removed: string[] = [];
}

/** Writes until the server is gone. */
async function load(server: Server, headers: Record<string, string>, round: number, told: Told): Promise<void> {
  async function until(work: (turn: number) => Promise<void>): Promise<void> {
    try {
      for (let turn = 0; ; turn++) await work(turn);
    } catch (error) {
      // What was not answered as it should be is a fault, what was not answered at all is what we are here for.
      if (error instanceof Wrong) throw error;
    }
  }

  /** Long enough that the log is folded into the file now and then. */
  async function send(name: string): Promise<void> {
    const message = name.padEnd(3000, " lorem ipsum");
    const { status } = await server.form("/forms/contact", { name, email: "ann@example.com", message });
    if (status !== 303) throw new Wrong(`A form was answered ${status}.`);
    told.kept.push(name);
  }

  async function family(): Promise<void> {
    const make = async (collection: string, values: object) => {
      const { status, text, body } = await server.json(
        "POST",
        `/api/collections/${collection}/records`,
        values,
        headers,
      );
      if (status !== 200) throw new Wrong(`A record was answered ${status}: ${text}`);
      return String(body["id"]);
    };
    const whole = await make("wholes", {});
    await Promise.all(Array.from({ length: parts }, () => make("parts", { whole })));
    told.wholes.push(whole);
    const { status } = await server.json("DELETE", `/api/collections/wholes/records/${whole}`, undefined, headers);
    if (status !== 204) throw new Wrong(`A removal was answered ${status}.`);
    told.removed.push(whole);
  }

  await Promise.all([
    ...Array.from({ length: senders }, (_, sender) => until((turn) => send(`round ${round}, ${sender}-${turn}`))),
    ...Array.from({ length: families }, () => until(family)),
  ]);
}

class Wrong extends Error {}

/** What is not as it was told, or only half there. Asked of the file, beside the server that has opened it again. */
function faults(file: string, told: Told): Record<string, unknown> {
  const database = new Database(file, { readonly: true });
  const list = (text: string) =>
    database
      .query<{ it: string }, []>(text)
      .all()
      .map(({ it }) => it);
  try {
    const found = new Set(list("SELECT name AS it FROM messages"));
    const wholes = new Set(list("SELECT id AS it FROM wholes"));
    const removed = new Set(told.removed);
    const members = Map.groupBy(list("SELECT whole AS it FROM parts"), (whole) => whole);
    return {
      "answered and gone": told.kept.filter((name) => !found.has(name)),
      "removed and there": told.removed.filter((whole) => wholes.has(whole) || members.has(whole)),
      "parts without their whole": [...members.keys()].filter((whole) => !wholes.has(whole)),
      "wholes without their parts": told.wholes.filter((whole) => {
        return !removed.has(whole) && wholes.has(whole) && members.get(whole)?.length !== parts;
      }),
      "records without an entry in the outbox": list(
        "SELECT name AS it FROM messages WHERE id NOT IN (SELECT record FROM _outbox WHERE action = 'create')",
      ),
      "entries in the outbox without a record": list(
        `SELECT record AS it FROM _outbox WHERE action = 'create' AND record NOT IN
         (SELECT id FROM messages UNION SELECT id FROM wholes UNION SELECT id FROM parts
          UNION SELECT id FROM products UNION SELECT id FROM _forms UNION SELECT id FROM _superusers
          UNION SELECT record FROM _outbox WHERE action = 'delete')`,
      ),
      damage: list("SELECT integrity_check AS it FROM pragma_integrity_check").filter((line) => line !== "ok"),
    };
  } finally {
    database.close();
  }
}

const none = {
  "answered and gone": [],
  "removed and there": [],
  "parts without their whole": [],
  "wholes without their parts": [],
  "records without an entry in the outbox": [],
  "entries in the outbox without a record": [],
  damage: [],
};

test(`${rounds} times killed under load, every answered write is there and none by half`, async () => {
  using folder = openFolder();
  const dir = join(folder.path, "data");
  await prepare(dir);
  let server = await Server.start({ dir });
  const headers = await server.owner();
  // Thousands of answers that look alike come from one address: the spam shield is to hold none of them.
  const forms = "/api/collections/_forms/records";
  const { body: found } = await server.json(
    "GET",
    `${forms}?filter=${encodeURIComponent('slug = "contact"')}`,
    undefined,
    headers,
  );
  const [{ id: form }] = found["items"] as [{ id: string }];
  const shield = { hold: 1e9, refuse: 1e9 };
  expect((await server.json("PATCH", `${forms}/${form}`, { shield }, headers)).status).toBe(200);
  const whole = { name: "wholes", type: "base", fields: [] };
  const { status, body } = await server.json("POST", "/api/collections", whole, headers);
  expect(status).toBe(200);
  const relation = {
    name: "whole",
    type: "relation",
    collectionId: body["id"],
    required: true,
    maxSelect: 1,
    cascadeDelete: true,
  };
  const part = { name: "parts", type: "base", fields: [relation] };
  expect((await server.json("POST", "/api/collections", part, headers)).status).toBe(200);

  const told = new Told();
  try {
    for (let round = 1; round <= rounds; round++) {
      const before = told.kept.length;
      const loading = load(server, headers, round, told);
      while (told.kept.length < before + senders) await Promise.race([Bun.sleep(1), loading]);
      await Bun.sleep((round * 37) % 200);
      await server.kill();
      await loading;
      server = await Server.start({ dir });
      expect([round, faults(join(dir, "formstead.db"), told)]).toEqual([round, none]);
    }
    const last = told.kept.at(-1) ?? "";
    const path = "/api/collections/messages/records?perPage=1&filter=" + encodeURIComponent(`name = "${last}"`);
    expect((await server.json("GET", path, undefined, headers)).body["totalItems"]).toBe(1);
  } finally {
    await server.kill();
  }
  console.log(
    `${told.kept.length} answered forms found, ${told.removed.length} of ${told.wholes.length} wholes removed`,
  );
  expect(told.removed.length).toBeGreaterThan(rounds);
});
