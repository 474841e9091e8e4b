import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../src/fields/field.ts";
import { findForm } from "../src/forms/form.ts";
import { isHiddenName } from "../src/forms/hidden-names.ts";
import { en } from "../src/phrases/en.ts";
import { MailServer } from "./mail-server.ts";
import { Opened } from "./testing.ts";

const root = join(import.meta.dir, "..");
const doc = readFileSync(join(root, "docs", "forms.md"), "utf8");
const home = "https://me.example";

/** The cells of the table whose first heading is this, row by row. */
function table(heading: string): string[][] {
  const lines = doc.slice(doc.search(new RegExp(`^\\| ${heading} `, "m"))).split("\n");
  const rows = lines.slice(2, lines.indexOf(""));
  return rows.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const answers = Object.fromEntries(table("question"));
const page = /```html\n(<!-- contact\.html -->[\s\S]*?)```/.exec(doc)?.[1] ?? "";

interface Written {
  action: string;
  readonly names: string[];
}

/** What a browser makes of the form on the page. */
async function formOn(html: string): Promise<Written> {
  const written: Written = { action: "", names: [] };
  const rewriter = new HTMLRewriter()
    .on("form", { element: (it) => void (written.action = it.getAttribute("action") ?? "") })
    .on("input, textarea", { element: (it) => void written.names.push(it.getAttribute("name") ?? "") });
  await rewriter.transform(new Response(html)).text();
  return written;
}

/** The value of the choice that is called so on a page of the dashboard. */
function choice(html: string, called: string): string {
  const found = [...html.matchAll(/<option value="([^"]+)"[^>]*>([^<]*)</g)].find(([, , text]) => text === called);
  if (!found?.[1]) throw new Error(`There is no choice ${called}.`);
  return found[1];
}

/** Somebody with a program that runs, who makes the form as the guide says. */
async function started(): Promise<Opened> {
  const it = await Opened.open({ mail: { delays: [0] } });
  await it.person("owner", {}, "_superusers");
  const { text } = await it.send({ as: "owner", json: ["GET", "/_/forms/new"], headers: { accept: "text/html" } });
  for (const question of Object.keys(answers)) expect(text).toContain(question);
  expect(text).toContain("Make the form");
  const made = await it.send({
    as: "owner",
    form: [
      "/_/forms/new",
      {
        title: answers["Title"] ?? "",
        from: choice(text, answers["What it asks"] ?? ""),
        notify: answers["Mail new answers to"] ?? "",
      },
    ],
  });
  expect([made.status, made.headers.get("location")]).toEqual([303, "/_/forms/contact/code?done=made"]);
  return it;
}

/** Sends the form of the page, as it stands in the guide, from another site. */
async function send(it: Opened): Promise<void> {
  const { action, names } = await formOn(page);
  expect(action).toStartWith(home);
  const typed: Record<string, string> = { name: "Ann", email: "ann@example.com", message: "Do you sell ferns?" };
  const fields = Object.fromEntries(names.map((name) => [name, typed[name] ?? ""]));
  const headers = { origin: "https://you.example" };
  const { status, headers: said, text } = await it.send({ form: [action.slice(home.length), fields], headers });
  expect([status, said.get("location")], text).toEqual([303, "/forms/contact/thanks"]);
  await it.project.jobs.settled();
}

test("from a static page to a mail in the mailbox, as docs/forms.md says", async () => {
  await using it = await started();
  await send(it);
  const look = async (path: string) => {
    const { text } = await it.send({ as: "owner", json: ["GET", path], headers: { accept: "text/html" } });
    return text;
  };
  expect(await look("/_/forms/contact/inbox")).toContain("Do you sell ferns?");
  expect(await look("/_/mailbox")).toContain(answers["Mail new answers to"] ?? "");
  expect(await look("/forms/contact")).toContain("<h1>Contact</h1>");
});

test("with a mail server the mail goes out", async () => {
  await using server = await MailServer.open();
  await using it = await started();
  const smtp = { enabled: true, host: "127.0.0.1", port: server.port };
  const meta = { senderName: "Our site", senderAddress: "site@sender.example" };
  expect((await it.project.settings.change({ meta, smtp })).ok).toBe(true);
  await send(it);
  const [received] = server.received;
  expect(received?.to).toEqual(["owner@you.example"]);
  expect(received?.mail.text).toContain("Do you sell ferns?");
  expect(received?.mail.replyTo?.text).toContain("ann@example.com");
});

test("programs get what docs/forms.md shows", async () => {
  await using it = await started();
  const [, command = ""] = /```sh\n(curl [^\n]*)\n```/.exec(doc) ?? [];
  const [, shown = "{}"] = /```json\n([\s\S]*?)```/.exec(doc) ?? [];
  const fields = Object.fromEntries(
    [...command.matchAll(/-d (\w+)=(\S+)/g)].map(([, name, value]) => [name, value ?? ""]),
  );
  const path = new URL(command.split(" ").at(-1) ?? "").pathname;
  const { body } = await it.send({ form: [path, fields], headers: { accept: "application/json" } });
  expect(body).toEqual(JSON.parse(shown) as Record<string, Json>);
});

test("every hidden field of docs/forms.md is one, and every setting is called so in the dashboard", async () => {
  await using it = await started();
  const form = await it.project.collections.read((set) => findForm(it.project, set, "contact"));
  const names = table("name").flatMap(([cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name));
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => !isHiddenName(form, name))).toEqual([]);

  const texts = new Set<string>(Object.values(en));
  const labels = [...doc.replaceAll(/\s+/g, " ").matchAll(/(?<![\w/])_([A-Z][^_]+)_(?!\w)/g)].map(
    ([, label = ""]) => label,
  );
  expect(labels.length).toBeGreaterThan(6);
  expect(labels.filter((label) => !texts.has(label))).toEqual([]);
});

test("every attribute of docs/forms.md is one that forms.js knows", () => {
  const script = readFileSync(join(root, "public", "forms.js"), "utf8");
  const attributes = table("on").flatMap(([, cell = ""]) => [...cell.matchAll(/data-[\w-]+/g)].map(([name]) => name));
  expect(attributes.length).toBe(8);
  expect(attributes.filter((name) => !script.includes(`\`${name}\``))).toEqual([]);
});
