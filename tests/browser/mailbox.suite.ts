import { expect, test } from "bun:test";
import { Server } from "../server.ts";
import { useChromium } from "./browser.ts";
import { faultsOf, looks } from "./faults.ts";

const visit = useChromium();

const owner = { email: "owner@example.com", password: "a few words in a row" };
const words = { name: "Donaudampfschifffahrt".repeat(4), email: "ann@example.com", message: "<b>bold</b>\nlines" };

/** A server whose contact form tells its owner of answers, with one answer. */
async function inhabited(): Promise<Server> {
  const server = await Server.start();
  const link = new URL(await server.setupLink());
  const token = link.searchParams.get("token") ?? "";
  await fetch(link, {
    method: "POST",
    body: new URLSearchParams({ token, ...owner, passwordConfirm: owner.password }),
  });
  const api = async (method: string, path: string, body: object | null, authorization = "") => {
    const headers = { "content-type": "application/json", authorization };
    return (await fetch(`${server.address}${path}`, { method, headers, body: body && JSON.stringify(body) })).json();
  };
  const credentials = { identity: owner.email, password: owner.password };
  const session = await api("POST", "/api/collections/_superusers/auth-with-password", credentials);
  const forms = await api("GET", "/api/collections/_forms/records?filter=slug='contact'", null, session.token);
  const form = `/api/collections/_forms/records/${forms.items[0].id}`;
  await api("PATCH", form, { notify: ["desk@example.com"] }, session.token);
  await fetch(`${server.address}/forms/contact`, { method: "POST", body: new URLSearchParams(words) });
  return server;
}

for (const javaScript of [false, true]) {
  test(`an owner reads a mail in the mailbox and sends it again, with JavaScript ${javaScript ? "on" : "off"}`, async () => {
    await using server = await inhabited();
    await using visitor = await visit({ width: 320, javaScript });
    await visitor.open(`${server.address}/_/mailbox`);
    await visitor.fill(owner);
    expect((await visitor.press("Sign in")).at(-1)).toBe("GET /_/mailbox 200");
    expect(await visitor.text()).toContain("Kept here");
    if (javaScript) expect(await faultsOf(visitor, looks(320, 1280))).toEqual([]);
    await visitor.follow("New answer: Write to us");
    expect(await visitor.text()).toContain("desk@example.com");
    const framed = visitor.page.frameLocator("iframe").locator("td").last();
    expect(await framed.innerText()).toBe("<b>bold</b>\nlines");
    if (javaScript) expect(await faultsOf(visitor, looks(320, 1280))).toEqual([]);
    expect((await visitor.press("Send again")).at(-1)).toMatch(/^GET \/_\/mailbox\/\d+ 200$/);
    // It is done beside the answer, perhaps a moment later.
    while (!(await visitor.text()).includes("Kept here")) await visitor.page.reload();
    expect(visitor.refused).toEqual([]);
  });
}
