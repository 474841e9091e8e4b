import { expect, test } from "bun:test";
import { join } from "node:path";
import PocketBase from "pocketbase";
import { starter } from "../src/embedded.ts";
import { serverOptions } from "../src/http/options.ts";
import { Opened } from "./testing.ts";

const readme = await Bun.file(join(import.meta.dir, "../README.md")).text();

function block(language: string): string {
  const found = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1];
  if (!found) throw new Error(`README.md has no example in ${language}.`);
  return found;
}

/** Runs a module's text with its one import handed in, and every address of the example pointing at the test's server. */
async function play(text: string, address: string): Promise<void> {
  const body = text.replace('import PocketBase from "pocketbase";', "").replaceAll("http://127.0.0.1:8090", address);
  const AsyncFunction = (async () => {}).constructor as new (...texts: string[]) => (sdk: unknown) => Promise<void>;
  await new AsyncFunction("PocketBase", body)(PocketBase);
}

test("the form in README.md arrives at the demo's contact form", async () => {
  await using it = await Opened.open();
  await it.project.applyStarter(starter("demo")?.schema);
  const [, action = ""] = /action="https:\/\/me\.example([^"]+)"/.exec(block("html")) ?? [];
  const names = [...block("html").matchAll(/name="(\w+)"/g)].map(([, name = ""]) => name);
  const fields = Object.fromEntries(names.map((name) => [name, `${name}@example.com`]));
  expect(names.length).toBeGreaterThan(2);
  const before = (await it.counts()).messages ?? 0;
  expect((await it.send({ form: [action, fields] })).status).toBe(303);
  expect((await it.counts()).messages).toBe(before + 1);
});

test("`Your own form` in README.md works as it stands", async () => {
  await using it = await Opened.open();
  const made = await it.project.superusers.create("me@example.com", "a good password");
  expect(made.ok).toBe(true);
  it.app.listen({ ...serverOptions, hostname: "127.0.0.1", port: 0 });
  await play(block("js"), `http://127.0.0.1:${it.app.server?.port}`);

  expect((await it.send({ headers: { accept: "text/html" }, json: ["GET", "/forms/party"] })).text).toContain(
    "Are you coming?",
  );
  const wrong = await it.send({ form: ["/forms/party", { name: "Ann", email: "ann@example.com", guests: "7" }] });
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain("Must be less or equal than 6.");
  expect(
    (await it.send({ form: ["/forms/party", { name: "Ann", email: "ann@example.com", guests: "2" }] })).status,
  ).toBe(303);
  expect((await it.counts()).guests).toBe(1);
  await it.app.server?.stop(true);
});
