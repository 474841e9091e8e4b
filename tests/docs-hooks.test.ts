import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { typesOf } from "../src/cli/types.ts";
import { starter } from "../src/embedded.ts";
import { writeFiles } from "./hooked.ts";
import { Opened } from "./testing.ts";

const root = join(import.meta.dir, "..");
const text = readFileSync(join(root, "docs", "hooks.md"), "utf8");

/** The examples by their files; those that begin with the name of one. */
const examples = Object.fromEntries(
  [...text.matchAll(/```ts\n\/\/ (hooks\/\S+\.ts)\n([\s\S]*?)```/g)].map(([, file = "", code = ""]) => [file, code]),
);

test("examples of docs/hooks.md that the demo brings are the demo's", () => {
  const shipped = starter("demo")?.hooks ?? [];
  expect(shipped.map(({ path }) => path)).toEqual(["/hello.ts", "/orders.ts", "/stamp.ts"]);
  for (const { path, file } of shipped)
    expect([path, examples[`hooks${path}`]]).toEqual([path, readFileSync(file, "utf8")]);
});

test("examples of docs/hooks.md do what is said, and fit the types that are printed", async () => {
  const told: string[] = [];
  await using phone = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => {
      told.push(await request.text());
      return new Response(null, { status: told.length === 1 ? 500 : 200 });
    },
  });
  const dir = mkdtempSync(join(tmpdir(), "formstead-docs-"));
  const here = (code: string) => code.replace("https://ntfy.sh/my-shop", phone.url.href);
  writeFiles(dir, Object.fromEntries(Object.entries(examples).map(([file, code]) => [file, here(code)])));
  await using it = await Opened.open({ dir, hooksDir: join(dir, "hooks"), hookPace: { first: 1, most: 3 } });
  await it.project.applyStarter(starter("demo")?.schema);
  const ann = await it.person("ann", { name: "Ann" });

  expect((await it.send({ json: ["GET", "/hello"] })).text).toBe("Hello from the backend!");
  expect((await it.send({ json: ["GET", "/shop/cheapest"] })).body["name"]).toBe("Lemon thyme");
  expect((await it.send({ json: ["GET", "/shop/me"] })).status).toBe(401);
  expect((await it.send({ as: "ann", json: ["GET", "/shop/me"] })).body).toEqual({ name: "Ann" });

  const { id } = await it.record("products", { name: "Rare", price: 2.5, stock: 2 });
  const order = { customer: ann["id"] ?? "", products: [id ?? ""] };
  const buy = () => it.send({ as: "ann", json: ["POST", "/api/collections/orders/records", order] });
  const bought = await Promise.all([buy(), buy(), buy()]);
  expect(bought.map(({ status }) => status).sort()).toEqual([200, 200, 400]);
  expect(bought.find(({ status }) => status === 400)?.text).toContain("sold out");
  expect((await it.send({ json: ["GET", `/api/collections/products/records/${id}`] })).body["stock"]).toBe(0);

  const message = { name: "Bea", email: "bea@example.com", message: "Hello" };
  expect((await it.send({ form: ["/forms/contact", message] })).status).toBe(303);
  for (let turn = 0; turn < 200 && told.length < 2; turn++) await Bun.sleep(10);
  expect(told).toEqual(["Bea has written to us.", "Bea has written to us."]);

  const compilerOptions = { strict: true, noEmit: true, skipLibCheck: true, module: "preserve", types: [] };
  writeFiles(dir, {
    "tsconfig.json": JSON.stringify({ compilerOptions, include: ["hooks", "formstead.d.ts"] }),
    "formstead.d.ts": typesOf(it.project.collections.current),
  });
  const checked = Bun.spawnSync([process.execPath, "check", "--no-script"], { cwd: dir });
  expect([checked.exitCode, checked.stdout.toString()]).toEqual([0, expect.any(String)]);
});
