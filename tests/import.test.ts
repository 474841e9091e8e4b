import { describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { Json } from "../src/fields/field.ts";
import { sql } from "../src/store/sql.ts";
import { knownQuery } from "../src/transfer/answers-import.ts";
import { natureOf, readCsv } from "../src/transfer/csv-reader.ts";
import { type Body, Opened } from "./testing.ts";

const things = {
  name: "things",
  fields: [
    { name: "title", type: "text", required: true, max: 200 },
    { name: "count", type: "number" },
    { name: "done", type: "bool" },
    { name: "tags", type: "select", maxSelect: 3, values: ["red", "green", "dark, blue"] },
    { name: "code", type: "text" },
    { name: "created", type: "autodate", onCreate: true },
  ],
  indexes: ["CREATE UNIQUE INDEX `idx_things_code` ON `things` (`code`) WHERE `code` != ''"],
};

async function withThings(): Promise<Opened> {
  const opened = await Opened.open();
  await opened.person("owner", {}, "_superusers");
  await opened.collection(things);
  return opened;
}

async function withForm(): Promise<Opened> {
  const opened = await Opened.open();
  await opened.person("owner", {}, "_superusers");
  await opened.collection({
    name: "messages",
    fields: [
      { name: "name", type: "text", required: true },
      { name: "email", type: "email" },
      { name: "message", type: "text" },
    ],
  });
  const fields = [{ name: "name", label: "Your name" }, "email", "message"];
  await opened.record("_forms", { slug: "contact", collection: "messages", title: "Contact", fields });
  return opened;
}

const collectionImport = "/_/collections/things/import";
const formImport = "/_/forms/contact/import";

/** Sends a file as a browser does; answers the address of what becomes of it. */
async function upload(opened: Opened, path: string, file: string, as = "owner"): Promise<Response> {
  const body = new FormData();
  body.set("file", new File([file], "people.csv", { type: "text/csv" }));
  const headers = { authorization: opened.token(as), accept: "text/html" };
  return opened.app.handle(new Request(`http://localhost${path}`, { method: "POST", headers, body }));
}

async function look(opened: Opened, run: string) {
  for (;;) {
    const answer = await opened.send({ as: "owner", json: ["GET", run], headers: { accept: "text/html" } });
    if (!answer.headers.has("refresh")) return answer;
  }
}

async function sent(opened: Opened, path: string, file: string) {
  const answer = await upload(opened, path, file);
  expect(answer.status, await answer.clone().text()).toBe(303);
  const run = answer.headers.get("location") ?? "";
  return { run, page: await look(opened, run) };
}

/** Sends a file, and imports it with the columns as they are guessed, or as they are chosen. */
async function imported(opened: Opened, path: string, file: string, column?: readonly string[]) {
  const { run, page } = await sent(opened, path, file);
  const guess = page.text.split("<select").slice(1);
  const choices = column ?? guess.map(chosenIn);
  const { status, headers } = await opened.send({ as: "owner", form: [run, { act: "import", column: choices }] });
  expect([status, headers.get("location")]).toEqual([303, run]);
  return { run, page: await look(opened, run) };
}

/** What a control has chosen; a blank value is written without quotes. */
function chosenIn(select: string): string {
  const option = /<option[^>]* selected[^>]*>/.exec(select)?.[0] ?? "";
  return / value="([^"]*)"/.exec(option)?.[1] ?? "";
}

async function all(opened: Opened, collection = "things"): Promise<Body[]> {
  const path = `/api/collections/${collection}/records?sort=@rowid&perPage=1000`;
  const { body } = await opened.send({ as: "owner", json: ["GET", path] });
  return body["items"] as Body[];
}

describe("a file for a collection", () => {
  test("is looked through first, and nothing is written", async () => {
    await using opened = await withThings();
    const before = await opened.counts();
    const csv = 'Title,COUNT,nobody knows\nOne,1,x\n,2,x\nThree,many,x\n"Four\nlines",4,x\n';
    const { page } = await sent(opened, collectionImport, csv);
    expect(page.status).toBe(200);
    for (const text of [
      "Rows that would be made: 2.",
      "would be left out: 2.",
      "Cannot be blank.",
      "Nothing has been written",
    ]) {
      expect(page.text).toContain(text);
    }
    expect(page.text).toMatch(/<td[^>]*>3<\/td><td[^>]*>Title<\/td>/);
    expect(page.text).toMatch(/<td[^>]*>4<\/td><td[^>]*>COUNT<\/td>/);
    expect(await opened.counts()).toEqual(before);
  });

  test("is imported but for what is wrong, which is handed back with the reasons", async () => {
    await using opened = await withThings();
    const csv = "title,count,code\nOne,1,a\n=Two,x,b\nThree,3,a\n";
    const { run, page } = await imported(opened, collectionImport, csv);
    expect(page.text).toContain("Rows that were made: 1.");
    expect(page.text).toContain("Rows that were left out: 2.");
    expect((await all(opened)).map(({ title, count }) => [title, count])).toEqual([["One", 1]]);
    const left = await opened.send({ as: "owner", json: ["GET", `${run}/left.csv`] });
    expect(left.headers.get("content-disposition")).toContain('filename="left-out-people.csv"');
    const [heading, second, third] = left.text.split("\r\n");
    expect(heading).toBe('"title","count","code","Line","Reason"');
    expect(second).toMatch(/^"'=Two","x","b","3",".+"$/);
    expect(third).toMatch(/^"Three","3","a","4",".+"$/);
    const corrected = left.text.replace('"x"', '"2"').replace('"3","a"', '"3","c"');
    expect((await imported(opened, collectionImport, corrected)).page.text).toContain("Rows that were made: 2.");
    expect((await all(opened)).map(({ title }) => title)).toEqual(["One", "=Two", "Three"]);
  });

  test("may have its columns chosen otherwise", async () => {
    await using opened = await withThings();
    const { run, page } = await sent(opened, collectionImport, "a,b\nx,7\n");
    expect(page.text).toContain("Rows that would be made: 0.");
    await opened.send({ as: "owner", form: [run, { act: "check", column: ["title", "count"] }] });
    expect((await look(opened, run)).text).toContain("Rows that would be made: 1.");
    await opened.send({ as: "owner", form: [run, { act: "import", column: ["title", "password"] }] });
    await look(opened, run);
    expect((await all(opened)).map(({ title, count }) => [title, count])).toEqual([["x", 0]]);
  });

  test("fills lists, truth values and moments", async () => {
    await using opened = await withThings();
    const csv =
      'title,tags,done,created\na,"red, green",yes,2020-01-02 03:04\nb,"dark, blue",no,\nc,"[""red"",""dark, blue""]",,2021-01-01\n';
    await imported(opened, collectionImport, csv);
    const [a, b, c] = await all(opened);
    expect([a?.["tags"], b?.["tags"], c?.["tags"]]).toEqual([["red", "green"], ["dark, blue"], ["red", "dark, blue"]]);
    expect([a?.["done"], b?.["done"]]).toEqual([true, false]);
    expect([a?.["created"], c?.["created"]]).toEqual(["2020-01-02 03:04:00.000Z", "2021-01-01 00:00:00.000Z"]);
    expect(b?.["created"]).not.toBe("");
  });

  test("may make accounts, but shows no password", async () => {
    await using opened = await withThings();
    const { page } = await imported(
      opened,
      "/_/collections/users/import",
      "email,password,name\nann@example.com,a long secret,Ann\nbob@example.com,x,Bob\n",
    );
    expect(page.text).toContain("Rows that were made: 1.");
    expect(page.text).not.toContain("a long secret");
    const signedIn = await opened.send({
      json: [
        "POST",
        "/api/collections/users/auth-with-password",
        { identity: "ann@example.com", password: "a long secret" },
      ],
    });
    expect(signedIn.status).toBe(200);
  });

  test("is known again when it is sent a second time", async () => {
    await using opened = await withThings();
    const csv = "title\nOne\n";
    expect((await sent(opened, collectionImport, csv)).page.text).not.toContain("This very file");
    expect((await imported(opened, collectionImport, csv)).page.text).not.toContain("This very file");
    expect((await sent(opened, collectionImport, csv)).page.text).toContain("This very file was imported on");
    expect((await sent(opened, collectionImport, `${csv}Two\n`)).page.text).not.toContain("This very file");
  });

  test("leaves nothing behind", async () => {
    await using opened = await withThings();
    await imported(opened, collectionImport, "title\nOne\n");
    await opened.project.imports.close();
    expect(readdirSync(opened.project.dir.tmp)).toEqual([]);
  });

  test("is refused with a sentence where it is none", async () => {
    await using opened = await withThings();
    const answer = await upload(opened, collectionImport, "");
    expect([answer.status, await answer.text()]).toEqual([
      422,
      expect.stringContaining("There is nothing in this file."),
    ]);
    const none = await opened.send({ as: "owner", form: [collectionImport, { file: "x" }] });
    expect([none.status, none.text]).toEqual([422, expect.stringContaining("Choose a CSV file first.")]);
    const open = await upload(opened, collectionImport, 'title\nfine\n"never ends\n\n');
    expect([open.status, await open.text()]).toEqual([422, expect.stringContaining("a quote is opened before line")]);
  });

  test("is for owners, and for where it was sent", async () => {
    await using opened = await withThings();
    await opened.collection({ name: "others", fields: [{ name: "title", type: "text" }] });
    await opened.person("ann");
    const stranger = await upload(opened, collectionImport, "title\nx\n", "ann");
    expect(stranger.headers.get("location")).toContain("/_/login");
    const { run } = await sent(opened, collectionImport, "title\nx\n");
    const elsewhere = run.replace("/things/", "/others/");
    expect((await opened.send({ as: "owner", json: ["GET", elsewhere] })).status).toBe(404);
    expect((await opened.send({ as: "owner", form: [elsewhere, { act: "import" }] })).status).toBe(404);
    expect((await opened.send({ as: "ann", json: ["GET", `${run}/left.csv`] })).status).toBe(303);
  });
});

describe("what was exported", () => {
  test("is imported as it was, whatever it is", async () => {
    const texts = fc.array(
      fc.record({
        title: fc.string({
          unit: fc.oneof(
            fc.constantFrom(..."'=+-@\t\r\n,;\" ＝ü"),
            fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
          ),
          minLength: 1,
          maxLength: 30,
        }),
        count: fc.double({ noNaN: true, noDefaultInfinity: true }),
        done: fc.boolean(),
        tags: fc.subarray(["red", "green", "dark, blue"]),
      }),
      { minLength: 1, maxLength: 20 },
    );
    await using opened = await withThings();
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom(",", ";"), async (records, separator) => {
        for (const record of records.filter(({ title }) => !title.includes("\0")))
          await opened.record("things", record);
        const before = await all(opened);
        const csv = await opened.send({
          as: "owner",
          json: ["GET", `/_/collections/things/export.csv?separator=${separator}`],
        });
        await opened.project.store.write((tx) => tx.run(sql`DELETE FROM things`));
        await imported(opened, collectionImport, csv.text);
        expect(await all(opened)).toEqual(before);
        await opened.project.store.write((tx) => tx.run(sql`DELETE FROM things`));
      }),
      { numRuns: 8 },
    );
  });
});

describe("however a file is written", () => {
  const folder = mkdtempSync(join(tmpdir(), "formstead-csv-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

  async function read(bytes: string | Uint8Array) {
    const path = join(folder, "file.csv");
    await Bun.write(path, bytes);
    const nature = await natureOf(path);
    return { nature, rows: await Array.fromAsync(readCsv(path, nature)) };
  }

  test("separators, marks, encodings and line ends are found out", async () => {
    const western = Uint8Array.from(
      [..."name;city\r\nJ", 0xfc, ..."rgen;K", 0xf6, ..."ln\r\n"].map((it) =>
        typeof it === "number" ? it : it.charCodeAt(0),
      ),
    );
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("name\tcity\r\nJürgen\tKöln\r\n", "utf16le")]);
    for (const file of [
      "\u{feff}name,city\r\nJürgen,Köln\r\n",
      "name;city\nJürgen;Köln",
      "name\tcity\nJürgen\tKöln\n",
      'sep=;\r\n"name";"city"\r\n"Jürgen";"Köln"\r\n',
      '"name","city"\n\n"Jürgen","Köln"\n,\n',
      western,
      wide,
    ]) {
      const { rows } = await read(file);
      expect(rows.map(({ cells }) => cells)).toEqual([
        ["name", "city"],
        ["Jürgen", "Köln"],
      ]);
    }
  });

  test("quotes may hold anything, rows may be ragged, and lines are counted", async () => {
    const { rows } = await read('a,b\n"x\ny, ""z""",2\nonly\n1,2,3\nfive "inch" nail,5\n');
    expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
      [1, "a", "b"],
      [2, 'x\ny, "z"', "2"],
      [4, "only"],
      [5, "1", "2", "3"],
      [6, 'five "inch" nail', "5"],
    ]);
  });

  test("a long one is read to its last row, or left before", async () => {
    const path = join(folder, "long.csv");
    await Bun.write(path, `a,b\n${`${"x".repeat(99)},1\n`.repeat(30_000)}last,2`);
    const nature = await natureOf(path);
    let rows = 0;
    let last: readonly string[] = [];
    for await (const { cells } of readCsv(path, nature)) [rows, last] = [rows + 1, cells];
    expect([rows, last]).toEqual([30_002, ["last", "2"]]);
    for await (const { line } of readCsv(path, nature)) if (line === 3) break;
  });

  test("what is no table ends with a sentence, however long it is", async () => {
    await expect(read(`a,b\n"${"x\n".repeat(9_000_000)}`)).rejects.toThrow("csv_row_too_long");
    await expect(read(`${"a,".repeat(1001)}a\n`)).rejects.toThrow("csv_too_wide");
  });
});

describe("a file for a form", () => {
  const submissions = (opened: Opened) => all(opened, "_submissions");

  test("of Formspree becomes answers with their dates", async () => {
    await using opened = await withForm();
    const csv = [
      "_date,name,email,message,_replyto,shoe size",
      '2021-03-04T05:06:07.123456+00:00,Ann,Ann@Example.com,"Hello, you",,42',
      "2021-03-05T05:06:07+02:00,Bob,,Hi,bob@example.com,",
    ].join("\n");
    const before = await opened.counts();
    const { page } = await imported(opened, formImport, csv);
    expect(page.text).toContain("Rows that were made: 2.");
    const [ann, bob] = await submissions(opened);
    expect(ann).toMatchObject({
      state: "read",
      created: "2021-03-04 05:06:07.123Z",
      email: "ann@example.com",
      extra: { "shoe size": "42" },
      parked: null,
    });
    expect(bob).toMatchObject({ created: "2021-03-05 03:06:07.000Z", email: "bob@example.com", extra: null });
    const messages = await all(opened, "messages");
    expect(messages.map(({ id, name, message }) => [id, name, message])).toEqual([
      [ann?.["record"] as Json, "Ann", "Hello, you"],
      [bob?.["record"] as Json, "Bob", "Hi"],
    ]);
    const after = await opened.counts();
    expect([after["messages"], after["_submissions"]]).toEqual([
      (before["messages"] ?? 0) + 2,
      (before["_submissions"] ?? 0) + 2,
    ]);
    expect(await opened.project.jobs.list({ limit: 10 })).toEqual([]);
  });

  test("of Netlify becomes answers, without the visitors' addresses", async () => {
    await using opened = await withForm();
    const csv = [
      "number,title,email,name,first_name,last_name,company,summary,body,message,created_at,ip,user_agent,referrer",
      "7,Ann,ann@example.com,Ann,Ann,,,Hello,Hello,Hello,2020-10-13T14:02:06.088Z,192.0.2.7,Mozilla/5.0,https://site.example/contact",
    ].join("\n");
    await imported(opened, formImport, csv);
    const [it] = await submissions(opened);
    expect(it).toMatchObject({
      created: "2020-10-13 14:02:06.088Z",
      agent: "Mozilla/5.0",
      referrer: "https://site.example/contact",
    });
    expect(JSON.stringify(it)).not.toContain("192.0.2.7");
    expect((await all(opened, "messages"))[0]).toMatchObject({
      name: "Ann",
      email: "ann@example.com",
      message: "Hello",
    });
  });

  test("makes nothing twice", async () => {
    await using opened = await withForm();
    const csv = "date,name\n2021-03-04 05:06,Ann\n2021-03-04 05:07,Ann\n";
    await imported(opened, formImport, csv);
    const { page } = await sent(opened, formImport, csv);
    expect(page.text).toContain("Rows that would be made: 0.");
    expect(page.text).toContain("not made again: 2.");
    await imported(opened, formImport, `${csv}2021-03-04 05:08,Ann\n`);
    expect(await submissions(opened)).toHaveLength(3);
  });

  test("keeps equal rows as answers of their own, and makes none of them twice", async () => {
    await using opened = await withForm();
    const csv = "name\nyes\nyes\nno\nyes\n";
    const { page: first } = await imported(opened, formImport, csv);
    expect(first.text).toContain("Rows that were made: 4.");
    const { page } = await imported(opened, formImport, `${csv}yes\n`);
    expect(page.text).toContain("Rows that were made: 1.");
    expect((await all(opened, "messages")).map(({ name }) => name)).toEqual(["yes", "yes", "no", "yes", "yes"]);
  });

  test("is compared with what is there by an index, however many answers that are", async () => {
    await using opened = await withForm();
    const plan = await opened.project.store.all<{ detail: string }>(
      sql`EXPLAIN QUERY PLAN ${knownQuery("someanswersid00", "hash")}`,
    );
    const steps = plan.map(({ detail }) => detail).filter((it) => it.includes("_submissions"));
    expect(steps).toHaveLength(2);
    expect(steps.every((it) => it.startsWith("SEARCH"))).toBeTrue();
  });

  test("of our own is the same again, spam and all, and known where it still is", async () => {
    await using opened = await withForm();
    for (const name of ["Ann", "=Bob", "Cid"]) {
      await opened.send({
        form: ["/forms/contact", { name, email: `${name.replace("=", "")}@example.com`, shoe: "42" }],
      });
    }
    const [, bob, cid] = await submissions(opened);
    await opened.project.inbox.spam(String(bob?.["id"]));
    await opened.project.inbox.note(String(cid?.["id"]), "Call back.\n-- me");
    const csv = async () => (await opened.send({ as: "owner", json: ["GET", "/_/forms/contact/export.csv"] })).text;
    const before = await csv();
    expect((await imported(opened, formImport, before)).page.text).toContain("not made again: 3.");
    await opened.project.store.write(async (tx) => {
      await tx.run(sql`DELETE FROM _submissions`);
      await tx.run(sql`DELETE FROM messages`);
    });
    await imported(opened, formImport, before);
    expect(await csv()).toBe(before);
    expect((await all(opened, "messages")).map(({ name }) => name)).toEqual(["Ann", "Cid"]);
  });

  test("has its dates read or says that it cannot", async () => {
    await using opened = await withForm();
    const csv = 'date,name\nsoon,Ann\n"Mar 4, 2021 5:06 PM",Bob\n';
    const { page } = await imported(opened, formImport, csv);
    expect(page.text).toContain("This is no date that we can read.");
    expect((await submissions(opened)).map(({ created }) => created)).toEqual(["2021-03-04 17:06:00.000Z"]);
  });
});
