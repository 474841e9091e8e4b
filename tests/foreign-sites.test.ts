import { describe, expect, test } from "bun:test";
import { Opened } from "./testing.ts";

const page = { accept: "text/html" };
const listed = "https://you.example";
const good = { name: "Ada", message: "Two <lines>\nof text" };

/** A form that one site may post to. */
async function withSite(it: Opened): Promise<void> {
  await it.person("root", {}, "_superusers");
  await it.collection({
    name: "messages",
    fields: [
      { name: "name", type: "text", required: true },
      { name: "message", type: "text", multiline: true },
    ],
  });
  await it.record("_forms", { slug: "contact", collection: "messages", title: "Write to us", origins: [listed] });
}

function from(it: Opened, origin: string, fields: Record<string, string> = good, headers = {}) {
  const site = { origin, referer: `${origin}/contact.html`, "sec-fetch-site": "cross-site" };
  return it.send({ form: ["/forms/contact", fields], headers: { ...site, ...headers } });
}

async function inbox(it: Opened): Promise<string> {
  return (await it.send({ as: "root", json: ["GET", "/_/forms/contact/inbox"], headers: page })).text;
}

describe("a send from a site that is not listed", () => {
  test("gives the visitor the form with everything typed, and stores nothing", async () => {
    await using it = await Opened.open();
    await withSite(it);
    const before = await it.counts();
    const { status, text } = await from(it, "https://www.you.example");
    expect(status).toBe(403);
    expect(text).toContain("Nothing has been sent yet");
    expect(text).toContain('value="Ada"');
    expect(text).toContain("Two &lt;lines>\nof text");
    expect(text).toContain('href="https://www.you.example/contact.html"');
    expect(await it.counts()).toEqual(before);
    const [, token = ""] = /name="_token" value="([^"]+)"/.exec(text) ?? [];
    const own = { origin: "http://localhost", "sec-fetch-site": "same-origin" };
    const again = await it.send({ form: ["/forms/contact", { ...good, _token: token }], headers: own });
    expect([again.status, again.headers.get("location")]).toEqual([303, "/forms/contact/thanks"]);
  });

  test("does not lead to a page that it names itself", async () => {
    await using it = await Opened.open();
    await withSite(it);
    const form = (await it.send({ as: "root", json: ["GET", "/api/collections/_forms/records"] })).text;
    const [, id = ""] = /"id":"([a-z0-9]{15})"/.exec(form) ?? [];
    await it.send({ as: "root", json: ["PATCH", `/api/collections/_forms/records/${id}`, { back: true }] });
    const { status } = await from(it, "https://www.you.example", { ...good, _back: `${listed}/contact.html` });
    expect(status).toBe(403);
  });

  test("is told to the owner until the site is listed, and once in the log", async () => {
    await using it = await Opened.open();
    await withSite(it);
    expect(await inbox(it)).not.toContain("you.example");
    for (const headers of [{}, { accept: "application/json" }])
      await from(it, "https://www.you.example", good, headers);
    await from(it, "null");
    const text = await inbox(it);
    expect(text).toContain("Sends from https://www.you.example were refused (2)");
    expect(text).toContain("such as a file on a disk, were refused (1)");
    await it.project.logs.flush();
    expect(it.log.join("").match(/from https:\/\/www\.you\.example/g)).toHaveLength(1);
    const { items } = (await it.send({ as: "root", json: ["GET", "/api/collections/_forms/records"] })).body;
    const id = Array.isArray(items) ? String(Object(items[0])["id"]) : "";
    const origins = [listed, "https://www.you.example"];
    await it.send({ as: "root", json: ["PATCH", `/api/collections/_forms/records/${id}`, { origins }] });
    expect(await inbox(it)).not.toContain("www.you.example were refused");
  });

  test("fills neither log nor dashboard with names that strangers make up", async () => {
    await using it = await Opened.open();
    await withSite(it);
    for (let at = 0; at < 20; at++) await from(it, `https://s${at}.example`);
    for (const odd of ["javascript:alert(1)", "https://x.example/path", "x".repeat(300)]) await from(it, odd);
    const text = await inbox(it);
    expect(text.match(/Sends from https:/g)).toHaveLength(5);
    expect(text).not.toContain("alert(1)");
    await it.project.logs.flush();
    expect(it.log.join("").match(/sent from/g)).toHaveLength(5);
  });
});

describe("a _next that is not followed", () => {
  test("is told to the owner", async () => {
    await using it = await Opened.open();
    await withSite(it);
    const sent = await from(it, listed, { ...good, _next: "https://other.example/thanks.html" });
    expect([sent.status, sent.headers.get("location")]).toEqual([303, "/forms/contact/thanks"]);
    await from(it, listed, { name: "Bob", _next: `${listed}/thanks.html` });
    await from(it, listed, { name: "Cy", _next: "/thanks" });
    const text = await inbox(it);
    expect(text).toContain("Answers asked to go on to https://other.example (1)");
    expect(text.match(/asked to go on/g)).toHaveLength(1);
  });
});
