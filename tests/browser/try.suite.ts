import { expect, test } from "bun:test";
import { Server } from "../server.ts";
import { until, useChromium, type Visitor } from "./browser.ts";
import { faultsOf, looks } from "./faults.ts";

const visit = useChromium();

const password = "a few words in a row";
const email = "ann@example.com";

/** Fills in a form of the page, presses its button and answers what is then shown beside it. */
async function play({ page }: Visitor, form: string, fields: Readonly<Record<string, string>>, button: string) {
  for (const [name, value] of Object.entries(fields)) await page.locator(`#${form} [name="${name}"]`).fill(value);
  const answered = page.waitForResponse((it) => it.request().resourceType() === "fetch");
  await page.locator(`#${form}`).getByRole("button", { name: button }).click();
  await answered;
  await until(page, `!document.querySelector('#${form} button').disabled`);
  return page.locator(`#${form} + .exchange`).innerText();
}

test("a visitor becomes a user by fetch, changes, writes and reads", async () => {
  await using server = await Server.start();
  await using visitor = await visit();
  const { page } = visitor;
  await visitor.open(`${server.address}/`);
  await visitor.follow("Try it");
  expect(await page.locator("#rename button").isEnabled()).toBe(false);

  const short = await play(visitor, "register", { name: "Ann", email, password: "short" }, "Make an account");
  expect(short).toContain("POST /register");
  expect(short).toContain("400");
  expect(short).toContain("Must be at least 8 character(s).");
  expect(short).not.toContain("short");
  expect(await page.locator("#rename button").isEnabled()).toBe(false);

  const made = await play(visitor, "register", { password }, "Make an account");
  expect(made).toContain("200");
  expect(made).toContain(email);
  expect(made).not.toContain(password);
  expect(await visitor.cookies()).toEqual(["formstead"]);
  expect(await page.locator("#register button:focus").count()).toBe(1);

  await visitor.page.reload();
  expect(await play(visitor, "login", { email, password: "other words" }, "Sign in")).toContain("400");
  expect(await play(visitor, "login", { email, password }, "Sign in")).toContain("200");
  const renamed = await play(visitor, "rename", { name: "Ann of the ferns" }, "Change it");
  expect(renamed).toMatch(/^PUT \/users\/\w{15}\n/);
  expect(renamed).toContain(`"name": "Ann of the ferns"`);
  const written = await play(visitor, "write", { title: "Ferns", body: "They like shade." }, "Publish");
  expect(written).toContain("POST /posts");
  expect(written).toContain("200");
  expect(await play(visitor, "read", {}, "Read")).toContain("They like shade.");

  expect(await faultsOf(visitor, looks(1280))).toEqual([]);

  await visitor.open(`${server.address}/posts`);
  expect(await visitor.text()).toContain("Ferns");

  await visitor.open(`${server.address}/try`);
  await page.context().setOffline(true);
  const fields = { email, password };
  for (const [name, value] of Object.entries(fields)) await page.locator(`#login [name="${name}"]`).fill(value);
  await page.locator("#login button").click();
  await page.locator("#login + .exchange h3").first().waitFor();
  expect(await page.locator("#login + .exchange").innerText()).toContain("No answer");
});

test("without JavaScript it says where to go instead", async () => {
  await using server = await Server.start();
  await using visitor = await visit({ javaScript: false });
  await visitor.open(`${server.address}/try`);
  expect(await visitor.text()).toContain("it needs JavaScript");
  expect(await visitor.page.locator("button:enabled").count()).toBe(0);
  expect(await visitor.follow("sign in")).toEqual(["GET /login 200"]);
});
