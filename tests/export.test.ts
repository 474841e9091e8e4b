import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Json } from "../src/fields/field.ts";
import { fieldTypes } from "../src/fields/index.ts";
import { join, name, sql } from "../src/store/sql.ts";
import { exported } from "../src/transfer/export.ts";
import { armed, disarmed } from "../src/transfer/export-lines.ts";
import { collectionSource } from "../src/transfer/collection-export.ts";
import { Opened } from "./testing.ts";

async function withOwner(): Promise<Opened> {
  const opened = await Opened.open();
  await opened.person("owner", {}, "_superusers");
  return opened;
}

function take(opened: Opened, path: string) {
  return opened.send({ as: "owner", json: ["GET", path] });
}

const notes = {
  name: "notes",
  fields: [
    { name: "title", type: "text" },
    { name: "count", type: "number" },
    { name: "done", type: "bool" },
    { name: "more", type: "json" },
    { name: "place", type: "geoPoint" },
    { name: "tags", type: "select", maxSelect: 3, values: ["a", "b", "c"] },
    { name: "secret", type: "text", hidden: true },
  ],
};

describe("a collection", () => {
  test("is CSV with a byte order mark, headings, CRLF and quotes", async () => {
    await using opened = await withOwner();
    await opened.collection(notes);
    const { id } = await opened.record("notes", { title: 'say "hi",\nAnn', count: -1.5, done: true, tags: ["a", "b"] });
    const { status, headers, text } = await take(opened, "/_/collections/notes/export.csv");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(headers.get("content-disposition")).toMatch(/^attachment; filename="notes-\d{4}-\d\d-\d\d\.csv"$/);
    expect(headers.get("cache-control")).toBe("no-store");
    const heading = '"id","title","count","done","more","place","tags","secret"';
    // `text()` takes the mark away, as it should.
    expect(text).toBe(
      `${heading}\r\n"${String(id)}","say ""hi"",\nAnn",-1.5,true,,"{""lon"":0,""lat"":0}","[""a"",""b""]",""\r\n`,
    );
    const source = collectionSource(opened.project.collections.find("notes") ?? expect.unreachable());
    const [first] = await Array.fromAsync(exported(opened.project.store, source, { format: "csv" }));
    expect(first?.startsWith('\u{feff}"id"')).toBe(true);
  });

  test("has semicolons where they are asked for, and nothing else", async () => {
    await using opened = await withOwner();
    await opened.collection(notes);
    const { text } = await take(opened, "/_/collections/notes/export.csv?separator=;");
    expect(text).toStartWith('"id";"title";"count"');
    expect((await take(opened, "/_/collections/notes/export.csv?separator=x")).status).toBe(400);
  });

  test("is JSON, and one object per line, as the API answers it", async () => {
    await using opened = await withOwner();
    await opened.collection(notes);
    for (const title of ["one", "two"]) {
      await opened.record("notes", { title, more: { deep: [1, "x"] }, place: { lon: 1.5, lat: 2 }, secret: "s" });
    }
    const listed = await take(opened, "/api/collections/notes/records?sort=@rowid");
    const items = (listed.body["items"] as { [key: string]: Json }[]).map(
      ({ collectionId, collectionName, ...own }) => own,
    );
    const json = await take(opened, "/_/collections/notes/export.json");
    expect(JSON.parse(json.text)).toEqual(items);
    const ndjson = await take(opened, "/_/collections/notes/export.ndjson");
    expect(ndjson.headers.get("content-type")).toBe("application/x-ndjson");
    expect(
      ndjson.text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(items);
  });

  test("without records is an empty array, and headings alone", async () => {
    await using opened = await withOwner();
    await opened.collection({ name: "empty", fields: [] });
    expect(JSON.parse((await take(opened, "/_/collections/empty/export.json")).text)).toEqual([]);
    expect((await take(opened, "/_/collections/empty/export.ndjson")).text).toBe("");
    expect((await take(opened, "/_/collections/empty/export.csv")).text).toBe('"id"\r\n');
  });

  test("keeps to itself what nobody is ever shown", async () => {
    await using opened = await withOwner();
    const person = await opened.person("ann");
    for (const format of ["csv", "json", "ndjson"]) {
      const { text } = await take(opened, `/_/collections/users/export.${format}`);
      expect(text).toContain("ann@example.com");
      expect(text).not.toContain(String(person["tokenKey"]));
      expect(text).not.toContain("$argon2");
      expect(text).not.toContain("password");
    }
  });

  test("is for owners alone", async () => {
    await using opened = await withOwner();
    await opened.person("ann");
    for (const as of [undefined, "ann"]) {
      const { status, headers } = await opened.send({ as, json: ["GET", "/_/collections/users/export.csv"] });
      expect([status, headers.get("location")]).toEqual([303, expect.stringContaining("/_/login")]);
    }
    expect((await take(opened, "/_/collections/nothing/export.csv")).status).toBe(404);
  });

  test("has every type of field as it reads", async () => {
    await using opened = await withOwner();
    const kinds = fieldTypes.filter(({ type, target, uploads }) => !target && !uploads && type !== "password");
    const all = kinds.flatMap((kind) =>
      kind.examples.filter(({ options }) => !options["primaryKey"]).map((example) => ({ kind, example })),
    );
    const fields = all.map(({ kind, example }, at) => ({ name: `f${at}`, type: kind.type, ...example.options }));
    await opened.collection({ name: "kinds", fields });
    const collection = opened.project.collections.find("kinds") ?? expect.unreachable();
    const columns = all.map(({ example }, at) => collection.field(`f${at}`)?.toColumn(example.good) ?? null);
    const names = join(
      all.map((_, at) => name(`f${at}`)),
      ", ",
    );
    const values = join(
      columns.map((value) => sql`${value}`),
      ", ",
    );
    await opened.project.store.write((tx) => tx.run(sql`INSERT INTO kinds (id, ${names}) VALUES ('abc', ${values})`));
    const [record] = JSON.parse((await take(opened, "/_/collections/kinds/export.json")).text);
    for (const [at, { kind, example }] of all.entries())
      expect([kind.type, record[`f${at}`]]).toEqual([kind.type, example.good]);
  });
});

describe("large collections", () => {
  async function many(opened: Opened, count: number): Promise<void> {
    await opened.collection({ name: "many", fields: [{ name: "title", type: "text", max: 0 }] });
    await opened.project.store.write((tx) =>
      tx.run(sql`WITH RECURSIVE row(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM row WHERE n < ${count})
                 INSERT INTO many (id, title) SELECT printf('%015d', n), 'title ' || n FROM row`),
    );
  }

  test("come in pieces, each asked for, every row once and in order", async () => {
    await using opened = await withOwner();
    await many(opened, 50_000);
    const { store, collections } = opened.project;
    let asked = 0;
    const counting = {
      dialect: store.dialect,
      scan: <Row>(...query: Parameters<typeof store.scan>) => (asked++, store.scan<Row>(...query)),
    };
    const source = collectionSource(collections.find("many") ?? expect.unreachable());
    let [rows, longest, pieces] = [0, 0, 0];
    for await (const text of exported(counting, source, { format: "ndjson" })) {
      pieces++;
      expect(asked).toBe(pieces);
      longest = Math.max(longest, text.length);
      for (const line of text.trimEnd().split("\n")) expect(JSON.parse(line).title).toBe(`title ${++rows}`);
    }
    expect(rows).toBe(50_000);
    expect(pieces).toBeGreaterThan(10);
    expect(longest).toBeLessThan(1_000_000);
  });

  test("of heavy rows have few of them in memory", async () => {
    await using opened = await withOwner();
    await opened.collection({ name: "heavy", fields: [{ name: "text", type: "text", max: 2_000_000 }] });
    await opened.project.store.write((tx) =>
      tx.run(sql`WITH RECURSIVE row(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM row WHERE n < 40)
                 INSERT INTO heavy (id, text) SELECT printf('%015d', n), printf('%*c', 400000, 'x') FROM row`),
    );
    const source = collectionSource(opened.project.collections.find("heavy") ?? expect.unreachable());
    const pieces = await Array.fromAsync(exported(opened.project.store, source, { format: "csv" }));
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(1_300_000);
    expect(pieces.join("").split("\r\n").length).toBe(42);
  });

  test("end where nobody takes them any more, and where the schema changes", async () => {
    await using opened = await withOwner();
    await many(opened, 20_000);
    const { store, collections } = opened.project;
    const source = collectionSource(collections.find("many") ?? expect.unreachable());
    const { current } = collections;
    const gone = new AbortController();
    const left = exported(store, source, { format: "csv", gone: gone.signal });
    await left.next();
    gone.abort();
    await expect(left.next()).rejects.toThrow("client_gone");
    const changed = exported(store, source, { format: "csv", mustHold: () => collections.mustHold(current) });
    await changed.next();
    await changed.next();
    await opened.collection({ name: "another", fields: [] });
    await expect(changed.next()).rejects.toThrow();
  });
});

describe("spreadsheets", () => {
  test("calculate nothing that somebody typed", async () => {
    await using opened = await withOwner();
    await opened.collection({
      name: "texts",
      fields: [
        { name: "text", type: "text", max: 100 },
        { name: "n", type: "number" },
      ],
    });
    const typed = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'=1", "＝1", "plain", "'plain"];
    for (const text of typed) await opened.record("texts", { text, n: -1 });
    const { text } = await take(opened, "/_/collections/texts/export.csv");
    for (const it of typed.slice(0, 8)) expect(text).toContain(`,"'${it}",-1\r\n`);
    expect(text).toContain(',"plain",-1\r\n');
    expect(text).toContain(',"\'plain",-1\r\n');
  });

  test("any text is armed again as it was, and none is dangerous", () => {
    const texts = fc.string({ unit: fc.constantFrom("'", "=", "+", "-", "@", "\t", "\r", "\n", "a", "＝", " ") });
    fc.assert(
      fc.property(texts, (text) => {
        expect(armed(disarmed(text))).toBe(text);
        expect(disarmed(text)).not.toMatch(/^[=+\-@\t\r\n＝]/);
      }),
    );
  });
});

describe("the answers to a form", () => {
  async function contact(): Promise<Opened> {
    const opened = await withOwner();
    await opened.collection({
      name: "messages",
      fields: [
        { name: "name", type: "text", required: true },
        { name: "email", type: "email" },
        { name: "stars", type: "number" },
      ],
    });
    const fields = ["stars", { name: "name", label: "Your name" }, "email"];
    await opened.record("_forms", { slug: "contact", collection: "messages", title: "Contact", fields });
    return opened;
  }

  test("have the form's questions in its order, and what else is known", async () => {
    await using opened = await contact();
    await opened.send({
      form: ["/forms/contact", { name: "=Ann", email: "Ann@example.com", stars: "4", shoe: "42", _subject: "Hi" }],
    });
    const csv = await take(opened, "/_/forms/contact/export.csv");
    expect(csv.headers.get("content-disposition")).toContain('filename="contact-');
    const [heading, row] = csv.text.split("\r\n");
    expect(heading).toBe(
      '"Stars","Your name","Email","_created","_state","_email","_origin","_extra","_wishes","_notes","_id"',
    );
    expect(row).toMatch(
      /^4,"'=Ann","Ann@example\.com","20[^"]+Z","new","ann@example\.com","","\{""shoe"":""42""\}","\{""subject"":""Hi""\}","","[a-z0-9]{15}"$/,
    );
    const [answer] = JSON.parse((await take(opened, "/_/forms/contact/export.json")).text);
    expect(answer).toMatchObject({
      name: "=Ann",
      email: "Ann@example.com",
      stars: 4,
      _state: "new",
      _extra: { shoe: "42" },
      _wishes: { subject: "Hi" },
    });
  });

  test("are there wherever their record is, and only those of the box that is asked for", async () => {
    await using opened = await contact();
    for (const name of ["Ann", "Bob", "Cid"]) await opened.send({ form: ["/forms/contact", { name, stars: "3" }] });
    const rows = async (query: string) => {
      return JSON.parse((await take(opened, `/_/forms/contact/export.json${query}`)).text) as { [key: string]: Json }[];
    };
    const [, bob] = await rows("");
    await opened.project.inbox.spam(String(bob?.["_id"]));
    expect((await rows("")).map(({ name, stars, _state }) => [name, stars, _state])).toEqual([
      ["Ann", 3, "new"],
      ["Bob", 3, "spam"],
      ["Cid", 3, "new"],
    ]);
    expect((await rows("?state=spam")).map(({ name }) => name)).toEqual(["Bob"]);
    expect((await rows("?state=inbox")).map(({ name }) => name)).toEqual(["Ann", "Cid"]);
    expect((await rows("?search=cid")).map(({ name }) => name)).toEqual(["Cid"]);
    const csv = await take(opened, "/_/forms/contact/export.csv?state=spam");
    expect(csv.text).toContain('\r\n3,"Bob",""');
  });
});
