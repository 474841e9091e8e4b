import { expect, test } from "bun:test";
import { setSystemTime, afterEach } from "bun:test";
import { sql } from "../src/store/sql.ts";
import { type Body, Opened } from "./testing.ts";

const good = { name: "Ada", email: "ada@example.com", text: "Do you sell ferns? I look for two." };
const wrong = { ...good, email: "ada@home" };
const second = 1000;

/** A browser, as far as a request shows it. */
const browser = { "user-agent": "Mozilla/5.0", "accept-language": "en", origin: "http://localhost" };

afterEach(() => void setSystemTime());

async function contact(values: Body = {}): Promise<Opened> {
  const it = await Opened.open();
  await it.collection({
    name: "messages",
    fields: [
      { name: "name", type: "text", required: true },
      { name: "email", type: "email", required: true },
      { name: "text", type: "text", multiline: true },
    ],
  });
  await it.record("_forms", { slug: "contact", collection: "messages", title: "Write to us", ...values });
  return it;
}

/** Lets the clock go on. */
function wait(milliseconds: number): void {
  setSystemTime(Date.now() + milliseconds);
}

const tokenIn = (html: string) => /name="_token" value="([^"]+)"/.exec(html)?.[1] ?? "";

async function draw(it: Opened): Promise<string> {
  return tokenIn((await it.send({ json: ["GET", "/forms/contact"], headers: { accept: "text/html" } })).text);
}

/** Sends, and answers the token of the form that came back; `""` where none did. */
async function send(it: Opened, fields: Record<string, string>): Promise<string> {
  const { text, status } = await it.send({ form: ["/forms/contact", fields], headers: browser });
  const _token = tokenIn(text);
  expect([status, _token !== ""]).toEqual(_token === "" ? [303, false] : [422, true]);
  return _token;
}

async function answers(it: Opened): Promise<{ state: string; reasons: string }[]> {
  return it.project.store.all(sql`SELECT state, reasons FROM _submissions ORDER BY created, id`);
}

test("a form that comes back has the token it came with, so that correcting a field at once is not too fast", async () => {
  await using it = await contact();
  const _token = await draw(it);
  wait(10 * second);
  expect(await send(it, { ...wrong, _token })).toBe(_token);
  expect(await send(it, { ...good, _token })).toBe("");
  expect(await answers(it)).toEqual([{ state: "new", reasons: "[]" }]);
  // A double click on the form that came back makes one answer, too.
  await send(it, { ...good, _token });
  expect(await answers(it)).toHaveLength(1);
});

test("one that has made an answer already brings another, which is as old", async () => {
  await using it = await contact();
  const first = await draw(it);
  wait(10 * second);
  expect(await send(it, { ...good, _token: first })).toBe("");
  const _token = await send(it, { ...wrong, _token: first });
  expect(_token).not.toBe(first);
  expect(_token.split(".").slice(0, 2)).toEqual(first.split(".").slice(0, 2));
  await send(it, { name: "Bob", email: "bob@example.com", text: "May I bring my dog?", _token });
  expect(await answers(it)).toEqual([
    { state: "new", reasons: "[]" },
    { state: "new", reasons: "[]" },
  ]);
});

test("whoever sends without one, or after a day, has had time enough", async () => {
  await using it = await contact();
  const old = await draw(it);
  wait(30 * 3600 * second);
  for (const sent of [undefined, old]) {
    const _token = await send(it, { ...wrong, ...(sent === undefined ? {} : { _token: sent }) });
    await send(it, { ...good, name: sent === undefined ? "Ada" : "Bea", _token });
  }
  expect(await answers(it)).toEqual([
    { state: "new", reasons: "[]" },
    { state: "new", reasons: "[]" },
  ]);
});

test("a program that sends at once is no slower for having been corrected", async () => {
  await using it = await contact();
  const _token = await draw(it);
  await send(it, { ...wrong, _token });
  await send(it, { ...good, _token });
  expect(await answers(it)).toEqual([{ state: "spam", reasons: expect.stringContaining("too_fast") }]);
});
