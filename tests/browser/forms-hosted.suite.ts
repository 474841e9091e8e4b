import { describe, expect, test } from "bun:test";
import { useChromium, type Visitor } from "./browser.ts";
import { Setting, slowly, unchecked } from "./forms.ts";

const visit = useChromium();

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);
const papers = [
  { name: "cv.txt", mimeType: "text/plain", buffer: Buffer.from("Ferns since 1998.") },
  { name: "Brief an Sie.txt", mimeType: "text/plain", buffer: Buffer.from("Liebe Gärtnerin") },
];
const photo = { name: "me.png", mimeType: "image/png", buffer: png };

/** Every type of field that a visitor answers. */
const fields = [
  { name: "name", type: "text", required: true, max: 60, presentable: true },
  { name: "story", type: "text", multiline: true, required: true },
  { name: "letter", type: "editor" },
  { name: "age", type: "number", required: true, onlyInt: true, min: 1 },
  { name: "agrees", type: "bool", required: true },
  { name: "email", type: "email", required: true },
  { name: "site", type: "url" },
  { name: "start", type: "date", required: true },
  { name: "colour", type: "select", values: ["red", "green"], required: true },
  { name: "days", type: "select", values: ["Mon", "Tue", "Wed"], maxSelect: 3 },
  { name: "photo", type: "file", required: true, mimeTypes: ["image/png"] },
  { name: "papers", type: "file", maxSelect: 3 },
  { name: "facts", type: "json" },
  { name: "place", type: "geoPoint" },
  { name: "secret", type: "password", min: 8 },
];

const site = new Setting(async (it) => {
  await it.api("POST", "collections", { name: "jobs", type: "base", createRule: "", fields });
  await it.form("jobs", "jobs", { title: "Work with us", timeZone: "Europe/Berlin", consent: "You may keep this." });
  await it.form("try", "messages", { title: "A try", test: true });
});

const typed = {
  name: "Ada Lovelace",
  story: "I water plants.\n\nEvery day.",
  letter: "<p>Hello <b>there</b></p>",
  age: "36",
  email: "ada@example.com",
  site: "https://ada.example",
  start: "2026-07-01T09:30",
  facts: '{"a": [1, 2]}',
  secret: "pass words",
};

/** Fills the whole form in as somebody with a mouse does. */
async function fillIn(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  await visitor.fill(typed);
  await page.locator('[name="place.lon"]').fill("13.4");
  await page.locator('[name="place.lat"]').fill("52.5");
  await page.locator('input[type="checkbox"][name="agrees"]').check();
  const colour = page.locator('select[name="colour"]');
  if (await colour.count()) await colour.selectOption("green");
  else await page.locator('[name="colour"][value="green"]').check();
  const days = page.locator('select[name="days"]');
  if (await days.count()) await days.selectOption(["Mon", "Wed"]);
  else for (const day of ["Mon", "Wed"]) await page.locator(`[name="days"][value="${day}"]`).check();
  await page.locator('[name="_consent"][type="checkbox"]').check();
}

async function choose(visitor: Visitor): Promise<void> {
  await visitor.page.locator('[name="photo"][type="file"]').setInputFiles(photo);
  await visitor.page.locator('[name="papers"][type="file"]').setInputFiles(papers);
}

/** What the browser itself would not send. */
function invalid({ page }: Visitor): Promise<string[]> {
  return page.evaluate<string[]>(
    "[...document.querySelectorAll('main :invalid:not(form, fieldset)')].map((it) => it.outerHTML)",
  );
}

for (const javaScript of [false, true]) {
  describe(`with JavaScript ${javaScript ? "on" : "off"}`, () => {
    test("a form with every type of field arrives as it was typed, and its files as they were", async () => {
      await using visitor = await visit({ javaScript });
      await using someone = await visit({ javaScript });
      const { page } = visitor;
      await visitor.open(`${site.address}/forms/jobs`);
      expect(await visitor.description("start")).toContain("Europe/Berlin");
      await fillIn(visitor);
      await choose(visitor);
      expect(await visitor.press("Send")).toEqual(["POST /forms/jobs 303", "GET /forms/jobs/thanks 200"]);
      expect(await visitor.text()).toContain("Thank you");
      expect(visitor.refused).toEqual([]);

      const record = (await site.records("jobs")).at(-1) ?? {};
      expect(record).toMatchObject({
        name: typed.name,
        story: typed.story,
        letter: typed.letter,
        age: 36,
        agrees: true,
        email: typed.email,
        site: typed.site,
        start: "2026-07-01 07:30:00.000Z",
        colour: "green",
        days: ["Mon", "Wed"],
        facts: { a: [1, 2] },
        place: { lon: 13.4, lat: 52.5 },
      });

      await site.signIn(someone);
      await someone.open(`${site.address}/_/forms/jobs/inbox`);
      await someone.page.getByRole("link", { name: typed.name }).first().click();
      await someone.page.getByText("I water plants.").waitFor();
      const seen = await someone.text();
      for (const text of [typed.email, "You may keep this.", "green", "36"]) expect(seen).toContain(text);
      const links = await someone.page.locator('main a[href*="/files/"]').all();
      const hrefs = await Promise.all(links.map((link) => link.getAttribute("href")));
      const bodies = new Map<string, string>();
      for (const href of new Set(hrefs)) {
        const answer = await someone.page.request.get(new URL(href ?? "", someone.page.url()).href);
        expect(answer.status()).toBe(200);
        bodies.set((await answer.body()).toString("base64"), href ?? "");
      }
      const wanted = [photo, ...papers].map(({ buffer }) => buffer.toString("base64"));
      expect([...bodies.keys()].toSorted()).toEqual(wanted.toSorted());
      expect(await page.title()).toContain("Thank you");
    });

    test("what is wrong is said, and everything typed and chosen stays", async () => {
      await using visitor = await visit({ javaScript });
      const { page } = visitor;
      await visitor.open(`${site.address}/forms/jobs`);
      await unchecked(visitor);
      await fillIn(visitor);
      await choose(visitor);
      await visitor.fill({ email: "ada@home", age: "0" });
      await page.locator('[name="_consent"][type="checkbox"]').uncheck();
      expect(await visitor.press("Send")).toEqual(["POST /forms/jobs 422"]);
      expect(await visitor.description("email")).toContain("Must be a valid email address.");
      expect(await page.locator("form .notice.problem li").count()).toBe(3);
      const { secret: _, ...kept } = typed;
      expect(await visitor.typed(...Object.keys(kept))).toEqual({ ...kept, email: "ada@home", age: "0" });
      expect(await page.locator('[name="agrees"][type="checkbox"]').isChecked()).toBe(true);
      await page.locator('[name="_consent"][type="checkbox"]').check();
      await visitor.fill({ email: typed.email, age: "36", secret: typed.secret });
      expect(await invalid(visitor)).toEqual([]);
      expect((await visitor.press("Send"))[0]).toBe("POST /forms/jobs 303");
      const record = (await site.records("jobs")).at(-1) ?? {};
      expect(record).toMatchObject({ name: typed.name, age: 36, days: ["Mon", "Wed"] });
      expect(record["photo"]).toStartWith("me_");
      expect(record["papers"]).toHaveLength(2);
    });

    test("a double click, and going back to send again, make one answer; two tabs make two", async () => {
      await using visitor = await visit({ javaScript });
      const { page } = visitor;
      const message = { name: `Bob ${javaScript}`, email: "bob@example.com", message: "Do you sell ferns?" };
      const sent = async () => (await site.records("messages", `name = "${message.name}"`)).length;
      const fill = async () => {
        await visitor.open(`${site.address}/forms/contact`);
        await visitor.fill(message);
        // The demo's form knows how fast people type.
        await Bun.sleep(2000);
      };
      await fill();
      await slowly(visitor, 300);
      await page.getByRole("button", { name: "Send the message" }).dblclick();
      await page.waitForURL("**/thanks");
      expect(await sent()).toBe(1);
      await page.unrouteAll();

      await page.goBack({ waitUntil: "commit" });
      await page.getByRole("button", { name: "Send the message" }).waitFor();
      expect(await visitor.typed("name", "email", "message")).toEqual(message);
      expect((await visitor.press("Send the message"))[0]).toBe("POST /forms/contact 303");
      expect(await sent()).toBe(1);
      await page.reload();
      expect(await sent()).toBe(1);

      await fill();
      expect((await visitor.press("Send the message"))[0]).toBe("POST /forms/contact 303");
      expect(await sent()).toBe(2);
    });

    test("a form that is closed says so, and one that closes meanwhile keeps what was typed", async () => {
      await using visitor = await visit({ javaScript });
      const slug = `closing-${javaScript}`;
      const id = await site.form(slug, "messages");
      await visitor.open(`${site.address}/forms/${slug}`);
      const message = { name: "Cleo", email: "cleo@example.com", message: "Am I too late?" };
      await visitor.fill(message);
      await site.api("PATCH", `collections/_forms/records/${id}`, { closes: "2020-01-02 15:04:00.000Z" });
      expect(await visitor.press("Send")).toEqual([`POST /forms/${slug} 403`]);
      expect(await visitor.text()).toContain("2020");
      expect(await visitor.typed("name", "email", "message")).toEqual(message);
      expect(await visitor.open(`${site.address}/forms/${slug}`)).toEqual([`GET /forms/${slug} 403`]);
      expect(await visitor.page.locator("main form").count()).toBe(0);
    });

    test("who has answered as often as they may is told so, and keeps what they typed meanwhile", async () => {
      await using visitor = await visit({ javaScript });
      await using tab = await visit({ javaScript });
      const slug = `once-${javaScript}`;
      await site.form(slug, "messages", { maxPerVisitor: 1 });
      const message = { name: `Dora ${javaScript}`, email: "dora@example.com", message: "Once, please." };
      for (const it of [visitor, tab]) await it.open(`${site.address}/forms/${slug}`);
      await visitor.fill(message);
      expect((await visitor.press("Send"))[0]).toBe(`POST /forms/${slug} 303`);
      await tab.fill({ ...message, message: "Twice, please." });
      expect(await tab.press("Send")).toEqual([`POST /forms/${slug} 403`]);
      expect(await tab.typed("message")).toEqual({ message: "Twice, please." });
      expect(await tab.open(`${site.address}/forms/${slug}`)).toEqual([`GET /forms/${slug} 403`]);
      expect(await site.records("messages", `name = "${message.name}"`)).toHaveLength(1);
    });

    test("who sends more than may be is asked to wait, keeps what they typed, and sends it then", async () => {
      await using visitor = await visit({ javaScript });
      const slug = `slow-${javaScript}`;
      await site.form(slug, "messages");
      const rules = [{ label: `POST /forms/${slug}`, audience: "", duration: 2, maxRequests: 1 }];
      await site.api("PATCH", "settings", { rateLimits: { enabled: true, rules } });
      const message = { name: `Fay ${javaScript}`, email: "fay@example.com", message: "Do you sell ferns?" };
      await visitor.open(`${site.address}/forms/${slug}`);
      await visitor.fill(message);
      await fetch(`${site.address}/forms/${slug}`, { method: "POST", body: new URLSearchParams({}) });
      expect(await visitor.press("Send")).toEqual([`POST /forms/${slug} 429`]);
      expect(await visitor.text()).toContain("Wait");
      expect(await visitor.typed("name", "email", "message")).toEqual(message);
      await Bun.sleep(2000);
      expect((await visitor.press("Send"))[0]).toBe(`POST /forms/${slug} 303`);
      expect(await site.records("messages", `name = "${message.name}"`)).toHaveLength(1);
      await site.api("PATCH", "settings", { rateLimits: { enabled: false } });
    });

    test("a form in test mode stores nothing in its collection", async () => {
      await using visitor = await visit({ javaScript });
      await visitor.open(`${site.address}/forms/try`);
      await visitor.fill({ name: "Eve", email: "eve@example.com", message: `Just trying ${javaScript}.` });
      expect((await visitor.press("Send"))[0]).toBe("POST /forms/try 303");
      expect(await site.records("messages", 'name = "Eve"')).toEqual([]);
    });
  });
}
