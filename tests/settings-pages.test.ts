import { describe, expect, test } from "bun:test";
import { sql } from "../src/store/sql.ts";
import { Opened, scenarios } from "./testing.ts";

const owner = async (it: Opened) => void (await it.person("root", {}, "_superusers"));
const page = { accept: "text/html" };

const whole = {
  "meta.appName": "Box",
  "meta.appURL": "https://box.example",
  "meta.senderName": "The box",
  "meta.senderAddress": "box@box.example",
  "smtp.enabled": ["false", "true"],
  "smtp.host": " smtp.box.example ",
  "smtp.port": "465",
  "smtp.tls": ["false", "true"],
  "smtp.username": "box",
  "smtp.password": " open sesame ",
  "smtp.authMethod": "LOGIN",
};

scenarios("the page of settings", owner, [
  { it: "is for owners", json: ["GET", "/_/settings"], headers: page, get: 303, to: "/_/login?next=%2F_%2Fsettings" },
  {
    it: "takes nothing from anybody else",
    form: ["/_/settings", whole],
    get: 303,
    to: "/_/login?next=%2F_%2Fsettings",
  },
  {
    it: "shows what holds",
    as: "root",
    json: ["GET", "/_/settings"],
    headers: page,
    get: 200,
    shows: ["Formstead", "smtp.host", "587", "Send a mail to root@example.com"],
  },
  { it: "saves", as: "root", form: ["/_/settings", whole], get: 303, to: "/_/settings?done=saved" },
  {
    it: "says what is wrong by each question, and keeps what was typed",
    as: "root",
    form: ["/_/settings", { ...whole, "smtp.host": "", "smtp.port": "many", "meta.senderAddress": "box" }],
    get: 422,
    shows: ["Must be a valid email address.", "Invalid value.", 'value="many"', "https://box.example"],
    hides: ["sesame"],
  },
]);

describe("the page of settings", () => {
  test("keeps every word of a form, and the password when none is typed", async () => {
    await using it = await Opened.open();
    await owner(it);
    await it.send({ as: "root", form: ["/_/settings", whole] });
    const { meta, smtp } = it.project.settings.current;
    expect(meta).toMatchObject({
      appName: "Box",
      appURL: "https://box.example",
      senderName: "The box",
      senderAddress: "box@box.example",
    });
    const stored = {
      enabled: true,
      host: "smtp.box.example",
      port: 465,
      username: "box",
      authMethod: "LOGIN",
      tls: true,
    };
    expect(smtp).toMatchObject({ ...stored, password: " open sesame " });
    const shown = await it.send({ as: "root", json: ["GET", "/_/settings"], headers: page });
    expect(shown.text).not.toContain("sesame");
    expect(shown.text).toContain("One is stored.");
    await it.send({ as: "root", form: ["/_/settings", { ...whole, "smtp.password": "", "smtp.tls": "false" }] });
    expect(it.project.settings.current.smtp).toMatchObject({ ...stored, tls: false, password: " open sesame " });
    await it.send({ as: "root", form: ["/_/settings", { ...whole, "smtp.password": "", "smtp.username": "" }] });
    expect(it.project.settings.current.smtp.password).toBe("");
  });

  test("sends a mail to who asks for it: into the mailbox while there is no server", async () => {
    await using it = await Opened.open();
    await owner(it);
    const sent = await it.send({ as: "root", form: ["/_/settings/mail", {}] });
    expect([sent.status, sent.headers.get("location")]).toEqual([303, "/_/settings?done=kept"]);
    await it.project.jobs.settled();
    const [job] = await it.project.jobs.list({ kind: "mail", limit: 1 });
    expect((await it.project.post.read(job as NonNullable<typeof job>))?.to).toEqual(["root@example.com"]);
  });

  test("says what the server says where it cannot be sent", async () => {
    await using it = await Opened.open();
    await owner(it);
    const closed = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
    const { port = 1 } = closed;
    await closed.stop(true);
    await it.project.settings.change({ smtp: { enabled: true, host: "127.0.0.1", port } });
    const { status, text } = await it.send({ as: "root", form: ["/_/settings/mail", {}] });
    expect([status, text]).toEqual([422, expect.stringContaining("The mail was not sent.")]);
  });
});

async function withForm(it: Opened): Promise<void> {
  await owner(it);
  await it.collection({ name: "letters", fields: [{ name: "name", type: "text", required: true }] });
  const webhook = "https://hooks.example/x";
  await it.record("_forms", { slug: "contact", collection: "letters", title: "Contact", webhook });
  await it.record("_forms", { slug: "plain", collection: "letters", title: "Plain" });
}

scenarios("the page of a webhook", withForm, [
  { it: "is for owners", json: ["GET", "/_/forms/contact/webhook"], headers: page, get: 303 },
  {
    it: "shows where it leads and the secret",
    as: "root",
    json: ["GET", "/_/forms/contact/webhook"],
    headers: page,
    get: 200,
    shows: ["https://hooks.example/x", "whsec_", "Nothing has been sent yet."],
  },
  {
    it: "says so where there is none",
    as: "root",
    json: ["GET", "/_/forms/plain/webhook"],
    headers: page,
    get: 200,
    shows: ["Set up a webhook"],
    hides: ["whsec_"],
  },
  { it: "is not there without a form", as: "root", json: ["GET", "/_/forms/nothing/webhook"], headers: page, get: 404 },
  {
    it: "sends nothing again that is not its own",
    as: "root",
    form: ["/_/forms/contact/webhook", { again: "77" }],
    get: 404,
  },
]);

test("a webhook that leads to this machine is named before it is tried, where that is not allowed", async () => {
  for (const allowPrivateAddresses of [false, true]) {
    await using it = await Opened.open({ allowPrivateAddresses });
    await withForm(it);
    for (const [slug, host] of [
      ["here", "localhost:9000"],
      ["six", "[::1]:9000"],
      ["private", "10.1.2.3"],
    ] as const) {
      await it.record("_forms", { slug, collection: "letters", title: slug, webhook: `http://${host}/` });
      const { text } = await it.send({ as: "root", json: ["GET", `/_/forms/${slug}/webhook`], headers: page });
      expect(text.includes("--allowPrivateAddresses"), slug).toBe(!allowPrivateAddresses);
    }
    const { text } = await it.send({ as: "root", json: ["GET", "/_/forms/contact/webhook"], headers: page });
    expect(text).not.toContain("--allowPrivateAddresses");
  }
});

test("a delivery names whose answer it tells of, and a try looks again by itself until it has ended", async () => {
  await using it = await Opened.open();
  await withForm(it);
  await it.collection({
    name: "cards",
    fields: [
      { name: "email", type: "email", required: true },
      { name: "text", type: "text" },
    ],
  });
  await it.record("_forms", { slug: "card", collection: "cards", title: "Card", webhook: "http://127.0.0.1:9/" });
  await it.send({ form: ["/forms/card", { email: "ann@example.com", text: "Hello" }] });
  await it.project.jobs.settled();
  const show = () => it.send({ as: "root", json: ["GET", "/_/forms/card/webhook?done=sent"], headers: page });
  const shown = await show();
  expect(shown.text).toMatch(/<a href="\/_\/submissions\/\w+">[^<]*ann@example.com/);
  expect(shown.text).toContain('class="small"');
  expect(shown.headers.get("refresh")).toBeNull();
  await it.project.store.write((tx) => tx.run(sql`UPDATE _jobs SET state = 'waiting', tries = 0`));
  expect((await show()).headers.get("refresh")).toBe("2");
});

test("a webhook is tried from its page, and what became of it is shown there and sent again", async () => {
  const arrived: string[] = [];
  const receiver = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => {
      arrived.push(request.headers.get("webhook-id") ?? "");
      return new Response("", { status: arrived.length === 1 ? 410 : 200 });
    },
  });
  await using it = await Opened.open({ allowPrivateAddresses: true });
  await withForm(it);
  await it.record("_forms", {
    slug: "here",
    collection: "letters",
    title: "Here",
    webhook: `http://127.0.0.1:${receiver.port}/`,
  });
  const sent = await it.send({ as: "root", form: ["/_/forms/here/webhook", {}] });
  expect([sent.status, sent.headers.get("location")]).toEqual([303, "/_/forms/here/webhook?done=sent"]);
  await it.project.jobs.settled();
  const show = () => it.send({ as: "root", json: ["GET", "/_/forms/here/webhook?done=sent"], headers: page });
  expect((await show()).text).toContain("the receiver wants no more of this");
  const [job] = await it.project.jobs.list({ kind: "webhook", limit: 1 });
  await it.send({ as: "root", form: ["/_/forms/here/webhook", { again: String(job?.id) }] });
  await it.project.jobs.settled();
  expect((await show()).text).toContain("200 in");
  expect([arrived.length, new Set(arrived).size]).toEqual([2, 1]);
  await receiver.stop(true);
});
