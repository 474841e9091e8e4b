import { expect, test } from "bun:test";
import { fdatasync } from "node:fs";
import { sentence } from "../../src/phrases/index.ts";
import { password, Opened, type Wish } from "../testing.ts";

/** What those hear whose write may have been stored, and those whose write never began. */
const sentences = [sentence("en", "sync_failed"), sentence("en", "disk_failed")];

const form = { slug: "note", collection: "notes", title: "A note", fields: [{ name: "title" }] };

/** A disk whose syncs wait until `let go`, or fail, once that is asked for. */
class Disk {
  #held: PromiseWithResolvers<void> | undefined;
  failing = false;
  waiting = 0;

  readonly sync = async (fd: number): Promise<void> => {
    this.waiting++;
    await this.#held?.promise;
    this.waiting--;
    if (this.failing) throw Object.assign(new Error("input/output error"), { code: "EIO" });
    await new Promise<void>((done, failed) => fdatasync(fd, (error) => (error ? failed(error) : done())));
  };

  hold(): void {
    this.#held = Promise.withResolvers();
  }

  letGo(): void {
    this.#held?.resolve();
    this.#held = undefined;
  }
}

/** A write and the status of its answer. */
type Write = Wish & { readonly it: string; readonly get: number };

const read: Wish = { json: ["GET", "/api/collections/notes/records"] };

/** On its own, since who reads may wait for a schema that is on its way to the disk. */
const makesCollection: Write = {
  it: "a collection made",
  get: 200,
  as: "owner",
  json: ["POST", "/api/collections", { name: "made", type: "base" }],
};

const writes: readonly Write[] = [
  { it: "a record made", get: 200, json: ["POST", "/api/collections/notes/records", { title: "Made" }] },
  {
    it: "a record changed",
    get: 200,
    json: ["PATCH", "/api/collections/notes/records/changedchanged1", { title: "New" }],
  },
  { it: "a record removed", get: 204, json: ["DELETE", "/api/collections/notes/records/removedremoved1"] },
  { it: "a form of a page", get: 303, form: ["/forms/note", { title: "From a page" }] },
  { it: "a form of a script", get: 200, json: ["POST", "/forms/note", { title: "From a script" }] },
  {
    it: "somebody new",
    get: 200,
    json: [
      "POST",
      "/api/collections/people/records",
      { email: "new@example.com", password, passwordConfirm: password },
    ],
  },
];

async function open(disk: Disk): Promise<Opened> {
  const opened = await Opened.open({ sync: disk.sync });
  await opened.collection({ name: "notes", fields: [{ name: "title", type: "text", required: true }] });
  await opened.collection({ name: "people", type: "auth" });
  await opened.record("notes", { id: "changedchanged1", title: "Old" });
  await opened.record("notes", { id: "removedremoved1", title: "Old" });
  await opened.record("_forms", form);
  await opened.person("owner", {}, "_superusers");
  return opened;
}

test("with the sync held back nobody is answered, and everybody once it is done; who reads does not wait", async () => {
  const disk = new Disk();
  await using opened = await open(disk);
  await heldBack(opened, disk, writes, async () => {
    expect((await opened.send(read)).status).toBe(200);
  });
  await heldBack(opened, disk, [makesCollection]);
});

/** Sends all of them while nothing gets to the disk: none is answered before it does, all as they should be then. */
async function heldBack(
  opened: Opened,
  disk: Disk,
  wishes: readonly Write[],
  meanwhile = async () => {},
): Promise<void> {
  disk.hold();
  const answered: string[] = [];
  const answers = wishes.map(async (wish) => {
    const { status, text } = await opened.send(wish);
    answered.push(wish.it);
    return [wish.it, status, status >= 400 ? text : ""];
  });
  try {
    while (disk.waiting === 0) await Bun.sleep(5);
    await meanwhile();
    await Bun.sleep(300);
    expect(answered).toEqual([]);
  } finally {
    disk.letGo();
  }
  expect(await Promise.all(answers)).toEqual(wishes.map(({ it, get }) => [it, get, ""]));
}

test("with the sync failing everybody is refused in a sentence, until the disk is well again", async () => {
  const disk = new Disk();
  await using opened = await open(disk);
  disk.failing = true;
  for (const { status, text } of await Promise.all([...writes, makesCollection].map((wish) => opened.send(wish)))) {
    expect(status).toBe(503);
    expect(sentences.some((told) => text.includes(told))).toBe(true);
    expect(text).not.toContain("input/output");
  }
  expect((await opened.send(read)).status).toBe(200);
  disk.failing = false;
  const again: Wish = { json: ["POST", "/api/collections/notes/records", { title: "Again" }] };
  let status = 503;
  for (let tries = 0; status === 503 && tries < 100; tries++) {
    await Bun.sleep(50);
    status = (await opened.send(again)).status;
  }
  expect(status).toBe(200);
});
