import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const main = join(import.meta.dir, "..", "src", "main.ts");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "formstead-schema-file-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(argv: readonly string[], env: Record<string, string> = {}) {
  return Bun.spawn([process.execPath, main, ...argv], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}

/** A command that ends by itself. */
async function formstead(line: string, env?: Record<string, string>) {
  const child = start(line.split(" "), env);
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, out, err };
}

/** Serves until it can be asked, asks it, and stops it. Answers what it said before it served. */
async function served(ask: (address: string) => Promise<void> = async () => {}, ...flags: string[]): Promise<string> {
  const child = start(["serve", "--http", "127.0.0.1:0", ...flags]);
  const decoder = new TextDecoder();
  let said = "";
  for await (const bytes of child.stdout) {
    said += decoder.decode(bytes, { stream: true });
    const [before = "", address] = said.split(/^Formstead .* serves (http:\S+)\n/m);
    if (address === undefined) continue;
    try {
      await ask(address);
    } finally {
      child.kill("SIGTERM");
      await child.exited;
    }
    return before;
  }
  throw new Error(`It did not serve: ${said}${await new Response(child.stderr).text()}`);
}

function write(fields: string, file = "schema.ts"): void {
  const words = "anyone, collection, collections, number, text, unique";
  const source = `import { ${words} } from "formstead";\n\nexport default collections({ guests: collection(${fields}) });\n`;
  writeFileSync(join(folder, file), source);
}

async function send(address: string, values: Record<string, string>): Promise<number> {
  const body = JSON.stringify(values);
  const headers = { "content-type": "application/json" };
  return (await fetch(`${address}/api/collections/guests/records`, { method: "POST", headers, body })).status;
}

const open = "rules: { list: anyone, create: anyone }";

describe("schema.ts beside the program", () => {
  test("is applied at a start, which says so once, and shown by plan and print", async () => {
    write(`{ name: text() }, { ${open} }`);
    const planned = await formstead("schema plan");
    expect(planned).toEqual({
      code: 0,
      out: "schema.ts asks for this:\n- Create the collection guests.\nNothing was changed. The next start of `formstead serve` does this.\n",
      err: "",
    });
    const first = await served(async (address) => expect(await send(address, { name: "Ann" })).toBe(200));
    expect(first).toBe(
      "schema.ts asks for this:\n- Create the collection guests.\nThe collections are as schema.ts describes them.\n",
    );
    expect(await served()).toBe("");
    expect((await formstead("schema plan")).out).toBe(
      "There is nothing to do: the collections are as schema.ts describes them.\n",
    );
    const printed = await formstead("schema print");
    expect(printed.out).toContain("guests: collection(\n");
    writeFileSync(join(folder, "schema.ts"), printed.out);
    expect((await formstead("schema plan")).out).toStartWith("There is nothing to do");
  }, 20_000);

  test("that loses data starts nothing until that is accepted; the data stays", async () => {
    write(`{ name: text(), age: number() }, { ${open} }`);
    await served(async (address) => expect(await send(address, { name: "Ann", age: "3" })).toBe(200));
    write(`{ called: text({ was: "name" }) }, { ${open} }`);
    const steps = [
      "schema.ts asks for this:",
      "- Delete the field age of guests and everything in it. That data is lost then.",
      "- Rename the field name of guests to called.",
    ];
    const refused = await formstead("serve --http 127.0.0.1:0");
    expect([refused.code, refused.out.trim().split("\n")]).toEqual([1, steps]);
    expect(refused.err).toBe(
      "This loses data, so nothing was done. Add --accept-loss if that is meant, or change schema.ts.\n",
    );
    expect((await formstead("schema plan")).out).toEndWith(
      "Nothing was changed. The next start does this if it may: formstead serve --accept-loss\n",
    );
    const look = async (address: string, values: Record<string, unknown>) => {
      const list = await (await fetch(`${address}/api/collections/guests/records`)).json();
      expect(list.items).toMatchObject([values]);
    };
    rmSync(join(folder, "schema.ts"));
    await served((address) => look(address, { name: "Ann", age: 3 }));
    write(`{ called: text({ was: "name" }) }, { ${open} }`);
    expect(await served((address) => look(address, { called: "Ann" }), "--accept-loss")).toStartWith(steps.join("\n"));
  }, 20_000);

  test("that cannot be is said with file and line, by plan and by a start, and ends both with 1", async () => {
    write(`{ name: text() }, { ${open} }`);
    await served(async (address) => {
      expect([await send(address, { name: "Ann" }), await send(address, { name: "Ann" })]).toEqual([200, 200]);
    });
    write(`{ name: text() }, { ${open}, indexes: [unique("name")] }`);
    for (const command of ["schema plan", "serve --http 127.0.0.1:0"]) {
      const { code, err } = await formstead(command);
      expect([code, err]).toEqual([1, expect.stringContaining("Make the index idx_guests_name: Some records")]);
    }
    write("{ name: text( }");
    const { code, out, err } = await formstead("serve --http 127.0.0.1:0");
    expect([code, out]).toEqual([1, ""]);
    expect(err).toBe("The schema file schema.ts:3 cannot be read: Unexpected }. Mend that line and start again.\n");
  }, 20_000);

  test("may lie elsewhere, and must be there then", async () => {
    write(`{ name: text() }`, "mine.ts");
    expect((await formstead("schema plan --schema mine.ts")).out).toStartWith("mine.ts asks for this:");
    expect((await formstead("schema plan", { FORMSTEAD_SCHEMA: "./mine.ts" })).out).toStartWith("mine.ts asks");
    const missing = "There is no schema file ./nope.ts. Look for a typing error in --schema, or leave it out.\n";
    expect(await formstead("serve --schema ./nope.ts")).toEqual({ code: 1, out: "", err: missing });
    const none = "There is no schema.ts here. Write one from what stands: formstead schema print > schema.ts\n";
    expect(await formstead("schema plan")).toEqual({ code: 1, out: "", err: none });
    expect(existsSync(join(folder, "schema.ts"))).toBe(false);
  }, 20_000);

  test("is applied again while developing; a broken one changes nothing and stops nothing", async () => {
    write(`{ name: text() }, { ${open} }`);
    const child = start(["serve", "--http", "127.0.0.1:0", "--dev"]);
    const reading = [child.stdout, child.stderr].map((stream) => stream.getReader());
    let said = "";
    for (const reader of reading) {
      void (async () => {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return;
          said += new TextDecoder().decode(value);
        }
      })();
    }
    const until = async (pattern: RegExp) => {
      for (let tries = 0; tries < 500; tries++, await Bun.sleep(20)) if (pattern.test(said)) return;
      throw new Error(`It never said ${pattern}: ${said}`);
    };
    try {
      await until(/serves http:\S+\n/);
      write("{ name: text( }");
      await until(/The schema file schema\.ts:3 cannot be read/);
      write(`{ name: text(), age: number() }, { ${open} }`);
      await until(/- Add the field age to guests\.\nThe collections are as/);
      const [, address = ""] = /serves (http:\S+)/.exec(said) ?? [];
      expect(await send(address, { name: "Ann", age: "3" })).toBe(200);
    } finally {
      child.kill("SIGTERM");
      await child.exited;
    }
  }, 20_000);

  test("types are printed for it and from it", async () => {
    write(`{ name: text({ required: true }) }`);
    expect((await formstead("types")).out).toMatch(
      /interface GuestsRecord \{[\s\S]*declare global \{[\s\S]*FormsteadHooks/,
    );
    expect((await formstead("types schema")).out).toContain('declare module "formstead"');
    expect((await formstead("types nonsense")).code).toBe(2);
    expect(readFileSync(join(folder, "schema.ts"), "utf8")).toContain("guests");
  }, 20_000);
});
