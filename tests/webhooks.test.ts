import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findForm } from "../src/forms/form.ts";
import { isPublic } from "../src/jobs/private-addresses.ts";
import { send } from "../src/jobs/outgoing.ts";
import { signatureOf, webhookTry } from "../src/jobs/webhooks.ts";
import { postedFor, type WebhookEvent, type WebhookShape } from "../src/jobs/webhook-shapes.ts";
import { recordId } from "../src/lib/ids.ts";
import { Refusal } from "../src/lib/errors.ts";
import type { ProjectOptions } from "../src/index.ts";
import { type Body, Opened } from "./testing.ts";

interface Arrival {
  readonly path: string;
  readonly headers: Headers;
  readonly text: string;
}

/** Somebody who takes webhooks: answers with these statuses in turn, the last of them for ever. */
class Receiver implements Disposable {
  readonly arrivals: Arrival[] = [];
  readonly server: Bun.Server<undefined>;

  constructor(...statuses: number[]) {
    this.server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: async (request) => {
        const { pathname } = new URL(request.url);
        this.arrivals.push({ path: pathname, headers: request.headers, text: await request.text() });
        const status = statuses[Math.min(this.arrivals.length, statuses.length) - 1] ?? 200;
        return new Response("x".repeat(100_000), { status, headers: { location: "/elsewhere" } });
      },
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.server.port}/hook`;
  }

  body(at = 0): Body {
    return JSON.parse(this.arrivals[at]?.text ?? "null");
  }

  [Symbol.dispose](): void {
    void this.server.stop(true);
  }
}

/** A project with a form whose webhook leads there; it takes loopback, and tries again at once. */
async function openForm(
  webhook: string,
  values: Body = {},
  options: Partial<ProjectOptions> = {},
): Promise<{ it: Opened; form: Body }> {
  const webhooks = { delays: [1, 1, 1, 1], timeout: 500, ...options.webhooks };
  const it = await Opened.open({ allowPrivateAddresses: true, ...options, webhooks });
  await it.collection({
    name: "letters",
    fields: [
      { name: "name", type: "text", required: true },
      { name: "message", type: "text" },
      { name: "inner", type: "text", hidden: true },
    ],
  });
  const fields = [{ name: "name", label: "Your name" }, "message"];
  const form = await it.record("_forms", {
    slug: "contact",
    collection: "letters",
    title: "Contact",
    fields,
    webhook,
    ...values,
  });
  return { it, form };
}

const write = (it: Opened, fields: Record<string, string> = { name: "Ann", message: "Hello" }) =>
  it.send({ form: ["/forms/contact", fields] });

/** Waits until every delivery has come to its end. */
async function ended(it: Opened) {
  for (;;) {
    await it.project.jobs.settled();
    const jobs = await it.project.jobs.list({ kind: "webhook", limit: 100 });
    if (jobs.every(({ state }) => state !== "waiting")) return jobs;
    await Bun.sleep(2);
  }
}

function secretOf(it: Opened): Promise<string> {
  return it.project.collections.read(async (set) => {
    return (await findForm(it.project, set, "contact")).webhook?.secret ?? "";
  });
}

describe("a form's webhook", () => {
  test("gets each answer once, signed as Standard Webhooks asks", async () => {
    using receiver = new Receiver(200);
    await using it = (await openForm(receiver.url)).it;
    expect((await write(it, { name: "Ann", message: "Grüße 🌍", inner: "no", phone: "123" })).status).toBe(303);
    const [job] = await ended(it);
    expect([receiver.arrivals.length, job?.state]).toEqual([1, "done"]);
    expect(job?.outcome).toMatch(/^200 in \d+ ms\.$/);
    const { headers, text } = receiver.arrivals[0] as Arrival;
    const id = headers.get("webhook-id") ?? "";
    const timestamp = headers.get("webhook-timestamp") ?? "";
    const secret = await secretOf(it);
    expect(secret).toMatch(/^whsec_[\w+/]{32,}$/);
    // Written out, so that it does not prove itself by itself.
    const key = await crypto.subtle.importKey(
      "raw",
      Uint8Array.fromBase64(secret.slice("whsec_".length)),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign"],
    );
    const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`${id}.${timestamp}.${text}`));
    expect(headers.get("webhook-signature")).toBe(`v1,${new Uint8Array(mac).toBase64()}`);
    expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(60);
    expect(headers.get("content-type")).toBe("application/json");
    const body = receiver.body();
    expect(body).toEqual({
      type: "submission.created",
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      data: {
        form: { id: expect.any(String), slug: "contact", title: "Contact" },
        submission: expect.objectContaining({ id: job?.about, extra: { phone: "123", inner: "no" } }),
        record: expect.objectContaining({ name: "Ann", message: "Grüße 🌍" }),
      },
    });
    expect(text).not.toContain("address");
  });

  test("has a secret that the API takes and nothing but its page shows", async () => {
    await using it = (await openForm("https://hooks.example/x")).it;
    await it.person("root", {}, "_superusers");
    const secret = await secretOf(it);
    const forms = "/api/collections/_forms/records";
    const [form] = (await it.send({ as: "root", json: ["GET", forms] })).body["items"] as Body[];
    const one = `${forms}/${String(form?.["id"])}`;
    const mine = `whsec_${"m".repeat(32)}`;
    const changed = await it.send({ as: "root", json: ["PATCH", one, { webhookSecret: mine }] });
    expect([changed.status, await secretOf(it)]).toEqual([200, mine]);
    const answers = [changed.text];
    for (const path of [forms, one, "/_/collections/_forms/export.csv", "/_/collections/_forms/export.json"]) {
      const { status, text } = await it.send({ as: "root", json: ["GET", path] });
      expect([path, status, text.includes("hooks.example")]).toEqual([path, 200, true]);
      answers.push(text);
    }
    for (const text of answers) for (const known of [secret, mine, "webhookSecret"]) expect(text).not.toContain(known);
    await it.send({ as: "root", json: ["PATCH", one, { title: "Other" }] });
    expect(await secretOf(it)).toBe(mine);
    const page = await it.send({
      as: "root",
      json: ["GET", "/_/forms/contact/webhook"],
      headers: { accept: "text/html" },
    });
    expect(page.text).toContain(mine);
  });

  test("is tried once more by its job, and leads back to its page", async () => {
    using receiver = new Receiver(200);
    const { it: opened, form } = await openForm(receiver.url);
    await using it = opened;
    await it.person("root", {}, "_superusers");
    await it.project.store.write((tx) => it.project.jobs.add(tx, webhookTry({ id: String(form["id"]) }, recordId())));
    const [job] = await ended(it);
    const answer = await it.send({ as: "root", form: [`/_/jobs/${job?.id}/again`, {}] });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/_/forms/contact/webhook"]);
    await ended(it);
    expect(receiver.arrivals).toHaveLength(2);
  });

  test("is tried again after failures, always as the same event", async () => {
    using receiver = new Receiver(500, 404, 302, 200);
    await using it = (await openForm(receiver.url)).it;
    await write(it);
    const [job] = await ended(it);
    expect([job?.state, receiver.arrivals.length]).toEqual(["done", 4]);
    expect(new Set(receiver.arrivals.map(({ headers }) => headers.get("webhook-id"))).size).toBe(1);
    expect(new Set(receiver.arrivals.map(({ path }) => path))).toEqual(new Set(["/hook"]));
  });

  test("has failed after the last try, and is sent again by hand as the same event", async () => {
    using receiver = new Receiver(500, 500, 500, 500, 500, 200);
    await using it = (await openForm(receiver.url)).it;
    await write(it);
    const [job] = await ended(it);
    expect([job?.state, receiver.arrivals.length]).toEqual(["failed", 5]);
    expect(job?.outcome).toMatch(/^500 in \d+ ms/);
    await it.project.jobs.again(job?.id ?? 0);
    expect((await ended(it)).map(({ state }) => state)).toEqual(["done"]);
    expect(new Set(receiver.arrivals.map(({ headers }) => headers.get("webhook-id"))).size).toBe(1);
  });

  test("is tried no more where it is gone", async () => {
    using receiver = new Receiver(410);
    await using it = (await openForm(receiver.url)).it;
    await write(it);
    const [job] = await ended(it);
    expect([job?.state, receiver.arrivals.length]).toEqual(["failed", 1]);
  });

  test("has two events for two answers, and one for a double click", async () => {
    using receiver = new Receiver(200);
    await using it = (await openForm(receiver.url)).it;
    await Promise.all([write(it), write(it)]);
    await write(it, { name: "Bea" });
    await ended(it);
    const ids = receiver.arrivals.map(({ headers }) => headers.get("webhook-id"));
    expect([ids.length, new Set(ids).size]).toEqual([2, 2]);
  });

  test("hears nothing of what fills a honeypot, of tries, or where there is none", async () => {
    using receiver = new Receiver(200);
    await using it = (await openForm(receiver.url)).it;
    await write(it, { name: "Bot", _gotcha: "x" });
    expect(await ended(it)).toEqual([]);
    await using trying = (await openForm(receiver.url, { test: true })).it;
    await write(trying);
    expect(await ended(trying)).toEqual([]);
    await using without = (await openForm("")).it;
    await write(without);
    expect(await ended(without)).toEqual([]);
    expect(receiver.arrivals).toEqual([]);
  });

  test("rests while its answer is put aside, and goes once that is back", async () => {
    using receiver = new Receiver(500, 200);
    await using it = (await openForm(receiver.url, {}, { webhooks: { delays: [60_000] } })).it;
    await write(it);
    await it.project.jobs.settled();
    const [job] = await it.project.jobs.list({ kind: "webhook", limit: 1 });
    await it.project.inbox.remove(job?.about ?? "");
    await it.project.jobs.again(job?.id ?? 0);
    await it.project.jobs.settled();
    const [resting] = await it.project.jobs.list({ kind: "webhook", limit: 1 });
    expect([resting?.state, resting?.tries, receiver.arrivals.length]).toEqual(["waiting", 1, 1]);
    expect(resting?.outcome).toContain("once the answer comes back");
    await it.project.inbox.restore(job?.about ?? "");
    const [done] = await ended(it);
    expect([done?.state, receiver.arrivals.length]).toEqual(["done", 2]);
  });

  test("is given up where the form or the answer has gone meanwhile", async () => {
    using receiver = new Receiver(200);
    await using it = (await openForm(receiver.url)).it;
    await it.project.store.write((tx) =>
      it.project.jobs.add(tx, { kind: "webhook", form: "nothing", payload: { submission: "x" } }),
    );
    const [job] = await ended(it);
    expect([job?.state, receiver.arrivals.length]).toEqual(["failed", 0]);
  });

  test("leads to no private address unless that is allowed", async () => {
    using receiver = new Receiver(200);
    await using it = (await openForm(receiver.url, {}, { allowPrivateAddresses: false })).it;
    await write(it);
    const [job] = await ended(it);
    expect([job?.state, job?.outcome, receiver.arrivals.length]).toEqual([
      "failed",
      expect.stringContaining("127.0.0.1 is no public address"),
      0,
    ]);
  });

  test("can be tried by its owner", async () => {
    using receiver = new Receiver(200);
    const { it, form } = await openForm(receiver.url);
    await using _ = it;
    await it.project.store.write((tx) => it.project.jobs.add(tx, webhookTry({ id: String(form["id"]) }, recordId())));
    expect((await ended(it)).map(({ state }) => state)).toEqual(["done"]);
    expect(receiver.body()).toMatchObject({ type: "webhook.test", data: { form: { slug: "contact" } } });
  });

  test("is tried with what looks like an answer, by the kinds of its fields", async () => {
    using receiver = new Receiver(200);
    const { it, form } = await openForm(receiver.url);
    await using _ = it;
    const fields = [
      { name: "name", type: "text", required: true },
      { name: "size", type: "select", values: ["small", "large"] },
      { name: "days", type: "select", values: ["Monday", "Friday"], maxSelect: 2 },
      { name: "email", type: "email" },
      { name: "people", type: "number", min: 2, max: 6 },
      { name: "lasts", type: "bool" },
      { name: "created", type: "autodate", onCreate: true },
    ];
    await it.collection({ name: "bookings", fields });
    const booking = await it.record("_forms", {
      slug: "book",
      collection: "bookings",
      title: "Book",
      webhook: receiver.url,
    });
    await write(it);
    for (const { id } of [form, booking]) {
      await it.project.store.write((tx) => it.project.jobs.add(tx, webhookTry({ id: String(id) }, recordId())));
      await ended(it);
    }
    type Sent = { data: { submission: Body; record: Body } };
    const [real, tried, booked] = receiver.arrivals.map(({ text }) => (JSON.parse(text) as Sent).data);
    expect(Object.keys(tried?.submission ?? {})).toEqual(Object.keys(real?.submission ?? {}));
    expect(Object.keys(tried?.record ?? {})).toEqual(Object.keys(real?.record ?? {}));
    expect(booked?.record).toMatchObject({
      id: expect.stringMatching(/^[a-z0-9]{15}$/),
      collectionName: "bookings",
      size: "small",
      days: ["Monday"],
      email: "someone@example.com",
      people: 2,
      lasts: true,
      created: expect.stringMatching(/^\d{4}-/),
    });
    expect(booked?.submission["email"]).toBe("someone@example.com");
  });

  test("that never answers holds nobody up for longer than it may", async () => {
    const silent = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => {} } });
    await using it = (await openForm(`http://127.0.0.1:${silent.port}/`, {}, { webhooks: { delays: [], timeout: 50 } }))
      .it;
    await write(it);
    const [job] = await ended(it);
    silent.stop(true);
    expect([job?.state, job?.outcome]).toEqual(["failed", expect.stringContaining("no answer")]);
  });
});

const docs = await Bun.file(new URL("../docs/webhooks.md", import.meta.url)).text();

const event: WebhookEvent = {
  type: "submission.created",
  created: "2026-01-02 03:04:05.000Z",
  form: { id: "f", slug: "contact", title: "Contact <us>" },
  submission: { id: "s" },
  record: { name: "Ann" },
  lines: [
    ["Name", "Ann <!channel> & <https://evil.example|your bank>"],
    ["Message", "@everyone [your bank](https://evil.example)"],
  ],
  link: "https://me.example/_/submissions/s",
};

describe("the shapes", () => {
  const posted = (shape: WebhookShape, url = "https://hooks.example/a/b?c=d") => postedFor({ url, shape }, event);

  test("Slack's calls nobody and hides no link", () => {
    const { url, body } = posted("slack");
    expect(url).toBe("https://hooks.example/a/b?c=d");
    const { text } = body as { text: string };
    expect(text).toContain("Ann &lt;!channel&gt; &amp; &lt;https://evil.example|your bank&gt;");
    expect(text.match(/<[^>]*>/g)).toEqual(["<https://me.example/_/submissions/s>"]);
  });

  test("Discord's calls nobody and hides no link", () => {
    const { body } = posted("discord");
    expect(body).toMatchObject({ allowed_mentions: { parse: [] }, embeds: [{ url: event.link }] });
    expect(JSON.stringify(body)).not.toContain("](");
  });

  test("ntfy's goes to the root and names the topic", () => {
    const { url, body } = posted("ntfy", "https://ntfy.example/base/my-topic");
    expect(url).toBe("https://ntfy.example/base/");
    expect(body).toMatchObject({ topic: "my-topic", title: "New answer: Contact <us>", click: event.link });
    expect(() => posted("ntfy", "https://ntfy.example/")).toThrow(Refusal);
  });

  test("lead nowhere while nobody knows the address of the server", () => {
    for (const shape of ["slack", "discord", "ntfy"] as const) {
      const { body } = postedFor({ url: "https://chat.example/topic", shape }, { ...event, link: "" });
      expect(JSON.stringify(body)).not.toMatch(/"(url|click)"|<>/);
    }
  });

  test("whatever was typed: what chats take at most", () => {
    const typed = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.constantFrom("*".repeat(2000), "<".repeat(2000), "🌍".repeat(999), "&", ""),
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            typed.map((it) => `Q${it}`),
            typed,
          ),
          { maxLength: 40 },
        ),
        (lines) => {
          const long = { ...event, form: { ...event.form, title: lines[0]?.[0] ?? "" }, lines };
          const slack = postedFor({ url: "https://x.example/", shape: "slack" }, long).body as { text: string };
          expect(slack.text.length).toBeLessThan(12_000);
          expect(slack.text.match(/<(?!https:\/\/me\.example)/)).toBe(null);
          const discord = postedFor({ url: "https://x.example/", shape: "discord" }, long).body as {
            embeds: { title: string; fields: { name: string; value: string }[] }[];
          };
          const { title, fields } = discord.embeds[0] ?? { title: "", fields: [] };
          const whole = title + fields.map(({ name, value }) => name + value).join("");
          expect([fields.length <= 25, title.length <= 256, whole.length <= 6000]).toEqual([true, true, true]);
          const wrong = fields.filter(({ name, value }) => name === "" || value === "" || name.length > 256);
          expect(wrong).toEqual([]);
        },
      ),
    );
  });
});

test("a signature is the example of Standard Webhooks", () => {
  const signature = signatureOf(
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "1614265330",
    '{"test": 2432232314}',
  );
  expect(signature).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

/** Of hook.example, by itself, for a hundred years. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgRquSFdp/3+NoSL//
Mej+ILSZERImF42hzQ7xUb+rZsKhRANCAATw0cHXIlKKy6eA70jhhP+w3CDMg8Sq
yW3JS1898clFv+lZzlAGzyRTpkDC6bX1pjMepgRnZHq3UNUkA82x7e8y
-----END PRIVATE KEY-----`;
const cert = `-----BEGIN CERTIFICATE-----
MIIBnjCCAUSgAwIBAgIUd0kiuKvx+bYONTshN28EVZIHd1UwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMaG9vay5leGFtcGxlMCAXDTI2MTEyMDExMDgzOVoYDzIxMjYx
MDI3MTEwODM5WjAXMRUwEwYDVQQDDAxob29rLmV4YW1wbGUwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAATw0cHXIlKKy6eA70jhhP+w3CDMg8SqyW3JS1898clFv+lZ
zlAGzyRTpkDC6bX1pjMepgRnZHq3UNUkA82x7e8yo2wwajAdBgNVHQ4EFgQUHlT5
BePIEZZy2okyKMauUEIYRBowHwYDVR0jBBgwFoAUHlT5BePIEZZy2okyKMauUEIY
RBowDwYDVR0TAQH/BAUwAwEB/zAXBgNVHREEEDAOggxob29rLmV4YW1wbGUwCgYI
KoZIzj0EAwIDSAAwRQIgLznFf0fWM4sRo3SfqlD11iqiuJewKjBo8rEiL6pqgQoC
IQCYfKxqNKCXkqbvJ00srxk64TsCQjXBvsFQD70vFoqjBQ==
-----END CERTIFICATE-----`;

test("the docs show all that an answer is told with", async () => {
  const [, shown = "{}"] = /```json\n([\s\S]*?)```/.exec(docs) ?? [];
  const keys = (it: Body): object =>
    Object.fromEntries(
      Object.entries(it).map(([key, value]) => {
        const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
        return [key, isObject ? keys(value) : true];
      }),
    );
  using receiver = new Receiver(200);
  await using it = await Opened.open({ allowPrivateAddresses: true });
  await it.person("owner", {}, "_superusers");
  const made = { title: "Ask us", from: "set:contact", notify: "" };
  expect((await it.send({ as: "owner", form: ["/_/forms/new", made] })).status).toBe(303);
  const { items } = (await it.send({ as: "owner", json: ["GET", "/api/collections/_forms/records"] })).body as {
    items: Body[];
  };
  const path = `/api/collections/_forms/records/${String(items[0]?.["id"])}`;
  await it.send({ as: "owner", json: ["PATCH", path, { webhook: receiver.url }] });
  await it.send({ form: ["/forms/ask-us", { name: "Ann", email: "ann@example.com", message: "Hello" }] });
  await ended(it);
  expect(keys(JSON.parse(shown) as Body)).toEqual(keys(receiver.body()));
});

test("the receiver of the docs knows what is ours", async () => {
  const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(docs) ?? [];
  const folder = mkdtempSync(join(tmpdir(), "formstead-webhook-"));
  const file = join(folder, "receiver.ts");
  await Bun.write(file, code);
  const { isFromMyForm }: { isFromMyForm(secret: string, headers: Headers, body: string): boolean } = await import(
    file
  );
  rmSync(folder, { recursive: true });
  using receiver = new Receiver(200);
  await using it = (await openForm(receiver.url)).it;
  await write(it);
  await ended(it);
  const [arrival] = receiver.arrivals;
  const secret = await secretOf(it);
  expect(isFromMyForm(secret, arrival?.headers ?? new Headers(), arrival?.text ?? "")).toBe(true);
  expect(isFromMyForm(secret, arrival?.headers ?? new Headers(), `${arrival?.text} `)).toBe(false);
  expect(isFromMyForm("whsec_b3RoZXI=", arrival?.headers ?? new Headers(), arrival?.text ?? "")).toBe(false);
});

describe("an address", () => {
  const refused =
    "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1 ::ffff:8.8.8.8%x ::127.0.0.1 fe80::1 fe80::1%eth0 fec0::1 fc00::1 fd12:3456::1 ff02::1 2001:db8::1 2001::1 2002:7f00:1::1 2002:c0a8:101:: 64:ff9b::10.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 100::1 3fff::1 5f00::1 nonsense 1.2.3 localhost";
  const taken =
    "1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 198.17.0.1 223.255.255.255 2606:4700::1 2a00:1450:4001::1 64:ff9b::8.8.8.8 2002:808:808::1 ::ffff:8.8.8.8";

  test("is public or it is not", () => {
    expect(refused.split(" ").filter((it) => it !== "::ffff:8.8.8.8%x" && isPublic(it))).toEqual([]);
    expect(taken.split(" ").filter((it) => !isPublic(it))).toEqual([]);
  });

  const message = { headers: {}, body: "{}" };
  const codeOf = (sending: Promise<unknown>) =>
    sending.then(
      () => "sent",
      (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
    );

  test.each([
    ["http://127.0.0.1:1/", "outgoing_private"],
    ["http://2130706433/", "outgoing_private"],
    ["http://0x7f.1/", "outgoing_private"],
    ["http://[::1]/", "outgoing_private"],
    ["http://[::ffff:169.254.169.254]/", "outgoing_private"],
    ["http://localhost/", "outgoing_private"],
    ["http://user:word@1.1.1.1/", "outgoing_address"],
    ["ftp://1.1.1.1/", "outgoing_address"],
    ["file:///etc/passwd", "outgoing_address"],
    ["nonsense", "outgoing_address"],
  ])("%s is refused", async (url, code) => {
    expect(await codeOf(send(url, message, { allowPrivate: false }))).toBe(code);
  });

  test("is looked at after it was resolved, and what is looked at is what is connected to", async () => {
    using receiver = new Receiver(200);
    const url = `http://rebinding.example:${receiver.server.port}/`;
    let asked = 0;
    // Public when it is looked at, this machine when it is asked for again.
    const resolve = async () => (asked++ === 0 ? ["192.0.2.1"] : ["127.0.0.1"]);
    expect(await codeOf(send(url, message, { allowPrivate: false, resolve }))).toBe("outgoing_private");
    const toUs = async () => [asked++ % 2 === 1 ? "127.0.0.1" : "192.0.2.1"];
    expect(await codeOf(send(url, message, { allowPrivate: true, resolve: toUs, timeout: 2000 }))).toBe("sent");
    expect([asked, receiver.arrivals.length]).toEqual([2, 1]);
    expect(receiver.arrivals[0]?.headers.get("host")).toBe(`rebinding.example:${receiver.server.port}`);
  });

  test("shows over TLS that it is who its name says, whatever address that has", async () => {
    const server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      tls: { key, cert },
      fetch: (request) => new Response(request.headers.get("host")),
    });
    const to = (host: string) =>
      codeOf(
        send(`https://${host}:${server.port}/`, message, {
          allowPrivate: true,
          resolve: async () => ["127.0.0.1"],
          ca: cert,
        }),
      );
    expect(await to("hook.example")).toBe("sent");
    expect(await to("other.example")).toBe("outgoing_unreachable");
    await server.stop(true);
  });

  test("of a name with none is unknown", async () => {
    const resolve = () => Promise.reject(new Error("NXDOMAIN"));
    expect(await codeOf(send("http://nowhere.example/", message, { allowPrivate: false, resolve }))).toBe(
      "outgoing_unresolved",
    );
  });

  test("where nobody listens is not reached", async () => {
    const closed = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
    const { port } = closed;
    await closed.stop(true);
    expect(await codeOf(send(`http://127.0.0.1:${port}/`, message, { allowPrivate: true }))).toBe(
      "outgoing_unreachable",
    );
  });
});
