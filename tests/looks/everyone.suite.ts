import { expect, test } from "bun:test";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { Server } from "../server.ts";
import { useChromium, type Visitor } from "../browser/browser.ts";
import { faultsOf, looks } from "../browser/faults.ts";

const visit = useChromium();

const password = "a few words in a row";
const owner = { email: "owner@example.com", password };
const message = { name: "Ann", email: "ann@example.com", message: "Do you sell ferns?\n\nI look for two." };
const long = {
  name: "Donaudampfschifffahrt".repeat(4),
  email: `${"x".repeat(60)}@example.com`,
  message: "y".repeat(900),
};

/** What a page asks for that the form does not list, so that the inbox speaks of it. */
const wishes = { _cc: `${"w".repeat(60)}@example.com`, _next: "https://www.you.example/thanks" };
/** Good rows and bad ones. */
const table = `name,email,message,phone\n${long.name},bob@example.com,Hello,1\n,nobody,${"z".repeat(200)},2\n`;

/** A server with a few messages, owned by `owner`. */
async function inhabited(): Promise<Server> {
  const server = await Server.start();
  for (const body of [message, { ...long, ...wishes }]) {
    await fetch(`${server.address}/forms/contact`, { method: "POST", body: new URLSearchParams(body) });
  }
  const link = new URL(await server.setupLink());
  const token = link.searchParams.get("token") ?? "";
  const body = new URLSearchParams({ token, ...owner, passwordConfirm: password });
  await fetch(link, { method: "POST", body });
  return server;
}

/** Every page of ours, and how people get there, in this order. */
const pages: Readonly<Record<string, (visitor: Visitor, server: Server) => Promise<unknown>>> = {
  "the demo's home page": (it, { address }) => it.open(`${address}/`),
  "the demo's page for scripts": (it, { address }) => it.open(`${address}/try`),
  "a form": (it, { address }) => it.open(`${address}/forms/contact`),
  "a form with problems": async (it, { address }) => {
    await it.open(`${address}/`);
    await it.fill({ ...long, email: "ann@home" });
    expect(await it.press("Send")).toEqual(["POST /forms/contact 422"]);
  },
  "a thank-you page": (it, { address }) => it.open(`${address}/forms/contact/thanks`),
  registering: (it, { address }) => it.open(`${address}/register`),
  "registering with problems": async (it) => {
    await it.fill({ email: "ann@home.example", name: long.name, password, passwordConfirm: "other words in a row" });
    expect(await it.press("Register")).toEqual(["POST /register 422"]);
  },
  "the sign-in of the site": (it, { address }) => it.open(`${address}/login`),
  "the sign-in of the site with a wrong password": async (it) => {
    await it.fill({ identity: long.email, password });
    expect(await it.press("Sign in")).toEqual(["POST /login 422"]);
  },
  "a profile": async (it, { address }) => {
    await it.open(`${address}/register`);
    await it.fill({ email: long.email.slice(50), name: long.name, password, passwordConfirm: password });
    expect(await it.press("Register")).toEqual(["POST /register 303", "GET /profile 200"]);
  },
  "a profile with problems": async (it) => {
    await it.page.locator("#address-email").fill("ann@home.example");
    await it.page.locator("#address-oldPassword").fill("other words in a row");
    expect(await it.press("Change the email")).toEqual(["POST /profile 422"]);
  },
  "a profile that is saved": async (it) => {
    await it.fill({ name: "Ann" });
    expect(await it.press("Save")).toEqual(["POST /profile 303", "GET /profile?done=details 200"]);
    await it.press("Sign out");
  },
  "a page that is not there": (it, { address }) => it.open(`${address}/forms/nothing`),
  "a setup link that is used": (it, { address }) => it.open(`${address}/_/setup?token=used`),
  "the sign-in": (it, { address }) => it.open(`${address}/_/login`),
  "the sign-in with a wrong password": async (it) => {
    await it.fill({ ...owner, password: "other words in a row" });
    expect(await it.press("Sign in")).toEqual(["POST /_/login 422"]);
  },
  "the collections": async (it) => {
    await it.fill({ password });
    expect((await it.press("Sign in")).at(-1)).toBe("GET /_/ 200");
  },
  "all collections": (it, { address }) => it.open(`${address}/_/collections`),
  "the forms": (it, { address }) => it.open(`${address}/_/forms`),
  "a new form": (it, { address }) => it.open(`${address}/_/forms/new`),
  "a new form with problems": async (it) => {
    await it.fill({ title: long.name.repeat(3), notify: "ann@home" });
    expect(await it.press("Make the form")).toEqual(["POST /_/forms/new 422"]);
  },
  "a form to edit": async (it, { address }) => {
    await it.open(`${address}/_/forms/contact`);
    await openAll(it);
  },
  "a form to edit with problems": async (it) => {
    await it.fill({ origins: "ftp://x", notify: long.name, timeZone: "Mars", "shield.hold": "-1" });
    expect(await it.press("Save")).toEqual(["POST /_/forms/contact 422"]);
    await openAll(it);
  },
  "a form's code": (it, { address }) => it.open(`${address}/_/forms/contact/code`),
  "a form to delete": (it, { address }) => it.open(`${address}/_/forms/contact/delete`),
  "an inbox": async (it, { address }) => {
    await it.open(`${address}/_/forms/contact/inbox`);
    await openAll(it);
  },
  "an inbox without spam": (it, { address }) => it.open(`${address}/_/forms/contact/inbox?state=spam`),
  "an inbox where nothing is found": (it, { address }) => it.open(`${address}/_/forms/contact/inbox?search=zzz`),
  "an entry": async (it, { address }) => {
    await it.open(`${address}/_/forms/contact/inbox`);
    await it.follow(long.name);
  },
  "a table of records": (it, { address }) => it.open(`${address}/_/collections/messages`),
  "a sorted table": (it, { address }) => it.open(`${address}/_/collections/messages?sort=-name`),
  "a table of many columns": (it, { address }) => it.open(`${address}/_/collections/_forms`),
  "an empty table": (it, { address }) => it.open(`${address}/_/collections/orders`),
  "a search that finds nothing": (it, { address }) => it.open(`${address}/_/collections/messages?search=zzz`),
  "one record": async (it, { address }) => {
    await it.open(`${address}/_/collections/messages`);
    await it.follow(long.name);
  },
  "the settings": async (it, { address }) => {
    await it.open(`${address}/_/settings`);
    await openAll(it);
  },
  "the mailbox": (it, { address }) => it.open(`${address}/_/mailbox`),
  "a form without a webhook": (it, { address }) => it.open(`${address}/_/forms/contact/webhook`),
  "a webhook that nothing was sent to": async (it, { address }) => {
    await it.open(`${address}/_/forms/contact`);
    await openAll(it);
    await it.fill({ webhook: `http://127.0.0.1:9/${"hook".repeat(40)}`, notify: "ann@example.com" });
    expect((await it.press("Save")).at(0)).toBe("POST /_/forms/contact 303");
    await it.open(`${address}/_/forms/contact/webhook`);
  },
  "a webhook that fails": async (it, { address }) => {
    expect((await it.press("Send a try")).at(0)).toBe("POST /_/forms/contact/webhook 303");
    await until(async () => {
      await it.open(`${address}/_/forms/contact/webhook`);
      return (await it.rows()).some((cells) => cells.includes("Failed"));
    });
  },
  "the mailbox with a mail": async (it, { address }) => {
    await fetch(`${address}/forms/contact`, {
      method: "POST",
      body: new URLSearchParams({ ...long, message: "More." }),
    });
    await until(async () => {
      await it.open(`${address}/_/mailbox`);
      return (await it.rows()).length > 0;
    });
  },
  "a mail": async (it) => {
    await it.page.locator("tbody a").first().click();
    await it.page.waitForURL(/mailbox\/\d+$/);
  },
  "an import into a form": (it, { address }) => it.open(`${address}/_/forms/contact/import`),
  "an import of a file that is no table": async (it) => {
    expect(await importFile(it, "")).toEqual(["POST /_/forms/contact/import 422"]);
  },
  "an import into a form that was looked through": async (it, { address }) => {
    await it.open(`${address}/_/forms/contact/import`);
    expect((await importFile(it, table)).at(0)).toBe("POST /_/forms/contact/import 303");
    await it.page.getByRole("button", { name: "Import what is fine" }).waitFor();
  },
  "an import into a form that is done": async (it) => {
    await it.press("Import what is fine");
    await it.page.getByRole("link", { name: "See what there is now" }).waitFor();
  },
  "an import of the same file again": async (it, { address }) => {
    await it.open(`${address}/_/forms/contact/import`);
    await importFile(it, table);
    await it.page.getByRole("button", { name: "Look through it again" }).waitFor();
  },
  "an import into a collection": (it, { address }) => it.open(`${address}/_/collections/messages/import`),
  "an import into a collection that was looked through": async (it) => {
    expect((await importFile(it, table)).at(0)).toBe("POST /_/collections/messages/import 303");
    await it.page.getByRole("button", { name: "Import what is fine" }).waitFor();
  },
  "an import into a collection that is done": async (it) => {
    await it.press("Import what is fine");
    await it.page.getByRole("link", { name: "See what there is now" }).waitFor();
  },
  "no backups yet": (it, { address }) => it.open(`${address}/_/backups`),
  backups: async (it) => {
    expect((await it.press("Make a backup now")).at(0)).toBe("POST /_/backups 303");
    await openAll(it);
  },
  people: (it, { address }) => it.open(`${address}/_/people`),
  "people by what is no address": (it, { address }) => it.open(`${address}/_/people?email=${long.name}`),
  "somebody of whom there is nothing": (it, { address }) => it.open(`${address}/_/people?email=nobody@example.com`),
  "somebody who is mailed by a form": (it, { address }) => it.open(`${address}/_/people?email=ann@example.com`),
  "somebody who owns this": (it, { address }) => it.open(`${address}/_/people?email=${owner.email}`),
  "somebody who wrote": (it, { address }) => it.open(`${address}/_/people?email=${long.email}`),
  "somebody to be erased": (it) => it.follow("Erase it …"),
  "somebody to be erased, and nothing is ticked": async (it) => {
    for (const box of await it.page.locator("[name=group]").all()) await box.uncheck();
    expect(await it.press("Erase it for good")).toEqual(["POST /_/people/erase 422"]);
  },
  "somebody who is erased": async (it) => {
    for (const box of await it.page.locator("[name=group]").all()) await box.check();
    expect(await it.press("Erase it for good")).toEqual(["POST /_/people/erase 200"]);
  },
};

/** Sends a file on the page of an import, and answers what was asked on the way. */
async function importFile(it: Visitor, text: string): Promise<string[]> {
  await it.field("file").setInputFiles({ name: "answers.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  return it.press("Look through the file");
}

/** Waits for what a server does by itself. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    if (await holds()) return;
    await Bun.sleep(100);
  }
  expect.unreachable("It did not come to be.");
}

/** Opens what is folded up, which axe would not look at. */
async function openAll({ page }: Visitor): Promise<void> {
  await page.evaluate("for (const it of document.querySelectorAll('details')) it.open = true");
}

test("on every page, light or dark, narrow or wide, axe finds nothing, nothing is cut off, no policy is broken", async () => {
  await using server = await inhabited();
  await using visitor = await visit({ width: 320 });
  for (const [page, go] of Object.entries(pages)) {
    await go(visitor, server);
    expect(await faultsOf(visitor, looks(320, 1280)), page).toEqual([]);
    expect(visitor.refused, page).toEqual([]);
  }
});

/** Pages of every kind, and how people get there without a word of English. */
const foreign: Readonly<Record<string, (visitor: Visitor, server: Server) => Promise<unknown>>> = {
  "a form": (it, { address }) => it.open(`${address}/forms/contact`),
  "a form with problems": async (it, { address }) => {
    await it.open(`${address}/`);
    await it.fill({ ...long, email: "ann@home" });
    await it.page.locator("#contact button, form[action='/forms/contact'] button").first().click();
    await it.page.locator(".notice.problem").waitFor();
  },
  "a thank-you page": (it, { address }) => it.open(`${address}/forms/contact/thanks`),
  registering: (it, { address }) => it.open(`${address}/register`),
  "the sign-in of the site": (it, { address }) => it.open(`${address}/login`),
  "a page that is not there": (it, { address }) => it.open(`${address}/forms/nothing`),
  "the forms": async (it, { address }) => {
    await it.open(`${address}/_/login`);
    await it.fill(owner);
    const arrived = it.page.waitForURL(`${address}/_/`);
    await it.page.locator("main button").click();
    await arrived;
    await it.open(`${address}/_/forms`);
  },
  "a form to edit": async (it, { address }) => {
    await it.open(`${address}/_/forms/contact`);
    await openAll(it);
  },
  "an inbox": async (it, { address }) => {
    await it.open(`${address}/_/forms/contact/inbox`);
    await openAll(it);
  },
  "an entry": (it) => it.follow(long.name),
  "the settings": (it, { address }) => it.open(`${address}/_/settings`),
  "a table of records": (it, { address }) => it.open(`${address}/_/collections/messages`),
  "a form without a webhook": (it, { address }) => it.open(`${address}/_/forms/contact/webhook`),
  "the mailbox": (it, { address }) => it.open(`${address}/_/mailbox`),
  "an import into a form": (it, { address }) => it.open(`${address}/_/forms/contact/import`),
  "an import that was looked through": async (it) => {
    await it.field("file").setInputFiles({ name: "answers.csv", mimeType: "text/csv", buffer: Buffer.from(table) });
    await it.page.locator("main form button").click();
    await it.page.locator('button[value="import"]').waitFor();
  },
  backups: (it, { address }) => it.open(`${address}/_/backups`),
  "somebody who wrote": (it, { address }) => it.open(`${address}/_/people?email=${long.email}`),
  "somebody to be erased": (it, { address }) => it.open(`${address}/_/people/erase?email=${long.email}`),
};

test.each([
  ["ar", "rtl"],
  ["de", "ltr"],
])("in another language: %s, which runs %s", async (language, direction) => {
  await using server = await inhabited();
  await using visitor = await visit({ width: 320, language });
  for (const [page, go] of Object.entries(foreign)) {
    await go(visitor, server);
    expect(await visitor.page.locator("html").getAttribute("dir"), page).toBe(direction);
    expect(await faultsOf(visitor, looks(320, 1280)), page).toEqual([]);
    expect(visitor.refused, page).toEqual([]);
  }
});

test("a server that is new: its setup and its own home page are for everyone", async () => {
  await using server = await Server.start();
  await using visitor = await visit({ width: 320 });
  await visitor.open(await server.setupLink());
  expect(await faultsOf(visitor, looks(320))).toEqual([]);
  await visitor.fill({ ...owner, passwordConfirm: "other words in a row" });
  expect(await visitor.press("Create and sign in")).toEqual(["POST /_/setup 422"]);
  expect(await faultsOf(visitor, looks(320))).toEqual([]);

  await rename(join(server.publicDir, "index.html"), join(server.publicDir, "shop.html"));
  await visitor.open(`${server.address}/`);
  expect(await visitor.text()).toContain("It runs.");
  expect(await faultsOf(visitor, looks(320))).toEqual([]);
  expect(visitor.refused).toEqual([]);
});

for (const javaScript of [false, true]) {
  test(`the contact form is sent by keyboard alone, with JavaScript ${javaScript ? "on" : "off"}`, async () => {
    await using server = await Server.start();
    await using visitor = await visit({ javaScript });
    const { keyboard } = visitor.page;

    /** Presses Tab until this has the focus; all that has it on the way shows it. */
    const tabTo = async (selector: string): Promise<void> => {
      for (let presses = 0; presses < 30; presses++) {
        await keyboard.press("Tab");
        const outline = await visitor.page.evaluate<string>("getComputedStyle(document.activeElement).outlineStyle");
        expect(outline).not.toBe("none");
        if (await visitor.page.locator(`${selector}:focus`).count()) return;
      }
      expect.unreachable(`Tab never leads to ${selector}.`);
    };

    await visitor.open(`${server.address}/`);
    await keyboard.press("Tab");
    expect(await visitor.page.locator(":focus").innerText()).toBe("Skip to the content");
    await keyboard.press("Enter");
    await tabTo('[name="name"]');
    await keyboard.type(message.name);
    await tabTo('[name="email"]');
    await keyboard.type("ann@home");
    await tabTo('[name="message"]');
    await keyboard.type("Do you sell ferns?");
    await tabTo("button");
    const failed = visitor.page.waitForEvent("load");
    await keyboard.press("Enter");
    await failed;

    expect(await visitor.page.locator('[name="email"]:focus').count()).toBe(1);
    await keyboard.press("ControlOrMeta+A");
    await keyboard.type(message.email);
    const thanked = visitor.page.waitForEvent("load");
    await keyboard.press("Enter");
    await thanked;
    expect(await visitor.text()).toContain("Thank you");
  });
}
