import { expect, test } from "bun:test";
import { join } from "node:path";
import { useChromium, type Visitor } from "../browser/browser.ts";
import { faultsOf, looks } from "../browser/faults.ts";
import { Setting, unchecked } from "../browser/forms.ts";

const visit = useChromium();

const file = { name: "cv.txt", mimeType: "text/plain", buffer: Buffer.from("Ferns since 1998.") };

/** Every type of field that a visitor answers, each with a label and most with help. */
const fields = [
  { name: "name", type: "text", required: true, max: 60, help: "As it stands on letters." },
  { name: "story", type: "text", multiline: true, required: true },
  { name: "letter", type: "editor", help: "HTML is fine." },
  { name: "age", type: "number", required: true, onlyInt: true, min: 1 },
  { name: "agrees", type: "bool", required: true, help: "Nothing goes without it." },
  { name: "email", type: "email", required: true },
  { name: "site", type: "url" },
  { name: "start", type: "date", required: true },
  { name: "colour", type: "select", values: ["red", "green", "blue"], required: true },
  { name: "days", type: "select", values: ["Monday", "Tuesday", "Wednesday"], maxSelect: 3 },
  { name: "photo", type: "file", mimeTypes: ["image/png"] },
  { name: "papers", type: "file", maxSelect: 3, required: true },
  { name: "facts", type: "json" },
  { name: "place", type: "geoPoint" },
  { name: "secret", type: "password", min: 8 },
];

const site = new Setting(async (it) => {
  await it.api("POST", "collections", { name: "jobs", type: "base", createRule: "", fields });
  await it.form("jobs", "jobs", {
    title: "Work with us",
    introduction: "Tell us who you are and what you have grown. We answer within a week.",
    consent: "You may keep this for a year, and ask others in the nursery about it.",
    timeZone: "Europe/Berlin",
    thanks: "We have it.\nExpect a letter.",
  });
  await it.form("closed", "messages", { title: "Closed", closes: "2020-01-02 15:04:00.000Z" });
});

/** Where screenshots go that somebody wants to look at; nowhere unless said. */
const shots = Bun.env["FORMSTEAD_SHOTS"];

async function shoot({ page }: Visitor, name: string): Promise<void> {
  if (!shots) return;
  for (const width of [320, 768, 1440]) {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await page.screenshot({ path: join(shots, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
  }
}

/** What visitors see of a form, and how they get there without a word of English. */
const pages: Readonly<Record<string, (visitor: Visitor) => Promise<unknown>>> = {
  empty: (it) => it.open(`${site.address}/forms/jobs`),
  problems: async (it) => {
    await unchecked(it);
    await it.fill({ name: "x".repeat(70), email: "ann@home", age: "0", "place.lat": "91" });
    await it.page.locator('[name="papers"][type="file"]').setInputFiles(file);
    await it.page.locator("main button[type=submit]").click();
    await it.page.locator(".notice.problem").first().waitFor();
    await it.page.getByText("cv.txt").first().waitFor();
  },
  thanks: (it) => it.open(`${site.address}/forms/jobs/thanks`),
  closed: (it) => it.open(`${site.address}/forms/closed`),
  "signed out": async (it) => {
    const email = `person-${++people}@example.com`;
    await it.open(`${site.address}/register`);
    await it.fill({ email, name: "Ann", password, passwordConfirm: password });
    await it.page.locator("main button").click();
    await it.page.waitForURL("**/profile");
    await it.page.context().clearCookies();
    await it.page.locator("#details-name").fill("Ann Lee");
    await it.page.locator("section:has(#details) button").click();
    await it.page.locator('main a[href*="/login"]').waitFor();
    expect(await it.page.locator("#details-name").inputValue()).toBe("Ann Lee");
    expect(await it.page.locator("header form").count()).toBe(0);
  },
  resend: async (it) => {
    await it.page.locator('main a[href*="/login"]').first().click();
    await it.page.locator('[name="identity"]').waitFor();
    await it.fill({ identity: `person-${people}@example.com`, password });
    await it.page.locator("main button").click();
    await it.page.waitForURL("**/resend/*");
    await it.page.getByText("Ann Lee").waitFor();
  },
};

const password = "a few words in a row";
let people = 0;

for (const language of ["en-US", "ar"]) {
  test(`a form, its problems, thanks and a closed one are for everyone, in ${language}`, async () => {
    for (const javaScript of [true, false]) {
      await using visitor = await visit({ width: 320, language, javaScript });
      for (const [page, go] of Object.entries(pages)) {
        await go(visitor);
        expect(await visitor.page.locator("html").getAttribute("dir")).toBe(language === "ar" ? "rtl" : "ltr");
        // What axe needs of the page runs only where scripts do.
        if (javaScript) expect(await faultsOf(visitor, looks(320)), page).toEqual([]);
        if (javaScript) await shoot(visitor, `${page}-${language}`);
        expect(visitor.refused, page).toEqual([]);
      }
    }
  });
}

for (const javaScript of [false, true]) {
  test(`by keyboard alone, with JavaScript ${javaScript ? "on" : "off"}`, async () => {
    await using visitor = await visit({ javaScript });
    const { page } = visitor;
    const { keyboard } = page;
    const tabTo = async (selector: string): Promise<void> => {
      for (let presses = 0; presses < 60; presses++) {
        if (await page.locator(`${selector}:focus`).count()) return;
        await keyboard.press("Tab");
      }
      expect.unreachable(`Tab never leads to ${selector}.`);
    };
    const type = async (name: string, text: string) => {
      await tabTo(`[name="${name}"]`);
      await keyboard.type(text);
    };

    await visitor.open(`${site.address}/forms/jobs`);
    await type("name", "Ada");
    await type("story", "I water plants.");
    await type("age", "36");
    await tabTo('[name="agrees"][type="checkbox"]');
    await keyboard.press("Space");
    await type("email", "ada@example.com");
    // Month, day and year, and hour, minute and half of the day, as the browser asks for them.
    await type("start", "07012026");
    await keyboard.press("Tab");
    await keyboard.type("0930A");
    await tabTo('[name="colour"]');
    if (await page.locator('select[name="colour"]').count()) await keyboard.type("green");
    else await keyboard.press("ArrowDown");
    const chosen = page.waitForEvent("filechooser");
    await tabTo('[name="papers"][type="file"]');
    await keyboard.press("Enter");
    await (await chosen).setFiles(file);
    await tabTo('[name="_consent"][type="checkbox"]');
    await keyboard.press("Space");
    await tabTo("main button[type=submit]");
    const arrived = page.waitForURL("**/forms/jobs/thanks");
    await keyboard.press("Enter");
    await arrived;
    const record = (await site.records("jobs")).at(-1);
    expect(record).toMatchObject({
      name: "Ada",
      age: 36,
      agrees: true,
      email: "ada@example.com",
      start: "2026-07-01 07:30:00.000Z",
    });
    expect(record?.["papers"]).toHaveLength(1);
    expect(record?.["colour"]).not.toBe("");
  });
}
