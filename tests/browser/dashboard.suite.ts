import { describe, expect, test } from "bun:test";
import { Server } from "../server.ts";
import { useChromium, type Visitor } from "./browser.ts";

const visit = useChromium();

const password = "a few words in a row";
const owner = { email: "owner@example.com", password };

/** Signs a visitor in as the first superuser. */
async function becomeOwner(visitor: Visitor, server: Server): Promise<void> {
  await visitor.open(await server.setupLink());
  await visitor.fill({ ...owner, passwordConfirm: password });
  expect((await visitor.press("Create and sign in")).at(-1)).toBe("GET /_/ 200");
}

/** Presses Tab until this has the focus; all that has it on the way shows it. */
async function tabTo({ page }: Visitor, selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    const outline = await page.evaluate<string>("getComputedStyle(document.activeElement).outlineStyle");
    expect(outline).not.toBe("none");
    if (await page.locator(`${selector}:focus`).count()) return;
  }
  expect.unreachable(`Tab never leads to ${selector}.`);
}

/** Presses Enter and waits for the page it leads to. */
async function enter({ page }: Visitor): Promise<void> {
  const arrived = page.waitForEvent("load");
  await page.keyboard.press("Enter");
  await arrived;
}

/** Who is in the list, and with what. */
async function listed({ page }: Visitor): Promise<string[]> {
  const rows = await page.locator(".inbox tbody tr").all();
  return Promise.all(
    rows.map(async (row) => (await row.locator("td:nth-child(2), td:nth-child(3)").allInnerTexts()).join(": ")),
  );
}

for (const javaScript of [false, true]) {
  describe(`the dashboard with JavaScript ${javaScript ? "on" : "off"}`, () => {
    test("a form is made from nothing by keyboard alone, and its first answer arrives", async () => {
      await using server = await Server.start();
      await using someone = await visit({ javaScript });
      await using stranger = await visit({ javaScript });
      await becomeOwner(someone, server);
      const { page } = someone;

      await tabTo(someone, 'a[href="/_/forms/new"]');
      await enter(someone);
      expect(await page.locator('[name="title"]:focus').count()).toBe(1);
      await page.keyboard.type("Tell us");
      await tabTo(someone, '[name="notify"]');
      expect(await someone.typed("from", "notify")).toEqual({ from: "set:contact", notify: owner.email });
      await tabTo(someone, "main button");
      await enter(someone);
      expect(page.url()).toEndWith("/_/forms/tell-us/code?done=made");
      const code = await page.locator("pre").first().innerText();

      // A test types faster than anybody.
      await someone.follow("Edit");
      await page.locator("#part-shield > summary").click();
      await someone.fill({ "shield.seconds": "0" });
      await someone.press("Save");

      // What is to be copied works as it stands, on a page of somebody's own.
      await stranger.page.setContent(code);
      await stranger.fill({ name: "Ann", email: "ann@example.com", message: "Do you sell ferns?" });
      const thanked = stranger.page.waitForURL("**/thanks");
      await stranger.page.getByRole("button", { name: "Send" }).click();
      if (javaScript) await stranger.page.getByText("Thank you").waitFor();
      else await thanked;
      thanked.catch(() => {});

      await someone.follow("Inbox");
      expect(await listed(someone)).toEqual(["Ann: ann@example.com · Do you sell ferns?"]);
      await someone.follow("Ann");
      expect(await someone.text()).toContain("Do you sell ferns?");
      expect(someone.refused).toEqual([]);
    });

    test("an entry becomes spam, is released, and several are deleted at once", async () => {
      await using server = await Server.start();
      await using someone = await visit({ javaScript });
      for (const name of ["Ann", "Bob"]) {
        const body = new URLSearchParams({
          name,
          email: `${name}@example.com`,
          message: `I am ${name}, and I look for ferns.`,
        });
        await fetch(`${server.address}/forms/contact`, { method: "POST", body, redirect: "manual" });
      }
      await becomeOwner(someone, server);
      const inbox = "/_/forms/contact/inbox";
      await someone.open(`${server.address}${inbox}`);
      await someone.follow("Ann");
      expect((await someone.press("Spam")).at(-1)).toBe(`GET ${inbox}?done=1 200`);
      expect(await listed(someone)).toEqual(["Bob: Bob@example.com · I am Bob, and I look for ferns."]);
      await someone.open(`${server.address}${inbox}?state=spam`);
      await someone.follow("Ann");
      await someone.press("Not spam");
      expect(await someone.page.locator(".headed .state").innerText()).toBe("Read");

      await someone.open(`${server.address}${inbox}`);
      await someone.page.getByLabel("Tick Ann").check();
      await someone.page.getByLabel("Tick Bob").check();
      expect((await someone.press("Delete")).at(-1)).toBe(`GET ${inbox}?done=2 200`);
      expect(await listed(someone)).toEqual([]);
      expect(await someone.text()).toContain("Done. Entries changed: 2.");
      expect(someone.refused).toEqual([]);
    });

    test("a question is added to a form and its collection in one save", async () => {
      await using server = await Server.start();
      await using someone = await visit({ javaScript });
      await becomeOwner(someone, server);
      await someone.open(`${server.address}/_/forms/contact`);
      await someone.fill({ "new.label": "Which day?", "new.choices": "Monday\nTuesday" });
      await someone.page.locator('[name="new.kind"]').selectOption("one");
      await someone.page.locator('[name="new.required"]').check();
      expect(await someone.press("Save")).toEqual(["POST /_/forms/contact 303", "GET /_/forms/contact?done=saved 200"]);
      expect(await someone.page.locator('[name="need.which_day"]:checked').count()).toBe(1);
      expect(await someone.typed("new.label", "label.which_day")).toEqual({
        "new.label": "",
        "label.which_day": "Which day?",
      });
      await someone.open(`${server.address}/forms/contact`);
      const asked = someone.page.getByLabel("Which day?");
      expect(await asked.locator("option").allInnerTexts()).toEqual(["—", "Monday", "Tuesday"]);
      expect(await someone.page.locator('[name="which_day"]:required').count()).toBe(1);
      expect(someone.refused).toEqual([]);
    });

    test("a form that cannot be saved keeps what was typed, with the first problem in focus", async () => {
      await using server = await Server.start();
      await using someone = await visit({ javaScript });
      await becomeOwner(someone, server);
      await someone.open(`${server.address}/_/forms/contact`);
      await someone.fill({ title: "Write", "label.name": "Who are you" });
      await someone.page.locator("#part-mail summary").click();
      await someone.fill({ notify: "me" });
      expect(await someone.press("Save")).toEqual(["POST /_/forms/contact 422"]);
      expect(await someone.page.locator('[name="notify"]:focus').count()).toBe(1);
      expect(await someone.typed("title", "label.name", "notify")).toEqual({
        title: "Write",
        "label.name": "Who are you",
        notify: "me",
      });
      await someone.fill({ notify: owner.email });
      expect(await someone.press("Save")).toEqual(["POST /_/forms/contact 303", "GET /_/forms/contact?done=saved 200"]);
      expect(await someone.text()).toContain("Your changes are saved.");
      await someone.open(`${server.address}/forms/contact`);
      expect(await someone.text()).toContain("Who are you");
      expect(someone.refused).toEqual([]);
    });
  });
}
