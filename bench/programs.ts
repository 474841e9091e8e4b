import { createServer } from "node:net";
import { resolve } from "node:path";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";

/** A server that answered its first request `start` milliseconds after it was called. */
export interface Server {
  readonly address: string;
  readonly start: number;
  /** Megabytes it holds in memory now; `undefined` where the system does not say. */
  memory(): number | undefined;
  /** Microseconds of CPU that all its threads have used; `undefined` where the system does not say. */
  cpu(): number | undefined;
  /** Ends it by its own id and waits until it is gone. */
  stop(): Promise<void>;
}

/** The checkout. */
export const root = resolve(import.meta.dir, "..");

type Child = Bun.Subprocess;
const running = new Set<Child>();

/**
 * Starts a server and waits until it answers `/api/health`. What it prints goes to the file `log`, as it would in
 * earnest. Throws the end of that when it stops or takes 20 s.
 */
export async function serve(command: (port: number) => readonly string[], log: string): Promise<Server> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const called = Bun.nanoseconds();
  const child = launch(command(port), log);
  while (!(await answers(address))) {
    if (child.exitCode === null && Bun.nanoseconds() - called < 20e9) await Bun.sleep(1);
    else {
      await stop(child);
      throw new Error(`${command(port).join(" ")} does not answer: ${ending(log)}`);
    }
  }
  const start = (Bun.nanoseconds() - called) / 1e6;
  return { address, start, memory: () => memory(child.pid), cpu: () => cpu(child.pid), stop: () => stop(child) };
}

/** Runs a command to its end and answers what it printed, which also stays in the file `log`. Throws when it fails. */
export async function run(command: readonly string[], log: string, cwd = root): Promise<string> {
  const child = launch(command, log, cwd);
  const status = await child.exited;
  running.delete(child);
  const printed = readFileSync(log, "utf8");
  if (status !== 0) throw new Error(`${command.join(" ")} ended with ${status}: ${ending(log)}`);
  return printed;
}

/** Ends everything that was started here. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map(stop));
}

function launch(command: readonly string[], log: string, cwd = root): Child {
  const file = openSync(log, "w");
  const env = { ...process.env, NODE_ENV: "production" };
  const child = Bun.spawn([...command], { cwd, env, stdin: "ignore", stdout: file, stderr: file });
  closeSync(file);
  running.add(child);
  return child;
}

async function stop(child: Child): Promise<void> {
  child.kill("SIGTERM");
  const forced = setTimeout(() => child.kill("SIGKILL"), 5000);
  await child.exited;
  clearTimeout(forced);
  running.delete(child);
}

function ending(log: string): string {
  return readFileSync(log, "utf8").trim().slice(-1000);
}

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(`${address}/api/health`)).ok;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer().once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => found(port));
    });
  });
}

function memory(pid: number): number | undefined {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return undefined;
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(file, "utf8")) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

/** Linux counts in hundredths of a second, whatever the machine. */
function cpu(pid: number): number | undefined {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return undefined;
  const stat = readFileSync(file, "utf8");
  // The name of the program may hold blanks, and stands in brackets.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}
