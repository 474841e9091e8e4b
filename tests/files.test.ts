import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../src/fields/field.ts";
import { nothing, type Payload } from "../src/fields/payload.ts";
import { byOwner } from "../src/filter/scope.ts";
import { headSize, kindOf } from "../src/files/kinds.ts";
import { storedName } from "../src/files/names.ts";
import { Refusal } from "../src/lib/errors.ts";
import { createRecord } from "../src/records/write.ts";
import { parkedFiles } from "../src/forms/parked-files.ts";
import { sweepFiles } from "../src/records/leftovers.ts";
import { deleteRecord } from "../src/records/remove.ts";
import { removeFilesOf } from "../src/records/uploads.ts";
import { type Body, Opened } from "./testing.ts";

const path = "/api/collections/albums/records";
const png = Buffer.from("89504e470d0a1a0a0000000d4948445200000001", "hex");
const jpeg = Buffer.from("ffd8ffe000104a46494600", "hex");

async function albums(it: Opened): Promise<void> {
  await it.person("ann");
  await it.person("bob");
  await it.person("root", {}, "_superusers");
  await it.collection({
    name: "albums",
    fields: [
      { name: "title", type: "text", max: 20 },
      { name: "code", type: "text" },
      { name: "cover", type: "file", mimeTypes: ["image/png", "image/jpeg"], maxSize: 1000 },
      { name: "papers", type: "file", maxSelect: 3 },
      { name: "owner", type: "text" },
    ],
    indexes: ["CREATE UNIQUE INDEX `idx_code` ON `albums` (`code`) WHERE `code` != ''"],
  });
  await it.collection({
    name: "diaries",
    viewRule: "@request.context = 'protectedFile' && owner = @request.auth.id",
    fields: [
      { name: "page", type: "file", protected: true },
      { name: "owner", type: "text" },
    ],
  });
}

type Part = readonly [name: string, value: string | Blob, filename?: string];

async function multipart(it: Opened, method: string, to: string, parts: readonly Part[], headers = {}) {
  const form = new FormData();
  for (const [name, value, filename] of parts) {
    if (typeof value === "string") form.append(name, value);
    else form.append(name, value, filename);
  }
  const request = new Request(`http://localhost${to}`, { method, body: form, headers });
  const response = await it.app.handle(request);
  const text = await response.text();
  const body: Body = text.startsWith("{") ? JSON.parse(text) : {};
  return { status: response.status, headers: response.headers, text, body };
}

const file = (content: string | Uint8Array<ArrayBuffer>, name: string): readonly [Blob, string] => [
  new Blob([content]),
  name,
];

async function get(it: Opened, to: string, headers = {}): Promise<Response> {
  return it.app.handle(new Request(`http://localhost${to}`, { headers }));
}

function stored(it: Opened, collection: string, id: Json | undefined): string[] {
  const folder = join(it.dir, "files", it.project.collections.find(collection)?.id ?? "", String(id));
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

describe("uploads", () => {
  test("a record takes files, and gives them back", async () => {
    await using it = await Opened.open();
    await albums(it);
    const made = await multipart(it, "POST", path, [
      ["title", "Ours"],
      ["cover", ...file(png, "My Cover.PNG")],
      ["papers", ...file("one", "a.txt")],
      ["papers", ...file("two", "b.txt")],
    ]);
    expect(made.status, made.text).toBe(200);
    const { id, cover, papers } = made.body;
    expect(cover).toMatch(/^my_cover_[a-z0-9]{10}\.png$/);
    expect(papers).toEqual([expect.stringMatching(/^a_\w{10}\.txt$/), expect.stringMatching(/^b_\w{10}\.txt$/)]);
    const answer = await get(it, `/api/files/albums/${id}/${cover}`);
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(png);
    expect(stored(it, "albums", id)).toEqual([String(cover), ...[papers].flat().map(String)].sort());
  });

  test("a form's page does, too", async () => {
    await using it = await Opened.open();
    await albums(it);
    await it.record("_forms", { slug: "albums", collection: "albums", title: "Albums" });
    const sent = await multipart(
      it,
      "POST",
      "/forms/albums",
      [
        ["title", "Ours"],
        ["cover", ...file(png, "c.png")],
        ["papers", new Blob([]), ""],
      ],
      { accept: "text/html" },
    );
    expect(sent.status, sent.text).toBe(303);
    const list = (await it.send({ json: ["GET", path] })).body["items"] as Body[];
    expect(list).toHaveLength(1);
    expect(list[0]?.["papers"]).toEqual([]);
    expect(stored(it, "albums", list[0]?.["id"])).toEqual([String(list[0]?.["cover"])]);
  });
});

describe("names", () => {
  test.each([
    ["My Photo.JPG", /^my_photo_[a-z0-9]{10}\.jpg$/],
    ["camelCase2Name.tar.gz", /^camel_case2_name_tar_[a-z0-9]{10}\.gz$/],
    ["../../etc/passwd", /^passwd_[a-z0-9]{10}$/],
    ["C:\\Users\\ann\\cv.pdf", /^cv_[a-z0-9]{10}\.pdf$/],
    [".htaccess", /^htaccess_[a-z0-9]{10}$/],
    ["..", /^file_[a-z0-9]{10}$/],
    ["", /^file_[a-z0-9]{10}$/],
    ["a\0b\r\n.txt", /^ab_[a-z0-9]{10}\.txt$/],
    ["invoice\u202Egpj.exe", /^invoice_gpj_[a-z0-9]{10}\.exe$/],
    ["Grüße aus Köln.png", /^grüße_aus_köln_[a-z0-9]{10}\.png$/],
    ["сводка.pdf", /^сводка_[a-z0-9]{10}\.pdf$/],
    ["صورة.png", /^صورة_[a-z0-9]{10}\.png$/],
    ["x.php\u0000.png", /^x_php_[a-z0-9]{10}\.png$/],
    ["a.<script>", /^a_script_[a-z0-9]{10}$/],
    ["\uD800.txt", /^file_[a-z0-9]{10}\.txt$/],
  ])("%j", (given, expected) => {
    expect(storedName(given)).toMatch(expected);
  });

  test("are never too long for a folder or for the field", () => {
    for (const name of ["x".repeat(5000), "漢".repeat(5000), "é".repeat(400) + ".jpeg", "👩‍🚀".repeat(900)]) {
      const stored = storedName(name);
      expect(Buffer.byteLength(stored)).toBeLessThanOrEqual(255);
      expect(Array.from(stored).length).toBeLessThanOrEqual(122);
    }
  });
});

const zip = (...names: string[]) =>
  Buffer.concat(
    names.map((name) => {
      const header = Buffer.alloc(30);
      header.write("PK\x03\x04", "latin1");
      header.writeUInt16LE(name.length, 26);
      return Buffer.concat([header, Buffer.from(name)]);
    }),
  );

function epub(mime: string): Buffer {
  const it = zip("mimetype");
  it.writeUInt32LE(mime.length, 18);
  return Buffer.concat([it, Buffer.from(mime)]);
}

const openXml = "application/vnd.openxmlformats-officedocument";

describe("a file is what it holds, not what it is called", () => {
  test.each<readonly [what: string, content: string | Buffer, mime: string]>([
    ["nothing", "", "text/plain"],
    ["a PNG", png, "image/png"],
    ["a JPEG", jpeg, "image/jpeg"],
    ["a GIF", "GIF89a\x01\0", "image/gif"],
    ["a WebP", Buffer.from("RIFF\x10\0\0\0WEBPVP8 ", "latin1"), "image/webp"],
    ["a WAV", Buffer.from("RIFF\x10\0\0\0WAVEfmt ", "latin1"), "audio/wav"],
    ["an AVIF", Buffer.from("\0\0\0\x1cftypavif\0\0\0\0", "latin1"), "image/avif"],
    ["an MP4", Buffer.from("\0\0\0\x18ftypisom\0\0\0\0", "latin1"), "video/mp4"],
    ["a WebM", Buffer.from("1a45dfa39f4286810142f7810142f2810442f381084282847765626d", "hex"), "video/webm"],
    ["an MP3", Buffer.from("ID3\x04\0\0\0\0\0\0", "latin1"), "audio/mpeg"],
    ["a PDF", "%PDF-1.7\n%âãÏÓ", "application/pdf"],
    ["a gzip, which nobody unpacks", Buffer.from("1f8b080000000000", "hex"), "application/gzip"],
    ["a zip", zip("a.txt"), "application/zip"],
    [
      "a zip bomb, of which nobody reads more than names",
      Buffer.concat([zip("bomb"), Buffer.alloc(9000)]),
      "application/zip",
    ],
    [
      "a Word file",
      zip("[Content_Types].xml", "_rels/.rels", "word/document.xml"),
      `${openXml}.wordprocessingml.document`,
    ],
    ["an Excel file", zip("[Content_Types].xml", "xl/workbook.xml"), `${openXml}.spreadsheetml.sheet`],
    ["an EPUB", epub("application/epub+zip"), "application/epub+zip"],
    ["a zip that lies about what it is", epub("text/html"), "application/zip"],
    ["a program", Buffer.from("MZ\x90\0\x03\0\0\0", "latin1"), "application/vnd.microsoft.portable-executable"],
    ["an ELF", Buffer.from("\x7fELF\x02\x01\x01\0", "latin1"), "application/x-elf"],
    ["text that begins like a program", "MZ is the licence plate of Mainz.", "text/plain"],
    ["text that begins like a picture", "BM is short for British Museum.", "text/plain"],
    ["text", "Hello, world.\n", "text/plain"],
    ["text of an old encoding", Buffer.from("Gr\xfc\xdfe", "latin1"), "text/plain"],
    ["text with HTML further on", "1 < 2, and <b>bold</b>", "text/plain"],
    ["a table", "a,b\n1,2\n", "text/plain"],
    ["bytes nobody knows", Buffer.from("0102030405060708", "hex"), "application/octet-stream"],
    ["HTML", "<!DOCTYPE html><title>x</title>", "text/html"],
    ["HTML without a head", "  \n<script>alert(1)</script>", "text/html"],
    ["HTML behind a comment", "<!-- GIF89a --><img src=x onerror=alert(1)>", "text/html"],
    ["HTML behind a comment without end", "<!-- " + "x".repeat(20_000), "text/html"],
    ["HTML with a byte order mark", "\uFEFF<HTML>", "text/html"],
    ["HTML in UTF-16", Buffer.from("\uFEFF<html>", "utf16le"), "text/html"],
    ["an SVG", `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, "image/svg+xml"],
    [
      "an SVG behind all it may have",
      `<?xml version="1.0"?>\n<!-- a -->\n<!DOCTYPE svg PUBLIC "x">\n<svg>`,
      "image/svg+xml",
    ],
    ["an SVG by another name", `<s:svg xmlns:s="http://www.w3.org/2000/svg">`, "image/svg+xml"],
    ["XML", `<?xml version="1.0"?><feed/>`, "text/xml"],
    ["a GIF that is a script, too", "GIF89a=1;alert(1)//<script>", "image/gif"],
    ["a PNG that is a page, too", Buffer.concat([png, Buffer.from("<html><script>alert(1)</script>")]), "image/png"],
    ["a page in front of a PNG", Buffer.concat([Buffer.from("<html>"), png]), "application/octet-stream"],
  ])("%s", (_, content, mime) => {
    expect(kindOf(Buffer.from(content))).toBe(mime);
  });

  test("cut off anywhere, or behind anything, it makes no trouble", () => {
    for (const whole of [zip("mimetype", "a"), png, Buffer.from("<?xml version='1.0'?><svg/>")]) {
      for (let end = 0; end <= whole.length; end++) expect(kindOf(whole.subarray(0, end))).toBeString();
    }
    expect(kindOf(Buffer.alloc(10 * headSize, "<!--"))).toBe("text/html");
  });
});

describe("what a field does not take", () => {
  const cases: readonly (readonly [it: string, parts: readonly Part[], field: string, code: string])[] = [
    ["HTML that is called a PNG", [["cover", ...file("<html>", "a.png")]], "cover", "validation_invalid_mime_type"],
    [
      "an SVG with a script",
      [["cover", ...file("<svg><script/></svg>", "a.png")]],
      "cover",
      "validation_invalid_mime_type",
    ],
    [
      "what the browser calls a PNG",
      [["cover", new Blob(["x"], { type: "image/png" }), "a.png"]],
      "cover",
      "validation_invalid_mime_type",
    ],
    [
      "too many bytes",
      [["cover", ...file(Buffer.concat([png, Buffer.alloc(1000)]), "a.png")]],
      "cover",
      "validation_file_size_limit",
    ],
    [
      "too many files",
      [1, 2, 3, 4].map((n) => ["papers", ...file(`${n}`, `${n}.txt`)] as const),
      "papers",
      "validation_too_many_files",
    ],
    ["a name of a file that is not there", [["papers", "made_up_1234567890.txt"]], "papers", "validation_invalid_file"],
    ["a file where text is wanted", [["title", ...file("x", "a.txt")]], "title", "validation_unwanted_file"],
  ];
  test.each(cases)("%s", async (_, parts, field, code) => {
    await using it = await Opened.open();
    await albums(it);
    const answer = await multipart(it, "POST", path, parts);
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body["data"]).toMatchObject({ [field]: { code } });
    expect(existsSync(join(it.dir, "files", it.project.collections.find("albums")?.id ?? ""))).toBe(false);
  });

  test("is said with the name of the file", async () => {
    await using it = await Opened.open();
    await albums(it);
    const answer = await multipart(it, "POST", path, [["cover", ...file("<html>", "ours.png")]]);
    expect(answer.body["data"]).toEqual({
      cover: {
        code: "validation_invalid_mime_type",
        message: "ours.png mime type must be one of: image/png, image/jpeg.",
        params: { file: "ours.png", mimeTypes: "image/png, image/jpeg" },
      },
    });
  });
});

describe("a change", () => {
  async function album(it: Opened) {
    await albums(it);
    const parts: Part[] = ["a", "b"].map((name) => ["papers", ...file(name, `${name}.txt`)]);
    const { body } = await multipart(it, "POST", path, [["cover", ...file(png, "c.png")], ...parts]);
    const one = `${path}/${body["id"]}`;
    const papers = body["papers"] as string[];
    const [a = "", b = ""] = papers;
    const names = () => stored(it, "albums", body["id"]).map((name) => name.split("_")[0]);
    return { one, a, b, cover: String(body["cover"]), names, id: body["id"] };
  }
  const starts = (value: Json | undefined) => [value].flat().map((name) => String(name).split("_")[0]);

  test("keeps the order of names and files under one key", async () => {
    await using it = await Opened.open();
    const { one, a, b, names } = await album(it);
    const { body, status } = await multipart(it, "PATCH", one, [
      ["papers", b],
      ["papers", ...file("n", "n.txt")],
      ["papers", a],
    ]);
    expect(status).toBe(200);
    expect(starts(body["papers"])).toEqual(["b", "n", "a"]);
    expect(names()).toEqual(["a", "b", "c", "n"]);
  });

  test.each([
    ["papers+", ["a", "b", "n"]],
    ["+papers", ["n", "a", "b"]],
  ])("%s adds a file", async (key, expected) => {
    await using it = await Opened.open();
    const { one } = await album(it);
    const { body } = await multipart(it, "PATCH", one, [[key, ...file("n", "n.txt")]]);
    expect(starts(body["papers"])).toEqual(expected);
  });

  test("lets go of what is replaced, taken out and unticked", async () => {
    await using it = await Opened.open();
    const { one, a, names } = await album(it);
    const replaced = await multipart(it, "PATCH", one, [
      ["cover", ...file(jpeg, "new.jpg")],
      ["papers-", a],
    ]);
    expect(starts(replaced.body["cover"])).toEqual(["new"]);
    expect(names()).toEqual(["b", "new"]);
    await it.send({ json: ["PATCH", one, { cover: "", papers: [] }] });
    expect(names()).toEqual([]);
  });

  test("of something else leaves files alone, and so does an empty file input", async () => {
    await using it = await Opened.open();
    const { one, names } = await album(it);
    const { body } = await multipart(it, "PATCH", one, [
      ["title", "x"],
      ["cover", new Blob([]), ""],
    ]);
    expect(starts(body["cover"])).toEqual(["c"]);
    expect(names()).toEqual(["a", "b", "c"]);
  });

  test("that is taken back loses no file and leaves none", async () => {
    await using it = await Opened.open();
    const { one, names } = await album(it);
    await it.record("albums", { code: "taken" });
    const { status } = await multipart(it, "PATCH", one, [
      ["code", "taken"],
      ["cover", ...file(jpeg, "new.jpg")],
      ["papers", ""],
    ]);
    expect(status).toBe(400);
    expect(names()).toEqual(["a", "b", "c"]);
  });

  test("that adds more than there is room for is refused, and nothing of it stays", async () => {
    await using it = await Opened.open();
    const { one, names } = await album(it);
    const { status, body } = await multipart(it, "PATCH", one, [
      ["papers+", ...file("n", "n.txt")],
      ["papers+", ...file("m", "m.txt")],
    ]);
    expect(status).toBe(400);
    expect(body["data"]).toMatchObject({ papers: { code: "validation_too_many_files" } });
    expect(names()).toEqual(["a", "b", "c"]);
  });

  test("in many hands at once loses none of the files", async () => {
    await using it = await Opened.open();
    const { one, names } = await album(it);
    const answers = await Promise.all(
      ["n", "m"].map((name) => multipart(it, "PATCH", one, [["papers+", ...file(name, `${name}.txt`)]])),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    const { body } = await it.send({ json: ["GET", one] });
    expect(starts(body["papers"])).toHaveLength(3);
    expect(names()).toEqual([...starts(body["papers"]), "c"].sort());
  });
});

describe("a removal", () => {
  test("takes the files of a record and of those that go with it, unless it is refused", async () => {
    await using it = await Opened.open();
    await albums(it);
    const { body } = await multipart(it, "POST", path, [["papers", ...file("a", "a.txt")]]);
    const albumsId = it.project.collections.find("albums")?.id ?? "";
    const relation = { name: "album", type: "relation", collectionId: albumsId, cascadeDelete: true };
    await it.collection({ name: "songs", fields: [relation, { name: "sheet", type: "file" }] });
    const song = await multipart(it, "POST", "/api/collections/songs/records", [
      ["album", String(body["id"])],
      ["sheet", ...file("s", "s.txt")],
    ]);
    const holder = { name: "album", type: "relation", collectionId: albumsId, required: true };
    await it.collection({ name: "prizes", fields: [holder] });
    const prize = await it.record("prizes", { album: body["id"] ?? "" });
    const gone = () => it.send({ json: ["DELETE", `${path}/${body["id"]}`] });
    expect((await gone()).status).toBe(400);
    expect(stored(it, "albums", body["id"])).toHaveLength(1);
    await it.send({ json: ["DELETE", `/api/collections/prizes/records/${prize["id"]}`] });
    expect((await gone()).status).toBe(204);
    expect(stored(it, "albums", body["id"])).toEqual([]);
    expect(stored(it, "songs", song.body["id"])).toEqual([]);
  });

  test("of all records takes all files, and those of others stay", async () => {
    await using it = await Opened.open();
    await albums(it);
    const made = [];
    for (let n = 0; n < 3; n++) made.push(await multipart(it, "POST", path, [["papers", ...file("a", "a.txt")]]));
    const other = await multipart(it, "POST", "/api/collections/diaries/records", [["page", ...file("a", "a.txt")]]);
    expect((await it.send({ as: "root", json: ["DELETE", "/api/collections/albums/truncate"] })).status).toBe(204);
    for (const { body } of made) expect(stored(it, "albums", body["id"])).toEqual([]);
    expect(stored(it, "diaries", other.body["id"])).toHaveLength(1);
  });

  test("that is to be undone keeps them, until they are let go for good", async () => {
    await using it = await Opened.open();
    await albums(it);
    const { body } = await multipart(it, "POST", path, [["papers", ...file("a", "a.txt")]]);
    const { current: set } = it.project.collections;
    const collection = set.find("albums");
    if (!collection) throw new Error("There are no albums.");
    await deleteRecord(it.project, { collection, set, ask: byOwner }, String(body["id"]), { keepFiles: true });
    expect(stored(it, "albums", body["id"])).toHaveLength(1);
    await removeFilesOf(it.project.files, collection.id, String(body["id"]));
    expect(stored(it, "albums", body["id"])).toEqual([]);
  });
});

test("a sweep removes what nobody mentions, and only that", async () => {
  await using it = await Opened.open();
  await albums(it);
  const { body } = await multipart(it, "POST", path, [["papers", ...file("a", "a.txt")]]);
  const id = it.project.collections.find("albums")?.id ?? "";
  const upload = join(it.dir, "tmp", "x");
  writeFileSync(upload, "x");
  const parked = { papers: ["parked_1234567890.txt"] };
  await it.record("_submissions", {
    collection: id,
    record: "parked000000000",
    state: "spam",
    parked,
    form: await formOf(it),
  });
  const left = [`${id}/${body["id"]}/left.txt`, `${id}/gone00000000000/a.txt`, "pbc_gone/some/a.txt"];
  const kept = `${id}/parked000000000/parked_1234567890.txt`;
  for (const key of [...left, kept]) await it.project.files.put(key, upload);
  const sweep = (before?: number) => sweepFiles({ ...it.project, mentioned: parkedFiles }, before);
  expect(await sweep()).toBe(0);
  expect(await sweep(Date.now() + 1000)).toBe(left.length);
  expect(stored(it, "albums", body["id"])).toHaveLength(1);
  expect(await it.project.files.open(kept)).toBeDefined();
});

async function formOf(it: Opened): Promise<string> {
  return String((await it.record("_forms", { slug: "albums", collection: "albums", title: "Albums" }))["id"]);
}

describe("a download", () => {
  async function served(it: Opened, content: string | Uint8Array<ArrayBuffer>, name: string) {
    await albums(it);
    const { body } = await multipart(it, "POST", path, [["papers", ...file(content, name)]]);
    const stored = [body["papers"]].flat().map(String)[0] ?? "";
    return { to: `/api/files/albums/${body["id"]}/${encodeURIComponent(stored)}`, stored, id: body["id"] };
  }

  test("comes with headers that let nothing in it run", async () => {
    await using it = await Opened.open();
    const { to, stored } = await served(it, png, "a.png");
    const { headers } = await get(it, to);
    expect(headers.get("content-type")).toBe("image/png");
    expect(headers.get("content-disposition")).toBe(`inline; filename="${stored}"`);
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox",
    );
    expect(headers.get("cache-control")).toBe("max-age=2592000, stale-while-revalidate=86400");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-frame-options")).toBeNull();
    expect(headers.get("content-length")).toBe(String(png.length));
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect((await get(it, `${to}?download=1`)).headers.get("content-disposition")).toStartWith("attachment; ");
    expect((await get(it, `${to}?thumb=100x100`)).status).toBe(200);
  });

  test.each([
    ["<svg><script>alert(1)</script></svg>", "a.svg", "image/svg+xml"],
    ["<html><script>alert(1)</script>", "a.png", "text/html; charset=utf-8"],
    ["alert(1)", "a.js", "text/plain; charset=utf-8"],
    ["a{}", "a.css", "text/plain; charset=utf-8"],
    ["\x01\x02", "a.html", "application/octet-stream"],
  ])("of %j is saved, not shown", async (content, name, mime) => {
    await using it = await Opened.open();
    const { headers } = await get(it, (await served(it, content, name)).to);
    expect(headers.get("content-type")).toBe(mime);
    expect(headers.get("content-disposition")).toStartWith("attachment; ");
  });

  test("says names of other languages in a way that every header takes", async () => {
    await using it = await Opened.open();
    const { to, stored } = await served(it, png, "Grüße.png");
    const said = (await get(it, to)).headers.get("content-disposition");
    expect(said).toBe(
      `inline; filename="${stored.replace(/[üß]/g, "_")}"; filename*=UTF-8''${encodeURIComponent(stored)}`,
    );
  });

  test("can be had in parts, and not again", async () => {
    await using it = await Opened.open();
    const { to } = await served(it, "0123456789", "a.txt");
    const part = await get(it, to, { range: "bytes=2-4" });
    expect([part.status, await part.text(), part.headers.get("content-range")]).toEqual([206, "234", "bytes 2-4/10"]);
    expect((await get(it, to, { range: "bytes=20-" })).status).toBe(416);
    const etag = (await get(it, to)).headers.get("etag") ?? "";
    const again = await get(it, to, { "if-none-match": etag });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    const head = await it.app.handle(new Request(`http://localhost${to}`, { method: "HEAD" }));
    expect([head.status, await head.text(), head.headers.get("etag")]).toEqual([200, "", etag]);
  });

  test("is told of by HEAD as by GET, but for what is in it", async () => {
    await using it = await Opened.open();
    const { to, stored, id } = await served(it, "0123456789".repeat(250_000), "a.txt");
    const known = ["content-length", "content-type", "content-disposition", "content-security-policy", "cache-control"];
    const told = [
      ...known,
      "etag",
      "last-modified",
      "accept-ranges",
      "content-range",
      "vary",
      "x-content-type-options",
    ];
    const root = { authorization: it.token("root") };
    it.app.listen({ hostname: "127.0.0.1", port: 0 });
    const outside = `http://127.0.0.1:${it.app.server?.port}`;
    const asks = [
      (where: string, init: RequestInit) => it.app.handle(new Request(`http://localhost${where}`, init)),
      (where: string, init: RequestInit) => fetch(outside + where, init),
    ];
    for (const ask of asks) {
      for (const [where, headers, length] of [
        [to, {}, "2500000"],
        [`${to}?download=1`, { range: "bytes=2-4" }, "2500000"],
        [`/_/collections/albums/${id}/files/${stored}`, root, "2500000"],
        [to, { "if-none-match": "*" }, null],
        [`/_/collections/albums/${id}/files/${stored}`, { ...root, "if-none-match": "*" }, null],
        [`/api/files/albums/${id}/nope.txt`, {}, undefined],
      ] as const) {
        const { range: _, ...plain } = { range: "", ...headers };
        const get = await ask(where, { headers: plain });
        const head = await ask(where, { method: "HEAD", headers });
        expect([where, head.status]).toEqual([where, get.status]);
        for (const name of length === undefined ? ["content-type"] : told) {
          expect([where, name, head.headers.get(name)]).toEqual([where, name, get.headers.get(name)]);
        }
        if (length === undefined) continue;
        expect([where, head.headers.get("content-length"), await head.text()]).toEqual([where, length, ""]);
      }
    }
    const part = await fetch(outside + to, { headers: { range: "bytes=2-4" } });
    expect([part.status, await part.text(), part.headers.get("content-length")]).toEqual([206, "234", "3"]);
    await it.app.stop(true);
  });

  test.each(["../x", "..%2f..%2fformstead.db", "%2e%2e", "a%00.txt", "%ff", "nope.txt", "a".repeat(3000)])(
    "is nothing for %s",
    async (name) => {
      await using it = await Opened.open();
      const { id } = await served(it, png, "a.png");
      for (const to of [`/api/files/albums/${id}/${name}`, `/api/files/albums/${name}/a`, `/api/files/${name}/a/b`]) {
        const answer = await get(it, to);
        expect([400, 404]).toContain(answer.status);
        expect(answer.headers.get("content-type")).toBe("application/json");
      }
    },
  );

  test("is for files that the record names, not for what lies beside them", async () => {
    await using it = await Opened.open();
    const { to, stored, id } = await served(it, png, "a.png");
    const upload = join(it.dir, "tmp", "x");
    writeFileSync(upload, "x");
    await it.project.files.put(`${it.project.collections.find("albums")?.id}/${id}/beside.txt`, upload);
    expect((await get(it, to.replace(encodeURIComponent(stored), "beside.txt"))).status).toBe(404);
  });
});

describe("a protected file", () => {
  async function diary(it: Opened) {
    await albums(it);
    const ann = await it.send({ as: "ann", json: ["GET", "/api/collections/users/records"] });
    const [me] = ann.body["items"] as Body[];
    const { body } = await multipart(it, "POST", "/api/collections/diaries/records", [
      ["owner", String(me?.["id"])],
      ["page", ...file(png, "p.png")],
    ]);
    return `/api/files/diaries/${body["id"]}/${body["page"]}`;
  }
  const tokenOf = async (it: Opened, as: string) =>
    String((await it.send({ as, json: ["POST", "/api/files/token"] })).body["token"]);

  test("is for who the view rule lets in, by a token of its own kind", async () => {
    await using it = await Opened.open();
    const to = await diary(it);
    expect((await get(it, to)).status).toBe(404);
    expect((await get(it, `${to}?token=nope`)).status).toBe(404);
    expect((await get(it, `${to}?token=${await tokenOf(it, "bob")}`)).status).toBe(404);
    expect((await get(it, `${to}?token=${it.token("ann")}`)).status).toBe(404);
    const answer = await get(it, `${to}?token=${await tokenOf(it, "ann")}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("private, max-age=2592000, stale-while-revalidate=86400");
    expect((await get(it, `${to}?token=${await tokenOf(it, "root")}`)).status).toBe(200);
  });

  test("is also for who is signed in on the page that shows it", async () => {
    await using it = await Opened.open();
    const to = await diary(it);
    expect((await get(it, to, { authorization: it.token("ann") })).status).toBe(200);
    expect((await get(it, to, { authorization: it.token("bob") })).status).toBe(404);
  });

  test("has a token for a few minutes that opens nothing else", async () => {
    await using it = await Opened.open();
    await diary(it);
    expect((await it.send({ json: ["POST", "/api/files/token"] })).status).toBe(401);
    const token = await tokenOf(it, "ann");
    const claims = JSON.parse(atob(token.split(".")[1] ?? "").toString());
    expect(claims.exp - Date.now() / 1000).toBeLessThanOrEqual(180);
    const asked = await it.send({ json: ["POST", "/api/files/token"], headers: { authorization: token } });
    expect(asked.status).toBe(401);
  });

  test("of a collection for superusers is not found by others", async () => {
    await using it = await Opened.open();
    await albums(it);
    await it.collection({ name: "vaults", viewRule: null, fields: [{ name: "key", type: "file", protected: true }] });
    const { body } = await multipart(it, "POST", "/api/collections/vaults/records", [["key", ...file("k", "k.txt")]]);
    const to = `/api/files/vaults/${body["id"]}/${body["key"]}`;
    expect((await get(it, to)).status).toBe(404);
    expect((await get(it, `${to}?token=${await tokenOf(it, "root")}`)).status).toBe(200);
  });
});

test("the files of a parked submission are for owners", async () => {
  await using it = await Opened.open();
  await albums(it);
  await it.record("_forms", { slug: "albums", collection: "albums", title: "Albums", test: true });
  const sent = await multipart(it, "POST", "/forms/albums", [["papers", ...file("a", "a.txt")]], {
    accept: "text/html",
  });
  expect(sent.status, sent.text).toBe(303);
  const list = await it.send({ as: "root", json: ["GET", "/api/collections/_submissions/records"] });
  const [submission] = list.body["items"] as { id: string; record: string; parked: { papers: string[] } }[];
  const name = submission?.parked.papers[0];
  expect(name).toMatch(/^a_\w{10}\.txt$/);
  expect((await get(it, `/api/files/albums/${submission?.record}/${name}`)).status).toBe(404);
  const to = `/_/submissions/${submission?.id}/files/${name}`;
  expect((await get(it, to)).headers.get("location")).toStartWith("/_/login?next=");
  const answer = await get(it, to, { authorization: it.token("root") });
  expect([answer.status, await answer.text()]).toEqual([200, "a"]);
  expect(
    (await get(it, `/_/submissions/${submission?.id}/files/other.txt`, { authorization: it.token("root") })).status,
  ).toBe(404);
});

test("a page shows files as links, and takes new ones", async () => {
  await using it = await Opened.open();
  await it.collection({ name: "photos", pages: true, fields: [{ name: "image", type: "file", maxSelect: 2 }] });
  const made = await multipart(it, "POST", "/photos", [["image", ...file(png, "a.png")]], { accept: "text/html" });
  const page = await it.send({ json: ["GET", made.headers.get("location") ?? ""], headers: { accept: "text/html" } });
  expect(page.text).toMatch(/<a href="\/api\/files\/photos\/\w{15}\/a_\w{10}\.png">a_\w{10}\.png<\/a>/);
  const edit = await it.send({
    json: ["GET", `${made.headers.get("location")?.split("?")[0]}/edit`],
    headers: { accept: "text/html" },
  });
  expect(edit.text).toContain(`enctype="multipart/form-data"`);
  expect(edit.text).toMatch(/type="checkbox" name="image" value="a_\w{10}\.png" checked/);
  expect(edit.text).toContain(`type="file" name="image" multiple`);
});

test("owners have files in the dashboard, protected ones too", async () => {
  await using it = await Opened.open();
  await albums(it);
  const { body } = await multipart(it, "POST", "/api/collections/diaries/records", [["page", ...file(png, "p.png")]]);
  const record = `/_/collections/diaries/${body["id"]}`;
  const to = `${record}/files/${body["page"]}`;
  const headers = { authorization: it.token("root"), accept: "text/html" };
  expect((await it.send({ json: ["GET", record], headers })).text).toContain(`<a href="${to}">`);
  const answer = await get(it, to, headers);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/png"]);
  expect((await get(it, to)).headers.get("location")).toStartWith("/_/login?next=");
  expect((await get(it, `${record}/files/other.png`, headers)).status).toBe(404);
});

test("files that are too large are told by their field, and what was typed comes back", async () => {
  await using it = await Opened.open();
  await albums(it);
  await it.record("_forms", { slug: "albums", collection: "albums", title: "Albums" });
  const parts: Part[] = [
    ["title", "Typed"],
    ["cover", ...file(Buffer.alloc(20_000_000), "huge.png")],
  ];
  const answer = await multipart(it, "POST", "/forms/albums", parts, { accept: "text/html" });
  expect(answer.status).toBe(422);
  expect(answer.text).toContain(`value="Typed"`);
  expect(answer.text).toContain("Failed to upload huge.png - the maximum allowed file size is 1000 bytes.");
});

test("people have a picture of themselves", async () => {
  await using it = await Opened.open();
  await it.person("ann");
  const headers = { authorization: it.token("ann"), accept: "text/html" };
  const sent = await multipart(
    it,
    "POST",
    "/profile",
    [
      ["name", "Ann"],
      ["avatar", ...file(png, "me.png")],
    ],
    headers,
  );
  expect(sent.status, sent.text).toBe(303);
  const page = (await it.send({ json: ["GET", "/profile"], headers })).text;
  expect(page).toMatch(/type="checkbox" name="avatar" value="me_\w{10}\.png" checked/);
  const wrong = await multipart(it, "POST", "/profile", [["avatar", ...file("<html>", "me.png")]], headers);
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain("mime type must be one of");
});

describe("files first, record second", () => {
  function upload(it: Opened, name: string): Payload {
    const path = join(it.dir, "tmp", name);
    writeFileSync(path, "x");
    return { ...nothing, files: new Map([["papers", [{ filename: name, mime: "text/plain", size: 1, path }]]]) };
  }
  function place(it: Opened) {
    const { current: set } = it.project.collections;
    const collection = set.find("albums");
    if (!collection) throw new Error("There are no albums.");
    return { collection, set, ask: byOwner };
  }
  const all = (it: Opened) =>
    readdirSync(join(it.dir, "files"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

  test("a file is in its place while the record is written, and gone where that is taken back", async () => {
    await using it = await Opened.open();
    await albums(it);
    const seen: string[][] = [];
    const work = createRecord(it.project, place(it), upload(it, "a.txt"), {
      beside: async (_, values) => {
        seen.push(stored(it, "albums", values["id"]));
        throw new Error("no");
      },
    });
    expect(work).rejects.toThrow("no");
    await work.catch(() => {});
    expect(seen).toEqual([[expect.stringMatching(/^a_/)]]);
    expect(all(it)).toEqual([]);
    // What was sent is still there for the next try.
    expect(existsSync(join(it.dir, "tmp", "a.txt"))).toBe(true);
  });

  test("stays where only what is written beside the record is stored, and is not kept where nothing is", async () => {
    await using it = await Opened.open();
    await albums(it);
    await createRecord(it.project, place(it), upload(it, "a.txt"), { pretend: true });
    expect(all(it)).toEqual([]);
    await createRecord(it.project, place(it), upload(it, "b.txt"), { rehearse: true });
    expect(all(it)).toHaveLength(1);
    expect((await it.counts())["albums"]).toBe(0);
  });

  test("is left to the sweep where nobody knows whether the record is on disk", async () => {
    let broken = false;
    await using it = await Opened.open({
      sync: async () => {
        if (broken) throw Object.assign(new Error("EIO: i/o error, fdatasync"), { code: "EIO" });
      },
    });
    await albums(it);
    broken = true;
    const work = createRecord(it.project, place(it), upload(it, "a.txt"));
    expect(work).rejects.toBeInstanceOf(Refusal);
    await work.catch(() => {});
    expect(all(it)).toHaveLength(1);
  });
});
