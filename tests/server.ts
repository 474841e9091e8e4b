import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Embedded, starter as findStarter } from "../src/embedded.ts";
import { openProject } from "../src/index.ts";

const main = join(import.meta.dir, "..", "src", "main.ts");

const served = /serves (http:\S+)/;

/** Milliseconds a server has to start or to stop. */
const patience = 20_000;

/** A real server process on a folder of its own and a free port. Stopped, and its folder gone, at the end of `await using`. */
export class Server implements AsyncDisposable {
  #child: Bun.Subprocess<"ignore", "pipe", "inherit"> | undefined;
  #said = "";

  private constructor(
    readonly dir: string,
    readonly flags: readonly string[],
  ) {}

  /** The folder is filled by a starter unless told otherwise; `flags` are those of `serve`. */
  static async start({
    starter = "demo",
    flags = [],
  }: { starter?: string; flags?: readonly string[] } = {}): Promise<Server> {
    const server = new Server(mkdtempSync(join(tmpdir(), "formstead-server-")), flags);
    await server.#fill(starter);
    await server.#serve("0");
    return server;
  }

  /** `http://127.0.0.1:PORT`, without a path. */
  get address(): string {
    return this.#find(served);
  }

  get port(): number {
    return Number(new URL(this.address).port);
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** What it has printed since it was started last. */
  get said(): string {
    return this.#said;
  }

  /** Where the first superuser is made; printed, after the address, only while there is none. */
  async setupLink(): Promise<string> {
    const link = /(http:\S+\/_\/setup\?token=\S+)/;
    await this.#until(() => link.test(this.#said));
    return this.#find(link);
  }

  /** The user's own folder. */
  get publicDir(): string {
    return join(this.dir, "public");
  }

  /** Stops it and starts it on the same folder and port. */
  async restart(): Promise<void> {
    const { port } = this;
    await this.stop();
    await this.#serve(String(port));
  }

  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    child.kill(signal);
    const impatience = setTimeout(() => child.kill("SIGKILL"), patience);
    await child.exited;
    clearTimeout(impatience);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  async #serve(port: string): Promise<void> {
    this.#said = "";
    const child = this.#spawn("serve", "--http", `127.0.0.1:${port}`, ...this.flags);
    this.#child = child;
    void this.#listen(child.stdout);
    const healthy = this.#until(() => child.exitCode !== null || this.#isHealthy());
    if ((await healthy) && child.exitCode === null) return;
    await this.stop("SIGKILL");
    throw new Error(`The server did not start. It said: ${this.#said}`);
  }

  async #isHealthy(): Promise<boolean> {
    const address = served.exec(this.#said)?.[1];
    return address !== undefined && (await fetch(`${address}/api/health`).catch(() => undefined))?.ok === true;
  }

  /** Whether it was so in time. */
  async #until(isSo: () => boolean | Promise<boolean>): Promise<boolean> {
    const end = Date.now() + patience;
    while (!(await isSo())) {
      if (Date.now() > end) return false;
      await Bun.sleep(20);
    }
    return true;
  }

  async #listen(output: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of output) this.#said += decoder.decode(bytes, { stream: true });
  }

  /** What `formstead starter` does, without a process of its own. */
  async #fill(name: string): Promise<void> {
    const starter = findStarter(name);
    if (!starter) throw new Error(`There is no starter ${name}.`);
    const project = await openProject({ dir: this.dir, write: () => {} });
    await project.applyStarter(starter.schema);
    await project.close();
    await this.#copy(starter.files, this.publicDir);
    await this.#copy(starter.hooks, join(this.dir, "hooks"));
  }

  async #copy(files: readonly Embedded[], folder: string): Promise<void> {
    for (const { path, file } of files) await Bun.write(join(folder, path), Bun.file(file));
  }

  #spawn(...argv: string[]) {
    return Bun.spawn([process.execPath, main, ...argv, "--dir", this.dir, "--publicDir", this.publicDir], {
      cwd: this.dir,
      env: { PATH: process.env["PATH"] ?? "" },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "inherit",
    });
  }

  #find(pattern: RegExp): string {
    const found = pattern.exec(this.#said)?.[1];
    if (!found) throw new Error(`The server never said ${pattern}. It said: ${this.#said}`);
    return found;
  }
}
