import { Database } from "bun:sqlite";
import { afterAll, expect, test } from "bun:test";
import { mkdirSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sentence } from "../../src/phrases/index.ts";
import { type Answer, openFolder, prepare, run, Server } from "./server.ts";

const noRoom = sentence("en", "no_room");
const messages = "/api/collections/messages/records";

const disks = new Set<SmallDisk>();

// A test that waits for an answer until its time is over does not get to its end.
afterAll(async () => {
  for (const disk of disks) await disk[Symbol.asyncDispose]();
});

/** A small disk of its own with a data folder on it, and a server whose data is there. */
class SmallDisk implements AsyncDisposable {
  readonly #folder = openFolder();
  readonly #disk = join(this.#folder.path, "disk");
  readonly dir = join(this.#disk, "data");
  readonly database = join(this.dir, "formstead.db");
  readonly log = `${this.database}-wal`;
  #server: Server | undefined;

  static async open(megabytes: number): Promise<SmallDisk> {
    const disk = new SmallDisk();
    await disk.#mount(megabytes);
    disks.add(disk);
    await prepare(disk.dir);
    await disk.start();
    return disk;
  }

  async #mount(megabytes: number): Promise<void> {
    mkdirSync(this.#disk);
    try {
      await run(["mount", "-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", this.#disk]);
    } catch (error) {
      this.#folder[Symbol.dispose]();
      const needs = "A full disk needs a small one to be mounted. Run this suite as root, where root may mount.";
      throw new Error(needs, { cause: error });
    }
  }

  get server(): Server {
    if (!this.#server) throw new Error("The server of this disk was never started.");
    return this.#server;
  }

  async start(): Promise<void> {
    this.#server = await Server.start({ dir: this.dir, log: join(this.#folder.path, "log") });
  }

  /** Bytes that are free. */
  get room(): number {
    const { bavail, bsize } = statfsSync(this.#disk);
    return bavail * bsize;
  }

  /** Takes room until only so much is left. */
  fill(left: number): void {
    writeFileSync(join(this.#disk, "ballast"), new Uint8Array(this.room - left));
  }

  empty(): void {
    rmSync(join(this.#disk, "ballast"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!disks.delete(this)) return;
    await this.#server?.kill();
    await run(["umount", this.#disk]);
    this.#folder[Symbol.dispose]();
  }
}

const short = (name: string) => `${name} `.padEnd(5000, "lorem ipsum ");
const long = (name: string) => `${name} `.padEnd(500_000, "lorem ipsum ");

function send({ server }: SmallDisk, name: string): Promise<Answer> {
  return server.json("POST", messages, { name, email: "ann@example.com", message: short(name) });
}

/** Sends once from each client; answers the names that were stored and how many were refused. */
async function wave(disk: SmallDisk, called: string, clients = 32): Promise<{ stored: string[]; refused: number }> {
  const names = Array.from({ length: clients }, (_, client) => `${called}-${client}`);
  const answers = await Promise.all(names.map((name) => send(disk, name)));
  const refused = answers.filter(({ status }) => status !== 200);
  for (const { status, body } of refused) expect([status, body["message"]]).toEqual([507, noRoom]);
  return { stored: names.filter((_, client) => answers[client]?.status === 200), refused: refused.length };
}

/** Waits until the server has said so; lines of its log wait for the next batch. */
async function hear(server: Server, said: string): Promise<void> {
  for (let tries = 0; tries < 100 && !server.said.includes(said); tries++) await Bun.sleep(20);
  expect(server.said).toContain(said);
}

/** Asks until there is room again, for five seconds at most; answers the last status. */
async function untilRoom(ask: () => Promise<Answer>): Promise<number> {
  let status = 507;
  for (let tries = 0; status === 507 && tries < 50; tries++) {
    if (tries > 0) await Bun.sleep(100);
    ({ status } = await ask());
  }
  return status;
}

/** The records in the file by one of their columns, how many of them are in the outbox, and what SQLite finds wrong. */
function inside({ database: file }: SmallDisk, table: string, column: string) {
  const database = new Database(file, { readonly: true });
  const list = (query: string) =>
    database
      .query<{ it: string }, []>(query)
      .all()
      .map(({ it }) => it);
  try {
    return {
      names: list(`SELECT ${column} AS it FROM ${table} ORDER BY it`),
      outbox: list(
        `SELECT record AS it FROM _outbox WHERE action = 'create' AND record IN (SELECT id FROM ${table}) AND collection = (SELECT id FROM _collections WHERE name = '${table}')`,
      ).length,
      damage: list("SELECT integrity_check AS it FROM pragma_integrity_check").filter((line) => line !== "ok"),
    };
  } finally {
    database.close();
  }
}

test("on a full disk every kind of write is refused in a sentence, nothing is changed, and reads go on", async () => {
  await using disk = await SmallDisk.open(24);
  const headers = await disk.server.owner();
  const body = { name: "body", type: "text", max: 1_000_000 };
  const scan = { name: "scan", type: "file" };
  const letters = { name: "letters", type: "base", viewRule: "", createRule: "", fields: [body, scan] };
  const form = { slug: "letter", collection: "letters", title: "A letter", fields: [{ name: "body" }] };
  const path = "/api/collections/letters/records";
  const make = async (where: string, what: object) => {
    const { status, body, text } = await disk.server.json("POST", where, what, headers);
    expect([status, text]).toEqual([200, text]);
    return String(body["id"]);
  };
  await make("/api/collections", letters);
  await make("/api/collections/_forms/records", form);
  const kept = `${path}/${await make(path, { body: long("kept") })}`;
  const before = (await disk.server.json("GET", kept)).text;
  const counted = inside(disk, "letters", "body");

  // Stopped, a server leaves no log behind whose room could be used again.
  await disk.server.stop();
  await disk.start();
  const { server } = disk;
  disk.fill(128 * 1024);
  const refusals = await Promise.all([
    server.json("POST", path, { body: long("new") }),
    server.json("PATCH", kept, { body: long("changed") }, headers),
    server.json("DELETE", kept, undefined, headers),
    server.json("POST", "/forms/letter", { body: long("form") }),
  ]);
  for (const { status, body } of refusals) expect([status, body["message"]]).toEqual([507, noRoom]);
  const upload = new FormData();
  upload.set("scan", new File([new Uint8Array(1_000_000)], "scan.png"));
  const uploaded = await fetch(server.address + path, { method: "POST", body: upload });
  expect([uploaded.status, await uploaded.text()]).toEqual([507, expect.stringContaining(noRoom)]);
  const page = await server.form("/forms/letter", { body: long("page") });
  expect(page.status).toBe(507);
  expect(await page.text()).toContain(noRoom);

  expect((await server.json("GET", kept)).text).toBe(before);
  expect((await fetch(`${server.address}/forms/letter`)).status).toBe(200);
  expect((await server.json("GET", path, undefined, headers)).body["totalItems"]).toBe(1);
  expect(inside(disk, "letters", "body")).toEqual(counted);
  await hear(server, "Writes are refused");
  expect(server.said).not.toContain(" fault ");

  disk.empty();
  expect(await untilRoom(() => server.json("PATCH", kept, { body: long("changed") }, headers))).toBe(200);
  expect((await server.form("/forms/letter", { body: long("page") })).status).toBe(303);
  expect((await server.json("DELETE", kept, undefined, headers)).status).toBe(204);
  const after = { names: [long("page")], outbox: 1, damage: [] };
  expect(inside(disk, "letters", "body")).toEqual(after);
  await server.kill();
  await disk.start();
  expect(inside(disk, "letters", "body")).toEqual(after);

  await disk.server.stop();
  disk.fill(0);
  await expect(disk.start()).rejects.toThrow(noRoom);
});

test("a disk that fills up while the log is folded into the file loses nothing that was answered", async () => {
  await using disk = await SmallDisk.open(40);
  const size = statSync(disk.database).size;
  const names: string[] = [];
  // Room for the log to grow until it is folded (4000 frames of 4 KB), and not for the file to take what it holds.
  disk.fill(17 * 1024 * 1024);
  for (let turn = 0; statSync(disk.log).size < 4000 * 4120; turn++) {
    const { stored, refused } = await wave(disk, `early ${turn}`);
    expect([turn, refused]).toEqual([turn, 0]);
    names.push(...stored);
  }
  await hear(disk.server, "The log could not be folded");
  // It was folded in part, as far as there was room.
  expect(statSync(disk.database).size).toBeGreaterThan(size);
  const late = await wave(disk, "late");
  expect(late.refused).toBeGreaterThan(0);
  names.push(...late.stored);
  names.sort();
  expect((await fetch(`${disk.server.address}/`)).status).toBe(200);
  expect(inside(disk, "messages", "name")).toEqual({ names, outbox: names.length, damage: [] });

  disk.empty();
  expect(await untilRoom(() => send(disk, "room"))).toBe(200);
  names.push("room");
  names.sort();
  await disk.server.kill();
  await disk.start();
  expect(inside(disk, "messages", "name")).toEqual({ names, outbox: names.length, damage: [] });
});
