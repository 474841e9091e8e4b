import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dir, "../..");

/** The command that runs Formstead from its sources. */
export const source = [process.execPath, join(root, "src/main.ts")];

/** A folder of its own for one test, gone at the end of `using`. */
export function openFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "formstead-faults-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** The flags that say where everything is; nothing is put into the folder the tests are run in. */
export function at(dir: string): string[] {
  return ["--dir", dir, "--publicDir", `${dir}-public`, "--hooksDir", `${dir}-hooks`];
}

/** Runs a command to its end and answers what it printed; throws where it fails. */
export async function run(command: readonly string[], cwd = root): Promise<string> {
  const child = Bun.spawn([...command], { cwd, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const printed = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  if ((await child.exited) !== 0) throw new Error(`${command.join(" ")} failed: ${printed.join("")}`);
  return printed.join("");
}

export interface Start {
  /** The command without `serve`. */
  readonly program?: readonly string[];
  /** What runs it, in front of the command. */
  readonly under?: readonly string[];
  readonly dir: string;
  /** The file for what it prints. */
  readonly log?: string;
}

/** A server in a process of its own, on a free port of the loopback, ended at the end of `await using`. */
export class Server implements AsyncDisposable {
  private constructor(
    readonly address: string,
    readonly child: Bun.Subprocess,
    readonly log: string,
  ) {}

  /** Answers once the server has said where it is. */
  static async start({ program = source, under = [], dir, log = `${dir}.log` }: Start): Promise<Server> {
    const output = openSync(log, "w");
    const child = Bun.spawn([...under, ...program, "serve", ...at(dir), "--http", "127.0.0.1:0"], {
      stdin: "ignore",
      stdout: output,
      stderr: output,
    });
    closeSync(output);
    for (let waited = 0; waited < 20_000 && isRunning(child); waited += 5) {
      const [, address] = /serves (http:\S+)[^]*dashboard: .*\n/.exec(readFileSync(log, "utf8")) ?? [];
      if (address) return new Server(address, child, log);
      await Bun.sleep(5);
    }
    await new Server("", child, log).kill();
    throw new Error(`The server did not start: ${readFileSync(log, "utf8").slice(-2000)}`);
  }

  get said(): string {
    return readFileSync(this.log, "utf8");
  }

  async json(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(this.address + path, {
      method,
      headers: { accept: "application/json", ...(body ? { "content-type": "application/json" } : {}), ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return { status: response.status, text, body: text.startsWith("{") ? JSON.parse(text) : {} };
  }

  /** As a browser without JavaScript sends a form; redirects are answers. */
  form(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(this.address + path, {
      method: "POST",
      redirect: "manual",
      headers: { accept: "text/html", ...headers },
      body: new URLSearchParams(fields),
    });
  }

  /** The header that makes a request a superuser's. */
  async owner(): Promise<{ authorization: string }> {
    const { body, text } = await this.json("POST", "/api/collections/_superusers/auth-with-password", owner);
    if (typeof body["token"] !== "string") throw new Error(`The owner was not let in: ${text}`);
    return { authorization: body["token"] };
  }

  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  /** A tracer goes when the server it runs has gone; ended first it would leave the server behind. */
  async #end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    if (isRunning(this.child)) process.kill(runBy(this.child.pid) ?? this.child.pid, signal);
    await this.child.exited;
  }
}

function isRunning({ exitCode, signalCode }: Bun.Subprocess): boolean {
  return exitCode === null && signalCode === null;
}

/** The process that a process has started, if any. */
function runBy(pid: number): number | undefined {
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
  return child ? Number(child) : undefined;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export const owner = { identity: "owner@example.com", password: "a password of ours" };

/** The demo starter and somebody who owns it, in a new data folder. */
export async function prepare(dir: string): Promise<void> {
  await run([...source, "starter", "demo", ...at(dir)]);
  await run([...source, "superuser", "create", owner.identity, owner.password, "--dir", dir]);
}
