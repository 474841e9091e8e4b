import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import PocketBase from "pocketbase";
import { makeBackup } from "../src/backups/making.ts";
import { restoreBackup } from "../src/backups/restoring.ts";
import { serverOptions } from "../src/http/options.ts";
import { openDataDir } from "../src/store/datadir.ts";
import { Opened, password } from "./testing.ts";

/** Somebody who is signed in to the dashboard of a server that listens. */
async function serving() {
  const it = await Opened.open();
  await it.person("root", {}, "_superusers");
  await it.person("ann");
  it.app.listen({ ...serverOptions, hostname: "127.0.0.1", port: 0 });
  const address = `http://127.0.0.1:${it.app.server?.port}`;
  return {
    it,
    address,
    [Symbol.asyncDispose]: async () => {
      await it.app.server?.stop(true);
      await it[Symbol.asyncDispose]();
    },
  };
}

test("the SDK makes, lists, downloads, sends and removes backups", async () => {
  await using server = await serving();
  const { it, address } = server;
  const owner = new PocketBase(address);
  await owner.collection("_superusers").authWithPassword("root@example.com", password);
  expect(await owner.backups.create("by_hand.zip")).toBe(true);
  expect(await owner.backups.create("")).toBe(true);
  const listed = await owner.backups.getFullList();
  expect(listed.map(({ key }) => key)).toEqual([
    expect.stringMatching(/^formstead_backup_\d{14}\.zip$/),
    "by_hand.zip",
  ]);
  expect(listed[1]).toEqual({
    key: "by_hand.zip",
    size: readFileSync(join(it.dir, "backups", "by_hand.zip")).length,
    modified: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z$/),
  });

  const link = owner.backups.getDownloadURL(await owner.files.getToken(), "by_hand.zip");
  const downloaded = await fetch(link);
  expect([downloaded.status, downloaded.headers.get("content-type")]).toEqual([200, "application/zip"]);
  const bytes = await downloaded.arrayBuffer();
  const told = await fetch(link, { method: "HEAD" });
  expect([told.status, told.headers.get("content-length"), await told.text()]).toEqual([
    200,
    String(bytes.byteLength),
    "",
  ]);
  expect((await fetch(link, { headers: { range: "bytes=0-1" } })).status).toBe(206);

  expect(await owner.backups.upload({ file: new File([bytes], "sent.zip") })).toBe(true);
  expect(readFileSync(join(it.dir, "backups", "sent.zip")).equals(Buffer.from(bytes))).toBe(true);
  expect(await owner.backups.delete("by_hand.zip")).toBe(true);
  expect(existsSync(join(it.dir, "backups", "by_hand.zip"))).toBe(false);

  const refused = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => undefined,
      (error: { status: number; response: { data: object } }) => error,
    );
    return [error?.status, ...Object.keys(error?.response.data ?? {})];
  };
  expect(await refused(owner.backups.create("sent.zip"))).toEqual([400, "name"]);
  for (const name of ["../out.zip", "Large.zip", "a.tar", ".zip", "a b.zip"]) {
    expect([name, ...(await refused(owner.backups.create(name)))]).toEqual([name, 400, "name"]);
  }
  expect(await refused(owner.backups.upload({ file: new File([bytes], "sent.zip") }))).toEqual([400, "file"]);
  expect(await refused(owner.backups.upload({ file: new File(["PK"], "other.zip") }))).toEqual([400]);
  expect(await refused(owner.backups.upload({}))).toEqual([400, "file"]);
  expect(await refused(owner.backups.delete("by_hand.zip"))).toEqual([404]);
  const release = it.project.dir.claimBackup();
  expect(await refused(owner.backups.create(""))).toEqual([409]);
  release();
  expect(readdirSync(join(it.dir, "backups"))).toHaveLength(2);
  expect(existsSync(it.project.dir.making)).toBe(false);
});

test("a backup is only for superusers, and nothing else is found by its address", async () => {
  await using server = await serving();
  const { it, address } = server;
  const { file } = await makeBackup(it.project, join(it.dir, "backups", "one.zip"));
  writeFileSync(join(it.dir, "backups", "before-1.db"), "x");
  const statusOf = async (path: string, as?: string) => {
    const headers: Record<string, string> = as === undefined ? {} : { authorization: it.token(as) };
    return (await fetch(address + path, { headers, redirect: "manual" })).status;
  };
  const token = async (as: string) =>
    (await it.send({ as, json: ["POST", "/api/files/token", {}] })).body["token"] as string;
  expect(await statusOf("/api/backups/one.zip")).toBe(403);
  expect(await statusOf("/api/backups/one.zip", "root")).toBe(403);
  expect(await statusOf(`/api/backups/one.zip?token=${it.token("root")}`)).toBe(403);
  expect(await statusOf(`/api/backups/one.zip?token=${await token("ann")}`)).toBe(403);
  const own = await token("root");
  expect(await statusOf(`/api/backups/one.zip?token=${own}`)).toBe(200);
  for (const name of ["before-1.db", "..%2Fsecret", "..%2f..%2fetc%2fpasswd", "%2e%2e", "two.zip"]) {
    expect([name, await statusOf(`/api/backups/${name}?token=${own}`)]).toEqual([name, 404]);
  }
  expect(await statusOf("/_/backups/one.zip")).toBe(303);
  expect(existsSync(file)).toBe(true);
});

test("the owner makes one by a form, saves it and removes it", async () => {
  await using server = await serving();
  const { it, address } = server;
  const signedIn = await fetch(`${address}/_/login`, {
    method: "POST",
    redirect: "manual",
    headers: { accept: "text/html", origin: address },
    body: new URLSearchParams({ email: "root@example.com", password }),
  });
  const cookie = (signedIn.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const ask = async (method: string, path: string) => {
    const headers = { accept: "text/html", cookie, origin: address, "sec-fetch-site": "same-origin" };
    const answer = await fetch(address + path, { method, headers, redirect: "manual" });
    return {
      status: answer.status,
      to: answer.headers.get("location"),
      bytes: Buffer.from(await answer.arrayBuffer()),
    };
  };
  expect((await ask("GET", "/_/backups")).bytes.toString()).toContain("There are no backups yet.");
  expect(await ask("POST", "/_/backups")).toMatchObject({ status: 303, to: "/_/backups?done=made" });
  const [name = ""] = readdirSync(join(it.dir, "backups"));
  const shown = (await ask("GET", "/_/backups?done=made")).bytes.toString();
  expect(shown).toContain("it is sound");
  expect(shown).toContain(`href="/_/backups/${name}"`);

  const folder = mkdtempSync(join(tmpdir(), "formstead-saved-"));
  try {
    writeFileSync(join(folder, name), (await ask("GET", `/_/backups/${name}`)).bytes);
    const dir = openDataDir(join(folder, "data"));
    expect(await restoreBackup(dir, join(folder, name))).toMatchObject({ files: 0 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }

  const release = it.project.dir.claimBackup();
  const busy = await ask("POST", "/_/backups");
  expect([busy.status, busy.bytes.toString()]).toEqual([
    422,
    expect.stringContaining("is just being made or restored"),
  ]);
  release();
  expect(await ask("POST", `/_/backups/${name}/delete`)).toMatchObject({ status: 303, to: "/_/backups?done=removed" });
  expect(readdirSync(join(it.dir, "backups"))).toEqual([]);
});
