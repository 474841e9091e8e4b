import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../src/fields/field.ts";
import { sql } from "../src/store/sql.ts";
import { names } from "../src/transfer/person.ts";
import { Opened } from "./testing.ts";

/** Somebody who has an account, a note, an order that must keep its buyer, an answer, spam, and mails. */
async function withAnn(): Promise<Opened> {
  const opened = await Opened.open();
  const users = opened.project.collections.find("users")?.id ?? "";
  await opened.person("owner", {}, "_superusers");
  const { id: ann } = await opened.person("ann", { email: "Ann@Example.com", name: "Ann" });
  await opened.person("bob");
  await opened.collection({
    name: "notes",
    fields: [
      { name: "title", type: "text" },
      { name: "author", type: "relation", collectionId: users, maxSelect: 1 },
      { name: "readers", type: "relation", collectionId: users, maxSelect: 5 },
    ],
  });
  await opened.record("notes", { title: "by Ann", author: ann ?? "" });
  await opened.record("notes", { title: "for Ann", readers: [ann ?? ""] });
  await opened.record("notes", { title: "nobody's" });
  await opened.collection({
    name: "contacts",
    fields: [
      { name: "address", type: "text" },
      { name: "cv", type: "file" },
    ],
  });
  await opened.record("contacts", { address: "ann@example.com" });
  await opened.record("contacts", { address: "joann@example.com" });
  await opened.collection({
    name: "messages",
    fields: [
      { name: "email", type: "email" },
      { name: "text", type: "text" },
    ],
  });
  await opened.record("_forms", {
    slug: "contact",
    collection: "messages",
    title: "Contact",
    notify: ["owner@example.com"],
  });
  await opened.record("_forms", { slug: "mine", collection: "messages", title: "Mine", notify: ["ann@example.com"] });
  for (const email of ["ann@example.com", "bob@example.com", "ANN@example.com"]) {
    await opened.send({ form: ["/forms/contact", { email, text: `from ${email}` }] });
  }
  await opened.send({ form: ["/forms/contact", { text: "more", other: "ann@example.com" }] });
  const [, , third] = await rows(opened, "_submissions");
  await opened.project.inbox.spam(third ?? "");
  await opened.project.jobs.settled();
  return opened;
}

async function rows(opened: Opened, collection: string): Promise<string[]> {
  const { body } = await opened.send({
    as: "owner",
    json: ["GET", `/api/collections/${collection}/records?sort=@rowid`],
  });
  return (body["items"] as { id: string }[]).map(({ id }) => id);
}

const page = (opened: Opened, path: string, as = "owner") =>
  opened.send({ as, json: ["GET", path], headers: { accept: "text/html" } });

/** The keys of the groups that can be erased. */
async function erasable(opened: Opened, email: string): Promise<string[]> {
  const { text } = await page(opened, `/_/people/erase?email=${email}`);
  return [...text.matchAll(/name="group" value="([^"]+)"/g)].map(([, key]) => key ?? "");
}

describe("what is stored about somebody", () => {
  test("is found wherever it is, however it is spelt", async () => {
    await using opened = await withAnn();
    const { status, text } = await page(opened, "/_/people?email=ANN%40example.com");
    expect(status).toBe(200);
    for (const heading of [
      "Records in users",
      "Records in contacts",
      "Records in notes that point at the account",
      "Answers to forms, each with its record",
      "Mails and webhooks",
      "Forms that send mail to this address",
    ]) {
      expect(text).toContain(heading);
    }
    for (const shown of ["by Ann", "for Ann", "Mine"]) expect(text).toContain(shown);
    for (const other of ["joann@", "nobody&#39;s", "nobody's", "bob@example.com", "Records in messages"])
      expect(text).not.toContain(other);
  });

  test("has its moments in words, as everywhere", async () => {
    await using opened = await withAnn();
    const { text } = await page(opened, "/_/people?email=ann%40example.com");
    expect(text).toMatch(/[A-Z][a-z]{2} \d+, \d{4}, [^<]* UTC/);
    expect(text).not.toMatch(/>[^<]*\d{4}-\d\d-\d\d \d\d:[^<]*Z/);
  });

  test("is nothing for a stranger, and a sentence for what is no address", async () => {
    await using opened = await withAnn();
    expect((await page(opened, "/_/people?email=cid@example.com")).text).toContain(
      "Nothing is stored about cid@example.com.",
    );
    expect((await page(opened, "/_/people?email=cid")).status).toBe(422);
    expect((await page(opened, "/_/people")).status).toBe(200);
    for (const path of [
      "/_/people?email=ann@example.com",
      "/_/people/export?email=ann@example.com",
      "/_/people/erase?email=ann@example.com",
    ]) {
      const { status, headers } = await page(opened, path, "bob");
      expect([status, headers.get("location")]).toEqual([303, expect.stringContaining("/_/login")]);
    }
  });

  test("can be taken along, without secrets", async () => {
    await using opened = await withAnn();
    const { headers, text } = await page(opened, "/_/people/export?email=ann@example.com");
    expect(headers.get("content-disposition")).toMatch(/^attachment; filename="ann-at-example\.com-/);
    const { email, found } = JSON.parse(text) as {
      email: string;
      found: { kind: string; collection?: string; value: { [key: string]: Json } }[];
    };
    expect(email).toBe("ann@example.com");
    const kinds = found.map(({ kind, collection }) => [kind, collection ?? ""].join(" ").trim());
    expect([...new Set(kinds)]).toEqual([
      "records users",
      "records contacts",
      "related notes",
      "answers",
      "jobs",
      "settings",
    ]);
    const answers = found.filter(({ kind }) => kind === "answers");
    expect(answers.map(({ value }) => value["state"])).toEqual(["new", "spam", "new"]);
    expect(answers[0]?.value["values"]).toMatchObject({ text: "from ann@example.com" });
    expect(answers[1]?.value["values"]).toMatchObject({ text: "from ANN@example.com" });
    expect(text).not.toContain("tokenKey");
    expect(text).not.toContain("$argon2");
    expect(text).not.toContain("bob@example.com");
  });

  test("names the files that belong to it", async () => {
    await using opened = await withAnn();
    const body = new FormData();
    body.set("address", "ann@example.com");
    body.set("cv", new File(["hello"], "cv.txt"));
    const headers = { authorization: opened.token("owner") };
    const url = "http://localhost/api/collections/contacts/records";
    const made = (await (await opened.app.handle(new Request(url, { method: "POST", headers, body }))).json()) as {
      id: string;
      cv: string;
    };
    const { text } = await page(opened, "/_/people/export?email=ann@example.com");
    const id = opened.project.collections.find("contacts")?.id;
    expect(JSON.parse(text).found).toContainEqual(
      expect.objectContaining({ files: [`/api/files/${id}/${made.id}/${made.cv}`] }),
    );
    const file = join(opened.project.dir.files, id ?? "", made.id, made.cv);
    expect(existsSync(file)).toBe(true);
    const keys = await erasable(opened, "ann@example.com");
    await opened.send({ as: "owner", form: ["/_/people/erase", { email: "ann@example.com", group: keys }] });
    expect(existsSync(file)).toBe(false);
  });
});

describe("erasing", () => {
  test("asks first, listing what goes, and nothing goes unasked", async () => {
    await using opened = await withAnn();
    const before = await opened.counts();
    const { text } = await page(opened, "/_/people/erase?email=ann@example.com");
    for (const shown of ["by Ann", "for Ann", "Erase it for good", "Backups that you have made"])
      expect(text).toContain(shown);
    expect(text).not.toContain("Mine");
    const unticked = await opened.send({ as: "owner", form: ["/_/people/erase", { email: "ann@example.com" }] });
    expect([unticked.status, unticked.text]).toEqual([422, expect.stringContaining("Tick what is to be erased.")]);
    const stranger = await opened.send({
      as: "bob",
      form: ["/_/people/erase", { email: "ann@example.com", group: "answers" }],
    });
    expect(stranger.status).toBe(303);
    expect(await opened.counts()).toEqual(before);
  });

  test("takes everything that is theirs, and nothing that is not", async () => {
    await using opened = await withAnn();
    const keys = await erasable(opened, "ann@example.com");
    const { status, text } = await opened.send({
      as: "owner",
      form: ["/_/people/erase", { email: "Ann@example.com", group: keys }],
    });
    expect([status, text]).toEqual([200, expect.stringContaining("What was erased about ann@example.com")]);
    const counts = await opened.counts();
    expect(counts).toMatchObject({ users: 1, notes: 1, contacts: 1, messages: 1, _submissions: 1, _forms: 2 });
    const { text: left } = await page(opened, "/_/people?email=ann@example.com");
    expect(left).not.toContain("Records in");
    expect(left).not.toContain("Answers to forms");
    expect(left).not.toContain("Mails and webhooks");
    expect(left).toContain("Mine");
    const jobs = await opened.project.store.all<{ text: string }>(
      sql`SELECT lower(payload || outcome) AS text FROM _jobs`,
    );
    expect(jobs.filter((job) => names(job.text, "ann@example.com"))).toEqual([]);
    expect(opened.log.join("")).not.toContain("ann@example.com");
  });

  test("takes only what is ticked", async () => {
    await using opened = await withAnn();
    const before = await opened.counts();
    await opened.send({
      as: "owner",
      form: ["/_/people/erase", { email: "ann@example.com", group: ["answers", "settings"] }],
    });
    const after = await opened.counts();
    expect([after["_submissions"], after["users"], after["notes"], after["_forms"]]).toEqual([
      (before["_submissions"] ?? 0) - 3,
      before["users"],
      before["notes"],
      before["_forms"],
    ]);
  });

  test("says what could not go, and why", async () => {
    await using opened = await withAnn();
    const users = opened.project.collections.find("users")?.id ?? "";
    const [ann = ""] = await rows(opened, "users");
    await opened.collection({
      name: "orders",
      fields: [{ name: "buyer", type: "relation", collectionId: users, maxSelect: 1, required: true }],
    });
    await opened.record("orders", { buyer: ann });
    const keys = (await erasable(opened, "ann@example.com")).filter((key) => key.startsWith("records:"));
    const { text } = await opened.send({
      as: "owner",
      form: ["/_/people/erase", { email: "ann@example.com", group: keys }],
    });
    expect(text).toContain(`${ann} could not be erased`);
    expect((await opened.counts())["users"]).toBe(2);
  });

  test("spares the accounts of owners", async () => {
    await using opened = await withAnn();
    const keys = await erasable(opened, "owner@example.com");
    expect(keys.some((key) => key.startsWith("records:"))).toBe(false);
    const id = opened.project.collections.find("_superusers")?.id;
    await opened.send({
      as: "owner",
      form: ["/_/people/erase", { email: "owner@example.com", group: `records:${id}` }],
    });
    expect((await opened.counts())["_superusers"]).toBe(1);
  });

  test("forgets what failed sends keep", async () => {
    await using opened = await withAnn();
    const form = new Map([["email", ["ann@example.com"]]]);
    await opened.project.drafts.keep({ purpose: "again", target: "/notes", form, files: new Map(), address: "" });
    expect(await erasable(opened, "ann@example.com")).toContain("drafts");
    await opened.send({ as: "owner", form: ["/_/people/erase", { email: "ann@example.com", group: "drafts" }] });
    expect(await opened.project.store.all(sql`SELECT token FROM _drafts`)).toEqual([]);
  });
});

test("an address is named where it stands alone", () => {
  const address = "ann@example.com";
  for (const text of [
    address,
    `"${address}"`,
    `Ann <${address}>, others`,
    `to ${address}.`,
    `joann@example.com ${address}`,
  ]) {
    expect([text, names(text, address)]).toEqual([text, true]);
  }
  for (const text of ["joann@example.com", "ann@example.com.au", "ann@example.community", "x.ann@example.com", ""]) {
    expect([text, names(text, address)]).toEqual([text, false]);
  }
});
