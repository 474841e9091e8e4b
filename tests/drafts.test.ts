import { describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Upload } from "../src/fields/payload.ts";
import { openDrafts } from "../src/forms/drafts.ts";
import { sha256 } from "../src/lib/secrets.ts";
import { sql } from "../src/store/sql.ts";
import { type Body, Opened } from "./testing.ts";

const png = Buffer.from("89504e470d0a1a0a0000000d4948445200000001", "hex");
const hour = 60 * 60 * 1000;

async function jobs(it: Opened, form: Body = {}, mustHavePhoto = true): Promise<void> {
  await it.collection({
    name: "applications",
    fields: [
      { name: "name", type: "text", required: true },
      { name: "photo", type: "file", required: mustHavePhoto, mimeTypes: ["image/png"], maxSize: 1000 },
      { name: "papers", type: "file", maxSelect: 3 },
      { name: "pin", type: "password" },
    ],
  });
  await it.record("_forms", { slug: "jobs", collection: "applications", title: "Jobs", ...form });
}

type Part = readonly [name: string, value: string | Blob, filename?: string];

async function post(it: Opened, to: string, parts: readonly Part[], headers: Readonly<Record<string, string>> = {}) {
  const body = new FormData();
  for (const [name, value, filename] of parts) {
    if (typeof value === "string") body.append(name, value);
    else body.append(name, value, filename);
  }
  const request = new Request(`http://localhost${to}`, {
    method: "POST",
    body,
    headers: { accept: "text/html", ...headers },
  });
  const response = await it.app.handle(request);
  const text = await response.text();
  const cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
  return { status: response.status, text, cookie, to: response.headers.get("location") ?? "", token: tokenIn(text) };
}

function tokenIn(text: string): string {
  return /name="_draft" value="([a-z0-9]+)"/.exec(text)?.[1] ?? "";
}

const photo: Part = ["photo", new Blob([png]), "me.png"];
/** Programs that test are fast. */
const patient = { hold: 1000, refuse: 1000 };

function hiddenIn(text: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]+)"`).exec(text)?.[1] ?? "";
}

async function sendTwice(it: Opened, parts: readonly Part[]): Promise<number[]> {
  const first = await post(it, "/forms/jobs", parts);
  return [first.status, (await post(it, "/forms/jobs", parts)).status];
}

const noFile = (name: string): Part => [name, new Blob([]), ""];

async function stored(it: Opened) {
  await it.person("root", {}, "_superusers").catch(() => {});
  return (await it.send({ as: "root", json: ["GET", "/api/collections/applications/records"] })).body["items"] as {
    photo: string;
    papers: string[];
    id: string;
  }[];
}

function kept(it: Opened): string[] {
  return readdirSync(join(it.dir, "drafts"));
}

describe("files of a failed send", () => {
  test("need not be chosen again", async () => {
    await using it = await Opened.open();
    await jobs(it);
    const first = await post(it, "/forms/jobs", [["name", ""], photo, ["papers", new Blob(["cv"]), "cv.txt"]]);
    expect(first.status).toBe(422);
    expect(first.text).toContain("Kept from before: me.png.");
    expect(first.text).toContain("Kept from before: cv.txt.");
    expect(first.text).toMatch(/<input [^>]*type="file" name="photo" accept/);
    expect(kept(it)).toHaveLength(2);

    const second = await post(it, "/forms/jobs", [["name", " "], ["_draft", first.token], noFile("photo")]);
    expect(second.status).toBe(303);
    const [record] = await stored(it);
    expect(record?.photo).toMatch(/^me_\w{10}\.png$/);
    expect(record?.papers).toEqual([expect.stringMatching(/^cv_\w{10}\.txt$/)]);
    expect(kept(it)).toEqual([]);
  });

  test("are kept under a new token each time", async () => {
    await using it = await Opened.open();
    await jobs(it);
    const first = await post(it, "/forms/jobs", [["name", ""], photo]);
    const second = await post(it, "/forms/jobs", [
      ["name", ""],
      ["_draft", first.token],
    ]);
    expect(second.text).toContain("Kept from before: me.png.");
    expect(second.token).not.toBe(first.token);
    expect(kept(it)).toHaveLength(1);
    const old = await post(it, "/forms/jobs", [
      ["name", "Ann"],
      ["_draft", first.token],
    ]);
    expect(old.status).toBe(422);
    expect(old.text).not.toContain("Kept from before");
    expect(
      (
        await post(it, "/forms/jobs", [
          ["name", "Ann"],
          ["_draft", second.token],
        ])
      ).status,
    ).toBe(303);
  });

  test("give way to others that are chosen, and to a box that says so", async () => {
    await using it = await Opened.open();
    await jobs(it);
    const papers: Part[] = [
      ["papers", new Blob(["a"]), "a.txt"],
      ["papers", new Blob(["b"]), "b.txt"],
    ];
    const first = await post(it, "/forms/jobs", [["name", ""], photo, ...papers]);
    const second = await post(it, "/forms/jobs", [
      ["name", "Ann"],
      ["photo", new Blob([png]), "other.png"],
      ["_draft", first.token],
      ["_draft_remove", "papers/0"],
    ]);
    expect(second.status).toBe(303);
    const [record] = await stored(it);
    expect(record?.photo).toStartWith("other_");
    expect(record?.papers).toEqual([expect.stringMatching(/^b_/)]);
  });

  test("with something wrong are not kept", async () => {
    await using it = await Opened.open();
    await jobs(it);
    const first = await post(it, "/forms/jobs", [
      ["name", "Ann"],
      ["photo", new Blob(["<svg>"]), "me.png"],
    ]);
    expect(first.status).toBe(422);
    expect(first.text).not.toContain("Kept from before");
    expect(first.token).toBe("");
    expect(kept(it)).toEqual([]);
  });

  test("are for the form they were sent to", async () => {
    await using it = await Opened.open();
    await jobs(it);
    await it.record("_forms", { slug: "others", collection: "applications", title: "Others" });
    const first = await post(it, "/forms/jobs", [["name", ""], photo]);
    const second = await post(it, "/forms/others", [
      ["name", "Ann"],
      ["_draft", first.token],
    ]);
    expect(second.status).toBe(422);
  });

  test("are kept when a form is sent that has been closed meanwhile", async () => {
    await using it = await Opened.open();
    await jobs(it, { closes: "2020-01-01 00:00:00.000Z" });
    const answer = await post(it, "/forms/jobs", [["name", "Ann"], photo]);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.text).toContain(`value="Ann"`);
    expect(answer.text).toContain("Kept from before: me.png.");
  });

  test("survive a restart", async () => {
    const opened = await Opened.open();
    await jobs(opened);
    const first = await post(opened, "/forms/jobs", [["name", ""], photo]);
    await opened.project.close();
    await using it = await Opened.open({ dir: opened.dir });
    expect(
      (
        await post(it, "/forms/jobs", [
          ["name", "Ann"],
          ["_draft", first.token],
        ])
      ).status,
    ).toBe(303);
  });

  test("beyond what there is room for are let go, and the page says so", async () => {
    await using it = await Opened.open();
    await jobs(it);
    const big = (name: string): Part => ["papers", new Blob([new Uint8Array(5_000_000)]), name];
    const sent = () => post(it, "/forms/jobs", [["name", ""], big("a.bin"), big("b.bin"), big("c.bin")]);
    expect((await sent()).text).toContain("Kept from before: c.bin.");
    const second = await sent();
    expect(second.status).toBe(422);
    expect(second.text).not.toContain("Kept from before");
    expect(second.text).toContain("Your files could not be kept.");
  });
});

describe("files of an answer that is sent twice", () => {
  test.each([
    ["where they must be there", ["name", "photo"], [photo]],
    ["where they need not", ["name", "papers"], [["papers", new Blob(["cv"]), "cv.txt"]]],
  ] as [string, string[], Part[]][])("make one answer %s", async (_, fields, files) => {
    await using it = await Opened.open();
    await jobs(it, { shield: patient, fields }, fields.includes("photo"));
    const first = await post(it, "/forms/jobs", [["name", ""], ...files]);
    const sent: Part[] = [
      ["name", "Ann"],
      ["_draft", first.token],
      ["_token", hiddenIn(first.text, "_token")],
    ];
    expect(await sendTwice(it, sent)).toEqual([303, 303]);
    const without = sent.filter(([name]) => name !== "_token");
    const other = await post(it, "/forms/jobs", [["name", ""], ...files]);
    expect(await sendTwice(it, [...without.slice(0, 1), ["_draft", other.token]])).toEqual([303, 303]);
    expect(await stored(it)).toHaveLength(2);
  });

  test("at once, too", async () => {
    await using it = await Opened.open();
    await jobs(it, { shield: patient });
    for (const name of ["Ann", "Bob", "Cleo"]) {
      const first = await post(it, "/forms/jobs", [["name", ""], photo, ["papers", new Blob(["cv"]), "cv.txt"]]);
      const sent: Part[] = [
        ["name", name],
        ["_draft", first.token],
        ["_token", hiddenIn(first.text, "_token")],
      ];
      const answers = await Promise.all([1, 2, 3, 4].map(() => post(it, "/forms/jobs", sent)));
      expect(answers.map(({ status }) => status)).toEqual([303, 303, 303, 303]);
    }
    expect(await stored(it)).toHaveLength(3);
  });

  test("are told apart by what is in them", async () => {
    await using it = await Opened.open();
    await jobs(it, { shield: patient });
    for (const text of ["one", "two", "two"]) {
      const sent = await post(it, "/forms/jobs", [["name", "Ann"], photo, ["papers", new Blob([text]), "cv.txt"]]);
      expect(sent.status).toBe(303);
    }
    expect(await stored(it)).toHaveLength(2);
  });
});

describe("the way back", () => {
  const site = "https://site.example";
  const back = { back: true, origins: [site] };

  test("leads to the page that sent it, with a token that tells what was typed once", async () => {
    await using it = await Opened.open();
    await jobs(it, back);
    const sent: Part[] = [
      ["name", ""],
      ["extra", "a\r\nb"],
      ["pin", "123"],
      ["_back", `${site}/contact?lang=de#form`],
    ];
    const answer = await post(it, "/forms/jobs", sent, { origin: site });
    expect(answer.status).toBe(303);
    const page = new URL(answer.to);
    const token = page.searchParams.get("formstead");
    page.searchParams.delete("formstead");
    expect(page.href).toBe(`${site}/contact?lang=de#form`);
    expect(answer.to).not.toContain("123");
    const ask = (origin: string) => it.send({ json: ["GET", `/forms/jobs/drafts/${token}`], headers: { origin } });
    expect((await ask("https://evil.example")).status).toBe(403);
    const told = await ask(site);
    expect(told.status).toBe(200);
    expect(told.headers.get("access-control-allow-origin")).toBe("*");
    expect(told.headers.get("cache-control")).toBe("no-store");
    expect(told.body["values"]).toMatchObject({ name: [""], extra: ["a\r\nb"] });
    expect(told.text).not.toContain("123");
    expect(told.body["problems"]).toMatchObject({ name: { code: "validation_required", message: "Cannot be blank." } });
    expect(told.body["message"]).toBe("Failed to create record.");
    expect((await ask(site)).status).toBe(404);
  });

  test("is told once, however many ask at once", async () => {
    await using it = await Opened.open();
    await jobs(it, back);
    const answer = await post(it, "/forms/jobs", [["name", ""]], { referer: `${site}/jobs` });
    const token = new URL(answer.to).searchParams.get("formstead");
    const ask = () => it.send({ json: ["GET", `/forms/jobs/drafts/${token}`], headers: { origin: site } });
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404]);
  });

  test.each(["/forms/jobs/drafts/", "/resend/"])("knows no token without end (%s)", async (path) => {
    await using it = await Opened.open();
    await jobs(it, back);
    const answer = await it.send({ json: ["GET", path + "x".repeat(3000)], headers: { origin: site } });
    expect(answer.status).toBe(404);
    expect(answer.text).toContain("What was kept here is gone");
  });

  test.each([
    ["not by a site's name alone", back, { referer: `${site}/` }],
    ["not to another site", back, { referer: "https://evil.example/contact" }],
    ["not where the form does not want it", { origins: [site] }, { referer: `${site}/contact` }],
    ["not from its own page", back, { referer: "http://localhost/forms/jobs" }],
  ])("%s", async (_, form, headers) => {
    await using it = await Opened.open();
    await jobs(it, form);
    const answer = await post(it, "/forms/jobs", [["name", ""], photo], headers);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain("Cannot be blank.");
  });

  test("goes by what the browser says of the page, too", async () => {
    await using it = await Opened.open();
    await jobs(it, back);
    const own = await post(it, "/forms/jobs", [["name", ""]], { referer: "http://localhost/jobs.html" });
    expect(own.to).toStartWith("http://localhost/jobs.html?formstead=");
    const other = await post(it, "/forms/jobs", [["name", ""]], { referer: `${site}/jobs` });
    expect(other.to).toStartWith(`${site}/jobs?formstead=`);
  });
});

describe("a post of somebody who is signed out", () => {
  test("is sent again with one button after signing in", async () => {
    await using it = await Opened.open();
    await it.person("ann");
    await it.collection({
      name: "notes",
      pages: true,
      createRule: "@request.auth.id != ''",
      fields: [
        { name: "title", type: "text" },
        { name: "body", type: "text" },
        { name: "paper", type: "file" },
      ],
    });
    const first = await post(it, "/notes", [
      ["title", "Hi <b>"],
      ["body", "one\ntwo"],
      ["paper", new Blob(["text"]), "p.txt"],
    ]);
    expect(first.status).toBe(401);
    expect(first.text).toContain(`/login?next=%2Fresend%2F${first.token}`);
    const page = { accept: "text/html", cookie: first.cookie };
    const elsewhere = await it.send({ json: ["GET", `/resend/${first.token}`], headers: { accept: "text/html" } });
    expect(elsewhere.status).toBe(404);
    const shown = await it.send({ json: ["GET", `/resend/${first.token}`], headers: page });
    expect(shown.status).toBe(200);
    expect(shown.headers.get("cache-control")).toBe("no-store");
    for (const text of ["Hi &lt;b", "one\r\ntwo", "p.txt", `action="/notes"`, "Sign in before you send it again"]) {
      expect(shown.text).toContain(text);
    }
    const sent = await it.send({
      as: "ann",
      form: ["/notes", { title: "Hi <b>", body: "one\ntwo", _draft: first.token }],
    });
    expect(sent.status, sent.text).toBe(303);
    const [note] = (await it.send({ as: "ann", json: ["GET", "/api/collections/notes/records"] })).body["items"] as {
      paper: string;
      title: string;
    }[];
    expect(note).toMatchObject({ title: "Hi <b>", paper: expect.stringMatching(/^p_\w{10}\.txt$/) });
    const gone = await it.send({ json: ["GET", `/resend/${first.token}`], headers: page });
    expect(gone.status).toBe(404);
    expect(gone.text).toContain("What was kept here is gone");
  });

  test("keeps no password", async () => {
    await using it = await Opened.open();
    await it.person("ann");
    const secret = "a secret of hers";
    const answer = await it.send({
      form: ["/profile", { oldPassword: secret, password: secret, passwordConfirm: secret }],
    });
    expect(answer.status).toBe(401);
    const rows = await it.project.store.all<{ payload: string }>(sql`SELECT payload FROM _drafts`);
    expect(rows).toEqual([]);
  });
});

describe("drafts", () => {
  const none = new Map<string, readonly string[]>();

  async function opened(it: Opened) {
    const folder = join(it.dir, "some-drafts");
    mkdirSync(folder);
    const drafts = openDrafts({ store: it.project.store, folder }, { lasting: hour, least: 50, each: 1000, all: 2500 });
    const upload = (name: string, size: number): Upload => {
      const path = join(it.dir, "tmp", name);
      writeFileSync(path, "x".repeat(size));
      return { filename: name, mime: "text/plain", size, path };
    };
    const keep = (address: string, size: number, replacing?: string) => {
      const files = new Map([["f", [upload(`${address}${size}`, size)]]]);
      return drafts.keep({ purpose: "files", target: "t", form: none, files, address, replacing });
    };
    return { drafts, folder, keep };
  }

  test("have room for each address, and in all", async () => {
    await using it = await Opened.open();
    const { drafts, folder, keep } = await opened(it);
    const first = await keep("a", 500);
    expect(first.token).toBeDefined();
    expect(await keep("a", 501)).toEqual({ filesLost: true });
    expect((await keep("a", 501, first.token)).token).toBeDefined();
    expect((await keep("b", 500)).token).toBeDefined();
    expect((await keep("c", 500)).token).toBeDefined();
    expect(await keep("d", 600)).toEqual({ filesLost: true });
    expect(readdirSync(folder)).toHaveLength(3);
    expect(await drafts.find(first.token ?? "", ["files"])).toBeUndefined();
  });

  test("have a number for each address, however small they are", async () => {
    await using it = await Opened.open();
    const { drafts } = await opened(it);
    const small = () => drafts.keep({ purpose: "back", target: "t", form: none, files: new Map(), address: "a" });
    const tokens = [];
    for (let n = 0; n < 40; n++) tokens.push((await small()).token);
    expect(tokens.filter(Boolean)).toHaveLength(20);
  });

  test("are known by a hash, for one purpose and place", async () => {
    await using it = await Opened.open();
    const { drafts, keep } = await opened(it);
    const { token = "" } = await keep("a", 5);
    const rows = await it.project.store.all<{ token: string }>(sql`SELECT token FROM _drafts`);
    expect(rows).toEqual([{ token: sha256(token) }]);
    expect(token).toHaveLength(32);
    expect(await drafts.find(token, ["back", "again"])).toBeUndefined();
    expect(await drafts.find(token, ["files"], "u")).toBeUndefined();
    expect(await drafts.find(sha256(token), ["files"])).toBeUndefined();
    expect((await drafts.find(token, ["files"], "t"))?.files.get("f")).toHaveLength(1);
  });

  test("go after an hour, and files that no draft mentions with them", async () => {
    await using it = await Opened.open();
    const { drafts, folder, keep } = await opened(it);
    const { token = "" } = await keep("a", 5);
    const { token: fresh = "" } = await keep("b", 5);
    for (const [name, age] of [
      ["left", 3 * hour],
      ["coming", 0],
    ] as const) {
      writeFileSync(join(folder, name), "");
      const then = (Date.now() - age) / 1000;
      utimesSync(join(folder, name), then, then);
    }
    await it.project.store.write((tx) => tx.run(sql`UPDATE _drafts SET ends = 1 WHERE token = ${sha256(token)}`));
    expect(await drafts.find(token, ["files"])).toBeUndefined();
    await drafts.expire();
    expect(readdirSync(folder)).toContain("coming");
    expect(readdirSync(folder)).toHaveLength(2);
    expect(await drafts.find(fresh, ["files"])).toBeDefined();
  });
});
