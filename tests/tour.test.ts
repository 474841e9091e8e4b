import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(import.meta.dir, "..");
const tour = readFileSync(join(root, "docs", "tour.md"), "utf8");

/** A block of the tour: a file to write, a command to run, or what the command before it says. */
interface Step {
  readonly kind: "file" | "run" | "says";
  readonly name: string;
  readonly text: string;
}

const steps = [...tour.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = "", text = ""]): Step => {
  if (language === "sh") return { kind: "run", name: "", text: text.trim() };
  if (language === "text") return { kind: "says", name: "", text: text.trim() };
  const [, name = ""] = /^(?:\/\/|<!--) (\S+\.\w+)/.exec(text) ?? [];
  return { kind: "file", name, text };
});

/** The words of a command line, without their quotes. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? "",
  );
}

/** Somebody who takes the tour, in a folder of their own and on a free port. */
class Tourist implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "formstead-tour-"));
  readonly #cookies = new Map<string, string>();
  #server: Bun.Subprocess<"ignore", "pipe", "pipe"> | undefined;
  #address = "";

  write({ name, text }: Step): void {
    const path = join(this.#folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** Runs a command, and answers what it said; of a server until it can be asked. */
  async run(line: string): Promise<string> {
    const [program, ...args] = wordsOf(line);
    if (program === "curl") return this.#curl(args);
    if (program !== "formstead") throw new Error(`Nobody has taught the tourist to ${line}.`);
    // Who is told to stop the server does so before the next command that needs its data.
    await this.#stop();
    if (args[0] === "serve") return this.#serve(args);
    const child = this.#spawn(args);
    const said = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
    expect([line, await child.exited, said[1]]).toEqual([line, 0, ""]);
    return said[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #serve(args: readonly string[]): Promise<string> {
    const child = this.#spawn([...args, "--http", "127.0.0.1:0"]);
    this.#server = child;
    const decoder = new TextDecoder();
    let said = "";
    for await (const bytes of child.stdout) {
      said += decoder.decode(bytes, { stream: true });
      const [, address] = /serves (http:\S+)\n/.exec(said) ?? [];
      if (!address) continue;
      this.#address = address;
      return said.replaceAll(address, "http://127.0.0.1:8090");
    }
    throw new Error(`The server did not start: ${said}${await new Response(child.stderr).text()}`);
  }

  async #stop(): Promise<void> {
    this.#server?.kill("SIGTERM");
    await this.#server?.exited;
    this.#server = undefined;
  }

  /** As much of curl as the tour uses. */
  async #curl(args: readonly string[]): Promise<string> {
    const headers = new Headers();
    const fields = new URLSearchParams();
    let json: string | undefined;
    let [url, head, keep] = ["", false, false];
    const rest = [...args];
    for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
      const value = () => rest.shift() ?? "";
      if (word === "-i") head = true;
      else if (word === "-d") fields.append(...(value().split("=", 2) as [string, string]));
      else if (word === "--json") json = value();
      else if (word === "-H") headers.append(...(value().split(": ", 2) as [string, string]));
      else if (word === "-c") keep = value() !== "";
      else if (word === "-b") headers.set("cookie", this.#cookies.get(value()) ?? "");
      else url = word;
    }
    if (json !== undefined) headers.set("content-type", "application/json");
    const answer = await fetch(url.replace("http://127.0.0.1:8090", this.#address), {
      method: json !== undefined || fields.size > 0 ? "POST" : "GET",
      headers,
      redirect: "manual",
      ...(json !== undefined ? { body: json } : fields.size > 0 ? { body: fields } : {}),
    });
    if (keep)
      this.#cookies.set(
        "cookies",
        answer.headers
          .getSetCookie()
          .map((it) => it.split(";")[0])
          .join("; "),
      );
    const lines = [`HTTP/1.1 ${answer.status}`, ...[...answer.headers].map(([name, value]) => `${name}: ${value}`)];
    return `${head ? `${lines.join("\n")}\n\n` : ""}${await answer.text()}`;
  }

  #spawn(args: readonly string[]) {
    return Bun.spawn([process.execPath, join(root, "src", "main.ts"), ...args], {
      cwd: this.#folder,
      env: { PATH: process.env["PATH"] ?? "" },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
  }
}

test("docs/tour.md works as it stands, from its first line to its last", async () => {
  await using tourist = new Tourist();
  let said = "";
  const asked: string[] = [];
  for (const step of steps) {
    if (step.kind === "file") tourist.write(step);
    else if (step.kind === "run") {
      asked.push(step.text);
      said = await tourist.run(step.text);
    } else {
      for (const line of step.text.split("\n")) {
        // `…` stands for anything.
        const parts = line.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
        const pattern = new RegExp(`^${parts.join("[\\s\\S]*")}`, line.startsWith("…") ? "" : "m");
        expect(said, asked.at(-1)).toMatch(pattern);
      }
    }
  }
  expect(asked.length).toBeGreaterThan(10);
  expect(steps.filter(({ kind, name }) => kind === "file" && name === "")).toEqual([]);
}, 30_000);
