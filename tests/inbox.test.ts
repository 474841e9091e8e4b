import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Box } from "../src/forms/inbox-list.ts";
import { sql } from "../src/store/sql.ts";
import { hook, openHooked } from "./hooked.ts";
import { type Body, Opened } from "./testing.ts";

const good = { name: "Ada", email: "ada@example.com" };

async function opened(values: Body = {}): Promise<Opened> {
  const it = await Opened.open();
  await it.person("root", {}, "_superusers");
  await it.collection({
    name: "messages",
    fields: [
      { name: "name", type: "text", required: true },
      { name: "email", type: "email" },
      { name: "code", type: "text" },
      { name: "photo", type: "file" },
    ],
    indexes: ["CREATE UNIQUE INDEX `one_code` ON `messages` (`code`) WHERE `code` != ''"],
  });
  await it.record("_forms", {
    slug: "contact",
    collection: "messages",
    title: "Write to us",
    shield: { refuse: 1000 },
    notify: ["me@example.com"],
    webhook: "https://hooks.example.com/x",
    ...values,
  });
  return it;
}

/** Sends an answer; answers the ids of its submission and its record. */
async function sent(
  it: Opened,
  fields: Readonly<Record<string, string>> = {},
): Promise<{ id: string; record: string }> {
  const answer = await it.send({ json: ["POST", "/forms/contact", { ...good, ...fields }] });
  expect(answer.status, answer.text).toBe(200);
  const record = String(answer.body.id);
  const row = await it.project.store.first<{ id: string }>(sql`SELECT id FROM _submissions WHERE record = ${record}`);
  return { id: row?.id ?? "", record };
}

const spam = (it: Opened, fields: Readonly<Record<string, string>> = {}) => sent(it, { ...fields, _gotcha: "x" });

async function formId(it: Opened): Promise<string> {
  return (await it.project.store.first<{ id: string }>(sql`SELECT id FROM _forms`))?.id ?? "";
}

async function names(it: Opened, box: Box, search = ""): Promise<unknown[]> {
  const { items } = await it.project.inbox.list({ form: await formId(it), box, search, page: 1, perPage: 30 });
  return items.map(({ values }) => values?.["name"]).sort();
}

async function messages(it: Opened): Promise<string[]> {
  const rows = await it.project.store.all<{ id: string; name: string }>(
    sql`SELECT id, name FROM messages ORDER BY name`,
  );
  return rows.map(({ name }) => name);
}

async function jobs(it: Opened): Promise<string[]> {
  return (await it.project.jobs.list({ limit: 50 })).map(({ kind, about }) => `${kind} ${about}`).sort();
}

describe("an answer", () => {
  test("that is spam leaves its collection, and comes back as it was", async () => {
    await using it = await opened();
    const { id, record } = await sent(it, { code: "one" });
    const before = await it.send({ json: ["GET", `/api/collections/messages/records/${record}`] });
    await it.project.inbox.spam(id);
    expect(await messages(it)).toEqual([]);
    expect(await names(it, "spam")).toEqual(["Ada"]);
    expect((await it.project.inbox.find(id)).submission).toMatchObject({ state: "spam", parked: { code: "one" } });
    const told = await jobs(it);
    expect(await it.project.inbox.release(id)).toMatchObject({ ok: true, value: { state: "new", parked: null } });
    const after = await it.send({ json: ["GET", `/api/collections/messages/records/${record}`] });
    expect(after.body).toEqual(before.body);
    // It had its mails and its webhook when it was accepted.
    expect(await jobs(it)).toEqual(told);
  });

  test("that was held is released with what it has missed, once", async () => {
    await using it = await opened();
    const { id, record } = await spam(it);
    expect([await messages(it), await jobs(it)]).toEqual([[], []]);
    expect((await it.project.inbox.release(id)).ok).toBe(true);
    expect((await it.project.inbox.release(id)).ok).toBe(true);
    expect(await messages(it)).toEqual(["Ada"]);
    expect(await jobs(it)).toEqual([`mail ${id}`, `webhook ${id}`]);
    expect((await it.send({ json: ["GET", `/api/collections/messages/records/${record}`] })).status).toBe(200);
    await it.project.inbox.spam(id);
    await it.project.inbox.release(id);
    expect(await jobs(it)).toEqual([`mail ${id}`, `webhook ${id}`]);
  });

  test("is released by many at once and made once", async () => {
    await using it = await opened();
    const { id } = await spam(it);
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => it.project.inbox.release(id)));
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect(await messages(it)).toEqual(["Ada"]);
    expect(await jobs(it)).toHaveLength(2);
  });

  test("that cannot be made any more stays, and says why", async () => {
    await using it = await opened();
    const { id } = await spam(it, { code: "one" });
    await sent(it, { name: "Eve", code: "one" });
    expect(await it.project.inbox.release(id)).toEqual({
      ok: false,
      problems: { code: { code: "validation_not_unique" } },
    });
    expect((await it.project.inbox.find(id)).submission).toMatchObject({
      state: "spam",
      held: true,
      parked: { code: "one" },
    });
    expect(await messages(it)).toEqual(["Eve"]);
  });

  test("is deleted and restored to where it was", async () => {
    await using it = await opened();
    const [one, two] = [await sent(it), await spam(it, { name: "Eve" })];
    for (const { id } of [one, two]) await it.project.inbox.remove(id);
    expect([await messages(it), await names(it, "deleted")]).toEqual([[], ["Ada", "Eve"]]);
    for (const { id } of [one, two]) expect((await it.project.inbox.restore(id)).ok).toBe(true);
    expect([await messages(it), await names(it, "read"), await names(it, "spam")]).toEqual([["Ada"], ["Ada"], ["Eve"]]);
    expect(await jobs(it)).toHaveLength(2);
  });

  test("is purged with its files", async () => {
    await using it = await opened();
    const body = new FormData();
    body.set("name", "Ada");
    body.set("photo", new File(["hello"], "a.txt"));
    const answer = await it.app.handle(
      new Request("http://localhost/forms/contact", { method: "POST", body, headers: { accept: "application/json" } }),
    );
    const { id: record, photo } = (await answer.json()) as { id: string; photo: string };
    const [{ id } = { id: "" }] = await it.project.store.all<{ id: string }>(sql`SELECT id FROM _submissions`);
    const collection = it.project.collections.find("messages")?.id ?? "";
    const file = join(it.dir, "files", collection, record, photo);
    expect(existsSync(file)).toBe(true);
    await it.project.inbox.remove(id);
    expect(existsSync(file)).toBe(true);
    await it.project.inbox.restore(id);
    expect(existsSync(file)).toBe(true);
    await it.project.inbox.purge(id);
    expect([existsSync(file), await it.counts()]).toEqual([
      false,
      expect.objectContaining({ messages: 0, _submissions: 0 }),
    ]);
    expect(it.project.inbox.find(id)).rejects.toThrow("not_found");
  });

  test("is marked, starred and noted, wherever it is", async () => {
    await using it = await opened();
    const [one, two] = [await sent(it), await spam(it, { name: "Eve" })];
    for (const { id } of [one, two]) {
      await it.project.inbox.mark(id, "read");
      await it.project.inbox.star(id, true);
      await it.project.inbox.note(id, "Call back");
    }
    const shown = async (id: string) => (await it.project.inbox.find(id)).submission;
    expect(await shown(one.id)).toMatchObject({ state: "read", starred: true, notes: "Call back" });
    expect(await shown(two.id)).toMatchObject({ state: "spam", starred: true, notes: "Call back" });
    for (const verb of ["spam", "remove", "purge", "release", "restore"] as const) {
      expect(it.project.inbox[verb]("nothere")).rejects.toThrow("not_found");
    }
  });

  test("that was a try moves through the boxes and never into its collection", async () => {
    await using it = await opened({ test: true });
    const { id } = await sent(it);
    await it.project.inbox.spam(id);
    await it.project.inbox.release(id);
    await it.project.inbox.remove(id);
    await it.project.inbox.restore(id);
    expect([await messages(it), await jobs(it), await names(it, "test"), await names(it, "inbox")]).toEqual([
      [],
      [],
      ["Ada"],
      [],
    ]);
  });

  test("of a collection whose field is called something else comes back under the new name", async () => {
    await using it = await opened();
    const { id, record } = await spam(it, { code: "one" });
    const { fields } = (await it.send({ as: "root", json: ["GET", "/api/collections/messages"] })).body;
    const renamed = (fields as Body[]).map((field) =>
      field.name === "code" ? { ...field, name: "email" } : field.name === "email" ? { ...field, name: "code" } : field,
    );
    const changed = await it.send({
      as: "root",
      json: ["PATCH", "/api/collections/messages", { fields: renamed, indexes: [] }],
    });
    expect(changed.status, changed.text).toBe(200);
    expect((await it.project.inbox.release(id)).ok).toBe(true);
    const { body } = await it.send({ json: ["GET", `/api/collections/messages/records/${record}`] });
    expect(body).toMatchObject({ email: "one", code: "ada@example.com" });
  });
});

test("an answer that many mark at once is marked once, with its values", async () => {
  await using it = await opened();
  const { id } = await sent(it, { code: "one" });
  await Promise.all(
    Array.from({ length: 5 }, (_, n) => (n % 2 ? it.project.inbox.spam(id) : it.project.inbox.remove(id))),
  );
  expect((await it.project.inbox.find(id)).submission).toMatchObject({ parked: { name: "Ada", code: "one" } });
  expect(await messages(it)).toEqual([]);
});

test("answers whose collection has gone can be seen, deleted and purged", async () => {
  await using it = await opened({ retention: 1 });
  const [one, two, three] = [await sent(it), await spam(it, { name: "Eve" }), await sent(it, { name: "Bob" })];
  expect((await it.send({ as: "root", json: ["DELETE", "/api/collections/messages"] })).status).toBe(204);
  expect((await it.project.inbox.find(one.id)).values).toBeUndefined();
  await it.project.inbox.spam(one.id);
  for (const { id } of [one, two]) await it.project.inbox.purge(id);
  await it.project.store.write((tx) => tx.run(sql`UPDATE _submissions SET created = '2001-01-01 00:00:00.000Z'`));
  expect((await it.project.inbox.find(three.id)).submission.state).toBe("new");
  await it.project.rounds.run("retention");
  expect(await it.counts()).toMatchObject({ _submissions: 0 });
});

describe("two owners who act on one answer", () => {
  type Verb = "spam" | "remove" | "release" | "restore" | "purge";
  const rows: readonly (readonly [first: Verb | undefined, held: boolean, one: Verb, other: Verb])[] = [
    ["spam", false, "release", "remove"],
    ["spam", false, "release", "spam"],
    ["remove", false, "restore", "remove"],
    ["remove", false, "restore", "spam"],
    ["spam", false, "release", "purge"],
    ["remove", false, "restore", "purge"],
    [undefined, false, "spam", "purge"],
    ["remove", true, "restore", "release"],
    ["remove", true, "release", "restore"],
  ];
  for (const [first, held, one, other] of rows) {
    test(`leave it whole: ${one} and ${other} of what was ${held ? "held" : "accepted"}, then ${first ?? "left"}`, async () => {
      await using it = await opened();
      const { inbox, store } = it.project;
      for (let n = 0; n < 12; n++) {
        const { id, record } = await (held ? spam : sent)(it, { name: `n${n}`, code: `c${n}` });
        if (first) await inbox[first](id);
        const verbs = n % 2 ? [one, other] : [other, one];
        // The second comes a moment later each time, so that it meets the first at all its steps.
        const later = async (verb: Verb) => {
          for (let moment = 0; moment < 2 * n; moment++) await Promise.resolve();
          return inbox[verb](id);
        };
        await Promise.allSettled(verbs.map((verb, at) => (at === 0 ? inbox[verb](id) : later(verb))));
        const row = await store.first<{ state: string; parked: string | null }>(
          sql`SELECT state, parked FROM _submissions WHERE id = ${id}`,
        );
        const there = (await store.first(sql`SELECT 1 AS one FROM messages WHERE id = ${record}`)) !== undefined;
        const aside = row && (row.state === "spam" || row.state === "deleted");
        const whole =
          row === undefined || (JSON.parse(row.parked ?? "null")?.["code"] ?? "none") === (aside ? `c${n}` : "none");
        expect([verbs, row, there, whole]).toEqual([verbs, row, row !== undefined && !aside, true]);
      }
    });
  }
});

describe("an answer that others refer to", () => {
  for (const cascadeDelete of [true, false]) {
    test(`is not put aside, and is deleted for good; it ${cascadeDelete ? "takes them along" : "leaves them"}`, async () => {
      await using it = await opened();
      const [{ id, record }, other] = [await sent(it), await sent(it, { name: "Eve" })];
      await it.collection({
        name: "replies",
        fields: [
          {
            name: "to",
            type: "relation",
            cascadeDelete,
            collectionId: it.project.collections.find("messages")?.id ?? "",
          },
        ],
      });
      const reply = await it.record("replies", { to: record });
      for (const verb of ["spam", "remove"] as const) {
        await expect(it.project.inbox[verb](id)).rejects.toThrow("answer_mentioned");
      }
      const page = await it.send({ as: "root", form: [`/_/submissions/${id}/state`, { act: "spam" }] });
      expect([page.status, page.text.includes("collection replies refer")]).toEqual([409, true]);
      const many = await it.send({
        as: "root",
        form: ["/_/forms/contact/inbox", { act: "spam", every: "true", shown: `${id} ${other.id}` }],
      });
      expect(many.headers.get("location")).toContain("done=1&failed=1");
      expect([await names(it, "inbox"), await messages(it)]).toEqual([["Ada"], ["Ada"]]);
      expect(
        await it.send({ as: "root", json: ["GET", `/api/collections/replies/records/${reply.id}`] }),
      ).toMatchObject({
        body: { to: record },
      });
      await it.project.inbox.purge(id);
      expect(await it.counts()).toMatchObject({ messages: 0, replies: cascadeDelete ? 0 : 1 });
    });
  }
});

test("a released answer keeps beside it what its collection's fields do not take any more", async () => {
  await using it = await opened();
  const { id, record } = await spam(it, { code: "one", phone: "123" });
  const { fields } = (await it.send({ as: "root", json: ["GET", "/api/collections/messages"] })).body;
  const patch = async (fields: Body[]) => {
    const answer = await it.send({ as: "root", json: ["PATCH", "/api/collections/messages", { fields, indexes: [] }] });
    expect(answer.status, answer.text).toBe(200);
  };
  const left = (fields as Body[]).filter(({ name }) => name !== "name" && name !== "code");
  await patch(left);
  await patch([...left, { name: "name", type: "number" }, { name: "must", type: "text", required: true }]);
  expect((await it.project.inbox.release(id)).ok).toBe(true);
  const { body } = await it.send({ as: "root", json: ["GET", `/api/collections/messages/records/${record}`] });
  expect(body).toMatchObject({ name: 0, email: "ada@example.com", must: "" });
  expect((await it.project.inbox.find(id)).submission.extra).toEqual({ name: "Ada", code: "one", phone: "123" });
});

test("a form with answers stays with its collection while that is there", async () => {
  await using it = await opened();
  await it.collection({ name: "letters", fields: [{ name: "name", type: "text" }] });
  const path = `/api/collections/_forms/records/${await formId(it)}`;
  const point = (collection: string) => it.send({ as: "root", json: ["PATCH", path, { collection }] });
  for (const collection of ["letters", "messages"]) expect((await point(collection)).status).toBe(200);
  await sent(it);
  const refused = await point("letters");
  expect([refused.status, refused.text.includes("Make another form")]).toEqual([400, true]);
  expect((await point(it.project.collections.find("messages")?.id ?? "")).status).toBe(200);
  expect((await it.send({ as: "root", json: ["DELETE", "/api/collections/messages"] })).status).toBe(204);
  expect((await point("letters")).status).toBe(200);
});

test("answers of a collection that has gone go with the next look at what is old", async () => {
  await using it = await opened();
  await sent(it);
  await spam(it, { name: "Eve" });
  expect((await it.send({ as: "root", json: ["DELETE", "/api/collections/messages"] })).status).toBe(204);
  await it.project.rounds.run("retention");
  expect(await it.counts()).toMatchObject({ _submissions: 0 });
});

describe("the inbox", () => {
  test("finds text in records, in what is parked, in notes and in what was not asked for", async () => {
    await using it = await opened();
    const { id } = await sent(it, { name: "100% Ada" });
    await sent(it, { name: "Eve", phone: "555 1234" });
    await sent(it, { name: "Bob", email: "bob@other.example" });
    await spam(it, { name: "Mallory" });
    await it.project.inbox.note(id, "Call back");
    const rows: readonly (readonly [Box, string, readonly string[]])[] = [
      ["inbox", "", ["100% Ada", "Bob", "Eve"]],
      ["inbox", "ada", ["100% Ada", "Eve"]],
      ["inbox", "100%", ["100% Ada"]],
      ["inbox", "1234", ["Eve"]],
      ["inbox", "OTHER.example", ["Bob"]],
      ["inbox", "call", ["100% Ada"]],
      ["inbox", "mallory", []],
      ["inbox", "_", []],
      ["spam", "mallory", ["Mallory"]],
      ["new", "bob", ["Bob"]],
      ["read", "bob", []],
    ];
    for (const [box, search, found] of rows)
      expect([box, search, await names(it, box, search)]).toEqual([box, search, [...found]]);
  });

  test("shows the newest first, page by page, across its states", async () => {
    await using it = await opened();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      const { id } = await sent(it, { name: `n${n}` });
      const created = `2026-01-0${n + 1} 00:00:00.000Z`;
      await it.project.store.write((tx) => tx.run(sql`UPDATE _submissions SET created = ${created} WHERE id = ${id}`));
      ids.push(id);
    }
    await it.project.inbox.mark(ids[2] ?? "", "read");
    const form = await formId(it);
    const page = async (page: number) => {
      const { items, more } = await it.project.inbox.list({ form, box: "inbox", search: "", page, perPage: 2 });
      return [items.map(({ values }) => values?.["name"]), more];
    };
    expect([await page(1), await page(2), await page(3)]).toEqual([
      [["n4", "n3"], true],
      [["n2", "n1"], true],
      [["n0"], false],
    ]);
  });

  test("counts what lies where, and what came on which day", async () => {
    await using it = await opened();
    const ids = [
      await sent(it),
      await sent(it, { name: "B" }),
      await sent(it, { name: "C" }),
      await spam(it, { name: "D" }),
    ];
    await it.project.inbox.mark(ids[0]?.id ?? "", "read");
    await it.project.inbox.remove(ids[1]?.id ?? "");
    const form = await formId(it);
    expect(await it.project.inbox.counts(form)).toEqual({ inbox: 2, new: 1, read: 1, spam: 1, deleted: 1, test: 0 });
    const days = await it.project.inbox.perDay(form, 7);
    expect(days).toHaveLength(7);
    expect(days.map(({ count }) => count)).toEqual([0, 0, 0, 0, 0, 0, 2]);
  });
});

describe("over the API", () => {
  const path = "/api/collections/_submissions/records";
  const rows: readonly (readonly [string, Body, number])[] = [
    ["notes", { notes: "Call back" }, 200],
    ["a star", { starred: true }, 200],
    ["that it was read", { state: "read" }, 200],
    ["that it is spam", { state: "spam" }, 400],
    ["that it is deleted", { state: "deleted" }, 400],
    ["that it was a try", { test: true }, 400],
    ["that it is owed its mails", { held: true }, 400],
    ["that its record is another", { record: "nonexistent" }, 400],
    ["that its collection is another", { collection: "nonexistent" }, 400],
    ["what is parked", { state: "spam", parked: { id: "x" } }, 400],
  ];
  for (const [title, values, status] of rows) {
    test(`a submission is told ${title}: ${status}`, async () => {
      await using it = await opened();
      const { id } = await sent(it);
      const answer = await it.send({ as: "root", json: ["PATCH", `${path}/${id}`, values] });
      expect(answer.status, answer.text).toBe(status);
      if (status === 400) expect(answer.text).toContain(`/_/submissions/${id}`);
      expect(await messages(it)).toEqual(["Ada"]);
    });
  }

  test("a submission moves as in the inbox, for superusers alone", async () => {
    await using it = await opened();
    const { id } = await spam(it);
    const move = async (state: string, as = "root") => {
      const answer = await it.send({ as, json: ["POST", `/api/submissions/${id}/state`, { state }] });
      return [answer.status, answer.body.state, (await messages(it)).length];
    };
    expect(await move("nonsense")).toEqual([400, undefined, 0]);
    const moves: readonly (readonly [string, string, number])[] = [
      ["deleted", "deleted", 0],
      ["restored", "spam", 0],
      ["read", "read", 1],
      ["new", "new", 1],
      ["deleted", "deleted", 0],
      ["restored", "read", 1],
      ["spam", "spam", 0],
      ["new", "new", 1],
    ];
    for (const [wanted, state, records] of moves)
      expect([wanted, ...(await move(wanted))]).toEqual([wanted, 200, state, records]);
    expect(await jobs(it)).toHaveLength(2);
    expect((await it.send({ json: ["POST", `/api/submissions/${id}/state`, { state: "spam" }] })).status).toBe(401);
    expect((await it.send({ json: ["DELETE", `/api/submissions/${id}`] })).status).toBe(401);
    for (const status of [204, 404]) {
      expect((await it.send({ as: "root", json: ["DELETE", `/api/submissions/${id}`] })).status).toBe(status);
    }
    expect(await it.counts()).toMatchObject({ _submissions: 0, messages: 0 });
  });

  test("a submission goes alone, and takes what is parked with it", async () => {
    await using it = await opened();
    const [one, two] = [await sent(it), await spam(it, { name: "Eve" })];
    for (const { id } of [one, two]) {
      expect((await it.send({ as: "root", json: ["DELETE", `${path}/${id}`] })).status).toBe(204);
    }
    expect([await messages(it), (await it.counts())["_submissions"]]).toEqual([["Ada"], 0]);
  });
});

describe("retention", () => {
  const age = (it: Opened, id: string, days: number) => {
    const then = new Date(Date.now() - days * 24 * 60 * 60 * 1000).toISOString().replace("T", " ");
    return it.project.store.write((tx) =>
      tx.run(sql`UPDATE _submissions SET created = ${then}, updated = ${then} WHERE id = ${id}`),
    );
  };

  test("removes answers that are older than the form keeps them, whatever their state", async () => {
    await using it = await opened({ retention: 10 });
    const [old, fresh, held] = [await sent(it), await sent(it, { name: "Eve" }), await spam(it, { name: "Bob" })];
    await age(it, old.id, 11);
    await age(it, held.id, 11);
    await age(it, fresh.id, 9);
    await it.project.rounds.run("retention");
    expect([await messages(it), await names(it, "inbox"), await names(it, "spam")]).toEqual([["Eve"], ["Eve"], []]);
  });

  test("removes what was deleted 30 days ago, also where answers are kept for ever", async () => {
    await using it = await opened();
    const [old, fresh, kept] = [await sent(it), await sent(it, { name: "Eve" }), await sent(it, { name: "Bob" })];
    for (const { id } of [old, fresh]) await it.project.inbox.remove(id);
    await age(it, old.id, 31);
    await age(it, fresh.id, 29);
    await age(it, kept.id, 4000);
    await it.project.rounds.run("retention");
    expect([await names(it, "deleted"), await messages(it)]).toEqual([["Eve"], ["Bob"]]);
  });

  test("removes what filled a trap 30 days ago, and no other spam", async () => {
    await using it = await opened();
    const [old, fresh, own] = [await spam(it), await spam(it, { name: "Eve" }), await sent(it, { name: "Bob" })];
    await it.project.inbox.spam(own.id);
    await age(it, old.id, 31);
    await age(it, fresh.id, 29);
    await age(it, own.id, 4000);
    await it.project.rounds.run("retention");
    expect(await names(it, "spam")).toEqual(["Bob", "Eve"]);
  });

  test("removes many, some at a time, and goes on past what others need", async () => {
    await using it = await opened({ retention: 1 });
    const { record } = await sent(it);
    await it.collection({
      name: "answers",
      fields: [
        {
          name: "to",
          type: "relation",
          required: true,
          collectionId: it.project.collections.find("messages")?.id ?? "",
        },
      ],
    });
    await it.record("answers", { to: record });
    for (let n = 0; n < 3; n++) await sent(it, { name: `n${n}` });
    await it.project.store.write((tx) =>
      tx.run(
        sql`INSERT INTO _submissions (id, form, collection, record, state, parked, created, updated, extra)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450)
            SELECT 'old' || i, form, collection, 'gone' || i, 'spam', '{}', created, updated, NULL FROM n, (SELECT * FROM _submissions LIMIT 1)`,
      ),
    );
    await it.project.store.write((tx) => tx.run(sql`UPDATE _submissions SET created = '2001-01-01 00:00:00.000Z'`));
    await it.project.rounds.run("retention");
    expect([await messages(it), (await it.counts())["_submissions"]]).toEqual([["Ada"], 1]);
  });
});

test("retention goes on past what hooks keep, and past hooks that fail", async () => {
  const refusing = `project.records("messages").before({
    delete: ({ record, refuse }) => {
      if (record.name === "Kept") refuse("Answers with an invoice stay.", "forbidden");
      if (record.name === "Broken") throw new Error("out of order");
      if (record.name === "Down") refuse("The archive is down.", "unavailable");
    },
  });`;
  await using it = await openHooked({ "messages.ts": hook(refusing) });
  const form = { retention: 1, shield: { refuse: 1000, hold: 1000 } };
  await it.collection({ name: "messages", fields: [{ name: "name", type: "text" }] });
  await it.collection({ name: "letters", fields: [{ name: "name", type: "text" }] });
  for (const collection of ["messages", "letters"])
    await it.record("_forms", { ...form, slug: collection, collection, title: "x" });
  const write = async (slug: string, ...texts: string[]) => {
    for (const name of texts) expect((await it.send({ json: ["POST", `/forms/${slug}`, { name }] })).status).toBe(200);
    await it.project.store.write((tx) => tx.run(sql`UPDATE _submissions SET created = '2001-01-01 00:00:00.000Z'`));
  };
  await write("messages", "Ada", "Kept", "Broken", "Eve");
  await it.project.rounds.run("retention");
  expect(await messages(it)).toEqual(["Broken", "Kept"]);
  await it.project.logs.flush();
  expect(it.log.join("\n")).toMatch(/still here: 2\..*/);
  expect(it.log.join("\n")).toContain("out of order");
  await write("messages", "Down");
  await write("letters", "Bob");
  await it.project.rounds.run("retention").catch(() => {});
  expect(await it.counts()).toMatchObject({ messages: 3, letters: 0 });
});

test("deleting for good leads back to the inbox, whichever button it was", async () => {
  await using it = await opened();
  const { id } = await sent(it);
  const answer = await it.send({ as: "root", form: [`/_/submissions/${id}/state`, { act: "purge" }] });
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/_/forms/contact/inbox?state=deleted&done=1"]);
  expect(await it.counts()).toMatchObject({ messages: 0, _submissions: 0 });
});

test.each(["purged", "removed as a record"])(
  "what is %s is unlearned, and its mails are gone from the log",
  async (way) => {
    await using it = await opened();
    const marked = ["spam", "good", "good"].map(async (lesson, n) => {
      const { id } = await sent(it, { name: `Ada ${n}`, email: "ada@private.example", phone: "hemochromatosis" });
      await it.project.inbox.spam(id);
      if (lesson === "good") await it.project.inbox.release(id);
      if (lesson === "spam" && way !== "purged") await it.project.inbox.release(id);
      return id;
    });
    const ids = await Promise.all(marked);
    const left = async () => [
      (await it.project.store.all(sql`SELECT word FROM _words`)).length > 0,
      (await it.project.jobs.list({ about: ids[0] ?? "", limit: 9 })).length > 0,
    ];
    expect(await left()).toEqual([true, true]);
    for (const id of ids) {
      if (way === "purged") await it.project.inbox.purge(id);
      else await it.send({ as: "root", json: ["DELETE", `/api/collections/messages/records/${id}`] });
    }
    expect(await it.counts()).toMatchObject({ messages: 0, _submissions: 0 });
    expect(await left()).toEqual([false, false]);
  },
);

test("what an owner calls spam or good teaches the word filter, once each", async () => {
  await using it = await opened();
  const { id } = await sent(it, { phone: "lottery" });
  const lessons = async () =>
    it.project.store.all<{ word: string; spam: number; good: number }>(
      sql`SELECT word, spam, good FROM _words WHERE word IN ('', 'ada', 'lottery') ORDER BY word`,
    );
  expect(await lessons()).toEqual([]);
  for (let n = 0; n < 2; n++) await it.project.inbox.spam(id);
  expect((await lessons()).map(({ spam, good }) => [spam, good])[0]).toEqual([1, 0]);
  const taught = (await lessons()).length;
  for (let n = 0; n < 2; n++) await it.project.inbox.release(id);
  expect((await lessons()).map(({ spam, good }) => [spam, good])).toEqual(Array(taught).fill([0, 1]));
});
