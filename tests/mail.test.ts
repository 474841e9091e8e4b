import { afterEach, describe, expect, setSystemTime, test } from "bun:test";
import { connect } from "node:net";
import fc from "fast-check";
import { sendDigests } from "../src/forms/digest.ts";
import type { Json } from "../src/fields/field.ts";
import type { ProjectOptions } from "../src/index.ts";
import type { NewJob } from "../src/jobs/queue.ts";
import { clock } from "../src/lib/dates.ts";
import { composeMail, headerText } from "../src/mail/compose.ts";
import { checkSender } from "../src/mail/senders.ts";
import { connectionOf } from "../src/mail/transport.ts";
import { sql } from "../src/store/sql.ts";
import { MailServer, type MailServerOptions } from "./mail-server.ts";
import { Server } from "./server.ts";
import { type Body, Opened } from "./testing.ts";

const owner = "owner@example.org";
const fields = [
  { name: "email", type: "email" },
  { name: "name", type: "text" },
  { name: "message", type: "text", multiline: true },
];

/** A project with the form `contact`, whose mails go to a server where there is one. */
async function open(
  server: MailServer | undefined,
  form: Readonly<Record<string, Json>> = {},
  options: Partial<ProjectOptions> = {},
): Promise<Opened> {
  const it = await Opened.open({ mail: { delays: [0, 0] }, ...options });
  await settle(it, server ? { enabled: true, host: "127.0.0.1", port: server.port } : { enabled: false });
  await it.collection({ name: "messages", fields });
  // What these tests send is not for the shield to judge.
  const shield = { hold: 1000, refuse: 1000 };
  const values = { slug: "contact", collection: "messages", title: "Contact us", notify: [owner], shield, ...form };
  await it.record("_forms", values);
  return it;
}

async function settle({ project }: Opened, smtp: Readonly<Record<string, Json>>): Promise<void> {
  const meta = { senderName: "Our site", senderAddress: "site@sender.example", appURL: "https://me.example/" };
  const changed = await project.settings.change({ meta, smtp });
  if (!changed.ok) throw new Error(JSON.stringify(changed.problems));
}

const good = { email: "ada@math.example", name: "Ada", message: "Hello\nyou <b>there</b>" };

async function send(it: Opened, values: Readonly<Record<string, string>> = good, headers = {}): Promise<void> {
  const answer = await it.send({ form: ["/forms/contact", values], headers });
  expect(answer.status, answer.text).toBe(303);
  await it.project.jobs.settled();
}

const mails = (it: Opened) => it.project.jobs.list({ kind: "mail", limit: 100 });

describe("the mail to the owner", () => {
  test("says what was answered, in text and in HTML, and answers go to the sender", async () => {
    await using server = await MailServer.open();
    await using it = await open(server, { fields: [{ name: "name", label: "Your name" }, "email", "message"] });
    await send(it, { ...good, source: "the poster" });
    const [received] = server.received;
    expect(received).toMatchObject({ from: "site@sender.example", to: [owner] });
    const { mail } = received!;
    expect(mail.from?.text).toBe('"Our site" <site@sender.example>');
    expect(mail.replyTo?.text).toBe("ada@math.example");
    expect(mail.subject).toBe("New answer: Contact us");
    expect(mail.messageId).toMatch(/^<[0-9a-f]{32}\.formstead@sender\.example>$/);
    expect(Math.abs((mail.date?.getTime() ?? 0) - clock())).toBeLessThan(60_000);
    expect(mail.headers.get("auto-submitted")).toBe("auto-generated");
    expect(mail.text).toContain("Your name: Ada\nEmail: ada@math.example\nMessage:\n  Hello\n  you <b>there</b>\n");
    expect(mail.text).toContain("does not ask for it.\n\nsource: the poster\n");
    expect(mail.text).toMatch(/https:\/\/me\.example\/_\/submissions\/[a-z0-9]{15}/);
    expect(mail.html).toContain('<html lang="en" dir="ltr">');
    expect(mail.html).toContain("you &lt;b>there&lt;/b>");
    expect(mail.html).not.toContain("<b>there");
    expect((await mails(it))[0]).toMatchObject({ state: "done", tries: 1, outcome: expect.stringMatching(/^250/) });
  });

  test.each<[string, Record<string, Json>, Record<string, string>, Record<string, unknown>]>([
    ["has the form's subject", { subject: "A letter" }, {}, { subject: "A letter", to: [owner] }],
    [
      "has the page's subject first",
      { subject: "A letter" },
      { _subject: "From the shop" },
      { subject: "From the shop" },
    ],
    ["is answered where the page says", {}, { _replyto: "other@math.example" }, { replyTo: "other@math.example" }],
    ["names nobody to answer where there is none", {}, { email: "" }, { replyTo: undefined }],
    [
      "is copied to whom the owner has listed, and to nobody else",
      { cc: ["boss@example.org"] },
      { _cc: "Boss@example.org, victim@example.net" },
      { to: [owner, "boss@example.org"], cc: "boss@example.org" },
    ],
    ["goes to all who are listed", { notify: [owner, "two@example.org"] }, {}, { to: [owner, "two@example.org"] }],
  ])("%s", async (_, form, sent, expected) => {
    await using server = await MailServer.open();
    await using it = await open(server, form);
    await send(it, { ...good, ...sent });
    expect(server.received).toHaveLength(1);
    const { mail, to } = server.received[0]!;
    const { subject, replyTo, cc } = mail;
    const seen = {
      subject,
      to,
      replyTo: replyTo?.text,
      cc: [cc ?? []]
        .flat()
        .map((it) => it.text)
        .join(),
    };
    expect(seen).toMatchObject(expected);
  });

  test.each<[string, Record<string, Json>]>([
    ["the form tells nobody", { notify: [] }],
    ["they want one mail a day", { daily: true }],
    ["the form is tried out", { test: true }],
  ])("is not sent where %s", async (_, form) => {
    await using it = await open(undefined, form);
    await send(it);
    expect(await mails(it)).toEqual([]);
  });

  test("leads nowhere while the settings do not say where we are", async () => {
    await using server = await MailServer.open();
    await using it = await open(server);
    await it.project.settings.change({ meta: { appURL: "http://localhost:8090" } });
    await send(it);
    expect(server.received[0]!.source).not.toContain("localhost:8090");
    expect(server.received[0]!.mail.text).toContain("Open your dashboard");
  });

  test("cannot be given headers or receivers by what somebody types", async () => {
    await using server = await MailServer.open();
    await using it = await open(server, { cc: ["boss@example.org"] });
    const bad = "x\r\nBcc: victim@example.net\r\n\r\n<script>alert(1)</script>";
    await send(it, {
      email: "ada@math.example",
      name: bad,
      message: "a",
      _subject: bad,
      _replyto: `ada@math.example\r\nBcc: victim@example.net`,
      _cc: "boss@example.org\r\nBcc: victim@example.net",
      "k\r\nBcc: victim@example.net": "v",
    });
    const { to, source, mail } = server.received[0]!;
    expect(to).not.toContain("victim@example.net");
    expect(source.slice(0, source.indexOf("\r\n\r\n"))).not.toMatch(/^bcc:/im);
    expect(mail.subject).toBe("x Bcc: victim@example.net <script>alert(1)</script>");
    expect(mail.replyTo?.text).toBe("ada@math.example");
    expect(mail.html).not.toContain("<script");
  });
});

describe("more answers within an hour than anybody wants mails", () => {
  const minute = 60_000;
  /** A quarter past some hour: none ends while a test runs. */
  const quarterPast = Math.floor(clock() / (60 * minute)) * 60 * minute + 15 * minute;
  const nextHour = quarterPast + 50 * minute;

  afterEach(() => void setSystemTime());

  /** As many answers as are told of by a mail each, and others after them. */
  async function flood(it: Opened, others: readonly Record<string, string>[]): Promise<void> {
    for (let at = 0; at < 60; at++) {
      const { status } = await it.send({ form: ["/forms/contact", { ...good, message: `Number ${at}.` }] });
      expect(status).toBe(303);
    }
    await it.project.jobs.settled();
    for (const values of others) await send(it, { ...good, ...values });
  }

  const bundles = async (it: Opened) =>
    (await mails(it)).filter(({ payload }) => Object(payload)["compose"] === "bundle").reverse();

  test("are told of in one mail after the hour, each of them once", async () => {
    setSystemTime(quarterPast);
    await using server = await MailServer.open();
    await using it = await open(server);
    await flood(it, [{ message: "Over\nthe top." }, { message: "Far over." }, { message: "Spam." }]);
    expect(server.received).toHaveLength(60);
    const [bundle, ...others] = await bundles(it);
    expect([bundle?.state, others]).toEqual(["waiting", []]);
    const [spam, far] = (await mails(it)).filter(({ outcome }) => outcome.startsWith("Not sent by itself: 60 mails"));
    await it.project.inbox.spam(spam?.about ?? "");
    // Nobody has it early and then misses what comes later.
    await it.project.jobs.again(bundle?.id ?? 0);
    await it.project.jobs.settled();
    expect(server.received).toHaveLength(60);

    setSystemTime(nextHour + 60 * minute);
    await it.project.jobs.settled();
    expect(server.received).toHaveLength(61);
    const { mail, to } = server.received[60]!;
    expect(to).toEqual([owner]);
    expect(mail.subject).toBe("Contact us: 2 more new");
    expect(mail.text).toContain("Over the top.");
    expect(mail.text).toContain("Far over.");
    expect(mail.text).toContain(`https://me.example/_/submissions/${far?.about}`);
    expect(mail.text).toContain("https://me.example/_/forms/contact/inbox");
    for (const other of ["Spam.", "Number"]) expect(mail.text).not.toContain(other);

    await send(it, { ...good, message: "The next day." });
    expect(server.received).toHaveLength(62);
    expect(server.received[61]!.mail.text).toContain("The next day.");
    await it.project.jobs.again(far?.id ?? 0);
    await it.project.jobs.settled();
    expect(server.received).toHaveLength(63);
    expect(server.received[62]!.mail.text).toContain("Far over.");
    expect(await bundles(it)).toHaveLength(1);
  });

  test("are told of after a restart, too, which forgets neither how many went nor what is to be told", async () => {
    setSystemTime(quarterPast);
    await using server = await MailServer.open();
    const it = await open(server);
    await flood(it, [{ message: "Before." }]);
    await it.project.close();
    const again = await Opened.open({ dir: it.dir });
    await send(again, { ...good, message: "After." });
    expect(server.received).toHaveLength(60);
    expect(await bundles(again)).toHaveLength(1);
    await again.project.close();

    setSystemTime(nextHour);
    await using third = await Opened.open({ dir: it.dir });
    await third.project.jobs.settled();
    expect(server.received).toHaveLength(61);
    expect(server.received[60]!.mail.subject).toBe("Contact us: 2 more new");
    for (const text of ["Before.", "After."]) expect(server.received[60]!.mail.text).toContain(text);
  });

  test("are left to the mail of the day where the form has become one of those, which is said", async () => {
    setSystemTime(quarterPast);
    await using server = await MailServer.open();
    await using it = await open(server);
    await flood(it, [{ message: "Over the top." }]);
    await it.person("root", {}, "_superusers");
    const { body } = await it.send({ as: "root", json: ["GET", "/api/collections/_forms/records"] });
    const [{ id } = { id: "" }] = body["items"] as Body[];
    await it.send({ as: "root", json: ["PATCH", `/api/collections/_forms/records/${String(id)}`, { daily: true }] });
    setSystemTime(nextHour);
    await it.project.jobs.settled();
    expect(server.received).toHaveLength(60);
    const [bundle] = await bundles(it);
    expect(bundle?.outcome).toBe(
      "Not sent: this form is told of once a day by now, and the mail of the day tells of these answers, too.",
    );
    const page = await it.send({
      as: "root",
      json: ["GET", `/_/mailbox/${bundle?.id}`],
      headers: { accept: "text/html" },
    });
    expect(page.text).toContain("or another mail tells of it");
    const submissions = (await mails(it)).map(({ about }) => about).filter((about) => about !== "");
    await it.project.inbox.spam(submissions.at(0) ?? "");
    await it.project.jobs.again(bundle?.id ?? 0);
    await it.project.jobs.settled();
    expect((await bundles(it))[0]?.outcome).toBe("Not sent: what it was about is gone, or is no longer accepted.");
  });

  test("are told to who gets a copy, as far as they would have had one", async () => {
    setSystemTime(quarterPast);
    await using server = await MailServer.open();
    await using it = await open(server, { cc: ["boss@example.org", owner] });
    await flood(it, [
      { message: "For both.", _cc: "boss@example.org" },
      { message: "For one.", _cc: owner },
    ]);
    setSystemTime(nextHour);
    await it.project.jobs.settled();
    const seen = server.received.slice(60).map(({ to, mail }) => [to.join(), mail.text?.match(/For \w+\./g)?.sort()]);
    expect(seen.sort()).toEqual([
      ["boss@example.org", ["For both."]],
      [owner, ["For both.", "For one."]],
    ]);
  });

  test("lie in the mailbox one by one while there is no mail server", async () => {
    await using it = await open(undefined);
    await flood(it, [{ message: "One more." }]);
    expect(new Set((await mails(it)).map(({ outcome }) => outcome))).toEqual(new Set(["mailbox"]));
  });
});

describe("the answer to the sender", () => {
  const answering = { answer: true, answerSubject: "We have it", answerText: "Thank you.\nWe write soon.", notify: [] };

  test("is off until it is asked for, and says nothing that was typed", async () => {
    await using server = await MailServer.open();
    await using it = await open(server, answering);
    await send(it, { ...good, name: "typed-name", message: "typed-message", _subject: "typed-subject" });
    expect(server.received).toHaveLength(1);
    const { mail, to, source } = server.received[0]!;
    expect(to).toEqual(["ada@math.example"]);
    expect(mail.subject).toBe("We have it");
    expect(mail.headers.get("auto-submitted")).toBe("auto-replied");
    expect(mail.from?.text).toBe('"Our site" <site@sender.example>');
    expect(mail.text).toContain("Thank you.\nWe write soon.");
    expect(source).not.toContain("typed");
  });

  test("goes once to an address within a day, also after a restart", async () => {
    await using server = await MailServer.open();
    const it = await open(server, answering);
    await send(it, { ...good, message: "one" });
    await send(it, { ...good, email: "ADA@math.example", message: "two" });
    expect(server.received).toHaveLength(1);
    await it.project.close();
    await using again = await Opened.open({ dir: it.dir });
    await send(again, { ...good, message: "three" });
    expect(server.received).toHaveLength(1);
    expect((await mails(again)).map(({ outcome }) => outcome.slice(0, 9))).toEqual([
      "Not sent:",
      "Not sent:",
      "250 OK: m",
    ]);
    const first = (await mails(again)).at(-1);
    await again.project.jobs.again(first?.id ?? 0);
    await again.project.jobs.settled();
    expect(server.received).toHaveLength(2);
  });

  test("goes to no more than 50 addresses in an hour", async () => {
    await using server = await MailServer.open();
    await using it = await open(server, answering);
    const { project } = it;
    const submission = async (at: number) => {
      const { id } = await it.record("messages", { email: `p${at}@math.example` });
      const form = (await project.store.first<{ id: string }>(sql`SELECT id FROM _forms`))?.id ?? "";
      const values = { form, collection: "messages", record: String(id), state: "new", email: `p${at}@math.example` };
      const { id: about } = await it.record("_submissions", values);
      return { kind: "mail", form, about: String(about), payload: { compose: "answer", submission: String(about) } };
    };
    const jobs: NewJob[] = [];
    for (let at = 0; at < 53; at++) jobs.push(await submission(at));
    await project.store.write((tx) => project.jobs.addAll(tx, jobs));
    await project.jobs.settled();
    expect(server.received).toHaveLength(50);
  });

  test("counts only what was sent: a server that is down uses nothing up", async () => {
    await using server = await MailServer.open({ refuse: (n) => (n === 1 ? { code: 451, text: "Later" } : undefined) });
    await using it = await open(server, answering);
    await send(it);
    expect(server.received).toHaveLength(1);
  });
});

describe("a mail server", () => {
  const later = { code: 451, text: "Busy, come later" };
  const never = { code: 550, text: "No such mailbox" };
  test.each<[string, MailServerOptions, Record<string, unknown>, number]>([
    [
      "that is busy is asked again",
      { refuse: (n) => (n < 3 ? later : undefined) },
      { state: "done", tries: 3, outcome: expect.stringMatching(/^250/) },
      1,
    ],
    [
      "that stays busy is given up",
      { refuse: () => later },
      { state: "failed", tries: 3, outcome: expect.stringContaining("Busy") },
      0,
    ],
    [
      "that refuses for good is not asked again",
      { refuse: () => never },
      { state: "failed", tries: 1, outcome: expect.stringContaining("No such mailbox") },
      0,
    ],
    [
      "that refuses the only receiver for good is not asked again",
      { refuseReceiver: () => never },
      { state: "failed", tries: 1, outcome: expect.stringContaining("No such mailbox") },
      0,
    ],
  ])("%s", async (_, options, expected, count) => {
    await using server = await MailServer.open(options);
    await using it = await open(server);
    await send(it);
    expect((await mails(it))[0]).toMatchObject(expected);
    expect(server.received).toHaveLength(count);
  });

  test("that is not there is tried again", async () => {
    const server = await MailServer.open();
    const { port } = server;
    await server[Symbol.asyncDispose]();
    await using it = await open(undefined);
    await settle(it, { enabled: true, host: "127.0.0.1", port });
    await send(it);
    expect((await mails(it))[0]).toMatchObject({
      state: "failed",
      tries: 3,
      outcome: expect.stringContaining(`The mail server 127.0.0.1:${port} could not be used: connect ECONNREFUSED`),
    });
  });

  test("hears of an answer that was put aside meanwhile once that is back", async () => {
    await using server = await MailServer.open({
      refuse: (number) => (number <= 2 ? { code: 451, text: "later" } : undefined),
    });
    await using it = await open(server, { answer: true }, { mail: { delays: [60_000] } });
    await send(it);
    const [job] = await mails(it);
    await it.project.inbox.spam(job?.about ?? "");
    for (const { id } of await mails(it)) await it.project.jobs.again(id);
    await it.project.jobs.settled();
    expect((await mails(it)).map(({ state, outcome }) => [state, outcome])).toEqual(
      Array(2).fill(["waiting", expect.stringContaining("once the answer comes back")]),
    );
    await it.project.inbox.release(job?.about ?? "");
    await it.project.jobs.settled();
    expect((await mails(it)).map(({ state }) => state)).toEqual(["done", "done"]);
    expect(server.received.map(({ to }) => to[0]).sort()).toEqual(["ada@math.example", owner]);
  });

  test("that puts one of two off is asked for that one again, and the other has one mail", async () => {
    await using server = await MailServer.open({
      refuseReceiver: (address, n) => (address === "slow@example.org" && n < 4 ? later : undefined),
    });
    await using it = await open(server, { notify: [owner, "slow@example.org"] });
    await send(it);
    expect(server.received.map(({ to }) => to)).toEqual([[owner], ["slow@example.org"]]);
    expect((await mails(it)).map(({ state }) => state)).toEqual(["done", "done"]);
  });

  test("that wants a password gets it, and a wrong one is tried again once it has been corrected", async () => {
    await using server = await MailServer.open({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _, done) =>
        password === "right" ? done(null, { user: username }) : done(new Error("Invalid login")),
    });
    await using it = await open(server, {}, { mail: { delays: [3_600_000] } });
    await settle(it, { enabled: true, host: "127.0.0.1", port: server.port, username: "me", password: "wrong" });
    await send(it);
    const [job] = await mails(it);
    expect(job).toMatchObject({ state: "waiting", tries: 1, outcome: expect.stringContaining("Invalid login") });
    expect(JSON.stringify(job)).not.toContain("wrong");
    await settle(it, { enabled: true, host: "127.0.0.1", port: server.port, username: "me", password: "right" });
    await it.project.jobs.again(job?.id ?? 0);
    await it.project.jobs.settled();
    expect(server.received).toMatchObject([{ user: "me" }]);
    await it.project.logs.flush();
    expect(it.log.join("")).not.toContain("wrong");
  });

  test.each([
    ["from the first byte", { secure: true }, { tls: true }],
    ["as soon as it is offered", { hideSTARTTLS: false }, { tls: false }],
  ])("speaks TLS %s; one that cannot prove its name is trusted on this machine alone", async (_, options, smtp) => {
    await using server = await MailServer.open(options);
    await using it = await open(server);
    await settle(it, { enabled: true, host: "127.0.0.1", port: server.port, ...smtp });
    await send(it);
    expect(server.received).toMatchObject([{ secure: true }]);

    const dial = async () => connect(server.port, "127.0.0.1");
    await using far = await open(undefined, {}, { mail: { delays: [], dial } });
    await settle(far, { enabled: true, host: "mail.sender.example", port: 587, ...smtp });
    await send(far);
    expect((await mails(far))[0]).toMatchObject({ state: "failed", outcome: expect.stringMatching(/certificate/i) });
    expect(server.received).toHaveLength(1);
  });

  test("is told no password in the clear, but on this machine", () => {
    const smtp = {
      enabled: true,
      port: 587,
      username: "me",
      password: "pw",
      authMethod: "PLAIN",
      tls: false,
      localName: "",
    } as const;
    expect(connectionOf({ ...smtp, host: "mail.example" })).toMatchObject({
      requireTLS: true,
      tls: { rejectUnauthorized: true },
    });
    expect(connectionOf({ ...smtp, host: "localhost" })).toMatchObject({
      requireTLS: false,
      tls: { rejectUnauthorized: false },
    });
    expect(connectionOf({ ...smtp, host: "localhost.example" })).toMatchObject({ requireTLS: true });
  });
});

describe("the digest", () => {
  const day = 24 * 3_600_000;
  const morningAfter = () => Math.floor(clock() / day) * day + day + 8 * 3_600_000;

  async function digests(it: Opened, moment: number): Promise<void> {
    await sendDigests(it.project, moment);
    await it.project.jobs.settled();
  }

  async function hold(it: Opened, reason: string): Promise<void> {
    const form = await it.project.store.first<{ id: string }>(sql`SELECT id FROM _forms`);
    await it.record("_submissions", {
      form: form?.id ?? "",
      collection: "messages",
      record: "abcdefghijklmno",
      state: "spam",
      held: true,
      parked: { id: "abcdefghijklmno", name: "Spammer", message: "cheap\nthings" },
      reasons: [{ reason, weight: 3 }],
    });
  }

  test("comes once a day, in the morning, where it is wanted", async () => {
    await using server = await MailServer.open();
    await using it = await open(server, { daily: true });
    await send(it, { ...good, message: "first message" });
    await digests(it, morningAfter() - 3 * 3_600_000);
    expect(server.received).toHaveLength(0);
    await digests(it, morningAfter());
    await digests(it, morningAfter() + 3_600_000);
    expect(server.received).toHaveLength(1);
    const { mail, to } = server.received[0]!;
    expect(to).toEqual([owner]);
    expect(mail.subject).toBe("Contact us: 1 new, 0 held");
    expect(mail.text).toContain("first message");
    await digests(it, morningAfter() + day);
    expect(server.received).toHaveLength(1);
  });

  test("tells of what was held and why, also where mails come each time", async () => {
    await using server = await MailServer.open();
    await using it = await open(server);
    await hold(it, "links");
    await digests(it, morningAfter());
    expect(server.received).toHaveLength(1);
    const { mail } = server.received[0]!;
    expect(mail.subject).toBe("Contact us: 1 held as spam");
    expect(mail.text).toContain("cheap things");
    expect(mail.text).toMatch(/Why: .*link/i);
    expect(mail.text).toContain("https://me.example/_/forms/contact/inbox");
  });

  test("goes by the form's own clock", async () => {
    await using server = await MailServer.open();
    await using it = await open(server, { timeZone: "Pacific/Auckland" });
    await hold(it, "links");
    const noonInAuckland = Math.floor(clock() / day) * day + 3 * day;
    await digests(it, noonInAuckland);
    expect(server.received).toHaveLength(1);
  });

  test("leaves what came a moment ago, and may not be on disk yet, to the next", async () => {
    await using server = await MailServer.open();
    await using it = await open(server, { daily: true });
    const since = (seconds: number) => new Date(morningAfter() - seconds * 1000).toISOString().replace("T", " ");
    for (const [message, created] of [
      ["early message", since(600)],
      ["late message", since(1)],
    ] as const) {
      await send(it, { ...good, message });
      await it.project.store.write((tx) =>
        tx.run(
          sql`UPDATE _submissions SET created = ${created} WHERE id IN (SELECT id FROM messages WHERE message = ${message})`,
        ),
      );
    }
    await digests(it, morningAfter());
    await digests(it, morningAfter() + day);
    const found = server.received.map(({ mail }) => mail.text?.match(/\w+ message/g));
    expect(found).toEqual([["early message"], ["late message"]]);
  });

  test("is not written where nothing is new", async () => {
    await using it = await open(undefined, { daily: true });
    await digests(it, morningAfter());
    expect(await mails(it)).toEqual([]);
  });
});

describe("the mailbox", () => {
  test("says while it is empty where to say who is mailed", async () => {
    await using it = await open(undefined);
    await it.person("root", {}, "_superusers");
    const { text } = await it.send({ as: "root", json: ["GET", "/_/mailbox"], headers: { accept: "text/html" } });
    expect(text).toContain("say whom under Forms, your form, Edit, Mail");
  });

  test("says whom each mail is for and who wrote, and shows the mail before what became of it", async () => {
    await using it = await open(undefined);
    await it.person("root", {}, "_superusers");
    await send(it);
    const [job] = await mails(it);
    const page = async (path: string) =>
      (await it.send({ as: "root", json: ["GET", path], headers: { accept: "text/html" } })).text;
    const list = await page("/_/mailbox?state=done");
    for (const address of [owner, "ada@math.example"]) expect(list).toContain(`>${address}</td>`);
    expect(list).toMatch(/<a href="\/_\/mailbox\?state=done" aria-current="page">/);
    const mail = await page(`/_/mailbox/${job?.id}`);
    const [above, below] = [mail.slice(0, mail.indexOf("<iframe")), mail.slice(mail.indexOf("<iframe"))];
    for (const address of [owner, "ada@math.example"]) expect(above).toContain(address);
    expect(above).not.toContain("Made");
    expect(below).toMatch(/<details>.*Made.*<\/details>/);
  });

  test("keeps mails where there is no server, for owners alone", async () => {
    await using it = await open(undefined);
    await it.person("root", {}, "_superusers");
    await send(it, { ...good, message: "<img src=x onerror=alert(1)>" });
    const [job] = await mails(it);
    expect(job).toMatchObject({ state: "done", outcome: "mailbox" });
    const page = (path: string, as?: string) => it.send({ as, json: ["GET", path], headers: { accept: "text/html" } });
    const list = await page("/_/mailbox", "root");
    expect(list.text).toContain("New answer: Contact us");
    expect(list.text).toContain("Kept here");
    const mail = await page(`/_/mailbox/${job?.id}`, "root");
    expect(mail.text).toContain("ada@math.example");
    expect(mail.text).toContain("&lt;img src=x");
    expect(mail.headers.get("content-security-policy")).toContain("frame-src 'self'");
    const html = await page(`/_/mailbox/${job?.id}/html`, "root");
    expect(html.text).not.toContain("<img");
    expect(html.headers.get("content-security-policy")).toMatch(/^default-src 'none';.*sandbox$/);
    for (const path of ["/_/mailbox", `/_/mailbox/${job?.id}`, `/_/mailbox/${job?.id}/html`]) {
      expect((await page(path)).headers.get("location")).toStartWith("/_/login");
    }
    expect((await page("/_/mailbox/9999", "root")).status).toBe(404);
    expect((await page("/_/mailbox?state=failed", "root")).text).toContain("No mail like that.");
  });

  test("sends again by hand, once there is a server", async () => {
    await using server = await MailServer.open();
    await using it = await open(undefined);
    await it.person("root", {}, "_superusers");
    await send(it);
    const [job] = await mails(it);
    await settle(it, { enabled: true, host: "127.0.0.1", port: server.port });
    const again = { form: [`/_/jobs/${job?.id}/again`, {}] } as const;
    expect((await it.send(again)).headers.get("location")).toStartWith("/_/login");
    const answer = await it.send({ as: "root", ...again });
    expect(answer.headers.get("location")).toBe(`/_/mailbox/${job?.id}`);
    await it.project.jobs.settled();
    expect(server.received).toHaveLength(1);
  });

  test("turns pages, the newest first", async () => {
    await using it = await open(undefined);
    await it.person("root", {}, "_superusers");
    const { project } = it;
    const letter = (at: number) =>
      composeMail({ language: "en", to: [owner], subject: `Letter ${at}.`, blocks: [{ kind: "text", text: "Hi" }] });
    await project.store.write(async (tx) => {
      for (let at = 1; at <= 60; at++) await project.post.send(tx, letter(at));
    });
    await project.jobs.settled();
    const first = await it.send({ as: "root", json: ["GET", "/_/mailbox"], headers: { accept: "text/html" } });
    expect(first.text).toContain("Letter 60.");
    expect(first.text).not.toContain("Letter 10.");
    const older = /href="([^"]*before=[^"]*)"/.exec(first.text)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const second = await it.send({ as: "root", json: ["GET", older], headers: { accept: "text/html" } });
    expect(second.text).toContain("Letter 10.");
    expect(second.text).not.toContain("Letter 11.");
  });

  test("says so where what a mail was about is gone, and sends nothing", async () => {
    await using server = await MailServer.open();
    await using it = await open(undefined);
    await it.person("root", {}, "_superusers");
    await send(it);
    await it.project.store.write((tx) => tx.run(sql`DELETE FROM _submissions`));
    await settle(it, { enabled: true, host: "127.0.0.1", port: server.port });
    const [job] = await mails(it);
    await it.project.jobs.again(job?.id ?? 0);
    await it.project.jobs.settled();
    expect(server.received).toHaveLength(0);
    expect((await mails(it))[0]?.outcome).toStartWith("Not sent:");
    const page = await it.send({
      as: "root",
      json: ["GET", `/_/mailbox/${job?.id}`],
      headers: { accept: "text/html" },
    });
    expect(page.text).toContain("is gone");
  });
});

test("the start-up lines say where mails are kept", async () => {
  await using server = await Server.start();
  await server.setupLink();
  expect(server.said).toContain(`mails are kept here: ${server.address}/_/mailbox.`);
});

test("a mail can be sent at once, as a test, and says what the server said", async () => {
  await using server = await MailServer.open();
  await using it = await open(server);
  const mail = composeMail({ language: "en", to: [owner], subject: "A test", blocks: [{ kind: "text", text: "Hi" }] });
  expect(await it.project.post.deliver(mail)).toStartWith("250");
  await settle(it, { enabled: true, host: "127.0.0.1", port: 1 });
  await expect(it.project.post.deliver(mail)).rejects.toThrow("ECONNREFUSED");
});

test("a header is one line, whatever somebody types", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      const line = headerText(text);
      expect(line).not.toMatch(/[\r\n\0\u2028\u2029]/);
      expect([...line].length).toBeLessThanOrEqual(200);
      expect(line.isWellFormed()).toBeTrue();
    }),
  );
});

test("a value cannot pretend to be another row of the text, nor tags of the HTML", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "\n", "\r", "<", ">", '"', "&", ":", "\u2028") }), (value) => {
      const rows = [{ label: "Name", value }];
      const mail = composeMail({ language: "en", to: [owner], subject: "s", blocks: [{ kind: "rows", rows }] });
      expect(
        mail.text
          .trimEnd()
          .split("\n")
          .slice(1)
          .every((line) => line === "" || line.startsWith("  ")),
      ).toBeTrue();
      expect(mail.html.match(/<a|<tr|<\/td/g)).toEqual(["<tr", "</td"]);
    }),
  );
});

describe("what a sender's domain says", () => {
  const nothing = async (code: string) => {
    throw Object.assign(new Error(code), { code });
  };
  const names = (texts: Readonly<Record<string, readonly string[]>>, code = "ENOTFOUND", mx: object[] = [{}]) => ({
    resolveTxt: async (name: string) =>
      texts[name]?.map((text) => [text.slice(0, 5), text.slice(5)]) ?? (await nothing(code)),
    resolveMx: async () => mx,
    resolve4: () => nothing(code),
  });
  test.each<[string, Readonly<Record<string, readonly string[]>>, readonly string[]]>([
    ["nothing", {}, ["sender_spf_missing", "sender_dkim_unseen", "sender_dmarc_missing"]],
    [
      "all of it",
      {
        "mail.shop.example": ["google-site=1", "v=spf1 include:x.example -all"],
        "s1._domainkey.mail.shop.example": ["v=DKIM1; k=rsa; p=MIGf"],
        "_dmarc.mail.shop.example": ["v=DMARC1; p=reject"],
      },
      ["sender_spf_good", "sender_dkim_good", "sender_dmarc_good"],
    ],
    [
      "too little",
      {
        "mail.shop.example": ["v=spf1 +all"],
        "s1._domainkey.mail.shop.example": ["v=DKIM1; p="],
        "_dmarc.mail.shop.example": ["v=DMARC1; p=none"],
      },
      ["sender_spf_open", "sender_dkim_unseen", "sender_dmarc_watching"],
    ],
    [
      "two of one, and the policy of the domain above",
      {
        "mail.shop.example": ["v=spf1 -all", "v=spf1 ~all"],
        "_dmarc.shop.example": ["v=DMARC1; p=none; sp=quarantine"],
      },
      ["sender_spf_twice", "sender_dkim_unseen", "sender_dmarc_good"],
    ],
  ])("%s", async (_, texts, codes) => {
    const found = await checkSender("me@mail.shop.example", names(texts));
    expect(found.map(({ code }) => code)).toEqual([...codes]);
  });

  test("is not known where nobody answers, or there is no domain", async () => {
    const found = await checkSender("me@shop.example", names({}, "ESERVFAIL"));
    expect(found.map(({ state }) => state)).toEqual(["unsure", "unsure", "unsure"]);
    expect(await checkSender("me@localhost", names({}))).toMatchObject([{ code: "sender_no_domain" }]);
    expect(await checkSender("me@tpyo.example", names({}, "ENOTFOUND", []))).toMatchObject([
      { code: "sender_domain_unknown" },
    ]);
  });
});
