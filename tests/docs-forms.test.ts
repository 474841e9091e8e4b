import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../src/fields/field.ts";
import { findForm } from "../src/forms/form.ts";
import { isHiddenName } from "../src/forms/hidden-names.ts";
import { starter } from "../src/embedded.ts";
import { en } from "../src/phrases/en.ts";
import { MailServer } from "./mail-server.ts";
import { Opened } from "./testing.ts";

const root = join(import.meta.dir, "..");
const read = (name: string) => readFileSync(join(root, "docs", name), "utf8");
const [guide, reference, moving] = [read("forms.md"), read("forms-reference.md"), read("moving-from-formspree.md")];
const home = "https://me.example";

/** The cells of the table whose first heading is this, row by row. */
function table(doc: string, heading: string): string[][] {
  const lines = doc.slice(doc.search(new RegExp(`^\\| ${heading} `, "m"))).split("\n");
  const rows = lines.slice(2, lines.indexOf(""));
  return rows.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const answers = Object.fromEntries(table(guide, "question"));
const page = /```html\n(<!-- ask\.html -->[\s\S]*?)```/.exec(guide)?.[1] ?? "";
/** Where the form of the guide is. */
const slug = answers["Address"] ?? "";

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

/** Somebody who has run `bin/start`, with the demo in it, and makes the form as a guide says. */
async function started(answers: Readonly<Record<string, string>>): Promise<Opened> {
  const it = await Opened.open({ mail: { delays: [0] } });
  await it.project.applyStarter(starter("demo")?.schema);
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
        slug: answers["Address"] ?? "",
        from: choice(text, answers["What it asks"] ?? ""),
        notify: answers["Mail new answers to"] ?? "",
      },
    ],
  });
  expect([made.status, made.headers.get("location")]).toEqual([303, `/_/forms/${answers["Address"]}/code?done=made`]);
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
  expect([status, said.get("location")], text).toEqual([303, `/forms/${slug}/thanks`]);
  await it.project.jobs.settled();
}

test("from a static page to a mail in the mailbox, as docs/forms.md says", async () => {
  await using it = await started(answers);
  await send(it);
  const look = async (path: string) => {
    const { text } = await it.send({ as: "owner", json: ["GET", path], headers: { accept: "text/html" } });
    return text;
  };
  expect(await look(`/_/forms/${slug}/inbox`)).toContain("Do you sell ferns?");
  expect(await look("/_/mailbox")).toContain(answers["Mail new answers to"] ?? "");
  expect(await look(`/forms/${slug}`)).toContain(`<h1>${answers["Title"]}</h1>`);
});

test("a page of Formspree's posts to the form that docs/moving-from-formspree.md makes, and its export comes along", async () => {
  const wanted = Object.fromEntries(table(moving, "question"));
  await using it = await started(wanted);
  const [, changed = ""] = /```diff\n([\s\S]*?)```/.exec(moving) ?? [];
  const after = changed.replaceAll(/^-.*\n/gm, "").replaceAll(/^[+ ]/gm, "");
  const { action, names } = await formOn(after);
  const typed: Record<string, string> = { name: "Ann", email: "ann@example.com", message: "Do you sell ferns?" };
  const fields = Object.fromEntries(names.map((name) => [name, typed[name] ?? ""]));
  const sent = await it.send({ form: [action.slice(home.length), fields], headers: { accept: "application/json" } });
  expect([sent.status, sent.body["ok"]], sent.text).toEqual([200, true]);

  const [, csv = ""] = /```csv\n([\s\S]*?)```/.exec(moving) ?? [];
  const body = new FormData();
  body.set("file", new File([csv], "export.csv", { type: "text/csv" }));
  const path = `/_/forms/${wanted["Address"]}/import`;
  const headers = { authorization: it.token("owner"), accept: "text/html" };
  const looked = await it.app.handle(new Request(`http://localhost${path}`, { method: "POST", headers, body }));
  const run = looked.headers.get("location") ?? "";
  expect(run).toStartWith(path);
  const look = () => it.send({ as: "owner", json: ["GET", run], headers: { accept: "text/html" } });
  let shown = await look();
  while (shown.headers.has("refresh")) shown = await look();
  expect(shown.text).toContain("Rows that would be made: 2.");
});

test("with a mail server the mail goes out", async () => {
  await using server = await MailServer.open();
  await using it = await started(answers);
  const smtp = { enabled: true, host: "127.0.0.1", port: server.port };
  const meta = { senderName: "Our site", senderAddress: "site@sender.example" };
  expect((await it.project.settings.change({ meta, smtp })).ok).toBe(true);
  await send(it);
  const [received] = server.received;
  expect(received?.to).toEqual(["owner@you.example"]);
  expect(received?.mail.text).toContain("Do you sell ferns?");
  expect(received?.mail.replyTo?.text).toContain("ann@example.com");
});

test("programs get what docs/forms-reference.md shows", async () => {
  await using it = await started(answers);
  const [, command = ""] = /```sh\n(curl [^\n]*)\n```/.exec(reference) ?? [];
  const [, shown = "{}"] = /```json\n([\s\S]*?)```/.exec(reference) ?? [];
  const fields = Object.fromEntries(
    [...command.matchAll(/-d (\w+)=(\S+)/g)].map(([, name, value]) => [name, value ?? ""]),
  );
  const path = new URL(command.split(" ").at(-1) ?? "").pathname;
  const { body } = await it.send({ form: [path, fields], headers: { accept: "application/json" } });
  expect(body).toEqual(JSON.parse(shown) as Record<string, Json>);
});

test("every hidden field of docs/forms-reference.md is one, and every setting is called so in the dashboard", async () => {
  await using it = await started(answers);
  const form = await it.project.collections.read((set) => findForm(it.project, set, slug));
  const names = table(reference, "name").flatMap(([cell = ""]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
  );
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => !isHiddenName(form, name))).toEqual([]);

  const texts = new Set<string>(Object.values(en));
  const labels = [
    ...`${guide} ${reference} ${moving}`.replaceAll(/\s+/g, " ").matchAll(/(?<![\w/])_([A-Z][^_]+)_(?!\w)/g),
  ].map(([, label = ""]) => label);
  expect(labels.length).toBeGreaterThan(6);
  expect(labels.filter((label) => !texts.has(label))).toEqual([]);
});

test("every attribute of docs/forms-reference.md is one that forms.js knows", () => {
  const script = readFileSync(join(root, "public", "forms.js"), "utf8");
  const attributes = table(reference, "on").flatMap(([, cell = ""]) =>
    [...cell.matchAll(/data-[\w-]+/g)].map(([name]) => name),
  );
  expect(attributes.length).toBe(8);
  expect(attributes.filter((name) => !script.includes(`\`${name}\``))).toEqual([]);
});
