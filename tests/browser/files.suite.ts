import { expect, test } from "bun:test";
import { Server } from "../server.ts";
import { useChromium, type Visitor } from "./browser.ts";

const visit = useChromium();
const owner = { identity: "owner@example.com", password: "a few words in a row" };
const png = Buffer.from("89504e470d0a1a0a0000000d4948445200000001", "hex");

/** A server whose form `jobs` asks for a name of three letters at least, a photo and papers. */
async function serve() {
  const server = await Server.start();
  const link = new URL(await server.setupLink());
  const token = link.searchParams.get("token") ?? "";
  const { identity: email, password } = owner;
  await fetch(link, {
    method: "POST",
    body: new URLSearchParams({ token, email, password, passwordConfirm: password }),
  });
  const send = async (path: string, body: object, authorization = "") => {
    const headers = { "content-type": "application/json", authorization };
    const answer = await fetch(`${server.address}/api/collections${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers,
    });
    return answer.json();
  };
  const { token: ours } = await send("/_superusers/auth-with-password", owner);
  const fields = [
    { name: "name", type: "text", required: true, pattern: "^\\S" },
    { name: "photo", type: "file", required: true, mimeTypes: ["image/png"] },
    { name: "papers", type: "file", maxSelect: 3 },
  ];
  await send("", { name: "applications", type: "base", listRule: "", createRule: "", viewRule: "", fields }, ours);
  await send(
    "/_forms/records",
    { slug: "jobs", collection: "applications", title: "Jobs", shield: { hold: 1000, refuse: 1000 } },
    ours,
  );
  return server;
}

async function choose({ page }: Visitor, name: string, files: readonly string[]): Promise<void> {
  const chosen = files.map((file) => ({
    name: file,
    mimeType: "text/plain",
    buffer: file.endsWith("png") ? png : Buffer.from("x"),
  }));
  await page.locator(`[name="${name}"][type="file"]`).setInputFiles(chosen);
}

for (const javaScript of [true, false]) {
  test(`files of a send that failed need not be chosen again, JavaScript ${javaScript ? "on" : "off"}`, async () => {
    await using server = await serve();
    await using visitor = await visit({ javaScript });
    await visitor.open(`${server.address}/forms/jobs`);
    // What browsers check themselves is left out, so that it is the server that finds something wrong.
    const { page } = visitor;
    await visitor.fill({ name: "Ann" });
    await choose(visitor, "photo", ["me.txt"]);
    await choose(visitor, "papers", ["cv.txt", "letter.txt"]);
    expect(await visitor.press("Send")).toEqual(["POST /forms/jobs 422"]);
    const text = await visitor.text();
    expect(text).toContain("me.txt mime type must be one of: image/png.");
    for (const kept of ["cv.txt", "letter.txt"]) expect(text).toContain(`Kept from before: ${kept}.`);
    expect(await visitor.typed("name")).toEqual({ name: "Ann" });

    await choose(visitor, "photo", ["me.png"]);
    await page.getByRole("checkbox", { name: "Leave letter.txt out" }).check();
    expect((await visitor.press("Send"))[0]).toBe("POST /forms/jobs 303");
    const list = await (await fetch(`${server.address}/api/collections/applications/records`)).json();
    const [record] = list.items;
    expect(record.photo).toMatch(/^me_\w{10}\.png$/);
    expect(record.papers.map((name: string) => name.split("_")[0])).toEqual(["cv"]);
    expect(visitor.refused).toEqual([]);
  });
}
