import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { until, useChromium, type Visitor } from "./browser.ts";
import { Setting, slowly } from "./forms.ts";

const visit = useChromium();

const notAnAddress = "Must be a valid email address.";
const large = { name: "film.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(400_000, "x") };

const site = new Setting(async (it) => {
  const fields = [
    { name: "title", type: "text", required: true },
    { name: "photo", type: "file", maxSize: 1_000_000 },
  ];
  await it.api("POST", "collections", { name: "photos", type: "base", createRule: "", fields });
  await it.form("photos", "photos");
  await it.form("letters", "messages", { title: "Letters", thanks: "We will write back." });
  await it.form("back", "messages", { back: true, origins: [it.elsewhere] });
  await it.form("careful", "messages", { shield: {}, usesScript: true });
});

const inputs = `
  <label>Name <input name="name"></label>
  <label>Email <input name="email"></label>
  <label>Message <textarea name="message"></textarea></label>`;

interface Written {
  readonly action?: string;
  readonly attributes?: string;
  /** In the form, before its button. */
  readonly inside?: string;
  readonly outside?: string;
  readonly script?: boolean;
  readonly headers?: Record<string, string>;
}

/** A page that somebody else has written, with a form. */
function written(page: Written): string {
  const { action = "/forms/letters", attributes = "", inside = inputs, outside = "", script = true, headers } = page;
  const form = `<form action="${site.address}${action}" method="post" ${attributes}>${inside}<button>Send</button></form>`;
  return site.page(`${script ? site.script : ""}<h1>Write to us</h1>${form}${outside}`, headers);
}

let people = 0;
/** What nobody else has written. */
function letter() {
  return { name: `Person ${++people}`, email: "ann@example.com", message: "Do you sell ferns?" };
}

async function sent(name: string): Promise<number> {
  return (await site.records("messages", `name = "${name}"`)).length;
}

const press = ({ page }: Visitor) => page.getByRole("button", { name: "Send", exact: true }).click();
const shows = (page: Page, text: string) => page.getByText(text).first().waitFor();

for (const javaScript of [false, true]) {
  describe(`with JavaScript ${javaScript ? "on" : "off"}`, () => {
    test("a form with a file arrives, and leads to thanks", async () => {
      await using visitor = await visit({ javaScript });
      const title = `Ferns ${javaScript}`;
      const inside = `<label>Title <input name="title"></label><label>Photo <input name="photo" type="file"></label>`;
      await visitor.open(written({ action: "/forms/photos", attributes: 'enctype="multipart/form-data"', inside }));
      await visitor.fill({ title });
      await visitor.field("photo").setInputFiles(large);
      await press(visitor);
      await shows(visitor.page, "Thank you");
      const [record] = await site.records("photos", `title = "${title}"`);
      expect(record?.["photo"]).toStartWith("film_");
    });

    test("a form made for Formspree is sent to its address here, with the hidden fields of such services", async () => {
      await using visitor = await visit({ javaScript });
      const right = letter();
      const hidden = `<input type="hidden" name="_subject" value="From the site">
        <input type="hidden" name="_next" value="${site.address}/forms/letters/thanks?from=there">
        <input type="text" name="_gotcha" style="display:none"><input type="hidden" name="form-name" value="x">
        <label>Company <input name="company"></label>`;
      await visitor.open(written({ action: "/f/letters", inside: inputs + hidden }));
      await visitor.fill({ ...right, company: "Fern & Co", email: "ann@home" });
      await press(visitor);
      await shows(visitor.page, notAnAddress);
      expect(await visitor.typed("name", "message")).toEqual({ name: right.name, message: right.message });
      await visitor.fill({ email: right.email });
      await press(visitor);
      if (javaScript) await shows(visitor.page, "We will write back.");
      else await visitor.page.waitForURL("**/forms/letters/thanks?from=there");
      expect(await sent(right.name)).toBe(1);
      const [answer] = await site.records("_submissions", `email = "ann@example.com" && extra ~ "Fern & Co"`);
      expect(answer?.["extra"]).toEqual({ company: "Fern & Co" });
    });

    test("who loads the script is shown problems on the page they came from, also where it did not send", async () => {
      await using visitor = await visit({ javaScript });
      const right = letter();
      const address = `${site.elsewhere}/page-back-${javaScript}`;
      const inside = `${inputs}
        <label><input type="checkbox" name="news" value="yes" checked> News</label>
        <label>Colour <select name="colour"><option>red<option>green</select></label>
        <button name="kind" value="short">Short</button>
        <input type="hidden" name="_back" value="${address}">`;
      site.put(
        new URL(address).pathname,
        `${site.script}<form action="${site.address}/forms/back" method="post" data-plain>${inside}<button>Send</button></form>`,
      );
      await visitor.open(address);
      await visitor.fill({ ...right, email: "ann@home" });
      await visitor.page.locator("[name=news]").uncheck();
      await visitor.page.locator("[name=colour]").selectOption("green");
      await press(visitor);
      await visitor.page.waitForURL(
        (it) => it.href.startsWith(address) && it.href.includes("formstead") !== javaScript,
      );
      if (!javaScript) return;
      expect(visitor.page.url()).toBe(address);
      await shows(visitor.page, notAnAddress);
      expect(await visitor.typed("name", "email", "message", "colour")).toEqual({
        ...right,
        email: "ann@home",
        colour: "green",
      });
      expect(await visitor.page.locator("[name=news]").isChecked()).toBe(false);
      expect(await visitor.page.locator("[name=kind]").getAttribute("value")).toBe("short");
      await visitor.page.reload();
      expect(await visitor.page.getByText(notAnAddress).count()).toBe(0);
    });
  });
}

describe("what shows that nobody's program sends", () => {
  /** What was added to the last post to a form. */
  const posted = (page: Page) => {
    const seen: string[] = [];
    page.on("request", (it) => {
      if (it.method() === "POST") seen.push(it.postData() ?? "");
    });
    return () => new URLSearchParams(seen.at(-1));
  };

  /** What is known of the last answer to a form. */
  const judged = async (name: string) => {
    const [record] = await site.records("messages", `name = "${name}"`);
    const [answer] = await site.records("_submissions", `record = "${record?.["id"]}"`);
    return answer?.["reasons"];
  };

  test("who presses the button without having touched a field is not taken for a program", async () => {
    await using visitor = await visit();
    const right = letter();
    const filled = `<input name="name" value="${right.name}"><input name="email" value="${right.email}">
      <input name="message" value="${right.message}">`;
    await visitor.open(written({ action: "/forms/careful", inside: filled }));
    await press(visitor);
    await shows(visitor.page, "Thank you");
    expect(await judged(right.name)).toEqual([]);
  });

  const policies: Readonly<Record<string, string>> = {
    "no workers": `default-src 'none'; style-src 'unsafe-inline'; script-src http://127.0.0.1:*; connect-src http://127.0.0.1:*; worker-src 'none'; form-action http://127.0.0.1:*`,
    "no markup made of text": `require-trusted-types-for 'script'`,
    "in a sandbox": "sandbox allow-scripts allow-forms",
  };
  test.each(Object.entries(policies))("there are token and proof on a page with %s", async (_, policy) => {
    await using visitor = await visit();
    const data = posted(visitor.page);
    const right = letter();
    await visitor.open(written({ headers: { "content-security-policy": policy } }));
    await visitor.fill(right);
    await press(visitor);
    await shows(visitor.page, "Thank you");
    expect([data().has("_token"), data().has("_proof")]).toEqual([true, true]);
    expect(await sent(right.name)).toBe(1);
  });

  test("a page whose policy keeps the script from sending leaves it to the browser", async () => {
    await using visitor = await visit();
    for (const focused of [true, false]) {
      const right = letter();
      const policy = `default-src 'none'; script-src http://127.0.0.1:*; form-action http://127.0.0.1:*`;
      const filled = `<input name="name" value="${right.name}"><input name="email" value="${right.email}">
        <input name="message" value="${right.message}">`;
      await visitor.open(written({ inside: filled, headers: { "content-security-policy": policy } }));
      if (focused) await visitor.field("name").focus();
      await visitor.page.evaluate("document.forms[0].requestSubmit()").catch(() => {});
      await visitor.page.waitForURL("**/forms/letters/thanks");
      expect(await sent(right.name)).toBe(1);
    }
  });

  test("a form is sent all the same where no token is to be had, or never comes", async () => {
    for (const way of ["refused", "silent"]) {
      await using visitor = await visit();
      const right = letter();
      await visitor.page.route("**/token", (route) =>
        way === "refused" ? route.fulfill({ status: 429, json: { message: "Too many." } }) : undefined,
      );
      await visitor.page.clock.install();
      await visitor.open(written({}));
      await visitor.fill(right);
      await press(visitor);
      if (way === "silent") await visitor.page.clock.fastForward(10_000);
      await shows(visitor.page, "Thank you");
      expect([way, await sent(right.name)]).toEqual([way, 1]);
    }
  });

  test("a hidden field of the page's own that is called like the token is no token of ours", async () => {
    await using visitor = await visit();
    const data = posted(visitor.page);
    const right = letter();
    await visitor.open(written({ inside: `${inputs}<input type="hidden" name="_token" value="csrf">` }));
    await visitor.fill(right);
    await press(visitor);
    await shows(visitor.page, "Thank you");
    expect(data().get("_token")).toMatch(/^\w{15}\.\w+\.\w{16}\./);
    expect(data().getAll("_token")).toHaveLength(1);
  });

  test("a button that leads to another form brings the token of that one", async () => {
    await using visitor = await visit();
    const right = letter();
    const inside = `${inputs}<button formaction="${site.address}/forms/careful">Carefully</button>`;
    await visitor.open(written({ inside }));
    await visitor.fill(right);
    await visitor.page.getByRole("button", { name: "Carefully" }).click();
    await shows(visitor.page, "Thank you");
    expect(await judged(right.name)).toEqual([]);
  });

  test("other forms of the page are left in peace", async () => {
    await using visitor = await visit();
    const asked: string[] = [];
    visitor.page.on("request", (it) => void asked.push(it.url()));
    const other = `<form action="https://example.com/"><input name="q"></form><form action="/search"><input name="z"></form>`;
    await visitor.open(written({ outside: other }));
    await visitor.page.evaluate("document.addEventListener('formdata', () => (globalThis.asked = true))");
    for (const name of ["q", "z", "name"]) await visitor.field(name).focus();
    await until(visitor.page, "performance.getEntriesByType('resource').some((it) => it.name.endsWith('/token'))");
    expect(await visitor.page.evaluate("globalThis.asked === true")).toBe(false);
    expect(asked.filter((it) => it.endsWith("/token"))).toHaveLength(1);
  });
});

describe("where the page is", () => {
  test("on somebody's disk", async () => {
    await using visitor = await visit();
    const right = letter();
    const file = join(site.server.dir, "page.html");
    const form = `<form action="${site.address}/forms/letters" method="post">${inputs}<button>Send</button></form>`;
    await Bun.write(file, `<!doctype html>${site.script}${form}`);
    await visitor.open(pathToFileURL(file).href);
    await visitor.fill({ ...right, email: "ann@home" });
    await press(visitor);
    await shows(visitor.page, notAnAddress);
    await visitor.fill(right);
    await press(visitor);
    await shows(visitor.page, "We will write back.");
    expect(await sent(right.name)).toBe(1);
  });

  test("in a frame of another page", async () => {
    await using visitor = await visit();
    const right = letter();
    await visitor.open(site.page(`<iframe src="${written({})}" title="Form" width="600" height="400"></iframe>`));
    const frame = visitor.page.frameLocator("iframe");
    for (const [name, value] of Object.entries(right)) await frame.locator(`[name="${name}"]`).fill(value);
    await frame.getByRole("button", { name: "Send" }).click();
    await frame.getByText("We will write back.").waitFor();
    expect(await sent(right.name)).toBe(1);
  });

  test("a script that is loaded at once, before there is a form", async () => {
    await using visitor = await visit();
    const script = `<script src="${site.address}/forms.js"></script>`;
    const address = `${site.elsewhere}/early`;
    const form = `<form action="${site.address}/forms/back" method="post">${inputs}<button>Send</button></form>`;
    site.put("/early", script + form);
    const body = new URLSearchParams({ name: "Ann", email: "ann@home", message: "Hi", _back: address });
    const headers = { accept: "text/html", origin: site.elsewhere };
    const answer = await fetch(`${site.address}/forms/back`, { method: "POST", body, headers, redirect: "manual" });
    await visitor.open(answer.headers.get("location") ?? "");
    await shows(visitor.page, notAnAddress);
    expect(await visitor.typed("name", "email")).toEqual({ name: "Ann", email: "ann@home" });
  });
});

describe("while it is sent", () => {
  test("a slow upload shows how far it is, and the page stays usable", async () => {
    await using visitor = await visit();
    const { page } = visitor;
    const inside = `<label>Title <input name="title"></label><label>Photo <input name="photo" type="file"></label>`;
    await visitor.open(
      written({
        action: "/forms/photos",
        attributes: 'enctype="multipart/form-data"',
        inside,
        outside: '<input aria-label="other">',
      }),
    );
    await visitor.fill({ title: "Slow" });
    await visitor.field("photo").setInputFiles(large);
    await page.evaluate(`globalThis.seen = new Set(); setInterval(() => {
      const bar = document.querySelector("progress");
      if (bar) seen.add(bar.value); }, 10)`);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: 200_000,
    });
    await press(visitor);
    const bar = page.getByRole("progressbar", { name: "Sending" });
    await bar.waitFor();
    await until(page, "[...seen].some((it) => it > 0 && it < 1)");
    expect(await page.locator("form[aria-busy]").count()).toBe(1);
    await page.getByLabel("other").fill("still here");
    await shows(page, "Thank you");
    expect(await bar.count()).toBe(0);
    expect(await page.getByLabel("other").inputValue()).toBe("still here");
    expect(await site.records("photos", 'title = "Slow"')).toHaveLength(1);
  });

  test("a file that is too large is said to be, whatever the form sends", async () => {
    await using visitor = await visit();
    const inside = `<label>Title <input name="title"></label><label>Photo <input name="photo" type="file"></label>`;
    await visitor.open(written({ action: "/forms/photos", attributes: 'enctype="multipart/form-data"', inside }));
    for (const size of [1_100_000, 12_000_000]) {
      await visitor.fill({ title: "Large" });
      const path = join(site.server.dir, "film.bin");
      await Bun.write(path, new Uint8Array(size));
      await visitor.field("photo").setInputFiles(path);
      await press(visitor);
      await until(visitor.page, "!document.querySelector('[aria-busy]') && document.querySelector('[role=alert]')");
      expect([size, await visitor.page.getByRole("alert").innerText()]).toEqual([
        size,
        expect.stringMatching(/too large|too big|maximum/i),
      ]);
      expect(await visitor.typed("title")).toEqual({ title: "Large" });
    }
  });

  test("two forms of one page are sent side by side", async () => {
    await using visitor = await visit();
    const { page } = visitor;
    const [left, right] = [letter(), letter()];
    const form = `<form action="${site.address}/forms/letters" method="post">${inputs}<button>Send too</button></form>`;
    await visitor.open(written({ outside: form }));
    for (const [name, value] of Object.entries(left)) await visitor.field(name).first().fill(value);
    for (const [name, value] of Object.entries(right)) await visitor.field(name).last().fill(value);
    await slowly(visitor, 300);
    await press(visitor);
    await page.getByRole("button", { name: "Send too" }).click();
    await until(page, "document.querySelectorAll('[role=status]').length === 2");
    expect([await sent(left.name), await sent(right.name)]).toEqual([1, 1]);
  });
});

test("who was led on, comes back and sends the same again has sent one answer; something else is another", async () => {
  await using visitor = await visit();
  const { page } = visitor;
  const right = letter();
  const next = `${site.elsewhere}/next`;
  await site.form("leading", "messages", { redirect: next });
  await visitor.open(written({ action: "/forms/leading" }));
  for (const again of [false, true]) {
    if (again) await page.goBack({ waitUntil: "commit" });
    else await visitor.fill(right);
    await press(visitor);
    await page.waitForURL(next);
  }
  expect(await sent(right.name)).toBe(1);

  await page.goBack({ waitUntil: "commit" });
  const another = { name: letter().name, email: "bob@example.com", message: "Are dogs allowed in the garden?" };
  await visitor.fill(another);
  await press(visitor);
  await page.waitForURL(next);
  expect(await sent(another.name)).toBe(1);
});

describe("elements of the page's own", () => {
  test("dialogs are opened, and the form stays for another answer", async () => {
    await using visitor = await visit();
    const { page } = visitor;
    const outside = `<dialog data-form-done>All done. <form method="dialog"><button>Close</button></form></dialog>
      <dialog data-form-fail>Oh no. <form method="dialog"><button>Close</button></form></dialog>`;
    await visitor.open(written({ outside }));
    const [first, second] = [letter(), letter()];
    await visitor.fill({ ...first, email: "ann@home" });
    await press(visitor);
    await shows(page, "Oh no.");
    await page.getByRole("button", { name: "Close" }).click();
    for (const right of [first, second]) {
      await visitor.fill(right);
      await press(visitor);
      await page.getByText("All done.").waitFor();
      expect(await page.getByText("Oh no.").isVisible()).toBe(false);
      await page.getByRole("button", { name: "Close" }).click();
      expect([right.name, await sent(right.name)]).toEqual([right.name, 1]);
      expect(await visitor.typed("name")).toEqual({ name: "" });
    }
  });
});
