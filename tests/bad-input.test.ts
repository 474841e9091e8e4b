import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Json } from "../src/fields/field.ts";
import { type Body, Opened } from "./testing.ts";

/** One project for the whole table: nothing in it may change anything. */
let it: Opened;

beforeAll(async () => {
  it = await Opened.open();
  await prepare(it);
});

afterAll(async () => {
  await it[Symbol.asyncDispose]();
});

async function prepare(opened: Opened): Promise<void> {
  await opened.person("ann");
  await opened.person("root", {}, "_superusers");
  await opened.collection({
    id: "pbc_notes",
    name: "notes",
    fields: [
      { name: "title", type: "text", required: true, max: 100 },
      { name: "body", type: "editor" },
      { name: "count", type: "number" },
      { name: "done", type: "bool" },
      { name: "mail", type: "email" },
      { name: "link", type: "url" },
      { name: "day", type: "date" },
      { name: "kind", type: "select", values: ["a", "b"] },
      { name: "kinds", type: "select", values: ["a", "b"], maxSelect: 2 },
      { name: "parent", type: "relation", collectionId: "pbc_notes" },
      { name: "friends", type: "relation", collectionId: "pbc_notes", maxSelect: 9 },
      { name: "picture", type: "file" },
      { name: "data", type: "json" },
      { name: "place", type: "geoPoint" },
      { name: "pin", type: "password" },
      { name: "created", type: "autodate", onCreate: true },
    ],
  });
  await opened.record("notes", { id: "note00000000001", title: "One", data: { a: [1] } });
  await opened.record("_forms", { slug: "notes", collection: "notes", title: "Notes" });
}

interface Wish {
  readonly method?: string;
  readonly path: string;
  /** What the body is said to be; JSON unless said. */
  readonly type?: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  /** A superuser unless said. */
  readonly guest?: boolean;
}

async function send(opened: Opened, wish: Wish) {
  const {
    path,
    body,
    method = body === undefined ? "GET" : "POST",
    type = "application/json",
    headers = {},
    guest,
  } = wish;
  const response = await opened.app.handle(
    new Request(`http://localhost${path}`, {
      method,
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": type }),
        ...(guest ? {} : { authorization: opened.token("root") }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    }),
  );
  return { status: response.status, text: await response.text(), type: response.headers.get("content-type") };
}

/** What only we should know: where our files are, what the database is asked, what it complains of. */
const secrets = /\/src\/|node_modules|\.tsx?:\d+|\bat .+\(|SQLITE|\bSELECT\b|\bINSERT\b|no such (table|column)|near "/;

const records = "/api/collections/notes/records";
const json = (value: unknown) => JSON.stringify(value);
const note = (values: unknown) => json({ title: "Hi", ...(typeof values === "object" ? values : {}) });
const query = (text: string) => encodeURIComponent(text);
const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
const bytes = (...parts: (string | number[])[]) =>
  new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part)))),
  );
const form = "application/x-www-form-urlencoded";
const parts = 'multipart/form-data; boundary="line"';
const part = (name: string, value: string) =>
  `--line\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const evil = `x"; DROP TABLE notes; --`;
const many = (count: number, one: (n: number) => string, between: string) =>
  Array.from({ length: count }, (_, n) => one(n)).join(between);

/** What is sent, what comes back, and a text the answer has. */
const table: Readonly<Record<string, readonly (readonly [string, Wish, number, string?])[]>> = {
  "bodies that cannot be read": [
    ["JSON that breaks off", { path: records, body: '{"title":' }, 400, "Failed to read the submitted data."],
    ["no JSON", { path: records, body: "title=Hi" }, 400],
    ["JSON that is a list", { path: records, body: '[{"title":"Hi"}]' }, 400],
    ["JSON that is a text", { path: records, body: '"title"' }, 400],
    ["JSON that is a number", { path: records, body: "1e400" }, 400],
    ["JSON that is null", { path: records, body: "null" }, 400],
    ["JSON with a comment", { path: records, body: '{"title":"Hi"} // so' }, 400],
    ["NUL bytes", { path: records, body: "\0\0\0" }, 400],
    ["a byte order mark", { path: records, body: bytes([0xff, 0xfe], "{}") }, 400],
    ["bytes that are no UTF-8", { path: records, body: bytes('{"title":"', [0xc3, 0x28, 0xff], '"}') }, 400],
    ["an overlong slash", { path: records, body: bytes('{"title":"', [0xc0, 0xaf], '"}') }, 400],
    ["501 levels", { path: records, body: `{"data":${deep(500)}}` }, 400, "Failed to read"],
    ["100,000 levels", { path: records, body: `{"data":${deep(100_000)}}` }, 400, "Failed to read"],
    ["100,000 levels that never end", { path: records, body: '{"data":'.repeat(100_000) }, 400],
    ["plain text", { path: records, body: "title: Hi", type: "text/plain" }, 400],
    ["a type that is none", { path: records, body: "x", type: ";;=/" }, 400],
    ["multipart without a boundary", { path: records, body: part("title", "Hi"), type: "multipart/form-data" }, 400],
    ["multipart without a line of it", { path: records, body: "title=Hi", type: parts }, 400],
    ["multipart that breaks off in a header", { path: records, body: "--line\r\nContent-Disp", type: parts }, 400],
    [
      "multipart that breaks off in a value",
      { path: records, body: part("title", "H").slice(0, -2), type: parts },
      400,
    ],
    ["multipart without its last line", { path: records, body: part("title", "Hi"), type: parts }, 400],
    [
      "multipart with a nameless part",
      { path: records, body: `${part("", "x").replace('; name=""', "")}--line--`, type: parts },
      400,
    ],
    [
      "multipart with a name too long",
      { path: records, body: `${part("x".repeat(300), "x")}--line--`, type: parts },
      400,
    ],
    ["multipart with __proto__", { path: records, body: `${part("__proto__", "x")}--line--`, type: parts }, 400],
    ["1,001 parts", { path: records, body: `${many(1001, (n) => part(`p${n}`, "x"), "")}--line--`, type: parts }, 400],
    ["1,001 keys", { path: records, body: many(1001, (n) => `k${n}=1`, "&"), type: form }, 400],
    [
      "JSON inside a form that is none",
      { path: records, body: `${part("@jsonPayload", "{")}--line--`, type: parts },
      400,
    ],
    ["JSON inside a form that is too deep", { path: records, body: `@jsonPayload=${deep(501)}`, type: form }, 400],
    ["a sign-in with a list", { path: "/api/collections/users/auth-with-password", body: "[]", guest: true }, 400],
    ["a collection that breaks off", { path: "/api/collections", body: '{"name":' }, 400],
    [
      "more than a megabyte to a fixed route",
      { path: "/api/collections/users/auth-with-password", body: `{"identity":"${"x".repeat(1 << 20)}"}`, guest: true },
      413,
      "Request entity too large.",
    ],
  ],
  "values that cannot be": [
    ["nothing", { path: records, body: "" }, 400, '"title":{"code":"validation_required"'],
    [
      "only what nobody knows",
      { path: records, body: json({ constructor: 1, toString: 2 }) },
      400,
      "validation_required",
    ],
    ["a prototype", { path: records, body: '{"__proto__":{"title":"Hi"}}' }, 400, "validation_required"],
    ["an object for a text", { path: records, body: note({ title: { a: 1 } }) }, 400, "validation_invalid_value"],
    ["a list for a text", { path: records, body: note({ title: ["Hi"] }) }, 400],
    ["NUL in a text", { path: records, body: note({ title: "a\0b" }) }, 400, "validation_invalid_value"],
    ["NUL in a form", { path: records, body: "title=a%00b", type: form }, 400],
    ["half a character", { path: records, body: '{"title":"a\\ud800b"}' }, 400, "validation_invalid_value"],
    ["half a character in a name", { path: "/api/collections", body: '{"name":"a\\udc00"}' }, 400],
    ["a text too long", { path: records, body: note({ title: "x".repeat(101) }) }, 400, '"params":{"max":100}'],
    [
      "a number beyond all numbers",
      { path: records, body: '{"title":"Hi","count":1e999}' },
      400,
      "validation_not_a_number",
    ],
    ["a number as words", { path: records, body: note({ count: "twelve" }) }, 400],
    ["a number as a list", { path: records, body: note({ count: [1] }) }, 400],
    ["digits no number can hold", { path: records, body: note({ count: "9".repeat(400) }) }, 400],
    ["an address that is none", { path: records, body: note({ mail: "a@b@c" }) }, 400, "validation_is_email"],
    ["a header in an address", { path: records, body: note({ mail: "a@example.com\r\nBcc: b@example.com" }) }, 400],
    ["a link that runs", { path: records, body: note({ link: "javascript:alert(1)" }) }, 400],
    ["a day that never was", { path: records, body: note({ day: "2026-02-30" }) }, 400],
    ["a choice nobody gave", { path: records, body: note({ kind: evil }) }, 400],
    ["choices nobody gave", { path: records, body: note({ kinds: ["a", "b", "c"] }) }, 400],
    ["lists in lists", { path: records, body: note({ kinds: [["a"]] }) }, 400],
    [
      "a relation to nobody",
      { path: records, body: note({ parent: "' OR '1'='1" }) },
      400,
      "validation_missing_rel_records",
    ],
    [
      "relations to too many",
      {
        path: records,
        body: note({
          friends: Array(2000)
            .fill("note00000000001")
            .map((id, n) => id + n),
        }),
      },
      400,
    ],
    ["a file that is a text", { path: records, body: note({ picture: "../../etc/passwd" }) }, 400],
    [
      "a file that is for no file",
      {
        path: records,
        body: `${part("title", "Hi")}--line\r\nContent-Disposition: form-data; name="body"; filename="../x"\r\n\r\nx\r\n--line--`,
        type: parts,
      },
      400,
    ],
    ["NUL in JSON", { path: records, body: note({ data: { "\0": 1 } }) }, 400],
    ["JSON too large", { path: records, body: note({ data: "x".repeat(1 << 21) }) }, 400, "validation_json_size_limit"],
    ["a place beyond the pole", { path: records, body: note({ place: { lon: 0, lat: 91 } }) }, 400],
    ["a place that is none", { path: records, body: note({ place: [1, 2] }) }, 400],
    ["a password too long", { path: records, body: note({ pin: "x".repeat(5000) }) }, 400],
    ["an id with a path", { path: records, body: note({ id: "../../../etc" }) }, 400],
    ["an id with SQL", { path: records, body: note({ id: evil }) }, 400],
    ["an id that is no text", { path: records, body: note({ id: { a: 1 } }) }, 400],
    ["an id that exists", { path: records, body: note({ id: "note00000000001" }) }, 400],
    [
      "wrong types on a change",
      { method: "PATCH", path: `${records}/note00000000001`, body: json({ title: {}, count: {}, data: 1 }) },
      400,
    ],
    [
      "wrong types at sign-in",
      { path: "/api/collections/users/auth-with-password", body: json({ identity: 1, password: {} }), guest: true },
      400,
    ],
    [
      "too much at sign-in",
      {
        path: "/api/collections/users/auth-with-password",
        body: json({ identity: "x".repeat(300), password: "x" }),
        guest: true,
      },
      400,
    ],
  ],
  "names that are SQL": [
    ["a collection", { path: "/api/collections", body: json({ name: evil }) }, 400, "validation_match_invalid"],
    ["an id of one", { path: "/api/collections", body: json({ name: "x", id: evil }) }, 400],
    ["a field", { path: "/api/collections", body: json({ name: "x", fields: [{ name: evil, type: "text" }] }) }, 400],
    [
      "an id of a field",
      { path: "/api/collections", body: json({ name: "x", fields: [{ name: "a", type: "text", id: evil }] }) },
      400,
    ],
    [
      "a type of field",
      { path: "/api/collections", body: json({ name: "x", fields: [{ name: "a", type: "text; DROP" }] }) },
      400,
    ],
    [
      "an index",
      { path: "/api/collections", body: json({ name: "x", indexes: ["CREATE INDEX a ON x (id); DROP TABLE notes"] }) },
      400,
    ],
    [
      "an index that reads",
      { path: "/api/collections", body: json({ name: "x", indexes: ["CREATE INDEX a ON x ((SELECT 1))"] }) },
      400,
    ],
    [
      "an index that comments",
      { path: "/api/collections", body: json({ name: "x", indexes: ["CREATE INDEX a ON x (id) -- x"] }) },
      400,
    ],
    [
      "an index with NUL",
      { path: "/api/collections", body: json({ name: "x", indexes: ["CREATE INDEX a ON x (id\0)"] }) },
      400,
    ],
    ["a rule", { path: "/api/collections", body: json({ name: "x", listRule: "1=1) OR (SELECT 1" }) }, 400],
    ["a collection in a path", { path: `/api/collections/${query(evil)}/records` }, 404],
    ["an id in a path", { path: `${records}/${query("' OR '1'='1")}` }, 404],
    ["a filter", { path: `${records}?filter=${query("title = '' OR 1=1")}` }, 400],
    ["a filter with a statement", { path: `${records}?filter=${query(`title = 'x'; ${evil}`)}` }, 400],
    ["a filter with a column", { path: `${records}?filter=${query(`"title" = rowid`)}` }, 400],
    ["a sort", { path: `${records}?sort=${query("(select password from _superusers)")}` }, 400],
    ["a sort with a statement", { path: `${records}?sort=${query(evil)}` }, 400],
    ["a filter of collections", { path: `/api/collections?filter=${query("definition ~ 'secret'")}` }, 400],
    ["a sort of collections", { path: `/api/collections?sort=${query("(select 1)")}` }, 400],
    ["a slug", { path: `/forms/${query(evil)}`, guest: true }, 404],
    [
      "an identity",
      {
        path: "/api/collections/users/auth-with-password",
        body: json({ identity: "' OR 1=1 --", password: "x" }),
        guest: true,
      },
      400,
    ],
    [
      "an identity field",
      {
        path: "/api/collections/users/auth-with-password",
        body: json({ identity: "x", password: "x", identityField: evil }),
        guest: true,
      },
      400,
    ],
  ],
  "paths that lead elsewhere": [
    ["a collection that is not there", { path: "/api/collections/nope/records" }, 404, "Missing collection context."],
    ["a record of it", { path: "/api/collections/nope/records/x" }, 404],
    ["to write there", { path: "/api/collections/nope/records", body: "{}" }, 404],
    ["to change there", { method: "PATCH", path: "/api/collections/nope/records/x", body: "{}" }, 404],
    ["to delete there", { method: "DELETE", path: "/api/collections/nope/records/x" }, 404],
    [
      "to sign in there",
      { path: "/api/collections/notes/auth-with-password", body: json({ identity: "a", password: "b" }) },
      404,
    ],
    ["names every object has", { path: "/api/collections/__proto__/records" }, 404],
    ["a constructor", { path: "/api/collections/constructor/records/toString" }, 404],
    ["up", { path: `/api/collections/${query("../../etc/passwd")}/records` }, 404],
    ["up, twice encoded", { path: "/api/collections/%252e%252e%252f/records" }, 404],
    ["up, by id", { path: `${records}/${query("../../_superusers/records")}` }, 404],
    ["up, by form", { path: `/forms/${query("../../../etc/passwd")}`, guest: true }, 404],
    ["up, with a backslash", { path: `${records}/..%5c..%5cx` }, 404],
    ["NUL", { path: `${records}/%00` }, 404],
    ["NUL in a collection", { path: "/api/collections/notes%00/records" }, 404],
    ["bytes that are no UTF-8", { path: `${records}/%ff%fe` }, 400],
    ["a percent that is none", { path: `${records}/%zz` }, 400],
    ["half a character", { path: `${records}/%ed%a0%80` }, 400],
    ["a very long id", { path: `${records}/${"x".repeat(10_000)}` }, 404],
    ["a file", { path: "/..%2f..%2fetc/passwd" }, 404],
    [
      "a method nobody has",
      { method: "PUT", path: records, body: note({}) },
      404,
      "The requested resource wasn't found.",
    ],
    ["a method of another path", { method: "DELETE", path: records }, 404],
    ["a post to a record", { method: "POST", path: `${records}/note00000000001`, body: "{}" }, 404],
  ],
  "queries that ask too much": [
    ["a filter too long", { path: `${records}?filter=${query(`title = '${"x".repeat(3500)}'`)}` }, 400],
    ["300 comparisons", { path: `${records}?filter=${query(many(300, () => "title='a'", "||"))}` }, 400],
    ["brackets without end", { path: `${records}?filter=${"(".repeat(3000)}` }, 400],
    [
      "brackets in brackets",
      { path: `${records}?filter=${query(`${"(".repeat(1500)}title='a'${")".repeat(1500)}`)}` },
      400,
    ],
    ["quotes that never close", { path: `${records}?filter=${query("title = 'a")}` }, 400],
    ["NUL in a filter", { path: `${records}?filter=${query("title = 'a\0'")}` }, 400],
    ["relations without end", { path: `${records}?filter=${query(`${"parent.".repeat(100)}title = 'a'`)}` }, 400],
    [
      "joins without end",
      { path: `${records}?filter=${query(many(70, (n) => `${"parent.".repeat(n + 1)}title='a'`, "&&"))}` },
      400,
    ],
    ["a number beyond all numbers", { path: `${records}?filter=${query(`count > ${"9".repeat(400)}`)}` }, 400],
    ["a function nobody knows", { path: `${records}?filter=${query("load_extension('x') = 1")}` }, 400],
    ["nine sorts", { path: `${records}?sort=${many(9, () => "title", ",")}` }, 400],
    ["a sort too long", { path: `${records}?sort=${"x".repeat(300)}` }, 400],
    ["a page that is none", { path: `${records}?page=first` }, 400],
    ["a page beyond all pages", { path: `${records}?page=${"9".repeat(30)}` }, 400],
    ["fields without end", { path: `${records}?fields=${"a.".repeat(3000)}` }, 400],
  ],
};

describe.each(Object.entries(table))("%s", (_, rows) => {
  test.each(rows.map((row) => [...row] as const))("%s", async (_title, wish, status, shows = "") => {
    const before = await it.counts();
    const answer = await send(it, wish);
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(shows)]);
    expect(answer.text).not.toMatch(secrets);
    if (wish.path.startsWith("/api/")) {
      expect(answer.type).toBe("application/json");
      expect(JSON.parse(answer.text)).toEqual({ data: expect.any(Object), message: expect.any(String), status });
    }
    expect(await it.counts()).toEqual(before);
    expect(it.log.join("")).not.toContain("Error");
  });
});

describe("odd, but nothing wrong with it:", () => {
  const made = async (wish: Wish): Promise<Body> => {
    const answer = await send(it, wish);
    expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
    return JSON.parse(answer.text);
  };
  const listed = async (search: string): Promise<number> => {
    const body = await made({ path: `${records}?${search}` });
    return (body.items as Json[]).length;
  };

  test("500 levels of JSON", async () => {
    const { data } = await made({ path: records, body: `{"title":"Deep","data":${deep(499)}}` });
    expect(json(data)).toBe(deep(499));
  });

  test("a key that comes twice: the last counts", async () => {
    expect(await made({ path: records, body: '{"title":"a","title":"b"}' })).toMatchObject({ title: "b" });
    expect(await made({ path: records, body: "title=a&title=b", type: form })).toMatchObject({ title: "b" });
  });

  test("a prototype beside the rest", async () => {
    const record = await made({
      path: records,
      body: '{"title":"a","__proto__":{"polluted":1},"data":{"__proto__":{"x":1}}}',
    });
    expect(record).toMatchObject({ title: "a" });
    expect(record).not.toHaveProperty("polluted");
    expect({}).not.toHaveProperty("polluted");
  });

  test("SQL, markup and JSON as text, in JSON and in forms of both kinds", async () => {
    for (const title of [
      evil,
      `'); DELETE FROM notes; --`,
      "<script>alert(1)</script>",
      '{"a":1}',
      "[1,2]",
      "null",
      "007",
      "1.0",
    ]) {
      expect(await made({ path: records, body: json({ title }) })).toMatchObject({ title });
      expect(await made({ path: records, body: `title=${query(title)}`, type: form })).toMatchObject({ title });
      expect(await made({ path: records, body: `${part("title", title)}--line--`, type: parts })).toMatchObject({
        title,
      });
      expect(await listed(`filter=${query(`title = ${json(title)}`)}`)).toBe(3);
    }
  });

  test("numbers at the edge", async () => {
    expect(await made({ path: records, body: note({ count: Number.MAX_SAFE_INTEGER }) })).toMatchObject({
      count: 2 ** 53 - 1,
    });
    expect(await made({ path: records, body: note({ count: -0 }) })).toMatchObject({ count: 0 });
    expect(await made({ path: records, body: '{"title":"a","count":1e308}' })).toMatchObject({ count: 1e308 });
    expect(await made({ path: records, body: note({ count: "" }) })).toMatchObject({ count: 0 });
  });

  test("pages that are not there, and more than may be on one", async () => {
    expect(await listed("page=999999999&perPage=1000")).toBe(0);
    expect((await made({ path: `${records}?page=-5&perPage=99999` })).perPage).toBe(1000);
    expect((await made({ path: `${records}?perPage=-1&page=0` })).page).toBe(1);
  });

  test("a query that comes twice: the last counts", async () => {
    await made({ path: records, body: json({ title: "First" }) });
    const filters = ["title = 'Second'", "title = 'First'"].map((it) => `filter=${query(it)}`).join("&");
    expect(await listed(filters)).toBe(1);
  });

  test("queries nobody knows, empty ones, and broken percents", async () => {
    for (const search of [
      "__proto__=1",
      "constructor=x&toString",
      "filter=&sort=&fields=",
      "x=%zz",
      "&&&=&?",
      "a[]=1&a[]=2",
    ]) {
      expect(await listed(search)).toBeGreaterThan(0);
    }
  });

  test("a token that is none is a guest's", async () => {
    for (const authorization of ["x".repeat(100_000), "Bearer", "a.b.c", "Basic YTpi", "....", "Bearer null"]) {
      expect((await send(it, { path: records, guest: true, headers: { authorization } })).status).toBe(200);
    }
    const cookie = `formstead=${"x".repeat(5000)}; formstead-owner=a.b.c; ;;=;`;
    expect((await send(it, { path: records, guest: true, headers: { cookie } })).status).toBe(200);
  });

  test("a body where none is expected", async () => {
    const { id } = await made({ path: records, body: note({}) });
    for (const body of ["[1]", "{", "\0", "x".repeat(2 << 20)]) {
      expect((await send(it, { method: "DELETE", path: `${records}/nope`, body })).status).toBe(404);
    }
    expect((await send(it, { method: "DELETE", path: `${records}/${String(id)}`, body: "{" })).status).toBe(204);
  });
});

test("more than 32 MB and what its fields may hold is refused, whatever it is", async () => {
  const before = await it.counts();
  const body = new Uint8Array(45 * 1024 * 1024);
  for (const type of ["application/json", form, parts]) {
    expect((await send(it, { path: records, body, type, guest: true })).status).toBe(413);
  }
  expect(await it.counts()).toEqual(before);
});

describe("whatever is sent to whatever route", () => {
  const word = fc.constantFrom(
    ..."id name type fields indexes listRule createRule system title data kind friends place pin slug collection origins".split(
      " ",
    ),
    ..."email password passwordConfirm identity verified tokenKey authToken passwordAuth __proto__ constructor @jsonPayload".split(
      " ",
    ),
  );
  const text = fc.oneof(
    {
      arbitrary: fc.constantFrom("", "notes", "users", "_superusers", "_forms", "text", "select", "relation", "auth"),
      weight: 4,
    },
    fc.constantFrom(
      "note00000000001",
      "pbc_notes",
      "title = 'a'",
      "CREATE INDEX a ON notes (title)",
      "2026-01-01",
      evil,
    ),
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.string({ unit: fc.constantFrom(..."\0\ud800'\"`%_.:/\\[]{}()&=~<>,;-@ aé😀1".split("")), maxLength: 12 }),
  );
  const leaf = fc.oneof(text, fc.double(), fc.integer(), fc.boolean(), fc.constant(null));
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie("any"), { maxLength: 4 }), tie("object")),
    object: fc.dictionary(fc.oneof(word, text), tie("any"), { maxKeys: 6 }),
  }));
  const filter = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          "title",
          "data.a.0",
          "parent.title",
          "friends.id",
          "notes_via_parent.title",
          "@request.auth.id",
          "id:lower",
        ),
        fc.constantFrom(
          "@collection.users.email",
          "kinds:each",
          "kinds:length",
          "@now",
          "'a'",
          "1",
          "-1.5",
          "null",
          "true",
        ),
        fc.constantFrom("=", "!=", "~", "?=", ">", "&&", "||", "(", ")", ",", "strftime(", "geoDistance("),
        text,
      ),
      { maxLength: 8 },
    )
    .map((tokens) => tokens.join(" "));
  const search = fc.dictionary(
    fc.constantFrom(
      "page",
      "perPage",
      "sort",
      "filter",
      "fields",
      "skipTotal",
      "dryRun",
      "token",
      "next",
      "search",
      "x",
    ),
    fc.oneof(filter, text, fc.integer().map(String)),
    { maxKeys: 4 },
  );
  const type = fc.constantFrom("application/json", "application/json", form, parts, "text/plain", "");

  function bodyOf(kind: string, sent: unknown): string {
    const pairs = Object.entries(typeof sent === "object" && sent !== null ? sent : {}).map(([key, it]) => [
      key,
      typeof it === "string" ? it : (JSON.stringify(it) ?? ""),
    ]);
    if (kind === form) return new URLSearchParams(pairs).toString();
    if (kind === parts) return `${pairs.map(([key = "", it = ""]) => part(key, it)).join("")}--line--`;
    return JSON.stringify(sent) ?? "";
  }

  for (const guest of [true, false]) {
    test(`is never a fault of ours, from a ${guest ? "guest" : "superuser"}`, async () => {
      await using opened = await Opened.open();
      await prepare(opened);
      const routes = opened.app.routes.filter(({ path }) => path !== "/*" && !path.includes("auth-with-password"));
      const wishes = fc.record({
        route: fc.nat(routes.length - 1),
        holes: fc.array(
          fc.oneof({ arbitrary: fc.constantFrom("notes", "note00000000001", "users"), weight: 3 }, text),
          {
            minLength: 2,
            maxLength: 2,
          },
        ),
        search,
        sent: fc.oneof({ arbitrary: value.object, weight: 5 }, value.any),
        type,
        accept: fc.constantFrom("application/json", "text/html"),
      });
      const property = fc.asyncProperty(wishes, async ({ route, holes, search: asked, sent, type: kind, accept }) => {
        const { method = "GET", path = "/" } = routes[route] ?? {};
        let hole = 0;
        const filled = path.replace(/:\w+/g, () => encodeURIComponent((holes[hole++] ?? "").toWellFormed()));
        const pairs = Object.entries(asked).map(([key, it]) => [key, it.toWellFormed()]);
        const reads = method === "GET" || method === "HEAD" || method === "OPTIONS";
        const answer = await send(opened, {
          method,
          path: `${filled}?${new URLSearchParams(pairs)}`,
          guest,
          headers: { accept },
          ...(reads ? {} : { type: kind, body: bodyOf(kind, sent).toWellFormed() }),
        });
        expect(answer.status, answer.text).not.toBe(500);
        expect(answer.text).not.toMatch(/\/src\/|SQLITE|\.tsx?:\d+/);
      });
      await fc.assert(property, { numRuns: 500 });
      expect(opened.log.join("")).not.toContain("Error");
    }, 30_000);
  }
});
